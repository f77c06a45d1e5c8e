"""An answer on standard output: as text for people, or as JSON."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["json_option", "tell"]

_Answer = TypeVar("_Answer", bound="DataclassInstance")


def json_option(verb: argparse._ActionsContainer) -> None:
    """Add --json."""
    verb.add_argument("--json", action="store_true", help="print the answer as JSON")


def tell(
    answer: _Answer, lines: Callable[[_Answer], Iterable[str]], options: argparse.Namespace
) -> None:
    """Print the answer as JSON where the options ask for it, else as the lines made of it."""
    if options.json:
        json.dump(asdict(answer), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write("\n".join(lines(answer)) + "\n")
