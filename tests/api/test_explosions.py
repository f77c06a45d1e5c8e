"""Questions whose paths explode: they end within their limits, and harm nobody else."""

import asyncio
import json
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from api.jobs import Job, PathsAsked
from api.models_paths import PathQuestion
from api.pool import Pool
from api.wire import Reply
from kg.snapshot import write
from tests.api.test_pool import ask, packed_job, pooled, settings
from tests.api.test_wire import whole
from tests.claimed import leg, lines

SIZE = 60


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot in which a leg leads from each of sixty places to each other."""
    root = tmp_path_factory.mktemp("complete")
    places = [f"p{number:02}" for number in range(SIZE)]
    write(root, lines(each for a in places for b in places if a != b for each in leg(a, b)))
    return root


def paths(**how: Any) -> bytes:  # noqa: ANN401 -- whatever a question has
    asked = {"from": "place/p00", "to": "place/p59", "evidence": "none", **how}
    return packed_job(Job("paths", PathsAsked(PathQuestion.model_validate(asked), None)))


EXPLOSIONS: list[dict[str, Any]] = [
    {"mode": "all", "k": 50, "edges": 1_000_000},
    {"mode": "all", "k": 50, "rank": "confidence", "edges": 1_000_000},
    # there is none, and all there are would have to be looked at to know
    {"mode": "all", "via": [f"place/p{number:02}" for number in range(1, 20)]},
    {"mode": "all", "via": ["place/p01"] * 3, "rank": "date", "k": 50, "edges": 1_000_000},
]


def test_path_explosions_end_within_their_limits_beside_others(complete: Path) -> None:
    async def use(pool: Pool) -> tuple[list[Reply], float]:
        begun = monotonic()
        exploding = [asyncio.create_task(pool.run(paths(**how), "them")) for how in EXPLOSIONS]
        while not all(each.done() for each in exploding):
            assert (await ask(pool)).status == 200
            await asyncio.sleep(0.05)
        return [each.result().reply for each in exploding], monotonic() - begun

    limits = settings(complete, workers=3, query_seconds=20)
    replies, took = pooled(limits, use)
    assert {reply.status for reply in replies} == {200}
    answers = [json.loads(whole(reply)) for reply in replies]
    assert [len(answer["paths"]) for answer in answers] == [50, 50, 0, 50]
    assert answers[2]["complete"] is False
    assert answers[2]["cut"] in {"edges", "time"}
    assert took < 20 * len(EXPLOSIONS)


def test_a_search_stops_before_its_worker_is_stopped(complete: Path) -> None:
    via = [f"place/p{number:02}" for number in range(1, 20)]
    endless = paths(mode="all", via=via, edges=1_000_000)

    async def use(pool: Pool) -> Reply:
        reply = (await pool.run(endless, "them")).reply
        assert not pool.stopped
        return reply

    reply = pooled(settings(complete, query_seconds=1), use)
    answer = json.loads(whole(reply))
    assert (answer["complete"], answer["cut"], answer["paths"]) == (False, "time", [])
    assert not reply.lasting
