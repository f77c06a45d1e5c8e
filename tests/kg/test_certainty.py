"""How sure hops and paths are, by what they rest on."""

from hypothesis import given
from hypothesis import strategies as st

from kg.certainty import TERMS, Support, joint, least, of_hop, of_path, of_term

SURE = st.sampled_from([0.1, 0.45, 0.5, 0.675, 0.97])
SUPPORT = st.builds(Support, st.sampled_from("uvwx"), st.sampled_from(["us", "iran"]), SURE)
HOPS = st.lists(st.lists(SUPPORT, min_size=1, max_size=4), min_size=1, max_size=4)


def support(unit: str, chance: float, origin: str = "") -> Support:
    return Support(unit, origin or unit, chance)


def test_terms_are_ordered_from_the_surest() -> None:
    chances = [term.chance for term in TERMS]
    assert chances == sorted(chances, reverse=True)
    assert all(term.source for term in TERMS)


def test_a_term_nobody_knows_is_the_least_sure() -> None:
    assert of_term("rumoured") == of_term("possible")
    assert least("alleged") == {"asserted", "probable", "reported", "alleged"}
    assert least("possible") == {term.name for term in TERMS}


def test_a_route_that_rests_on_one_occasion_is_as_sure_as_it() -> None:
    hop = [support("one", 0.675)]
    assert of_path([hop] * 12) == 0.675


def test_hops_of_different_occasions_are_multiplied() -> None:
    hops = [[support("one", 0.5)], [support("two", 0.5)], [support("one", 0.5)]]
    assert of_path(hops) == 0.25


def test_an_occasion_that_is_less_sure_of_a_hop_carries_no_more_than_that() -> None:
    assert of_path([[support("one", 0.97)], [support("one", 0.45)]]) == 0.45


def test_a_second_occasion_of_one_origin_adds_nothing_to_a_hop() -> None:
    hop = [support("one", 0.5, "us"), support("two", 0.5, "us")]
    assert of_hop(hop) == of_path([hop]) == 0.5


def test_of_equals_the_occasion_that_the_other_hops_rest_on_counts() -> None:
    either = [support("one", 0.5, "us"), support("two", 0.5, "us")]
    assert of_path([either, [support("two", 0.5, "us")]]) == 0.5


def test_each_of_two_origins_may_carry_the_path() -> None:
    hop = [support("one", 0.5, "us"), support("two", 0.5, "iran")]
    assert of_hop(hop) == 0.75
    assert of_path([hop, hop]) == 0.75


def test_what_nobody_supports_is_not_sure_at_all() -> None:
    assert of_hop([]) == 0
    assert of_path([[support("one", 0.5)], []]) == 0
    assert joint([[support("one", 0.5)], []]) == ()


def test_the_surest_of_an_occasion_counts_and_the_least_sure_part_of_it() -> None:
    one, other = support("one", 0.5), support("one", 0.97)
    assert joint([[one, other]]) == (other,)
    assert joint([[other], [one]]) == (one,)


@given(hops=HOPS)
def test_a_path_is_no_surer_than_its_hops_and_no_less_than_their_product(
    hops: list[list[Support]],
) -> None:
    product = 1.0
    for hop in hops:
        product *= of_hop(hop)
    sure = of_path(hops)
    assert sure <= min(map(of_hop, hops)) + 1e-3
    assert 0 <= sure <= 1
    # one unit behind all is never worse than units apart, where each origin has one
    if len({(each.unit, each.origin) for hop in hops for each in hop}) == 1:
        assert sure >= product - 1e-3
