"""Who counts as one witness, in any graph of who heard whom."""

from hypothesis import given
from hypothesis import strategies as st

from kg.origins import Origins, independent, origin_id


def made(*added: tuple[str, list[str], str]) -> Origins:
    origins = Origins()
    for node, hears, principal in added:
        origins.add(node, hears, principal)
    return origins


def test_reprints_of_one_release_have_one_origin() -> None:
    origins = made(
        ("release", [], "actor/us"), ("reuters", ["release"], ""), ("pravda", ["reuters"], "")
    )
    assert origins.of("pravda") == origins.of("release") == {"actor/us"}


def test_two_utterances_of_one_principal_are_one_witness() -> None:
    origins = made(("kirby", [], "actor/us"), ("doj", [], "actor/us"))
    (found,) = origins.found(["kirby", "doj"])
    assert found == ("origin/actor-us", ("actor/us",), ("doj", "kirby"))


def test_what_draws_on_two_is_independent_of_neither_and_they_stay_apart() -> None:
    origins = made(("a", [], "actor/a"), ("b", [], "actor/b"), ("both", ["a", "b"], ""))
    assert origins.of("a").isdisjoint(origins.of("b"))
    assert origins.of("both") & origins.of("a")
    assert len(independent([origins.of(node) for node in ("a", "b", "both")])) == 2
    joint, first, second = sorted(origins.found(["a", "b", "both"]), key=lambda o: -len(o.roots))
    assert (joint.id, joint.roots) == ("origin/actor-a+actor-b", ("a", "b"))
    assert {first.id, second.id} == {"origin/actor-a", "origin/actor-b"}


def test_a_root_of_nobody_known_stands_for_itself() -> None:
    assert made(("rumour", [], "")).of("rumour") == {"rumour"}


def test_adding_again_what_is_known_changes_nothing() -> None:
    origins = made(("a", [], "actor/a"), ("b", ["a"], ""))
    assert not origins.add("a", [], "actor/a")
    assert not origins.add("b", ["a"])


def test_an_utterance_that_goes_back_further_is_told_of() -> None:
    origins = made(("a", [], "actor/a"), ("b", [], "actor/b"), ("c", ["b"], ""))
    assert origins.of("c") == {"actor/b"}
    assert origins.add("b", ["a"])
    assert origins.of("c") == {"actor/a"}
    assert [origin.roots for origin in origins.found(["c"])] == [("a",)]


@given(st.data())
def test_two_nodes_share_an_origin_where_their_ancestors_meet_or_speak_for_one(
    data: st.DataObject,
) -> None:
    hears: dict[int, list[int]] = {}
    principal: dict[int, str] = {}
    origins = Origins()
    for node in range(data.draw(st.integers(2, 14))):
        heard = data.draw(st.lists(st.integers(0, node - 1), max_size=2)) if node else []
        hears[node], principal[node] = heard, data.draw(st.sampled_from("abc"))
        origins.add(str(node), [str(each) for each in heard], principal[node])
    for one in hears:
        for other in hears:
            roots = _roots(one, hears), _roots(other, hears)
            spoken = ({principal[root] for root in each} for each in roots)
            shared = not set.isdisjoint(*spoken)
            assert bool(origins.of(str(one)) & origins.of(str(other))) == shared


def _roots(node: int, hears: dict[int, list[int]]) -> set[int]:
    return {node} if not hears[node] else set().union(*(_roots(n, hears) for n in hears[node]))


def test_the_id_of_an_origin_names_its_principals_in_order() -> None:
    assert origin_id(["outlet/b", "actor/a"]) == "origin/actor-a+outlet-b"
