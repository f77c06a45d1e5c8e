"""Stored questions: one .rq file each, whose first line is the question in English.

A second line such as `# cq06` is the number under which docs/questions.md keeps the question.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, Problem, UnknownNameError, near

__all__ = ["StoredQuery", "stored_queries", "stored_query"]

_NUMBER = re.compile(r"# (cq\d{2})")


class StoredQuery(NamedTuple):
    """A question and the SPARQL that answers it."""

    name: str
    question: str
    text: str
    number: str = ""
    """Such as cq06; empty where the question has none."""


def stored_queries(folder: Path) -> tuple[StoredQuery, ...]:
    """Every stored question, in name order.

    Raises InputError where a file does not begin with its question.
    """
    return tuple(_read(folder))


def _read(folder: Path) -> Iterator[StoredQuery]:
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        first, _, rest = text.partition("\n")
        if not first.startswith("# ") or not first.endswith(("?", ".")):
            hint = "begin the file with the question as a comment: # Who denies what?"
            raise InputError(Problem(str(path), 1, "", "asks no question", hint))
        number = _NUMBER.fullmatch(rest.partition("\n")[0])
        yield StoredQuery(path.stem, first[2:], text, number[1] if number else "")


def stored_query(folder: Path, name: str) -> StoredQuery:
    """The stored question of that name or number.

    >>> from kg.resources import folder
    >>> stored_query(folder("queries"), "who-denies-what").question
    'Who denies what?'
    >>> stored_query(folder("queries"), "cq05").name
    'who-denies-what'

    Raises UnknownNameError, with the nearest names, where there is none.
    """
    known = {query.name: query for query in stored_queries(folder)}
    numbered = {query.number: query for query in known.values() if query.number}
    if found := known.get(name) or numbered.get(name.lower()):
        return found
    raise UnknownNameError(name, near(name, list(known)))
