"""W3C's suite for SHACL, through the front door: native where it can be, pySHACL for the rest."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.rdf import Triple
from kg.shacl import Data, Report, Shapes, read_shapes, validate
from kg.shacl.described import Described
from kg.shacl.paths import read_path

CHECKOUT = Path(__file__).parents[3]
NAMED = os.environ.get("CASPIAN_W3C_SHACL", "")
SUITE = Path(NAMED) if NAMED else CHECKOUT.parent / "shared/w3c/data-shapes-test-suite/tests"

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

FLOOR = {"core": 98, "sparql": 22}
"""How many there are at least."""
NATIVE = {"core": 98, "sparql": 11}
"""How many need no reference engine at least."""
NOT_PASSED = {
    "sparql/pre-binding/shapesGraph-001": "$shapesGraph is optional, and neither engine has it"
}
"""What does not pass, and why."""


class Case(NamedTuple):
    """A test: its name, and the files of its data and its shapes."""

    name: str
    file: Path
    data: Path
    shapes: Path
    entry: str

    @property
    def kind(self) -> str:
        return self.name.partition("/")[0]


def read(path: Path) -> list[Triple]:
    parsed = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    return [Triple(*map(str, (quad.subject, quad.predicate, quad.object))) for quad in parsed]


def cases() -> Iterator[Case]:
    for file in sorted(SUITE.glob("*/*/*.ttl")):
        told = Described(read(file))
        for entry in told.of_type(f"<{SHT}Validate>"):
            (action,) = told.nodes[entry][f"<{MF}action>"]
            data, shapes = (
                Path(told.nodes[action][f"<{SHT}{what}>"][0][8:-1])
                for what in ("dataGraph", "shapesGraph")
            )
            yield Case(
                file.relative_to(SUITE).with_suffix("").as_posix(), file, data, shapes, entry
            )


CASES = [*cases()]


def expected(case: Case) -> set[tuple[str, ...]] | None:
    """The results the suite wants; None where it wants a failure."""
    told = Described(read(case.file))
    (result,) = told.nodes[case.entry][f"<{MF}result>"]
    if result == f"<{SHT}Failure>":
        return None
    return {described(told, node) for node in told.values(result, "result")}


def described(told: Described, node: str) -> tuple[str, ...]:
    def one(name: str) -> str:
        return next(iter(told.values(node, name)), "")

    path = one("resultPath")
    parts = [one("focusNode"), one("value"), one("sourceShape"), one("sourceConstraintComponent")]
    parts += [str(read_path(told.nodes, path)) if path else "", one("resultSeverity")]
    return tuple("_:" if part.startswith("_:") else part for part in parts)


def found(report: Report) -> set[tuple[str, ...]]:
    return {
        tuple(
            "_:" if part.startswith("_:") else part
            for part in (
                each.focus,
                each.value,
                each.shape,
                each.component,
                each.path,
                each.severity,
            )
        )
        for each in report.results
    }


def shapes_of(case: Case) -> Shapes:
    return read_shapes(read(case.shapes))


@pytest.mark.skipif(not SUITE.is_dir(), reason="W3C's tests of SHACL are not at hand")
class TestSuite:
    def test_there_are_tests_enough(self) -> None:
        for kind, floor in FLOOR.items():
            assert sum(case.kind == kind for case in CASES) >= floor

    def test_what_does_not_pass_is_refused(self) -> None:
        refused = [case for case in CASES if case.name in NOT_PASSED]

        assert len(refused) == len(NOT_PASSED)
        for case in refused:
            with pytest.raises(InputError):
                validate(Data(read(case.data)), shapes_of(case))

    @pytest.mark.parametrize(
        "case", [case for case in CASES if case.name not in NOT_PASSED], ids=lambda case: case.name
    )
    def test_the_report_is_the_one_wanted(self, case: Case) -> None:
        wanted = expected(case)
        if wanted is None:
            with pytest.raises(InputError):
                validate(Data(read(case.data)), shapes_of(case))
            return
        assert found(validate(Data(read(case.data)), shapes_of(case))) == wanted

    def test_most_need_no_reference_engine(self) -> None:
        native = [case for case in CASES if not shapes_of(case).referrals]

        for kind, floor in NATIVE.items():
            assert sum(case.kind == kind for case in native) >= floor
