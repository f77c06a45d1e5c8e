"""RDF files of anybody's, checked by our shapes or by their own, and the lines of terms in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.checking.findings import Findings
from kg.checking.located import finding, shown
from kg.checking.places import Place
from kg.errors import InputError, Problem
from kg.rdf import SUFFIXES, Triple
from kg.shacl import Data, Result, read_shapes, validate
from kg.source import read_text
from kg.vocab import curie

__all__ = ["RdfFile", "check_rdf", "read_rdf"]

_EXTENSIONS = {".owl": "rdf", ".xml": "rdf"}


@dataclass(frozen=True)
class RdfFile:
    """The triples of a file, whatever graph they are in, and its text."""

    path: str
    triples: tuple[Triple, ...]
    text: str
    prefixes: Mapping[str, str]

    def line(self, term: str, then: str = "") -> int:
        """The line where the term is described, or where `then` is said of it; 0 where it is not.

        The first line that begins with the term, else the first that holds it.
        """
        lines = self.text.split("\n")
        forms = "|".join(map(re.escape, self._written(term)))
        found = _first(lines, re.compile(rf"\s*({forms})(?![\w-])")) if forms else 0
        if not found and forms:
            found = _first(lines, re.compile(rf"[^#]*({forms})(?![\w-])"))
        if not found or not then:
            return found
        names = re.compile(rf"({'|'.join(map(re.escape, self._written(then)))})(?![\w-])")
        for number in range(found, len(lines) + 1):
            if names.search(lines[number - 1]):
                return number
            if lines[number - 1].rstrip().endswith("."):
                break
        return found

    def _written(self, term: str) -> Iterator[str]:
        if not term.startswith("<"):
            yield term
            return
        iri = term[1:-1]
        yield term
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace):
                yield f"{prefix}:{iri.removeprefix(namespace)}"
        if not self.path.endswith((".ttl", ".trig", ".nt", ".nq", ".n3")):
            yield iri


def _first(lines: Sequence[str], wanted: re.Pattern[str]) -> int:
    return next((n for n, line in enumerate(lines, start=1) if wanted.match(line)), 0)


def read_rdf(path: Path, mark: str = "") -> RdfFile:
    """The file; blank nodes are named by file and place in it, after `mark`.

    Raises InputError, with the line, where it is not the RDF that its name says.
    """
    import pyoxigraph as ox  # noqa: PLC0415 -- only verbs that read RDF pay for the engine

    text = read_text(path)
    extension = _EXTENSIONS.get(path.suffix, path.suffix.removeprefix("."))
    form = ox.RdfFormat.from_extension(extension)
    if form is None:
        hint = f"known: {', '.join(SUFFIXES)}"
        raise InputError(Problem(str(path), 0, "", "is no file of RDF by its name", hint))
    names: dict[str, str] = {}
    stem = mark + re.sub(r"\W", "-", path.stem)

    def named(term: str) -> str:
        if term.startswith("_:"):
            return names.setdefault(term, f"_:{stem}-{len(names) + 1}")
        return term

    try:
        parser = ox.parse(text.encode(), form, base_iri=path.absolute().as_uri())
        triples = tuple(
            Triple(named(str(quad.subject)), str(quad.predicate), named(str(quad.object)))
            for quad in parser
        )
    except SyntaxError as error:
        raise InputError(Problem(str(path), error.lineno or 0, "", error.msg)) from error
    return RdfFile(str(path), triples, text, dict(parser.prefixes))


def check_rdf(
    files: Sequence[RdfFile], shapes: Iterable[Triple], beside: Iterable[Triple] = ()
) -> Findings:
    """What is wrong with these files by the shapes; `beside` is what they may refer to."""
    triples = tuple(triple for file in files for triple in file.triples)
    report = validate(Data(chain(triples, beside)), read_shapes(shapes))
    found = {finding(result, _place(files, result)) for result in report.results}
    names = tuple(file.path for file in files)
    summary = f"{len(triples):,} triples"
    return Findings(tuple(sorted(found)), names, summary, report.referrals)


def _place(files: Sequence[RdfFile], result: Result) -> Place:
    path = next(iter(re.findall(r"<[^>]*>", result.path)), "")
    for term in (result.focus, result.value):
        for file in files:
            if term and (line := file.line(term, path)):
                return Place(file.path, line, curie(shown(term)))
    focus = curie(shown(result.focus))
    for file in files:  # a blank node has no name that its file writes
        if any(result.focus in triple for triple in file.triples):
            return Place(file.path, 0, focus)
    return Place(focus, 0, "")
