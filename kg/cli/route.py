"""Tell how things get from one place to another, each leg with the words that attest it."""

import argparse
from textwrap import fill
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.table import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.paths import Evidence, Hop, RouteAnswer

HELP = "find the route between two places, with its evidence"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "a place by name, id (place/amirabad), CURIE or IRI"
    verb.add_argument("source", metavar="FROM", help=what)
    verb.add_argument("target", metavar="TO", help=what)
    what = "whose account: any, us, iran, russia (default: any)"
    verb.add_argument("--view", default="any", metavar="VIEW", help=what)
    json_option(verb)


def run(options: argparse.Namespace) -> int:
    """Print the routes; exit 1 where there is none."""
    from kg.paths import routes  # noqa: PLC0415 -- brings networkx
    from kg.resolve import resolve  # noqa: PLC0415 -- as above

    with shared.store(options) as store:
        source = resolve(store, options.source, "Place")
        target = resolve(store, options.target, "Place")
        answer = routes(store, source=source, target=target, view=options.view)
    tell(answer, _lines, options)
    return 0 if answer.routes else 1


def _lines(answer: "RouteAnswer") -> "Iterator[str]":
    if not answer.routes:
        yield f"No route from {answer.source.label} to {answer.target.label}: {answer.reason}"
        return
    for number, route in enumerate(answer.routes, start=1):
        stops = [route.hops[0].source.label, *(hop.target.label for hop in route.hops)]
        count = f" ({number} of {len(answer.routes)})" if len(answer.routes) > 1 else ""
        yield f"{' → '.join(stops)}{count}"
        for position, hop in enumerate(route.hops, start=1):
            yield ""
            yield from _hop(position, hop)


def _hop(position: int, hop: "Hop") -> "Iterator[str]":
    across = f", across {' and '.join(hop.across)}" if hop.across else ""
    cargo = f" · {', '.join(hop.cargo)}" if hop.cargo else ""
    mode = hop.mode.replace("not-stated", "by means not stated")
    yield f"{position}. {hop.source.label} → {hop.target.label}{cargo} · {mode}{across}"
    for claims in hop.passages:
        yield from _passage(claims)


def _passage(claims: "tuple[Evidence, ...]") -> "Iterator[str]":
    first = claims[0]
    hedge = f", hedged “{first.hedge_cue}”" if first.hedge_cue else ""
    denied = ", denied" * (first.polarity == "denied")
    yield fill(f"“{first.quotation}”", WIDTH, initial_indent="   ", subsequent_indent="    ")
    how = f"{first.form}, {first.certainty}{hedge}{denied}"
    yield f"   says {first.chain or first.speaker_label} ({how})"
    yield f"   article {first.article}, characters {first.start} to {first.end}"
    written = sorted({f"“{claim.wording}” for {claim.value}" for claim in claims if claim.wording})
    if written:
        yield f"   writes {', '.join(written)}"
