"""Compile mappings to N-Quads on standard output, reading as it writes: memory does not grow."""

import argparse
import sys

from kg.cli import options as shared
from kg.cli.progress import ticking

HELP = "compile mappings to N-Quads"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.seeds(verb)


def run(options: argparse.Namespace) -> int:
    """Write the quads of each article as it is read."""
    from kg.compile import quads  # noqa: PLC0415 -- `caspian --help` compiles nothing
    from kg.corpus import mappings  # noqa: PLC0415 -- as above
    from kg.terms import line  # noqa: PLC0415 -- as above

    corpus, files = shared.corpus(options), shared.files(options)
    with ticking("articles") as tick:
        for mapping in mappings(corpus, files):
            # line by line: one curly quote would widen the whole block before it is encoded
            block = b"".join(line(quad).encode() for quad in quads(mapping, corpus.views))
            sys.stdout.buffer.write(block)
            tick()
    sys.stdout.buffer.flush()
    return 0
