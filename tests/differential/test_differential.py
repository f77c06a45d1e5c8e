"""Our answers are Jena's and rdflib's: over the merge, over FROM and FROM NAMED, over /sparql.

Engines differ where the specification leaves them free, or where one is wrong: differences.py says
which, and why. An entry that no longer differs fails, so the tables stay true.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.exceptions import ParserError

from api.app import create_app
from api.settings import Settings
from kg.formats import named
from kg.queries import stored_queries
from kg.resources import folder
from kg.store import OxigraphStore, Store
from kg.vocab import ID
from tests.api.conftest import Client
from tests.differential.answers import Comparable, from_graph, from_json
from tests.differential.cases import Case, corpus
from tests.differential.differences import DIFFERENCES, SLOW
from tests.differential.generated import generated
from tests.jena import class_path, missing

HERE = Path(__file__).parent
QUESTIONS = [
    Case(f"questions/{each.name}", each.text, "caspian")
    for each in stored_queries(folder("queries"))
]
WRITTEN = [*corpus(), *QUESTIONS]
CASES = [*WRITTEN, *generated()]
FORM = "application/x-www-form-urlencoded"

Answers = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def quads(graph: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The data as files of N-Quads, by name."""
    place = tmp_path_factory.mktemp("quads")
    files = {name: place / f"{name}.nq" for name in ("small", "caspian")}
    with files["small"].open("wb") as out:
        ox.serialize(ox.parse(path=HERE / "data.trig"), out, ox.RdfFormat.N_QUADS)
    with files["caspian"].open("wb") as out:
        graph.dump(named("nquads"), out)
    return files


@pytest.fixture(scope="session")
def ours(quads: dict[str, Path]) -> Iterator[dict[str, Client]]:
    """The service over each set of data."""
    stores = {
        name: OxigraphStore.memory(file.read_bytes().splitlines(keepends=True))
        for name, file in quads.items()
    }
    yield {name: Client(create_app(Settings(), store)) for name, store in stores.items()}
    for store in stores.values():
        store.close()


@pytest.fixture(scope="session")
def jena(
    quads: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Answers:
    bridge = "jpype is not installed: pip install --no-deps -r requirements-owl.txt"
    if why := missing() or ("" if find_spec("jpype") else bridge):
        pytest.skip(why)
    return answers_of("jena", CASES, quads, shared(tmp_path_factory, worker_id))


@pytest.fixture(scope="session")
def rdflib(
    quads: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Answers:
    cases = [case for case in CASES if case.name not in SLOW]
    return answers_of("rdflib", cases, quads, shared(tmp_path_factory, worker_id))


def shared(factory: pytest.TempPathFactory, worker: str) -> Path:
    """A folder that every worker of this run has in common."""
    base = factory.getbasetemp()
    return base if worker == "master" else base.parent


def answers_of(engine: str, cases: list[Case], quads: dict[str, Path], place: Path) -> Answers:
    """What the engine answers, asked once in a process of its own, whoever else waits for it."""
    answers, asked = place / f"{engine}.json", place / f"{engine}-asked.json"
    with (place / f"{engine}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answers.exists():
            question = {
                "classes": class_path(place / "jena") if engine == "jena" else "",
                "base": ID,
                "data": {name: str(file) for name, file in quads.items()},
                "cases": [case._asdict() for case in cases],
            }
            asked.write_text(json.dumps(question), "utf-8")
            subprocess.run(
                [sys.executable, HERE / f"ask_{engine}.py", asked, answers],
                env={**os.environ, "PYTHONHASHSEED": "0"},
                check=True,
                timeout=300,
            )
    found: Answers = json.loads(answers.read_text("utf-8"))
    return found


def told(answer: dict[str, str]) -> Comparable | str:
    """What an engine answered; the error's words where it failed."""
    match answer:
        case {"ask": boolean}:
            return Comparable(frozenset(), (), boolean=boolean == "true")
        case {"select": rows}:
            return from_json(rows)
        case {"graph": triples}:
            try:
                return from_graph(Graph().parse(data=triples, format="nt"))
            except ParserError as error:
                return f"no triples: {error}"
    return answer["error"]


def asked(service: Client, case: Case) -> Comparable:
    """What we answer."""
    graphs = [("default-graph-uri", name) for name in case.default]
    graphs += [("named-graph-uri", name) for name in case.named]
    answer = service.post(
        "/sparql",
        content=urlencode([("query", case.query), *graphs]),
        headers={
            "Content-Type": FORM,
            "Accept": "application/sparql-results+json, application/n-triples",
        },
    )
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"].startswith("application/n-triples"):
        return from_graph(Graph().parse(data=answer.content, format="nt"))
    return from_json(answer.text)


def compare(case: Case, engine: str, ours: Comparable, theirs: Comparable | str) -> None:
    same = not isinstance(theirs, str) and ours.same(theirs, ordered=case.ordered)
    reason = DIFFERENCES.get(case.name, {}).get(engine)
    if reason is None:
        assert same, f"{case.query}\n{_apart(ours, engine, theirs)}"
    else:
        assert not same, f"{engine} agrees now: take {case.name} out of DIFFERENCES ({reason})"


def _apart(ours: Comparable, engine: str, theirs: Comparable | str) -> str:
    if isinstance(theirs, str):
        return f"{engine} failed: {theirs}"
    mine, others = ours.lines(), theirs.lines()
    parts = (("ours alone", mine - others), (f"{engine}'s alone", others - mine))
    return "\n".join(f"{who}: {line}" for who, rows in parts for line in sorted(rows.elements()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_jena_agrees(case: Case, ours: dict[str, Client], jena: Answers) -> None:
    compare(case, "jena", asked(ours[case.data], case), told(jena[case.name]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rdflib_agrees(case: Case, ours: dict[str, Client], rdflib: Answers) -> None:
    if case.name in SLOW:
        pytest.skip(SLOW[case.name])
    compare(case, "rdflib", asked(ours[case.data], case), told(rdflib[case.name]))


def test_the_corpus_is_whole() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(WRITTEN) >= 320
    assert sum("FROM" in case.query or bool(case.default + case.named) for case in CASES) >= 180


def test_the_tables_name_cases() -> None:
    assert DIFFERENCES.keys() | SLOW.keys() <= {case.name for case in CASES}
