"""The networkx backend `caspian`: path finding by kernels, and everything else by networkx itself.

networkx looks up its functions here by name. Those without a kernel are networkx's own, run on the
same graph, which is one of networkx's classes; where they find paths, they come back here.
"""

from collections.abc import Callable
from typing import Any

import networkx as nx

from kg.backend import paths
from kg.backend.graph import network
from kg.backend.info import FUNCTIONS

__all__ = ["convert_from_nx", "convert_to_nx"]


def convert_from_nx(graph: Any, **_: object) -> Any:
    """The graph as the backend reads it: its nodes, edges and attributes are shared."""
    return network(graph)


def convert_to_nx(result: Any) -> Any:
    """The same: the backend's graphs are networkx's."""
    return result


def __getattr__(name: str) -> Callable[..., Any]:
    """A function of networkx's: ours where there is a kernel, else its own."""
    if name in FUNCTIONS:
        return getattr(paths, name)  # type: ignore[no-any-return]
    known = nx.utils.backends._registered_algorithms.get(name)
    if known is None or name.endswith("__new__"):
        raise AttributeError(f"networkx has no function {name}.")
    return known.orig_func  # type: ignore[no-any-return]
