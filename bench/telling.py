"""What an article says: the sentences it is made of, each with the claims-entry that quotes it."""

import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from world import OUTLETS, Slots, outlet, relay, story

__all__ = [
    "RETELLINGS",
    "Entry",
    "Scene",
    "Told",
    "Tree",
    "filled",
    "scene_of",
    "tell",
    "templates",
]

Tree = Any  # what JSON can hold
Entry = dict[str, Tree]

RETELLINGS = 8  # articles that tell one story
LEFT_OUT = 0.06  # of the statements, in every article but the first of a story
MARKED = re.compile(r"\[(.+)\]")
TEMPLATES = Path(__file__).with_name("corpus.toml")
MANNERS = ("form", "certainty", "cue", "polarity", "basis", "asOf")


class Scene(NamedTuple):
    """What an article is to be written from."""

    index: int
    seed: int
    slots: Slots
    chain: tuple[int, ...]
    """The outlets that relayed the words, the article's own last."""
    conflict: str
    mistake: Entry
    """The error to plant, as corpus.toml describes it; empty where there is none."""

    @property
    def opens(self) -> bool:
        """Whether this is the first article of its story."""
        return self.index % RETELLINGS == 0

    @property
    def name(self) -> str:
        """The article's id."""
        return _name(self.index, self.seed)

    @property
    def first(self) -> str:
        """The id of the first article of the story."""
        return _name(self.index - self.index % RETELLINGS, self.seed)


class Told(NamedTuple):
    """One sentence of an article and the claims-entry that quotes it."""

    row: Entry
    wording: int
    sentence: str
    quote: str
    entry: Entry


@cache
def templates() -> dict[str, Tree]:
    """The sentences, things, conflicts and errors of corpus.toml."""
    return tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))


def scene_of(index: int, seed: int, rng: random.Random, error: str) -> Scene:
    """What the article at that place of the corpus is written from."""
    chain = relay(rng.randrange(OUTLETS), seed=seed)
    *_, source, last = (outlet(number)[1] for number in (chain[0], *chain))
    slots = story(index // RETELLINGS, seed=seed) | {
        "outlet": outlet(chain[-1])[0],
        "byline": f"{last}, citing {source}" if chain[1:] else last,
        "oversize": "far too long " * 400,
    }
    conflicts = list(templates()["conflict"])
    contradicts = index % 3 == 1 and index % RETELLINGS and not error
    return Scene(
        index,
        seed,
        slots,
        chain,
        conflict=conflicts[index // 3 % len(conflicts)] if contradicts else "",
        mistake=templates()["error"][error] if error else {},
    )


def _name(index: int, seed: int) -> str:
    return f"{index:06d}_{sha256(f'{seed}/{index}'.encode()).hexdigest()[:16]}"


def tell(scene: Scene, rng: random.Random) -> list[Told]:
    """The sentences of the article, in order."""
    return [_told(row, scene, rng) for row in _chosen(scene, rng)]


def _chosen(scene: Scene, rng: random.Random) -> Iterator[Entry]:
    """The statements to make: all of them in the first article of a story and where an error is."""
    wanted = templates()["conflict"].get(scene.conflict, {}).get("statement")
    for row in templates()["statement"]:
        kept = scene.opens or scene.mistake or "always" in row or rng.random() >= LEFT_OUT
        if row["name"] == wanted or (kept and "only_as_conflict" not in row):
            yield row


def _told(row: Entry, scene: Scene, rng: random.Random) -> Told:
    slots = scene.slots
    planted = templates()["conflict"].get(scene.conflict, {})
    if planted.get("statement") == row["name"]:
        slots = slots | {to: slots[source] for to, source in planted["slots"].items()}
    wording = 0 if scene.opens else rng.randrange(len(row["wordings"]))
    marked = row["wordings"][wording].format_map(slots)
    manner = {key: row[key] for key in MANNERS if key in row}
    entry = {"voice": row["voice"]} | filled(manner, slots) | filled(row["claims"], slots)
    start, end = MARKED.search(marked).span(1)
    sentence = marked[: start - 1] + marked[start:end] + marked[end + 1 :]
    return Told(row, wording, sentence, marked[start:end], entry)


def filled(tree: Tree, slots: Slots) -> Tree:
    """The tree with every {slot} in its keys and texts filled in."""
    if isinstance(tree, dict):
        return {key.format_map(slots): filled(item, slots) for key, item in tree.items()}
    if isinstance(tree, list):
        return [filled(item, slots) for item in tree]
    return tree.format_map(slots) if "{" in tree else tree
