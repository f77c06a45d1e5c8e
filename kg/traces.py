"""From a view's plain triples back to the claims they came from."""

from typing import NamedTuple

from kg.resolve import short
from kg.statements import query
from kg.store import Iri, Store
from kg.vocab import GRAPH, ID

__all__ = ["Traced", "traced"]


class Traced(NamedTuple):
    """A plain triple of a view, and the claims that affirm it."""

    key: str
    value: str
    claims: tuple[str, ...]


def traced(store: Store, thing: str, view: str = "any") -> tuple[Traced, ...]:
    """What a view says of the thing with this id, each triple with the claims that affirm it."""
    given = {"thing": Iri(ID + thing), "view": Iri(f"{GRAPH}view/{view}")}
    found: dict[tuple[str, str], list[str]] = {}
    for key, value, claim in store.select(query("triples"), **given).rows:
        found.setdefault((str(key), short(str(value))), []).append(short(str(claim)))
    return tuple(Traced(*triple, tuple(claims)) for triple, claims in found.items())
