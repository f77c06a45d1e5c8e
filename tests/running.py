"""The command `caspian-api` as a process of its own, for what can only be seen on the wire."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

COMMAND = (sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())")


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def get(url: str) -> object:
    """What the service answers, as JSON."""
    with urlopen(url, timeout=20) as answer:  # noqa: S310 -- always http, on this machine
        return json.load(answer)


def wait(port: int) -> None:
    """Return once the service answers."""
    for _ in range(300):
        try:
            get(f"http://127.0.0.1:{port}/healthz")
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the service did not answer within 30 seconds")


class Running(NamedTuple):
    """A service in a process of its own."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sparql(self) -> str:
        return f"{self.url}/sparql"

    def raw(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and body the bytes of a request get."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=20)) as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("ascii").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return int(first.split()[1]), headers, body


@contextmanager
def served(data: Path, log: Path, checkout: Path | None = None) -> Iterator[Running]:
    """The service over that folder's graph, on a free port; it must end without a traceback.

    `checkout` is where another copy of Caspian lies that is to be run.
    """
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*COMMAND, "--data", data, "--port", str(port)], stdout=out, stderr=out, cwd=checkout
        )
        try:
            wait(port)
            yield Running(port, process)
        finally:
            process.terminate()
            process.wait(20)
    assert "Traceback" not in log.read_text("utf-8")
