"""Lint an ontology and its shapes: unknown terms, gaps, faults of form, profiles of OWL 2.

Exit codes: 0 nothing found at the level of --fail-on or above; 1 lint itself failed; 2 something
was found, or a file is not RDF.
"""

import argparse
from pathlib import Path

from kg.cli.findings import code_of, report_options, tell_findings
from kg.resources import folder

HELP = "lint the ontology and the shapes"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    what = "file or folder of an ontology (default: ours)"
    verb.add_argument(
        "--ontology", type=Path, default=folder("ontology"), metavar="PATH", help=what
    )
    what = "file or folder of its shapes (default: ours)"
    verb.add_argument("--shapes", type=Path, default=folder("shapes"), metavar="PATH", help=what)
    what = "folder of checks, each a query (default: ours)"
    checks = folder("queries") / "lint"
    verb.add_argument("--checks", type=Path, default=checks, metavar="DIR", help=what)
    report_options(verb, least="error")


def run(options: argparse.Namespace) -> int:
    """Lint, and print what was found in the form asked for."""
    from kg.checking.lint import lint, lint_checks, rdf_in  # noqa: PLC0415 -- brings the engine

    checks = lint_checks(options.checks)
    findings = lint(rdf_in(options.ontology), rdf_in(options.shapes), checks)
    tell_findings(findings, options)
    return code_of(findings, options.fail_on)
