"""Tell what was said of a thing, and of its parts, in the order in which it was said."""

import argparse
from itertools import groupby
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.words import prose, stated, when, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.timeline import Entry, Timeline

HELP = "tell what was said of a thing, and when"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "a thing by name, id (cooperation/uav-production-in-russia), CURIE or IRI"
    verb.add_argument("thing", metavar="THING", help=what)
    json_option(verb)


def run(options: argparse.Namespace) -> int:
    """Print the timeline."""
    from kg.resolve import resolve  # noqa: PLC0415 -- brings the engine
    from kg.timeline import timeline  # noqa: PLC0415 -- as above

    with shared.store(options) as store:
        answer = timeline(store, resolve(store, options.thing))
    tell(answer, _lines, options)
    return 0


def _lines(answer: "Timeline") -> "Iterator[str]":
    links = {"part of": "is part of", "serves": "serves"}
    yield answer.label
    for part in answer.parts:
        whole = "it" if part.whole == answer.thing else part.whole_label
        yield prose(f"with {part.label}, which {links[part.link]} {whole}", 2)
    if not answer.entries:
        yield "Nothing is said of it."
    for (first, last, by), entries in groupby(answer.entries, key=_date):
        published = " (published)" * (by == "publication")
        yield from ("", f"{when(first, last)}{published}")
        yield from _day([*entries])


def _date(entry: "Entry") -> tuple[str, str, str]:
    return entry.said_from, entry.said_to, entry.dated_by


def _day(entries: "list[Entry]") -> "Iterator[str]":
    for (_, label), of_thing in groupby(entries, key=lambda each: (each.thing, each.thing_label)):
        yield f"  {label}"
        for entry in of_thing:
            status = [f"[{name}]" for name in entry.status]
            others = (stated(each) for each in entry.statements if each.key != "status")
            yield prose(f"{' '.join(status)} {'; '.join(others)}".strip(), 4)
            yield from words(entry.statements[0], 6)
