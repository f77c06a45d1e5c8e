"""From a name people use to the thing it names."""

from collections.abc import Mapping
from importlib.resources import files
from typing import TypeAlias

from kg.errors import AmbiguousNameError, UnknownNameError, near
from kg.store import Iri, Store
from kg.vocab import CAS, GRAPH, ID, PREFIXES

__all__ = ["Names", "candidates", "folded", "known_view", "names", "nearest", "resolve", "short"]

Names: TypeAlias = Mapping[str, tuple[str, ...]]
"""What goes by each name, folded."""


def short(iri: str) -> str:
    """The id of a thing, from its IRI; other IRIs as they are.

    >>> short("https://w3id.org/caspian/id/place/amirabad")
    'place/amirabad'
    """
    return iri.removeprefix(ID)


def names(store: Store, kind: str = "Thing") -> dict[str, tuple[str, ...]]:
    """Every name of the things of that class, folded, to the ids of what goes by it."""
    found: dict[str, set[str]] = {}
    for thing, name in store.select(_query("names"), **{"class": Iri(CAS + kind)}).rows:
        found.setdefault(folded(str(name)), set()).add(short(str(thing)))
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def resolve(store: Store, name: str, kind: str = "Thing") -> str:
    """The id of the thing of that class that goes by the name.

    A name is a label or another label in any case, a spelling an article uses, an id
    (place/amirabad), a CURIE (id:place/amirabad) or an IRI.

    Raises UnknownNameError with the nearest names, or AmbiguousNameError with the candidates.
    """
    found = candidates(names(store, kind), name)
    if len(found) > 1:
        raise AmbiguousNameError(name, found)
    return found[0]


def candidates(known: Names, name: str) -> tuple[str, ...]:
    """The ids of all that go by the name, in any of these ways, of these names.

    Raises UnknownNameError with the nearest where nothing does.
    """
    given = short(_expanded(name.strip().strip("<>")))
    found = known.get(folded(name), ())
    if given in found or any(given in things for things in known.values()):
        return (given,)
    if not found:
        raise UnknownNameError(name, nearest(known, name))
    return found


def nearest(known: Names, name: str) -> tuple[str, ...]:
    """The ids of what goes by the names that are nearest to this one, the best first."""
    close = near(folded(name), list(known))
    return tuple(dict.fromkeys(thing for each in close for thing in known[each]))


def known_view(store: Store, name: str) -> str:
    """The name, where a view goes by it; else UnknownNameError, with the nearest names or all."""
    rows = store.select(_query("views")).rows
    known = tuple(str(view).removeprefix(f"{GRAPH}view/") for (view,) in rows)
    if name not in known:
        raise UnknownNameError(name, near(name, known) or known)
    return name


def _query(name: str) -> str:
    return files("kg").joinpath(f"rq/{name}.rq").read_text(encoding="utf-8")


def _expanded(name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else name


def folded(name: str) -> str:
    """The name without what does not matter: case, hyphens, spaces too many.

    >>> folded("  Primorsko-Akhtarsk ")
    'primorsko akhtarsk'
    """
    return " ".join(name.casefold().replace("-", " ").split())
