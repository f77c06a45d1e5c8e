"""Property paths: read from a shapes graph, written as SPARQL writes them, and followed.

An inverse of a longer path is read as the path of the inverses, so only steps have a direction.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.rdf import Triple
from kg.shacl.data import Data
from kg.shacl.errors import UnknownConstructError
from kg.vocab import RDF, SH

__all__ = [
    "Alternative",
    "Follow",
    "Path",
    "Repeat",
    "Run",
    "Step",
    "follower",
    "members",
    "read_path",
    "reverse",
    "steps_of",
    "written",
]

FIRST, REST, NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"

Node: TypeAlias = Mapping[str, Sequence[str]]
Nodes: TypeAlias = Mapping[str, Node]
"""A graph of shapes: subject to predicate to values."""
Follow: TypeAlias = Callable[[str], Collection[str]]
"""From a node to those a path leads to, each once."""


@dataclass(frozen=True)
class Step:
    """One predicate, along it or against it."""

    predicate: str
    inverse: bool = False

    def __str__(self) -> str:
        return "^" * self.inverse + self.predicate


@dataclass(frozen=True)
class Run:
    """Paths one after the other."""

    parts: tuple["Path", ...]

    def __str__(self) -> str:
        return "/".join(
            f"({part})" if isinstance(part, Alternative) else str(part) for part in self.parts
        )


@dataclass(frozen=True)
class Alternative:
    """Any of these paths."""

    parts: tuple["Path", ...]

    def __str__(self) -> str:
        return "|".join(map(str, self.parts))


@dataclass(frozen=True)
class Repeat:
    """A path as often as the sign says: `*` any number of times, `+` at least once, `?` at most."""

    part: "Path"
    sign: str

    def __str__(self) -> str:
        plain = isinstance(self.part, Step) and not self.part.inverse
        return f"{self.part}{self.sign}" if plain else f"({self.part}){self.sign}"


Path: TypeAlias = Step | Run | Alternative | Repeat

_SIGNS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def read_path(nodes: Nodes, node: str) -> Path:
    """The path that stands at that node of a shapes graph; an error where it is none."""
    return _read(nodes, node, frozenset())


def _read(nodes: Nodes, node: str, within: frozenset[str]) -> Path:
    if node.startswith("<"):
        return Step(node)
    if node in within or node not in nodes:
        raise UnknownConstructError(node, "its sh:path is no path")
    described, within = nodes[node], within | {node}
    if FIRST in described:
        # with a list a path is what the list says, whatever else is said of its node
        return Run(_several(nodes, node, within))
    said = [(predicate, value) for predicate, values in described.items() for value in values]
    if len(said) != 1:
        raise UnknownConstructError(node, "its sh:path is of several kinds")
    ((predicate, value),) = said
    kind = predicate.removeprefix(f"<{SH}").removesuffix(">")
    if kind == "alternativePath":
        return Alternative(_several(nodes, value, within))
    part = _read(nodes, value, within)
    if kind == "inversePath":
        return reverse(part)
    if kind in _SIGNS:
        return Repeat(part, _SIGNS[kind])
    raise UnknownConstructError(node, f"its sh:path has {predicate}")


def _several(nodes: Nodes, head: str, within: frozenset[str]) -> tuple[Path, ...]:
    parts = tuple(_read(nodes, part, within) for part in members(nodes, head))
    if len(parts) < 2:  # noqa: PLR2004 -- SHACL, 2.3.1.2 and 2.3.1.3
        raise UnknownConstructError(head, "its sh:path has a list of fewer than two")
    return parts


def members(nodes: Nodes, head: str) -> list[str]:
    """The members of an RDF list; an error where it is none, or goes round in a circle."""
    found: list[str] = []
    seen: set[str] = set()
    while head != NIL:
        cell = nodes.get(head, {})
        first, rest = cell.get(FIRST, ()), cell.get(REST, ())
        if head in seen or len(first) != 1 or len(rest) != 1:
            raise UnknownConstructError(head, "is no well-formed RDF list")
        seen.add(head)
        found.append(first[0])
        head = rest[0]
    return found


def reverse(path: Path) -> Path:
    """The same path from its end to its beginning.

    >>> str(reverse(Run((Step("<urn:p>"), Repeat(Step("<urn:q>"), "*")))))
    '(^<urn:q>)*/^<urn:p>'
    """
    match path:
        case Step(predicate, inverse):
            return Step(predicate, not inverse)
        case Run(parts):
            return Run(tuple(reverse(part) for part in reversed(parts)))
        case Alternative(parts):
            return Alternative(tuple(map(reverse, parts)))
        case Repeat(part, sign):
            return Repeat(reverse(part), sign)


def steps_of(path: Path) -> list[tuple[tuple[Path, ...], Step]]:
    """Every step of a path, with the path that leads there from the beginning.

    >>> [(*map(str, way), str(step)) for way, step in steps_of(Run((Step("<p>"), Step("<q>"))))]
    [('<p>',), ('<p>', '<q>')]
    """
    match path:
        case Step():
            return [((), path)]
        case Alternative(parts):
            return [each for part in parts for each in steps_of(part)]
        case Repeat(part, sign):
            again = () if sign == "?" else (Repeat(part, "*"),)
            return [((*again, *way), step) for way, step in steps_of(part)]
        case Run(parts):
            return [
                ((*parts[:index], *way), step)
                for index, part in enumerate(parts)
                for way, step in steps_of(part)
            ]


def follower(path: Path, data: Data) -> Follow:
    """What follows the path in the data; look again after the data has changed."""
    match path:
        case Step(predicate, inverse):
            index = data.backward(predicate) if inverse else data.forward(predicate)
            return lambda node: index.get(node, ())
        case Run(parts):
            return _one_after_the_other([follower(part, data) for part in parts])
        case Alternative(parts):
            ways = [follower(part, data) for part in parts]
            return lambda node: dict.fromkeys(end for way in ways for end in way(node))
        case Repeat(part, sign):
            once = follower(part, data)
            if sign == "?":
                return lambda node: dict.fromkeys((node, *once(node)))
            return _again_and_again(once, itself=sign == "*")


def _one_after_the_other(ways: Sequence[Follow]) -> Follow:
    first, *later = ways

    def follow(node: str) -> Collection[str]:
        ends = first(node)
        for way in later:
            ends = dict.fromkeys(end for each in ends for end in way(each))
        return ends

    return follow


def _again_and_again(once: Follow, *, itself: bool) -> Follow:
    def follow(node: str) -> Collection[str]:
        seen = {node: None} if itself else dict.fromkeys(once(node))
        waiting = list(seen)
        while waiting:
            new = [end for end in once(waiting.pop()) if end not in seen]
            seen.update(dict.fromkeys(new))
            waiting.extend(new)
        return seen

    return follow


_PREDICATES = {sign: f"<{SH}{name}>" for name, sign in _SIGNS.items()}


def written(path: Path, name: str) -> tuple[str, list[Triple]]:
    """The node that stands for a path in a graph, and the triples that say so.

    >>> node, triples = written(Step("<urn:p>", inverse=True), "_:path")
    >>> print(node, triples[0].predicate)
    _:path <http://www.w3.org/ns/shacl#inversePath>
    """
    match path:
        case Step(predicate, inverse):
            if not inverse:
                return predicate, []
            return name, [Triple(name, f"<{SH}inversePath>", predicate)]
        case Run(parts):
            return _listed(parts, name)
        case Alternative(parts):
            head, triples = _listed(parts, f"{name}-l")
            return name, [Triple(name, f"<{SH}alternativePath>", head), *triples]
        case Repeat(part, sign):
            node, triples = written(part, f"{name}-r")
            return name, [Triple(name, _PREDICATES[sign], node), *triples]


def _listed(parts: Sequence[Path], name: str) -> tuple[str, list[Triple]]:
    cells = [f"{name}{f'-{number}' if number else ''}" for number in range(len(parts))]
    triples: list[Triple] = []
    for cell, following, part in zip(cells, [*cells[1:], NIL], parts, strict=True):
        node, more = written(part, f"{cell}-m")
        triples += [Triple(cell, FIRST, node), Triple(cell, REST, following), *more]
    return cells[0], triples
