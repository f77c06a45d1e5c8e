"""From a question to the bytes that answer it, away from HTTP.

`evaluate` takes and gives plain values and touches nothing but the store, so that it can run in
another process as well as in this one.
"""

from dataclasses import dataclass
from traceback import clear_frames

from api.offers import offer
from kg.store import Dataset, Store
from kg.vocab import PREFIXES

__all__ = ["Question", "Result", "evaluate"]


@dataclass(frozen=True)
class Question:
    """A query, the graphs it is put to, and what the client accepts as an answer."""

    query: str
    dataset: Dataset
    accept: str | None


@dataclass(frozen=True)
class Result:
    """An answer as it is sent, with what its headers say besides."""

    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


def evaluate(store: Store, question: Question, *, most: int) -> Result:
    """The answer in the format the client likes best, whole: of `most` bytes at most.

    Raises QueryError or one of its kinds, or NotAcceptableError.
    """
    try:
        return _evaluated(store, question, most)
    except Exception as error:
        _let_go(error)
        raise


def _evaluated(store: Store, question: Question, most: int) -> Result:
    answer = store.answer(question.query, question.dataset)
    chosen = offer(question.accept, answer.kind)
    body = answer.serialize(chosen.format, prefixes=PREFIXES, most=most)
    return Result(chosen.media_type, body)


def _let_go(error: BaseException | None) -> None:
    """Empty the frames an error has left, which would keep the engine's objects alive.

    They must end on the thread that made them; the error is told on another.
    """
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
