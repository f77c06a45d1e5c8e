"""The pages for people: sound HTML, no script, nothing from elsewhere, every link answered."""

from html.parser import HTMLParser
from typing import Any

import pytest

from api.html import element, joined, page
from kg.snapshot import open_snapshot
from tests.api.conftest import Client, ServiceOver

VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """Gathers the elements of a page, and sees that each is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


@pytest.fixture(params=["/", "/docs"])
def read(request: pytest.FixtureRequest, service: Client) -> Page:
    return Page(service.get(request.param).text)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_may_run_no_script(service: Client, path: str) -> None:
    answer = service.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_has_no_script_and_no_style_within(read: Page) -> None:
    assert not {"script", "style", "iframe", "object"} & {tag for tag, _ in read.elements}
    for _, attributes in read.elements:
        assert not any(name == "style" or name.startswith("on") for name in attributes)


def test_every_link_of_a_page_is_answered(read: Page, service: Client) -> None:
    links = {str(each["href"]) for each in (*read.all("a"), *read.all("link"))}
    ids = {str(attributes["id"]) for _, attributes in read.elements if "id" in attributes}
    assert len(links) >= 6
    for link in links:
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert ":" not in link.partition("?")[0]
            assert service.get("/" if link == "." else f"/{link}").status_code == 200


def test_the_first_page_asks_for_the_route(service: Client) -> None:
    read = Page(service.get("/").text)
    links = [str(each["href"]) for each in read.all("a")]
    (route,) = [link for link in links if link.startswith("paths?")]
    assert service.get(f"/{route}").json()["paths"]
    assert "nothing is a fact without a speaker" in read.words


def test_the_forms_of_the_first_page_are_answered(service: Client) -> None:
    text = service.get("/").text
    read = Page(text)
    actions = [(each["action"], each.get("method")) for each in read.all("form")]
    assert actions == [("paths", None), ("sparql", "post")]
    fields = {str(each["name"]): str(each["value"]) for each in read.all("input")}
    assert service.get("/paths", params=fields).json()["paths"]
    query = read.words[read.words.index("PREFIX") :].partition("Ask")[0]
    assert service.post("/sparql", data={"query": query}).json()["results"]["bindings"]


def test_the_first_page_tells_the_graph(graph_root: Any, service_over: ServiceOver) -> None:  # noqa: ANN401
    from api.app import create_app
    from api.settings import Settings

    snapshot, store = open_snapshot(graph_root)
    text = Client(create_app(Settings(), store, snapshot)).get("/").text
    store.close()
    assert f"{snapshot.quads:,} statements" in text
    assert snapshot.hash[:12] in text
    assert "at another endpoint" in service_over().get("/").text


def test_the_reference_has_every_operation_and_field(service: Client) -> None:
    document = service.get("/openapi.json").json()
    read = Page(service.get("/docs").text)
    ids = {attributes.get("id") for _, attributes in read.elements}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["operationId"] in ids
            assert operation["summary"] in read.words
    for name, schema in document["components"]["schemas"].items():
        assert name in ids
        assert all(field in read.words for field in schema["properties"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("caspian.css", "text/css; charset=utf-8"), ("caspian.svg", "image/svg+xml")],
)
def test_what_a_page_uses_is_ours(service: Client, name: str, kind: str) -> None:
    answer = service.get(f"/static/{name}", headers={"Range": "bytes=0-1,0-1,0-1"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", ["x.css", "..%2Fapp.py", "../app.py", ""])
def test_no_other_file_is_sent(service: Client, name: str) -> None:
    assert service.get(f"/static/{name}").status_code == 404


def test_text_is_always_text() -> None:
    script = "<script>alert('1')</script>\""
    made = page(script, element("p", script, title=script), joined(script)).body.decode()
    assert "<script>" not in made
    read = Page(made)
    assert read.all("p") == [{"title": script}]
    assert script * 3 == read.words
