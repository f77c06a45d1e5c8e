"""Names people use, and what they name."""

import pytest

from kg.errors import AmbiguousNameError, UnknownNameError
from kg.resolve import resolve
from kg.store import Store


@pytest.mark.parametrize(
    "name",
    [
        "Amirabad",
        "amirabad",
        " AMIRABAD ",
        "place/amirabad",
        "id:place/amirabad",
        "https://w3id.org/caspian/id/place/amirabad",
        "<https://w3id.org/caspian/id/place/amirabad>",
    ],
)
def test_a_place_goes_by_label_id_curie_and_iri(graph: Store, name: str) -> None:
    assert resolve(graph, name, "Place") == "place/amirabad"


def test_a_spelling_of_an_article_is_a_name(graph: Store) -> None:
    assert resolve(graph, "Sisha", "Place") == "place/seshcha"


def test_hyphens_and_case_do_not_matter(graph: Store) -> None:
    assert resolve(graph, "primorsko akhtarsk", "Place") == "place/primorsko-akhtarsk"


def test_a_misspelt_name_is_answered_with_the_nearest(graph: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        resolve(graph, "Amirabat", "Place")
    assert caught.value.near[0] == "place/amirabad"
    assert "did you mean place/amirabad" in str(caught.value)


def test_a_name_that_is_like_no_other_is_just_unknown(graph: Store) -> None:
    with pytest.raises(UnknownNameError) as caught:
        resolve(graph, "Xyzzyqqq")
    assert caught.value.near == ()


def test_moscow_is_the_city_or_the_government(graph: Store) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        resolve(graph, "Moscow")
    assert caught.value.candidates == ("actor/russia", "place/moscow")
    assert resolve(graph, "Moscow", "Place") == "place/moscow"


def test_an_iri_of_another_namespace_is_unknown(graph: Store) -> None:
    with pytest.raises(UnknownNameError):
        resolve(graph, "http://example.org/amirabad")
