"""Paths on the command line: what `caspian route` and `caspian connect` share."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg.cli import options as shared
from kg.cli.output import json_option, tell
from kg.cli.words import count, prose, spaced

if TYPE_CHECKING:
    from kg.paths import Answer, Found
    from kg.routing import Evidence, Hop

__all__ = ["arguments", "run"]

_MODES = ("shortest", "all-shortest", "k-shortest", "all", "earliest")
_RANKS = ("hops", "confidence", "distance", "date")

_OPTIONS: Mapping[str, Mapping[str, object]] = {
    "mode": {"choices": _MODES, "help": "which paths (default: all-shortest)"},
    "rank": {"choices": _RANKS, "help": "what paths are ranked by (default: hops)"},
    "k": {"type": int, "metavar": "N", "help": "most paths to print"},
    "max-hops": {"type": int, "metavar": "N", "help": "most hops of a path"},
    "direction": {"choices": ("out", "in", "either"), "help": "which way edges are taken"},
    "relations": {"action": "append", "metavar": "RELATION", "help": "only by this; repeatable"},
    "without": {"action": "append", "metavar": "RELATION", "help": "never by this; repeatable"},
    "cargo": {"action": "append", "metavar": "SYSTEM", "help": "only what carries this or a type"},
    "transport": {"action": "append", "metavar": "MODE", "help": "only by sea, air … or unstated"},
    "via": {"action": "append", "metavar": "NAME", "help": "only by way of this; repeatable"},
    "avoid": {"action": "append", "metavar": "NAME", "help": "never by way of this; repeatable"},
    "skip-degree": {"type": int, "metavar": "N", "help": "pass no node of more edges than this"},
    "view": {"metavar": "VIEW", "help": "whose account: any, us, iran, russia (default: any)"},
    "as-of": {"metavar": "DATE", "help": "only what had been published by then"},
    "after": {"metavar": "DATE", "help": "only hops that may be of then or later"},
    "before": {"metavar": "DATE", "help": "only hops that may be of then or earlier"},
    "time-respecting": {"action": "store_true", "help": "only hops that can follow each other"},
    "certainty": {"metavar": "TERM", "help": "only claims at least this sure, such as probable"},
    "origins": {"type": int, "metavar": "N", "help": "only hops of so many independent origins"},
    "evidence": {"choices": ("full", "refs", "none"), "help": "with its words, without, or none"},
    "edges": {"type": int, "metavar": "N", "help": "most edges to scan"},
    "cursor": {"metavar": "CURSOR", "help": "that of an answer, for the next paths"},
}


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what these verbs take."""
    shared.store_options(verb)
    what = "a thing by name, id (place/amirabad), CURIE or IRI"
    verb.add_argument("source", metavar="FROM", help=what)
    verb.add_argument("target", metavar="TO", help=what)
    for name, given in _OPTIONS.items():
        verb.add_argument(f"--{name}", default=argparse.SUPPRESS, **given)  # type: ignore[arg-type]
    forms = verb.add_mutually_exclusive_group()
    json_option(forms)
    forms.add_argument("--geojson", action="store_true", help="print the answer as GeoJSON")
    forms.add_argument("--markdown", action="store_true", help="print the answer as Markdown")


def run(options: argparse.Namespace, profile: str) -> int:
    """Print the paths; exit 1 where there is none."""
    from kg.asked import Asked  # noqa: PLC0415 -- brings networkx
    from kg.drawn import geojson_of, markdown_of  # noqa: PLC0415 -- as above
    from kg.network import network  # noqa: PLC0415 -- as above
    from kg.paths import find  # noqa: PLC0415 -- as above

    given = {name.replace("-", "_") for name in _OPTIONS} & vars(options).keys()
    more = {name: _value(getattr(options, name)) for name in given}
    asked = Asked((options.source,), (options.target,), profile=profile, **more)
    with shared.store(options) as store:
        answer = find(store, network(store), asked)
    if options.geojson or options.markdown:
        write = geojson_of if options.geojson else markdown_of
        sys.stdout.write(write(answer).decode().rstrip("\n") + "\n")
    else:
        tell(answer, _lines, options)
    return 0 if answer.paths else 1


# `Any`: what argparse makes of an option is of its type
def _value(given: Any) -> Any:  # noqa: ANN401
    return tuple(given) if isinstance(given, list) else given


def _lines(answer: "Answer") -> Iterator[str]:
    if not answer.paths:
        ends = (answer.sources, answer.targets)
        source, target = (" or ".join(dict.fromkeys(each.label for each in end)) for end in ends)
        yield prose(f"No path from {source} to {target}. {answer.reason or answer.why}")
        for each in answer.would_give:
            yield prose(f"Without {each.given}: {' → '.join(each.stops)}", 2)
        return
    for number, path in enumerate(answer.paths, start=1):
        if number > 1:
            yield ""
        yield from _path(path, f" ({number} of {len(answer.paths)})" * (len(answer.paths) > 1))
    if answer.why:
        yield from ("", prose(f"Not complete. {answer.why}"))
    if answer.cursor:
        yield from ("", f"More: --cursor {answer.cursor}")


def _path(path: "Found", which: str) -> Iterator[str]:
    yield prose(f"{' → '.join(stop.label for stop in path.stops)}{which}")
    origins = f"{count(len(path.origins), 'origin')} ({', '.join(path.origins)})"
    length = f" · {path.kilometres:,g} km" if path.kilometres else ""
    yield prose(f"confidence {path.confidence:g} · {origins}{length} · {path.time_order}")
    told: set[str] = set()
    for position, hop in enumerate(path.hops, start=1):
        yield ""
        yield from _hop(position, hop)
        yield from _around(hop, told)


def _hop(position: int, hop: "Hop") -> Iterator[str]:
    across = f", across {' and '.join(hop.across)}" if hop.across else ""
    cargo = f" · {', '.join(hop.cargo)}" if hop.cargo else ""
    means = f" · by means {hop.transport}{across}" if hop.relation == "leg" else ""
    status = f" · said to be {', '.join(hop.status)}" if hop.status else ""
    relation = "" if hop.relation == "leg" else f" · {spaced(hop.relation)}"
    arrow = "→" if hop.direction == "along" else "←"
    ends = f"{hop.source.label} {arrow} {hop.target.label}"
    yield prose(f"{position}. {ends}{relation}{cargo}{means}{status}", 0, 3)
    for claims in hop.passages:
        if any(claim.rests for claim in claims):
            yield from _passage(claims)
    for each in hop.parallel:
        told = [each.relation, *each.status, f"confidence {each.confidence:g}"]
        yield prose(f"also {each.label} ({', '.join(told)})", 3)


def _passage(claims: "tuple[Evidence, ...]") -> Iterator[str]:
    first = claims[0]
    if first.quotation:
        yield prose(f"“{first.quotation}”", 3, 1)
    hedge = f", hedged “{first.hedge_cue}”" if first.hedge_cue else ""
    denied = ", denied" * (first.polarity == "denied")
    how = f"{first.form}, {first.certainty}{hedge}{denied}"
    yield prose(f"says {first.chain or first.speaker_label} ({how})", 3)
    yield f"   article {first.article}, characters {first.start} to {first.end}"
    written = sorted({f"“{claim.wording}” for {claim.value}" for claim in claims if claim.wording})
    if written:
        yield prose(f"writes {', '.join(written)}", 3)


def _around(hop: "Hop", told: set[str]) -> Iterator[str]:
    """What supports the hop more roughly, and who denies what touches it; each once a path."""
    for each in hop.corroboration:
        if each.evidence.claim not in told:
            told.add(each.evidence.claim)
            origin = "another" if each.new_origin else "the same"
            where = f"article {each.evidence.article}, {origin} origin"
            yield prose(f"+ {each.supports}: {each.evidence.speaker_label} in {where}", 3)
    for denial in hop.denials:
        if denial.evidence.claim not in told:
            told.add(denial.evidence.claim)
            where = f"article {denial.evidence.article}"
            who = denial.evidence.principal_label
            yield prose(f"- {who} denies {denial.denied} ({where})", 3)
