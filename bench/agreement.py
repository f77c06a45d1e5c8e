"""Whether two servers gave the same answer: its size, and where it is settled its values."""

import json
from collections import Counter
from collections.abc import Hashable
from typing import NamedTuple

from client import Done

from shapes import Shape

__all__ = ["Answer", "answer", "difference"]

NUMBERS = ("integer", "decimal", "double", "float", "int", "long")


class Answer(NamedTuple):
    """What an answer holds, in a form that is the same whoever wrote it."""

    size: int
    """Rows, triples, or 1 for true and 0 for false."""
    rows: Counter[Hashable]


def answer(shape: Shape, done: Done) -> Answer:
    """The answer in that body."""
    if shape.kind == "graph":
        lines = {line for line in done.body.splitlines() if line.strip() and line[:1] != b"#"}
        return Answer(len(lines), Counter())
    read = json.loads(done.body)
    if shape.kind == "boolean":
        # Virtuoso 7.2.5 answers an ASK with a table, which has a row where it is true
        true = read["boolean"] if "boolean" in read else bool(read["results"]["bindings"])
        return Answer(int(true), Counter())
    rows = read["results"]["bindings"]
    settled = rows if shape.settled else ()
    return Answer(len(rows), Counter(frozenset(map(_term, row.items())) for row in settled))


def difference(wanted: Answer, found: Answer) -> str:
    """How the one differs from the other; empty where it does not."""
    if wanted.size != found.size:
        return f"{found.size:,} instead of {wanted.size:,}"
    if wanted.rows != found.rows:
        other = (found.rows - wanted.rows).total()
        return f"other values in {other:,} of {wanted.size:,}"
    return ""


def _term(bound: tuple[str, dict[str, str]]) -> Hashable:
    """A bound variable; numbers by value, for servers spell them in their own way."""
    name, term = bound
    if term.get("datatype", "").rpartition("#")[2] in NUMBERS:
        return name, float(term["value"])
    return name, term["type"] == "uri", term["value"]
