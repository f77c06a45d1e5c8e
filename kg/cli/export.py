"""Write the graph as Turtle, TriG, N-Quads, N-Triples, JSON-LD or RDF/XML."""

import argparse
import sys
from pathlib import Path

from kg.cli import options as shared

HELP = "write the graph in an RDF format"
_FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml")


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "trig and nquads keep the named graphs; the others hold one graph (default: trig)"
    verb.add_argument("--format", choices=_FORMATS, default="trig", help=what)
    what = "only this named graph, such as view/us (default: all; their merge for triples)"
    verb.add_argument("--graph", metavar="NAME", help=what)
    what = "file to write (default: standard output)"
    verb.add_argument("--out", type=Path, metavar="FILE", help=what)


def run(options: argparse.Namespace) -> int:
    """Write the whole graph or one named graph, counting what was written."""
    from kg.export import export  # noqa: PLC0415 -- `caspian --help` exports nothing

    with shared.store(options) as store:
        if options.out is None:
            export(store, options.format, sys.stdout.buffer, options.graph)
            return 0
        with options.out.open("wb") as out:
            count = export(store, options.format, out, options.graph)
    sys.stderr.write(f"{count:,} statements in {options.out}\n")
    return 0
