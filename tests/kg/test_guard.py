"""The guard: what it refuses would have been run, and what it lets through does not hurt."""

import random
import subprocess
import sys
import time
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, QueryRefusedError
from kg.guard import LIMITS, _looked_through, _plain, check, limit, within
from kg.queries import stored_queries
from kg.resources import folder
from kg.sparql import readings
from kg.store import OxigraphStore
from tests.kg.conftest import Server

# U> stands for the canary's address as an IRI, H> for the same without its last letter.
CALLED = {
    "plain": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "small letters": "select * { service <U> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "no space anywhere": "SELECT*{SERVICE<U>{?s ?p ?o}}",
    "comments between": "SELECT * { SERVICE #\n#\r<U>#{\n{ ?s ?p ?o } }",
    "in OPTIONAL": "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <U> { ?a ?b ?c } } }",
    "in UNION": "SELECT * { { ?s ?p ?o } UNION { SERVICE <U> { ?s ?p ?o } } }",
    "in EXISTS": "ASK { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "in NOT EXISTS": "ASK { ?s ?p ?o FILTER NOT EXISTS { SERVICE <U> { ?a ?b ?c } } }",
    "in MINUS": "SELECT * { ?s ?p ?o MINUS { SERVICE <U> { ?s ?p ?o } } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "in GRAPH": "SELECT * { GRAPH ?g { SERVICE <U> { ?s ?p ?o } } }",
    "in LATERAL": "SELECT * { ?s ?p ?o LATERAL { SERVICE <U> { ?a ?b ?c } } }",
    "in an expression": "SELECT (EXISTS { SERVICE <U> { ?s ?p ?o } } AS ?x) { ?s ?p ?o }",
    "in ORDER BY": "SELECT * { ?s ?p ?o } ORDER BY EXISTS { SERVICE <U> { ?a ?b ?c } }",
    "in CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "in DESCRIBE": "DESCRIBE ?s { SERVICE <U> { ?s ?p ?o } }",
    "after a filter": "SELECT * { ?s ?p ?o FILTER(?o<2)SERVICE<U>{ ?a ?b ?c } }",
    "keywords run together": "SELECT*{SERVICESILENT<U>{ ?s ?p ?o }}",
    "after true": "SELECT*{OPTIONAL{?s ?p true}SERVICE<U>{?a ?b ?c}}",
    "after a number": "SELECT*{OPTIONAL{?s ?p 1}?s ?p 1SERVICE<U>{?a ?b ?c}}",
    "after a number and a dot": "SELECT*{?s ?p 1.SERVICE<U>{?a ?b ?c}}",
    "with the empty prefix": "PREFIX :<U> SELECT*{SERVICE:{?s ?p ?o}}",
    "as a prefix": "PREFIX :<U> PREFIX SERVICE:<http://x/> SELECT*{SERVICE:{?s ?p ?o}}",
    "run into a prefix": "PREFIX ex:<H> SELECT*{SERVICEex:q{?s ?p ?o}}",
    "the longer prefix too": (
        "PREFIX ex:<H> PREFIX SERVICEex:<http://x/> SELECT*{SERVICEex:q{?s ?p ?o}}"
    ),
    "a comparison that looks like an IRI": (
        "SELECT*{?s ?p ?o FILTER('a'<'>'||true) SERVICE <U> {?a ?b ?c}} #'"
    ),
    "a comment in what looks like an IRI": (
        "SELECT*{?s ?p ?o FILTER(?o<2)SERVICE#>\n<U>{?a ?b ?c}}"
    ),
    "a comment that hides a long string": (
        "SELECT*{?s ?p ?o FILTER(?o<2#> '''\n) SERVICE <U> {?a ?b ?c}} #'''"
    ),
    "an escape that would end a comment": (
        "# \\u000A ''' \nSELECT*{ SERVICE <U> {?s ?p ?o}} # '''"
    ),
    "a bad escape in a long string": (
        "SELECT*{ VALUES ?v { '''a' } SERVICE <U> {?s ?p ?o} } # \\q '''"
    ),
    "half a surrogate in a long string": (
        "SELECT*{ VALUES ?v { '''a' } SERVICE <U> {?s ?p ?o} } # \\uD800 '''"
    ),
    "the same in double quotes": (
        'SELECT*{ VALUES ?v { """a" } SERVICE <U> {?s ?p ?o} } # \\q """'
    ),
}  # fmt: skip
# Refused too, although the engine of today does not run them: another may.
REFUSED = {
    "a variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?s ?p ?o } }",
    "a variable, no space": "SELECT*{VALUES ?u{<U>}SERVICESILENT?u{?s ?p ?o}}",
    "escaped letters": "SELECT * { SERV\\u0049CE <U> { ?s ?p ?o } }",
    "escaped letters, the long way": "SELECT * { \\U00000053ERVICE <U> { ?s ?p ?o } }",
    "a name's second dot": (
        "PREFIX ex:<http://x/> SELECT*{OPTIONAL{?s ?p ex:a.b.SERVICE<U>{?s ?p ?o}}}"
    ),
    "a name's first dot": (
        "PREFIX ex:<http://x/> SELECT*{OPTIONAL{?s ?p ex:a.SERVICE<U>{?s ?p ?o}}}"
    ),
    "the word twice": "PREFIX x:<H> SELECT*{SERVICESERVICEx:q{?s ?p ?o}}",
    "an unfinished clause": "SELECT * { SERVICE }",
    "a letter that folds": "SELECT*{ \u017fERVICE <U> {?s ?p ?o} }",
    "two queries in one": "SELECT * {} ; SELECT * { SERVICE <U> {} }",
}  # fmt: skip
UPDATES = (
    "INSERT DATA { <urn:a> <urn:b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE DATA { <urn:a> <urn:b> 1 }",
    "PREFIX x: <http://x/> BASE <http://y/> insert data { x:a x:b 1 }",
    "LOAD <file:///etc/passwd>",
    "LOAD SILENT <http://127.0.0.1/x> INTO GRAPH <urn:g>",
    "CLEAR ALL",
    "DROP GRAPH <urn:g>",
    "CREATE GRAPH <urn:g>",
    "COPY DEFAULT TO <urn:g>",
    "MOVE <urn:g> TO DEFAULT",
    "ADD <urn:g> TO <urn:h>",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "SELECT * {} ; DROP ALL",
)
ALLOWED = {
    "in a string": 'SELECT * { ?s ?p "SERVICE <http://x> { }" }',
    "in a string with a quote": "SELECT * { ?s ?p 'a\\' SERVICE <http://x> { }' }",
    "in a long string": "SELECT * { ?s ?p '''it's\n SERVICE <http://x> { }''' }",
    "in a long string, double": 'SELECT * { ?s ?p """a "" b\nSERVICE ?x { }""" }',
    "in a comment": "# SERVICE <http://x> { }\nSELECT * { ?s ?p ?o } # SERVICE ?x { }",
    "in an IRI": "SELECT * { ?s <http://x/SERVICE> <http://x#SERVICE> }",
    "in an IRI in brackets": "SELECT * { ?s <http://x/(a)/SERVICE{}> ?o }".replace("{}", ""),
    "an IRI with an escape": "SELECT * { ?s <http://x/\\u0041SERVICE> ?o }",
    "as a variable": "SELECT ?service { ?service a $SERVICE }",
    "as a prefix": "PREFIX service: <http://x/> SELECT * { ?s service:SERVICE ?o }",
    "as a local name": "PREFIX : <http://x/> SELECT * { ?s :SERVICE ?o . :service ?p ?o }",
    "as a language": "SELECT * { ?s ?p 'x'@en-service }",
    "as a blank node": "SELECT * { _:SERVICE ?p ?o }",
    "at the end of an IRI before a group": "SELECT * { GRAPH <urn:SERVICE> { ?s ?p ?o } }",
    "a comparison": "SELECT * { ?s ?p ?o FILTER(?o<'>') }",
    "words of updates": (
        "PREFIX add: <http://x/> SELECT ?insert ('LOAD' AS ?with) { ?insert add:DELETE ?drop }"
    ),
}


def shaped(query: str, canary: Server) -> str:
    """The query with the canary in it: ex:q is the canary where ex: is <H>."""
    base = canary.url.removesuffix("query")
    text = query.replace("<U>", f"<{canary.url}>").replace("<H>", f"<{base}>")
    return text.replace("ex:q{", "ex:query{").replace("x:q{", "x:query{")


def one_triple() -> ox.Store:
    store, node = ox.Store(), ox.NamedNode("urn:a")
    store.add(ox.Quad(node, node, ox.Literal(1)))
    store.add(ox.Quad(node, node, ox.Literal(1), ox.NamedNode("urn:g")))
    return store


def run(query: str) -> None:
    found = one_triple().query(query)
    if not isinstance(found, ox.QueryBoolean):
        list(found)


def test_there_are_enough_cases() -> None:
    assert len(CALLED) >= 33
    assert len(REFUSED) + len(UPDATES) >= 24
    assert len(ALLOWED) >= 16


@pytest.mark.parametrize("query", CALLED.values(), ids=CALLED)
def test_a_call_the_engine_would_make_is_refused(query: str, canary: Server) -> None:
    text, before = shaped(query, canary), len(canary.asked)
    with pytest.raises(QueryRefusedError, match="SERVICE is refused, this store never calls"):
        OxigraphStore().answer(text)
    assert len(canary.asked) == before
    run(text)
    assert len(canary.asked) > before, "the engine no longer makes this call: move the case"


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_a_call_another_engine_might_make_is_refused(query: str, canary: Server) -> None:
    with pytest.raises(QueryRefusedError):
        check(shaped(query, canary))


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_is_refused(update: str) -> None:
    with pytest.raises(QueryRefusedError, match="is refused, this store only answers questions"):
        check(update)


@pytest.mark.parametrize("query", ALLOWED.values(), ids=ALLOWED)
def test_the_word_is_allowed_where_it_calls_nobody(query: str) -> None:
    check(query)
    run(query)


def test_a_refusal_says_where_the_word_stands() -> None:
    with pytest.raises(QueryRefusedError, match=r"^line 2, column 3: SERVICE"):
        check("SELECT * {\n  SERVICE <urn:x> { } }")
    with pytest.raises(QueryRefusedError, match=r"^line 1, column 1: DROP is refused"):
        check("DROP ALL")


PIECES = (
    *("SERVICE", "service", "SILENT", "<U>", "<U>", " ", "\n", "\r", "\t", "{", "}", "(", ")"),
    *("{ ?s ?p ?o }", "<", ">", "'", '"', "'''", '"""', "#", "\\", "\\q", "\\u0022", "\\u000A"),
    *("\\u0049", "?a", "$b", ":", "ex:", "ex:a", "ex:a.b", "SERVICEex:", "SERVICE:", ".", ";"),
    *("ex:a.b.SERVICE", ",", "true", "1", "1.", "a", "FILTER(", "?o<1", "<2", "'a'", "'>'"),
    *("<'>", "@en", "_:b", "-", "|", "||", "&&", "VALUES ?v { ", "OPTIONAL{", "UNION", "%41"),
    *("BIND(1 AS ?z)", "GRAPH ?g {", "MINUS{", "EXISTS{", "\\'", "^", "*", "/", "[", "]", "="),
    *("!", "\U00010000", "é", "SERV", "ICE", "LATERAL{", "IN(", "{|", "|}", "<<(", ")>>"),
)
FRAMES = (
    "@SELECT*{ ~ SERVICE <U> {?s ?p ?o} ~ }~",
    "@SELECT*{?s ?p ?o FILTER(?o<~)SERVICE~<U>{?s ?p ?o}~}",
    "@SELECT*{ ~SERVICEex:{?s ?p ?o} ~}",
    "@ASK{ ?s ?p ?o FILTER( ~ ) ~ SERVICE <U> {?s ?p ?o}} ~",
    "~@SELECT * {VALUES ?v { ~ } SERVICE <U> { ?s ?p ?o } } ~",
    "@SELECT*{~}",
)
PROLOGUES = ("", "PREFIX ex:<U> ", "PREFIX :<U> PREFIX ex:<U> PREFIX SERVICE:<urn:n/> ")


def random_query(dice: random.Random) -> str:
    parts = dice.choice(FRAMES).split("~")
    text = parts[0]
    for part in parts[1:]:
        text += "".join(dice.choices(PIECES, k=dice.choice((0, 0, 1, 1, 2, 3, 4)))) + part
    return text.replace("@", dice.choice(PROLOGUES))


def test_no_query_out_of_thousands_gets_past_the_guard_to_another_server(canary: Server) -> None:
    dice = random.Random(20230609)  # noqa: S311 -- the same queries every time
    store, calls = one_triple(), 0
    for _ in range(6_000):
        text = shaped(random_query(dice), canary)
        before = len(canary.asked)
        try:
            found = store.query(text)
            _ = found if isinstance(found, ox.QueryBoolean) else list(found)
        except (SyntaxError, RuntimeError, OSError):
            continue
        if len(canary.asked) > before:
            calls += 1
            with pytest.raises(QueryError):
                check(text)
    assert calls >= 50


# -- limits


SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "groups in groups": ("depth", lambda n: "ASK" + "{" * n + "}" * n),
    "brackets": ("depth", lambda n: "SELECT(" + "(" * n + "1" + ")" * n + " AS ?x){}"),
    "NOT EXISTS": (
        "depth",
        lambda n: "ASK{?s ?p ?o " + "FILTER NOT EXISTS{?s ?p ?o " * n + "}" * n + "}",
    ),
    "subqueries": ("depth", lambda n: "ASK{" + "{SELECT*{" * n + "?s ?p ?o" + "}}" * n + "}"),
    "IF in IF": ("depth", lambda n: "ASK{FILTER(" + "IF(1," * n + "1" + ",1)" * n + ")}"),
    "paths in paths": ("depth", lambda n: "ASK{?s " + "(" * n + "<p:a>" + ")*" * n + " ?o}"),
    "nodes in nodes": ("depth", lambda n: "ASK{?s ?p " + "[?p " * n + "1" + "]" * n + "}"),
    "lists in lists": ("depth", lambda n: "ASK{?s ?p " + "(" * n + "1" + ")" * n + "}"),
    "hidden in a comparison": (
        "depth",
        lambda n: "ASK{FILTER('a'<'>'||" + "(" * n + "1" + ")" * n + ")} #'",
    ),
    "UNION": ("patterns", lambda n: "ASK{" + "UNION".join(["{?s ?p ?o}"] * n) + "}"),
    "patterns": ("patterns", lambda n: "ASK{" + " . ".join(["?s ?p ?o"] * n) + "}"),
    "one subject": ("patterns", lambda n: "ASK{?s " + ";".join(["<p:a> ?o"] * n) + "}"),
    "one predicate": ("patterns", lambda n: "ASK{?s ?p " + ",".join(["?o"] * n) + "}"),
    "a path": ("patterns", lambda n: "ASK{?s <p:a>" + "/<p:a>" * n + " ?o}"),
    "a list": ("patterns", lambda n: "ASK{?s ?p (" + "1 " * n + ")}"),
    "OPTIONAL": ("patterns", lambda n: "ASK{" + "OPTIONAL{?s ?p ?o}" * n + "}"),
    "groups": ("patterns", lambda n: "ASK{" + "{?s ?p ?o}" * n + "}"),
    "sum": ("operators", lambda n: "ASK{FILTER(1" + "+1" * n + ">0)}"),
    "not not": ("operators", lambda n: "ASK{FILTER(" + "!" * n + "true)}"),
    "or": ("operators", lambda n: "ASK{FILTER(1" + "||1" * n + ")}"),
    "BIND": ("operators", lambda n: "ASK{" + "".join(f"BIND(1 AS ?x{i})" for i in range(n)) + "}"),
    "FILTER": ("operators", lambda n: "ASK{" + "FILTER(1)" * n + "}"),
    "HAVING": ("operators", lambda n: "SELECT ?s{?s ?p ?o} GROUP BY ?s HAVING" + "(1)" * n),
    "HAVING of calls": (
        "operators",
        lambda n: "SELECT ?s{?s ?p ?o} GROUP BY ?s HAVING" + " STR(1)" * n,
    ),
    "columns": (
        "operators",
        lambda n: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(n)) + "{}",
    ),
    "aggregates": (
        "operators",
        lambda n: "SELECT " + "".join(f"(COUNT(?o+{i}) AS ?x{i})" for i in range(n)) + "{}",
    ),
    "alternatives": ("operators", lambda n: "ASK{?s <p:a>" + "|<p:a>" * n + " ?o}"),
    "values": ("bytes", lambda n: "ASK{VALUES ?x {" + "1 " * n + "}}"),
    "rows of values": ("bytes", lambda n: "ASK{VALUES (?x ?y) {" + "(1 2)" * n + "}}"),
    "a list of choices": ("bytes", lambda n: "ASK{FILTER(1 IN (1" + ",1" * n + "))}"),
    "text": ("bytes", lambda n: "ASK{FILTER('" + "é" * n + "' != '')}"),
}


def passes(query: str) -> bool:
    try:
        check(query)
    except QueryError:
        return False
    return True


def largest(bound: str, shape: Callable[[int], str]) -> str:
    if bound == "bytes":
        empty, step = (len(shape(n).encode()) for n in (0, 1))
        return shape((limit("bytes").value - empty) // (step - empty))
    low, high = 1, 1_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if passes(shape(middle)) else (low, middle - 1)
    return shape(low)


@pytest.mark.parametrize("name", SHAPES)
def test_a_query_past_a_limit_is_told_which(name: str) -> None:
    bound, shape = SHAPES[name]
    expected = f"and the limit “{bound}” is {limit(bound).value:,}; ask for less"
    with pytest.raises(QueryError, match=expected) as caught:
        check(shape({"bytes": 70_000, "patterns": 400}.get(bound, 1_000)))
    assert not isinstance(caught.value, QueryRefusedError)


SURVIVAL = """
import sys, threading
import pyoxigraph as ox

def run():
    for query in sys.stdin.read().split("\\0"):
        found = ox.Store().query(query)
        _ = found if isinstance(found, ox.QueryBoolean) else list(found)
    print("alive")

threading.stack_size(2**20)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_the_engine_survives_every_shape_at_its_limit_on_a_stack_of_one_megabyte() -> None:
    queries = [largest(bound, shape) for bound, shape in SHAPES.values()]
    assert len(queries) >= 30
    assert all(map(passes, queries))
    started = time.monotonic()
    found = subprocess.run(
        [sys.executable, "-c", SURVIVAL],
        input="\0".join(queries).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert found.stdout.decode().strip() == "alive", found.stderr.decode()[-500:]
    assert time.monotonic() - started < 60


def test_half_a_surrogate_pair_is_measured_like_any_character() -> None:
    assert check("ASK { ?s ?p '\ud800' }").form == "ASK"


def test_limits_have_names_of_their_own() -> None:
    assert len({each.name for each in LIMITS}) == len(LIMITS) >= 5
    assert all(each.value > 0 and each.meaning for each in LIMITS)
    within("depth", limit("depth").value)


def test_the_work_grows_with_the_text_and_not_with_its_readings() -> None:
    text = "ASK { " + "<http://x/#a>\n'''b''' " * 2_000 + "}"
    started = time.monotonic()
    assert sum(map(len, readings(text))) < 40_000
    assert time.monotonic() - started < 5


# -- what the store learns of a query


def test_the_graphs_after_from_are_read_as_written() -> None:
    found = check(
        "PREFIX g: <urn:g/> # FROM <urn:no>\nBASE <urn:b>\nSELECT ?from FROM g:a\n"
        "FROM NAMED <c> from <d#e> { ?from ?FROM 'FROM <f>' }"
    )
    assert found.default == ("g:a", "<d#e>")
    assert found.named == ("<c>",)
    assert found.form == "SELECT"
    assert found.prologue == "PREFIX g: <urn:g/> # FROM <urn:no>\nBASE <urn:b>\n"


def test_what_is_no_query_has_no_form() -> None:
    assert check("") == check("# nothing") == ("", "", (), ())
    assert check("} ) FROM") == ("FROM", "} ) ", (), ())


# -- the short way


def the_long_way(query: str) -> object:
    try:
        return _looked_through(query)
    except QueryError as error:
        return error


def test_the_short_way_says_what_the_long_way_does_or_nothing() -> None:
    dice = random.Random(20230609)  # noqa: S311 -- the same queries every time
    written = [each.text for each in stored_queries(folder("queries"))]
    shaped = [shape(n) for _, shape in SHAPES.values() for n in (1, 20, 60, 90, 300)]
    told = (*CALLED.values(), *REFUSED.values(), *UPDATES, *ALLOWED.values())
    random_ones = [random_query(dice).replace("SERVICE", dice.choice(PIECES)) for _ in range(6_000)]
    short = 0
    for query in (*written, *shaped, *told, *random_ones):
        reading = _plain(query)
        if reading is not None:
            short += 1
            assert the_long_way(query) == reading
    assert short >= 300


def test_common_questions_go_the_short_way() -> None:
    prefix = "PREFIX cas: <https://w3id.org/caspian/ontology#>\n"
    for query in (
        "ASK {}",
        f"{prefix}SELECT ?p ?o WHERE {{ <https://w3id.org/caspian/id/place/amirabad> ?p ?o }}",
        f"{prefix}select * {{ ?a cas:supplier ?b . FILTER(?b != 'x') }} LIMIT 5",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?s ?p ?o } }",
    ):
        assert _plain(query) is not None
