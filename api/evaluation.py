"""From a question to the bytes that answer it, away from HTTP.

`evaluate` takes and gives plain values and touches nothing but the store, so that it can run in
another process as well as in this one.
"""

import re
from dataclasses import dataclass
from traceback import clear_frames

from api.offers import offer
from kg.store import Dataset, Store
from kg.vocab import PREFIXES

__all__ = ["Question", "Result", "evaluate", "let_go"]

_FLEETING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b|\\u", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A query, the graphs it is put to, and what the client accepts as an answer."""

    query: str
    dataset: Dataset
    accept: str | None


@dataclass(frozen=True)
class Result:
    """An answer as it is sent.

    `lasting` says that it stays the same for as long as the graph does; `headers` go with it.
    """

    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    lasting: bool = True
    status: int = 200


def evaluate(store: Store, question: Question, *, most: int) -> Result:
    """The answer in the format the client likes best, whole: of `most` bytes at most.

    Raises QueryError or one of its kinds, or NotAcceptableError.
    """
    try:
        return _evaluated(store, question, most)
    except Exception as error:
        let_go(error)
        raise


def _evaluated(store: Store, question: Question, most: int) -> Result:
    answer = store.answer(question.query, question.dataset)
    chosen = offer(question.accept, answer.kind)
    body = answer.serialize(chosen.format, prefixes=PREFIXES, most=most)
    return Result(chosen.media_type, body, lasting=_lasts(question.query))


def _lasts(query: str) -> bool:
    """Whether the answer is the same each time: no clock, no chance, nor what may spell either."""
    return not _FLEETING.search(query)


def let_go(error: BaseException | None) -> None:
    """Empty the frames an error has left, which would keep the engine's objects alive.

    They must end on the thread that made them; the error is told on another.
    """
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
