"""Load the built graph into a store elsewhere, and count it there; or write it as N-Quads."""

import argparse
import gzip
import math
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.progress import telling
from kg.errors import InputError, Problem

if TYPE_CHECKING:
    from kg.publish import Place, Source, Step, Target

HELP = "load the graph into a SPARQL store elsewhere"
_PLACES = ("auto", "default", "named", "none")
_MEBIBYTE = 2**20
_LARGEST = 1024


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.data(verb)
    where = verb.add_mutually_exclusive_group(required=True)
    what = "address where the store takes graphs (SPARQL 1.1 Graph Store Protocol)"
    where.add_argument("--graph-store", metavar="URL", help=what)
    what = "write this file instead, for a store that loads files; compressed where it ends in .gz"
    where.add_argument("--nquads", type=Path, metavar="FILE", help=what)
    what = "address where the store is asked (SPARQL 1.1 Protocol), to count what it holds"
    verb.add_argument("--endpoint", metavar="URL", help=what)
    what = (
        "where the merge of all graphs goes: the store's default graph, the graph named graph/merge"
        " where an engine has no default graph, or nowhere (default: auto, by the engine)"
    )
    verb.add_argument("--merge", choices=_PLACES, default="auto", help=what)
    what = "most mebibytes a request carries (default: 8)"
    verb.add_argument("--chunk", type=_mebibytes, default=8 * _MEBIBYTE, metavar="MB", help=what)
    what = "print what would be done, and do nothing"
    verb.add_argument("--dry-run", action="store_true", help=what)


def _mebibytes(text: str) -> int:
    size = float(text)
    if not 0 < size <= _LARGEST:
        raise argparse.ArgumentTypeError(f"it is more than 0 and at most {_LARGEST}")
    return int(size * _MEBIBYTE)


def run(options: argparse.Namespace) -> int:
    """Publish, then print what was published and counted."""
    from kg.publish import plan, publish, resolved  # noqa: PLC0415 -- `caspian --help` needs none
    from kg.snapshot import open_snapshot  # noqa: PLC0415 -- as above

    started = perf_counter()
    snapshot, store = open_snapshot(options.data)
    if options.nquads:
        place: Place = "default" if options.merge == "auto" else options.merge
        steps = plan(store, snapshot.graphs, place=place)
        if not options.dry_run:
            _write(store, steps, options.nquads)
    else:
        with _target(options) as target:
            place = resolved(target.engine, options.merge)
            steps = plan(store, snapshot.graphs, target.endpoint.held(), place=place)
            if not options.dry_run:
                with telling() as tell:
                    publish(store, target, steps, chunk=options.chunk, tell=tell)
    seconds = perf_counter() - started
    sys.stdout.writelines(_planned(steps) if options.dry_run else _summary(steps, seconds, options))
    return 0


@contextmanager
def _target(options: argparse.Namespace) -> "Iterator[Target]":
    from kg.cli.environment import known  # noqa: PLC0415 -- as above
    from kg.graph_store import GraphStore  # noqa: PLC0415 -- as above
    from kg.publish import Target  # noqa: PLC0415 -- as above
    from kg.wire import Limits  # noqa: PLC0415 -- as above

    if not options.endpoint:
        hint = "give the address where the store is asked, such as http://localhost:7878/query"
        raise InputError(Problem("--endpoint", 0, "", "is missing", hint))
    limits = Limits(silence=shared.PATIENCE, total=math.inf)
    graphs = GraphStore(options.graph_store, credentials=known(), limits=limits)
    with closing(graphs), closing(shared.remote(options.endpoint)) as endpoint:
        yield Target(graphs, endpoint, endpoint.engine())


def _write(store: "Source", steps: "tuple[Step, ...]", path: Path) -> None:
    """The file whole, or as it was before."""
    from kg.publish import quads  # noqa: PLC0415 -- as above

    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file, _packed(file, path) as out:
            out.writelines(quads(store, steps))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _packed(file: IO[bytes], path: Path) -> "Iterator[IO[bytes] | gzip.GzipFile]":
    if path.suffix != ".gz":
        yield file
        return
    # No name and no time in it, so that the same graph gives the same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        yield packed


def _planned(steps: "tuple[Step, ...]") -> Iterator[str]:
    for step in steps:
        what = "put" if step.triples else "remove"
        count = f"{step.triples:,}" if step.triples else ""
        yield f"{what:<8}{count:>12}  {step.name}\n"


def _summary(
    steps: "tuple[Step, ...]", seconds: float, options: argparse.Namespace
) -> Iterator[str]:
    put = [step for step in steps if step.triples]
    rows = (
        ("graphs put", f"{len(put):,}"),
        ("graphs removed", f"{len(steps) - len(put):,}"),
        ("triples", f"{sum(step.triples for step in put):,}"),
        ("counted", "each graph holds as many there as here" if options.graph_store else ""),
        ("written to", str(options.nquads or "")),
        ("seconds", f"{seconds:.1f}"),
    )
    return (f"{name:<20}{value}\n" for name, value in rows if value)
