"""What a query may not do: change the graph, call another server, or cost more than the limits.

The engine can be told neither to leave SERVICE out nor to stop at a depth, so both are decided on
the text, before it. Each way an engine may read the text is looked at (kg/sparql.py), since a word
hidden in one reading runs in another. The limits keep the engine's parser off the end of its stack
and its planner, whose work grows with the cube of the patterns joined, under about a second; what
they let through can still be slow, and is stopped by the deadline of whoever runs it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from kg.errors import QueryError, QueryRefusedError
from kg.sparql import Placed, Token, clause, expanded, placed, readings

__all__ = ["LIMITS", "Limit", "Reading", "check", "limit"]


class Limit(NamedTuple):
    """A bound on one query: its name, its value, and what it counts."""

    name: str
    value: int
    meaning: str


LIMITS = (
    Limit("bytes", 65_536, "bytes of text"),
    Limit("depth", 64, "brackets open at once"),
    Limit("operators", 500, "operators, expressions and keywords such as FILTER, BIND or UNION"),
    Limit("patterns", 80, "triple patterns, groups and path steps to join"),
    Limit("merged", 200_000, "triples in the graphs it merges (two FROM or default-graph-uri)"),
)

_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
)
_OPERATORS = frozenset(
    ("AS", "BIND", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "UNION", "VALUES")
)
_PROLOGUE = frozenset(("PREFIX", "BASE", "VERSION"))
_TERMS = frozenset(("iri", "name", "variable", "node", "string", "long", "number"))
_BRACKETS = frozenset("(){}[]") | {"{|", "|}"}
_SEPARATORS = frozenset(".;,")
_SERVICE = re.compile("service", re.IGNORECASE)

_PLAIN_PROLOGUE = 4_096
_PROLOGUE_LINES = re.compile(
    r'(?:\s*+prefix\s++[A-Za-z][A-Za-z0-9]*+:\s*+<[^<>"{}|^`\\\x00-\x20]*+>\s*+)*+', re.IGNORECASE
)
_FORM = re.compile(r"\s*(select|ask|construct|describe)\b", re.IGNORECASE)
_SUSPECT = re.compile(
    r"\\|service|\b(?:from|insert|delete|load|clear|drop|create|copy|move|add|with)\b",
    re.IGNORECASE,
)
_TERM = re.compile(r"""[?$<:"'_]|\d+""")


class Reading(NamedTuple):
    """What the store must know of a query: its form, its declarations, and the graphs it names.

    `default` and `named` are the names after FROM and FROM NAMED as they are written there, IRIs in
    angle brackets or prefixed names; `prologue` is the text that declares the prefixes.
    """

    form: str
    prologue: str
    default: tuple[str, ...]
    named: tuple[str, ...]


@lru_cache(maxsize=128)  # a stored query is asked again and again, and costs a millisecond a kB
def check(query: str) -> Reading:
    """The reading of a query that may be asked; an error says which rule or limit stops it.

    >>> check("SELECT * FROM <https://w3id.org/caspian/graph/view/us> { ?s ?p ?o }").default
    ('<https://w3id.org/caspian/graph/view/us>',)
    """
    return _plain(query) or _looked_through(query)


def _plain(query: str) -> Reading | None:
    """The reading of a short query that holds nothing to be refused, however it is read.

    Nothing is cut into tokens here: what could be an operator, a pattern or a bracket is counted in
    the text as it stands, in names and strings too, so each count is at least the true one. None
    says nothing of a query but that it must be looked through, which takes fifty times longer.
    """
    start = _PROLOGUE_LINES.match(query)
    end = start.end() if start else 0
    rest = query[end:]
    form = _FORM.match(rest)
    if (
        form is None
        or len(rest) > limit("operators").value
        or end > _PLAIN_PROLOGUE
        or _SUSPECT.search(query)
        or sum(map(rest.count, "{[(")) > limit("depth").value
        or _most_patterns(rest) > limit("patterns").value
    ):
        return None
    return Reading(form[1].upper(), query[: end + form.start(1)], (), ())


def _most_patterns(text: str) -> int:
    separate = sum(map(text.count, "{[/.;,"))
    return separate + (len(_TERM.findall(text)) if "(" in text else 0)


def _looked_through(query: str) -> Reading:
    within("bytes", len(query.encode("utf-8", "surrogatepass")))
    for text in dict.fromkeys((expanded(query), query)):
        first, *others = map(placed, readings(text))
        for run in (first, *others):
            _refuse_service(text, run, plain=run is first)
            _refuse_cost(run)
    top = [item.token for item in first if item.depth == 0]
    _refuse_update(query, top)
    return _reading(query, top)


def limit(name: str) -> Limit:
    """The limit of this name.

    >>> limit("depth").value
    64
    """
    return {each.name: each for each in LIMITS}[name]


def within(name: str, count: int) -> None:
    """Nothing, where the count keeps to the limit; otherwise an error that cites it."""
    bound = limit(name)
    if count > bound.value:
        raise QueryError(
            f"the query is too large or too complex: {count:,} {bound.meaning}, "
            f"and the limit “{name}” is {bound.value:,}; ask for less at a time"
        )


def _refuse_service(text: str, run: list[Placed], *, plain: bool) -> None:
    for token, _, _ in run:
        if token.kind not in ("word", "name"):
            continue
        calls = _callable(token)
        certain = token.kind == "word" and plain and calls
        # Nobody writes the word twice in one name; looking at each would cost the square of it.
        if certain or len(calls) > 1 or any(clause().match(text, end) for end in calls):
            raise QueryRefusedError(
                f"{_where(text, token.start)}: SERVICE is refused, this store never calls another "
                "server; ask that server yourself (if “service” is the name of a prefix, rename it)"
            )


def _callable(token: Token) -> list[int]:
    """Where the word SERVICE ends in a token, as far as an engine may take it for the keyword.

    Engines exist that end a keyword wherever it is complete (`SERVICEex:a` is SERVICE ex:a), and
    that end a name before its second dot (`ex:a.b.SERVICE`).
    """
    prefix = len(token.text.partition(":")[0])
    return [
        token.start + found.end()
        for found in _SERVICE.finditer(token.text)
        if found.end() <= prefix or token.text[found.start() - 1] == "."
    ]


def _refuse_cost(run: list[Placed]) -> None:
    within("depth", max((item.depth for item in run), default=0))
    within("operators", sum(map(_is_operator, run)))
    pairs = zip([None, *run], run, strict=False)
    within("patterns", sum(_is_joined(before, item) for before, item in pairs))


def _is_operator(item: Placed) -> bool:
    text = item.token.text
    if item.token.kind == "mark" and text not in _BRACKETS:
        return text not in _SEPARATORS and text != "^^"
    # A bracket at the top holds an expression: HAVING (…) (…) (…) is a chain of "and".
    return item.token.word in _OPERATORS or (text == "(" and item.depth == 0)


def _is_joined(before: Placed | None, item: Placed) -> bool:
    text, inside = item.token.text, item.inside
    if inside == "data":
        return False
    if item.token.kind in _TERMS:  # an element of a collection: (?a ?b ?c) is six triples
        return inside == "(" and before is not None and before.token.kind in _TERMS
    return text in ("{", "[", "/") or (text in _SEPARATORS and inside != "(")


def _refuse_update(query: str, top: list[Token]) -> None:
    for token in top:
        if token.word in _UPDATES:
            raise QueryRefusedError(
                f"{_where(query, token.start)}: {token.word} is refused, this store only answers "
                "questions; the graph changes when `caspian build` makes it anew from the seeds"
            )


def _reading(query: str, top: list[Token]) -> Reading:
    form = next((token for token in top if token.word and token.word not in _PROLOGUE), None)
    names: dict[bool, list[str]] = {False: [], True: []}
    for index, token in enumerate(top):
        if token.word == "FROM":
            following = top[index + 1 : index + 3]
            is_named = bool(following) and following[0].word == "NAMED"
            names[is_named] += [each.text for each in following[is_named : is_named + 1]]
    return Reading(
        form.word if form else "",
        query[: form.start] if form else "",
        tuple(names[False]),
        tuple(names[True]),
    )


def _where(text: str, offset: int) -> str:
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - (before.rfind(chr(10)) + 1) + 1}"
