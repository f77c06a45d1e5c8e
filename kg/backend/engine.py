"""The kernels, compiled where the extra `fast` is installed, and the arrays lent to them."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any, Literal

from kg.backend import kernels

__all__ = ["MODES", "ROOM", "Desk", "Engine", "Mode", "best_mode", "engine"]

Mode = Literal["fast", "plain"]
"""How kernels run: compiled by numba, or as Python."""

ROOM = 4096
"""So many numbers a kernel writes at a time, or more where one path is longer."""
FEW = 10_000
"""A graph of fewer edges is searched sooner than numba is loaded, which takes a second."""
MODES: tuple[Mode, ...] = ("plain", "fast")
_MOST = 2**31 - 1


@dataclass(frozen=True)
class Engine:
    """The kernels in one way to run them, with the arrays they take."""

    mode: Mode
    run: Any
    """The kernels by name."""
    lend: Callable[[Any], Any]
    """An array as the kernels read it, without a copy."""
    whole: Callable[[int], Any]
    """So many integers, all 0."""
    real: Callable[[int], Any]
    """So many floats, all 0."""
    read: Callable[[Any], list[int]]
    """A kernel's integers as a list."""


def best_mode(edges: int) -> Mode:
    """The faster way to search so many edges: "fast" for many, where numba is installed."""
    return "fast" if edges >= FEW and find_spec("numba") else "plain"


@cache
def engine(mode: Mode) -> Engine:
    """The kernels run in this way."""
    return _fast() if mode == "fast" else _plain()


def _plain() -> Engine:
    return Engine(
        "plain",
        SimpleNamespace(**{kernel.__name__: kernel for kernel in kernels.KERNELS}),
        lambda values: values,
        lambda size: [0] * size,
        lambda size: [0.0] * size,
        list,
    )


def _fast() -> Engine:
    import numpy as np  # noqa: PLC0415 -- an extra
    from numba.extending import register_jitable  # noqa: PLC0415 -- half a second, and an extra

    for helper in kernels.HELPERS:
        register_jitable(helper)
    kinds = {"i": np.int32, "d": np.float64, "B": np.uint8}

    def lend(values: "array[Any]") -> Any:
        return np.frombuffer(values, dtype=kinds[values.typecode])

    return Engine(
        "fast",
        SimpleNamespace(**{kernel.__name__: _compiled(kernel) for kernel in kernels.KERNELS}),
        lend,
        lambda size: np.zeros(size, dtype=np.int32),
        lambda size: np.zeros(size, dtype=np.float64),
        lambda values: values.tolist(),
    )


def _compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel, compiled when it is first called, and kept on disk where that can be written."""
    from numba import njit  # noqa: PLC0415 -- as above

    try:
        return njit(cache=True)(kernel)
    except RuntimeError:  # numba found no folder it may write
        return njit(kernel)  # type: ignore[no-any-return]


class Desk:
    """The arrays searches write into: as long as there are nodes, never cleared, only outdated."""

    def __init__(self, engine: Engine, nodes: int) -> None:
        self.engine, self.nodes = engine, nodes
        self.now = 1
        self.arrays: dict[str, Any] = {}
        self.out = engine.whole(ROOM)
        self.kept: dict[tuple[str, ...], tuple[Any, ...]] = {}

    def ints(self, name: str) -> Any:
        """The integers that go by this name."""
        if name not in self.arrays:
            self.arrays[name] = self.engine.whole(self.nodes + 2)
        return self.arrays[name]

    def several(self, *names: str) -> tuple[Any, ...]:
        """The integers that go by these names."""
        try:
            return self.kept[names]
        except KeyError:
            return self.kept.setdefault(names, tuple(map(self.ints, names)))

    def floats(self, name: str, each: int = 1) -> Any:
        """The floats that go by this name, so many for each node."""
        if name not in self.arrays:
            self.arrays[name] = self.engine.real(each * (self.nodes + 2))
        return self.arrays[name]

    def stamp(self, room: int) -> int:
        """A number above all marks so far, with so many above it that are free."""
        if self.now + room >= _MOST:
            self.arrays.clear()
            self.kept.clear()
            self.now = 1
        stamp = self.now
        self.now += room
        return stamp
