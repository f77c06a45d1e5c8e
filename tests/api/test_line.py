"""Who is served next."""

import pytest

from api.errors import OverloadedError, ThrottledError
from api.line import Line


def everybody(_: str) -> bool:
    return True


@pytest.fixture
def line() -> Line[str]:
    return Line[str](most=6, most_per_client=4)


def taken(line: Line[str], cost: float = 1.0) -> list[str | None]:
    """All who wait, in the order in which they are served, each at that cost."""
    order = []
    while (item := line.take(everybody)) is not None:
        line.charge(item[0], cost)
        order.append(item)
    return order


def test_clients_take_turns_however_much_one_asks(line: Line[str]) -> None:
    for item in ("a1", "a2", "a3", "a4", "b1", "b2"):
        line.put(item[0], item)
    assert taken(line) == ["a1", "b1", "a2", "b2", "a3", "a4"]
    assert len(line) == 0


def test_who_costs_more_waits_longer(line: Line[str]) -> None:
    for item in ("a1", "a2", "b1", "b2", "b3"):
        line.put(item[0], item)
    assert line.take(everybody) == "a1"
    line.charge("a", 2.5)
    assert taken(line) == ["b1", "b2", "b3", "a2"]


def test_nobody_saves_up_by_staying_away(line: Line[str]) -> None:
    for _ in range(5):
        line.put("a", "a0")
        assert taken(line, cost=10.0) == ["a0"]
    for item in ("b1", "b2", "a1", "a2"):
        line.put(item[0], item)
    assert taken(line) == ["b1", "b2", "a1", "a2"]
    line.put("c", "c1")
    line.put("a", "a3")
    assert len(taken(line)) == 2


def test_too_many_are_refused(line: Line[str]) -> None:
    for number in range(4):
        line.put("a", f"a{number}")
    with pytest.raises(ThrottledError, match="4 questions of yours"):
        line.put("a", "a5")
    line.put("b", "b1")
    line.put("c", "c1")
    with pytest.raises(OverloadedError):
        line.put("d", "d1")
    assert len(line) == 6


def test_who_may_not_is_passed_over(line: Line[str]) -> None:
    line.put("a", "a1")
    line.put("b", "b1")
    assert line.take(lambda client: client == "b") == "b1"
    assert line.take(lambda client: client == "b") is None
    assert len(line) == 1


def test_who_left_is_not_served(line: Line[str]) -> None:
    line.put("a", "a1")
    line.put("a", "a2")
    line.remove("a", "a1")
    line.remove("a", "a1")
    line.remove("nobody", "x")
    assert taken(line) == ["a2"]


def test_clients_of_long_ago_are_forgotten() -> None:
    line = Line[str](most=5_000, most_per_client=2)
    for number in range(3_000):
        line.put(str(number), "x")
        assert line.take(everybody) == "x"
        line.charge(str(number), 0.001)
    assert len(line._had) <= 2_001  # noqa: SLF001 -- what it must not grow to
