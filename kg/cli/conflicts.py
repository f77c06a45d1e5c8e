"""Tell where the sources differ: each conflict in a sentence, with the two claims and the rule."""

import argparse
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.words import count, prose, spaced, stated, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.conflicts import Conflict, ConflictAnswer

HELP = "tell where the sources differ, and by which rule"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "only where claims on this thing differ: a name, id, CURIE or IRI"
    verb.add_argument("thing", nargs="?", metavar="THING", help=what)
    what = "relations of this kind, such as corroborates, or all (default: the conflicts)"
    verb.add_argument("--kind", default="", metavar="KIND", help=what)
    json_option(verb)


def run(options: argparse.Namespace) -> int:
    """Print the conflicts; that there are none is an answer too."""
    from kg.conflicts import conflicts  # noqa: PLC0415 -- brings the engine
    from kg.resolve import resolve  # noqa: PLC0415 -- as above

    with shared.store(options) as store:
        thing = resolve(store, options.thing) if options.thing else ""
        answer = conflicts(store, thing, options.kind)
    tell(answer, _lines, options)
    return 0


def _lines(answer: "ConflictAnswer") -> "Iterator[str]":
    where = f" on {answer.thing}" if answer.thing else ""
    kinds = " or ".join(map(spaced, answer.kinds))
    if not answer.conflicts:
        yield prose(f"No two claims{where} are related in this way: {kinds}.")
        return
    found = {kind: sum(each.kind == kind for each in answer.conflicts) for kind in answer.kinds}
    told = (f"{spaced(kind)} {number}" for kind, number in found.items() if number)
    yield prose(f"{count(answer.total, 'relation')} between claims{where}: {', '.join(told)}")
    for each in answer.conflicts:
        yield ""
        yield from _conflict(each)


def _conflict(each: "Conflict") -> "Iterator[str]":
    yield prose(f"{spaced(each.kind)} · {each.first.thing_label} · rule {each.rule}")
    yield prose(each.explanation, 2, 0)
    if each.compared:
        yield prose(f"compared: {each.compared}", 2)
    for claim in (each.first, each.second):
        other = claim.thing != each.first.thing
        yield prose(f"{claim.thing_label} · {stated(claim)}" if other else stated(claim), 4)
        yield from words(claim, 6)
