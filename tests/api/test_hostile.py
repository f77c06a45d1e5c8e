"""Attacks on a service that runs: each is answered or turned away, and nobody else notices.

The table is in tests/hostile.py. After each attack the next question is answered, by the same
process, which has not grown; nobody called the canary; no answer holds a word of the secret file,
and none is cut short.
"""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.api.conftest import Canary
from tests.api.test_cli import COMMAND, free_port, request, wait
from tests.hostile import ATTACKS, CLOSED, Answer, Attack, Target, answers, exchange, told

HIDDEN = "urn:caspian-secret-5b0c9f"
SETTINGS = {
    "CASPIAN_QUERY_SECONDS": "1",
    "CASPIAN_QUERY_BYTES": "134217728",
    "CASPIAN_ANSWER_BYTES": "5000000",
    "CASPIAN_CLIENT_SECONDS": "2",
    "CASPIAN_WORKERS": "3",
    "CASPIAN_SANDBOX": "prefer",
}
PATIENCE = 30.0
"""Far more than a question, a slow client and a busy machine take together."""
GROWTH = 100_000_000


class Besieged(NamedTuple):
    """A service, the address it listens on, and what attackers are after."""

    process: "subprocess.Popen[bytes]"
    address: tuple[str, int]
    target: Target
    canary: Canary
    before: int

    def send(self, sent: bytes) -> list[Answer]:
        """Every answer to what is sent."""
        received = exchange(self.address, sent, seconds=PATIENCE)
        assert received is not None, "the connection was not closed"
        return answers(received, method=sent[:5].strip().decode("latin-1"))

    def memory(self) -> int:
        """The most memory the service's own process has had, in bytes."""
        return peak(self.process.pid)


def peak(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@pytest.fixture(scope="module")
def besieged(graph_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    folder = tmp_path_factory.mktemp("siege")
    secret = folder / "secret.ttl"
    secret.write_text(f"<{HIDDEN}> <urn:p> <{HIDDEN}> .", "utf-8")
    port, canary, log = free_port(), Canary(), folder / "log"
    thread = threading.Thread(target=canary.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*COMMAND, "--data", graph_root, "--port", str(port)],
            stdout=out,
            stderr=out,
            env={**os.environ, **SETTINGS},
        )
        wait(port)
        yield Besieged(
            process, ("127.0.0.1", port), Target(canary.url, secret), canary, peak(process.pid)
        )
        process.terminate()
        process.wait(PATIENCE)
    canary.shutdown()
    canary.server_close()
    thread.join()
    assert "Traceback" not in log.read_text("utf-8")


def test_there_are_enough_attacks() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 400


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name.replace("/", "|"))
def test_an_attack_fails(besieged: Besieged, attack: Attack) -> None:
    found = besieged.send(attack.request(besieged.target))
    assert ({answer.status for answer in found} or {CLOSED}) <= attack.statuses
    for answer in found:
        told(answer)
        assert "transfer-encoding" not in answer.headers  # so that a cut is seen, packed or not
        assert HIDDEN.encode() not in answer.body
        assert b"root:x:0" not in answer.body
    assert [each.status for each in besieged.send(request("GET", "/sparql?query=ASK%7B%7D"))] == [
        200
    ]
    assert besieged.process.poll() is None
    assert besieged.canary.hits == []
    assert besieged.memory() - besieged.before < GROWTH
