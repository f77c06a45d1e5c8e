"""The remote store: what it sends, and what it makes of what endpoints do."""

import io
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kg.asked import Asked
from kg.credentials import Credentials
from kg.errors import QueryError, QueryRefusedError, QuerySyntaxError, RemoteError, StoreError
from kg.formats import named
from kg.network import network
from kg.paths import find
from kg.remote import RemoteStore
from kg.resolve import names, resolve
from kg.resources import folder
from kg.store import Dataset, Iri, Literal, Store
from kg.vocab import ID
from kg.wire import Limits
from tests.kg.conftest import Server, free_port, says, serving

JSON = "application/sparql-results+json"
YES = says(200, b'{"head":{},"boolean":true}', JSON)
TRIPLE = b"<urn:s> <urn:p> <urn:o> .\n"
BEARER = Credentials("bearer", token="kite")


def form(server: Server, index: int = -1) -> dict[str, list[str]]:
    return parse_qs(server.asked[index][2].decode(), strict_parsing=True)


def header(server: Server, name: str) -> str | None:
    return {key.lower(): value for key, value in server.asked[-1][1].items()}.get(name.lower())


QUICK = Limits(pauses=(0.01, 0.02))


# -- what is sent


BASE = "BASE <https://w3id.org/caspian/id/> "


def test_a_query_is_sent_as_the_form_of_the_protocol(server: Server) -> None:
    server.will_answer(YES)
    query = "ASK { <http://ex/a%20b> ?p '+ &é=' }"
    assert RemoteStore(server.url).answer(query).boolean() is True
    assert server.asked[0][0] == "/query"
    assert header(server, "Content-Type") == "application/x-www-form-urlencoded"
    assert header(server, "Accept-Encoding") == "identity"
    assert form(server) == {"query": [BASE + query]}


def test_a_dataset_is_sent_beside_the_query(server: Server) -> None:
    server.will_answer(YES)
    RemoteStore(server.url).answer("ASK {}", Dataset(("urn:a",), ("urn:b", "urn:c")))
    assert form(server) == {
        "query": [BASE + "ASK {}"],
        "default-graph-uri": ["urn:a"],
        "named-graph-uri": ["urn:b", "urn:c"],
    }


@pytest.mark.parametrize("dataset", [Dataset(), Dataset(("urn:a",))])
def test_graphs_after_from_are_sent_beside_too_and_no_others(
    server: Server, dataset: Dataset
) -> None:
    server.will_answer(YES)
    query = "PREFIX u: <urn:> ASK FROM u:a FROM NAMED <urn:b> { GRAPH ?from {} }"
    RemoteStore(server.url).answer(query, dataset)
    assert form(server) == {
        "query": [BASE + "PREFIX u: <urn:> ASK   { GRAPH ?from {} }"],
        "default-graph-uri": ["urn:a"],
        **({} if dataset.default else {"named-graph-uri": ["urn:b"]}),
    }


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ASK {}", "application/sparql-results+json, application/sparql-results+xml;q=0.9"),
        ("DESCRIBE <urn:a>", "application/n-triples, text/turtle;q=0.9"),
        ("PREFIX a: <urn:a> construct {} {}", "application/n-triples, text/turtle;q=0.9"),
    ],
)
def test_what_is_accepted_follows_the_form_of_the_query(
    server: Server, query: str, first: str
) -> None:
    graph = "application/n-triples" in first
    server.will_answer(says(200, TRIPLE, "application/n-triples") if graph else YES)
    RemoteStore(server.url).answer(query)
    assert str(header(server, "Accept")).startswith(first)


def test_values_are_sent_in_the_query(server: Server) -> None:
    server.will_answer(YES)
    assert RemoteStore(server.url).ask("ASK { ?x ?p ?o }", x=Iri("urn:a"))
    assert form(server)["query"] == [BASE + "ASK { VALUES (?x) {(<urn:a>)} ?x ?p ?o }"]


def test_nothing_is_taken_from_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    server.will_answer(YES)
    assert RemoteStore(server.url).ask("ASK {}")


@pytest.mark.parametrize("query", ["ASK { SERVICE <urn:x> {} }", "DROP ALL"])
def test_what_is_refused_here_is_not_sent(server: Server, query: str) -> None:
    with pytest.raises(QueryRefusedError):
        RemoteStore(server.url).answer(query)
    assert server.asked == []


# -- what comes back


ROWS = {
    JSON: b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:a"}}]}}',
    "application/sparql-results+xml; charset=utf-8": (
        b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
        b'<variable name="x"/></head><results><result><binding name="x"><uri>urn:a</uri></binding>'
        b"</result></results></sparql>"
    ),
    "text/tab-separated-values": b"?x\n<urn:a>\n",
}
TRIPLES = {
    "application/n-triples": TRIPLE,
    "text/turtle;charset=utf-8": b"@prefix u: <urn:> . u:s u:p u:o .",
    "application/rdf+xml": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
        b'<rdf:Description rdf:about="urn:s"><u:p rdf:resource="urn:o"/></rdf:Description>'
        b"</rdf:RDF>"
    ),
}


@pytest.mark.parametrize("media_type", ROWS)
def test_rows_are_read_in_any_format_that_keeps_them(server: Server, media_type: str) -> None:
    server.will_answer(says(200, ROWS[media_type], media_type))
    found = RemoteStore(server.url).select("SELECT ?x {}")
    assert (found.variables, found.rows) == (("x",), ((Iri("urn:a"),),))


@pytest.mark.parametrize("media_type", TRIPLES)
def test_graphs_are_read_in_any_format(server: Server, media_type: str) -> None:
    server.will_answer(says(200, TRIPLES[media_type], media_type))
    store, out = RemoteStore(server.url), io.BytesIO()
    assert store.answer("DESCRIBE <urn:s>").serialize(named("ntriples")) == TRIPLE
    store.ntriples(None, out)
    assert out.getvalue() == TRIPLE


UNREADABLE = {
    "a page": ("text/html", b"<h1>Welcome</h1>"),
    "no type": ("", b""),
    "a row cut short": (JSON, ROWS[JSON][:-5] + b"}"),
    "no JSON": (JSON, b"oops}"),
    "no rows": (JSON, b"{}"),
    "yes or no": (JSON, b'{"head":{},"boolean":true}'),
    "rows as CSV": ("text/csv", b"x\r\nurn:a\r\n"),
    "a document type": (
        "application/sparql-results+xml",
        b'<!DOCTYPE a [<!ENTITY b "c">]><sparql>&b;</sparql>',
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_answer_that_cannot_be_read_is_told(server: Server, name: str) -> None:
    media_type, body = UNREADABLE[name]
    server.will_answer(says(200, body, media_type))
    with pytest.raises(RemoteError, match=r"that cannot be read .*see whether this is the address"):
        RemoteStore(server.url).select("SELECT ?x {}")


@pytest.mark.parametrize("body", [b"<urn:s> <urn:p>", b"<urn:s> <urn:p> <urn:o> .\n<urn:s> nope"])
def test_a_graph_that_cannot_be_read_is_told(server: Server, body: bytes) -> None:
    server.will_answer(says(200, body, "application/n-triples"))
    store = RemoteStore(server.url)
    with pytest.raises(RemoteError, match="that cannot be read"):
        store.answer("DESCRIBE <urn:s>").serialize(named("ntriples"))
    with pytest.raises(RemoteError, match="that cannot be read"):
        store.ntriples("urn:g", io.BytesIO())


# -- cut short


XML = "application/sparql-results+xml"
ENDLESS = "application/n-triples"
WHOLE = {
    **{kind.partition(";")[0]: body for kind, body in ROWS.items()},
    **{kind.partition(";")[0]: body for kind, body in TRIPLES.items()},
}


def whole(store: RemoteStore, media_type: str) -> object:
    """What a store reads of an answer of that type."""
    if media_type in TRIPLES or "rdf" in media_type or "turtle" in media_type:
        return store.answer("DESCRIBE <urn:s>").serialize(named("ntriples"))
    return store.select("SELECT ?x {}").rows


@pytest.mark.parametrize("media_type", [JSON, XML, "application/rdf+xml"])
def test_no_beginning_of_a_body_with_an_end_is_taken_for_the_whole(
    server: Server, media_type: str
) -> None:
    body, store = WHOLE[media_type], RemoteStore(server.url)
    server.will_answer(*(says(200, body[:end], media_type) for end in range(len(body))), YES)
    for _ in range(len(body)):
        with pytest.raises(RemoteError, match=r"without its end|cannot be read"):
            whole(store, media_type)
    assert len(server.asked) == len(body) > 80


@pytest.mark.parametrize("media_type", [JSON, XML, "application/rdf+xml"])
def test_a_body_with_an_end_may_end_in_blanks(server: Server, media_type: str) -> None:
    server.will_answer(says(200, WHOLE[media_type] + b" \r\n" * 20, media_type))
    assert whole(RemoteStore(server.url), media_type)


@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_a_body_shorter_than_its_length_is_told(server: Server, media_type: str) -> None:
    def short(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(WHOLE[media_type]) + 1))
        handler.end_headers()
        handler.wfile.write(WHOLE[media_type])

    server.will_answer(short)
    with pytest.raises(RemoteError, match=r"broke off \(RemoteProtocolError"):
        whole(RemoteStore(server.url), media_type)


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN = {"no last chunk": b"", "half a chunk": b"ff\r\nhalf", "no size": b"zz\r\n"}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_chunks_that_break_off_are_told(server: Server, media_type: str, name: str) -> None:
    body = WHOLE[media_type]
    chunks = b"%x\r\n%s\r\n" % (len(body), body)

    def ends_early(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(CHUNKED % media_type.encode() + chunks + BROKEN[name])

    def ends(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(CHUNKED % media_type.encode() + chunks + b"0\r\n\r\n")

    server.will_answer(ends_early, ends)
    store = RemoteStore(server.url)
    with pytest.raises(RemoteError, match="broke off"):
        whole(store, media_type)
    assert whole(store, media_type)
    store.close()


@pytest.mark.parametrize("media_type", sorted(WHOLE))
def test_a_body_without_a_length_is_taken_only_where_it_has_an_end(
    server: Server, media_type: str
) -> None:
    def unmeasured(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", media_type)
        handler.end_headers()
        handler.wfile.write(WHOLE[media_type])

    server.will_answer(unmeasured)
    store = RemoteStore(server.url)
    if media_type in {JSON, XML, "application/rdf+xml"}:
        assert whole(store, media_type)
    else:
        with pytest.raises(RemoteError, match="of no known length, of which a part looks like"):
            whole(store, media_type)


@pytest.mark.parametrize("media_type", [JSON, ENDLESS, "text/turtle", "text/tab-separated-values"])
def test_an_error_written_after_the_answer_began_is_no_part_of_it(
    server: Server, media_type: str
) -> None:
    body = WHOLE[media_type] + b"The operation has been cancelled"
    server.will_answer(says(200, body, media_type))
    with pytest.raises(RemoteError, match=r"without its end|cannot be read"):
        whole(RemoteStore(server.url), media_type)


# -- large


def test_a_large_answer_is_held_in_a_file_and_let_go(server: Server) -> None:
    lines = b"".join(b"<urn:s> <urn:p> <urn:o%d> .\n" % number for number in range(60_000))
    server.will_answer(says(200, lines, ENDLESS))
    store = RemoteStore(server.url)
    held = lambda: len([*Path("/proc/self/fd").iterdir()])  # noqa: E731 -- three words
    before = held()
    answer = store.answer("DESCRIBE <urn:s>")
    assert held() > before
    out = io.BytesIO()
    answer.write(named("ntriples"), out)
    assert out.getvalue() == lines
    unread = store.answer("DESCRIBE <urn:s>")
    del unread
    with pytest.raises(QueryError, match="a format of graphs"):
        store.answer("DESCRIBE <urn:s>").serialize(named("csv"))
    store.close()
    assert held() == before


def test_an_answer_larger_than_allowed_is_not_read_to_its_end(server: Server) -> None:
    sent = list[int]()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/n-triples")
        handler.send_header("Content-Length", str(len(TRIPLE) * 100_000_000))
        handler.end_headers()
        try:
            for _ in range(100_000):
                sent.append(handler.wfile.write(TRIPLE * 1_000))
        except OSError:
            pass

    server.will_answer(endless)
    with pytest.raises(RemoteError, match="gave more than 100,000 bytes; add a LIMIT"):
        RemoteStore(server.url, limits=Limits(most=100_000)).answer("DESCRIBE <urn:s>")
    assert sum(sent) < 50_000_000


STATUSES = [
    (401, "set CASPIAN_ENDPOINT_USER and CASPIAN_ENDPOINT_PASSWORD, or CASPIAN_ENDPOINT_TOKEN"),
    (403, "it does not allow this to who asks"),
    (404, "give the address of the service itself"),
    (405, "give the address of the service itself"),
    (413, "it takes nothing as long as this"),
    (429, "it asks for fewer requests"),
    (500, "its log may say why"),
    (503, "ask again later"),
    (504, "ask for less, or allow it more time"),
    (204, "its log may say why"),
]


@pytest.mark.parametrize(("status", "advice"), STATUSES)
def test_a_refusal_names_the_address_the_status_and_what_to_do(
    server: Server, status: int, advice: str
) -> None:
    server.will_answer(says(status, b"" if status == 204 else b"so \n\t it is"))
    with pytest.raises(RemoteError, match=advice) as caught:
        RemoteStore(server.url + "?key=secret", limits=QUICK).ask("ASK {}")
    assert str(caught.value).startswith(f"{server.url} answered {status}")
    assert ("(so it is)" in str(caught.value)) is (status != 204)
    assert "secret" not in str(caught.value)


def test_a_query_the_endpoint_cannot_answer_is_told_without_its_address(server: Server) -> None:
    server.will_answer(says(400, b"error at 1:5: " + b"x" * 1_000))
    with pytest.raises(QueryError, match=r"^the endpoint cannot answer the query: error.*x+$") as e:
        RemoteStore(server.url).ask("ASK {}")
    assert len(str(e.value)) < 500


@pytest.mark.parametrize("query", ["ASK {", 'define get:soft "soft" ASK {}', "ASK { ?s ?p bif:x }"])
def test_what_is_no_sparql_is_not_sent(server: Server, query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        RemoteStore(server.url).answer(query)
    assert server.asked == []


def test_an_endpoint_that_moved_is_not_followed(server: Server, canary: Server) -> None:
    before = len(canary.asked)
    server.will_answer(says(307, b"", Location=canary.url))
    with pytest.raises(
        RemoteError, match=f"answered 307; it has moved; give the address {canary.url}"
    ):
        RemoteStore(server.url, credentials=BEARER).ask("ASK {}")
    assert len(canary.asked) == before


# -- engines with ways of their own


def virtuoso(
    body: bytes, media_type: str = JSON, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    return says(200, body, media_type, Server="Virtuoso/07.20.3229 (Linux)", **headers)


def rows(variable: str, *values: str) -> bytes:
    """Rows of one column, as Virtuoso writes them."""
    cells = ", ".join(
        f'{{ "{variable}": {{ "type": "typed-literal", "datatype": "{XSD}", "value": "{each}" }} }}'
        for each in values
    )
    head = f'{{ "head": {{ "vars": ["{variable}"] }}'
    return f'{head}, "results": {{ "bindings": [ {cells} ] }} }}'.encode()


XSD = "http://www.w3.org/2001/XMLSchema#integer"
GRAPH = "https://w3id.org/caspian/graph/"
MERGE = GRAPH + "merge"
NO_LIMIT = b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[]}}'
LIMIT = (
    b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:s"},'
    b'"p":{"type":"uri","value":"http://www.openlinksw.com/schemas/virtini#ResultSetMaxRows"},'
    b'"o":{"type":"literal","value":"10000"}}]}}'
)


def test_a_row_says_yes_and_none_says_no(server: Server) -> None:
    server.will_answer(virtuoso(rows("__ASK_RETVAL", "1")))
    assert RemoteStore(server.url).ask("ASK {}") is True
    server.will_answer(virtuoso(rows("__ASK_RETVAL")))
    assert RemoteStore(server.url).ask("ASK {}") is False


def test_other_rows_are_no_answer_of_an_ask(server: Server) -> None:
    server.will_answer(says(200, rows("x", "1"), JSON))
    with pytest.raises(RemoteError, match="rows, where yes or no was asked for"):
        RemoteStore(server.url).ask("ASK {}")


def test_an_engine_is_asked_again_when_it_tells_what_it_is_and_then_no_more(server: Server) -> None:
    server.will_answer(virtuoso(rows("x", "1")))
    store = RemoteStore(server.url)
    for _ in range(2):
        assert store.select("SELECT ?x {}").rows[0][0] == Literal("1", XSD)
    assert [form(server, index) for index in range(3)] == [
        {"query": [BASE + "SELECT ?x {}"]},
        *[
            {
                "query": [BASE + "SELECT ?x {}"],
                "default-graph-uri": [MERGE],
                "named-graph-uri": [GRAPH + "nothing"],
                "maxrows": ["2147483647"],
            }
        ]
        * 2,
    ]
    server.will_answer(virtuoso(rows("__ASK_RETVAL", "1")))
    assert store.engine().name == "Virtuoso"


NAMED: list[tuple[str, dict[str, Iri], list[str]]] = [
    ("SELECT ?x { GRAPH <urn:a> {} GRAPH <view/us> {} }", {}, ["urn:a", ID + "view/us"]),
    ("PREFIX u: <urn:> SELECT ?x { GRAPH u:a {} }", {}, ["urn:a"]),
    ("SELECT ?x { GRAPH ?g {} }", {"g": Iri("urn:b")}, ["urn:b"]),
    ("SELECT ?x {}", {}, [GRAPH + "nothing"]),
    ("SELECT ?x FROM <urn:c> { GRAPH ?g {} }", {}, [GRAPH + "nothing"]),
    ("SELECT ?x FROM <urn:c> FROM NAMED <urn:d> { GRAPH ?g {} }", {}, ["urn:d"]),
]


@pytest.mark.parametrize(("query", "values", "expected"), NAMED)
def test_graphs_that_are_asked_are_named(
    server: Server, query: str, values: dict[str, Iri], expected: list[str]
) -> None:
    server.will_answer(virtuoso(rows("x", "1")))
    assert RemoteStore(server.url).select(query, **values).rows
    assert form(server)["named-graph-uri"] == expected


def test_all_graphs_of_ours_are_named_where_all_are_asked(server: Server) -> None:
    listed = rows("g", GRAPH).replace(b'"typed-literal", "datatype": "%s"' % XSD.encode(), b'"uri"')
    server.will_answer(virtuoso(rows("x", "1")), virtuoso(listed), virtuoso(rows("x", "1")))
    assert RemoteStore(server.url).select("SELECT ?x { GRAPH ?g {} }").rows
    assert "default-graph-uri" not in form(server, 1)
    assert form(server)["named-graph-uri"] == [GRAPH]


def test_more_graphs_than_can_be_named_are_told(server: Server) -> None:
    listed = rows("g", *map(str, range(501)))
    server.will_answer(virtuoso(rows("x", "1")), virtuoso(listed))
    with pytest.raises(QueryError, match=r"more than 500 graphs.*write which: GRAPH <…>"):
        RemoteStore(server.url).select("SELECT ?x { GRAPH ?g {} }")


def test_where_the_merge_stands_can_be_said(server: Server) -> None:
    server.will_answer(YES)
    assert RemoteStore(server.url, merge="named").ask("ASK {}")
    assert form(server) == {"query": [BASE + "ASK {}"], "default-graph-uri": [MERGE]}
    server.will_answer(virtuoso(rows("__ASK_RETVAL", "1")))
    assert RemoteStore(server.url, merge="default").ask("ASK {}")
    assert "default-graph-uri" not in form(server)


def test_a_base_is_not_declared_twice_to_an_engine_that_takes_one(server: Server) -> None:
    server.will_answer(virtuoso(rows("__ASK_RETVAL", "1")))
    store = RemoteStore(server.url)
    assert store.ask("BASE <urn:a> ASK {}")
    assert form(server)["query"] == ["BASE <urn:a> ASK {}"]
    assert store.ask("PREFIX base: <urn:a> ASK {}")
    assert form(server)["query"] == [BASE + "PREFIX base: <urn:a> ASK {}"]


def test_a_description_is_asked_for_in_the_engines_words(server: Server) -> None:
    nothing, triple = virtuoso(NO_LIMIT), virtuoso(TRIPLE, ENDLESS)
    server.will_answer(triple, nothing, triple)
    store = RemoteStore(server.url)
    for _ in range(2):
        assert store.answer("DESCRIBE <urn:s>").serialize(named("ntriples")) == TRIPLE
    assert form(server)["query"] == [f'define sql:describe-mode "CBD" {BASE}DESCRIBE <urn:s>']
    assert [each for each in range(4) if "ini" in form(server, each)] == [1]


def test_an_engine_that_cuts_graphs_without_a_word_is_told_what_to_do(server: Server) -> None:
    server.will_answer(virtuoso(TRIPLE, ENDLESS), virtuoso(LIMIT))
    store = RemoteStore(server.url)
    for _ in range(2):
        with pytest.raises(RemoteError, match=r"more than 10000 rows short.*take ResultSetMaxRows"):
            store.answer("DESCRIBE <urn:s>")


CUT = [
    (
        {"X_SQL_State": "S1TAT"},
        r"gave a part of the answer when its time was up \(X-SQL-State: S1TAT",
    ),
    ({"X_SPARQL_MaxRows": "100"}, "cut the answer at 100 rows"),
]


@pytest.mark.parametrize(("headers", "message"), CUT)
def test_an_answer_cut_by_the_engine_is_told(
    server: Server, headers: dict[str, str], message: str
) -> None:
    server.will_answer(virtuoso(rows("x", "1"), **headers))
    with pytest.raises(RemoteError, match=message + r".*docs/remote\.md"):
        RemoteStore(server.url).select("SELECT ?x {}")


def test_graphs_to_merge_are_fetched_and_asked_here(server: Server) -> None:
    count = says(200, rows("n", "1"), JSON)
    triple = says(200, TRIPLE, ENDLESS)
    server.will_answer(count, count, triple, triple)
    store = RemoteStore(server.url)
    found = store.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Dataset(("urn:a", "urn:b")))
    assert found.solutions().rows == ((Literal("1", XSD),),)
    assert [form(server, index).get("default-graph-uri") for index in (2, 3)] == [
        ["urn:a"],
        ["urn:b"],
    ]


def test_graphs_too_large_to_merge_are_not_fetched(server: Server) -> None:
    server.will_answer(says(200, rows("n", "150000"), JSON))
    with pytest.raises(QueryError, match="the limit “merged” is 200,000"):
        RemoteStore(server.url).answer("ASK {}", Dataset(("urn:a", "urn:b")))
    assert len(server.asked) == 2


# -- trying again


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_passing_failure_is_tried_twice_again(server: Server, status: int) -> None:
    server.will_answer(says(status), says(status), YES)
    assert RemoteStore(server.url, limits=QUICK).ask("ASK {}") is True
    assert len(server.asked) == 3


def test_a_failure_that_lasts_is_told_after_three_tries(server: Server) -> None:
    server.will_answer(says(503))
    with pytest.raises(RemoteError, match="answered 503"):
        RemoteStore(server.url, limits=QUICK).ask("ASK {}")
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_failure_of_the_query_is_not_tried_again(server: Server, status: int) -> None:
    server.will_answer(says(status))
    with pytest.raises((RemoteError, QueryError)):
        RemoteStore(server.url).ask("ASK {}")
    assert len(server.asked) == 1


def test_an_endpoint_that_is_not_there_is_told_after_three_tries() -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(RemoteError, match=f"^{url} cannot be reached .*see whether it runs"):
        RemoteStore(url, limits=QUICK).ask("ASK {}")


def test_an_endpoint_that_starts_meanwhile_is_reached() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/tab-separated-values\r\n"
        b"Content-Length: 3\r\n\r\n?x\n"
    )

    def start_late() -> None:
        time.sleep(0.2)
        listener.listen()
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)

    thread = threading.Thread(target=start_late)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    assert RemoteStore(url, limits=Limits(pauses=(0.5, 2.0))).select("SELECT ?x {}").rows == ()
    thread.join()
    listener.close()


def test_an_endpoint_that_says_nothing_is_given_up(server: Server) -> None:
    def nothing(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)

    server.will_answer(nothing)
    with pytest.raises(RemoteError, match=r"said nothing for 0\.1 seconds; .*more time"):
        RemoteStore(server.url, limits=Limits(silence=0.1)).ask("ASK {}")
    assert len(server.asked) == 1


def test_an_endpoint_that_breaks_off_is_told(server: Server) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    server.will_answer(half)
    with pytest.raises(RemoteError, match=r"broke off \(RemoteProtocolError"):
        RemoteStore(server.url).ask("ASK {}")


# -- addresses


@pytest.mark.parametrize("url", ["", "localhost", "ftp://localhost/", "file:///etc", "http://[::1"])
def test_what_is_no_address_is_told_at_once(url: str) -> None:
    with pytest.raises(RemoteError, match=r"is no address"):
        RemoteStore(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(RemoteError, match="set CASPIAN_ENDPOINT_USER") as caught:
        RemoteStore("http://kite:secret@localhost/query")
    assert "secret" not in str(caught.value)


def test_a_closed_store_asks_nobody(server: Server) -> None:
    store = RemoteStore(server.url)
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.ask("ASK {}")
    assert server.asked == []


# -- the graph of the five articles, embedded and behind an endpoint


@pytest.fixture(scope="session")
def elsewhere(graph_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    copy = tmp_path_factory.mktemp("elsewhere") / "store"
    shutil.copytree(graph_root / "current" / "store", copy)
    with serving(copy) as address, closing(RemoteStore(address)) as store:
        yield store


STORED = sorted(folder("queries").glob("*.rq"))


def test_there_are_enough_stored_questions() -> None:
    assert len(STORED) >= 20


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_question_has_the_same_answer_elsewhere(
    graph: Store, elsewhere: RemoteStore, path: Path
) -> None:
    query = path.read_text(encoding="utf-8")
    here, there = graph.select(query), elsewhere.select(query)
    assert here.variables == there.variables
    assert sorted(here.rows, key=repr) == sorted(there.rows, key=repr)


def test_routes_and_names_are_the_same_elsewhere(graph: Store, elsewhere: RemoteStore) -> None:
    ends = tuple(resolve(elsewhere, name) for name in ("Amirabad", "Primorsko-Akhtarsk"))
    asked = Asked(ends[:1], ends[1:])
    found = find(elsewhere, network(elsewhere), asked)
    assert found == find(graph, network(graph), asked)
    assert found.paths
    assert found.paths[0].hops[0].evidence
    assert names(elsewhere, "Place") == names(graph, "Place")
