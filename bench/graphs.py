"""Graphs to ask: a synthetic corpus of some size, built as `caspian build` builds, kept on disk.

A folder for each size holds

    root/          the snapshot, for our service
    all.nq         what the snapshot's store holds, the merge in the default graph included
    draws.json     the instances of each shape, drawn with a seed
    made.json      what is there, and how long it took

and is made once. A smaller graph is the beginning of a larger one: see corpus.py.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import corpus
import pyoxigraph as ox

from kg.build import stream
from kg.corpus import read_corpus
from kg.resources import folder
from kg.snapshot import Snapshot, open_snapshot
from shapes import Shape, instances, shapes

__all__ = ["ARTICLES", "Graph", "graph"]

ARTICLES = {"100k": 33, "1m": 345, "5m": 1_732}
SEED = 7
INSTANCES = 100
POINTS = 2_000  # of the first shape, so that each can be new to a cache


class Graph(NamedTuple):
    """A graph of the bench."""

    name: str
    folder: Path
    articles: int
    claims: int
    quads: int
    """In named graphs."""
    merged: int
    """In the default graph, which holds each triple once."""
    seconds: float
    """What it took to write the corpus, compile, relate, sort and store it."""
    bytes: int
    """Of the snapshot on disk."""

    @property
    def root(self) -> Path:
        """What our service opens."""
        return self.folder / "root"

    @property
    def dump(self) -> Path:
        """What the peers load."""
        return self.folder / "all.nq"

    def drawn(self) -> dict[str, list[str]]:
        """The instances of each shape, by its name."""
        return json.loads((self.folder / "draws.json").read_text(encoding="utf-8"))


def graph(name: str, data: Path) -> Graph:
    """The graph of that size, made where it is not there yet."""
    home = data / name
    done = home / "made.json"
    if not done.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        made = _made(name, home)
        done.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    made = json.loads(done.read_text(encoding="utf-8"))
    _draw(home)
    return Graph(name, home, **made)


def _made(name: str, home: Path) -> dict[str, float]:
    began = time.perf_counter()
    count = ARTICLES[name]
    corpus.write(corpus.articles(count, seed=SEED), home)
    read = read_corpus(folder("seeds"), folder("ontology"))
    built = stream(read, [home / "corpus.jsonl"], home / "root", shapes=None)
    seconds = time.perf_counter() - began
    lines = _dump(built.snapshot, home / "all.nq")
    return {
        "articles": count,
        "claims": built.counts["claims"],
        "quads": built.snapshot.quads,
        "merged": lines - built.snapshot.quads,
        "seconds": round(seconds, 1),
        "bytes": sum(file.bytes for file in built.snapshot.files.values()),
    }


def _dump(snapshot: Snapshot, path: Path) -> int:
    """How many lines of N-Quads the store's content takes, written to that file."""
    store = ox.Store.read_only(str(snapshot.path / "store"))
    store.dump(str(path), ox.RdfFormat.N_QUADS)
    return sum(_lines(path))


def _lines(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block.count(b"\n")


def _draw(home: Path) -> None:
    """Draws again whatever shape is not as it was when it was drawn."""
    path = home / "draws.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    asked = {shape.name: _signature(shape) for shape in shapes()}
    if known.get("of") == asked:
        return
    _, store = open_snapshot(home / "root", verify=False)
    with closing(store):
        drawn = {
            shape.name: instances(
                shape, store, count=POINTS if shape.name == "point" else INSTANCES, seed=SEED
            )
            for shape in shapes()
        }
    path.write_text(json.dumps(drawn | {"of": asked}), encoding="utf-8")


def _signature(shape: Shape) -> str:
    return f"{shape.draw}\n{shape.query}"
