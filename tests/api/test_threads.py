"""The evaluator in threads, which tests and embedders use."""

import asyncio

from api.jobs import Held
from api.settings import Settings
from api.threads import InThreads
from api.wire import Holding
from kg.store import Store
from tests.api.test_pool import job

SLOW = "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?p ?o } LIMIT 300 } ?b ?c ?d }"


def test_it_has_as_many_threads_as_there_would_be_workers(graph: Store) -> None:
    held = Held(Settings(workers=2), graph, ())
    evaluator = InThreads(held, Holding("abc", 7, "threads"))
    assert (evaluator.busy, evaluator.waiting) == (0, 0)

    async def run() -> tuple[set[tuple[int, int]], list[tuple[int, str | None]]]:
        await evaluator.start()
        seen = set()
        asked = asyncio.gather(*(evaluator.run(job(SLOW), "me") for _ in range(5)))
        while not asked.done():
            seen.add((evaluator.busy, evaluator.waiting))
            await asyncio.sleep(0.001)
        await evaluator.stop()
        return seen, [(each.reply.status, each.snapshot) for each in await asked]

    seen, replies = asyncio.run(run())
    assert (2, 3) in seen
    assert max(busy for busy, _ in seen) == 2
    assert replies == [(200, "abc")] * 5
    assert evaluator.ready
    assert not evaluator.stopped
