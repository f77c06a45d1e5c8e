"""The report that follows its data is the full report, whatever is edited."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg.build import all_quads
from kg.corpus import mapping_files, mappings, read_corpus
from kg.rdf import Triple
from kg.resources import folder
from kg.shacl import Data, Incremental, Shapes, read_shapes, validate
from kg.validation import shapes_in
from kg.vocab import GRAPH, RDFS, TYPE

Graphs = dict[str, list[Triple]]

EDITS = 25


@pytest.fixture(scope="module")
def graphs() -> Graphs:
    """The graphs of the five articles, without views."""
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    found: Graphs = defaultdict(list)
    articles = mappings(corpus, mapping_files(folder("seeds")))
    for quad in all_quads(corpus, articles, Counter()):
        if not quad.graph.startswith(f"<{GRAPH}view/"):
            found[quad.graph].append(Triple(*quad[:3]))
    return dict(found)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return shapes_in(folder("shapes"))


def full(shapes: Shapes, graphs: Graphs) -> object:
    return validate(Data(triple for triples in graphs.values() for triple in triples), shapes)


def edited(rng: random.Random, graphs: Graphs) -> Iterator[Graphs]:
    """The graphs after one random edit, and another, and so on."""
    now = dict(graphs)
    while True:
        name = rng.choice(sorted(now))
        triples = now[name]
        one, other = rng.choice(triples), rng.choice(now[rng.choice(sorted(now))])
        less = [triple for triple in triples if triple != one]
        now[name] = rng.choice(
            (
                less or triples,
                [*triples, other],
                [*less, one._replace(object=other.object)],
                [*triples, one._replace(predicate=other.predicate)],
                [*triples, Triple(one.subject, TYPE, other.object)],
                rng.sample(triples, len(triples) // 2 + 1),
                [each for each in triples if each.predicate != one.predicate] or triples,
                graphs[name],
            )
        )
        yield dict(now)


@pytest.mark.parametrize("seed", [2, 4])
def test_after_random_edits_the_report_is_the_full_report(
    seed: int, graphs: Graphs, shapes: Shapes
) -> None:
    following = Incremental(shapes, graphs)
    now, seen = graphs, set[str]()
    edits = edited(random.Random(seed), graphs)  # noqa: S311 -- no secret

    assert following.report() == full(shapes, graphs)
    for _, after in zip(range(EDITS), edits, strict=False):
        for name in after:
            if after[name] != now[name]:
                following.change(name, after[name])
        now = after
        report = following.report()
        assert report == full(shapes, now)
        seen |= {result.component for result in report.results}

    assert len(seen) >= 6  # the edits broke constraints of many kinds


def test_a_graph_that_is_the_same_is_not_looked_at(graphs: Graphs, shapes: Shapes) -> None:
    following = Incremental(shapes, graphs)
    name = min(graphs)

    assert not following.change(name, graphs[name][::-1])
    assert following.change(name, graphs[name][1:])


def test_a_graph_may_come_and_go(graphs: Graphs, shapes: Shapes) -> None:
    articles = sorted(name for name in graphs if "article/" in name)
    rest = {name: triples for name, triples in graphs.items() if name != articles[0]}
    following = Incremental(shapes, rest)

    following.change(articles[0], graphs[articles[0]])
    assert following.report() == full(shapes, graphs)
    following.change(articles[0], [])
    assert following.report() == full(shapes, rest)


def test_another_place_in_the_order_of_classes_is_followed(graphs: Graphs, shapes: Shapes) -> None:
    below = f"<{RDFS}subClassOf>"
    name = f"<{GRAPH}ontology>"
    fewer = [triple for triple in graphs[name] if triple.predicate != below]
    following = Incremental(shapes, graphs)

    following.change(name, fewer)

    report = following.report()
    assert report.results
    assert report == full(shapes, {**graphs, name: fewer})


def read(text: str) -> list[Triple]:
    head = """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix : <urn:> .
    """
    return [
        Triple(str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse(head + text, ox.RdfFormat.TURTLE)
    ]


OTHERWISE = {
    "a query that is no pattern": """
        :S sh:targetClass :C ; sh:sparql [ sh:select
            "SELECT $this { $this <urn:p> ?o } GROUP BY $this HAVING (COUNT(?o) > 1)" ] .
    """,
    "a query within another shape": """
        :S sh:targetClass :C ; sh:node [ sh:sparql [ sh:select
            "SELECT $this { $this <urn:p> ?o FILTER NOT EXISTS { ?o <urn:p> $this } }" ] ] .
    """,
    "a query that goes by the focus node": """
        :S sh:targetSubjectsOf :p ; sh:sparql [ sh:select
            "SELECT $this ?value { $this <urn:p> ?value . FILTER EXISTS { ?value <urn:p> ?x } }" ] .
    """,
    "a query that goes by no focus node": """
        :S sh:targetNode :a, :b ; sh:sparql [ sh:select
            "SELECT $this ?value { ?value <urn:p> ?o . FILTER (?o = <urn:a>) }" ] .
    """,
    "a shape for the reference engine": """
        :S sh:targetClass :C ; sh:node :T .
        :T sh:property [ sh:path :p ; sh:node :S ; sh:maxCount 1 ] .
    """,
    "a closed shape": """
        :S sh:targetObjectsOf :p ; sh:closed true ; sh:property [ sh:path :p ] .
    """,
    "paths of all kinds": """
        :S sh:targetClass :C ; sh:property [ sh:maxCount 2 ; sh:path (
            [ sh:zeroOrMorePath :p ]
            [ sh:alternativePath ( [ sh:inversePath :p ] [ sh:zeroOrOnePath :q ] ) ] ) ] ;
        sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:disjoint :q ; sh:class :C ] .
    """,
}


@pytest.mark.parametrize("text", OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_kept_in_another_way_is_followed_too(text: str) -> None:
    shapes = read_shapes(read(text))
    rng = random.Random(text)  # noqa: S311 -- no secret
    every = read(":a a :C . :b a :C . :c a :D . :a :q :c . :b :q :b .") + [
        Triple(f"<urn:{s}>", f"<urn:{p}>", f"<urn:{o}>")
        for s in "abcd"
        for p in "pq"
        for o in "abcd"
    ]
    graphs = {name: rng.sample(every, 8) for name in ("one", "two")}
    following = Incremental(shapes, graphs)

    rounds = 3 if shapes.referrals else 40
    for _ in range(rounds):
        name = rng.choice(["one", "two"])
        graphs[name] = rng.sample(every, rng.randrange(16))
        following.change(name, graphs[name])
        assert following.report() == full(shapes, graphs)
