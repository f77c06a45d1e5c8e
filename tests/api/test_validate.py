"""/validate: reports on what is sent, by our shapes or by others, and nothing fetched for it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from api.examples import example
from api.jobs import Held
from api.settings import Settings
from api.validating import FORMS, Posted, report_on
from kg.errors import QueryError
from kg.formats import GRAPH_FORMATS
from kg.ontology import read_model
from kg.resources import folder
from kg.store import OxigraphStore
from kg.submitted import Submitted, validated
from tests.api.conftest import Canary, Client, ServiceOver

CAS = "https://w3id.org/caspian/ontology#"
ID = "https://w3id.org/caspian/id/"
SH = "http://www.w3.org/ns/shacl#"
KITES = f"<{ID}transfer/kites> a <{CAS}Transfer> ."
KITE = "<urn:kite> a <urn:Kite> ; <urn:length> 3 ."
HEAD = f"@prefix sh: <{SH}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
LONG = f"{HEAD}<urn:s> a sh:NodeShape ; sh:targetClass <urn:Kite> ; sh:message 'Tie a tail' ; "
TAIL = LONG + "sh:property [ sh:path <urn:tail> ; sh:minCount 1 ; sh:message 'No tail' ] ."
MAPPINGS = sorted(folder("seeds").glob("00*.yaml"))


def send(
    service: Client, body: str | bytes, kind: str = "text/turtle", **headers: str
) -> httpx.Response:
    return service.post("/validate", content=body, headers={"Content-Type": kind, **headers})


def by(service: Client, data: str, shapes: str, **headers: str) -> httpx.Response:
    files = {"data": ("d.ttl", data), "shapes": ("s.ttl", shapes)}
    return service.post("/validate", files=files, headers=headers)


def problems(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 422, answer.text
    found: list[dict[str, Any]] = answer.json()["problems"]
    return found


# -- reports


def test_the_example_is_what_the_service_answers(service: Client) -> None:
    assert send(service, KITES).json() == example("validate")


def test_a_thing_without_a_name_is_told_with_what_to_do(service: Client) -> None:
    told = send(service, KITES).json()
    assert (told["conforms"], told["total"]) == (False, 1)
    assert told["results"][0]["focus"] == f"<{ID}transfer/kites>"
    assert told["results"][0]["owner"] == "<https://w3id.org/caspian/shapes#LabelledShape>"
    assert told["results"][0]["message"] == "A thing needs a name people can read"
    assert told["results"][0]["hint"] == "add `label:` to it"


def test_what_is_known_of_classes_and_things_is_known_here_too(service: Client) -> None:
    name = "<http://www.w3.org/2000/01/rdf-schema#label>"
    said = f'{KITES[:-1]}; {name} "Kites"@en ; <{CAS}idPrefix> "x" .'
    assert send(service, said).json()["conforms"]


def triples(media_type: str) -> bytes:
    graph = ox.parse(KITES, ox.RdfFormat.TURTLE)
    written = ox.serialize(graph, format=ox.RdfFormat.from_media_type(media_type))
    assert written is not None
    return written


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_each_syntax_of_rdf_is_read(service: Client, form: Any) -> None:  # noqa: ANN401
    answer = send(service, triples(form.media_type), form.media_type)
    assert answer.json() == example("validate")


def test_triples_of_named_graphs_count(service: Client) -> None:
    answer = send(service, f"<urn:g> {{ {KITES} }}", "application/trig")
    assert answer.json()["total"] == 1


@pytest.mark.parametrize("media_type", FORMS[1:])
def test_the_report_is_had_in_each_format(service: Client, media_type: str) -> None:
    answer = send(service, KITES, Accept=media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    read = ox.parse(answer.content, ox.RdfFormat.from_media_type(media_type))
    said = {(triple.predicate.value, triple.object.value) for triple in read}
    assert {(f"{SH}conforms", "false"), (f"{SH}focusNode", f"{ID}transfer/kites")} <= said


def test_shapes_of_the_client_s_own_are_held_against_the_data_alone(service: Client) -> None:
    told = by(service, KITE, TAIL).json()
    assert [each["message"] for each in told["results"]] == ["No tail"]
    assert told["results"][0]["owner"] == "<urn:s>"
    assert by(service, "<urn:kite> a <urn:Bird> .", TAIL).json()["conforms"]


def test_a_query_in_a_shape_is_evaluated(service: Client) -> None:
    query = "SELECT $this ?value { $this <urn:length> ?value FILTER (?value > 2) }"
    shapes = f"{LONG} sh:sparql [ sh:select '{query}' ] ."
    assert [each["value"] for each in by(service, KITE, shapes).json()["results"]] == [
        '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def test_what_is_not_evaluated_here_goes_to_the_reference_engine(service: Client) -> None:
    again = "<urn:s> sh:node <urn:s> ."  # a shape that refers to itself
    told = by(service, KITE, TAIL + again).json()
    assert [each["message"] for each in told["results"]]
    assert told["referrals"] == [{"shape": "<urn:s>", "why": "refers to itself"}]


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_the_mappings_of_the_seeds_conform(service: Client, path: Path) -> None:
    answer = send(service, path.read_bytes(), "application/yaml")
    assert answer.json() == {"conforms": True, "total": 0, "results": [], "referrals": []}


def test_a_result_of_a_mapping_has_its_line(service: Client) -> None:
    text = MAPPINGS[2].read_text("utf-8")
    claim = "  leg/makhachkala-seshcha:"
    line = text[: text.index(claim)].count("\n") + 1
    declared = "things:\n  transfer/none: {type: Transfer, label: None}\nclaims:\n"
    changed = text.replace(claim, f"  transfer/none: {{status: expected}}\n{claim}", 1)
    told = send(service, changed.replace("claims:\n", declared, 1), "text/yaml").json()
    assert [(each["focus"], each["line"]) for each in told["results"]] == [
        (f"<{ID}transfer/none>", line + 2)
    ]
    assert "`supplier:`" in told["results"][0]["hint"]


def test_what_a_mapping_has_wrong_is_told_line_by_line(service: Client) -> None:
    text = MAPPINGS[1].read_text("utf-8").replace("certainty: possible", "certainty: posible")
    found = problems(send(service, text, "application/yaml"))
    assert len(found) >= 2
    for each in found:
        assert "posible" in text.splitlines()[each["line"] - 1]
        assert each["hint"] == "known: possible, probable"


def test_of_very_many_mistakes_the_first_are_told(service: Client) -> None:
    text = MAPPINGS[1].read_text("utf-8").replace("\nclaims:\n", "\nclaims:\n" + "- 7\n" * 300)
    answer = send(service, text, "application/yaml")
    assert len(problems(answer)) == 100
    assert answer.json()["detail"].endswith("; and 299 more")


# -- forms


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("d.nt", "application/octet-stream"),
        ("d.nt", ""),
        ("D.NT", "text/plain"),
        ("d", "application/n-triples; charset=utf-8"),
        ("d", ""),
        ("d.ttl", "text/turtle"),
    ],
)
def test_a_part_is_read_as_it_says_or_by_its_name(service: Client, name: str, kind: str) -> None:
    said = triples("application/n-triples").decode()
    answer = service.post("/validate", files={"data": (name, said, kind or None)})
    assert answer.json() == example("validate")


def test_a_mapping_is_read_from_a_form(service: Client) -> None:
    files = {"data": (MAPPINGS[0].name, MAPPINGS[0].read_bytes(), "application/octet-stream")}
    assert service.post("/validate", files=files).json()["conforms"]


FORM = "multipart/form-data; boundary=x"
PART = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", ""),
        (FORM, ""),
        (FORM, PART.format("data", KITES)),  # has no end
        (FORM, PART.format("shapes", KITES) + "--x--\r\n"),
        (FORM, 2 * PART.format("data", KITES) + "--x--\r\n"),
        (FORM, 3 * PART.format("data", KITES) + "--x--\r\n"),
        (FORM, 30_000 * PART.format("data", "") + "--x--\r\n"),
        (FORM, PART.format("data", KITES) + PART.format("more", "") + "--x--\r\n"),
        (FORM, "--x\r\nContent-Type: text/turtle\r\n\r\n--x--\r\n"),
    ],
)
def test_a_form_that_is_none_is_400(service: Client, kind: str, body: str) -> None:
    assert send(service, body, kind).status_code == 400


@pytest.mark.parametrize("kind", ["", "image/png", "application/json", "turtle"])
def test_what_is_not_read_is_415(service: Client, kind: str) -> None:
    answer = send(service, KITES, kind)
    assert answer.status_code == 415
    assert "text/turtle" in answer.json()["supported"]
    files = {"data": ("d", KITES, "image/png")}
    assert service.post("/validate", files=files).status_code == 415


def test_a_packed_body_is_415(service: Client) -> None:
    answer = send(service, KITES, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_a_report_in_no_known_form_is_406(service: Client) -> None:
    answer = send(service, KITES, Accept="image/png")
    assert answer.status_code == 406
    assert answer.json()["offered"] == [*FORMS]


def test_shapes_are_no_mapping_and_go_with_none(service: Client) -> None:
    mapping = ("m.yaml", MAPPINGS[0].read_bytes())
    answer = service.post("/validate", files={"data": ("d.ttl", KITE), "shapes": mapping})
    assert "shapes are read as text/turtle" in problems(answer)[0]["message"]
    answer = service.post("/validate", files={"data": mapping, "shapes": ("s.ttl", TAIL)})
    assert "by our shapes alone" in problems(answer)[0]["message"]


# -- what cannot be read


@pytest.mark.parametrize(
    ("kind", "body", "line", "message"),
    [
        ("text/turtle", f"{KITES}\n<urn:a> <urn:b> .", 2, ""),
        ("text/turtle", b"<urn:a> <urn:b>\n'\xff' .", 2, "is not UTF-8"),
        ("application/n-triples", "<urn:a> <urn:b> <urn:c> .\n\noh", 3, ""),
        ("text/turtle", "<a> <urn:b> <urn:c> .", 1, ""),
        ("text/turtle", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", 0, "a triple as"),
        ("application/yaml", "a: b: c", 1, "not YAML"),
        ("application/yaml", "- 1", 1, "is no mapping"),
        ("application/ld+json", "{", 1, ""),
        ("application/rdf+xml", "<rdf", 0, ""),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    service: Client, kind: str, body: str | bytes, line: int, message: str
) -> None:
    [problem] = problems(send(service, body, kind))
    assert (problem["file"], problem["line"]) == ("data", line), problem
    assert message in problem["message"]


def test_shapes_that_are_no_shacl_are_told(service: Client) -> None:
    shapes = f"{LONG} sh:property [ sh:path <urn:p> ; sh:minCount <urn:x> ] ."
    assert by(service, KITE, shapes).status_code == 422


def test_a_body_too_long_is_413(service_over: ServiceOver) -> None:
    answer = send(service_over(validate_bytes=100), KITES * 10)
    assert answer.status_code == 413
    assert "CASPIAN_VALIDATE_BYTES" in answer.json()["detail"]


def test_a_report_too_long_is_an_error() -> None:
    desk = Held(Settings(), OxigraphStore.memory([]), ()).desk
    with pytest.raises(QueryError, match="larger than 100 bytes"):
        report_on(desk, Posted("text/turtle", KITES.encode(), None), most=100)


# -- nothing is fetched, whatever is sent


DATA = {
    "a context by address": ("application/ld+json", '{"@context": "CANARY/c", "a": 1}'),
    "a context in a list": ("application/ld+json", '{"@context": [{}, "CANARY/c"], "a": 1}'),
    "a context that imports": (
        "application/ld+json",
        '{"@context": {"@version": 1.1, "@import": "CANARY/c"}, "a": 1}',
    ),
    "a context by a file": ("application/ld+json", '{"@context": "file://SECRET", "a": 1}'),
    "a context of a term": (
        "application/ld+json",
        '{"@context": {"a": {"@id": "urn:a", "@context": "CANARY/c"}}, "a": {"b": 1}}',
    ),
    "an entity": (
        "application/rdf+xml",
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file://SECRET">]><r>&a;</r>',
    ),
    "a document type": ("application/rdf+xml", '<!doctype r SYSTEM "CANARY/d"><r/>'),
    "entities of entities": (
        "application/rdf+xml",
        "<!DOCTYPE r [<!ENTITY a '0123456789'>"
        + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi"))  # noqa: B905
        + "]><r>&i;</r>",
    ),
    "an alias bomb": (
        "application/yaml",
        "a: &a [x]\n"
        + "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in zip("abcdef", "bcdefg")),  # noqa: B905
    ),
    "a tag": ("application/yaml", "article: !!python/object/apply:os.system ['curl CANARY']"),
    "a key twice": ("application/yaml", "article: a\narticle: b"),
    "a deep list": ("application/yaml", "a: " + "[" * 5_000),
}


@pytest.mark.parametrize("name", DATA)
def test_data_that_calls_or_explodes_is_422(
    service: Client, canary: Canary, tmp_path: Path, name: str
) -> None:
    (secret := tmp_path / "secret").write_text("<urn:told> <urn:told> <urn:told> .", "utf-8")
    kind, body = DATA[name]
    answer = send(service, aimed(body, canary, secret), kind)
    assert len(problems(answer)) == 1
    assert "told" not in answer.text
    assert canary.hits == []


def aimed(text: str, canary: Canary, secret: Path) -> str:
    return text.replace("CANARY", canary.url).replace("SECRET", str(secret))


def test_a_document_type_in_another_encoding_is_refused(service: Client) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert problems(send(service, text.encode(encoding), "application/rdf+xml"))


@pytest.mark.parametrize("place", ["CANARY/x.ttl", "file://SECRET"])
def test_imports_of_data_are_names(
    service: Client, canary: Canary, tmp_path: Path, place: str
) -> None:
    (secret := tmp_path / "secret").write_text("<urn:kite> a <urn:Kite> .", "utf-8")
    said = f"<urn:x> a <http://www.w3.org/2002/07/owl#Ontology> ; owl:imports <{place}> ; "
    said += f"sh:shapesGraph <{place}> ."
    answer = by(service, HEAD + aimed(said, canary, secret), TAIL)
    assert answer.json()["conforms"]
    assert canary.hits == []


CALL = "SERVICE <CANARY/sparql> { $this ?p ?o }"
SHAPES = {
    "a call": f"{LONG} sh:sparql [ sh:select 'SELECT $this {{ {CALL} }}' ] .",
    "a call that is escaped": LONG
    + r"sh:sparql [ sh:select 'SELECT $this { SERV\\u0049CE <CANARY/sparql> { $this ?p ?o } }' ] .",
    "a call in a long text": f"{LONG} sh:sparql [ sh:select '''SELECT $this {{\n{CALL} }}''' ] .",
    "a call in a prefix": LONG
    + "sh:sparql [ sh:prefixes <urn:o> ; sh:select 'SELECT $this { $this a ?c }' ] . <urn:o> "
    "sh:declare [ sh:prefix 'e: <urn:x> SELECT $this { SERVICE <CANARY/s> { $this ?p ?o } } #' ; "
    "sh:namespace 'urn:e' ] .",
    "a call in a namespace": LONG
    + "sh:sparql [ sh:prefixes <urn:o> ; sh:select 'SELECT $this { $this a ?c }' ] . <urn:o> "
    "sh:declare [ sh:prefix 'e' ; "
    "sh:namespace 'urn:x> SELECT $this { SERVICE <CANARY/s> { $this ?p ?o } } #' ] .",
    "a graph that is named": LONG  # noqa: S608 -- SPARQL, and meant
    + "sh:sparql [ sh:select 'SELECT $this FROM <CANARY/x.ttl> { $this ?p ?o }' ] .",
    "an update": f"{LONG} sh:sparql [ sh:select 'LOAD <CANARY/x.ttl>' ] .",
    "what only another engine reads": LONG
    + "sh:sparql [ sh:select 'SELECT $this { $this ?p ?o MINUS { $this a ?c } }' ] .",
    "a target by query": f"{HEAD} <urn:s> a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; "
    f"sh:select 'SELECT ?this {{ {CALL} }}' ] .",
    "a rule": f"{LONG} sh:rule [ a sh:SPARQLRule ; sh:construct 'CONSTRUCT {{ $this <urn:a> ?o }} "
    f"WHERE {{ {CALL} }}' ] .",
    "a rule of triples": f"{LONG} sh:rule [ a sh:TripleRule ; sh:subject sh:this ] .",
    "a component": f"{HEAD} <urn:C> a sh:ConstraintComponent ; sh:parameter [ sh:path <urn:p> ] ; "
    f"sh:validator [ sh:ask 'ASK {{ {CALL} }}' ] .",
    "a component of a class below": f"{HEAD} <urn:X> <http://www.w3.org/2000/01/rdf-schema#"
    "subClassOf> sh:ConstraintComponent . <urn:C> a <urn:X> .",
    "script": f"{LONG} sh:js [ sh:jsLibrary [ sh:jsLibraryURL 'CANARY/x.js' ] ] .",
    "imports": f"{LONG} sh:nodeKind sh:IRI . <urn:x> owl:imports <CANARY/x.ttl> .",
    "imports of a file": f"{LONG} sh:nodeKind sh:IRI . <urn:x> owl:imports <file://SECRET> .",
    "an expression": f"{LONG} sh:expression [ sh:path <urn:a> ] .",
    "an entailment": f"{LONG} sh:nodeKind sh:IRI . <urn:x> sh:entailment <CANARY/rdfs> .",
    "shapes in shapes in shapes": f"{LONG} sh:node <urn:s0> . "
    + "".join(f"<urn:s{i}> sh:node <urn:s{i + 1}> . " for i in range(5_000)),
    "a query too deep": f"{LONG} sh:sparql [ sh:select 'SELECT $this "
    + "{" * 500
    + "$this ?p ?o"
    + "}" * 500
    + "' ] .",
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_might_call_are_422(
    service: Client, canary: Canary, tmp_path: Path, name: str
) -> None:
    answer = by(service, KITE, aimed(SHAPES[name], canary, tmp_path))
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].endswith("/shapes-refused")
    assert canary.hits == []


def test_what_is_posted_is_not_kept(service: Client) -> None:
    answer = send(service, KITES)
    assert "etag" not in answer.headers
    assert send(service, KITES).content == answer.content


def test_the_body_is_described_in_the_reference(service: Client) -> None:
    operation = service.get("/openapi.json").json()["paths"]["/validate"]["post"]
    body = operation["requestBody"]["content"]
    data = body["text/turtle"]["schema"]["examples"][0]
    assert send(service, data).json() == example("validate")
    assert set(body["multipart/form-data"]["schema"]["properties"]) == {"data", "shapes"}
    schema = service.get("/openapi.json").json()["components"]["schemas"]["Validation"]
    assert schema["examples"][0]["results"][0]["focus"] == f"<{ID}transfer/kites>"


def test_our_own_shapes_would_be_taken(service: Client) -> None:
    model = read_model(folder("ontology"), folder("shapes"))
    for document in model.shapes:
        answer = by(service, KITE, document.text)
        assert answer.json()["conforms"], document.iri


def test_threads_at_once_get_what_each_gets_alone() -> None:
    desk = Held(Settings(), OxigraphStore.memory([]), ()).desk
    data = Submitted("data", "text/turtle", KITE.encode())
    # evaluated by the reference engine
    shapes = Submitted("shapes", "text/turtle", f"{TAIL} <urn:s> sh:node <urn:s> .".encode())
    alone = validated(desk, data, shapes)
    assert alone.report.referrals
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda _: validated(desk, data, shapes), range(8))]
    assert found == [alone] * 8
