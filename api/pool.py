"""The workers at work: who answers what, for how long, and what comes after one that is stopped.

Everything here runs on the event loop and waits for nothing but replies. A question is worked on
for so long as the settings say; then its worker is killed and another takes its place. The same
happens to a worker whose client hangs up. What takes long is worked on at a lower priority, so that
what is quick stays quick.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass

from anyio.to_thread import run_sync

from api.crew import Crew, CrewError, Worker
from api.errors import ExhaustedError, OverloadedError, TimedOutError
from api.line import Line
from api.settings import Settings
from api.wire import Answered, Holding, Reply, receive_reply, send_job
from kg.errors import CaspianError
from kg.snapshot import current_name

__all__ = ["Pool"]

_TICK = 0.05
_SLOW = 0.25
_PAUSE = 0.5

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class _Asked:
    """A question on its way: the job, who asks, and, once it is worked on, since when."""

    job: bytes
    client: str
    answer: asyncio.Future[Answered]
    begun: float = 0.0


class Pool:
    """Workers over the current snapshot, and the questions that wait for one."""

    def __init__(self, settings: Settings, crew: Crew) -> None:
        self._settings, self._crew = settings, crew
        self._crews = {crew}
        """That one, and those that go or come while it is changed for another."""
        # counted once: the system takes a while to say how many processors there are
        self._workers = settings.worker_count
        self._most = max(1, self._workers - 1)
        self._line = Line[_Asked](
            most=settings.waiting, most_per_client=settings.waiting_per_client
        )
        self._at_work = dict[Worker, _Asked]()
        self._running = Counter[str]()
        self._watch: asyncio.TimerHandle | None = None
        self._tasks = set[asyncio.Task[None]]()
        self.since = time.monotonic()
        """Since when this snapshot is served."""
        self.stopped = Counter[str]()
        """How many workers were stopped or lost, by reason."""

    # -- what the service sees

    @property
    def holding(self) -> Holding:
        """What is served now."""
        return self._crew.holding

    @property
    def ready(self) -> bool:
        """Whether there is a worker to answer."""
        return self._crew.ready

    @property
    def sandbox(self) -> tuple[str, ...]:
        """What confines the workers."""
        return next((each.sandbox for each in self._crew.workers if each.ready), ())

    @property
    def waiting(self) -> int:
        """How many questions wait for a worker."""
        return len(self._line)

    @property
    def busy(self) -> int:
        """How many workers are at work."""
        return len(self._at_work)

    async def start(self) -> None:
        """Fork the workers, and return when they are ready; CrewError where none ever is."""
        await self._man(self._crew)
        self._do(self._follow())

    async def stop(self) -> None:
        """End the workers and their keeper."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for crew in [*self._crews]:
            await self._retire(crew)

    async def run(self, job: bytes, client: str) -> Answered:
        """The reply to a job.

        Raises OverloadedError, ThrottledError, TimedOutError or ExhaustedError. Where the task that
        waits here is cancelled, the job is given up, and a worker that is at it is killed.
        """
        loop = asyncio.get_running_loop()
        asked = _Asked(job, client, loop.create_future())
        self._line.put(client, asked)
        self._dispatch()
        tired = None
        if not asked.begun:
            tired = loop.call_later(self._settings.waiting_seconds, self._tire, asked)
        try:
            return await asked.answer
        finally:
            if tired:
                tired.cancel()
            if asked.answer.cancelled():
                self._give_up(asked)

    # -- questions

    def _dispatch(self) -> None:
        while self._crew.idle and (asked := self._line.take(self._may)):
            self._begin(self._crew.idle.pop(), asked)

    def _may(self, client: str) -> bool:
        """Nobody has all the workers, however much they ask."""
        return self._running[client] < self._most

    def _begin(self, worker: Worker, asked: _Asked) -> None:
        try:
            send_job(worker.end, asked.job)
        except OSError:  # it has ended since, and the loop will say so too
            self._line.put(asked.client, asked)
            return
        asked.begun = time.monotonic()
        self._at_work[worker] = asked
        self._running[asked.client] += 1
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(_TICK, self._look)

    def _look(self) -> None:
        """See how long each worker has been at it, again and again while any is at work."""
        now = time.monotonic()
        for worker, asked in self._at_work.items():
            if now - asked.begun >= self._settings.query_seconds:
                self._stop(worker, asked)
            elif now - asked.begun >= _SLOW and not worker.slow:
                worker.slow_down()
        again = asyncio.get_running_loop().call_later
        self._watch = again(_TICK, self._look) if self._at_work else None

    def _stop(self, worker: Worker, asked: _Asked) -> None:
        if not asked.answer.done():
            asked.answer.set_exception(TimedOutError(self._settings.query_seconds))
            self.stopped["time"] += 1
        worker.kill()

    def _tire(self, asked: _Asked) -> None:
        if not asked.begun:
            self._line.remove(asked.client, asked)
            asked.answer.set_exception(OverloadedError())

    def _give_up(self, asked: _Asked) -> None:
        self._line.remove(asked.client, asked)
        for worker in [each for each, its in self._at_work.items() if its is asked]:
            self.stopped["hang-up"] += 1
            worker.kill()

    # -- workers

    def _fork(self, crew: Crew) -> None:
        if crew.retired:
            return
        try:
            worker = crew.fork()
        except OSError:  # the keeper is gone, which is seen to where it is watched
            return
        asyncio.get_running_loop().add_reader(worker.end, self._hear, worker)

    def _hear(self, worker: Worker) -> None:
        try:
            reply = receive_reply(worker.end)
        except BlockingIOError:
            return
        except (OSError, ValueError):
            reply = None
        if reply is None:
            self._lost(worker)
        elif worker in self._at_work:
            self._done(worker, reply)
        elif not worker.ready and isinstance(reply.body, bytes):
            self._joined(worker, reply.body)
        else:  # it speaks without being asked: it is not what it was
            self._lost(worker)

    def _joined(self, worker: Worker, told: bytes) -> None:
        worker.begins(told)
        worker.crew.idle.append(worker)
        worker.crew.manned.set()
        self._dispatch()

    def _done(self, worker: Worker, reply: Reply) -> None:
        asked = self._free(worker)
        if not asked.answer.done():
            asked.answer.set_result(Answered(reply, worker.crew.holding.snapshot))
        if worker.slow or worker.crew.retired:
            self._replace(worker)
        else:
            worker.crew.idle.append(worker)
        self._dispatch()

    def _lost(self, worker: Worker) -> None:
        """A worker has ended: stopped by us, or by what it was asked, or by somebody else."""
        if worker in self._at_work:
            asked = self._free(worker)
            if not asked.answer.done():
                asked.answer.set_exception(ExhaustedError(self._settings.query_bytes))
                self.stopped["lost"] += 1
        self._replace(worker)
        self._dispatch()

    def _free(self, worker: Worker) -> _Asked:
        asked = self._at_work.pop(worker)
        self._line.charge(asked.client, time.monotonic() - asked.begun)
        self._running[asked.client] -= 1
        if not self._running[asked.client]:
            del self._running[asked.client]
        return asked

    def _replace(self, worker: Worker) -> None:
        """Let go of the worker and, unless its crew has retired, have another in its place."""
        crew, worked = worker.crew, worker.ready
        self._dismiss(worker)
        if crew.retired:
            return
        if worked:
            self._fork(crew)
            return
        # it ended before it could work: so may the next, so there is a pause before it
        if not crew.workers:
            crew.failed = True
            crew.manned.set()
        asyncio.get_running_loop().call_later(_PAUSE, self._fork, crew)

    def _dismiss(self, worker: Worker) -> None:
        asyncio.get_running_loop().remove_reader(worker.end)
        worker.crew.workers.discard(worker)
        if worker in worker.crew.idle:
            worker.crew.idle.remove(worker)
        worker.kill()
        worker.close()

    # -- crews

    async def _man(self, crew: Crew) -> None:
        """Give the crew its workers, and return when the first is ready."""
        asyncio.get_running_loop().add_reader(crew, self._keeper_ended, crew)
        for _ in range(self._workers):
            self._fork(crew)
        await crew.manned.wait()
        if crew.failed:
            await self._retire(crew)
            raise CrewError("no worker can work; the log says why")

    async def _retire(self, crew: Crew) -> None:
        """End the crew: workers at once, or when they have answered."""
        crew.retired = True
        for worker in [each for each in crew.workers if each not in self._at_work]:
            self._dismiss(worker)
        while crew.workers:  # noqa: ASYNC110 -- they leave in many ways, seldom, and are soon gone
            await asyncio.sleep(_TICK)
        if crew.fileno() >= 0:  # it may have been closed as whoever waited for that was cancelled
            asyncio.get_running_loop().remove_reader(crew)
        await run_sync(crew.close)
        self._crews.discard(crew)

    def _keeper_ended(self, crew: Crew) -> None:
        """Without its keeper a crew gets nobody in place of who is lost: it must be replaced."""
        asyncio.get_running_loop().remove_reader(crew)
        crew.lost = True

    async def _follow(self) -> None:
        """Look for a new snapshot, or for a crew that is lost, again and again, and change over."""
        refused = None
        while True:
            await asyncio.sleep(self._settings.reload_seconds)
            built = None
            if not self._settings.endpoint:
                built = await run_sync(current_name, self._settings.data)
            if self._crew.lost or (built and built not in (self.holding.snapshot, refused)):
                refused = None if await self._renew() else built

    async def _renew(self) -> bool:
        """Whether there is a new crew; questions the old one is at are answered by it still."""
        try:
            crew = await self._crew_to_be()
        except (CaspianError, OSError) as error:  # OSError: no process more can be had just now
            logger.error("the graph stays as it is: %s", error)  # noqa: TRY400 -- said by it all
            return False
        old, self._crew = self._crew, crew
        self.since = time.monotonic()
        logger.info("snapshot %s is served from now on", crew.holding.snapshot)
        self._dispatch()
        await self._retire(old)
        return True

    async def _crew_to_be(self) -> Crew:
        """A new crew with its workers."""
        making = asyncio.get_running_loop().run_in_executor(None, Crew, self._settings)
        try:
            crew = await asyncio.shield(making)
        except asyncio.CancelledError:
            with suppress(CaspianError, OSError):
                self._crews.add(await making)  # so that whoever stops the service ends it too
            raise
        self._crews.add(crew)
        await self._man(crew)
        return crew

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
