"""Quotes against texts: where each stands, whether it is copied right, and how much is quoted."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import yaml

from kg.claims import checksum
from kg.errors import InputError, Problem
from kg.mapping import ArticleMapping, Quoted
from kg.source import Key
from kg.values import Text, wording_of

__all__ = ["MOST_QUOTED", "anchor", "article_text", "check_text", "quoted_share"]

MOST_QUOTED = 0.25
"""The share of an article's body that a mapping may quote."""

Span = tuple[int, int]


def article_text(folder: Path, article: str) -> str | None:
    """The text of the article, with its line ends as they are; None where it is not at hand."""
    path = folder / f"{article}.txt"
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else None
    except UnicodeDecodeError as error:
        raise InputError(Problem(str(path), 0, "", f"not UTF-8: {error}")) from error


# -- writing


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def anchor(source: str, mapping: ArticleMapping, text: str) -> str:
    """The mapping's YAML with the offsets and checksum of every quote written beside it.

    Everything else in it, comments included, stays as it is. Raises InputError where a quote is
    not in the text, or is there more often than the mapping says.
    """
    spans: dict[Key, Span] = {}
    problems: list[Problem] = []
    for quoted in mapping.quoted():
        try:
            spans[quoted.key] = _find(mapping, quoted, text)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    nodes = dict(_maps(yaml.compose(source, Loader=yaml.CBaseLoader)))
    edits = [e for key, span in spans.items() for e in _edits(source, nodes[key], span, text)]
    for edit in sorted(edits, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


def _maps(node: yaml.Node | None, key: Key = ()) -> Iterator[tuple[Key, yaml.MappingNode]]:
    """The maps of a YAML text, each with its key."""
    if isinstance(node, yaml.MappingNode):
        yield key, node
        for name, value in node.value:
            yield from _maps(value, (*key, name.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _maps(value, (*key, number))


def _edits(source: str, node: yaml.MappingNode, span: Span, text: str) -> Iterator[_Edit]:
    keys = {key.value: (key, value) for key, value in node.value}
    key, quote = keys["quote"]
    start, end = span
    fields = {"at": f"{start}-{end}", "sum": checksum(text[start:end])}
    new = {name: word for name, word in fields.items() if name not in keys}
    for name in fields.keys() - new.keys():
        value = keys[name][1]
        yield _Edit(value.start_mark.index, value.end_mark.index, fields[name])
    if new and node.flow_style:
        place = quote.end_mark.index
        yield _Edit(place, place, "".join(f", {name}: {word}" for name, word in new.items()))
    elif new:
        # a folded text (>-) ends after its line feed: its last line is that of its last word
        place = len(source[: quote.end_mark.index].rstrip())
        place += len(source[place:].partition("\n")[0])
        indent = "\n" + " " * key.start_mark.column
        yield _Edit(place, place, "".join(f"{indent}{name}: {w}" for name, w in new.items()))


# -- checking


def _find(mapping: ArticleMapping, quoted: Quoted, text: str) -> Span:
    first, *rest = quoted.parts
    places = list(_occurrences(text, first))
    key = (*quoted.key, "quote")
    if not places:
        hint = "copy it byte for byte, curly quotes and all, then run `caspian anchor`"
        raise InputError(mapping.document.problem(key, f"{first!r} is not in the text", hint))
    if len(places) < quoted.nth or (len(places) > 1 and "nth" not in _entry(mapping, quoted)):
        message = f"{first!r} stands {len(places)} times in the text"
        hint = f"say which: nth: 1 to nth: {len(places)}"
        raise InputError(mapping.document.problem(key, message, hint))
    start = places[quoted.nth - 1]
    end = start + len(first)
    for last in rest:
        found = text.find(last, end)
        if found < 0:
            raise InputError(mapping.document.problem(key, f"{last!r} does not follow {first!r}"))
        end = found + len(last)
    return start, end


def _entry(mapping: ArticleMapping, quoted: Quoted) -> dict[str, object]:
    tree = mapping.document.tree
    for part in quoted.key:
        tree = tree[part]
    return dict(tree)


def _occurrences(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def check_text(mapping: ArticleMapping, text: str) -> tuple[Problem, ...]:
    """All that is wrong with the mapping when it is held against the article's text."""
    return tuple(_wrong(mapping, text))


def _wrong(mapping: ArticleMapping, text: str) -> Iterator[Problem]:
    document = mapping.document
    if sha256(text.encode()).hexdigest() != mapping.sha256:
        yield document.problem(("sha256",), "is not that of the text", "is it the same article?")
        return
    if len(text) != mapping.length:
        yield document.problem(("length",), f"the text has {len(text)} characters")
    if mapping.body[1] > len(text):
        yield document.problem(("body",), f"ends after the text's {len(text)} characters")
    for key, words in ((("headline",), mapping.headline), *_roles(mapping)):
        if words not in text:
            yield document.problem(key, f"{words!r} is not in the text", "copy it")
    for quoted in mapping.quoted():
        yield from _misplaced(mapping, quoted, text)
    yield from _not_in_passage(mapping, text)
    if (share := quoted_share(mapping, text)) > MOST_QUOTED:
        message = f"{share:.1%} of the article's body is quoted, {MOST_QUOTED:.0%} is the most"
        yield document.problem((), message, "shorten quotes, or bridge them with …")


def _roles(mapping: ArticleMapping) -> Iterator[tuple[Key, str]]:
    return ((("voices", voice.key, "role"), voice.role) for voice in mapping.voices.values())


def _misplaced(mapping: ArticleMapping, quoted: Quoted, text: str) -> Iterator[Problem]:
    key = (*quoted.key, "quote")
    hint = f"run `caspian anchor {mapping.document.file}`"
    passage = quoted.passage
    if passage is None:
        yield mapping.document.problem(key, "the quote has no offsets yet", hint)
        return
    try:
        start, end = _find(mapping, quoted, text)
    except InputError as error:
        yield from error.problems
        return
    if (start, end) != (passage.start, passage.end):
        message = f"the quote stands at {start}-{end}, not at {passage.start}-{passage.end}"
        yield mapping.document.problem((*quoted.key, "at"), message, hint)
    elif checksum(text[start:end]) != passage.checksum:
        message = "is not the checksum of the passage"
        yield mapping.document.problem((*quoted.key, "sum"), message, hint)


def _not_in_passage(mapping: ArticleMapping, text: str) -> Iterator[Problem]:
    """Hedge cues and claimed words that the passage does not hold."""
    for said in mapping.said:
        if said.quoted.passage is None:
            continue
        words = text[said.quoted.passage.start : said.quoted.passage.end]
        if said.cue not in words:
            key = (*said.quoted.key, "cue")
            yield mapping.document.problem(key, f"{said.cue!r} is not in the passage")
        for frame in said.frames:
            for name, value, line in frame.values:
                if (wording := wording_of(value)) not in words:
                    key = (*said.quoted.key, frame.thing, name)
                    message = f"{wording!r} is not in the passage"
                    problem = mapping.document.problem(key, message, "copy it byte for byte")
                    yield replace(problem, line=line)


# -- how much is quoted


def quoted_share(mapping: ArticleMapping, text: str) -> float:
    """The share of the body's characters that stand in the mapping, each counted once.

    The headline names the article, as any bibliography does, and does not count; nor do the names,
    numbers and dates a value keeps as they were written.
    """
    kept: set[int] = set()
    for span in _kept(mapping, text):
        kept.update(range(*span))
    start, end = mapping.body
    headline = text.find(mapping.headline) if mapping.headline else end
    kept.difference_update(range(headline, headline + len(mapping.headline)))
    return len(kept.intersection(range(start, end))) / (end - start)


def _kept(mapping: ArticleMapping, text: str) -> Iterator[Span]:
    """The stretches of text the mapping holds: quotes, roles, hedge cues, claimed words."""
    for quoted in mapping.quoted():
        if passage := quoted.passage:
            first, last = passage.parts[0], passage.parts[-1]
            yield passage.start, passage.start + len(first)
            yield passage.end - len(last), passage.end
    for _, words in _roles(mapping):
        yield from _within(text, words, 0, len(text))
    for said in mapping.said:
        if passage := said.quoted.passage:
            values = (value for frame in said.frames for _, value, _ in frame.values)
            claimed = (value.text for value in values if isinstance(value, Text))
            for words in (said.cue, *claimed):
                yield from _within(text, words, passage.start, passage.end)


def _within(text: str, words: str, start: int, end: int) -> Iterator[Span]:
    place = text.find(words, start, end)
    if place >= 0:
        yield place, place + len(words)
