"""An evaluator in threads of this process, for tests and for whoever embeds the service.

A question that takes too long cannot be stopped here; `caspian-api` has workers (api/pool.py).
"""

import pickle
import time
from collections.abc import Mapping

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from api.jobs import Held, perform
from api.wire import Answered, Holding

__all__ = ["InThreads"]


class InThreads:
    """Answers jobs from what is held, in as many threads as there would be workers."""

    stopped: Mapping[str, int] = {}
    ready = True

    def __init__(self, held: Held, holding: Holding) -> None:
        self.holding, self._held = holding, held
        self.since = time.monotonic()
        self._limiter: CapacityLimiter | None = None

    @property
    def busy(self) -> int:
        """How many questions are worked on."""
        return self._limiter.borrowed_tokens if self._limiter else 0

    @property
    def waiting(self) -> int:
        """How many questions wait for a thread."""
        return self._limiter.statistics().tasks_waiting if self._limiter else 0

    async def start(self) -> None:
        """Nothing: threads come when they are needed."""

    async def stop(self) -> None:
        """Nothing."""

    async def run(self, job: bytes, client: str) -> Answered:  # noqa: ARG002 -- all are alike here
        """The reply to a job."""
        self._limiter = self._limiter or CapacityLimiter(self._held.settings.worker_count)
        # pickled by the service, out of values it made itself
        reply = await run_sync(perform, self._held, pickle.loads(job), limiter=self._limiter)  # noqa: S301
        return Answered(reply, self.holding.snapshot)
