"""A crew: the keeper of one snapshot and the workers it has forked, as the service sees them."""

import asyncio
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from api.settings import Settings
from api.wire import Holding, channel
from kg.errors import CaspianError

__all__ = ["Crew", "CrewError", "Worker"]


_CALM = 10


class CrewError(CaspianError):
    """A keeper says why it keeps nothing, or it, or a worker of it, ended as it began.

    `code` is the exit code of what went wrong in the other process.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        self.code = exit_code
        super().__init__(message)


@dataclass(eq=False)
class Worker:
    """A worker: the channel to it and, once it has said that it is ready, its process."""

    end: socket.socket
    crew: "Crew"
    pid: int = 0
    process: int | None = None
    """A descriptor of the process, which no other process can take the place of."""
    sandbox: tuple[str, ...] = ()
    slow: bool = False
    """Whether it works at a lower priority, which only another process gets rid of."""

    @property
    def ready(self) -> bool:
        """Whether it has said that it can work."""
        return self.process is not None

    def begins(self, told: bytes) -> None:
        """Note what it says of itself."""
        message = json.loads(told)
        self.pid, self.sandbox = message["pid"], tuple(message["sandbox"])
        self.process = os.pidfd_open(self.pid)

    def kill(self) -> None:
        """End it, whatever it does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.process, signal.SIGKILL)

    def slow_down(self) -> None:
        """Let others have the processors first, from now on."""
        self.slow = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _CALM)

    def close(self) -> None:
        """Let go of it: it ends when it has nothing more to do."""
        self.end.close()
        if self.process is not None:
            os.close(self.process)
            self.process = None


class Crew:
    """A keeper that has what the settings name, ready to fork workers."""

    def __init__(self, settings: Settings) -> None:
        """Start the keeper and wait until it has all in place, which may take a while.

        Raises CrewError with what the keeper says.
        """
        self.workers = set[Worker]()
        self.idle = list[Worker]()
        self.manned = asyncio.Event()
        """Set when the first worker is ready, or when none will ever be: then `failed` is set."""
        self.failed = self.retired = self.lost = False
        self._control, theirs = channel()
        with theirs, ExitStack() as undo:
            undo.callback(self._control.close)
            self._keeper = subprocess.Popen(  # noqa: S603 -- our own module
                [sys.executable, "-m", "api.keeper", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a signal from the terminal is for the service alone
            )
            undo.pop_all()
        message = self._told(settings)
        if "error" in message:
            self.close()
            raise CrewError(message["error"], message.get("exit_code", 1))
        self.holding = Holding(**message)

    # `Any`: what the keeper says
    def _told(self, settings: Settings) -> dict[str, Any]:
        """What the keeper says when it has been given the settings."""
        told = b""
        with suppress(OSError):  # it ended before it had read them
            self._control.send(pickle.dumps(settings))
            told = self._control.recv(1 << 16)
        return dict(json.loads(told or b'{"error": "the keeper ended"}'))

    def fork(self) -> Worker:
        """A new worker, which will say when it is ready; OSError where the keeper is gone."""
        ours, theirs = channel()
        with theirs:
            try:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        ours.settimeout(0)
        worker = Worker(ours, self)
        self.workers.add(worker)
        return worker

    @property
    def ready(self) -> bool:
        """Whether there is a worker to answer."""
        return any(worker.ready for worker in self.workers)

    def fileno(self) -> int:
        """What becomes readable when the keeper is gone."""
        return self._control.fileno()

    def close(self) -> None:
        """Let the keeper end, and wait until it has."""
        self._control.close()
        self._keeper.wait()
