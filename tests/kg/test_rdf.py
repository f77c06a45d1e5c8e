from pathlib import Path

import pytest

from kg.errors import InputError
from kg.rdf import Triple, read_turtle, turtle
from kg.resources import folder

TURTLE = """\
@prefix e: <http://e/> .
e:b e:p "two\\nlines"@en .
e:a e:p 1, e:b .
"""


def test_triples_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(TURTLE, "utf-8")
    assert [*read_turtle(path)] == [
        Triple("<http://e/b>", "<http://e/p>", '"two\\nlines"@en'),
        Triple("<http://e/a>", "<http://e/p>", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        Triple("<http://e/a>", "<http://e/p>", "<http://e/b>"),
    ]


def test_a_file_that_is_not_turtle_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(TURTLE + "e:a e:p .\n", "utf-8")
    with pytest.raises(InputError) as caught:
        list(read_turtle(path))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), 4)


def test_what_is_written_as_turtle_is_read_back(tmp_path: Path) -> None:
    triples = [*read_turtle(folder("ontology") / "systems.ttl")]
    assert len(triples) >= 50
    path = tmp_path / "x.ttl"
    path.write_text(turtle(triples, {"cas": "https://w3id.org/caspian/ontology#"}), "utf-8")
    assert [*read_turtle(path)] == triples
    assert path.read_text("utf-8").startswith("@prefix cas: ")
