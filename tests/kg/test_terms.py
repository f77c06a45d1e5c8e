import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.terms import XSD, Quad, iri, line, literal

S, P, G = (iri(f"http://e/{name}") for name in "spg")


def parsed(quad: Quad) -> ox.Quad:
    (found,) = ox.parse(line(quad), format=ox.RdfFormat.N_QUADS)
    return found


@given(st.text())
@example('"\\\n\r\t\x00\x7f\u2028\ufeff')
def test_any_text_comes_back_from_n_quads_as_it_was(text: str) -> None:
    assert parsed(Quad(S, P, literal(text), G)).object == ox.Literal(text)


@given(st.text())
def test_any_text_in_a_language_comes_back_as_it_was(text: str) -> None:
    found = parsed(Quad(S, P, literal(text, language="en"), G)).object
    assert found == ox.Literal(text, language="en")


def test_a_quad_is_one_line_of_n_quads() -> None:
    quad = Quad(S, P, literal("two\nlines", XSD + "string"), G)
    assert line(quad) == (
        '<http://e/s> <http://e/p> "two\\nlines"^^<http://www.w3.org/2001/XMLSchema#string>'
        " <http://e/g> .\n"
    )
    assert parsed(quad).graph_name == ox.NamedNode("http://e/g")


@pytest.mark.parametrize("char", [*'<>"{}|^`\\ ', "\n", "\x00", "\x1f"])
def test_what_cannot_stand_in_an_iri_is_refused(char: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        iri(f"http://e/{char}")


def test_an_iri_may_hold_any_script() -> None:
    assert iri("http://e/Тегеран") == "<http://e/Тегеран>"
