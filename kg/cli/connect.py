"""Tell how two things are connected by whatever is claimed, each hop with its words."""

import argparse

from kg.cli import ways

HELP = "find how two things are connected, by any relation"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    ways.arguments(verb)


def run(options: argparse.Namespace) -> int:
    """Print the connections; exit 1 where there is none."""
    return ways.run(options, "any")
