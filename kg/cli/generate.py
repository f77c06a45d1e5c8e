"""Write what follows from the ontology's property list: c:/v: pairs, claim shapes, JSON Schema."""

import argparse
import sys
from pathlib import Path

from kg.cli import options as shared
from kg.resources import folder

HELP = "write the files generated from the ontology"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    verb.add_argument(
        "--seeds", type=Path, default=folder("seeds"), metavar="DIR", help="folder of the seeds"
    )
    what = "write nothing; exit 1 where a file differs from what would be written"
    verb.add_argument("--check", action="store_true", help=what)


def run(options: argparse.Namespace) -> int:
    """Write each file that differs, or name it."""
    from kg.generate import generated  # noqa: PLC0415 -- `caspian --help` generates nothing

    stale = 0
    for path, text in generated(shared.corpus(options).vocabulary).items():
        place = folder("ontology").parent / path
        same = place.is_file() and place.read_text(encoding="utf-8") == text
        stale += not same
        if not same and not options.check:
            place.write_text(text, encoding="utf-8")
        state = "as generated" if same else "differs" if options.check else "written"
        sys.stdout.write(f"{path}: {state}\n")
    return 1 if options.check and stale else 0
