"""The ontology and the shapes as documents: nothing is lost, and each term has its text."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.ontology import Document, Model, read_model
from kg.resources import folder
from kg.vocab import CAS, ID, SKOS


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(folder("ontology"), folder("shapes"))


def test_the_texts_of_a_file_s_subjects_are_the_file(model: Model) -> None:
    documents = (*model.ontology, *model.shapes)
    assert len(documents) >= 13
    for document in documents:
        prefixes = "".join(f"@prefix {key}: <{iri}> .\n" for key, iri in document.prefixes.items())
        text = prefixes + "\n".join(document.said.values())
        assert told(text) == told(document.text), document.iri


def told(text: str) -> list[str]:
    """The triples of a Turtle text, sorted; blank nodes are alike."""

    def one(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        return "_:" if isinstance(term, ox.BlankNode) else str(term)

    triples = ox.parse(text, ox.RdfFormat.TURTLE)
    return sorted(f"{one(t.subject)} {t.predicate} {one(t.object)}" for t in triples)


def test_the_whole_holds_every_triple_but_heads_and_imports(model: Model) -> None:
    whole = {*model.whole.triples}
    for document in model.ontology[1:]:
        own = {triple for triple in document.triples if triple.subject != f"<{document.iri}>"}
        assert own <= whole
        assert not {t for t in whole if t.subject == f"<{document.iri}>"}
    left = {*model.ontology[0].triples} - whole
    assert {triple.predicate for triple in left} == {"<http://www.w3.org/2002/07/owl#imports>"}
    assert len(left) == len(model.ontology) - 1


def test_every_term_of_ours_has_text_label_meaning_and_example(model: Model) -> None:
    ours = [term for term in model.terms.values() if term.iri.startswith((CAS, ID))]
    assert len(ours) > 290
    for term in ours:
        said = (term.label, term.text, term.one(SKOS + "definition"), term.one(SKOS + "example"))
        assert all(said), term.iri


def test_a_term_is_kept_by_the_shapes_that_target_it_or_that_have_it_in_a_path(
    model: Model,
) -> None:
    def says(name: str) -> dict[str, tuple[str, ...]]:
        rules = model.rules(model.terms[CAS + name])
        return {rule.shape.partition("#")[2]: rule.says for rule in rules}

    assert (
        "A transfer has somebody at one end: state its `supplier:` or its `recipient:`"
        in (says("Transfer")["TransferShape"])
    )
    assert says("certainty")["ClaimShape"] == (
        "A claim has exactly one certainty: set `certainty:`, such as asserted or possible",
    )
    # of a property that is claimed, the shapes of its pair
    assert {"plain-supplier-none", "claim-supplier", "claim-supplier-value"} <= set(
        says("supplier")
    )
    kept = [term for term in model.terms.values() if term.iri.startswith(CAS) and model.rules(term)]
    assert len(kept) > 200


def test_each_named_shape_comes_with_its_text(model: Model) -> None:
    assert len(model.named_shapes) > 600
    rule = model.named_shapes["https://w3id.org/caspian/shapes#TransferShape"]
    assert rule.text.startswith("sh-cas:TransferShape a sh:NodeShape ;")
    assert rule.text.endswith(" .")


def test_a_folder_without_the_header_is_no_ontology(tmp_path: Path) -> None:
    (tmp_path / "actors.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    with pytest.raises(InputError, match=r"holds no caspian\.ttl"):
        read_model(tmp_path, folder("shapes"))


def test_a_subject_told_of_twice_has_both_texts() -> None:
    text = "@prefix e: <urn:e:> .\n\ne:a e:b e:c .\n\n<urn:e:a> e:b\n  e:d .\n"
    assert Document("urn:x", text, ()).said == {"urn:e:a": "e:a e:b e:c .\n<urn:e:a> e:b\n  e:d ."}
