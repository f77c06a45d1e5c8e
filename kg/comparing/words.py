"""Words: one statement quoted in two ways, one thing under two names."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from kg.comparing.group import Context, Found, Group, by, first_of_each, pairs
from kg.measures import same
from kg.phrasing import name, words
from kg.records import Record
from kg.values import Ref, Text, wording_of

__all__ = ["found", "similarity", "tokens"]

_TOKEN = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_QUOTED = frozenset({"direct", "partial"})
_ENDING = re.compile(r"(ing|ed|es|s|e)$")
_SAME_START = 4
"""Letters from which two words with one beginning are forms of one word, for our purpose."""


def tokens(text: str) -> list[str]:
    """The words of a text, in small letters.

    >>> tokens("full-scale…harmful to Ukraine’s")
    ['full', 'scale', 'harmful', 'to', 'ukraine’s']
    """
    return [found.lower() for found in _TOKEN.findall(text)]


def similarity(one: str, other: str) -> float:
    """How alike two texts are word by word, from 0 to 1.

    >>> similarity("a full-scale defense partnership", "a large-scale defense partnership")
    0.8
    """
    return SequenceMatcher(None, tokens(one), tokens(other), autojunk=False).ratio()


def found(group: Group, context: Context) -> Iterator[Found]:
    """Where words differ that report one statement or name one thing."""
    rules = context.rules
    for key, records in group.affirmed.items():
        if isinstance(records[0].value, Text):
            if key in rules.names:
                yield from _star("naming", records, lambda r: str(same(r.value)), context)
            elif key in rules.means:
                yield from _star("venue", records, lambda r: str(same(r.value)), context)
            else:
                yield from _wording(records, context)
        elif isinstance(records[0].value, Ref):
            yield from _names(records, context)
        yield from _quotations(records, context)


def _star(
    rule: str, records: Sequence[Record], text: Callable[[Record], str], context: Context
) -> Iterator[Found]:
    """Each distinct text against the first."""
    first, *others = first_of_each(records, text)
    for other in others:
        slots = (
            ("first_name", name(first, context.known)),
            ("second_name", name(other, context.known)),
        )
        if first.article != other.article:
            alike = f"token similarity {similarity(text(first), text(other)):.2f}"
            yield Found(
                rule, first, other, alike, extra=slots, once=(rule, text(first), text(other))
            )


def _names(records: Sequence[Record], context: Context) -> Iterator[Found]:
    """One thing under two names."""

    def called(record: Record) -> str:
        written = wording_of(record.value)
        prefix, _, _ = str(same(record.value)).partition("/")
        if not written and prefix in context.rules.written_as_labelled:
            written = context.known.label(str(same(record.value)))
        return written.removesuffix("s")

    for said in by((r for r in records if called(r)), lambda r: same(r.value)).values():
        yield from _star("naming", said, called, context)


def _wording(records: Sequence[Record], context: Context) -> Iterator[Found]:
    """One statement, quoted with different words for one property."""
    quoted_first = sorted(records, key=lambda r: r.form not in _QUOTED)
    for told in by(quoted_first, lambda r: r.telling.sentence).values():
        ways = first_of_each(told, lambda r: (same(r.value), r.article))
        for one, other in pairs(ways, context.rules.limits.most):
            if one.article != other.article and same(one.value) != same(other.value):
                alike = similarity(words(one), words(other))
                compared = f"token similarity of the words kept {alike:.2f}"
                yield Found("wording", one, other, compared)


def _quotations(records: Sequence[Record], context: Context) -> Iterator[Found]:
    """The same stretch of one statement, in words that are not the same."""
    told = by(records, lambda r: (same(r.value), r.telling.sentence))
    for said in told.values():
        ways = first_of_each(said, lambda r: r.passage.checksum)
        for one, other in pairs(ways, context.rules.limits.most):
            if one.article != other.article and (rule := _differ(one, other, context)):
                yield _quoted(rule, one, other, context)


def _quoted(rule: str, one: Record, other: Record, context: Context) -> Found:
    shown = words(one), words(other)
    compared = f"token similarity of the words kept {similarity(*shown):.2f}"
    if shown[0] == shown[1]:
        compared = "the same ends, and other words between: the checksums differ"
    slots = (
        ("first_words", shown[0]),
        ("second_words", shown[1]),
        ("speaker", context.known.label(one.telling.speaker)),
        ("compared_words", f" ({compared})"),
    )
    passages = frozenset([(one.article, one.passage), (other.article, other.passage)])
    return Found(rule, one, other, compared, extra=slots, once=("words", passages))


def _differ(one: Record, other: Record, context: Context) -> str:
    """The rule by which two passages are one statement in other words.

    None where they may be other stretches of it.
    """
    if _tense(one, other, context):
        return "tense"
    quoted = one.form in _QUOTED and other.form in _QUOTED
    return "quotation" if quoted and _one_stretch(one, other) else ""


def _one_stretch(one: Record, other: Record) -> bool:
    first, second = (tokens(" ".join(each.passage.parts)) for each in (one, other))
    return (
        bool(first and second)
        and _alike_words(first[0], second[0])
        and _alike_words(first[-1], second[-1])
    )


def _alike_words(one: str, other: str) -> bool:
    start = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )
    return one == other or start >= _SAME_START


def _tense(one: Record, other: Record, context: Context) -> bool:
    first, second = (_verb(each, context) for each in (one, other))
    return (
        first != second
        and _ENDING.sub("", first[-1]) == _ENDING.sub("", second[-1]) != ""
        and any(verb[-1].endswith(("ing", "ed")) for verb in (first, second))
    )


def _verb(record: Record, context: Context) -> list[str]:
    """The helping words a passage begins with, and the word after them."""
    said = tokens(record.passage.parts[0])
    helping = [*takewhile(lambda word: word in context.rules.auxiliaries, said)]
    return said[: len(helping) + 1] or [""]
