"""/ontology and /shapes: where the IRIs of terms and shapes lead, in the form asked for."""

import posixpath

import pyoxigraph as ox
import pytest

from api.app import assemble
from api.jobs import Held
from api.ontology import TELLING, tell
from api.settings import Settings
from api.threads import InThreads
from api.wire import Holding
from kg.errors import QueryError
from kg.formats import GRAPH_FORMATS, Format
from kg.ontology import Model, read_model
from kg.resources import folder
from kg.store import OxigraphStore, Store
from kg.vocab import BASE, CAS
from tests.api.conftest import Client
from tests.api.test_pages import Page

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
PATHS = (
    *("ontology", "ontology/0.1.0", "ontology/actors", "ontology/claims", "ontology/locations"),
    *("ontology/statements", "ontology/systems", "ontology/transfers", "shapes", "shapes/actors"),
    *("shapes/claims", "shapes/locations", "shapes/statements", "shapes/systems"),
    "shapes/transfers",
)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(folder("ontology"), folder("shapes"))


@pytest.fixture(scope="module")
def pages(service: Client) -> dict[str, Page]:
    return {path: page(service, path) for path in PATHS}


def page(service: Client, path: str) -> Page:
    answer = service.get(f"/{path}", headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "require-trusted-types-for" in answer.headers["content-security-policy"]
    return Page(answer.text)


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("path", PATHS)
def test_each_document_is_had_in_each_format(
    service: Client, model: Model, path: str, form: Format
) -> None:
    media_type, ending = form.media_type, form.extension
    answer = service.get(f"/{path}", headers={"Accept": media_type})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
        200,
        media_type,
    )
    named = {**model.documents, "shapes": model.all_shapes}.get(path, model.whole)
    read = ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type))
    assert len({*map(str, read)}) == len({*named.triples})
    assert service.get(f"/{path}{ending}").content == answer.content


def test_the_paths_tried_are_all_there_are(model: Model) -> None:
    version = model.version_iri.removeprefix(BASE)
    assert {*PATHS} == {"ontology", "shapes", version, *model.documents}


def test_a_module_in_turtle_is_its_file(service: Client) -> None:
    text = (folder("ontology") / "transfers.ttl").read_text("utf-8")
    assert service.get("/ontology/transfers").text == text


def test_a_client_that_has_it_is_told_so(graph: Store) -> None:
    held = Held(Settings(), graph, ())
    evaluator = InThreads(held, Holding("a" * 64, 7, "threads"))
    client = Client(assemble(Settings(), evaluator))
    tag = client.get("/ontology").headers["etag"]
    assert client.get("/ontology", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/shapes").headers["etag"] != tag


def test_the_version_is_the_ontology(service: Client) -> None:
    whole, version = service.get("/ontology"), service.get("/ontology/0.1.0")
    assert whole.content == version.content
    assert "<https://w3id.org/caspian/ontology/0.1.0>" in whole.text
    assert 'rel="canonical' in version.headers["link"]


def test_head_is_answered_and_others_may_read(service: Client) -> None:
    answer = service.request("HEAD", "/ontology.ttl", headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 100_000
    for path in ("/ontology", "/ontology.ttl", "/ontology/claims", "/shapes.nt", "/shapes"):
        assert service.get(path).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in service.get("/ontologyx").headers


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/ontology/claim", ["ontology/claims"]),
        ("/ontology/0.2.0", ["ontology/0.1.0"]),
        ("/shapes/actor", ["shapes/actors"]),
        ("/ontology.xyz", None),
    ],
)
def test_what_there_is_not_is_404(service: Client, path: str, near: list[str] | None) -> None:
    answer = service.get(path)
    assert answer.status_code == 404
    assert near is None or answer.json()["near"][0] == near[0]


def test_what_cannot_be_had_is_406(service: Client) -> None:
    answer = service.get("/ontology", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [form.media_type for form in TELLING]


def test_what_is_too_long_is_an_error(model: Model) -> None:
    with pytest.raises(QueryError, match="larger than 1,000 bytes"):
        tell(OxigraphStore.memory([]), model, "ontology", None, most=1_000)


# -- the pages


def test_each_term_has_its_place(model: Model, pages: dict[str, Page]) -> None:
    ids = [str(each["id"]) for _, each in pages["ontology"].elements if "id" in each]
    assert len(ids) == len({*ids})
    ours = {iri.removeprefix(CAS) for iri in model.terms if iri.startswith(CAS)}
    assert len(ours) > 220
    assert ours <= {*ids}


def test_each_shape_has_its_place(model: Model, pages: dict[str, Page]) -> None:
    ids = {str(each["id"]) for _, each in pages["shapes"].elements if "id" in each}
    assert {iri.partition("#")[2] for iri in model.named_shapes} <= ids


@pytest.fixture(scope="module")
def ids(pages: dict[str, Page]) -> dict[str, set[str]]:
    return {
        path: {str(each["id"]) for _, each in page.elements if "id" in each}
        for path, page in pages.items()
    }


@pytest.fixture(scope="module")
def answered() -> dict[str, bool]:
    """What was answered already, by path."""
    return {}


@pytest.mark.parametrize("path", PATHS)
def test_every_link_is_answered_and_lands_on_something(
    service: Client,
    pages: dict[str, Page],
    ids: dict[str, set[str]],
    answered: dict[str, bool],
    path: str,
) -> None:
    read, tried = pages[path], 0
    for each in (*read.all("a"), *read.all("link")):
        link = str(each["href"])
        if link.startswith("http"):
            assert each["rel"] == "external nofollow noreferrer"
            continue
        end, _, fragment = link.partition("#")
        end = posixpath.normpath(posixpath.join(posixpath.dirname(f"/{path}"), end or f"/{path}"))
        if fragment:
            assert fragment in ids[end[1:]], link
        if end not in answered:
            answered[end] = service.get(end).status_code == 200
        assert answered[end], link
        tried += 1
    assert tried >= 9


def test_a_term_is_told_with_meaning_example_shapes_and_where_it_is_in_the_graph(
    pages: dict[str, Page],
) -> None:
    words = pages["ontology/transfers"].words
    for told in (
        "cas:supplier",
        "The actor from whom the transfer is said to come.",
        "Iran, by “equipment from Iran” (000).",
        "In the graph",
        "`supplier` is claimed of a Transfer only.".replace("`", ""),
        'cas:key "supplier" ;',
    ):
        assert told in words
    links = {str(each["href"]) for each in pages["ontology/transfers"].all("a")}
    assert any(link.startswith("../id/transfer/") for link in links)
    assert {"../claim/supplier", "../value/supplier", "../ontology#Transfer"} <= links


def test_concepts_stand_in_their_list(pages: dict[str, Page]) -> None:
    page = pages["ontology"]
    assert "../id/certainty/probable" in {
        str(e["href"]) for e in pages["ontology/statements"].all("a")
    }
    assert "Lists of concepts" in page.words


def test_over_an_empty_graph_no_example_is_shown(model: Model) -> None:
    answer = tell(OxigraphStore.memory([]), model, "ontology", BROWSER, most=10**7)
    assert "In the graph" not in Page(answer.body.decode()).words
