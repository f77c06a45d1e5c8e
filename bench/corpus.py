"""Synthetic articles of the shape of the real five, their mappings, and a key of what is planted.

    python bench/corpus.py 1000 --seed 7 --out bench/out/1000 [--errors 50] [--text-files]

writes, one JSON object a line, `corpus.jsonl` (the mappings, anchored: every quote has its
offsets and its checksum), `texts.jsonl` ({"article", "text"}) and `key.jsonl` (planted conflicts,
drifts and errors, with line and key path). The same N, seed and errors give the same bytes; memory
does not grow with N. What the articles say is data: corpus.toml.

Eight articles tell one story. The first says all that the story holds; the others repeat most of
it, often in other words, through relays of one to four outlets, and some contradict it in one way.
All names are invented, so a corpus never mixes with the real graph.
"""

import argparse
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from planting import contradicting, drifting, spoil
from telling import RETELLINGS, Entry, Scene, Told, Tree, filled, scene_of, tell, templates
from world import outlet, story

LONG = 58  # characters of a quote, before it is bridged
REPEATED = "placing"
APPEAL = "Journalists work on a front line of their own. Support us!"
BOILERPLATE = (
    "Share it...\n\nLeave a Reply\n\nYour email address will not be published."
    "\u00a0Required fields are marked *\n"
)


class Article(NamedTuple):
    """One article: its line of the corpus, its text, and what is planted in it."""

    line: str
    name: str
    text: str
    planted: tuple[Entry, ...]


def articles(count: int, *, seed: int, errors: int = 0) -> Iterator[Article]:
    """The articles of a corpus, in order; `errors` of them, evenly spread, hold one error each."""
    kinds = list(templates()["error"])
    planted = 0
    for index in range(count):
        due = (index + 1) * errors // count
        yield article(index, seed=seed, error=kinds[planted % len(kinds)] if due > planted else "")
        planted = due


def article(index: int, *, seed: int, error: str = "") -> Article:
    """The article at that place of the corpus, with an error of that kind planted in it."""
    rng = random.Random(f"{seed}/article/{index}")
    source = scene_of(index, seed, rng, error)
    told = tell(source, rng)
    text, body = _compose(told, source)
    mapping = _mapping(text, body, told, source)
    planted = [*contradicting(told, source), *drifting(told, source)]
    if error:
        found = source.mistake.get("found", "compile")
        path = spoil(mapping, source)
        planted.append({"plant": "error", "kind": error, "path": path, "found": found})
    where = {"line": index + 1, "article": source.name}
    line = _json(mapping)
    return Article(
        line[: len(line) // 2] if "cut" in source.mistake else line,
        source.name,
        text,
        tuple(plant | where for plant in planted),
    )


def _compose(told: list[Told], scene: Scene) -> tuple[str, int]:
    """The text, and where its body ends; a tenth of the articles say one sentence twice."""
    headline, *sentences = [one.sentence for one in told]
    if "repeat" in scene.mistake or scene.index % 10 == 5:
        sentences += [one.sentence for one in told if one.row["name"] == REPEATED]
    filler = cycle(templates()["filler"])
    paragraphs = [f"{one} {next(filler)}" for one in sentences]
    text = "\n\n".join([headline, scene.slots["byline"], *paragraphs, APPEAL, ""])
    return text + BOILERPLATE, len(text)


def _mapping(text: str, body: int, told: list[Told], scene: Scene) -> Entry:
    slots, headline = scene.slots, told[0].quote
    why = "the plant serves the cooperation it is reported with"
    inferred = {"because": why, f"project/s{slots['n']}": {"partOf": f"cooperation/s{slots['n']}"}}
    mapping = {
        "article": scene.name,
        "sha256": sha256(text.encode()).hexdigest(),
        "length": str(len(text)),
        "body": f"0-{body}",
        "outlet": slots["outlet"],
        "headline": headline,
        "published": {"edtf": slots["day"], "because": "the day of the briefing it reports"},
        "voices": _voices(text, told, scene),
        "claims": [*_claims(text, told)],
        "inferences": [anchored(text, 0, headline) | inferred],
        "unmapped": [anchored(text, text.index(APPEAL), APPEAL) | {"because": "an appeal"}],
    }
    return mapping | {"things": _things(_json(mapping), scene)}


def _voices(text: str, told: list[Told], scene: Scene) -> dict[str, Entry]:
    """Who speaks in the article; its byline attests the relay of everybody but the page itself."""
    byline = scene.slots["byline"]
    attested = anchored(text, text.index(f"\n{byline}\n") + 1, byline)
    relayed = {"relay": [outlet(number)[0] for number in scene.chain[:-1]]} | attested
    heard = relayed if scene.chain[1:] else {}
    used = {one.row["voice"] for one in told}
    voices = filled(templates()["voice"], scene.slots)
    return {key: voices[key] | ({} if key == "page" else heard) for key in voices if key in used}


def _claims(text: str, told: list[Told]) -> Iterator[Entry]:
    cursor = 0
    for one in told:
        start = text.index(one.quote, cursor)
        cursor = start + len(one.quote)
        yield anchored(text, start, one.quote, whole="whole" in one.row) | one.entry


def anchored(text: str, start: int, passage: str, *, whole: bool = True) -> Entry:
    """The passage as a mapping quotes it; `nth` says which it is, where its words occur again."""
    shown = passage if whole or len(passage) <= LONG else bridged(text, start, passage)
    opening = shown.partition("…")[0]
    many = text.count(opening) > 1
    return {
        "quote": shown,
        "at": f"{start}-{start + len(passage)}",
        "sum": sha256(passage.encode()).hexdigest()[:16],
    } | ({"nth": str(text.count(opening, 0, start) + 1)} if many else {})


def bridged(text: str, start: int, passage: str) -> str:
    """The first and the last words of a long passage, with one … for what stands between."""
    words = passage.split(" ")
    opening, end = " ".join(words[:2]), start + len(passage)
    for kept in range(2, len(words) - 2):
        closing = " ".join(words[-kept:])
        if text.index(closing, start + len(opening)) + len(closing) == end:
            return f"{opening}…{closing}"
    return passage


def _things(mentioned: str, scene: Scene) -> dict[str, Entry]:
    """What the mapping mentions, and what that mentions in turn (it stands further down)."""
    things = {}
    for name, fields in story_things(scene.index // RETELLINGS, seed=scene.seed).items():
        if f'"{name}"' in mentioned:
            things[name] = dict(fields)
            mentioned += _json(fields)
    named = (outlet(number) for number in scene.chain)
    return things | {name: {"type": "NewsOrganisation", "label": label} for name, label in named}


@lru_cache(maxsize=64)
def story_things(number: int, *, seed: int) -> dict[str, Entry]:
    """All things of a story, declared."""
    return filled(templates()["thing"], story(number, seed=seed))


def _json(tree: Tree) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


# ── the command ─────────────────────────────────────────────────────────────────────────────────


def write(made: Iterator[Article], out: Path, *, text_files: bool = False) -> int:
    """Writes the articles to the folder as they are made; gives how many things are planted."""
    out.mkdir(parents=True, exist_ok=True)
    texts = out / "texts"
    if text_files:
        texts.mkdir(exist_ok=True)
    planted = 0
    with ExitStack() as files:
        corpus, bodies, key = (
            files.enter_context((out / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n"))
            for name in ("corpus", "texts", "key")
        )
        for one in made:
            corpus.write(one.line + "\n")
            bodies.write(_json({"article": one.name, "text": one.text}) + "\n")
            key.writelines(_json(plant) + "\n" for plant in one.planted)
            planted += len(one.planted)
            if text_files:
                (texts / f"{one.name}.txt").write_text(one.text, encoding="utf-8", newline="\n")
    return planted


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, metavar="N", help="how many articles")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another corpus")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--errors", type=int, default=0, metavar="K", help="articles with an error")
    parser.add_argument("--text-files", action="store_true", help="also DIR/texts/<article>.txt")
    given = parser.parse_args()
    if not 0 <= given.errors <= given.count:
        parser.error("--errors: at most one error an article")
    made = articles(given.count, seed=given.seed, errors=given.errors)
    planted = write(made, given.out, text_files=given.text_files)
    print(f"{given.count} articles, {planted} planted things in {given.out}")


if __name__ == "__main__":
    main()
