"""Look at this installation: packages, files, texts, the built graph; exit 1 on a fault."""

import argparse
import sys

from kg.cli import options as shared
from kg.resources import folder

HELP = "tell what is installed, what is built and what is missing"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.data(verb)
    shared.texts(verb)
    verb.set_defaults(seeds=folder("seeds"))


def run(options: argparse.Namespace) -> int:
    """Print each check in a line."""
    from kg.doctor import examine  # noqa: PLC0415 -- `caspian --help` examines nothing

    checks = examine(options.data, shared.texts_folder(options))
    for check in checks:
        sys.stdout.write(f"{check.verdict:<6}{check.what:<18}{check.found}\n")
    return 1 if any(check.verdict == "fault" for check in checks) else 0
