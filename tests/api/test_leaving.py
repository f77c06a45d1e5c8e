"""A service that runs, and who leaves it: clients who hang up, operators who stop it."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.hostile import Answer, answers, exchange
from tests.running import COMMAND, free_port, get, wait

# nine million pairs of strings: a second or more
SLOW = """SELECT (COUNT(*) AS ?n) {
  { SELECT ?a { ?a ?p ?o } LIMIT 3000 } { SELECT ?b { ?b ?q ?r } LIMIT 3000 }
  FILTER(STRLEN(CONCAT(STR(?a), STR(?b))) > 0)
}"""
STOPPED = (0, -signal.SIGTERM)
"""Its work done, the server lets the signal that stopped it have its way."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


class Left(NamedTuple):
    """A service, and what it has logged."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def busy(self) -> int:
        told = get(f"http://127.0.0.1:{self.port}/readyz")
        assert isinstance(told, dict)
        return int(told["busy"])

    def figures(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=20) as answer:
            return str(answer.read(), "utf-8")

    def requests(self) -> list[dict[str, object]]:
        """The lines on requests for answers."""
        lines = [line for line in self.log.read_text("utf-8").splitlines() if line[:1] == "{"]
        return [told for told in map(json.loads, lines) if told["path"] == "/sparql"]


def asking(query: str) -> bytes:
    target = f"/sparql?query={quote(query)}"
    return f"GET {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()


def until(holds: object) -> None:
    """Return once it holds; a test that waits for ever is stopped by whoever runs it."""
    while not holds():  # type: ignore[operator]
        time.sleep(0.02)


@pytest.fixture
def running(graph_root: Path, tmp_path: Path) -> Iterator[Left]:
    port, log = free_port(), tmp_path / "log"
    settings = {"CASPIAN_QUERY_SECONDS": "60", "CASPIAN_WAITING_SECONDS": "60"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*COMMAND, "--data", graph_root, "--port", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, **settings},
        )
        wait(port)
        yield Left(port, process, log)
        process.terminate()
        assert process.wait(60) in STOPPED
    assert "Traceback" not in log.read_text("utf-8")


def test_a_client_that_hangs_up_frees_its_worker_and_is_logged(running: Left) -> None:
    with socket.create_connection(("127.0.0.1", running.port)) as client:
        client.sendall(asking(ENDLESS))
        until(lambda: running.busy() == 1)
    until(lambda: running.busy() == 0)
    assert 'caspian_stopped_workers_total{reason="hang-up"} 1.0' in running.figures()
    until(lambda: len(running.requests()) == 1)
    (line,) = running.requests()
    assert (line["status"], line["bytes"], line["client"]) == (499, 0, "127.0.0.1")


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_stopped_answers_what_it_was_asked(
    running: Left, told: signal.Signals
) -> None:
    found: list[Answer] = []

    def ask() -> None:
        received = exchange(("127.0.0.1", running.port), asking(SLOW), seconds=120)
        found.extend(answers(received or b""))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: running.busy() >= 1)
    running.process.send_signal(told)
    for thread in threads:
        thread.join()
    assert running.process.wait(60) in STOPPED
    assert [answer.status for answer in found] == [200] * len(found)
    assert len(found) >= 1
    assert all(b'"9000000"' in answer.body for answer in found)
