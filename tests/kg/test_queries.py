from pathlib import Path

import pytest

from kg.errors import InputError, UnknownNameError
from kg.queries import StoredQuery, stored_queries, stored_query
from kg.resources import folder

KITES = "# Who flies kites?\nSELECT * WHERE { ?s ?p ?o }\n"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    (tmp_path / "who-flies.rq").write_text(KITES, "utf-8")
    (tmp_path / "list.rq").write_text("# All kites.\nASK {}\n", "utf-8")
    (tmp_path / "README.md").write_text("not a question", "utf-8")
    return tmp_path


def test_a_stored_question_is_its_first_line(questions: Path) -> None:
    assert stored_queries(questions) == (
        StoredQuery("list", "All kites.", "# All kites.\nASK {}\n"),
        StoredQuery("who-flies", "Who flies kites?", KITES),
    )
    assert stored_query(questions, "who-flies").text == KITES


@pytest.mark.parametrize("text", ["", "SELECT", "# Who flies kites\n", "#Who?\n", "\n# Who?\n"])
def test_a_file_that_asks_nothing_is_refused(questions: Path, text: str) -> None:
    (questions / "mute.rq").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"mute\.rq:1: asks no question \(begin the file"):
        stored_queries(questions)


@pytest.mark.parametrize(
    ("name", "listed"), [("who-fly", "; did you mean who-flies?"), ("zzz", "")]
)
def test_a_name_of_no_question_is_told_with_the_nearest(
    questions: Path, name: str, listed: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        stored_query(questions, name)
    assert str(caught.value) == f"nothing is called “{name}”{listed}"


def test_the_shipped_questions_have_names_a_shell_can_type() -> None:
    names = [query.name for query in stored_queries(folder("queries"))]
    assert len(names) >= 15
    assert all(name.replace("-", "").isalnum() for name in names)
