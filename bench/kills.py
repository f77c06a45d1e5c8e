"""kill -9 at random moments: of workers and keepers of the service, and of builds.

    python bench/kills.py [--rounds 100] [--seed 1] [--clients 4]

Clients ask for every row of a small graph all the while; an answer is right where it is, byte for
byte, that of the graph before or after a build. Prints a table.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sparql import figure, table

from tests.killing import (
    Builds,
    Tally,
    asked,
    build,
    kill,
    kill_builds,
    right,
    seeds,
    until,
)
from tests.running import COMMAND, free_port, wait

SETTINGS = {"CASPIAN_CACHE_BYTES": "0", "CASPIAN_RELOAD_SECONDS": "0.1"}
HEAD = ("killed", "how many", "graphs lost", "answers", "wrong", "503 or 504", "other", "longest s")


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The service over that folder's graph: its port and its process."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--data", root, "--port", str(port), "--log-level", "critical"],
        env={**os.environ, **SETTINGS, "CASPIAN_ACCESS_LOG": "false"},
    )
    try:
        wait(port)
        yield port, process
        if process.poll() is not None:
            raise RuntimeError("the service has ended")
    finally:
        process.terminate()
        process.wait(60)


def _row(killed: str, count: int, lost: int, tally: Tally) -> list[str]:
    outcomes = tally.outcomes
    late = outcomes["503"] + outcomes["504"]
    other = outcomes.total() - outcomes["right"] - late - len(tally.wrong)
    longest = figure(max(tally.gaps))
    return [
        *(killed, str(count), str(lost), str(outcomes.total()), str(len(tally.wrong))),
        *(str(late), str(other), longest),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=4)
    given = parser.parse_args()
    dice, rows = random.Random(given.seed), []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        corpora = seeds(home)
        for number, corpus in enumerate(corpora):
            build(corpus, home / str(number)).wait()
        answers = frozenset(right(home / str(number)) for number in (0, 1))
        root = home / "0"
        with serving(root) as (port, _), asked(port, answers, clients=given.clients) as tally:
            builds = Builds(root, corpora, answers)
            ended = kill_builds(builds, dice, given.rounds, longest=4.0)
        rows.append(
            _row(f"builds ({ended['done']} ended before)", ended["killed"], ended["lost"], tally)
        )
        for kind, longest in (("worker", 0.3), ("keeper", 3.0)):
            with (
                serving(root) as (port, process),
                asked(port, answers, clients=given.clients) as tally,
            ):
                kill(process.pid, kind, dice, given.rounds, longest=longest)
                before = tally.outcomes["right"]
                until(lambda tally=tally, before=before: tally.outcomes["right"] > before)
            lost = int(right(root) not in answers)
            rows.append(_row(f"{kind}s", given.rounds, lost, tally))
    table(HEAD, rows)


if __name__ == "__main__":
    main()
