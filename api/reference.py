"""The reference page, made from the OpenAPI document alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from starlette.responses import HTMLResponse

from api.html import Markup, element, joined, page

__all__ = ["reference"]

Document = Mapping[str, Any]


def reference(document: Document) -> HTMLResponse:
    """The page: every operation, then every schema, field by field."""
    info = document["info"]
    operations = [*_operations(document)]
    schemas = document["components"]["schemas"]
    return page(
        f"{info['title']}: reference",
        element(
            "header",
            element(
                "h1", element("a", info["title"], href="."), " ", element("small", "reference")
            ),
            element("p", info["description"], class_="lead"),
            element("nav", *_contents(operations), class_="contents"),
            class_="hero",
        ),
        element(
            "main",
            *(_operation(method, path, operation) for method, path, operation in operations),
            element("h2", "What answers hold"),
            *(_schema(name, schema) for name, schema in schemas.items()),
        ),
        element("footer", element("nav", element("a", "OpenAPI document", href="openapi.json"))),
    )


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _contents(operations: Iterable[tuple[str, str, Document]]) -> Iterator[Markup]:
    for method, path, operation in operations:
        yield element("a", _method(method), path, href=f"#{operation['operationId']}")


def _method(method: str) -> Markup:
    return element("span", method, class_=f"method {method.lower()}")


def _operation(method: str, path: str, operation: Document) -> Markup:
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody", {}).get("content", {})
    return element(
        "section",
        element("h2", _method(method), element("code", path)),
        element("p", element("strong", operation["summary"]), class_="summary"),
        *(element("p", _prose(text)) for text in operation["description"].split("\n\n")),
        *([element("h3", "Parameters"), _parameters(parameters)] if parameters else []),
        *([element("h3", "Body"), _bodies(body)] if body else []),
        element("h3", "Responses"),
        _responses(operation["responses"]),
        id=operation["operationId"],
    )


def _parameters(parameters: Iterable[Document]) -> Markup:
    rows = (
        (
            _named(each["name"], "required" if each["required"] else ""),
            element("span", _type(each["schema"]), class_="type"),
            joined(_prose(each["description"]), _example(each["schema"])),
        )
        for each in parameters
    )
    return _table(("Name", "Type", "Meaning"), rows)


def _bodies(body: Document) -> Markup:
    rows = (
        (element("code", media_type), _type(content["schema"]), _prose(_meaning(content["schema"])))
        for media_type, content in body.items()
    )
    return _table(("Media type", "Type", "Meaning"), rows)


def _meaning(schema: Document) -> str:
    fields = ", ".join(f"`{name}`" for name in schema.get("properties", {}))
    return str(schema.get("description", f"The fields {fields}, as for a URL."))


def _responses(responses: Document) -> Markup:
    rows = (
        (
            element("span", status, class_=f"status s{status[0]}"),
            _prose(response["description"]),
            joined(*_media_types(response.get("content", {}))),
        )
        for status, response in sorted(responses.items())
    )
    return _table(("Status", "Meaning", "Media types"), rows)


def _media_types(content: Document) -> Iterator[Markup]:
    for media_type, each in content.items():
        schema = each["schema"]
        kind = joined(": ", _type(schema)) if schema.get("type") != "string" else Markup()
        yield element("div", element("code", media_type), kind, class_="media")


def _schema(name: str, schema: Document) -> Markup:
    required = schema.get("required", ())
    rows = (
        (
            _named(field, "" if field in required else "optional"),
            _type(each),
            _prose(each.get("description", "")),
        )
        for field, each in schema["properties"].items()
    )
    return element(
        "section",
        element("h3", name),
        element("p", _prose(schema["description"])),
        _table(("Field", "Type", "Meaning"), rows),
        *(_answer(example) for example in schema.get("examples", ())),
        id=name,
    )


def _answer(example: object) -> Markup:
    text = json.dumps(example, ensure_ascii=False, indent=2)
    return element("details", element("summary", "Example"), element("pre", element("code", text)))


def _named(name: str, note: str) -> Markup:
    marked = element("small", f" {note}", class_=note) if note else ""
    return joined(element("code", name), marked)


def _type(schema: Document) -> Markup:
    """The type in words; what has a name of its own is linked."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return element("a", name, href=f"#{name}")
    if "anyOf" in schema:
        first, *others = map(_type, schema["anyOf"])
        return joined(first, *(joined(" or ", each) for each in others))
    if "items" in schema:
        return joined("list of ", _type(schema["items"]))
    return joined(schema["type"])


def _example(schema: Document) -> Markup:
    values = _values(schema)
    texts = [", ".join(value) if isinstance(value, list) else str(value) for value in values]
    return joined(*(element("div", "e.g. ", _code(text), class_="eg") for text in texts))


def _values(schema: Document) -> Iterable[str | int | list[str]]:
    return cast("Iterable[str | int | list[str]]", schema.get("examples", ()))


def _code(text: str) -> Markup:
    return element("pre", text) if "\n" in text else element("code", text)


def _prose(text: str) -> Markup:
    """The text with what stands between backticks as code."""
    parts = text.split("`")
    return joined(*(element("code", each) if n % 2 else each for n, each in enumerate(parts)))


def _table(columns: tuple[str, ...], rows: Iterable[tuple[Markup, ...]]) -> Markup:
    head = element("tr", *(element("th", name) for name in columns))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    table = element("table", element("thead", head), element("tbody", *body))
    return element("div", table, class_="wide")
