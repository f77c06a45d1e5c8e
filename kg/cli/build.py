"""Compile, check and validate the mappings, and switch to the graph they make."""

import argparse
import sys
from time import perf_counter
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.progress import telling, ticking
from kg.resources import folder

if TYPE_CHECKING:
    from kg.build import Built

HELP = "build the graph: compile, check, validate, switch"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.seeds(verb)
    shared.texts(verb)
    shared.data(verb)
    what = "stream a corpus larger than memory: all is checked but quotes against texts"
    verb.add_argument("--stream", action="store_true", help=what)
    what = "how many of the graphs built before to keep, for who still reads them (default: 2)"
    verb.add_argument("--keep", type=_count, default=2, metavar="N", help=what)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("it is 0 or more")
    return count


def run(options: argparse.Namespace) -> int:
    """Build, then print what was built."""
    from kg.build import build, check, stream  # noqa: PLC0415 -- `caspian --help` builds nothing
    from kg.snapshot import prune  # noqa: PLC0415 -- as above

    started = perf_counter()
    corpus, files = shared.corpus(options), shared.files(options)
    if options.stream:
        with ticking("articles") as tick:
            built = stream(corpus, files, options.data, tick, shapes=folder("shapes"))
        prune(options.data, options.keep)
        sys.stdout.write(_summary(built, "0", 0, perf_counter() - started))
        return 0
    texts = shared.texts_folder(options)
    with telling() as tell:
        checked = check(corpus, files, shapes=folder("shapes"), texts=texts, tell=tell)
        tell("writing the snapshot")
        built = build(checked, options.data)
    prune(options.data, options.keep)
    violations = str(len(checked.report.results))
    sys.stdout.write(_summary(built, violations, checked.texts, perf_counter() - started))
    return 0


def _summary(built: "Built", violations: str, texts: int, seconds: float) -> str:
    counts = built.counts
    held = f"{texts} of {counts['articles']}" if texts else "none at hand"
    rows = (
        ("articles", f"{counts['articles']:,}"),
        ("claims", f"{counts['claims']:,}"),
        ("triples", f"{built.snapshot.quads:,}"),
        ("violations", violations),
        ("texts held against", held),
        ("seconds", f"{seconds:.1f}"),
        ("snapshot", str(built.snapshot.path)),
    )
    return "".join(f"{name:<20}{value}\n" for name, value in rows)
