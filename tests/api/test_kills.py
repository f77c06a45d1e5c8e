"""kill -9 of a worker, of the keeper, or of a build: no answer is wrong, and no graph is lost."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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

ROUNDS = 10
SETTINGS = {
    "CASPIAN_CACHE_BYTES": "0",  # or no worker is asked twice
    "CASPIAN_RELOAD_SECONDS": "0.1",
    "CASPIAN_WORKERS": "3",
    "CASPIAN_ACCESS_LOG": "false",
}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return seeds(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def built(
    corpora: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, bytes]:
    """The right answers over each corpus."""
    folder = tmp_path_factory.mktemp("built")
    for number, corpus in enumerate(corpora):
        assert build(corpus, folder / str(number)).wait(120) == 0
    return right(folder / "0"), right(folder / "1")


@pytest.fixture
def root(corpora: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder with the graph of the first corpus."""
    assert build(corpora[0], tmp_path / "data").wait(120) == 0
    return tmp_path / "data"


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--data", root, "--port", str(port), "--log-level", "critical"],
        env={**os.environ, **SETTINGS},
    )
    try:
        wait(port)
        yield port, process
    finally:
        process.terminate()
        assert process.wait(30) in (0, -signal.SIGTERM)


def more(tally: Tally) -> None:
    """Return once questions were answered rightly again."""
    before = tally.outcomes["right"]
    until(lambda: tally.outcomes["right"] > before + 5)


def test_the_two_graphs_differ(built: tuple[bytes, bytes]) -> None:
    assert built[0] != built[1]


@pytest.mark.parametrize(("kind", "rounds", "longest"), [("worker", 20, 0.3), ("keeper", 6, 2.0)])
def test_no_answer_is_wrong_whichever_process_is_killed(
    root: Path, built: tuple[bytes, bytes], kind: str, rounds: int, longest: float
) -> None:
    dice = random.Random(1)  # noqa: S311 -- the same victims every time
    with serving(root) as (port, process), asked(port, frozenset(built[:1]), clients=3) as tally:
        more(tally)
        kill(process.pid, kind, dice, rounds, longest=longest)
        more(tally)
        assert process.poll() is None
    assert tally.wrong == []
    assert set(tally.outcomes) <= {"right", "503", "504"}


def test_no_graph_is_lost_however_a_build_is_killed(
    root: Path, corpora: tuple[Path, Path], built: tuple[bytes, bytes]
) -> None:
    dice = random.Random(3)  # noqa: S311 -- the same pauses every time
    answers = frozenset(built)
    with serving(root) as (port, process), asked(port, answers, clients=2) as tally:
        more(tally)
        ended = kill_builds(Builds(root, corpora, answers), dice, ROUNDS, longest=2.0)
        more(tally)
        assert process.poll() is None
    assert ended["killed"] >= 1
    assert ended["lost"] == 0
    assert tally.wrong == []
    assert set(tally.outcomes) <= {"right", "503", "504"}
    # what the killed builds have left stands in nobody's way
    assert build(corpora[1], root).wait(120) == 0
    assert right(root) == built[1]
    assert not [*(root / "snapshots").glob(".building-*")]
