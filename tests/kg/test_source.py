import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.source import Document, read_json_lines, read_yaml, yaml_document
from tests.bad import Bad, named, told

GOOD = """\
# a comment
name: first
map:
  inner: text   # another
list:
- one
- {flow: two, more: [three, four]}
last: 'end'
"""


def test_every_part_remembers_its_line() -> None:
    document = yaml_document(GOOD, "x.yaml")
    assert document.tree == {
        "name": "first",
        "map": {"inner": "text"},
        "list": ["one", {"flow": "two", "more": ["three", "four"]}],
        "last": "end",
    }
    lines = {
        (): 2,
        ("name",): 2,
        ("map",): 3,
        ("map", "inner"): 4,
        ("list",): 5,
        ("list", 0): 6,
        ("list", 1): 7,
        ("list", 1, "flow"): 7,
        ("list", 1, "more"): 7,
        ("list", 1, "more", 0): 7,
        ("list", 1, "more", 1): 7,
        ("last",): 8,
    }
    assert document.lines == lines


def test_a_part_that_is_not_there_is_told_by_what_encloses_it() -> None:
    document = yaml_document(GOOD, "x.yaml")
    assert document.line(("list", 1, "absent", "deeper")) == 7
    problem = document.problem(("map", "absent"), "is wrong", "mend it")
    assert str(problem) == "x.yaml:3: map.absent: is wrong (mend it)"


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "22:30",
        "2023-06-09",
        "007",
        "1_000",
        "0x1F",
        "~",
        "null",
        "1e3",
        ".5",
        "<<",
        "=",
        "on",
    ],
)
def test_a_scalar_stays_the_text_it_is(written: str) -> None:
    assert yaml_document(f"a: {written}\n", "x").tree == {"a": written}
    assert yaml_document(f"{written}: a\n", "x").tree == {written: "a"}


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n...\n"])
def test_an_empty_file_is_an_empty_map_or_text(text: str) -> None:
    assert not yaml_document(text, "x").tree


PLAIN = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), max_size=20)


@given(
    st.recursive(
        PLAIN,
        lambda part: st.lists(part, max_size=3) | st.dictionaries(PLAIN, part, max_size=3),
        max_leaves=8,
    ).filter(bool)
)
def test_a_document_of_texts_comes_back_as_it_was(tree: object) -> None:
    # JSON is YAML, so what one writes the other must read
    assert yaml_document(json.dumps(tree, ensure_ascii=False), "x").tree == tree


BAD = (
    Bad("alias", "last: 'end'", "last: &a [x]\nmore: *a", "*a", "", "aliases", "write it out"),
    Bad("alias-as-key", "last: 'end'", "&a last: x\n*a : y", "*a : y", "", "aliases"),
    Bad("alias-to-itself", "last: 'end'", "last: &a [*a]", "last", "", "aliases"),
    Bad("tag", "name: first", "name: !!int 1", "!!int", "", "tags (tag:yaml.org", "drop it"),
    Bad("tag-of-a-map", "inner: text", "inner: !!set {a, b}", "!!set", "", "tags"),
    Bad("tag-of-python", "name: first", "name: !!python/name:os.system x", "python", "", "tags"),
    Bad("duplicate", "last: 'end'", "name: again", "again", "name", "stands twice", "on line 2"),
    Bad("duplicate-inside", "inner: text", "inner: a\n  inner: b", "inner: b", "inner", "twice"),
    Bad("key-is-a-list", "last: 'end'", "? [a, b]\n: c", "? [a", "", "must be text", "quote it"),
    Bad("key-is-a-map", "last: 'end'", "{a: b}: c", "{a: b}", "", "a key must be text"),
    Bad("two-documents", "last: 'end'", "---\nlast: x", "---", "", "a second document", "its own"),
    Bad("unclosed", "[three, four]", "[three, four", "three", "", "not YAML: while parsing a"),
    Bad("tab", "  inner: text", "\tinner: text", "\tinner", "", "cannot start any token"),
    Bad("two-colons", "name: first", "name: a: b", "a: b", "", "mapping values are not allowed"),
    Bad("control", "inner: text", "inner: te\x07xt", "\x07", "", "control characters"),
    Bad("control-after-ü", "inner: text", "inner: ü\n  o: \x07", "\x07", "", "control characters"),
    Bad("half-a-character", "'end'", '"\\ud800"', "last", "", "invalid Unicode character"),
    Bad("byte-order-mark", "# a", "\ufeff# a", "# a c", "", "byte order mark", "UTF-8 without"),
    Bad("deep", "name: first", f"name: {'[' * 31}{']' * 31}", "[[[", "", "nests too deep", "30"),
    Bad("abyss", "name: first", f"name: {'{a: ' * 100_000}", "{a: {a:", "", "nests too deep"),
)


@named(*BAD)
def test_yaml_that_is_not_plain_is_refused(bad: Bad) -> None:
    text = bad.spoil(GOOD)
    told(bad, text, "x.yaml", lambda: yaml_document(text, "x.yaml"))


def test_there_are_enough_bad_documents() -> None:
    assert len(BAD) >= 20


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [(b"a: b\nc: \xff\n", 2, "not UTF-8"), (None, 0, "cannot be read: No such file")],
)
@pytest.mark.parametrize("suffix", [".yaml", ".jsonl"])
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, content: bytes | None, line: int, message: str, suffix: str
) -> None:
    path = tmp_path / f"x{suffix}"
    if content is not None:
        path.write_bytes(content.replace(b"a: b", b'{"a": "b"}') if suffix == ".jsonl" else content)
    with pytest.raises(InputError) as caught:
        list(read_json_lines(path)) if suffix == ".jsonl" else read_yaml(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(path), line)
    assert message in problem.message or "not JSON: 'utf-8' codec" in problem.message


def test_a_yaml_file_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert read_yaml(path) == yaml_document(GOOD, str(path))


def lines(tmp_path: Path, *texts: str) -> list[Document]:
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(texts), "utf-8")
    return list(read_json_lines(path))


def test_each_line_of_json_is_a_document_that_knows_its_line(tmp_path: Path) -> None:
    first, second = lines(tmp_path, '{"a": "ü\\u0000\\ud83d\\ude00"}', '{"a": [1, null, true]}', "")
    assert first.tree == {"a": "ü\x00😀"}
    assert second.tree == {"a": [1, None, True]}
    problem = second.problem(("a", 0), "is wrong")
    assert str(problem) == f"{tmp_path}/x.jsonl:2: a.0: is wrong"


BAD_LINES = {
    "cut": ('{"a": "b"', "Expecting ',' delimiter"),
    "empty": ("", "Expecting value"),
    "two": ("{} {}", "Extra data"),
    "duplicate": ('{"a": {"b": "1", "b": "2"}}', "a key stands twice in one object"),
    "half-a-character": ('{"a": "\\ud800"}', "surrogates not allowed"),
    "half-a-character-in-a-key": ('{"\\udc00": "a"}', "surrogates not allowed"),
    "abyss": ("[" * 100_000, "recursion"),
}


@pytest.mark.parametrize(("line", "message"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_not_json_is_told(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        lines(tmp_path, "{}", line, "{}")
    (problem,) = caught.value.problems
    assert problem.line == 2
    assert problem.message.startswith("not JSON: ")
    assert message in problem.message


@given(st.text(string.printable, max_size=60))
def test_any_text_is_read_or_refused_but_never_more(text: str) -> None:
    try:
        document = yaml_document(text, "x")
    except InputError as error:
        (problem,) = error.problems
        # what is missing at the end is missed on the line after the last
        assert 1 <= problem.line <= text.count("\n") + text.count("\r") + 2
    else:
        assert isinstance(document.tree, dict | list | str)
