import pytest

from kg import errors
from kg.errors import (
    AmbiguousNameError,
    CaspianError,
    InputError,
    Problem,
    UnknownNameError,
    closest,
    meant,
    near,
)

EXIT_CODES = {
    "CaspianError": 1,
    "InputError": 2,
    "QueryError": 2,
    "AnswerTooLongError": 2,
    "LimitError": 2,
    "QuerySyntaxError": 2,
    "QueryRefusedError": 2,
    "ShapesRefusedError": 2,
    "ValidationError": 3,
    "UnknownNameError": 4,
    "AmbiguousNameError": 4,
    "SnapshotError": 5,
    "StoreError": 6,
    "RemoteError": 6,
}


def test_every_error_is_drawn_in_the_tree_and_has_its_exit_code() -> None:
    found = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, CaspianError)
    }
    assert found == EXIT_CODES
    assert errors.__doc__
    assert all(name in errors.__doc__ for name in EXIT_CODES)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.yaml", 3, "x.y", "is wrong", "do this"), "a.yaml:3: x.y: is wrong (do this)"),
        (Problem("a.yaml", 3, "", "is wrong"), "a.yaml:3: is wrong"),
        (Problem("a.yaml", 0, "x", "is wrong"), "a.yaml: x: is wrong"),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_are_told_in_the_order_of_files_and_lines() -> None:
    late, early, other = (
        Problem("a.yaml", 9, "", "late"),
        Problem("a.yaml", 10, "", "later"),
        Problem("B.yaml", 1, "", "first"),
    )
    error = InputError(early, late, other)
    assert error.problems == (other, late, early)
    assert str(error) == "B.yaml:1: first\na.yaml:9: late\na.yaml:10: later"


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    assert str(UnknownNameError("Amirabat", ("place/amirabad",))) == (
        "nothing is called “Amirabat”; did you mean place/amirabad?"
    )
    error = UnknownNameError("x")
    assert (str(error), error.name, error.near) == ("nothing is called “x”", "x", ())


def test_an_ambiguous_name_is_told_with_its_candidates() -> None:
    error = AmbiguousNameError("Georgia", ("place/georgia", "place/georgia-us"))
    assert str(error) == "“Georgia” may be place/georgia or place/georgia-us; say which"
    assert (error.name, error.candidates) == ("Georgia", ("place/georgia", "place/georgia-us"))


def test_the_nearest_names_come_best_first_and_three_at_most() -> None:
    names = ["place/a", "place/ab", "place/abc", "place/abcd", "zzz"]
    assert near("place/abc", names)[0] == "place/abc"
    assert len(near("place/abc", names)) == 3
    assert near("q", names) == ()


def test_a_hint_lists_the_nearest_names_else_all_else_nothing() -> None:
    assert closest("supplyer", {"supplier", "item"}) == "known: supplier"
    assert closest("q", {"supplier", "item"}) == "known: item, supplier"
    assert closest("q", ()) == ""
    assert meant(["a", "b"]) == "did you mean a or b?"
    assert meant(()) == ""
