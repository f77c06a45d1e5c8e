"""Tell how many independent origins stand behind what is said, and by which ways it came."""

import argparse
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.words import count, prose, spaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.standing import Attested, Origin, OriginAnswer

HELP = "tell how many independent origins stand behind a thing"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "a thing by name, id, CURIE or IRI (default: every origin there is)"
    verb.add_argument("thing", nargs="?", metavar="THING", help=what)
    json_option(verb)


def run(options: argparse.Namespace) -> int:
    """Print the origins."""
    from kg.resolve import resolve  # noqa: PLC0415 -- brings the engine
    from kg.standing import origins, origins_of  # noqa: PLC0415 -- as above

    with shared.store(options) as store:
        if options.thing:
            answer = origins_of(store, resolve(store, options.thing))
        else:
            answer = origins(store)
    tell(answer, _lines, options)
    return 0


def _lines(answer: "OriginAnswer") -> "Iterator[str]":
    number = count(len(answer.origins), "independent origin")
    yield f"{answer.label}: {number}" if answer.thing else number
    for origin in answer.origins:
        yield ""
        yield from _origin(origin)
    if answer.attested:
        yield from ("", "what they say")
    for each in answer.attested:
        yield from _attested(each)


def _origin(origin: "Origin") -> "Iterator[str]":
    amount = (count(origin.claims, "claim"), count(origin.articles, "article"))
    by = f"{', '.join(amount)}, {count(origin.outlets, 'outlet')}"
    interests = "".join(f" · {spaced(interest)}" for interest in origin.interests)
    yield prose(f"{origin.label} · {by}{interests}")
    for root in origin.roots:
        yield prose(f"from {root}", 2)
    for chain in origin.chains:
        yield prose(f"by   {chain}", 2, 5)


def _attested(each: "Attested") -> "Iterator[str]":
    denied = "not " * (each.polarity == "denied")
    behind = f"{count(len(each.origins), 'origin')} ({', '.join(each.origins)})"
    articles = count(len(each.articles), "article")
    yield prose(f"{spaced(each.key)}: {denied}{each.value_label} · {behind}, {articles}", 2)
