"""What goes by a name, or by names near it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from kg.errors import UnknownNameError
from kg.network import Network
from kg.resolve import candidates, folded

__all__ = ["Match", "Resolved", "resolved"]

_MOST, _LEAST = 10, 0.6


@dataclass(frozen=True)
class Match:
    """A thing that goes by a name, or by one near it."""

    id: str
    label: str
    kind: str
    name: str
    """The name it was found by, folded; its id where that was asked."""
    exact: bool
    likeness: float


@dataclass(frozen=True)
class Resolved:
    """What goes by a name: the one thing, where there is one, and all that it may be."""

    q: str
    id: str
    matches: tuple[Match, ...]


def resolved(held: Network, q: str) -> Resolved:
    """What goes by the name, then what goes by names near it, the nearest first."""
    try:
        found = candidates(held.names, q)
    except UnknownNameError:
        found = ()
    exact = tuple(_match(held, thing, folded(q), 1.0) for thing in found)
    near = (each for each in _near(held, q) if each.id not in found)
    return Resolved(q, found[0] if len(found) == 1 else "", (*exact, *near))


def _near(held: Network, q: str) -> Iterator[Match]:
    told: set[str] = set()
    for name in get_close_matches(folded(q), sorted(held.names), n=_MOST, cutoff=_LEAST):
        likeness = round(SequenceMatcher(None, folded(q), name).ratio(), 3)
        for thing in held.names[name]:
            if thing not in told:
                told.add(thing)
                yield _match(held, thing, name, likeness)


def _match(held: Network, thing: str, name: str, likeness: float) -> Match:
    node = held.node(thing)
    return Match(thing, node.label, node.kind, name, likeness == 1, likeness)
