"""Findings on standard output, in the form the options ask for, and the exit code they make."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.environment import colourless

if TYPE_CHECKING:
    from kg.checking.findings import Findings

__all__ = ["code_of", "report_options", "tell_findings"]

_FORMS = ("text", "turtle", "jsonld", "json", "sarif", "junit", "github")
_LEVELS = ("error", "warning", "info", "never")


def report_options(verb: argparse.ArgumentParser, *, least: str) -> None:
    """Add --format and --fail-on."""
    what = "how findings are printed (default: text)"
    verb.add_argument("--format", choices=_FORMS, default="text", help=what)
    what = f"end with an error where something is found at this level or above (default: {least})"
    verb.add_argument("--fail-on", choices=_LEVELS, default=least, help=what)


def tell_findings(findings: "Findings", options: argparse.Namespace) -> None:
    """Print the findings; with colours where a terminal shows them and NO_COLOR is not set."""
    from kg.checking.formats import FORMS, coloured  # noqa: PLC0415 -- `caspian --help` tells nothing

    write = FORMS[options.format].write
    if options.format == "text" and sys.stdout.isatty() and not colourless():
        write = coloured
    sys.stdout.write(write(findings.seen_from(Path.cwd())))
    sys.stdout.flush()


def code_of(findings: "Findings", least: str) -> int:
    """0 where nothing counts; 2 where a file is not what it should be, 3 for a broken shape."""
    if least == "never":
        return 0
    counted = findings.worst(least)
    return (3 if all(each.result for each in counted) else 2) if counted else 0
