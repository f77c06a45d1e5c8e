"""The algebra of bounds: total, symmetric where it should be, and never of two minds."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kg.intervals import Interval, common, intersection, lie, neighbours

ends = st.none() | st.integers(-9, 9) | st.decimals(-9, 9, places=1)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Interval(low, high)


MIRRORED = {
    "equal": "equal",
    "inside": "contains",
    "contains": "inside",
    "overlaps": "overlaps",
    "disjoint": "disjoint",
}


@given(intervals(), intervals())
def test_any_two_lie_in_one_way_and_the_other_way_round_in_its_mirror(
    one: Interval, other: Interval
) -> None:
    assert lie(other, one) == MIRRORED[lie(one, other)]


@given(intervals(), intervals())
def test_what_contradicts_has_nothing_in_common_and_what_is_compatible_has(
    one: Interval, other: Interval
) -> None:
    assert (lie(one, other) == "disjoint") == (intersection(one, other) is None)


@given(intervals(), intervals())
def test_an_intersection_is_the_same_from_both_sides_and_inside_both(
    one: Interval, other: Interval
) -> None:
    shared = intersection(one, other)
    assert shared == intersection(other, one)
    if shared is not None:
        assert lie(shared, one) in {"equal", "inside"}
        assert lie(shared, other) in {"equal", "inside"}


@given(intervals(), intervals(), ends.filter(lambda end: end is not None))
def test_the_bounds_agree_with_the_numbers_between_them(
    one: Interval, other: Interval, number: Decimal
) -> None:
    def holds(interval: Interval) -> bool:
        above = interval.low is None or interval.low <= number
        return above and (interval.high is None or number <= interval.high)

    how = lie(one, other)
    assert not (how == "disjoint" and holds(one) and holds(other))
    assert not (how == "inside" and holds(one) and not holds(other))
    assert not (how == "contains" and holds(other) and not holds(one))
    assert how != "equal" or holds(one) == holds(other)


@given(intervals(), intervals(), intervals())
def test_what_is_inside_of_what_is_inside_is_inside(
    one: Interval, other: Interval, third: Interval
) -> None:
    within = {"inside", "equal"}
    if lie(one, other) in within and lie(other, third) in within:
        assert lie(one, third) in within


@given(st.lists(intervals(), max_size=5))
def test_what_all_allow_is_the_same_in_any_order(found: list[Interval]) -> None:
    assert common(found) == common(reversed(found))


def test_bounds_that_touch_have_that_number_in_common() -> None:
    assert lie(Interval(0, 4), Interval(4, 9)) == "overlaps"
    assert intersection(Interval(0, 4), Interval(4, 9)) == Interval(4, 4)


def test_nothing_is_common_to_three_of_which_two_are_apart() -> None:
    assert common([Interval(0, 1), Interval(2, 3), Interval(None, None)]) is None


@given(st.lists(intervals(), max_size=12), st.integers(1, 12))
def test_few_items_are_all_paired_and_many_with_their_neighbours(
    items: list[Interval], most: int
) -> None:
    numbered = list(enumerate(items))
    found = list(neighbours(numbered, most, lambda item: item[1]))
    assert len(found) == len(set(found))
    assert all(one[0] < other[0] for one, other in found)
    assert len(found) <= len(items) * most
    if len(items) <= most:
        assert len(found) == len(items) * (len(items) - 1) // 2
