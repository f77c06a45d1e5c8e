"""Lint of an ontology and its shapes: every check is a query of queries/lint, run over both.

A file's first three lines say how bad a finding is, what is wrong and what to do; {term} and
{other} stand for what the query selects.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.checking.findings import LEVELS, Finding, Findings
from kg.checking.rdf_files import RdfFile, read_rdf
from kg.errors import InputError, Problem, meant, near
from kg.rdf import SUFFIXES
from kg.source import read_text
from kg.store import Iri, OxigraphStore
from kg.vocab import TYPE, curie

__all__ = ["Check", "lint", "lint_checks", "rdf_in"]

ONTOLOGY, SHAPES = "<urn:x-caspian:lint:ontology>", "<urn:x-caspian:lint:shapes>"
_HEAD = 3


class Check(NamedTuple):
    """A check: the query finds the terms that are wrong."""

    name: str
    level: str
    message: str
    hint: str
    query: str


def lint_checks(folder: Path) -> tuple[Check, ...]:
    """The checks of the folder, in name order.

    >>> from kg.resources import folder
    >>> len(lint_checks(folder("queries") / "lint")) >= 30
    True

    Raises InputError where a file does not begin with level, message and hint.
    """
    return tuple(_check(path) for path in sorted(folder.glob("*.rq")))


def _check(path: Path) -> Check:
    text = read_text(path)
    lines = text.split("\n")[:_HEAD]
    level, message, hint = (line.removeprefix("# ") for line in [*lines, "", "", ""][:_HEAD])
    if level not in LEVELS or not all(line.startswith("# ") for line in lines):
        what = f"begin it with three comments: {' or '.join(LEVELS)}; the message; the hint"
        raise InputError(Problem(str(path), 1, "", "is no check", what))
    return Check(path.stem, level, message, hint, text)


def rdf_in(folder: Path) -> tuple[Path, ...]:
    """The RDF files of a folder, or the file itself; InputError where there is none."""
    if folder.is_file():
        return (folder,)
    files = (path for path in sorted(folder.glob("*")) if path.suffix in SUFFIXES)
    # the catalogue that Protégé keeps beside an ontology is XML, and no RDF
    found = tuple(path for path in files if not path.match("catalog-v*.xml"))
    if not found:
        hint = f"known: {', '.join(SUFFIXES)}"
        raise InputError(Problem(str(folder), 0, "", "holds no file of RDF", hint))
    return found


def lint(ontology: Sequence[Path], shapes: Sequence[Path], checks: Iterable[Check]) -> Findings:
    """What is wrong with the ontology and the shapes, each at its file and line."""
    declaring = [read_rdf(path, f"o{n}-") for n, path in enumerate(ontology)]
    shaping = [read_rdf(path, f"s{n}-") for n, path in enumerate(shapes)]
    lines = [*_lines(declaring, ONTOLOGY), *_lines(shaping, SHAPES)]
    merged = _lines([*declaring, *shaping], "")
    store = OxigraphStore.copy(io.BytesIO(b"".join([*lines, *merged])))
    files = [*declaring, *shaping]
    described = {t.subject for file in files for t in file.triples if t.subject[:1] == "<"}
    checks = tuple(checks)
    found = {
        _finding(check, row, files, described)
        for check in checks
        for row in store.select(check.query).rows
    }
    names = tuple(file.path for file in files)
    summary = f"{len(checks)} checks of {len(lines):,} triples"
    return Findings(tuple(sorted(found)), names, summary)


def _lines(files: Iterable[RdfFile], graph: str) -> Iterator[bytes]:
    for file in files:
        yield from (f"{s} {p} {o} {graph} .\n".encode() for s, p, o in file.triples)


def _finding(
    check: Check, row: Sequence[object], files: Sequence[RdfFile], described: set[str]
) -> Finding:
    term, other = (*row, None)[:2]
    iri = f"<{term}>" if isinstance(term, Iri) else str(term)
    words = {"term": curie(str(term)), "other": curie(str(other))}
    message, hint = (
        text.replace("{term}", words["term"]).replace("{other}", words["other"])
        for text in (check.message.removeprefix("{term} "), check.hint)
    )
    for each in (term, other):
        if isinstance(each, Iri) and f"<{each}>" not in described:
            known = {curie(name[1:-1]) for name in described}
            hint = meant(near(curie(str(each)), known)[:1]) or hint
    file, line = _place(iri, files)
    return Finding(file, line, words["term"], message, hint, check.level, check.name)


def _place(term: str, files: Sequence[RdfFile]) -> tuple[str, int]:
    """Where the term is described; else where it is used."""
    describing = [
        file
        for file in files
        if any(t.subject == term and t.predicate == TYPE for t in file.triples)
    ]
    using = [file for file in files if any(term in triple for triple in file.triples)]
    for file in (*describing, *using):
        if line := file.line(term):
            return file.path, line
    return next((file.path for file in (*describing, *using)), term), 0
