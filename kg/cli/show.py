"""Show a thing as the sources tell it: what is said of it, by whom, how sure, in which words."""

import argparse
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.words import count, prose, spaced, stated, words
from kg.cli.words import shared as shared_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.profile import Profile
    from kg.standing import Attested

HELP = "show what is said of a thing, by whom, how sure"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "a thing by name, id (transfer/uav-ir-ru), CURIE or IRI"
    verb.add_argument("thing", metavar="THING", help=what)
    what = "only what this view holds, such as us, two-origins or known-2022 (default: all claims)"
    verb.add_argument("--view", default="", metavar="VIEW", help=what)
    json_option(verb)


def run(options: argparse.Namespace) -> int:
    """Print the profile."""
    from kg.profile import profile  # noqa: PLC0415 -- brings the engine
    from kg.resolve import known_view, resolve  # noqa: PLC0415 -- as above

    with shared.store(options) as store:
        view = known_view(store, options.view) if options.view else ""
        answer = profile(store, resolve(store, options.thing), view)
    tell(answer, _lines, options)
    return 0


def _lines(answer: "Profile") -> "Iterator[str]":
    yield answer.thing.label
    also = f" · also {', '.join(answer.thing.also)}" if answer.thing.also else ""
    yield prose(f"{answer.thing.id} · {answer.thing.kind}{also}")
    claims, origins = count(answer.claims, "claim"), count(len(answer.origins), "origin")
    names = f" ({', '.join(answer.origins)})" if answer.origins else ""
    yield prose(f"{claims} in {count(len(answer.articles), 'article')}, {origins}{names}")
    yield from _identities(answer)
    key = ""
    for each in answer.said:
        if each.key != key:
            yield from ("", spaced(each.key))
            key = each.key
        yield from _attested(each)
    yield from _mentions(answer)
    yield from _conflicts(answer)


def _identities(answer: "Profile") -> "Iterator[str]":
    means = {"positive": "means this", "negative": "does not mean this", "unsure": "may mean this"}
    for each in answer.identities:
        told = f"“{each.written}” {means[each.verdict]} ({each.certainty}): {each.because}"
        yield prose(f"{told} (judged by {each.by})")


def _attested(each: "Attested") -> "Iterator[str]":
    denied = "not " * (each.polarity == "denied")
    origins = f"{count(len(each.origins), 'origin')}: {', '.join(each.origins)}"
    who = origins if each.origins else "inferred"
    yield prose(f"{denied}{each.value_label} · {who}", 2)
    yield from shared_words(each.statements, 4)


def _mentions(answer: "Profile") -> "Iterator[str]":
    if answer.mentions:
        yield from ("", f"named in what is said of {_others(answer)}")
    for each in answer.mentions:
        yield prose(f"{each.thing_label} · {stated(each)}", 2)
        yield from words(each, 4)


def _others(answer: "Profile") -> str:
    return count(len({each.thing for each in answer.mentions}), "other thing")


def _conflicts(answer: "Profile") -> "Iterator[str]":
    if answer.conflicts:
        yield from ("", "where the sources differ")
    for each in answer.conflicts:
        yield prose(f"{spaced(each.kind)}: {each.explanation}", 2)
