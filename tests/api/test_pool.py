"""Workers in processes of their own: what they answer, what stops them, who comes after them."""

import asyncio
import json
import logging
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from struct import pack
from typing import TypeVar

import pytest

from api.crew import Crew, CrewError, Worker
from api.errors import ExhaustedError, OverloadedError, ThrottledError, TimedOutError
from api.evaluation import Question
from api.jobs import Job
from api.pool import Pool
from api.settings import Settings
from api.wire import INLINE, Reply, Spool, channel
from kg.snapshot import write
from kg.store import Dataset

T = TypeVar("T")

YES = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


def quads(name: str, count: int = 300) -> list[bytes]:
    return [f'<urn:{name}:{i}> <urn:p> "{name} {i}" <urn:g> .\n'.encode() for i in range(count)]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small snapshot, which tests only read."""
    folder = tmp_path_factory.mktemp("graph")
    write(folder, quads("one"))
    return folder


def packed_job(job: Job) -> bytes:
    return pickle.dumps(job)


def job(query: str, accept: str | None = None) -> bytes:
    return packed_job(Job("sparql", Question(query, Dataset(), accept)))


def pooled(settings: Settings, use: Callable[[Pool], Awaitable[T]]) -> T:
    """What comes of using a pool of workers that is started and stopped around it."""

    async def run() -> T:
        pool = Pool(settings, Crew(settings))
        await pool.start()
        try:
            return await use(pool)
        finally:
            await pool.stop()

    return asyncio.run(run())


async def ask(pool: Pool, query: str = YES, client: str = "me") -> Reply:
    return (await pool.run(job(query), client)).reply


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds; a test that waits for ever is stopped by whoever runs it."""
    while not holds():  # noqa: ASYNC110 -- what holds is told by no event
        await asyncio.sleep(0.02)


def settings(root: Path, **more: object) -> Settings:
    given = {"data": root, "workers": 2, "reload_seconds": 0.1, **more}
    return Settings.model_validate(given)


@pytest.mark.parametrize("sandbox", ["off", "prefer"])
@pytest.mark.parametrize("store", ["memory", "disk", "auto"])
def test_questions_are_answered(root: Path, store: str, sandbox: str) -> None:
    async def use(pool: Pool) -> list[Reply]:
        assert pool.ready
        assert pool.holding.quads == 300
        assert pool.holding.store == ("disk" if store == "disk" else "memory")
        assert bool(pool.sandbox) == (sandbox == "prefer")
        return await asyncio.gather(*(ask(pool) for _ in range(50)))

    replies = pooled(settings(root, store=store, sandbox=sandbox), use)
    assert {reply.status for reply in replies} == {200}
    assert {json.loads(bytes(reply.body))["boolean"] for reply in replies} == {True}  # type: ignore[arg-type]


def test_an_answer_names_its_snapshot(root: Path) -> None:
    async def use(pool: Pool) -> tuple[str | None, str | None]:
        return (await pool.run(job(YES), "me")).snapshot, pool.holding.snapshot

    made_from, served = pooled(settings(root), use)
    assert made_from == served == (root / "current").readlink().name


def test_a_long_answer_comes_as_a_file(root: Path) -> None:
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 5000"
    reply = pooled(settings(root), lambda pool: ask(pool, query))
    assert isinstance(reply.body, Spool)
    assert reply.size > INLINE
    assert reply.body.piece(0).startswith(b'{"head"')


def test_a_question_that_takes_too_long_is_stopped_and_the_next_answered(root: Path) -> None:
    async def use(pool: Pool) -> None:
        with pytest.raises(TimedOutError, match=r"0.4 seconds.*CASPIAN_QUERY_SECONDS"):
            await ask(pool, ENDLESS)
        assert (await ask(pool)).status == 200
        assert dict(pool.stopped) == {"time": 1}
        await until(lambda: len(pool._crew.idle) == 2)  # noqa: SLF001 -- both are there again

    pooled(settings(root, query_seconds=0.4), use)


def test_what_is_slow_but_ends_is_answered_and_its_worker_replaced(root: Path) -> None:
    async def use(pool: Pool) -> None:
        before = {worker.pid for worker in pool._crew.idle}  # noqa: SLF001
        reply = await ask(pool, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert reply.status == 200
        await until(lambda: len(pool._crew.idle) == 2)  # noqa: SLF001
        assert before != {worker.pid for worker in pool._crew.idle}  # noqa: SLF001
        assert not pool.stopped

    pooled(settings(root, query_seconds=60), use)


def test_a_question_that_takes_too_much_memory_is_stopped(root: Path) -> None:
    async def use(pool: Pool) -> None:
        with pytest.raises(ExhaustedError, match="CASPIAN_QUERY_BYTES"):
            await ask(pool, GREEDY)
        assert pool.stopped["lost"] == 1
        assert (await ask(pool)).status == 200

    pooled(settings(root, query_seconds=60, query_bytes=2**26), use)


def test_a_worker_that_is_killed_is_replaced(root: Path) -> None:
    async def use(pool: Pool) -> None:
        await until(lambda: len(pool._crew.idle) == 2)  # noqa: SLF001 -- both have a pid by now
        asked = asyncio.create_task(ask(pool, ENDLESS))
        await until(lambda: pool.busy == 1)
        killed = [*pool._crew.workers]  # noqa: SLF001 -- the busy one and an idle one
        for worker in killed:
            os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(ExhaustedError):
            await asked
        await until(lambda: pool._crew.workers.isdisjoint(killed))  # noqa: SLF001
        replies = await asyncio.gather(*(ask(pool) for _ in range(10)))
        assert {reply.status for reply in replies} == {200}

    pooled(settings(root, query_seconds=60), use)


def test_a_client_that_hangs_up_frees_its_worker(root: Path) -> None:
    async def use(pool: Pool) -> None:
        working = asyncio.create_task(ask(pool, ENDLESS))
        await until(lambda: pool.busy == 1)
        waiting = asyncio.create_task(ask(pool, ENDLESS))
        await until(lambda: pool.waiting == 1)
        for task in (waiting, working):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert pool.waiting == 0
        assert dict(pool.stopped) == {"hang-up": 1}
        assert (await ask(pool)).status == 200

    pooled(settings(root, query_seconds=60), use)


def test_too_many_questions_are_refused_and_none_lost(root: Path) -> None:
    async def use(pool: Pool) -> None:
        asked = [asyncio.create_task(ask(pool, ENDLESS, "a")) for _ in range(3)]
        await until(lambda: pool.waiting == 2)
        with pytest.raises(ThrottledError):
            await ask(pool, client="a")
        asked += [asyncio.create_task(ask(pool, ENDLESS, name)) for name in "bc"]
        await until(lambda: pool.waiting == 3)
        with pytest.raises(OverloadedError):
            await ask(pool, client="d")
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {TimedOutError}

    limits = {"waiting": 3, "waiting_per_client": 2, "waiting_seconds": 60}
    pooled(settings(root, query_seconds=0.5, **limits), use)


def test_who_waits_too_long_is_told_to_come_again(root: Path) -> None:
    async def use(pool: Pool) -> None:
        first = asyncio.create_task(ask(pool, ENDLESS))
        await until(lambda: pool.busy == 1)
        with pytest.raises(OverloadedError):
            await ask(pool)
        with pytest.raises(TimedOutError):
            await first

    pooled(settings(root, workers=1, query_seconds=1.5, waiting_seconds=0.2), use)


def test_one_client_never_has_all_workers(root: Path) -> None:
    async def use(pool: Pool) -> None:
        greedy = [asyncio.create_task(ask(pool, ENDLESS, "greedy")) for _ in range(9)]
        await until(lambda: pool.busy == 2)
        for _ in range(20):
            assert (await ask(pool, client="modest")).status == 200
        assert pool.busy == 2
        for task in greedy:
            task.cancel()
        await asyncio.gather(*greedy, return_exceptions=True)

    pooled(settings(root, workers=3, query_seconds=60), use)


def test_a_new_snapshot_is_served_and_no_question_dropped(tmp_path: Path) -> None:
    write(tmp_path, quads("old"))
    which = "SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 1"

    async def use(pool: Pool) -> list[Reply]:
        old, replies = pool.holding.snapshot, []
        slow = asyncio.create_task(ask(pool, "SELECT (COUNT(*) AS ?n) {?a ?b ?c. ?d ?e ?f}"))
        write(tmp_path, quads("new"))
        while pool.holding.snapshot == old:
            replies.append(await ask(pool, which))
            await asyncio.sleep(0.005)
        replies += [await ask(pool, which) for _ in range(20)]
        return [*replies, await slow]

    replies = pooled(settings(tmp_path), use)
    assert {reply.status for reply in replies} == {200}
    assert b"old 0" in bytes(replies[0].body)  # type: ignore[arg-type]
    assert b"new 0" in bytes(replies[-2].body)  # type: ignore[arg-type]


def test_a_damaged_snapshot_is_not_served(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path, quads("old"))

    async def use(pool: Pool) -> None:
        old = pool.holding.snapshot
        newer = write(tmp_path, quads("new"))
        (newer.path / "manifest.json").write_text("{}")
        await until(lambda: "stays as it is" in caplog.text)
        assert (await ask(pool)).status == 200
        assert pool.holding.snapshot == old

    with caplog.at_level(logging.ERROR):
        pooled(settings(tmp_path), use)
    assert "manifest.json" in caplog.text


def test_a_keeper_that_is_killed_is_replaced(root: Path) -> None:
    async def use(pool: Pool) -> None:
        first = pool._crew  # noqa: SLF001
        first._keeper.kill()  # noqa: SLF001
        await until(lambda: pool._crew is not first)  # noqa: SLF001
        assert (await ask(pool)).status == 200

    pooled(settings(root), use)


def test_without_a_graph_there_is_no_crew(tmp_path: Path) -> None:
    with pytest.raises(CrewError, match="caspian build") as raised:
        Crew(settings(tmp_path))
    assert raised.value.code == 5


def test_workers_that_cannot_begin_are_told_of(root: Path) -> None:
    """A worker that may have no more memory than it has cannot even open the graph."""
    wanted = settings(root, store="disk").model_copy(update={"query_bytes": 1})

    async def run() -> None:
        with pytest.raises(CrewError, match="no worker can work"):
            await Pool(wanted, Crew(wanted)).start()

    asyncio.run(run())


UNASKED = (b"\x00" * 30, b"x", pack("!IQ", 25, 0) + b'[200, "a/b", [], true]   ')


@pytest.mark.parametrize("said", UNASKED)
def test_a_worker_that_speaks_unasked_is_replaced(root: Path, said: bytes) -> None:
    """No worker does, unless a query has taken it over; another process stands for such a one."""
    stand_in = subprocess.Popen(["sleep", "600"])

    async def use(pool: Pool) -> None:
        crew, (ours, theirs) = pool._crew, channel()  # noqa: SLF001
        ours.settimeout(0)
        worker = Worker(ours, crew, stand_in.pid, os.pidfd_open(stand_in.pid))
        crew.workers.add(worker)
        crew.idle.append(worker)
        asyncio.get_running_loop().add_reader(ours, pool._hear, worker)  # noqa: SLF001
        with theirs:
            theirs.send(said)
            await until(lambda: worker not in crew.workers)
        assert (await ask(pool)).status == 200

    pooled(settings(root), use)
    assert stand_in.wait(30) == -signal.SIGKILL


def test_a_keeper_that_ends_as_it_begins_is_told_of(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    for _ in range(20):  # it may end before it is spoken to, or after
        with pytest.raises(CrewError, match="the keeper ended"):
            Crew(settings(root))


@pytest.mark.parametrize("program", ["/bin/true", "/nowhere/python"])
def test_a_new_keeper_is_tried_for_until_one_stays(
    root: Path, program: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def use(pool: Pool) -> None:
        first = pool._crew  # noqa: SLF001
        monkeypatch.setattr(sys, "executable", program)
        first._keeper.kill()  # noqa: SLF001
        await until(lambda: caplog.text.count("the graph stays as it is") >= 3)
        monkeypatch.undo()
        await until(lambda: pool._crew is not first)  # noqa: SLF001
        assert (await ask(pool)).status == 200

    with caplog.at_level(logging.ERROR):
        pooled(settings(root), use)
