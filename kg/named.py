"""A thing by its id: what it is called and what it is."""

from dataclasses import dataclass

from kg.errors import UnknownNameError
from kg.statements import query
from kg.store import Iri, Store
from kg.vocab import ID

__all__ = ["Named", "named"]


@dataclass(frozen=True)
class Named:
    """A thing, with its name, its class in words, and the other names it goes by."""

    id: str
    label: str
    kind: str
    also: tuple[str, ...]


def named(store: Store, thing: str) -> Named:
    """The thing with this id; UnknownNameError where there is none."""
    rows = store.select(query("thing"), thing=Iri(ID + thing)).rows
    if not rows:
        raise UnknownNameError(thing)
    label, kind, _ = rows[0]
    also = dict.fromkeys(str(row[2]) for row in rows if row[2])
    return Named(thing, str(label), str(kind), tuple(also))
