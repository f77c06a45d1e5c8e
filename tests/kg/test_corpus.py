import json
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from kg import vocab
from kg.compile import quads
from kg.corpus import (
    ONTOLOGY,
    REFERENCE,
    article_quads,
    documents,
    mapping_files,
    mappings,
    ontology_quads,
    read_corpus,
    reference_quads,
)
from kg.errors import InputError
from kg.rdf import read_turtle
from kg.resources import folder
from kg.schema import ontology_files
from kg.source import read_yaml
from kg.terms import Quad, literal
from kg.vocab import cas, graph, thing
from tests.conftest import Small


def test_the_corpus_holds_what_the_seeds_declare(small: Small) -> None:
    corpus = small.corpus()
    assert "person/rupert" in corpus.vocabulary.entities
    assert corpus.vocabulary.lexicon.find("quantity", "hundreds")
    assert [view.name for view in corpus.views] == ["any", "ruritania"]
    assert (corpus.seeds, corpus.ontology) == (small.seeds, folder("ontology"))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "entities": (
        lambda seeds: (seeds / "entities" / "more.yaml").write_text("actor/x: {}\n"),
        "more.yaml:1: actor/x: lacks label",
    ),
    "no-entities": (
        lambda seeds: (seeds / "entities" / "all.yaml").unlink(),
        "entities: actor/caspian: is not declared (it makes the inferences",
    ),
    "lexicon": (
        lambda seeds: (seeds / "lexicon.yaml").write_text("a: {}\n"),
        "lexicon.yaml:1: a: a rule needs says and kind",
    ),
    "no-lexicon": (
        lambda seeds: (seeds / "lexicon.yaml").unlink(),
        "lexicon.yaml: cannot be read: No such file",
    ),
    "views": (
        lambda seeds: (seeds / "views.yaml").write_text("a: {}\n"),
        "views.yaml:1: a: a view needs a label and a description",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_declaration_that_cannot_be_read_is_told(small: Small, case: str) -> None:
    spoil, message = BROKEN[case]
    spoil(small.seeds)
    with pytest.raises(InputError) as caught:
        small.corpus()
    assert message in str(caught.value)


def test_a_folder_without_an_ontology_makes_no_corpus(small: Small) -> None:
    with pytest.raises(InputError, match=r"holds no \.ttl file"):
        read_corpus(small.seeds, small.texts)


def test_mappings_are_the_seeds_but_for_the_lexicon_and_the_views(small: Small) -> None:
    (small.seeds / "atlas.jsonl").write_text("")
    (small.seeds / "README.md").write_text("")
    found = [path.name for path in mapping_files(small.seeds)]
    assert found == ["atlas.jsonl", "kites.yaml"]


def lines(small: Small, *articles: str, name: str = "more.jsonl") -> Path:
    """A file of JSON Lines with the small mapping under these names."""
    tree = read_yaml(small.anchored().mapping).tree
    path = small.seeds / name
    texts = (tree | {"article": a, "sha256": sha256(a.encode()).hexdigest()} for a in articles)
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    return path


def test_documents_come_file_by_file_and_line_by_line(small: Small) -> None:
    path = lines(small, "a", "b")
    found = [*documents([path, small.mapping])]
    assert [document.tree["article"] for document in found] == ["a", "b", "kites"]
    assert [document.first_line for document in found] == [1, 2, 1]


def test_mappings_are_read_as_they_are_asked_for(small: Small) -> None:
    path = lines(small, "a", "b")
    with path.open("a", encoding="utf-8") as out:
        out.write("this is not JSON\n")
    reading = mappings(small.corpus(), [path])
    assert next(reading).article == "a"
    assert next(reading).article == "b"
    with pytest.raises(InputError, match="not JSON"):
        next(reading)


def test_the_problems_of_all_files_are_told_once_all_are_read(small: Small) -> None:
    first, last = lines(small, "a", "b/c", name="a.jsonl"), lines(small, "d", name="z.jsonl")
    broken = small.seeds / "broken.yaml"
    broken.write_text("a: [", "utf-8")
    small.change("mode: sea", "mode: see")
    reading = mappings(small.corpus(), [first, broken, small.mapping, last])
    assert [next(reading).article, next(reading).article] == ["a", "d"]
    with pytest.raises(InputError) as caught:
        next(reading)
    assert [(Path(p.file).name, p.key) for p in caught.value.problems] == [
        ("a.jsonl", "article"),
        ("broken.yaml", ""),
        ("kites.yaml", "claims.2.leg/one.mode"),
    ]


def test_an_article_mapped_twice_is_told(small: Small) -> None:
    path = lines(small, "a", "kites")
    with pytest.raises(InputError) as caught:
        list(mappings(small.corpus(), [small.mapping, path]))
    assert str(caught.value) == f"{path}:2: article: this article is mapped twice"


def test_the_ontology_stands_in_its_graph_whole(small: Small) -> None:
    found = [*ontology_quads(small.corpus())]
    files = ontology_files(folder("ontology"))
    assert len(found) == sum(1 for path in files for _ in read_turtle(path)) >= 1000
    assert {quad.graph for quad in found} == {ONTOLOGY}


def test_an_ontology_with_a_blank_node_is_refused(small: Small, tmp_path: Path) -> None:
    path = tmp_path / "ontology" / "x.ttl"
    path.parent.mkdir()
    for source in ontology_files(folder("ontology")):
        (path.parent / source.name).write_bytes(source.read_bytes())
    path.write_text("<http://e/a> <http://e/b> [] .", "utf-8")
    corpus = read_corpus(small.seeds, path.parent)
    with pytest.raises(InputError, match=r"x\.ttl: holds a blank node \(give it an IRI"):
        list(ontology_quads(corpus))


def test_the_reference_data_stand_in_their_graph(small: Small) -> None:
    found = [*reference_quads(small.corpus())]
    assert len(set(found)) == len(found)
    assert {quad.graph for quad in found} == {REFERENCE}
    english = literal("Weapons systems", language="en")
    assert found[:2] == [
        Quad(thing("scheme/systems"), vocab.TYPE, vocab.CONCEPT_SCHEME, REFERENCE),
        Quad(thing("scheme/systems"), vocab.LABEL, english, REFERENCE),
    ]
    assert Quad(thing("actor/ruritania"), vocab.TYPE, cas("State"), REFERENCE) in found
    assert Quad(graph("view/ruritania"), vocab.TYPE, cas("View"), REFERENCE) in found


def test_articles_are_counted_with_their_claims_as_they_pass(small: Small) -> None:
    path = lines(small, "a", "b")
    corpus = small.corpus()
    counts: Counter[str] = Counter()
    found = [*article_quads(corpus, mappings(corpus, [path]), counts)]
    assert counts == {"articles": 2, "claims": 2 * 20}
    each = [quads(mapping, corpus.views) for mapping in mappings(corpus, [path])]
    assert found == [quad for made in each for quad in made]
    assert [*article_quads(corpus, mappings(corpus, [path]))] == found
