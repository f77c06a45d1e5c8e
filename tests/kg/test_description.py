"""The description, held against the engine: every count is asked again of the graph it is about."""

import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kg.build import build, check
from kg.corpus import DESCRIPTION, description_quads, mapping_files, read_corpus
from kg.description import DATASET, DEFAULT_GRAPH, description
from kg.dumps import graph_sizes
from kg.errors import InputError
from kg.formats import named
from kg.lines import split
from kg.resources import folder
from kg.snapshot import open_snapshot
from kg.store import OxigraphStore, Store
from tests.conftest import CHECKOUT, Small
from tests.kg.conftest import LINES

PREFIXES = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX more: <http://ldf.fi/void-ext#>\n"
TOLD = {
    "whole": f"SELECT ?n ?a ?b ?c {{ <{DATASET}> void:triples ?n ; void:distinctSubjects ?a ;"
    " void:distinctObjects ?b ; void:properties ?c }",
    "classes": f"SELECT ?n {{ <{DATASET}> void:classes ?n }}",
    "properties": f"SELECT ?p ?n {{ <{DATASET}> void:propertyPartition ?part ."
    " ?part void:property ?p ; void:triples ?n }",
    "entities": f"SELECT ?c ?n {{ <{DATASET}> void:classPartition ?part ."
    " ?part void:class ?c ; void:entities ?n }",
    "triples of a class": f"SELECT ?c ?n {{ <{DATASET}> void:classPartition ?part ."
    " ?part void:class ?c ; void:triples ?n }",
    "properties of a class": "SELECT ?c ?p ?n { ?whole void:class ?c ; void:propertyPartition ?part"
    " . ?part void:property ?p ; void:triples ?n }",
    "classes of values": "SELECT ?c ?p ?d ?n { ?whole void:class ?c ; void:propertyPartition ?use ."
    " ?use void:property ?p ; void:classPartition ?part . ?part void:class ?d ; void:triples ?n }",
    "datatypes of values": "SELECT ?c ?p ?d ?n { ?whole void:class ?c ;"
    " void:propertyPartition ?use . ?use void:property ?p ; more:datatypePartition ?part ."
    " ?part more:datatype ?d ; void:triples ?n }",
}
COUNTED = {
    "whole": "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b)"
    " (COUNT(DISTINCT ?p) AS ?c) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "properties": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "entities": "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c",
    "triples of a class": "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c",
    "properties of a class": "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p",
    "classes of values": "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?d }"
    " GROUP BY ?c ?p ?d",
    "datatypes of values": "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o"
    " FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d",
}
# how many rows the real graph has at least, so that nothing is equal for being empty
FLOOR = {
    "whole": 1,
    "classes": 1,
    "properties": 300,
    "entities": 70,
    "triples of a class": 70,
    "properties of a class": 700,
    "classes of values": 600,
    "datatypes of values": 250,
}


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in store.select(PREFIXES + query).rows)


def described(lines: list[bytes], folder: Path) -> list[bytes]:
    sizes = Counter(split(line).graph for line in lines)
    return description(sorted(lines), sizes, folder)


@pytest.fixture(scope="module")
def told(graph: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The real graph without its description, and what is told of it."""
    out = io.BytesIO()
    graph.dump(named("nquads"), out)
    every = out.getvalue().splitlines(keepends=True)
    lines = [line for line in every if split(line).graph != DESCRIPTION[1:-1]]
    assert len(every) - len(lines) > 6_000
    told = described(lines, tmp_path_factory.mktemp("sorted"))
    return OxigraphStore.memory(lines), OxigraphStore.memory(told)


@pytest.mark.parametrize("count", COUNTED)
def test_each_count_is_what_the_engine_counts(told: tuple[Store, Store], count: str) -> None:
    data, about = told
    found = rows(about, TOLD[count])
    assert len(found) >= FLOOR[count]
    assert found == rows(data, COUNTED[count])


def test_a_graph_is_told_with_its_size(graph: Store) -> None:
    query = f"SELECT ?g ?n {{ <{DATASET}> void:subset ?g . ?g void:triples ?n }}"
    told = {name: int(size) for name, size in rows(graph, query)}
    assert told == graph_sizes(graph)
    assert len(told) >= 15


def test_the_default_graph_is_told_with_all_that_is_in_it(graph: Store) -> None:
    told = rows(graph, f"SELECT ?n {{ <{DEFAULT_GRAPH}> void:triples ?n }}")
    assert told == rows(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_a_triple_in_two_graphs_counts_once(tmp_path: Path) -> None:
    store = OxigraphStore.memory(described([*LINES], tmp_path))
    assert rows(store, f"SELECT ?n {{ <{DATASET}> void:triples ?n }}") == [("7",)]
    assert rows(store, f"SELECT ?n {{ <{DEFAULT_GRAPH}> void:triples ?n }}") == [
        (str(7 + len(described([*LINES], tmp_path))),)
    ]


def test_nothing_is_described_too(tmp_path: Path) -> None:
    store = OxigraphStore.memory(described([], tmp_path))
    assert rows(store, f"SELECT ?n {{ <{DATASET}> void:triples ?n }}") == [("0",)]


TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
ODD = [
    # names that are one inside the other, one after the other, or hold what a path may not
    f"<http://e/a> {TYPE} <http://e/c/d> <urn:g> .\n",
    f"<http://e/a/b> {TYPE} <http://e/c> <urn:g> .\n",
    f"<http://e/a-b> {TYPE} <http://e/é#x> <urn:g> .\n",
    f"<http://e/a> {TYPE} <http://e/c> <urn:g> .\n",
    "<http://e/a> <http://e/p> <http://e/a/b> <urn:g> .\n",
    "<http://e/a> <http://e/d/p> <http://e/a-b> <urn:g> .\n",
    "<http://e/a/b> <http://e/d/p> <http://e/a> <urn:g> .\n",
    "<http://e/a/b> <http://e/p> <http://e/nowhere> <urn:g> .\n",
    '<http://e/a-b> <http://e/p> "a\tb"@en-GB <urn:g> .\n',
    '<http://e/a-b> <http://e/p> "a\tb" <urn:g> .\n',
    '<http://e/a-b> <http://e/p> "x \\"@de" <urn:g> .\n',
    "<http://e/untyped> <http://e/p> <http://e/a> <urn:g> .\n",
    '<http://e/untyped> <http://e/p> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g> .\n',
]


@pytest.mark.parametrize("count", COUNTED)
def test_odd_names_and_values_are_counted_too(tmp_path: Path, count: str) -> None:
    lines = [line.encode() for line in ODD]
    data, about = OxigraphStore.memory(lines), OxigraphStore.memory(described(lines, tmp_path))
    assert rows(about, TOLD[count]) == rows(data, COUNTED[count])


def test_no_two_partitions_share_a_name(tmp_path: Path) -> None:
    store = OxigraphStore.memory(described([line.encode() for line in ODD], tmp_path))
    by = "void:class|void:property|more:datatype"
    assert rows(store, f"SELECT ?part {{ ?part {by} ?a, ?b FILTER (?a != ?b) }}") == []
    assert rows(store, "SELECT ?n { ?part void:triples ?m, ?n FILTER (?m != ?n) }") == []


def test_what_is_said_already_is_not_said_again(tmp_path: Path) -> None:
    said = f"<{DATASET}> {TYPE} <http://rdfs.org/ns/void#Dataset> {DESCRIPTION} .\n".encode()
    title = f'<{DATASET}> <http://purl.org/dc/terms/title> "Kites" {DESCRIPTION} .\n'.encode()
    lines = [*LINES, said, title]
    found = described(lines, tmp_path)
    assert said in described([*LINES], tmp_path)
    assert said not in found
    assert len(set(found)) == len(found)
    store = OxigraphStore.memory([*lines, *found])
    query = f"SELECT ?n {{ {DESCRIPTION} void:triples ?n }}"
    assert rows(store, query) == [(str(len(found) + 2),)]


def test_the_same_lines_get_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from collections import Counter\n"
        "from kg.description import description\n"
        "from tests.kg.conftest import LINES\n"
        "told = description(sorted(LINES), Counter(a=1, b=2), Path(sys.argv[1]))\n"
        "sys.stdout.buffer.write(b''.join(told))"
    )
    outs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(CHECKOUT)},
            cwd=CHECKOUT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outs[0] == outs[1]
    assert outs[0].count(b"\n") > 25
    assert not [*tmp_path.iterdir()]


# -- what the editors say


def test_the_dataset_says_whose_it_is_and_how_it_may_be_used(graph: Store) -> None:
    query = f"""
    PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX dcat: <http://www.w3.org/ns/dcat#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?title ?name ?licence ?modified {{
      GRAPH {DESCRIPTION} {{
        <{DATASET}> a dcat:Dataset, void:Dataset ; dcterms:title ?title ; dcterms:publisher ?who ;
          dcterms:license ?licence ; dcterms:modified ?modified .
      }}
      ?who rdfs:label ?name
    }}"""
    ((title, name, licence, modified),) = rows(graph, query)
    assert title.startswith("Caspian")
    assert name == "Editors of Caspian"
    assert licence == "https://creativecommons.org/licenses/by/4.0/"
    modifications = "SELECT ?d { ?s <http://purl.org/dc/terms/modified> ?d }"
    assert modified == max(day for (day,) in rows(graph, modifications)), "raise dcterms:modified"


def test_the_examples_of_things_are_there(graph: Store) -> None:
    examples = f"SELECT ?thing {{ <{DATASET}> void:exampleResource ?thing }}"
    found = rows(graph, examples)
    assert len(found) >= 3
    there = f"SELECT DISTINCT ?thing {{ <{DATASET}> void:exampleResource ?thing . ?thing a ?c }}"
    assert rows(graph, there) == found


def test_seeds_without_a_title_are_counted_all_the_same(small: Small, tmp_path: Path) -> None:
    corpus = small.anchored().corpus()
    assert [*description_quads(corpus)] == []
    checked = check(corpus, mapping_files(small.seeds), shapes=folder("shapes"))
    root = tmp_path / "graph"
    built = build(checked, root)
    assert built.snapshot.graphs[DESCRIPTION[1:-1]] > 1_000
    _, store = open_snapshot(root)
    keys = rows(store, f"SELECT DISTINCT ?key {{ <{DATASET}> ?key ?value }}")
    store.close()
    assert ("http://rdfs.org/ns/void#triples",) in keys
    assert not [key for (key,) in keys if key.startswith("http://purl.org/dc/terms/")]


def test_a_dataset_with_a_blank_node_is_refused(small: Small) -> None:
    path = small.seeds / "dataset.ttl"
    path.write_text("<http://e/a> <http://e/b> [] .", "utf-8")
    with pytest.raises(InputError, match=r"dataset\.ttl: holds a blank node \(give it an IRI"):
        list(description_quads(read_corpus(small.seeds, folder("ontology"))))
