"""How long paths take in large multigraphs, beside networkx and four other libraries.

    python bench/paths.py                    # all graphs: half an hour
    python bench/paths.py --sizes 100000     # those of 100,000 nodes and 1,000,000 edges

Each library runs in a process of its own and is asked the same question in turn. The others are
installed into a virtual environment of the bench; what cannot be installed is said and left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from networks import KINDS, Arrays

HERE = Path(__file__).parent
VENV = HERE / "out" / "venvs" / "paths"
SIZES = {10_000: 50_000, 100_000: 1_000_000, 1_000_000: 5_000_000}
PEERS = {
    "networkit": "networkit==11.3",
    "igraph": "python-igraph==1.0.0",
    "scipy": "scipy==1.17.1",
    "rustworkx": "rustworkx==0.18.1",
}
OURS = ("fast", "plain")
QUESTIONS = ("shortest", "cheapest", "k cheapest", "all simple", "filtered")
AIMS = {
    ("shortest", "networkx"): 10,
    ("shortest", "networkit"): 3,
    ("cheapest", "networkx"): 40,
    ("cheapest", "networkit"): 2,
    ("k cheapest", "networkx"): 400,
    ("k cheapest", "scipy"): 500,
    ("all simple", "igraph"): 500,
    ("filtered", "networkx"): 40,
}
"""How many times as fast as each the fast mode is meant to be, at a million edges."""
PATIENCE = 900
MINUTES = {("k cheapest", 1_000_000)}
"""What takes others minutes a question, or hours: asked of this project only."""


def installed() -> dict[str, str]:
    """The Python of each library; what could not be installed is said."""
    python = str(VENV / "bin" / "python")
    if not Path(python).exists():
        venv.create(VENV, with_pip=True)
    found = {"fast": sys.executable, "plain": sys.executable, "networkx": sys.executable}
    for name, package in PEERS.items():
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        told = subprocess.run([*pip, "numpy"], capture_output=True, text=True, check=False)
        if told.returncode:
            print(f"{name} could not be installed: {told.stderr.strip().splitlines()[-1]}")
        else:
            found[name] = python
    return found


class Library:
    """A library at work in its process."""

    def __init__(self, name: str, python: str, file: Path) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [python, str(HERE / "path_peer.py"), name, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.spent: dict[str, float] = defaultdict(float)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.hot: dict[str, list[float]] = defaultdict(list)
        self.cold: dict[str, float] = {}
        self.ready = self.read()
        self.held = self.ready["graph"]

    def read(self) -> Any:
        """What it says next."""
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise SystemExit(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def asked(self, question: str, pairs: list[list[int]], most: float) -> list[Any]:
        """What it finds, as far as time allows; the first answer of a kind is the cold one."""
        self.process.stdin.write(json.dumps([question, pairs, most]) + "\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        told = self.read()
        took, hot = told["took"], told["hot"]
        if question not in self.cold:
            self.cold[question], took, hot = took[0], took[1:], hot[1:]
            self.spent[question] = 0 if self.name in OURS else self.cold[question]
        self.spent[question] += sum(took)
        self.took[question] += took
        self.hot[question] += hot
        self.held = max(self.held, told["held"])
        return told["found"]  # type: ignore[no-any-return]

    def may(self, question: str, most: float) -> bool:
        """Whether it answers such questions, and has not had its time."""
        return question in self.ready["questions"] and self.spent[question] < most


def measure(arrays: Arrays, args: argparse.Namespace, pythons: dict[str, str]) -> list[Library]:
    """Every library, asked the same questions in turn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.npz"
        np.savez(file, **arrays._asdict())
        libraries = [Library(name, python, file) for name, python in pythons.items()]
    differ = 0
    try:
        every = connected(libraries[0], arrays, args.pairs, "exists")
        filtered = connected(libraries[0], arrays, args.pairs, "exists filtered")
        for question in QUESTIONS:
            pairs = filtered if question == "filtered" else every
            for block in (pairs[:1], *batched(pairs[1:], args.block)):
                found = {
                    each.name: each.asked(question, block, args.seconds - each.spent[question])
                    for each in libraries
                    if each.may(question, args.seconds)
                    and (each.name in OURS or (question, arrays.nodes) not in MINUTES)
                }
                differ += differing(question, block, found)
    finally:
        for each in libraries:
            each.process.kill()
            each.process.wait()
    print(f"\n{differ} answers differ from those of {libraries[0].name}\n")
    return libraries


def connected(library: Library, arrays: Arrays, wanted: int, how: str) -> list[list[int]]:
    """Random pairs, the first of which a path leads to the second of; the library's own is lent."""
    random = np.random.default_rng(11)
    found: list[list[int]] = []
    while len(found) < wanted:
        pairs = random.integers(0, arrays.nodes, (wanted, 2)).tolist()
        told = library.asked(how, pairs, PATIENCE)
        found += [pair for pair, exists in zip(pairs, told, strict=True) if exists]
    return found[:wanted]


def batched(pairs: list[list[int]], size: int) -> Iterator[list[list[int]]]:
    """The pairs, so many at a time."""
    return (pairs[at : at + size] for at in range(0, len(pairs), size))


def differing(question: str, block: list[list[int]], found: dict[str, list[Any]]) -> int:
    """How many answers are not the first library's; each is printed."""
    if not found:
        return 0
    (first, wanted), *others = found.items()
    wrong = 0
    for name, answers in others:
        for pair, want, have in zip(block, wanted, answers, strict=False):
            if not alike(want, have):
                wrong += 1
                print(f"{question} {pair}: {name} says {have}, {first} {want}", flush=True)
    return wrong


def alike(one: Any, other: Any) -> bool:
    """Whether two answers are the same, none at all and no paths too, costs to five digits."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-5 * max(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return bool(one) == bool(other) and all(map(alike, one, other))  # as far as both go
    return one == other or not (one or other)


def table(kind: str, arrays: Arrays, libraries: list[Library]) -> None:
    """A row for each library: build, memory, and each kind of question."""
    print(f"**{kind}, {arrays.nodes:,} nodes, {arrays.edges:,} edges**\n")
    print("Milliseconds: p50 / p99 / p50 asked again at once / the very first (questions)\n")
    print("| |", " | ".join(("build s", "MB per million edges", "at work", *QUESTIONS)), "|")
    print("|---|" + "---:|" * (3 + len(QUESTIONS)))
    for each in libraries:
        memory = [held * 2**20 / arrays.edges for held in (each.ready["graph"], each.held)]
        cells = [f"{each.ready['built']:.1f}", *(f"{held:.0f}" for held in memory)]
        cells += [told(each, question) for question in QUESTIONS]
        print(f"| {each.name} |", " | ".join(cells), "|")
    print()
    fast = {each.name: each for each in libraries}.get("fast")
    for (question, name), aim in AIMS.items():
        other = next((each for each in libraries if each.name == name), None)
        if fast and other and question in other.cold and fast.took[question]:
            times = ratio(other, fast, question)
            told_hot = ""
            if other.hot[question] and fast.hot[question]:
                told_hot = f", {median(other.hot[question]) / median(fast.hot[question]):,.1f} hot"
            print(f"{question}: {times:,.1f} times as fast as {name}{told_hot} (aim: {aim})  ")
    print(flush=True)


def ratio(other: Library, ours: Library, question: str) -> float:
    """How much longer the other takes at the median, over the questions both were asked.

    Where it was asked one question only, the first, that is held against our median.
    """
    took = other.took[question] or [other.cold[question]]
    return median(took) / median(ours.took[question][: max(len(took), 9)])


def told(library: Library, question: str) -> str:
    """A cell: median, 99th of a hundred, median when asked again at once, and the first."""
    took = sorted(library.took[question])
    if not took:
        return "" if question not in library.cold else f"({library.cold[question] * 1e3:,.0f} cold)"
    late = took[min(len(took) - 1, int(len(took) * 0.99))]
    again = library.hot[question] or took
    kinds = (median(took), late, median(again), library.cold[question])
    cells = [f"{each * 1e3:,.3g}" for each in kinds]
    return " / ".join(cells) + f" ({len(took)})"


def main() -> None:
    """Prints a table for each graph."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--libraries", nargs="*", default=[*OURS, "networkx", *PEERS])
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--block", type=int, default=30, help="pairs asked in a row")
    parser.add_argument("--seconds", type=float, default=20, help="most, per library and kind")
    args = parser.parse_args()
    pythons = {name: at for name, at in installed().items() if name in args.libraries}
    for nodes in args.sizes:
        for kind in args.kinds:
            began = time.perf_counter()
            arrays = KINDS[kind](nodes, SIZES[nodes])
            table(kind, arrays, measure(arrays, args, pythons))
            print(f"\n(measured in {time.perf_counter() - began:,.0f} s)\n", flush=True)


if __name__ == "__main__":
    main()
