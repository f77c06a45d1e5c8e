"""How answers are named and sent: in which form to whom, and long ones a piece at a time."""

import asyncio

import pytest
from starlette.types import Message

from api.app import assemble
from api.errors import OverloadedError
from api.jobs import Held
from api.service import Service, transmit
from api.settings import Settings
from api.threads import InThreads
from api.wire import INLINE, Answered, Holding, Reply, Spool, channel, receive_reply, send_reply
from kg.store import Store
from tests.api.conftest import Client

ALL = "SELECT * { ?s ?p ?o } LIMIT 200"


def serving(graph: Store, snapshot: str | None = "abc", **settings: object) -> Client:
    held = Held(Settings.model_validate(settings), graph, ())
    return Client(assemble(held.settings, InThreads(held, Holding(snapshot, 7, "threads"))))


def kept(client: Client) -> int:
    service: Service = client.app.state.service
    return service.cache.bytes


def test_a_tag_is_of_the_query_its_form_and_the_snapshot(graph: Store) -> None:
    one, other = serving(graph), serving(graph, "def")
    tags = [
        one.query(ALL).headers["etag"],
        one.query(ALL + " ").headers["etag"],
        one.query(ALL, Accept="text/csv").headers["etag"],
        one.query(ALL, **{"Accept-Encoding": "identity"}).headers["etag"],
        one.get("/sparql", params={"query": ALL, "default-graph-uri": "urn:g"}).headers["etag"],
        other.query(ALL).headers["etag"],
    ]
    assert len(set(tags)) == len(tags)
    assert serving(graph).query(ALL).headers["etag"] == tags[0]


def test_without_a_snapshot_nothing_is_kept(graph: Store) -> None:
    client = serving(graph, None)
    assert "etag" not in client.query(ALL).headers
    assert kept(client) == 0


def test_no_more_is_kept_than_there_is_room_for(graph: Store) -> None:
    client = serving(graph, cache_bytes=5_000)
    for number in range(20):
        client.query(f"ASK {{}} #{number}")
    assert 0 < kept(client) <= 5_000


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.1", True),
        ("*", True),
        ("gzip; q=1.0", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*;q=0", False),
        ("identity", False),
        ("br, deflate", False),
        ("xgzip", False),
        ("", False),
    ],
)
def test_an_answer_is_packed_for_who_takes_it(graph: Store, accepted: str, *, packed: bool) -> None:
    answer = serving(graph).query(ALL, **{"Accept-Encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert answer.json()["results"]["bindings"]
    assert "Accept-Encoding" in answer.headers["vary"]


def test_head_has_the_length_of_a_long_answer_and_no_body(graph: Store) -> None:
    client = serving(graph)
    query = {"query": "SELECT * { ?s ?p ?o }"}
    plain = {"Accept-Encoding": "identity"}
    whole = client.get("/sparql", params=query, headers=plain)
    head = client.request("HEAD", "/sparql", params=query, headers=plain)
    assert len(whole.content) > INLINE
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


# -- long bodies, as workers send them


def spooled(size: int) -> Spool:
    here, there = channel()
    with here, there:
        send_reply(here, Reply(200, "text/csv", b"x" * size))
        reply = receive_reply(there)
    assert reply is not None
    assert isinstance(reply.body, Spool)
    return reply.body


def sent(reply: Reply) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(transmit(reply, send))
    return messages


@pytest.mark.parametrize("size", [INLINE + 1, 1 << 18, (1 << 18) + 1, 3_000_000])
def test_a_long_body_is_sent_in_pieces(size: int) -> None:
    start, *pieces = sent(Reply(200, "text/csv", spooled(size)))
    assert dict(start["headers"])[b"Content-Length"] == str(size).encode()
    assert b"".join(piece["body"] for piece in pieces) == b"x" * size
    assert [piece["more_body"] for piece in pieces] == [True] * (len(pieces) - 1) + [False]
    assert max(len(piece["body"]) for piece in pieces) <= 1 << 18


def test_a_body_shorter_than_its_worker_said_is_an_error_and_no_endless_wait() -> None:
    spool = spooled(INLINE + 1)
    spool.size += 10
    with pytest.raises(EOFError, match="ends before"):
        sent(Reply(200, "text/csv", spool))


class Spooling(InThreads):
    """Answers everything with a long answer, spooled as a worker would have it."""

    async def run(self, job: bytes, client: str) -> Answered:  # noqa: ARG002 -- all are alike
        return Answered(Reply(200, "text/csv", spooled(100_000)), None)


def test_long_answers_that_are_not_taken_have_a_bound_and_nobody_has_it_all(graph: Store) -> None:
    held = Held(Settings(untaken_bytes=500_000), graph, ())
    service = Service(held.settings, Spooling(held, Holding(None, None, "threads")), ())

    def ask(who: str) -> Reply:
        scope = {"type": "http", "headers": [], "client": (who, 1)}
        return asyncio.run(service.answer("sparql", "x", scope))

    mine = [ask("me"), ask("me")]
    assert service.untaken == 200_000
    with pytest.raises(OverloadedError):
        ask("me")
    others = [ask("you"), ask("them"), ask("us")]
    with pytest.raises(OverloadedError):
        ask("somebody else")
    mine.pop()  # sent, or given up
    assert service.untaken == 400_000
    assert len([ask("somebody else"), *others]) == 4
