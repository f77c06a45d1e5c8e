"""Inputs with one thing wrong in them, as rows of tables: what is changed, and the one problem."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from kg.errors import InputError


class Bad(NamedTuple):
    """A stretch of a good input written differently, and how the problem must be told."""

    name: str
    before: str
    after: str
    where: str
    """Words that stand on the line to be named, and on no other."""
    key: str
    message: str
    hint: str = ""

    def spoil(self, good: str) -> str:
        assert good.count(self.before) >= 1, f"{self.before!r} is not in the good input"
        return good.replace(self.before, self.after, 1)


def told(bad: Bad, text: str, file: str, read: Callable[[], object]) -> None:
    """Holds when reading the text tells of one problem: this one, on the right line of the file."""
    with pytest.raises(InputError) as caught:
        read()
    (problem,) = caught.value.problems
    numbers = [n for n, line in enumerate(text.split("\n"), start=1) if bad.where in line]
    assert len(numbers) == 1, f"{bad.where!r} must stand on one line, not on {numbers}"
    assert (problem.file, problem.line, problem.key) == (file, numbers[0], bad.key), problem
    assert bad.message in problem.message
    assert bad.hint in problem.hint


def named(*cases: Bad) -> pytest.MarkDecorator:
    """A test for each row, called by the row's name."""
    return pytest.mark.parametrize("bad", cases, ids=[bad.name for bad in cases])
