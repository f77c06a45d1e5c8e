"""Kernels run compiled where numba is installed, and as Python where not."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import networkx as nx
import pytest

from kg.backend import engine as module
from kg.backend import interface
from kg.backend.engine import FEW, best_mode, engine
from kg.backend.graph import network, ready
from kg.backend.info import FUNCTIONS, info


def test_many_edges_are_searched_fast_where_numba_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert best_mode(FEW) == "fast"
    assert best_mode(FEW - 1) == "plain"
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    assert best_mode(FEW) == "plain"


def test_a_net_may_change_its_mode() -> None:
    graph = network(nx.DiGraph([("a", "b")]))
    for mode in ("plain", "fast", "plain"):
        ready(graph).run_as(mode)
        assert nx.shortest_path(graph, "a", "b") == ["a", "b"]
    assert engine("plain") is engine("plain")


def test_kernels_are_compiled_without_a_folder_to_keep_them(tmp_path: Path) -> None:
    script = (
        "import numba\n"
        "from numba.core import caching\n"
        "caching.CacheImpl._locator_classes = []\n"
        "import networkx as nx\n"
        "from kg.backend.graph import network, ready\n"
        "graph = network(nx.DiGraph([(1, 2), (2, 3)]))\n"
        "ready(graph).run_as('fast')\n"
        "print(ready(graph).mode, nx.shortest_path(graph, 1, 3))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == "fast [1, 2, 3]\n"


def test_networkx_knows_the_backend_by_name() -> None:
    assert "caspian" in {each.name for each in entry_points(group="networkx.backends")}
    assert nx.config.backends.caspian is not None
    known = nx.utils.backends._registered_algorithms  # noqa: SLF001
    assert set(info()["functions"]) == set(FUNCTIONS) <= set(known)
    assert nx.shortest_path(nx.path_graph(3), 0, 2, backend="caspian") == [0, 1, 2]
    assert nx.is_connected(nx.path_graph(2), backend="caspian")


def test_importing_networkx_loads_no_kernel() -> None:
    script = (
        "import networkx, sys; print([m for m in sys.modules if m.startswith(('kg', 'numba'))])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == "['kg', 'kg.backend', 'kg.backend.info']\n"


def test_what_networkx_does_not_have_the_backend_has_not() -> None:
    for name in ("no_such_function", "graph__new__"):
        with pytest.raises(AttributeError, match="networkx has no function"):
            getattr(interface, name)
