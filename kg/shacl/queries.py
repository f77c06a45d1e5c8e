"""SPARQL constraints, asked once for all focus nodes together.

SHACL has $this replaced by each focus node in turn ("pre-bound"). Here the focus nodes stand in a
graph of their own, and every group of the query that names $this begins with a pattern that ranges
over them; so the query means what it means for each. Where it does not (an aggregate over all
solutions, a LIMIT) the same query is asked for one focus node after the other.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.binding import ranging
from kg.rdf import Triple
from kg.shacl.algebra import Select, read_select
from kg.shacl.data import Data
from kg.shacl.described import Described
from kg.shacl.errors import UnknownConstructError
from kg.shacl.literals import LANG_STRING, is_blank, is_iri, is_literal, parts, text
from kg.shacl.paths import Path
from kg.shacl.patterns import Row, matches
from kg.sparql import Token, readings
from kg.terms import XSD, literal
from kg.vocab import OWL, RDF, RDFS, SH

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["Answer", "Query", "Solver", "read_query"]

_FOCUS = "urn:caspian:focus"
_RANGE = f"GRAPH <{_FOCUS}> {{ <{_FOCUS}> <{_FOCUS}> ?this }}"
_CHUNK = 100_000

_COMMON = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "sh": SH}
"""Prefixes a query may use without declaring them."""

# SHACL, 5.2.1 and appendix A: what a query may not have, and what is not there to be bound
_REFUSED = frozenset(
    {"MINUS", "SERVICE", "VALUES", "GRAPH", "FROM", "ASK", "CONSTRUCT", "DESCRIBE"}
)
_UNBOUND = frozenset({"shapesGraph", "currentShape", "failure"})
_ONE_BY_ONE = frozenset(
    (
        "LIMIT",
        "OFFSET",
        "GROUP",
        "HAVING",
        "COUNT",
        "SUM",
        "MIN",
        "MAX",
        "AVG",
        "SAMPLE",
        "GROUP_CONCAT",
    )
)
_PLACE = re.compile(r"\{[?$](\w+)\}")


class Answer(NamedTuple):
    """A solution: the focus node, and all it binds, as terms."""

    focus: str
    bound: dict[str, str]


@dataclass(frozen=True)
class Query:
    """An sh:sparql: its node, its messages, and the query for all focus nodes."""

    node: str
    messages: tuple[str, ...]
    sparql: str
    one_by_one: bool
    """Whether it means something else for several focus nodes than for each."""
    select: Select | None = None
    """The same query as a pattern, where it is one."""

    def said(self, answer: Answer, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        """The messages of a solution, its own or else the shape's, with what it binds filled in."""
        found = self.messages or otherwise
        return tuple(sorted({_filled(message, answer) for message in found}))


def _filled(message: str, answer: Answer) -> str:
    bound = answer.bound | {"this": answer.focus}
    said = parts(message)

    def value(place: re.Match[str]) -> str:
        return _shown(bound[place[1]]) if place[1] in bound else place[0]

    return literal(_PLACE.sub(value, said.text), language=said.language)


def _shown(term: str) -> str:
    return term.removeprefix("_:") if is_blank(term) else text(term)


# -- reading


def read_query(
    described: Described, node: str, path: Path | None, messages: tuple[str, ...]
) -> Query | None:
    """The query that stands at that node of a shapes graph; none where it is deactivated."""
    if f'"true"^^<{XSD}boolean>' in described.values(node, "deactivated"):
        return None
    selects = described.values(node, "select")
    if len(selects) != 1 or not is_literal(selects[0]):
        raise UnknownConstructError(node, "has not one sh:select")
    query = text(selects[0])
    tokens = next(readings(query))
    _hold_to_what_can_be_bound(node, tokens)
    if path is not None:
        query = _with_path(query, tokens, path)
    words = {token.word for token in tokens}
    head = "".join(f"PREFIX {p}: <{iri}> " for p, iri in _prefixes(described, node).items())
    return Query(
        node,
        messages,
        head + ranging(query, "this", _RANGE),
        one_by_one=not words.isdisjoint(_ONE_BY_ONE),
        select=read_select(head + query),
    )


def _hold_to_what_can_be_bound(node: str, tokens: list[Token]) -> None:
    words = {token.word for token in tokens}
    names = {token.text[1:] for token in tokens if token.kind == "variable"}
    if refused := (words & _REFUSED) | (names & _UNBOUND):
        raise UnknownConstructError(node, f"has {', '.join(sorted(refused))} in its query")
    for token, following in pairwise(tokens):
        if token.word == "AS" and following.text[1:] == "this":
            raise UnknownConstructError(node, "gives $this another value")
    for index, token in enumerate(tokens):
        if token.word == "SELECT" and not _projects_this(tokens[index + 1 :], inner=index > 0):
            raise UnknownConstructError(node, "has a SELECT without $this")


def _projects_this(tokens: list[Token], *, inner: bool) -> bool:
    for token in tokens:
        if token.text == "{":
            return False
        if token.text[1:] == "this" or (token.text == "*" and not inner):
            return True
    return False


def _with_path(query: str, tokens: list[Token], path: Path) -> str:
    parts_, start = list[str](), 0
    for token in tokens:
        if token.kind == "variable" and token.text[1:] == "PATH":
            parts_.append(f"{query[start : token.start]}{path}")
            start = token.start + len(token.text)
    return "".join([*parts_, query[start:]])


def _prefixes(described: Described, node: str) -> dict[str, str]:
    """What the query's ontologies declare, and those they import."""
    found, seen = dict(_COMMON), set[str]()
    waiting = described.values(node, "prefixes")
    while waiting:
        ontology = waiting.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        waiting += described.nodes.get(ontology, {}).get(f"<{OWL}imports>", ())
        for declared in described.values(ontology, "declare"):
            names, spaces = (
                described.values(declared, "prefix"),
                described.values(declared, "namespace"),
            )
            if len(names) != 1 or len(spaces) != 1:
                raise UnknownConstructError(node, "has an sh:declare without prefix or namespace")
            found[text(names[0])] = text(spaces[0])
    return found


# -- asking


class Solver:
    """The data in the engine that answers SPARQL; filled when it is first asked."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._store: ox.Store | None = None

    def answers(self, query: Query, focus: Collection[str]) -> Iterator[Answer]:
        """The solutions of the query for these focus nodes."""
        if query.select is not None:
            rows = [{"?this": node} for node in focus]
            for row in matches(query.select.pattern, self._data, rows, query.select.wanted):
                yield Answer(row["?this"], answered(query.select, row))
            return
        batches = [[node] for node in focus] if query.one_by_one else [[*focus]]
        for batch in batches:
            yield from self._answers(query, batch)

    def change(self, gone: Iterable[Triple], come: Iterable[Triple]) -> None:
        """Follow the data, which has changed so."""
        if self._store is not None:
            for triple in gone:
                self._store.remove(_quad(triple))
            self._store.extend(map(_quad, come))

    def _answers(self, query: Query, focus: list[str]) -> list[Answer]:
        import pyoxigraph as ox  # noqa: PLC0415 -- only where a shape has a query

        store = self._filled()
        place = ox.NamedNode(_FOCUS)
        store.extend(ox.Quad(place, place, _term(node), place) for node in focus)
        try:
            solutions = store.query(query.sparql)
            assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 -- the reader takes no other
            names = [variable.value for variable in solutions.variables]
            return [
                Answer(bound.pop("this"), bound)
                for solution in solutions
                if "this" in (bound := _bound(names, solution))
            ]
        except SyntaxError as error:
            raise UnknownConstructError(
                query.node, f"has a query that is no SPARQL: {error}"
            ) from error
        finally:
            store.remove_graph(place)

    def _filled(self) -> "ox.Store":
        if self._store is None:
            import pyoxigraph as ox  # noqa: PLC0415 -- only where a shape has a query

            self._store = ox.Store()
            lines = (f"{s} {p} {o} .\n" for s, p, o in self._data)
            while chunk := "".join(islice(lines, _CHUNK)):
                # parsed apart, since a store that loads gives blank nodes other names
                self._store.bulk_extend(ox.parse(chunk, ox.RdfFormat.N_TRIPLES))
        return self._store


def answered(select: Select, row: Row) -> dict[str, str]:
    """What the query gives of a match, without $this."""
    return {name[1:]: row[name] for name in select.names if name in row and name != "?this"}


def _bound(names: list[str], solution: "ox.QuerySolution") -> dict[str, str]:
    return {name: str(solution[name]) for name in names if solution[name] is not None}


def _quad(triple: Triple) -> "ox.Quad":
    import pyoxigraph as ox  # noqa: PLC0415 -- only where a shape has a query

    subject, value = _term(triple.subject), _term(triple.object)
    assert not isinstance(subject, ox.Literal)  # noqa: S101 -- no RDF
    return ox.Quad(subject, ox.NamedNode(triple.predicate[1:-1]), value)


def _term(term: str) -> "ox.NamedNode | ox.BlankNode | ox.Literal":
    import pyoxigraph as ox  # noqa: PLC0415 -- only where a shape has a query

    if is_iri(term):
        return ox.NamedNode(term[1:-1])
    if is_blank(term):
        return ox.BlankNode(term[2:])
    said = parts(term)
    if said.datatype == LANG_STRING:
        return ox.Literal(said.text, language=said.language)
    return ox.Literal(said.text, datatype=ox.NamedNode(said.datatype))
