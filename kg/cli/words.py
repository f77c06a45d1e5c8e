"""Claims in words, as several verbs print them, within 100 columns."""

from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from kg.cli.table import WIDTH

if TYPE_CHECKING:
    from kg.statements import Statement

__all__ = ["count", "how", "prose", "says", "shared", "spaced", "stated", "when", "words"]


def prose(text: str, indent: int = 0, more: int = 2) -> str:
    """The text in lines that fit, its further lines indented a little more.

    >>> prose("Iran supplies drones", 2)
    '  Iran supplies drones'
    """
    first, rest = " " * indent, " " * (indent + more)
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def spaced(key: str) -> str:
    """The name of a property or a kind, as words.

    >>> spaced("fullyOperational"), spaced("internal-conflict")
    ('fully operational', 'internal conflict')
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in key).replace("-", " ").strip()


def count(number: int, one: str, several: str = "") -> str:
    """How many there are, in words that agree.

    >>> count(1, "origin"), count(2, "origin")
    ('1 origin', '2 origins')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def stated(statement: "Statement") -> str:
    """The property and the value, with the article's wording where that differs."""
    label = statement.value_label
    wording = statement.wording
    written = f" (“{wording}”)" if wording and wording != label else ""
    denied = "not " * (statement.polarity == "denied")
    return f"{spaced(statement.key)}: {denied}{label}{written}"


def how(statement: "Statement") -> str:
    """In which form it is said and how sure: indirect, possible, hedged “could”."""
    parts = (
        spaced(statement.form),
        statement.certainty,
        f"hedged “{statement.hedge_cue}”" * bool(statement.hedge_cue),
        "denied" * (statement.polarity == "denied"),
        spaced(statement.interest),
    )
    return ", ".join(filter(None, parts))


def says(statement: "Statement") -> str:
    """In which article who says it, through whom, and how."""
    article = statement.article.partition("_")[0]
    if statement.inferred:
        return f"{article}: the editors infer it from these words"
    return f"{article}: {statement.chain or statement.speaker_label} ({how(statement)})"


def words(statement: "Statement", indent: int) -> Iterator[str]:
    """The quotation, and in which article who says it: two lines or more."""
    yield prose(f"“{statement.quotation}”", indent, 1)
    yield prose(says(statement), indent + 1, 5)


def shared(group: "Sequence[Statement]", indent: int) -> Iterator[str]:
    """The words of claims that rest on the same ones in the same voice, each once."""
    seen: set[tuple[str, str]] = set()
    for each in group:
        told = (each.quotation, says(each))
        if told not in seen:
            seen.add(told)
            yield from words(each, indent)


def when(first: str, last: str) -> str:
    """A date between two days, open where one is not given.

    >>> when("2022-07-19", "2022-12-31"), when("2023-06-09", "2023-06-09"), when("", "2022-02-24")
    ('2022-07-19 to 2022-12-31', '2023-06-09', 'until 2022-02-24')
    """
    if first == last:
        return first or "at a time not known"
    if not first or not last:
        return f"from {first}" if first else f"until {last}"
    return f"{first} to {last}"
