"""Paths are networkx's: asked side by side, and by networkx's own tests."""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[3] / "bench"
OWN_TESTS = ("networkx.algorithms.shortest_paths", "networkx.algorithms.tests.test_simple_paths")
AT_LEAST = 210


@pytest.fixture(scope="module")
def agreement() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        return import_module("path_agreement")


def test_both_modes_answer_five_kinds_of_question_as_networkx_does(agreement: ModuleType) -> None:
    assert list(agreement.disagreements(pairs=120, nodes=80, edges=330)) == []
    assert len(agreement.QUESTIONS) == 5


def test_a_wrong_answer_would_be_told(
    agreement: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement.nx, "shortest_path", lambda *_: [0])
    assert "shortest" in next(agreement.disagreements(pairs=4, nodes=80, edges=330))


@pytest.mark.parametrize("few", [10**9, 0], ids=["plain", "fast"])
def test_networkx_own_tests_of_paths_pass_with_the_backend(few: int, tmp_path: Path) -> None:
    asked = ["-q", "-p", "no:cacheprovider", "--pyargs", *OWN_TESTS]
    script = f"import pytest; from kg.backend import engine; engine.FEW = {few}"
    ran = subprocess.run(
        [sys.executable, "-c", f"{script}; raise SystemExit(pytest.main({asked}))"],
        cwd=tmp_path,
        env={**os.environ, "NETWORKX_TEST_BACKEND": "caspian"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    *_, last = ran.stdout.splitlines()
    assert int(re.findall(r"(\d+) passed", last)[0]) >= AT_LEAST
    assert not re.search("failed|xfailed|error", last)
