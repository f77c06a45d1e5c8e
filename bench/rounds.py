"""Timing by turns: every server gets a small batch, round after round, so that drift cancels.

A ratio of two servers is the median of the ratios of their batches in the same round; only the
99th percentile is taken over all rounds, since a batch is too small for one of its own. A server
that gets fewer requests of a round is held, at the median, against the same requests of the other.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import exp, log
from statistics import median, quantiles
from typing import NamedTuple

from client import Batch, Client
from peers import Running

__all__ = ["Entrant", "Plan", "Timing", "by_turns", "geometric_mean", "ratio"]

MOST = 200  # requests a round
CORES = os.cpu_count() or 1
PATIENT = 4  # a server may take that many times its share of a round, and of all rounds
GIVEN_UP = 240  # a batch that would take so many times its share is left out


class Plan(NamedTuple):
    """How much of one shape is measured: seconds a batch is to take, and how many rounds."""

    slice: float
    rounds: int
    fewest: int
    """Rounds even of what takes long."""
    ceiling: float
    """Seconds after which no further round begins."""


@dataclass
class Timing:
    """What one server did in the rounds it took part in."""

    rounds: dict[int, Batch] = field(default_factory=dict)
    places: dict[int, list[int]] = field(default_factory=dict)
    """Which requests of a round they were."""
    reduced: bool = False
    """Whether it got fewer requests or rounds than the others, for it takes too long."""
    reason: str = ""
    """Why there is nothing to compare, where that is so."""

    def p50(self, number: int) -> float:
        """The median time of a round's requests."""
        return median(done.whole for done in self.rounds[number].done)

    def at(self, number: int, places: set[int]) -> float:
        """The median time of those requests of a round."""
        asked = zip(self.places[number], self.rounds[number].done, strict=True)
        return median(done.whole for place, done in asked if place in places)

    def rate(self, number: int) -> float:
        """Requests a second in a round."""
        batch = self.rounds[number]
        return len(batch.done) / batch.seconds

    def first(self, number: int) -> float:
        """The median time of the first byte in a round."""
        return median(done.first for done in self.rounds[number].done)

    @property
    def p99(self) -> float:
        """The 99th percentile of all requests; of few requests, the slowest."""
        times = [done.whole for batch in self.rounds.values() for done in batch.done]
        return max(times) if len(times) < 100 else quantiles(times, n=100)[98]

    def overall(self, of: Callable[[int], float]) -> float:
        """The median over the rounds."""
        return median(map(of, self.rounds))


class Entrant(NamedTuple):
    """A server, the questions as it is asked them, and the seconds one of them takes it."""

    server: Running
    requests: Sequence[bytes]
    estimate: float


def by_turns(
    client: Client, entrants: Sequence[Entrant], plan: Plan, clients: int
) -> dict[str, Timing]:
    """What each server did, all of them asked the same questions in the same order."""
    usual = median(entrant.estimate for entrant in entrants)
    most, rounds = _share(plan, usual, usual, clients)
    timings = {entrant.server.name: Timing() for entrant in entrants}
    began = time.monotonic()
    for number in range(rounds):
        if number and time.monotonic() - began > plan.ceiling:
            break
        for entrant in entrants if number % 2 else reversed(entrants):
            timing = timings[entrant.server.name]
            count, turns = _share(plan, entrant.estimate, usual, clients)
            timing.reduced = count < most or turns < rounds
            seconds = count * entrant.estimate / min(clients, CORES)
            if seconds > GIVEN_UP * plan.slice:
                timing.reason = f"{count} queries would take {seconds:.0f} s"
            elif number < turns and not timing.reason:
                places = [number * most + turn * most // count for turn in range(count)]
                some = entrant.requests
                requests = [some[place % len(some)] for place in places]
                timing.places[number] = places
                batch = client.batch(entrant.server.target, requests, clients=clients)
                timing.rounds[number], timing.reason = batch, _failure(batch)
    return timings


def _share(plan: Plan, estimate: float, usual: float, clients: int) -> tuple[int, int]:
    """Requests a round and rounds, for a server that takes `estimate` where others take `usual`."""
    together = min(clients, CORES)
    wanted = _within(plan.slice * together / usual, clients)
    count = min(wanted, _within(PATIENT * plan.slice * together / estimate, clients))
    affordable = int(PATIENT * plan.slice * plan.rounds * together / (count * estimate))
    fewest = plan.fewest if estimate < PATIENT * usual else 1
    return count, max(fewest, min(plan.rounds, affordable))


def _within(count: float, clients: int) -> int:
    return max(clients, min(MOST, int(count)))


def _failure(batch: Batch) -> str:
    """What went wrong in a batch; empty where nothing did."""
    if not batch.failures:
        return ""
    status = batch.failures[0].status
    what = f"status {status}" if status else "no whole answer"
    return f"{what} for {len(batch.failures)} of {len(batch.done)} requests"


def ratio(one: Timing, other: Timing, of: str) -> float | None:
    """How many times the other's figure the one has; None where either has none."""
    if one.reason or other.reason:
        return None
    if of == "p99":
        return one.p99 / other.p99
    shared = one.rounds.keys() & other.rounds.keys()
    if of == "rate":
        return median(one.rate(turn) / other.rate(turn) for turn in shared)
    both = {turn: set(one.places[turn]) & set(other.places[turn]) for turn in shared}
    return median(one.at(turn, both[turn]) / other.at(turn, both[turn]) for turn in shared)


def geometric_mean(values: Sequence[float]) -> float:
    """The geometric mean."""
    return exp(sum(map(log, values)) / len(values))
