"""Stores: the same questions to memory, disk and an endpoint get the same answers."""

import csv
import gc
import io
import json
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.answers import Answer
from kg.binding import bind
from kg.dumps import dump
from kg.errors import QueryError, QuerySyntaxError, StoreError, UnknownNameError
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, named
from kg.lines import split
from kg.store import Dataset, Iri, Literal, OxigraphStore, Solutions, Store, Term, graph_sizes
from tests.kg.conftest import CAS, GRAPH, ID, LINES, PREFIXES, XSD, Stores, quad

US, ANY, REFERENCE = GRAPH + "view/us", GRAPH + "view/any", GRAPH + "reference"
KITES, BALLOONS = Iri(ID + "transfer/kites"), Iri(ID + "transfer/balloons")
TRIPLES = len({split(line).triple for line in LINES})


def number(store: Store, query: str, **bindings: Term) -> int:
    value = store.select(PREFIXES + query, **bindings).rows[0][0]
    assert isinstance(value, Literal)
    count = value.python()
    assert isinstance(count, int)
    return count


def column(found: Solutions) -> list[str]:
    return sorted(str(row[0]) for row in found.rows)


# -- answers


def test_a_select_gives_variables_and_rows_of_terms(store: Store) -> None:
    query = "SELECT ?thing ?title ?none { ?thing cas:title ?title } ORDER BY ?thing"
    found = store.select(PREFIXES + query)
    free = '“Free” <donia> "x" \n .'
    assert found.variables == ("thing", "title", "none")
    assert found.rows == (
        (Iri(ID + "actor/freedonia"), Literal(free), None),
        (
            Iri(ID + "actor/ruritania"),
            Literal("Ruritania", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "en"),
            None,
        ),
    )


def test_an_ask_is_true_or_false(store: Store) -> None:
    assert store.ask(PREFIXES + "ASK { ?t cas:supplier ?s }") is True
    assert store.ask(PREFIXES + "ASK { ?t cas:consumer ?s }") is False


def test_the_default_graph_holds_each_triple_once(store: Store) -> None:
    assert number(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == TRIPLES == len(LINES) - 2
    assert number(store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == len(LINES)


def test_graphs_are_told_with_their_sizes(store: Store) -> None:
    assert graph_sizes(store) == {REFERENCE: 4, ANY: 3, US: 2}


READERS: dict[str, Callable[[bytes], bool]] = {
    "json": lambda body: bool(json.loads(body)["boolean"]),
    "xml": lambda body: "true" in (ET.fromstring(body)[1].text or ""),  # noqa: S314 -- our own
    "csv": lambda body: body == b"true",
    "tsv": lambda body: body == b"true",
}


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_an_ask_is_written_in_every_result_format(store: Store, form: Format) -> None:
    answer = store.answer("ASK {}")
    assert answer.kind == "ask"
    assert READERS[form.name](answer.serialize(form)) is True


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_rows_are_written_in_every_result_format(store: Store, form: Format) -> None:
    answer = store.answer(PREFIXES + "SELECT ?t { ?t cas:minimum ?n } ORDER BY ?n")
    assert answer.kind == "select"
    body = answer.serialize(form)
    if form.name == "csv":
        assert list(csv.reader(io.StringIO(body.decode()))) == [
            ["t"],
            [BALLOONS.value],
            [KITES.value],
        ]
    else:
        shape = ox.QueryResultsFormat.from_media_type(form.media_type)
        found = ox.parse_query_results(body, shape)
        assert isinstance(found, ox.QuerySolutions)
        assert [row["t"].value for row in found] == [BALLOONS.value, KITES.value]


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_graph_is_written_in_every_graph_format(store: Store, form: Format) -> None:
    answer = store.answer(PREFIXES + "CONSTRUCT { ?t cas:is 'big' } { ?t cas:minimum ?n }")
    assert answer.kind == "graph"
    body = answer.serialize(form, prefixes={"cas": CAS})
    found = ox.parse(body, ox.RdfFormat.from_media_type(form.media_type))
    assert sorted(statement.subject.value for statement in found) == [BALLOONS.value, KITES.value]
    if form.name == "turtle":
        assert b'cas:is "big"' in body


def test_a_description_is_a_graph(store: Store) -> None:
    body = store.answer(f"DESCRIBE <{KITES}>").serialize(named("ntriples"))
    assert body.count(b"\n") == 3


@pytest.mark.parametrize(
    ("query", "form"),
    [("ASK {}", "turtle"), ("SELECT * {}", "nquads"), ("CONSTRUCT {} {}", "csv")],
)
def test_a_format_that_cannot_hold_the_answer_is_refused(
    store: Store, query: str, form: str
) -> None:
    with pytest.raises(QueryError, match=f"{form} cannot hold an answer of kind"):
        store.answer(query).serialize(named(form))


def test_an_answer_larger_than_allowed_is_an_error_and_not_half_an_answer(store: Store) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(QueryError, match="larger than 1,000 bytes; add a LIMIT"):
        store.answer(query).serialize(named("csv"), most=1_000)
    with pytest.raises(QueryError, match="larger than 10 bytes"):
        store.answer("DESCRIBE ?s { ?s ?p ?o }").serialize(named("turtle"), most=10)
    assert store.answer("ASK {}").serialize(named("csv"), most=4) == b"true"


def test_an_answer_is_read_once(store: Store) -> None:
    for query, form in (("SELECT * {}", "csv"), ("ASK {}", "csv"), ("DESCRIBE <urn:a>", "turtle")):
        answer = store.answer(query)
        answer.serialize(named(form))
        with pytest.raises(StoreError, match="can be read once"):
            answer.serialize(named(form))


def test_an_answer_on_another_thread_is_an_error_and_not_the_end_of_the_process(
    store: Store,
) -> None:
    answer, caught = store.answer("SELECT * {}"), list[str]()

    def read() -> None:
        try:
            answer.serialize(named("csv"))
        except StoreError as error:
            caught.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert "on another thread than asked" in caught[0]


LATE: dict[str, Callable[[Store], object]] = {
    "a term": lambda store: store.select("SELECT ?b { BIND(BNODE() AS ?b) }"),
    "a form": lambda store: store.ask("SELECT * { ?s ?p ?o }"),
    "a format": lambda store: store.answer("SELECT * { ?s ?p ?o }").serialize(named("turtle")),
    "a size": lambda store: store.answer("SELECT * { ?s ?p ?o }").serialize(named("csv"), most=9),
}


@pytest.mark.parametrize("name", LATE)
def test_an_error_may_leave_the_thread_it_was_raised_on(store: Store, name: str) -> None:
    kept, lost = list[Exception](), list[object]()

    def ask() -> None:
        try:
            LATE[name](store)
        except (StoreError, QueryError) as error:
            kept.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(kept) == 1
    usual, sys.unraisablehook = sys.unraisablehook, lost.append
    try:
        kept.clear()
        gc.collect()
    finally:
        sys.unraisablehook = usual
    assert lost == []


def test_threads_share_a_store(store: Store) -> None:
    counts = list[int]()

    def ask() -> None:
        counts.extend(number(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [TRIPLES] * 20


def test_the_wrong_form_of_query_is_told(store: Store) -> None:
    with pytest.raises(QueryError, match="a SELECT query is needed here, not one of kind “ask”"):
        store.select("ASK {}")
    with pytest.raises(QueryError, match="an ASK query is needed here"):
        store.ask("SELECT * {}")
    with pytest.raises(QueryError, match="a SELECT query is needed here"):
        store.select("DESCRIBE <urn:a>")


def test_a_blank_node_is_no_term_of_ours(store: Store) -> None:
    with pytest.raises(StoreError, match="neither an IRI nor a literal"):
        store.select("SELECT ?b { BIND(BNODE() AS ?b) }")


def test_a_closed_store_says_so(stores: Stores, endpoint: str, tmp_path: Path) -> None:
    from kg.remote import RemoteStore

    OxigraphStore.build(tmp_path / "s", LINES).close()
    for store in (OxigraphStore(), OxigraphStore(tmp_path / "s"), RemoteStore(endpoint)):
        store.close()
        with pytest.raises(StoreError, match="the store is closed; open it again"):
            store.ask("ASK {}")


# -- values


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("400", "integer", 400),
        ("7", "nonNegativeInteger", 7),
        ("1.50", "decimal", Decimal("1.50")),
        ("1E3", "double", Decimal(1000)),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2023-06-09", "date", "2023-06-09"),
        ("many", "integer", "many"),
        ("much", "decimal", "much"),
        ("maybe", "boolean", "maybe"),
        ("x", "string", "x"),
    ],
)
def test_a_literal_gives_its_value(text: str, kind: str, value: object) -> None:
    found = Literal(text, XSD + kind).python()
    assert (found, type(found)) == (value, type(value))
    assert str(Literal(text, XSD + kind)) == text


def test_the_engine_keeps_the_value_of_a_number_and_not_its_spelling() -> None:
    rewritten = {
        ("1.50", "decimal"): ("1.5", "decimal"),
        ("007", "integer"): ("7", "integer"),
        ("812", "nonNegativeInteger"): ("812", "integer"),
        ("1", "boolean"): ("true", "boolean"),
        ("2023-06-09", "date"): ("2023-06-09", "date"),
        ("12345678901234567890", "integer"): ("12345678901234567890", "integer"),
    }
    for (text, kind), (kept, kept_kind) in rewritten.items():
        store = OxigraphStore.memory([quad("x", "y", f'"{text}"^^<{XSD}{kind}>', "g")])
        assert store.select("SELECT ?o { ?s ?p ?o }").rows == ((Literal(kept, XSD + kept_kind),),)


# -- bindings


BOUND: dict[str, tuple[str, dict[str, Term], list[str]]] = {
    "not selected": (
        "SELECT ?o { ?x cas:minimum ?o }", {"x": KITES}, ["200"],
    ),
    "selected": (
        "SELECT ?x ?o { ?x cas:minimum ?o }", {"x": KITES}, [KITES.value],
    ),
    "everything": (
        "SELECT * { ?x cas:minimum ?o }", {"x": KITES}, ["200"],
    ),
    "written with $": (
        "SELECT ?o { $x cas:minimum ?o }", {"x": KITES}, ["200"],
    ),
    "two": (
        "SELECT (1 AS ?one) { ?x cas:supplier ?y }",
        {"x": KITES, "y": Iri(ID + "actor/ruritania")}, ["1"],
    ),
    "two that do not meet": (
        "SELECT ?x { ?x cas:supplier ?y }", {"x": KITES, "y": Iri(ID + "actor/freedonia")}, [],
    ),
    "a number in a filter": (
        "SELECT ?t { ?t cas:minimum ?o FILTER(?o > ?least) }",
        {"least": Literal("100", XSD + "integer")}, [KITES.value],
    ),
    "a number in both branches": (
        "SELECT ?t { { ?t cas:minimum ?o FILTER(?o > ?a) } UNION { ?t ?p ?o FILTER(?o < ?a) } }",
        {"a": Literal("100", XSD + "integer")}, [BALLOONS.value, KITES.value],
    ),
    "a graph": (
        "SELECT ?t { GRAPH ?view { ?t cas:supplier ?s } }", {"view": Iri(US)}, [KITES.value],
    ),
    "in OPTIONAL": (
        "SELECT ?o { ?t cas:supplier ?s OPTIONAL { ?t cas:minimum ?o FILTER(?t = ?x) } }",
        {"x": BALLOONS}, ["30", "None"],
    ),
    "in EXISTS": (
        "SELECT ?t { ?t cas:minimum ?o FILTER EXISTS { ?t cas:recipient ?r FILTER(?r = ?x) } }",
        {"x": Iri(ID + "actor/freedonia")}, [KITES.value],
    ),
    "in NOT EXISTS": (
        "SELECT ?t { ?t cas:minimum ?o FILTER NOT EXISTS { ?t cas:recipient ?x } }",
        {"x": Iri(ID + "actor/freedonia")}, [BALLOONS.value],
    ),
    "in MINUS": (
        "SELECT ?t { ?t cas:minimum ?o MINUS { ?t cas:recipient ?r FILTER(?r = ?x) } }",
        {"x": Iri(ID + "actor/freedonia")}, [BALLOONS.value],
    ),
    "counted": (
        "SELECT (COUNT(*) AS ?n) { ?x cas:supplier ?s }", {"x": KITES}, ["1"],
    ),
    "grouped by": (
        "SELECT ?x (COUNT(*) AS ?n) { ?x cas:supplier ?s } GROUP BY ?x", {"x": KITES},
        [KITES.value],
    ),
    "in a subquery that does not select it": (
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?x ?p ?o } } }", {"x": BALLOONS}, ["2"],
    ),
    "in a group of a subquery": (
        "SELECT ?n { { SELECT (COUNT(?o) AS ?n) { { ?x ?p ?o } } } }", {"x": BALLOONS}, ["2"],
    ),
    "as the only thing": (
        "SELECT ?x {}", {"x": KITES}, [KITES.value],
    ),
    "in a path": (
        "SELECT ?title { ?x cas:supplier/cas:title ?title }", {"x": KITES}, ["Ruritania"],
    ),
    "in a node in brackets": (
        "SELECT ?s { ?s cas:title ?any . [] ?p ?s ; ?q [] FILTER(?s != ?x) }",
        {"x": Iri(ID + "actor/ruritania")}, [ID + "actor/freedonia"],
    ),
    "with its language": (
        "SELECT ?s { ?s cas:title ?x }", {"x": Literal("Ruritania", language="en")},
        [ID + "actor/ruritania"],
    ),
    "without its language": (
        "SELECT ?s { ?s cas:title ?x }", {"x": Literal("Ruritania")}, [],
    ),
    "with quotes and line feeds": (
        "SELECT ?s { ?s cas:title ?x }", {"x": Literal('“Free” <donia> "x" \n .')},
        [ID + "actor/freedonia"],
    ),
    "beside values of its own": (
        "SELECT ?o { VALUES ?x { id:a id:b } VALUES (?x ?y) {} OPTIONAL { ?x ?y ?o } }",
        {"x": KITES}, [],
    ),
    "what would be SPARQL": (
        "SELECT ?x {}", {"x": Literal("'} DROP ALL # \\u0022")}, ["'} DROP ALL # \\u0022"],
    ),
}  # fmt: skip


def test_there_are_enough_cases_of_binding() -> None:
    assert len(BOUND) >= 24


@pytest.mark.parametrize("name", BOUND)
def test_a_bound_variable_means_its_value(store: Store, name: str) -> None:
    query, values, expected = BOUND[name]
    found = store.select(PREFIXES + query, **values)
    assert sorted({str(row[0]) for row in found.rows}) == sorted(set(expected))


def test_an_ask_takes_values_too(store: Store) -> None:
    query = PREFIXES + "ASK { ?x cas:recipient ?y }"
    assert store.ask(query, x=KITES) is True
    assert store.ask(query, x=BALLOONS) is False


def test_a_variable_the_query_lacks_is_told_with_the_nearest(store: Store) -> None:
    with pytest.raises(QueryError, match=r"no variable \?plase to give a value to; did you mean"):
        store.select("SELECT ?place { ?place ?p ?o }", plase=KITES)
    with pytest.raises(QueryError, match=r"no variable \?x to give a value to$"):
        store.ask("ASK {}", x=KITES)


@pytest.mark.parametrize(
    "term",
    [Iri("a b"), Iri("<urn:a>"), Iri("relative"), Literal("x", "no datatype"), Iri("urn:a> DROP")],
)
def test_what_is_no_term_is_refused(store: Store, term: Term) -> None:
    with pytest.raises(QueryError, match="cannot stand in a query"):
        store.select("SELECT ?x { ?x ?p ?o }", x=term)


def test_a_variable_bound_twice_is_an_error_of_the_query(store: Store) -> None:
    with pytest.raises(QuerySyntaxError):
        store.select("SELECT ?x { BIND(1 AS ?x) }", x=KITES)


MEMORY = OxigraphStore()


@given(st.text())
def test_any_text_comes_back_as_it_was_given(text: str) -> None:
    found = MEMORY.select("SELECT ?y { BIND(?x AS ?y) }", x=Literal(text))
    assert found.rows == ((Literal(text),),)


@given(st.text(alphabet=st.characters(codec="utf-8")), st.text())
def test_no_value_can_leave_its_place(iri: str, text: str) -> None:
    try:
        query = bind("ASK { ?a ?b ?c }", {"a": Iri("urn:" + iri), "c": Literal(text)})
    except QueryError:
        return
    head = query.removeprefix("ASK { VALUES (?a ?c) {(<urn:")
    assert head.endswith(")} ?a ?b ?c }")
    assert MEMORY.ask(query) is False


# -- datasets

BOTH = f"FROM <{US}> FROM <{ANY}>"
COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


def test_a_triple_that_two_graphs_share_counts_once(store: Store) -> None:
    assert number(store, COUNT.format(BOTH)) == 3
    assert number(store, COUNT.format("FROM graph:view\\/us FROM graph:view\\/any")) == 3
    assert number(store, COUNT.format(f"FROM <{US}> FROM <{US}>")) == 2
    answer = store.answer(COUNT.format(""), Dataset((US, ANY)))
    assert answer.serialize(named("csv")) == b"n\r\n3\r\n"


DATASETS: list[tuple[str, Dataset, int, int]] = [
    ("", Dataset(), TRIPLES, len(LINES)),
    (f"FROM <{US}>", Dataset(), 2, 0),
    (f"FROM NAMED <{US}>", Dataset(), 0, 2),
    (f"FROM <{US}> FROM NAMED <{ANY}>", Dataset(), 2, 3),
    ("FROM <urn:none>", Dataset(), 0, 0),
    ("FROM <http://127.0.0.1:1/x.ttl>", Dataset(), 0, 0),
    ("FROM <file:///etc/passwd> FROM NAMED <file:///etc/hosts>", Dataset(), 0, 0),
    ("", Dataset((US,)), 2, 0),
    ("", Dataset((), (ANY,)), 0, 3),
    ("", Dataset((US,), (ANY, REFERENCE)), 2, 7),
    ("", Dataset(("http://127.0.0.1:1/",)), 0, 0),
    (f"FROM <{US}> FROM NAMED <{US}>", Dataset((ANY,), (REFERENCE,)), 3, 4),
    (f"FROM NAMED <{US}>", Dataset((REFERENCE,)), 4, 0),
]


@pytest.mark.parametrize(("clause", "dataset", "default", "in_named"), DATASETS)
def test_a_query_is_asked_of_the_graphs_it_names_or_the_protocol_gives(
    store: Store, clause: str, dataset: Dataset, default: int, in_named: int
) -> None:
    for pattern, expected in (("?s ?p ?o", default), ("GRAPH ?g { ?s ?p ?o }", in_named)):
        query = f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}"
        body = store.answer(query, dataset).serialize(named("csv"))
        assert body == f"n\r\n{expected}\r\n".encode()


MERGED: list[tuple[str, Dataset, int, int]] = [
    (f"{BOTH} FROM NAMED <{REFERENCE}>", Dataset(), 3, 4),
    (f"FROM <{REFERENCE}>", Dataset((US, ANY), (US,)), 3, 2),
    ("", Dataset((US, ANY, REFERENCE)), TRIPLES, 0),
    ("", Dataset((US, ANY, "urn:none")), 3, 0),
]


@pytest.mark.parametrize(("clause", "dataset", "default", "in_named"), MERGED)
def test_merged_graphs_keep_the_named_ones_apart(
    store: Store, clause: str, dataset: Dataset, default: int, in_named: int
) -> None:
    for pattern, expected in (("?s ?p ?o", default), ("GRAPH ?g { ?s ?p ?o }", in_named)):
        query = f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}"
        body = store.answer(query, dataset).serialize(named("csv"))
        assert body == f"n\r\n{expected}\r\n".encode()


def test_names_of_graphs_follow_the_declarations_of_the_query(store: Store) -> None:
    for prologue, name in (
        (f"BASE <{GRAPH}>", "<view/us>"),
        (f"PREFIX : <{GRAPH}view/>", ":us"),
        (f"PREFIX g: <urn:x> PREFIX g: <{GRAPH}view/>", "g:us"),
        (f"BASE <{GRAPH}view/> PREFIX us: <us>", "us:"),
    ):
        query = f"{prologue} " + COUNT.format(f"FROM {name}")
        assert store.answer(query).serialize(named("csv")) == b"n\r\n2\r\n"


def test_graphs_too_large_to_merge_are_refused_with_the_limit() -> None:
    lines = (
        f"<urn:s> <urn:p> <urn:{graph}{count}> <urn:{graph}> .\n".encode()
        for graph, count in product("gh", range(100_001))
    )
    store = OxigraphStore.memory(lines)
    with pytest.raises(QueryError, match=r"the limit “merged” is 200,000"):
        store.answer("SELECT * FROM <urn:g> FROM <urn:h> { ?s ?p ?o }")


@pytest.mark.parametrize("dataset", [Dataset(("a b",)), Dataset((), ("<urn:x>",))])
def test_what_cannot_name_a_graph_is_refused(store: Store, dataset: Dataset) -> None:
    with pytest.raises(QueryError, match="cannot name a graph"):
        store.answer("ASK {}", dataset)


# -- errors


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n  ?s ?p }", r"line 2, column 10"),
        ("SELECT * FROM nope:x {}", r"line 1, column"),
        (
            "SELECT * { ?s nope:x ?o }",
            r"line 1, column \d+: the prefix is not declared; add PREFIX",
        ),
        ("", r"line 1, column 1"),
        ("ASK { <a b> ?p ?o }", r"line 1, column"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o }", "unbound"),
    ],
)
def test_what_the_engine_cannot_read_is_told_where(store: Store, query: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message):
        store.answer(query)


def test_an_error_stands_where_the_caller_wrote_it_even_with_values(
    store: Store,
) -> None:
    with pytest.raises(QuerySyntaxError, match=r"line 1, column 17"):
        store.select("SELECT * { ?x } ", x=KITES)


def test_half_a_surrogate_pair_is_no_query(store: Store) -> None:
    with pytest.raises(QuerySyntaxError, match="character 9 is half of a surrogate pair"):
        store.answer("ASK { ?a\ud800 ?b ?c }")


@pytest.mark.parametrize("name", ["urn:exec", "java:java.lang.Runtime", "http://oxigraph.org#x"])
def test_a_function_that_is_not_known_is_the_querys_fault(
    embedded: OxigraphStore, name: str
) -> None:
    with pytest.raises(QueryError, match=f"the function <{name}> is not known here") as caught:
        embedded.answer(f"SELECT (<{name}>(1) AS ?x) {{}}")
    assert not isinstance(caught.value, StoreError)


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"the engine failed: .*run `caspian build`"):
        OxigraphStore(tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        b"<urn:s> <urn:p> <urn:o> .\n",
        b'<urn:s> <urn:p> "o" .\n',
        b"_:s <urn:p> <urn:o> <urn:g> .\n",
        b"<urn:s> <urn:p> _:o <urn:g> .\n",
        b"<urn:s> <urn:p> <urn:o> _:g .\n",
        b"<urn:s>  <urn:p> <urn:o> <urn:g> .\n",
        b'<urn:s> <urn:p> "o <urn:g> .\n',
        b"<urn:s> <urn:p> <urn:o> <urn:g> . # and more\n",
        b"\n",
    ],
)
def test_a_line_that_is_no_quad_of_a_named_graph_is_told(line: bytes) -> None:
    with pytest.raises(StoreError, match="not a line of N-Quads"):
        OxigraphStore.memory([LINES[0], line])


def test_a_line_the_engine_cannot_load_is_shown(tmp_path: Path) -> None:
    bad = b'<urn:s> <urn:p> "x"@averylongsubtag <urn:g> .\n'
    for load in (OxigraphStore.memory, lambda lines: OxigraphStore.build(tmp_path / "s", lines)):
        with pytest.raises(StoreError, match=r"eight characters.*it is .*@averylongsubtag"):
            load([*LINES, bad])


# -- reading only


def test_the_graph_named_last_is_split_off_whatever_the_literal_holds() -> None:
    awkward = rb'<urn:s> <urn:p> "<a> <b> . \" \\" <urn:g> .' + b"\r\n"
    assert split(awkward) == (
        rb'<urn:s> <urn:p> "<a> <b> . \" \\" <urn:g> .' + b"\n",
        rb'<urn:s> <urn:p> "<a> <b> . \" \\" .' + b"\n",
        "urn:g",
    )


def test_reading_leaves_every_byte_on_disk_as_it_was(tmp_path: Path) -> None:
    OxigraphStore.build(tmp_path / "s", LINES).close()

    def state() -> dict[str, tuple[bytes, int]]:
        return {
            path.name: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in (tmp_path / "s").iterdir()
        }

    before = state()
    store = OxigraphStore(tmp_path / "s")
    assert number(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == TRIPLES
    store.close()
    assert state() == before


# -- dumps


def parsed(body: bytes, form: Format) -> set[str]:
    return {str(each) for each in ox.parse(body, ox.RdfFormat.from_media_type(form.media_type))}


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_dump_holds_every_statement_and_counts_them(store: Store, form: Format) -> None:
    out = io.BytesIO()
    count = store.dump(form, out, prefixes={"cas": CAS, "id": ID})
    found = parsed(out.getvalue(), form)
    if form.holds == "quads":
        wanted = {str(each) for each in ox.parse(b"".join(LINES), ox.RdfFormat.N_QUADS)}
    else:
        merge = b"".join({split(line).triple for line in LINES})
        wanted = {str(each) for each in ox.parse(merge, ox.RdfFormat.N_TRIPLES)}
    assert found == wanted
    assert count == len(wanted)


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_dump_of_one_graph_holds_that_graph(store: Store, form: Format) -> None:
    out = io.BytesIO()
    assert store.dump(form, out, graph=US) == 2
    assert len(parsed(out.getvalue(), form)) == 2
    assert (US.encode() in out.getvalue()) is (form.holds == "quads")


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_a_dump_is_the_same_bytes_from_every_store_whatever_the_order_of_loading(
    stores: Stores, form: Format
) -> None:
    bodies = set()
    for store in (*stores, OxigraphStore.memory(reversed(LINES))):
        out = io.BytesIO()
        store.dump(form, out, prefixes={"cas": CAS})
        bodies.add(out.getvalue())
    assert len(bodies) == 1


def test_a_dump_of_n_quads_is_sorted(store: Store) -> None:
    out = io.BytesIO()
    store.dump(named("nquads"), out)
    lines = out.getvalue().splitlines(keepends=True)
    assert lines == sorted(LINES, key=lambda line: (split(line).graph, split(line).triple))


def test_a_dump_uses_the_prefixes_it_is_given(store: Store) -> None:
    out = io.BytesIO()
    store.dump(named("turtle"), out, graph=US, prefixes={"cas": CAS})
    assert b"cas:recipient <" in out.getvalue()


def test_a_dump_of_nothing_is_nothing() -> None:
    out = io.BytesIO()
    assert OxigraphStore().dump(named("trig"), out) == 0
    assert out.getvalue() == b""


def test_a_dump_of_an_unknown_graph_is_told_with_the_nearest(store: Store) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean {US}"):
        store.dump(named("trig"), io.BytesIO(), graph=GRAPH + "view/uz")


def test_a_dump_takes_a_format_of_graphs(store: Store) -> None:
    with pytest.raises(QueryError, match="csv holds rows, not graphs"):
        store.dump(named("csv"), io.BytesIO())


class Forgetful(OxigraphStore):
    """A store whose N-Triples lack a line."""

    def ntriples(self, graph: str | None, out: IO[bytes]) -> None:
        whole = io.BytesIO()
        super().ntriples(graph, whole)
        out.writelines(whole.getvalue().splitlines(keepends=True)[1:])


def test_a_dump_that_lost_a_statement_is_an_error_and_writes_nothing() -> None:
    store, out = Forgetful.memory(LINES), io.BytesIO()
    with pytest.raises(StoreError, match=f"turtle took {TRIPLES - 1} of {TRIPLES} statements"):
        dump(store, named("turtle"), out)
    assert out.getvalue() == b""


def test_an_answer_knows_its_kind() -> None:
    assert Answer([]).kind == "graph"


def test_a_relative_iri_is_the_id_of_a_thing(store: Store) -> None:
    assert store.ask("ASK { <transfer/kites> ?p <actor/ruritania> }")
    assert not store.ask("BASE <urn:x> ASK { <transfer/kites> ?p ?o }")
