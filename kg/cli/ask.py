"""Ask a stored question by name or number, a SPARQL query, or a .rq file; none lists them."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.store import Answer

HELP = "ask a stored question or a SPARQL query"
_FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "jsonld", "rdfxml")


def _questions() -> list[str]:
    return sorted(path.stem for path in folder("queries").glob("*.rq"))


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.store_options(verb)
    what = "name or number (cq06) of a stored question, SPARQL text, or a .rq file"
    query = verb.add_argument("query", nargs="?", metavar="QUERY", help=what)
    names = " ".join(_questions())
    # read by shtab; the function of bash stands in kg.cli
    query.complete = {"bash": "_caspian_questions", "zsh": f"({names})"}  # type: ignore[attr-defined]
    what = "how to print the answer (default: a table, Turtle for graphs)"
    verb.add_argument("--format", choices=_FORMATS, help=what)


def run(options: argparse.Namespace) -> int:
    """Print the answer, or the list of questions."""
    from kg.queries import stored_queries  # noqa: PLC0415 -- `caspian --help` reads no query

    if options.query is None:
        for stored in stored_queries(folder("queries")):
            sys.stdout.write(f"{stored.name:<28}{stored.question}\n")
        return 0
    with shared.store(options) as store:
        _print(store.answer(_text(options.query)), options.format)
    return 0


def _text(query: str) -> str:
    from kg.queries import stored_query  # noqa: PLC0415 -- as above
    from kg.source import read_text  # noqa: PLC0415 -- as above

    if query.endswith(".rq"):
        return read_text(Path(query))
    if " " in query or "{" in query:
        return query
    return stored_query(folder("queries"), query).text


def _print(answer: "Answer", name: str | None) -> None:
    from kg.formats import named  # noqa: PLC0415 -- as above
    from kg.vocab import PREFIXES  # noqa: PLC0415 -- as above

    if name is None:
        name = "turtle" if answer.kind == "graph" else "table"
    if name == "table":
        _table(answer)
        return
    sys.stdout.buffer.write(answer.serialize(named(name), prefixes=PREFIXES))
    sys.stdout.buffer.flush()


def _table(answer: "Answer") -> None:
    import json  # noqa: PLC0415 -- only tables read the answer back

    from kg.cli.table import show  # noqa: PLC0415 -- brings rich
    from kg.formats import named  # noqa: PLC0415 -- as above
    from kg.vocab import curie  # noqa: PLC0415 -- as above

    found = json.loads(answer.serialize(named("json")))
    if "boolean" in found:
        sys.stdout.write("yes\n" if found["boolean"] else "no\n")
        return
    names = found["head"]["vars"]
    rows = found["results"]["bindings"]
    cells = [[_cell(row.get(name), curie) for name in names] for row in rows]
    show(names, cells)
    sys.stdout.write(f"{len(rows)} rows\n" if len(rows) != 1 else "1 row\n")


def _cell(term: dict[str, str] | None, shorten: "Callable[[str], str]") -> str:
    if term is None:
        return ""
    return shorten(term["value"]) if term["type"] == "uri" else term["value"]
