"""docs/api.md against the code: its tables are the tables in force, its examples are answered."""

import re
import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.exceptions import RequestValidationError

from api.offers import OFFERS
from api.problems import HTTP_KINDS, KINDS, TYPE
from kg.asked import LIMITS as PATH_LIMITS
from kg.drawn import FORMS
from kg.guard import LIMITS
from tests.api.conftest import Client

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = (CHECKOUT / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^curl .*$", PAGE, re.MULTILINE)
BASE = "http://127.0.0.1:8000"


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose heading line begins so, cell by cell, without backticks."""
    lines = PAGE[PAGE.index(f"\n| {heading}") + 1 :].splitlines()
    rows = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows


def section(name: str) -> list[list[str]]:
    """The rows of the first table of parameters after that heading."""
    start = PAGE.index(f"\n## {name}\n")
    found = re.search(r"\| parameter \| meaning \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE[start:])
    assert found
    return [re.findall(r"`(.*?)`", line)[:1] for line in found[1].splitlines()]


def test_every_path_is_listed(service: Client) -> None:
    document = service.get("/openapi.json").json()
    listed = {path: methods.split(", ") for methods, path, _ in table("method")}
    assert listed == {
        path: [method.upper() for method in methods] for path, methods in document["paths"].items()
    }


@pytest.mark.parametrize("path", ["/sparql", "/graph", "/paths", "/resolve"])
def test_every_parameter_is_listed(service: Client, path: str) -> None:
    operation = service.get("/openapi.json").json()["paths"][path]["get"]
    assert section(path) == [[each["name"]] for each in operation["parameters"]]


def test_every_format_is_listed() -> None:
    forms = {"select": "SELECT", "ask": "ASK", "graph": "CONSTRUCT, DESCRIBE"}
    expected: dict[tuple[str, str], list[str]] = {}
    for kind, offers in OFFERS.items():
        for each in offers:
            expected.setdefault((each.format.name, each.media_type), []).append(forms[kind])
    assert [*table("answer")] == [[*key, ", ".join(forms)] for key, forms in expected.items()]


def test_every_problem_is_listed() -> None:
    expected = []
    for error, kind in (*KINDS.items(), *HTTP_KINDS.items()):
        members = ("errors",) if error is RequestValidationError else kind.members
        expected.append([str(kind.status), kind.slug, kind.title, ", ".join(members)])
    assert table("status") == sorted(expected)
    assert TYPE in PAGE


SENT = {
    "data": "<urn:kite> a <urn:Kite> .",
    "shapes": "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; "
    "sh:targetClass <urn:Kite> ; sh:property [ sh:path <urn:length> ; sh:minCount 1 ] .",
}
"""The files that examples send."""


def ask(service: Client, command: str) -> httpx.Response:
    """What the service answers to a line of curl, as far as our examples use it."""
    words = iter(shlex.split(command)[1:])
    given: dict[str, Any] = {"headers": {}}
    url, data, is_get = "", [], False
    for word in words:
        match word:
            case "-G":
                is_get = True
            case "-H":
                name, _, value = next(words).partition(": ")
                given["headers"][name] = value
            case "--data-urlencode":
                data.append(tuple(next(words).split("=", 1)))
            case "--data-binary":
                given["content"] = next(words)
            case _:
                url = word.removeprefix(BASE)
    if data and is_get:
        return service.get(url, params=data, **given)
    if data:
        return service.post(url, data=dict(data), **given)
    return service.request("POST" if "content" in given else "GET", url, **given)


@pytest.mark.parametrize("command", EXAMPLES)
def test_every_example_is_answered(service: Client, command: str) -> None:
    if " -F " in command:
        files = {name: (f"{name}.ttl", text) for name, text in SENT.items()}
        answer = service.post("/validate", files=files)
    else:
        answer = ask(service, command)
    wanted = 404 if "Amirabat" in command else 200
    assert answer.status_code == wanted, answer.text
    assert len(answer.content) > 60


def test_the_page_has_enough_examples() -> None:
    assert len(EXAMPLES) >= 8
    assert all(BASE in command for command in EXAMPLES)


def test_every_limit_of_a_question_for_paths_is_listed() -> None:
    assert table("asked") == [
        [each.name, f"{each.least:,}", f"{each.most:,}", f"{each.usual:,}", each.counts]
        for each in PATH_LIMITS
    ]


def test_every_form_of_paths_is_listed() -> None:
    forms = [["json", "application/json"], *([each.name, each.media_type] for each in FORMS)]
    assert table("form | media type") == forms


def test_every_limit_of_a_query_is_listed() -> None:
    assert table("limit") == [[each.name, f"{each.value:,}", each.meaning] for each in LIMITS]
