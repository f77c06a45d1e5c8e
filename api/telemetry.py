"""What operators see: a line of JSON for each request, and figures for Prometheus."""

import asyncio
import json
import time
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import TextIO

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.service import Service, client, route_of

__all__ = ["Figures", "Telemetry"]

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SHOWN = 200
_ENCODER = json.JSONEncoder()
_HUNG_UP = 499
"""What nginx logs of a client that has not waited for its answer."""


class Figures:
    """What is counted of a service, in the text format of Prometheus."""

    def __init__(self, service: Service) -> None:
        self._service, self.registry = service, CollectorRegistry(auto_describe=True)
        self.requests = Counter(
            "caspian_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "caspian_request_seconds",
            "From a request's first byte to its answer's last.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.cached = Counter(
            "caspian_cached_answers", "Answers that were kept from before.", registry=self.registry
        )
        self.registry.register(self)
        self._series = dict[tuple[str, str, int], tuple[Counter, Histogram]]()

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        key = (route, method, status)
        if key not in self._series:  # the library takes longer to find them than to count
            counter = self.requests.labels(route, method, status)
            self._series[key] = (counter, self.seconds.labels(route))
        counter, histogram = self._series[key]
        counter.inc()
        histogram.observe(seconds)

    def text(self) -> bytes:
        """All figures, as they stand now."""
        return generate_latest(self.registry)

    def collect(self) -> Iterator[Metric]:
        """The figures that are not counted but looked up."""
        service, evaluator = self._service, self._service.evaluator
        age = time.monotonic() - evaluator.since
        for name, what, value in (
            ("caspian_ready", "Whether questions are answered.", float(evaluator.ready)),
            ("caspian_busy_workers", "Workers at work.", evaluator.busy),
            ("caspian_waiting_questions", "Questions that wait for a worker.", evaluator.waiting),
            ("caspian_cache_bytes", "Bytes of answers kept.", service.cache.bytes),
            ("caspian_untaken_bytes", "Bytes of long answers not sent yet.", service.untaken),
            ("caspian_quads", "Statements served.", evaluator.holding.quads or 0),
            ("caspian_snapshot_seconds", "How long this graph is served.", age),
        ):
            yield GaugeMetricFamily(name, what, value=value)
        told = "Workers killed or lost, by reason: time, hang-up, lost."
        stopped = CounterMetricFamily("caspian_stopped_workers", told, labels=("reason",))
        for reason, count in evaluator.stopped.items():
            stopped.add_metric((reason,), count)
        yield stopped


class Telemetry:
    """Middleware that counts each request and, where `log` is given, writes a line of it."""

    def __init__(self, app: ASGIApp, figures: Figures, log: TextIO | None) -> None:
        self.app, self._figures, self._log = app, figures, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status, size = time.monotonic(), _HUNG_UP, 0

        async def noting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except asyncio.CancelledError:
            # the client has hung up, and the server (api/server.py) has given up the request
            if not scope.get("gone"):
                raise
        finally:
            self._note(scope, status, size, time.monotonic() - begun)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        self._figures.note(route_of(scope), scope["method"], status, seconds)
        if scope.get("cached"):
            self._figures.cached.inc()
        if self._log:
            line = {
                "time": _told(int(time.time())),
                "client": client(scope),
                "method": scope["method"],
                "path": scope["path"][:_SHOWN],
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
                "bytes": size,
                "cached": "cached" in scope,
                "query": digest(scope.get("query", "")),
            }
            self._log.write(_ENCODER.encode(line) + "\n")


@lru_cache(maxsize=2)
def _told(seconds: int) -> str:
    """A moment as the log tells it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def digest(query: str) -> str:
    """A query as the log tells it: which it was can be found out, what it says cannot.

    >>> digest("ASK {}"), digest("")
    ('421c23fa', '')
    """
    return blake2b(query.encode(errors="replace"), digest_size=4).hexdigest() if query else ""
