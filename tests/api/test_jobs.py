"""Every job in a worker the kernel confines: none needs a file or a module it cannot reach."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from api.evaluation import Question
from api.jobs import (
    JOBS,
    Dereferenced,
    Described,
    GraphAsked,
    Held,
    Job,
    PathsAsked,
    ProfileOf,
    Stored,
    perform,
)
from api.models_claims import ConflictQuestion, OriginQuestion, ProfileQuestion, TimelineQuestion
from api.models_paths import PathQuestion, ResolveQuestion
from api.pool import Pool
from api.settings import Settings
from api.validating import Posted
from api.wire import Reply
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS
from kg.queries import stored_queries
from kg.resources import folder
from kg.store import Dataset, Store
from tests.api.test_pool import packed_job, pooled
from tests.api.test_wire import whole

HERE = "http://caspian.test"
ALL, GRAPH = "SELECT * { ?s ?p ?o } LIMIT 50", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 50"
TRANSFER = b"<urn:a> a <https://w3id.org/caspian/ontology#Transfer> ."
MAPPING = min(folder("seeds").glob("00*.yaml"))
ASKED: dict[str, Any] = {
    "sparql": Question(ALL, Dataset(), None),
    "stored": Stored("route-legs", None),
    "paths": PathsAsked(
        PathQuestion.model_validate({"from": "Amirabad", "to": "Primorsko-Akhtarsk"}), None
    ),
    "resolve": ResolveQuestion(q="Sisha"),
    "thing": ProfileOf("transfer/uav-ir-ru", ProfileQuestion(view="us")),
    "conflicts": ConflictQuestion(kind="all"),
    "origins": OriginQuestion(thing="transfer/uav-ir-ru"),
    "timeline": TimelineQuestion(thing="transfer/uav-ir-ru"),
    "described": Dereferenced("id/transfer/uav-ir-ru", "text/turtle"),
    "service": Described(HERE, "text/turtle"),
    "dataset": Described(HERE, None),
    "graphs": Described(HERE, None),
    "graph": GraphAsked(None, Described(HERE, None)),
    "ontology": Dereferenced("ontology/claims", "text/html"),
    "validate": Posted("text/turtle", TRANSFER, "text/turtle"),
}
REFERRED = """\
--x\r
Content-Disposition: form-data; name="data"\r
\r
<urn:a> <urn:p> <urn:b> .\r
--x\r
Content-Disposition: form-data; name="shapes"\r
\r
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:node <urn:s> ; sh:nodeKind sh:Literal .\r
--x--\r
"""
"""Shapes that pySHACL evaluates, which is read when it is needed first."""
WRONG: dict[str, tuple[int, Job]] = {
    "a name nobody has": (404, Job("stored", Stored("route-legz", None))),
    "a thing nobody knows": (404, Job("thing", ProfileOf("Amirabat", ProfileQuestion()))),
    "a query that is none": (400, Job("sparql", Question("SELECT", Dataset(), None))),
    "a query that is refused": (403, Job("sparql", Question("DROP ALL", Dataset(), None))),
    "a format nobody has": (406, Job("sparql", Question(ALL, Dataset(), "image/png"))),
}


@pytest.fixture(scope="module")
def replies(graph_root: Path) -> dict[str, Reply]:
    """What confined workers reply to every job, right or wrong, and to every format and query."""
    wanted = {name: Job(name, asked) for name, asked in ASKED.items()}
    wanted |= {name: job for name, (_, job) in WRONG.items()}
    for each in (*RESULT_FORMATS, *GRAPH_FORMATS):
        query = ALL if each in RESULT_FORMATS else GRAPH
        wanted[each.media_type] = Job("sparql", Question(query, Dataset(), each.media_type))
    for each in stored_queries(folder("queries")):
        wanted[each.name] = Job("stored", Stored(each.name, None))
    # pages of every kind
    for path in ("id/transfer/uav-ir-ru", "id/place/amirabad", "graph/view/us"):
        wanted[f"page {path}"] = Job("described", Dereferenced(path, "text/html"))
    wanted["a mapping"] = Job("validate", Posted("text/yaml", MAPPING.read_bytes(), None))
    wanted["page ontology"] = Job("ontology", Dereferenced("ontology", "text/html"))
    posted = Posted("multipart/form-data; boundary=x", REFERRED.encode(), "text/turtle")
    wanted["by the reference engine"] = Job("validate", posted)
    wanted["packed"] = Job(
        "sparql", Question("SELECT * { ?s ?p ?o }", Dataset(), None), packed=True
    )

    async def use(pool: Pool) -> dict[str, Reply]:
        return {name: (await pool.run(packed_job(job), "me")).reply for name, job in wanted.items()}

    settings = Settings(data=graph_root, workers=2, sandbox="prefer", query_seconds=60)
    return pooled(settings, use)


def test_every_job_is_tried() -> None:
    assert set(ASKED) == set(JOBS)


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_done(replies: dict[str, Reply], name: str) -> None:
    assert replies[name].status == 200, whole(replies[name])
    assert len(whole(replies[name])) > 100


def test_so_are_every_format_every_stored_question_and_every_page(
    replies: dict[str, Reply],
) -> None:
    right = {name: reply.status for name, reply in replies.items() if name not in WRONG}
    assert set(right.values()) == {200}, right
    assert len(right) >= 60


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(replies: dict[str, Reply], name: str) -> None:
    status, _ = WRONG[name]
    assert replies[name].status == status, whole(replies[name])
    assert replies[name].media_type == "application/problem+json"
    assert not replies[name].lasting


def test_the_reference_engine_is_at_hand(replies: dict[str, Reply]) -> None:
    assert b"sh:sourceShape <urn:s>" in whole(replies["by the reference engine"])


def test_an_answer_is_packed_where_it_may_be(replies: dict[str, Reply]) -> None:
    headers = dict(replies["packed"].headers)
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(whole(replies["packed"])).startswith(b'{"head"')


@pytest.fixture
def held(graph: Store) -> Held:
    return Held(Settings(query_bytes=2**27), graph, stored_queries(folder("queries")))


def test_the_paths_of_a_store_elsewhere_are_made_for_each_question(graph: Store) -> None:
    here = Held(Settings(), graph, ())
    assert here.network is here.network
    elsewhere = Held(Settings(endpoint="http://there.test/"), graph, ())
    assert elsewhere.network is not elsewhere.network


def test_a_short_answer_is_not_packed(held: Held) -> None:
    reply = perform(held, Job("sparql", Question("ASK {}", Dataset(), None), packed=True))
    assert "Content-Encoding" not in dict(reply.headers)


@pytest.mark.parametrize(
    ("query", "lasts"),
    [
        ("ASK { ?s ?p ?o }", True),
        ("SELECT ?now { ?s ?p ?now }", False),  # to be on the safe side
        ("SELECT (NOW() AS ?x) {}", False),
        ("SELECT (rand() AS ?x) {}", False),
        ("SELECT (UUID() AS ?x) {}", False),
        ("SELECT (STRUUID() AS ?x) {}", False),
        ("SELECT (BNODE() AS ?x) {}", False),
        ("SELECT (N\\u004fW() AS ?x) {}", False),
    ],
)
def test_an_answer_lasts_unless_it_may_be_another_next_time(
    held: Held, query: str, *, lasts: bool
) -> None:
    assert perform(held, Job("sparql", Question(query, Dataset(), None))).lasting is lasts
