"""networkx's four classes of graph, whose paths are found by the backend `caspian`."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import networkx as nx

from kg.backend.net import EVERY, Filter, Keep, Net, net_of_arrays, net_of_graph
from kg.backend.views import Adjacency, Nodes

__all__ = ["DiGraph", "Graph", "MultiDiGraph", "MultiGraph", "from_arrays", "network", "ready"]

_KEPT = "caspian"
"""The place in networkx's own cache of a graph, which every change to the graph clears."""


class _Ours:
    """What the four have in common: the backend's name, and views of fewer edges."""

    __networkx_backend__ = "caspian"
    __networkx_cache__: dict[Any, Any] | None
    chosen: Filter = EVERY
    """The edges it shows, of its net."""
    relation = "relation"
    """The attribute of edges that names their relation."""

    def only(
        self,
        relations: Collection[Hashable] | None = None,
        *,
        without: Collection[Hashable] = (),
        edges: Keep | None = None,
    ) -> Any:
        """A view of the graph with these relations only, without those, or of edges that pass.

        >>> graph = network(nx.MultiDiGraph([("a", "b", {"relation": "supplies"})]))
        >>> graph.only(without=["supplies"]).has_edge("a", "b")
        False
        """
        if self.chosen != EVERY:
            raise nx.NetworkXError("This view chooses edges already: choose from the whole graph.")
        return _only(self, chosen(relations, without, edges))


class Graph(_Ours, nx.Graph):  # type: ignore[misc]
    """networkx's Graph, found paths in by the backend."""


class DiGraph(_Ours, nx.DiGraph):  # type: ignore[misc]
    """networkx's DiGraph, found paths in by the backend."""


class MultiGraph(_Ours, nx.MultiGraph):  # type: ignore[misc]
    """networkx's MultiGraph, found paths in by the backend."""


class MultiDiGraph(_Ours, nx.MultiDiGraph):  # type: ignore[misc]
    """networkx's MultiDiGraph, found paths in by the backend."""


_CLASSES = {
    (False, False): Graph,
    (True, False): DiGraph,
    (False, True): MultiGraph,
    (True, True): MultiDiGraph,
}
"""By whether it is directed and whether edges may be parallel."""


_SPECIAL = frozenset(("net", "whole", "chosen", "_graph"))
"""What says how a graph's net is had: it is this one, it is another's, or there is none."""


def chosen(
    relations: Collection[Hashable] | None = None,
    without: Collection[Hashable] = (),
    edges: "Keep | bytes | None" = None,
) -> Filter:
    """The filter of these relations, without those, of edges that pass a test or a mask."""
    wanted = None if relations is None else frozenset(relations)
    return Filter(wanted, frozenset(without), edges)


def network(graph: Any, *, relation: str = "relation") -> Any:
    """The graph as one of ours: it shares nodes, edges and attributes, and a change to either.

    `relation` is the attribute that names an edge's relation.

    >>> graph = network(nx.MultiDiGraph([("a", "b"), ("b", "c")]))
    >>> nx.shortest_path(graph, "a", "c")
    ['a', 'b', 'c']
    """
    ours = _CLASSES[graph.is_directed(), graph.is_multigraph()]()
    _share(ours, graph)
    ours.relation = relation
    # changes through either graph's methods empty it, and what was made of the graph goes with it
    ours.__networkx_cache__ = graph.__networkx_cache__
    vars(ours).update((name, vars(graph)[name]) for name in _SPECIAL & vars(graph).keys())
    return nx.freeze(ours) if nx.is_frozen(graph) else ours


def from_arrays(
    nodes: int | Sequence[Any],
    edges: tuple[Sequence[int], Sequence[int]],
    *,
    relations: Sequence[int] | None = None,
    names: Sequence[Hashable] = (),
    weights: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> Any:
    """A frozen MultiDiGraph read from arrays: edges by the numbers of their nodes.

    `relations` are places in `names`, or plain numbers; `weights` are attributes of edges. An
    edge's key is its place in the arrays.

    >>> graph = from_arrays(["a", "b"], ([0], [1]), relations=[0], names=["supplies"])
    >>> list(graph.edges(keys=True, data=True))
    [('a', 'b', 0, {'relation': 'supplies'})]
    """
    net = net_of_arrays(nodes, edges, relations=relations, names=names, weights=weights)
    graph = MultiDiGraph()
    graph._node, graph._adj, graph._pred = Nodes(net), Adjacency(net), Adjacency(net, back=True)
    graph.net = net
    return nx.freeze(graph)


def ready(graph: Any) -> Net | None:
    """The net of a graph, made when first asked for; None for networkx's own views of a graph.

    A view of networkx's does not hear of changes in the graph it shows.
    """
    if "net" in vars(graph):
        return graph.net  # type: ignore[no-any-return]
    if "whole" in vars(graph):
        return ready(graph.whole)
    if "_graph" in vars(graph):
        return None
    relation = getattr(graph, "relation", "relation")
    kept = graph.__networkx_cache__
    if kept is None:  # its owner wants nothing kept
        return net_of_graph(graph, relation)
    if (_KEPT, relation) not in kept:
        kept[_KEPT, relation] = net_of_graph(graph, relation)
    return kept[_KEPT, relation]  # type: ignore[no-any-return]


def _share(ours: Any, graph: Any) -> None:
    ours.graph, ours._node, ours._adj = graph.graph, graph._node, graph._adj
    if graph.is_directed():
        ours._pred = graph._pred


def _only(graph: Any, chosen: Filter) -> Any:
    ours = type(graph)()
    _share(ours, filtered(graph, chosen))
    ours.whole, ours.chosen, ours.relation = graph, chosen, graph.relation
    return nx.freeze(ours)


def filtered(graph: Any, chosen: Filter) -> Any:
    """A view by networkx of the edges that count."""
    named = getattr(graph, "relation", "relation")
    if isinstance(chosen.edges, bytes):
        every = graph.edges(keys=True) if graph.is_multigraph() else graph.edges
        ends = {edge for edge, kept in zip(every, chosen.edges, strict=True) if kept}
        if not graph.is_directed():
            ends |= {(target, source, *key) for source, target, *key in ends}

    def passes(source: Any, target: Any, *key: Any) -> bool:
        row = graph.get_edge_data(source, target)
        data = row[key[0]] if key else row
        if data.get(named) in chosen.without:
            return False
        if chosen.relations is not None and data.get(named) not in chosen.relations:
            return False
        if isinstance(chosen.edges, bytes):
            return (source, target, *key) in ends
        edge = (source, target, key[0] if key else None, data)
        return chosen.edges is None or bool(chosen.edges(*edge))

    return nx.subgraph_view(graph, filter_edge=passes)
