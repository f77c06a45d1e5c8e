"""From a name people use to the thing it names."""

from importlib.resources import files

from kg.errors import AmbiguousNameError, UnknownNameError, near
from kg.store import Iri, Store
from kg.vocab import CAS, GRAPH, ID, PREFIXES

__all__ = ["known_view", "names", "resolve", "short"]


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
        found.setdefault(_folded(str(name)), set()).add(short(str(thing)))
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def resolve(store: Store, name: str, kind: str = "Thing") -> str:
    """The id of the thing of that class that goes by the name.

    A name is a label or another label in any case, a spelling an article uses, an id
    (place/amirabad), a CURIE (id:place/amirabad) or an IRI.

    Raises UnknownNameError with the nearest names, or AmbiguousNameError with the candidates.
    """
    known = names(store, kind)
    ids = {thing for things in known.values() for thing in things}
    given = short(_expanded(name.strip().strip("<>")))
    if given in ids:
        return given
    found = known.get(_folded(name), ())
    if len(found) > 1:
        raise AmbiguousNameError(name, found)
    if not found:
        close = near(_folded(name), list(known))
        labels = tuple(dict.fromkeys(thing for close_name in close for thing in known[close_name]))
        raise UnknownNameError(name, labels)
    return found[0]


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


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())
