"""What comparing claims takes for known: names, what stands above a thing, where it lies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kg import vocab
from kg.dates import Bounds
from kg.entities import Entity
from kg.vocab import cas

__all__ = ["Known", "Point", "Thing"]

_ABOVE = ("within", "broader", "subOrganizationOf", "speaksFor")


class Point(NamedTuple):
    """Where a place lies, in degrees, and how far from there the thing meant may lie."""

    lat: float
    lon: float
    accuracy: float


class Thing(NamedTuple):
    """What is kept of a declared thing."""

    label: str
    above: tuple[str, ...]
    """What it is a part, a kind or a spokesman of."""
    speaks_for: str
    speaker: str
    """Of an utterance: who spoke."""
    said: Bounds
    point: Point | None


@dataclass
class Known:
    """Things by id: those the seeds declare, and those the mappings added declare themselves.

    About 400 bytes a thing, so that a corpus's own things fit where its claims do.
    """

    things: dict[str, Thing] = field(default_factory=dict)

    def learn(self, entities: Iterable[Entity]) -> None:
        """Keeps what matters of these; what is known already stays as it is."""
        for entity in entities:
            if entity.id not in self.things:
                self.things[entity.id] = _thing(entity)

    def label(self, name: str) -> str:
        """The thing's label; of a concept or an article, its name within its kind."""
        found = self.things.get(name)
        return found.label if found else name.partition("/")[2].replace("-", " ")

    def point(self, name: str) -> Point | None:
        """Where the place lies, where that is known."""
        found = self.things.get(name)
        return found.point if found else None

    def principal(self, name: str) -> str:
        """On whose behalf the actor speaks, in the end."""
        while (found := self.things.get(name)) and found.speaks_for:
            name = found.speaks_for
        return name

    def narrower(self, name: str, other: str) -> bool:
        """Whether the first is a part or a kind of the second, over any number of steps."""
        return name != other and other in self._above(name)

    def _above(self, name: str) -> set[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            found = self.things.get(waiting.pop())
            above = [each for each in (found.above if found else ()) if each not in seen]
            seen.update(above)
            waiting.extend(above)
        return seen


def _thing(entity: Entity) -> Thing:
    return Thing(
        label=entity.label,
        above=tuple(_links(entity.links)),
        speaks_for=entity.links.get("speaksFor", ""),
        speaker=entity.links.get("speaker", ""),
        said=Bounds(_fact(entity, "earliest"), _fact(entity, "latest")),
        point=_point(entity),
    )


def _links(links: Mapping[str, str]) -> Iterator[str]:
    for name in _ABOVE:
        if name in links:
            yield links[name]


def _fact(entity: Entity, name: str) -> str:
    wanted = cas(name)
    found = (value for _, predicate, value in entity.more if predicate == wanted)
    return next((value.split('"')[1] for value in found), "")


def _point(entity: Entity) -> Point | None:
    for _, predicate, value in entity.more:
        if predicate == vocab.AS_WKT:
            lon, lat = value.split('"')[1].removeprefix("POINT(").removesuffix(")").split()
            return Point(float(lat), float(lon), float(_fact(entity, "accuracyMetres")))
    return None
