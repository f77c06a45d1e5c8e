"""Processes killed at random moments, and what those who ask meanwhile are told.

For tests/api/test_kills.py, with few rounds, and for bench/kills.py, with many. The same seed
chooses the same victims and pauses; what the victims are at by then is the machine's affair.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from kg.answers import Dataset
from kg.errors import CaspianError
from kg.formats import named
from kg.snapshot import open_snapshot
from tests.conftest import write_small

__all__ = [
    "EVERYTHING",
    "Builds",
    "Tally",
    "asked",
    "build",
    "kill",
    "kill_builds",
    "right",
    "seeds",
    "until",
]

EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
_BUILD = (sys.executable, "-c", "import sys; from kg.cli import main; sys.exit(main())", "build")
_PATIENCE = 60.0


class Tally(NamedTuple):
    """What was answered: how often what, the wrong answers, and seconds between right ones."""

    outcomes: Counter[str]
    wrong: list[bytes]
    gaps: list[float]


def right(root: Path) -> bytes:
    """The right answer to EVERYTHING over the graph in that folder."""
    _, store = open_snapshot(root)
    try:
        return store.answer(EVERYTHING, Dataset()).serialize(named("json"))
    finally:
        store.close()


@contextmanager
def asked(port: int, answers: frozenset[bytes], *, clients: int) -> Iterator[Tally]:
    """Have so many clients ask EVERYTHING again and again; each answer is held against these."""
    tally, stop = Tally(Counter(), [], []), threading.Event()

    def ask() -> None:
        last = time.monotonic()
        while not stop.is_set():
            outcome = _ask(port, answers, tally.wrong)
            tally.outcomes[outcome] += 1
            if outcome == "right":
                tally.gaps.append(time.monotonic() - last)
                last = time.monotonic()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield tally
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _ask(port: int, answers: frozenset[bytes], wrong: list[bytes]) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("GET", f"/sparql?{urlencode({'query': EVERYTHING})}")
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    if answer.status == 200 and body in answers:
        return "right"
    if answer.status in (503, 504):
        return str(answer.status)
    wrong.append(body)
    return f"wrong, {answer.status}"


def kill(service: int, kind: str, dice: random.Random, rounds: int, *, longest: float) -> None:
    """Kill a worker of the service, or its keeper, so many times, with such pauses at most."""
    killed = 0
    while killed < rounds:
        time.sleep(dice.uniform(0.0, longest))
        victims = _children(service)
        if kind == "worker":
            victims = [worker for keeper in victims for worker in _children(keeper)]
        if victims:
            with suppress(ProcessLookupError):  # it ended just now
                os.kill(dice.choice(sorted(victims)), signal.SIGKILL)
                killed += 1


def _children(process: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended just now
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.append(int(folder.name))
    return found


def seeds(folder: Path) -> tuple[Path, Path]:
    """Two corpora that differ in a claim."""
    one, two = (write_small(folder / name) for name in ("one", "two"))
    two.change("certainty: possible", "certainty: probable")
    return one.anchored().seeds, two.anchored().seeds


def build(seeds: Path, root: Path) -> "subprocess.Popen[bytes]":
    """`caspian build`, begun."""
    where = ["--seeds", str(seeds), "--texts", str(seeds.parent / "texts"), "--data", str(root)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*_BUILD, *where], stdout=quiet, stderr=quiet)


class Builds(NamedTuple):
    """Two corpora to build by turns in a folder, and the right answers over either."""

    root: Path
    corpora: tuple[Path, Path]
    answers: frozenset[bytes]


def kill_builds(
    builds: Builds, dice: random.Random, rounds: int, *, longest: float
) -> Counter[str]:
    """How builds ended, and how often the graph was lost: it must open, and answer rightly.

    Each build begins over what the one before has left, and is killed within `longest` seconds,
    unless it ends before.
    """
    ended = Counter[str]()
    for number in range(rounds):
        process = build(builds.corpora[number % 2], builds.root)
        with suppress(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.0, longest))
        process.kill()
        ended["done" if process.wait() == 0 else "killed"] += 1
        ended["lost"] += not _is_right(builds)
    return ended


def _is_right(builds: Builds) -> bool:
    try:
        return right(builds.root) in builds.answers
    except CaspianError:
        return False


def until(holds: Callable[[], bool]) -> None:
    """Return once it holds; a test that waits for ever is stopped by whoever runs it."""
    while not holds():
        time.sleep(0.05)
