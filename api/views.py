"""The views a graph has."""

from kg.errors import UnknownNameError, near
from kg.store import Iri, Store
from kg.vocab import CAS, GRAPH

__all__ = ["known_view"]

_VIEWS = "SELECT ?view WHERE { ?view a ?class } ORDER BY ?view"


def known_view(store: Store, name: str) -> str:
    """The name, where a view goes by it.

    Raises UnknownNameError, with the nearest names or all, where none does.
    """
    rows = store.select(_VIEWS, **{"class": Iri(f"{CAS}View")}).rows
    known = tuple(str(row[0]).removeprefix(f"{GRAPH}view/") for row in rows)
    if name not in known:
        raise UnknownNameError(name, near(name, known) or known)
    return name
