"""Files people and machines write, as plain values that remember their lines.

YAML is read without implicit types (every scalar is text) and without aliases, tags or duplicate
keys: `no` stays "no", `22:30` stays "22:30", and an alias bomb is refused before it is walked.
JSON is what machines write, a document a line.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from kg.errors import InputError, Problem

__all__ = ["Document", "Key", "Tree", "read_json_lines", "read_text", "read_yaml", "yaml_document"]

Tree = Any  # dict[str, Tree] | list[Tree] | str; JSON adds int, float, bool and None
Key = tuple[str | int, ...]

_DEEPEST = 30
"""How many maps and lists may stand in each other; a mapping needs six."""


@dataclass(frozen=True)
class Document:
    """What a file (or a line of one) holds, and on which line each part of it stands."""

    file: str
    tree: Tree
    lines: Mapping[Key, int] = field(repr=False)
    first_line: int = 1

    def line(self, key: Key) -> int:
        """The line of the part at `key`, or of the nearest part that encloses it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, self.first_line)

    def problem(self, key: Key, message: str, hint: str = "") -> Problem:
        """What is wrong at `key`, with the file and the line."""
        return Problem(self.file, self.line(key), ".".join(map(str, key)), message, hint)


def read_yaml(path: Path) -> Document:
    """The YAML file as a document.

    Raises InputError where it is not the YAML described above.
    """
    return yaml_document(read_text(path), str(path))


def yaml_document(text: str, file: str) -> Document:
    r"""The YAML text as a document.

    >>> document = yaml_document("a:\n  b: no\n", "x.yaml")
    >>> document.tree, document.line(("a", "b"))
    ({'a': {'b': 'no'}}, 2)
    """
    if text.startswith("\ufeff"):
        message = "begins with a byte order mark"
        raise InputError(Problem(file, 1, "", message, "save it as UTF-8 without one"))
    lines: dict[Key, int] = {}
    try:
        tree = _Yaml(file, yaml.parse(text, Loader=yaml.CBaseLoader), lines).document()
    except yaml.MarkedYAMLError as error:
        line = getattr(error.problem_mark, "line", -1) + 1
        what = ", ".join(filter(None, (error.context, error.problem)))
        raise InputError(Problem(file, line, "", f"not YAML: {what}")) from error
    except yaml.reader.ReaderError as error:  # its position is counted in bytes
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise InputError(Problem(file, line, "", f"not YAML: {error.reason}")) from error
    return Document(file, tree, lines)


@dataclass(frozen=True)
class _Yaml:
    """A YAML text being read by its events.

    Not by its nodes: libyaml builds those by recursion, and a text that nests deep would end the
    process.
    """

    file: str
    events: Iterator[Any]
    lines: dict[Key, int]

    def document(self) -> Tree:
        """What the one document holds; an empty map where there is none."""
        _, begin = next(self.events), next(self.events)
        if isinstance(begin, yaml.StreamEndEvent):
            return {}
        tree = self._tree(next(self.events), ())
        _, end = next(self.events), next(self.events)
        if not isinstance(end, yaml.StreamEndEvent):
            raise self._refused(end, "a second document is not read", "give it a file of its own")
        return tree

    def _tree(self, event: Any, key: Key) -> Tree:  # noqa: ANN401 -- the events have no useful type
        self.lines.setdefault(key, event.start_mark.line + 1)
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if len(key) > _DEEPEST:
            raise self._refused(event, "nests too deep", f"{_DEEPEST} levels are the most")
        if isinstance(event, yaml.MappingStartEvent):
            return self._map(key)
        return [self._tree(item, (*key, number)) for number, item in enumerate(self._items())]

    def _map(self, key: Key) -> Tree:
        tree: dict[str, Tree] = {}
        for event in self._items():
            line = event.start_mark.line + 1
            self._check(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key must be text", "quote it")
            name = event.value
            if name in tree:
                hint = f"the first is on line {self.lines[(*key, name)]}"
                raise self._refused(event, "the key stands twice", hint, name)
            self.lines[(*key, name)] = line
            tree[name] = self._tree(next(self.events), (*key, name))
        return tree

    def _items(self) -> Iterator[Any]:
        """What begins each part of the list or map the reader is in."""
        while not isinstance(event := next(self.events), yaml.CollectionEndEvent):
            yield event

    def _check(self, event: Any) -> None:  # noqa: ANN401 -- as above
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, "aliases (*name) are not read", "write it out")
        if event.tag:
            raise self._refused(event, f"tags ({event.tag}) are not read", "drop it")

    def _refused(self, event: Any, message: str, hint: str, key: str = "") -> InputError:  # noqa: ANN401 -- as above
        return InputError(Problem(self.file, event.start_mark.line + 1, key, message, hint))


def read_json_lines(path: Path) -> Iterator[Document]:
    """The documents of a JSON Lines file, one a line, read as they are asked for.

    Raises InputError, with the line, where a line is not JSON.
    """
    with _opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            try:
                tree = _json(line)
            except (ValueError, RecursionError) as error:
                raise InputError(Problem(str(path), number, "", f"not JSON: {error}")) from error
            yield Document(str(path), tree, {}, number)


def _json(line: bytes) -> Tree:
    tree = json.loads(line.decode("utf-8"), object_pairs_hook=_unique)
    if b"\\u" in line:  # half of a surrogate pair is no character: it could not be written again
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    return tree


def _unique(pairs: list[tuple[str, Tree]]) -> dict[str, Tree]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return tree


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; InputError where it cannot be read, with the line."""
    with _opened(path) as file:
        text = file.read()
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InputError(Problem(str(path), line, "", f"not UTF-8: {error}")) from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(Problem(str(path), 0, "", f"cannot be read: {error.strerror}")) from error
