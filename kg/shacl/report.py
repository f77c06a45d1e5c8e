"""What validation found: the same report, whichever engine found it.

Terms are N-Triples text. Two results that say the same are one, and results are sorted, so the same
data and shapes give the same report. Messages are those the shapes give: what an engine would say
of itself where a shape is silent is left to whoever shows the result (`Result.said`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.rdf import Triple, turtle
from kg.shacl.literals import is_blank, text
from kg.shacl.paths import Path, written
from kg.terms import XSD
from kg.vocab import SH, TYPE

__all__ = ["NATIVE", "REFERENCE", "VIOLATION", "Referral", "Report", "Result", "as_turtle"]

NATIVE, REFERENCE = "native", "pySHACL"
VIOLATION = f"<{SH}Violation>"

_PREFIXES = {"sh": SH}  # one: the engine writes several in any order


@dataclass(frozen=True, order=True)
class Result:
    """One way in which the data breaks a shape; every term in N-Triples, empty where there is none.

    >>> Result("<urn:a>", component=f"<{SH}ClassConstraintComponent>", value="<urn:b>").said
    'sh:class is not kept by urn:b'
    """

    focus: str
    """The focus node: the thing that was looked at."""
    path: str = ""
    """From the focus node to the value, as SPARQL writes a property path."""
    value: str = ""
    shape: str = ""
    """The source shape: the one that states the constraint; a blank node where it has no name."""
    component: str = ""
    """The source constraint component, such as sh:MinCountConstraintComponent."""
    severity: str = VIOLATION
    messages: tuple[str, ...] = ()
    """What the shape says, as literals, sorted."""
    constraint: str = ""
    """The source constraint: the query of an sh:sparql."""
    owner: str = field(default="", compare=False)
    """The named node shape that the source shape belongs to, at any depth."""
    route: Path | None = field(default=None, compare=False, repr=False)
    """The path, taken apart."""
    engine: str = field(default=NATIVE, compare=False)
    """The engine that found it."""

    @property
    def said(self) -> str:
        """The messages as one text; where the shape has none, what is broken."""
        if self.messages:
            return "; ".join(sorted(map(text, self.messages)))
        what = self.component.removeprefix(f"<{SH}").removesuffix("ConstraintComponent>")
        by = "[]" if is_blank(self.value or self.focus) else text(self.value or self.focus)
        return f"sh:{what[:1].lower()}{what[1:]} is not kept by {by}"


@dataclass(frozen=True, order=True)
class Referral:
    """A shape that went to the reference engine, and why."""

    shape: str
    why: str


@dataclass(frozen=True)
class Report:
    """All results, each once, sorted; equal to another engine's report of the same."""

    results: tuple[Result, ...] = ()
    referrals: tuple[Referral, ...] = field(default=(), compare=False)
    """What was validated by the reference engine."""

    @property
    def conforms(self) -> bool:
        """Whether nothing was found; SHACL knows no result that does not count."""
        return not self.results

    @classmethod
    def of(cls, results: Iterable[Result], referrals: Iterable[Referral] = ()) -> "Report":
        """The report of these results, in any order and any number of times."""
        return cls(tuple(sorted(set(results))), tuple(sorted(set(referrals))))

    def graph(self) -> Iterator[Triple]:
        """The report as SHACL's own graph of one (https://www.w3.org/TR/shacl/, 3.6)."""
        report = "_:report"
        yield Triple(report, TYPE, f"<{SH}ValidationReport>")
        said = "false" if self.results else "true"
        yield Triple(report, f"<{SH}conforms>", f'"{said}"^^<{XSD}boolean>')
        for number, result in enumerate(self.results):
            node = f"_:result{number}"
            yield Triple(report, f"<{SH}result>", node)
            yield from _triples(result, node)


def _triples(result: Result, node: str) -> Iterator[Triple]:
    yield Triple(node, TYPE, f"<{SH}ValidationResult>")
    path, triples = written(result.route, f"{node}-path") if result.route else ("", [])
    parts = (
        ("focusNode", result.focus),
        ("resultPath", path),
        ("value", result.value),
        ("sourceShape", result.shape),
        ("sourceConstraintComponent", result.component),
        ("sourceConstraint", result.constraint),
        ("resultSeverity", result.severity),
        *(("resultMessage", message) for message in result.messages),
    )
    for name, term in parts:
        if term:
            yield Triple(node, f"<{SH}{name}>", term)
    yield from triples


def as_turtle(report: Report) -> str:
    """The report in Turtle.

    >>> print(as_turtle(Report()).expandtabs(4))
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    _:report a sh:ValidationReport ;
        sh:conforms true .
    <BLANKLINE>
    """
    return turtle(report.graph(), _PREFIXES)
