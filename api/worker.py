"""A worker: it answers one job after the other, until the service that sends them is gone."""

import pickle
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from api.jobs import Held, perform
from api.wire import receive_job, send_reply

__all__ = ["serve"]

_GRACE = 1.0


def serve(end: socket.socket, held: Held) -> None:
    """Answer jobs until the other end closes."""
    while job := receive_job(end):
        with _alarm(held.settings.query_seconds + _GRACE):
            # pickled by the service, out of values it made itself
            send_reply(end, perform(held, pickle.loads(job)))  # noqa: S301


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """The kernel ends this process after that time, should the service not have done so."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
