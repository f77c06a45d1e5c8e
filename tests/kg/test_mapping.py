import pytest

from kg.mapping import BRIDGE, Quoted
from tests.conftest import Small


@pytest.mark.parametrize(
    ("text", "parts"),
    [("on Friday", ("on Friday",)), ("Freedonia denied…kites", ("Freedonia denied", "kites"))],
)
def test_a_quote_is_one_stretch_or_the_two_ends_of_one(text: str, parts: tuple[str, ...]) -> None:
    assert Quoted(text, 1, None, ()).parts == parts
    assert BRIDGE.join(parts) == text


def test_quotes_come_in_the_order_of_the_file_and_gaps_attest_nothing(small: Small) -> None:
    mapping = small.read()
    texts = [quoted.text for quoted in mapping.quoted()]
    assert texts[:3] == ["on Friday", "as the Gazette reported", "Ruritania ships kites"]
    assert texts[-2:] == ["The kites then go", "Subscribe now!"]
    assert [quoted.text for quoted in mapping.evidence()] == texts[:-1]


def test_a_mapping_is_shown_without_the_whole_document(small: Small) -> None:
    assert "document=" not in repr(small.read())
    assert "entities=" not in repr(small.read())
