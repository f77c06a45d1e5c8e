"""Stored questions: one .rq file each, whose first line is the question in English."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, Problem, QuerySyntaxError, near

__all__ = ["StoredQuery", "stored_queries", "stored_query"]


class StoredQuery(NamedTuple):
    """A question and the SPARQL that answers it."""

    name: str
    question: str
    text: str


def stored_queries(folder: Path) -> tuple[StoredQuery, ...]:
    """Every stored question, in name order.

    Raises InputError where a file does not begin with its question.
    """
    return tuple(_read(folder))


def _read(folder: Path) -> Iterator[StoredQuery]:
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        first = text.partition("\n")[0]
        if not first.startswith("# ") or not first.endswith(("?", ".")):
            hint = "begin the file with the question as a comment: # Who denies what?"
            raise InputError(Problem(str(path), 1, "", "asks no question", hint))
        yield StoredQuery(path.stem, first[2:], text)


def stored_query(folder: Path, name: str) -> StoredQuery:
    """The stored question of that name.

    >>> from kg.resources import folder
    >>> stored_query(folder("queries"), "route-legs").question
    'Which legs does each supply route have, and who says so?'

    Raises QuerySyntaxError, with the nearest names, where there is none.
    """
    known = {query.name: query for query in stored_queries(folder)}
    if name not in known:
        close = near(name, list(known)) or tuple(known)
        raise QuerySyntaxError(f"no stored question {name}; there are {', '.join(close)}")
    return known[name]
