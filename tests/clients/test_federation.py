"""Federated queries: another engine joins its own data with ours, by SERVICE."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import RDFS, Graph

from kg.store import OxigraphStore
from kg.vocab import CAS
from tests.clients import comunica
from tests.clients.conftest import LEG
from tests.jena import class_path, run
from tests.jena import missing as jena_missing
from tests.kg.conftest import serving
from tests.running import Running

NOTE = "urn:example:note"
NOTES = {
    f"{LEG}amirabad-makhachkala": "by ship",
    f"{LEG}makhachkala-seshcha": "by air?",
    f"{LEG}of-nobody": "never heard of",
}
LABELS = {
    ("by ship", "Amirabad to Makhachkala"),
    ("by air?", "Makhachkala to Seshcha"),
}
"""What the notes and our labels make together."""


def joined(service: Running, call: str = "SERVICE") -> str:
    """Notes from where the query is asked, labels from us."""
    ours = f"{{ ?leg a <{CAS}RouteLeg> ; <{RDFS.label}> ?label }}"
    return f"SELECT ?note ?label {{ ?leg <{NOTE}> ?note {call} <{service.sparql}> {ours} }}"


def pairs(results: str | bytes) -> set[tuple[str, str]]:
    rows = json.loads(results)["results"]["bindings"]
    return {(row["note"]["value"], row["label"]["value"]) for row in rows}


def lines(graph: str = "") -> list[bytes]:
    return [f'<{leg}> <{NOTE}> "{note}" {graph}.\n'.encode() for leg, note in NOTES.items()]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("notes") / "notes.nt"
    file.write_bytes(b"".join(lines()))
    return file


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph that holds the notes."""
    store = tmp_path_factory.mktemp("elsewhere") / "store"
    OxigraphStore.build(store, lines("<urn:example:notes> ")).close()
    with serving(store) as address:
        yield address


@pytest.mark.parametrize("call", ["SERVICE", "SERVICE SILENT"])
def test_an_oxigraph_server_asks_us(service: Running, elsewhere: str, call: str) -> None:
    answer = httpx.post(elsewhere, data={"query": joined(service, call)}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert pairs(answer.content) == LABELS


@pytest.mark.skipif(bool(jena_missing()), reason=jena_missing())
def test_jena_asks_us(
    service: Running, notes: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    command = ("arq.arq", "--data", notes, "--results", "JSON", joined(service))
    assert pairs(run(class_path(tmp_path_factory.mktemp("jena")), *command)) == LABELS


def test_rdflib_asks_us(service: Running, notes: Path) -> None:
    found = Graph().parse(notes, format="nt").query(joined(service))
    assert {(str(row.note), str(row.label)) for row in found} == LABELS


@pytest.mark.skipif(bool(comunica.missing()), reason=comunica.missing())
def test_comunica_joins_two_endpoints_with_or_without_service(
    service: Running, elsewhere: str
) -> None:
    form = "application/sparql-results+json"
    told = comunica.comunica(joined(service), f"sparql@{elsewhere}", form=form)
    assert pairs(told) == LABELS
    plain = f"SELECT ?note ?label {{ ?leg <{NOTE}> ?note ; <{RDFS.label}> ?label }}"
    sources = (f"sparql@{elsewhere}", f"sparql@{service.sparql}")
    assert pairs(comunica.comunica(plain, *sources, form=form)) == LABELS


def test_we_ask_nobody(service: Running, elsewhere: str) -> None:
    query = f"SELECT * {{ SERVICE <{elsewhere}> {{ ?leg <{NOTE}> ?note }} }}"
    answer = httpx.post(service.sparql, data={"query": query})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/query-refused")
