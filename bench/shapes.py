"""The query shapes of the bench, and instances of them with parameters drawn from the data."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.answers import to_engine
from kg.store import Store

__all__ = ["Shape", "instances", "shapes"]

FILE = Path(__file__).parent / "shapes.toml"


@dataclass(frozen=True)
class Shape:
    """A question of one form, with `$name` where an instance has a term of the data."""

    name: str
    asks: str
    query: str
    settled: bool
    kind: str = "solutions"
    draw: str = ""

    @property
    def accept(self) -> str:
        """The media type every peer is asked for."""
        graph = self.kind == "graph"
        return "application/n-triples" if graph else "application/sparql-results+json"


def shapes() -> tuple[Shape, ...]:
    """The twelve shapes, with their prefixes written out."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = (Shape(**entry) for entry in read["shape"])
    return tuple(
        Shape(
            **vars(shape)
            | {"query": read["prefixes"] + shape.query}
            | ({"draw": read["prefixes"] + shape.draw} if shape.draw else {})
        )
        for shape in found
    )


def instances(shape: Shape, store: Store, *, count: int, seed: int) -> list[str]:
    """At most that many queries of the shape, no two alike; the same seed gives the same ones."""
    if not shape.draw:
        return [shape.query]
    found = store.select(shape.draw)
    rows = sorted(tuple(str(to_engine(term)) for term in row) for row in found.rows)
    drawn = random.Random(f"{seed}/{shape.name}").sample(rows, min(count, len(rows)))
    return [_filled(shape.query, dict(zip(found.variables, row, strict=True))) for row in drawn]


def _filled(query: str, terms: Mapping[str, str]) -> str:
    for name, term in terms.items():
        query = query.replace(f"${name}", term)
    return query
