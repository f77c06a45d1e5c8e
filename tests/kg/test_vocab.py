import pytest

from kg import vocab
from kg.terms import iri
from kg.vocab import PREFIXES, cas, claim_property, curie, graph, thing, value_property


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (cas("supplier"), "ontology#supplier"),
        (thing("place/amirabad"), "id/place/amirabad"),
        (graph("view/us"), "graph/view/us"),
        (claim_property("supplier"), "claim/supplier"),
        (value_property("supplier"), "value/supplier"),
    ],
)
def test_a_name_of_ours_stands_in_its_namespace(made: str, expected: str) -> None:
    assert made == f"<https://w3id.org/caspian/{expected}>"


@pytest.mark.parametrize(("prefix", "namespace"), PREFIXES.items())
def test_every_namespace_is_shortened_by_its_prefix(prefix: str, namespace: str) -> None:
    assert curie(namespace + "x") == f"{prefix}:x"


def test_an_iri_of_nobody_we_know_stays_as_it_is() -> None:
    assert curie("http://example.org/x") == "http://example.org/x"


def test_every_name_the_module_offers_exists() -> None:
    assert all(hasattr(vocab, name) for name in vocab.__all__)
    assert iri(vocab.EDTF) == "<http://id.loc.gov/datatypes/edtf/EDTF>"
