"""Tell how things get from one place to another, each hop with the words that attest it."""

import argparse

from kg.cli import ways

HELP = "find the route between two places, with its evidence"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    ways.arguments(verb)


def run(options: argparse.Namespace) -> int:
    """Print the routes; exit 1 where there is none."""
    return ways.run(options, "route")
