"""The remote store: what it sends, and what it makes of what endpoints do."""

import io
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kg.errors import QueryRefusedError, QuerySyntaxError, RemoteError, StoreError
from kg.formats import named
from kg.paths import routes
from kg.remote import RemoteStore
from kg.resolve import names, resolve
from kg.resources import folder
from kg.store import Dataset, Iri, Store
from tests.kg.conftest import Server, free_port, says, serving

JSON = "application/sparql-results+json"
YES = says(200, b'{"head":{},"boolean":true}', JSON)
TRIPLE = b"<urn:s> <urn:p> <urn:o> .\n"


def form(server: Server, index: int = -1) -> dict[str, list[str]]:
    return parse_qs(server.asked[index][2].decode(), strict_parsing=True)


def header(server: Server, name: str) -> str | None:
    return {key.lower(): value for key, value in server.asked[-1][1].items()}.get(name.lower())


QUICK = (0.01, 0.02)


# -- what is sent


BASE = "BASE <https://w3id.org/caspian/id/>\n"


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
    RemoteStore(server.url).answer("ASK {}", Dataset(("urn:a", "urn:b"), ("urn:c",)))
    assert form(server) == {
        "query": [BASE + "ASK {}"],
        "default-graph-uri": ["urn:a", "urn:b"],
        "named-graph-uri": ["urn:c"],
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


def test_headers_carry_the_credentials(server: Server) -> None:
    server.will_answer(YES)
    RemoteStore(server.url, headers={"Authorization": "Bearer kite"}).ask("ASK {}")
    assert header(server, "Authorization") == "Bearer kite"


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
    "cut short": (JSON, ROWS[JSON][:-3]),
    "a row cut short": (JSON, ROWS[JSON][:70]),
    "no JSON": (JSON, b"oops"),
    "the wrong JSON": (JSON, b"[]"),
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
        RemoteStore(server.url).answer("SELECT ?x {}")


@pytest.mark.parametrize("body", [b"<urn:s> <urn:p>", b"<urn:s> <urn:p> <urn:o> .\n<urn:s> nope"])
def test_a_graph_that_cannot_be_read_is_told(server: Server, body: bytes) -> None:
    server.will_answer(says(200, body, "application/n-triples"))
    store = RemoteStore(server.url)
    with pytest.raises(RemoteError, match="that cannot be read"):
        store.answer("DESCRIBE <urn:s>")
    with pytest.raises(RemoteError, match="that cannot be read"):
        store.ntriples("urn:g", io.BytesIO())


def test_an_answer_larger_than_allowed_is_not_read_to_its_end(server: Server) -> None:
    sent = list[int]()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/n-triples")
        handler.end_headers()
        try:
            for _ in range(100_000):
                sent.append(handler.wfile.write(TRIPLE * 1_000))
        except OSError:
            pass

    server.will_answer(endless)
    with pytest.raises(RemoteError, match="gave more than 100,000 bytes; add a LIMIT"):
        RemoteStore(server.url, most=100_000).answer("DESCRIBE <urn:s>")
    assert sum(sent) < 50_000_000


STATUSES = [
    (401, "pass the credentials it wants as a header"),
    (403, "it knows who asks and does not allow it"),
    (404, "give the address of its SPARQL endpoint"),
    (405, "give the address of its SPARQL endpoint"),
    (413, "it takes no query as long as this"),
    (429, "it asks for fewer queries"),
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
        RemoteStore(server.url + "?key=secret", pauses=QUICK).ask("ASK {}")
    assert str(caught.value).startswith(f"{server.url} answered {status}")
    assert ("(so it is)" in str(caught.value)) is (status != 204)
    assert "secret" not in str(caught.value)


def test_a_query_the_endpoint_cannot_read_is_a_syntax_error(server: Server) -> None:
    server.will_answer(says(400, b"error at 1:5: " + b"x" * 1_000))
    with pytest.raises(
        QuerySyntaxError, match=r"cannot read the query: error at 1:5: x+$"
    ) as caught:
        RemoteStore(server.url).ask("ASK {}")
    assert len(str(caught.value)) < 500


def test_an_endpoint_that_moved_is_not_followed(server: Server, canary: Server) -> None:
    before = len(canary.asked)
    server.will_answer(says(307, b"", Location=canary.url))
    with pytest.raises(
        RemoteError, match=f"answered 307; it has moved; give the address {canary.url}"
    ):
        RemoteStore(server.url, headers={"Authorization": "Bearer kite"}).ask("ASK {}")
    assert len(canary.asked) == before


# -- trying again


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_passing_failure_is_tried_twice_again(server: Server, status: int) -> None:
    server.will_answer(says(status), says(status), YES)
    assert RemoteStore(server.url, pauses=QUICK).ask("ASK {}") is True
    assert len(server.asked) == 3


def test_a_failure_that_lasts_is_told_after_three_tries(server: Server) -> None:
    server.will_answer(says(503))
    with pytest.raises(RemoteError, match="answered 503"):
        RemoteStore(server.url, pauses=QUICK).ask("ASK {}")
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_failure_of_the_query_is_not_tried_again(server: Server, status: int) -> None:
    server.will_answer(says(status))
    with pytest.raises((RemoteError, QuerySyntaxError)):
        RemoteStore(server.url).ask("ASK {}")
    assert len(server.asked) == 1


def test_an_endpoint_that_is_not_there_is_told_after_three_tries() -> None:
    url = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(RemoteError, match=f"^{url} cannot be reached .*see whether it runs"):
        RemoteStore(url, pauses=QUICK).ask("ASK {}")


def test_an_endpoint_that_starts_meanwhile_is_reached() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/tab-separated-values\r\n\r\n?x\n"

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
    assert RemoteStore(url, pauses=(0.5, 2.0)).select("SELECT ?x {}").rows == ()
    thread.join()
    listener.close()


def test_an_endpoint_that_says_nothing_is_given_up(server: Server) -> None:
    def nothing(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)

    server.will_answer(nothing)
    with pytest.raises(RemoteError, match=r"broke off \(ReadTimeout.*allow it more time"):
        RemoteStore(server.url, timeout=0.1).ask("ASK {}")
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
    with pytest.raises(RemoteError, match="pass it as an Authorization header") as caught:
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
    ends = [resolve(elsewhere, name) for name in ("Amirabad", "Primorsko-Akhtarsk")]
    found = routes(elsewhere, source=ends[0], target=ends[1])
    assert found == routes(graph, source=ends[0], target=ends[1])
    assert found.routes
    assert found.routes[0].hops[0].evidence
    assert names(elsewhere, "Place") == names(graph, "Place")
