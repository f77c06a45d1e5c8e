"""/id, /claim and /value: everything the graph names is answered, in the form asked for."""

import io
import json
import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from api.describing import FORMS, describe
from api.errors import NotAcceptableError
from api.links import Links
from api.said import count, dates
from api.settings import Settings
from api.thing import missing
from kg.errors import QueryError, UnknownNameError
from kg.formats import GRAPH_FORMATS, named
from kg.statements import COUNTED, FIRST
from kg.store import Iri, OxigraphStore, Store
from kg.vocab import BASE, ID
from tests.api.conftest import Client, ServiceOver
from tests.api.test_pages import Page
from tests.hub import LABEL, claimed, hub, line
from tests.hub import named as thing_named

MOST = Settings().answer_bytes
DRONES = "id/transfer/uav-ir-ru"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
SPACES = tuple(BASE + space for space in ("id/", "claim/", "value/"))
CHUNKS = 8


@pytest.fixture(scope="session")
def memory(graph: Store) -> Iterator[Store]:
    """The five articles in memory: many thousands of questions are put to them."""
    out = io.BytesIO()
    graph.dump(named("nquads"), out)
    store = OxigraphStore.memory(out.getvalue().splitlines(keepends=True))
    yield store
    store.close()


@pytest.fixture(scope="session")
def paths(memory: Store) -> list[str]:
    """Every IRI that is to be answered, as a path: whatever stands anywhere in the graph."""
    rows = memory.select("SELECT ?s ?p ?o { ?s ?p ?o }").rows
    iris = {str(term) for row in rows for term in row if isinstance(term, Iri)}
    return sorted(iri[len(BASE) :] for iri in iris if iri.startswith(SPACES))


def page(store: Store, path: str) -> Page:
    return Page(describe(store, path, BROWSER, most=MOST).body.decode())


def leads_to(read: Page, path: str) -> set[str]:
    """Where the page's links lead, as paths below the service, without fragment and query."""
    links = [str(each["href"]) for each in (*read.all("a"), *read.all("link"))]
    ours = [link for link in links if not link.startswith(("#", "http"))]
    assert not any(":" in link.partition("/")[0] for link in ours)
    folder = posixpath.dirname(f"/{path}")
    ends = (unquote(link.partition("#")[0].partition("?")[0]) for link in ours)
    return {posixpath.normpath(posixpath.join(folder, end))[1:] for end in ends}


# -- everything answers


def test_the_graph_names_enough_to_try(paths: list[str]) -> None:
    assert len(paths) > 2000
    assert len({kind(path) for path in paths}) > 40


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_everything_the_graph_names_is_answered(
    memory: Store, paths: list[str], chunk: int
) -> None:
    known = set(paths)
    for path in paths[chunk::CHUNKS]:
        turtle = describe(memory, path, None, most=MOST)
        assert (turtle.status, turtle.media_type) == (200, "text/turtle"), path
        triples = ox.parse(turtle.body, ox.RdfFormat.TURTLE)
        assert any(triple.subject.value == BASE + path for triple in triples), path
        html = describe(memory, path, BROWSER, most=MOST)
        assert (html.status, html.media_type) == (200, "text/html"), path
        ends = leads_to(Page(html.body.decode()), path)
        described = {end for end in ends if end.startswith(("id/", "claim/", "value/"))}
        unknown = {end for end in described - known if posixpath.splitext(end)[0] != path}
        assert not unknown, path


def kind(path: str) -> str:
    """The first part of an id, such as `transfer`; `claim` or `value` in front of a property."""
    space, _, name = path.partition("/")
    return name.partition("/")[0] if space == "id" else f"{space}/"


def test_one_of_each_kind_is_answered_over_http(service: Client, paths: list[str]) -> None:
    chosen = {kind(path): path for path in paths}
    assert len(chosen) > 40
    for path in chosen.values():
        for accept, media_type in (("text/html", "text/html"), ("*/*", "text/turtle")):
            answer = service.get(f"/{path}", headers={"Accept": accept})
            assert answer.status_code == 200, path
            assert answer.headers["content-type"].startswith(media_type)


# -- which form


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        (BROWSER, "text/html"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/trig", "application/trig"),
        ("application/n-quads", "application/n-quads"),
        ("application/json", "application/json"),
        ("text/*;q=0.5, application/json;q=0.4", "text/turtle"),
    ],
)
def test_the_client_chooses_the_form(service: Client, accept: str | None, media_type: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = service.get(f"/{DRONES}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    ending = next(form.ending for form in FORMS if form.media_type == media_type)
    assert answer.headers["content-location"] == f"uav-ir-ru{ending}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.ending)
def test_each_form_has_an_address_of_its_own(service: Client, form: tuple[str, str]) -> None:
    ending, media_type = form
    negotiated = service.get(f"/{DRONES}", headers={"Accept": media_type})
    answer = service.get(f"/{DRONES}{ending}", headers={"Accept": "image/png"})
    assert answer.status_code == 200
    assert answer.content == negotiated.content
    assert answer.headers["content-location"] == f"uav-ir-ru{ending}"


def test_what_is_not_served_is_not_acceptable(service: Client, memory: Store) -> None:
    answer = service.get(f"/{DRONES}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.json()["offered"] == [form.media_type for form in FORMS]
    claim = "id/claim/001_a88cb8e569f39015/031b4bbe8e"
    with pytest.raises(NotAcceptableError) as error:
        describe(memory, claim, "application/json", most=MOST)
    assert "application/json" not in error.value.offered


def test_json_is_the_profile(service: Client) -> None:
    assert service.get(f"/{DRONES}.json").json() == service.get("/things/transfer/uav-ir-ru").json()


def test_a_profile_says_what_it_describes(service: Client) -> None:
    link = service.get("/things/Iranian drones to Russia").headers["link"]
    assert link == f'<{BASE}{DRONES}>; rel="describes"'


def test_a_claim_has_no_profile_and_so_no_json(service: Client) -> None:
    answer = service.get("/id/claim/001_a88cb8e569f39015/031b4bbe8e.json")
    assert answer.status_code == 404
    assert answer.json()["near"] == ["claim/001_a88cb8e569f39015/031b4bbe8e"]


def test_all_graph_formats_say_the_same(memory: Store) -> None:
    said = set()
    for form in GRAPH_FORMATS:
        body = describe(memory, DRONES, form.media_type, most=MOST).body
        shape = ox.RdfFormat.from_media_type(form.media_type)
        assert shape
        said.add(frozenset((q.subject, q.predicate, q.object) for q in ox.parse(body, shape)))
    assert len(said) == 1


def test_an_id_that_ends_like_a_form_is_itself(service_over: ServiceOver) -> None:
    over = service_over(
        line("place/x", LABEL, '"ecks"'),
        line("place/x.ttl", LABEL, '"dotted"'),
    )
    assert "dotted" in over.get("/id/place/x.ttl").text
    assert "dotted" in over.get("/id/place/x.ttl.ttl").text
    assert "ecks" in over.get("/id/place/x.nt").text


def test_an_answer_is_whole_or_not_at_all(memory: Store) -> None:
    for accept in ("text/html", "application/json", "text/turtle"):
        with pytest.raises(QueryError, match="larger than 500 bytes"):
            describe(memory, DRONES, accept, most=500)


# -- headers


def test_links_name_the_thing_the_forms_and_the_data_set(service: Client) -> None:
    links = service.get(f"/{DRONES}").headers["link"].split(", ")
    assert f'<{BASE}{DRONES}>; rel="canonical describes"' in links
    assert '<../../.well-known/void>; rel="describedby"' in links
    assert '<uav-ir-ru.html>; rel="alternate"; type="text/html"' in links
    assert len([each for each in links if 'rel="alternate"' in each]) == len(FORMS) - 1


@pytest.mark.parametrize("path", [DRONES, "claim/supplier", "value/supplier"])
def test_pages_of_other_sites_may_read_it(service: Client, path: str) -> None:
    assert service.get(f"/{path}").headers["access-control-allow-origin"] == "*"


def test_a_page_may_run_nothing(service: Client) -> None:
    for path in (f"{DRONES}.html", "id/place/amirabat"):
        answer = service.get(f"/{path}", headers={"Accept": BROWSER})
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "style-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in service.get(f"/{DRONES}").headers["content-security-policy"]


def test_head_is_answered_as_get(service: Client) -> None:
    answer = service.request("HEAD", f"/{DRONES}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["link"]


# -- what is not there


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("id/place/amirabat", ["place/amirabad"]),
        ("id/Amirabad", ["place/amirabad"]),
        ("id/Kirby", None),
        ("id/place/alabuga-sez/", ["place/alabuga-sez"]),
        ("id/place%2Falabuga-sez", []),
        ("id/", None),
        ("id/%20", None),
        ("id/%FF%00", None),
        ("id/a%0d%0aSet-Cookie:x", None),
        ("claim/suplier", []),
        ("value/nothing", []),
    ],
)
def test_what_is_not_in_the_graph_is_unknown(
    service: Client, path: str, near: list[str] | None
) -> None:
    answer = service.get(f"/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("set-cookie") is None
    if near is not None:
        assert answer.json()["near"][:1] == near[:1]


def test_a_name_that_means_several_has_them_near(service_over: ServiceOver) -> None:
    over = service_over(
        *hub(1),
        *thing_named("actor/x", "State", "Borduria"),
        *thing_named("actor/y", "State", "Borduria"),
    )
    assert over.get("/id/Borduria").json()["near"] == ["actor/x", "actor/y"]


def test_a_browser_reads_that_nothing_is_there(service: Client) -> None:
    answer = service.get("/id/place/amirabat", headers={"Accept": BROWSER})
    assert answer.status_code == 404
    read = Page(answer.text)
    assert "../../id/place/amirabad" in [each["href"] for each in read.all("a")]
    assert f"{ID}place/amirabat" in read.words
    assert "Did you mean" not in Page(missing("id/x", ())).words
    script = Page(missing("id/<script>alert(1)</script>", ("<b>",)))
    assert "<script>" in script.words
    assert not script.all("script")


def test_a_name_too_long_is_refused(service: Client) -> None:
    assert service.get(f"/id/{'x' * 501}").status_code == 422


# -- what a page tells


def test_a_page_tells_who_says_what_how_sure_in_which_words(memory: Store) -> None:
    read = page(memory, DRONES)
    for words in (
        "Iranian drones to Russia",
        "57 claims in 5 articles, from 2 independent origins: Iran, United States.",
        "Where the sources differ",
        "both cannot hold",
        "“sought … diminishing stockpiles”",
        "John Kirby, White House National Security Council spokesman, for United States",
        "asserted",
        "admission against interest",
        "said 9 June 2023",
        "White House → Reuters → European Pravda → Ukrainska Pravda",
        "article 002, characters 961 to 1,074",
        "written “drones”",
    ):
        assert words in read.words
    assert len(read.all("blockquote")) > 40
    queries = {"timeline", "conflicts", "origins"}
    assert queries <= leads_to(read, DRONES)


@pytest.mark.parametrize(
    "path", [DRONES, "id/person/john-kirby", "id/article/002_823e27110d85d8d8", "claim/supplier"]
)
def test_every_link_of_a_page_is_answered(
    service: Client, memory: Store, paths: list[str], path: str
) -> None:
    read = page(memory, path)
    ids = {str(attributes["id"]) for _, attributes in read.elements if "id" in attributes}
    links = {str(each["href"]) for each in (*read.all("a"), *read.all("link"))}
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    tried = 0
    for link in links:
        end = posixpath.normpath(posixpath.join(posixpath.dirname(f"/{path}"), link))
        # the others are the graph's own, and tried above
        if not link.startswith(("#", "http")) and end[1:] not in paths:
            assert service.get(end).status_code == 200, link
            tried += 1
    assert tried >= 9


def test_who_denies_is_told(memory: Store) -> None:
    read = page(memory, "id/use/iranian-uav-ukraine")
    assert "Russia denies this status: used." in read.words
    assert {"class": "said denied"} in read.all("figure")


def test_names_are_told_with_who_judges_them(memory: Store) -> None:
    words = page(memory, "id/place/seshcha").words
    assert "“Sisha” means this (probable): of Russian airfields listed" in words
    assert "Judged by Editors of Caspian" in words


def test_what_the_editors_conclude_is_marked(memory: Store, paths: list[str]) -> None:
    inferred = memory.select(
        "SELECT ?c ?t { ?c <https://w3id.org/caspian/ontology#form> <form/inference> ; "
        "<https://w3id.org/caspian/ontology#about> ?t } ORDER BY ?c LIMIT 1"
    ).rows
    (claim, about), *_ = inferred
    assert "— concluded from these words by" in page(memory, str(claim)[len(BASE) :]).words
    assert "the editors’ conclusion" in page(memory, str(about)[len(BASE) :]).words


def test_what_only_the_editors_say_has_no_origin(service_over: ServiceOver) -> None:
    concluded = [text.replace("form/direct", "form/inference") for text in hub(1)]
    words = Page(service_over(*concluded).get("/id/transfer/kites.html").text).words
    assert "1 claim in 1 article, by nobody’s word but the editors’." in words


def test_a_claim_is_told_with_what_is_related_to_it(memory: Store) -> None:
    read = page(memory, "id/claim/001_a88cb8e569f39015/031b4bbe8e")
    assert "Alabuga Special Economic Zone · distance from: about 100 miles" in read.words
    assert "How other claims stand to it" in read.words
    assert "by coordinates it is about 904 km" in read.words


def test_a_relation_is_told_with_its_claims(memory: Store) -> None:
    rows = memory.select(
        "SELECT ?r { ?r <https://w3id.org/caspian/ontology#relationKind> "
        "<relation-kind/contradicts> } ORDER BY ?r LIMIT 1"
    ).rows
    read = page(memory, str(rows[0][0])[len(BASE) :])
    assert len(read.all("figure")) == 2
    assert "Claim relation" in read.words


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("id/article/002_823e27110d85d8d8", "What the article says"),
        ("id/actor/iran", "What it says itself"),
        ("id/actor/iran", "What others say on its behalf"),
        ("id/passage/001_a88cb8e569f39015/1802-1819", "What these words attest"),
        ("id/certainty/possible", "What is claimed like this"),
        ("id/origin/actor-us", "What goes back to it"),
        ("id/value/distance/about-100-miles-c2dbe587", "What it is the distance from in"),
        ("id/status/delivered", "Where it is named in what is said of others"),
        ("claim/supplier", "What leads here"),
    ],
)
def test_each_kind_is_told_in_its_way(memory: Store, path: str, heading: str) -> None:
    assert heading in page(memory, path).words


def test_a_value_goes_by_its_wording_else_by_its_bounds(
    memory: Store, service_over: ServiceOver
) -> None:
    words = page(memory, "id/value/distance/about-100-miles-c2dbe587").words
    assert words.startswith("about 100 miles · Caspian")
    few = (line("value/few", "cas:minimum", '"3"'), line("value/few", "cas:maximum", '"9"'))
    over = service_over(
        *hub(0), *few, *claimed(1, "transfer/kites", "value/few", "actor/ruritania")
    )
    assert Page(over.get("/id/value/few.html").text).words.startswith("3 to 9 · Caspian")


def test_a_thing_nothing_is_said_of_goes_by_its_id(service_over: ServiceOver) -> None:
    over = service_over(line("place/x", "cas:near", "place/y"))
    read = Page(over.get("/id/place/y.html").text)
    assert read.words.startswith("place/y · CaspianCaspian · thing")


def test_of_what_very_much_is_said_the_first_is_told(service_over: ServiceOver) -> None:
    over = service_over(*hub(COUNTED + 1))
    read = Page(over.get("/id/transfer/kites.html").text)
    assert f"These are {FIRST} of them" in read.words
    assert len(read.all("figure")) == FIRST
    assert "independent origin" not in read.words
    supplier = Page(over.get("/id/actor/ruritania.html").text)
    assert "What it is the supplier in" in supplier.words
    assert "on its behalf" not in supplier.words


def test_more_facts_than_a_page_tells_are_told_of(service_over: ServiceOver) -> None:
    names = (line("place/x", LABEL, f'"name {number:04}"') for number in range(600))
    assert "more than this page tells" in service_over(*names).get("/id/place/x.html").text


def test_a_long_name_stands_below_the_kind(service_over: ServiceOver) -> None:
    text = "word " * 60
    over = service_over(line("place/x", LABEL, f'"{text}"'), line("place/y", "cas:near", "place/x"))
    read = Page(over.get("/id/place/x.html").text)
    assert "ThingThing" not in read.words
    assert f"{text[:139].rstrip()}…" in read.words


def test_several_who_deny_are_told_together(service_over: ServiceOver) -> None:
    def denied(lines: list[str]) -> list[str]:
        return [text.replace("polarity/affirmed", "polarity/denied") for text in lines]

    thing, value = "transfer/kites", "actor/ruritania"
    over = service_over(
        *hub(1),
        *thing_named("actor/b", "State", "Borduria"),
        *denied(claimed(7, thing, value, value)),
        *denied(claimed(8, thing, value, "actor/b")),
    )
    words = Page(over.get("/id/transfer/kites.html").text).words
    assert "Ruritania and Borduria deny this supplier: Ruritania." in words
    named = Page(over.get("/id/actor/ruritania.html").text).words
    assert "3 claims, 2 of them denied" in named


# -- hostile names


ENDINGS = tuple(form.ending for form in FORMS)
HOSTILE = "<script>alert('x')</script>\\\" onmouseover=\\\"alert(1)"


@pytest.fixture
def hostile(service_over: ServiceOver) -> Client:
    return service_over(
        *hub(0),
        line("transfer/kites", LABEL, f'"{HOSTILE}"'),
        *thing_named("actor/evil", "State", HOSTILE),
        *claimed(1, "transfer/kites", "actor/evil", "actor/evil", HOSTILE),
        line(
            "transfer/kites",
            "<http://www.w3.org/2004/02/skos/core#exactMatch>",
            "<javascript:alert(1)>",
        ),
        line(
            "transfer/kites",
            "<http://www.w3.org/2004/02/skos/core#exactMatch>",
            "<data:text/html,x>",
        ),
        line(
            "transfer/kites",
            "<http://www.w3.org/2004/02/skos/core#exactMatch>",
            "<https://example.org/x?a='b>",
        ),
        line("transfer/kites", "<javascript:alert(2)>", "<javascript:alert(3)>"),
        line("claim/a/00001", "v:supplier", "<javascript:alert(4)>"),
        line("place/a'onclick=alert(5)", LABEL, '"quoted"'),
        line("place/..", LABEL, '"dots"'),
        line("transfer/kites", "cas:near", "place/a'onclick=alert(5)"),
    )


@pytest.mark.parametrize(
    "path", ["transfer/kites", "actor/evil", "claim/a/00001", "place/a'onclick=alert(5)"]
)
def test_names_and_quotations_are_text_and_only_the_web_is_linked(
    hostile: Client, path: str
) -> None:
    answer = hostile.get(f"/id/{path}.html")
    assert answer.status_code == 200
    read = Page(answer.text)
    assert not {"script", "style", "img"} & {tag for tag, _ in read.elements}
    for _, attributes in read.elements:
        assert not any(name.startswith("on") for name in attributes)
    links = [str(each["href"]) for each in read.all("a")]
    assert all(link.startswith(("#", "..", "https://")) or link.endswith(ENDINGS) for link in links)
    assert path.startswith("place/") or "<script>alert('x')</script>" in read.words


def test_links_out_of_the_graph_tell_nothing_of_the_reader(hostile: Client) -> None:
    read = Page(hostile.get("/id/transfer/kites.html").text)
    (out,) = [each for each in read.all("a") if str(each["href"]).startswith("http")]
    assert out["rel"] == "external nofollow noreferrer"


def test_headers_hold_no_hostile_name(hostile: Client) -> None:
    answer = hostile.get("/id/place/a'onclick=alert(5)")
    assert answer.status_code == 200
    assert answer.headers["content-location"] == "a'onclick=alert(5).ttl"


def test_only_what_may_be_linked_is() -> None:
    links = Links("../")
    assert links.href("urn:isbn:1") == ""
    assert links.iri("urn:isbn:1", "<b>") == "&lt;b&gt;"
    assert links.thing("javascript:alert(1)", "x") == "x"
    assert links.href(f"{BASE}ontology#Transfer") == "../ontology#Transfer"
    assert links.href(f"{BASE}graph/view/us") == "../graph/view/us"
    assert links.href(f"{BASE}id/a#b?c") == "../id/a%23b%3Fc"
    assert links.href(f"{BASE}/evil.example/") == "..//evil.example/"


def test_words_for_numbers_and_days() -> None:
    assert (count(1, "claim"), count(1200, "claim")) == ("1 claim", "1,200 claims")
    assert dates("", "") == "at a time not known"
    assert dates("-0044-03-15", "-0044-03-15") == "-0044-03-15"


def test_a_description_is_made_of_plain_values(memory: Store) -> None:
    import pickle

    result = describe(memory, DRONES, None, most=MOST)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 -- what was just written
    with pytest.raises(UnknownNameError) as error:
        describe(memory, "id/place/amirabat", None, most=MOST)
    assert error.value.near[0] == "place/amirabad"
    assert json.loads(describe(memory, f"{DRONES}.json", None, most=MOST).body)["claims"] == 57
