"""Check the mappings: names and values, quotes against the texts at hand, shapes. Build nothing."""

import argparse
import sys

from kg.cli import options as shared
from kg.cli.progress import telling
from kg.resources import folder

HELP = "check mappings without building"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.seeds(verb)
    shared.texts(verb)


def run(options: argparse.Namespace) -> int:
    """Check; problems are printed by the command, one a line, as file:line: key: what."""
    from kg.build import check  # noqa: PLC0415 -- `caspian --help` checks nothing

    with telling() as tell:
        checked = check(
            shared.corpus(options),
            shared.files(options),
            shapes=folder("shapes"),
            texts=shared.texts_folder(options),
            tell=tell,
        )
    held = f", {checked.texts} held against their text" if checked.texts else ""
    sys.stdout.write(
        f"{checked.counts['articles']} articles{held}, {checked.counts['claims']} claims: "
        "no problem found\n"
    )
    return 0
