"""What networkx is told of the backend when it is imported: names only, nothing is loaded."""

from typing import Any

__all__ = ["FUNCTIONS", "info"]

FUNCTIONS = (
    "all_shortest_paths",
    "all_simple_edge_paths",
    "all_simple_paths",
    "bidirectional_dijkstra",
    "bidirectional_shortest_path",
    "dijkstra_path",
    "dijkstra_path_length",
    "has_path",
    "shortest_path",
    "shortest_path_length",
    "shortest_simple_paths",
    "single_source_shortest_path_length",
)
"""What the backend does itself; everything else networkx does, on the same graph."""


def info() -> dict[str, Any]:
    """The backend's entry in networkx's documentation."""
    return {
        "backend_name": "caspian",
        "project": "caspian-kg",
        "package": "kg.backend",
        "short_summary": "Paths over arrays, by compiled kernels where numba is installed.",
        "functions": {name: {} for name in FUNCTIONS},
    }
