"""SPARQL engines we did not write, each started on loopback over a folder of its own.

`oxigraph` comes with the development extras. Virtuoso is Debian's virtuoso-opensource, which
scripts/peers installs; without it, tests that need it are skipped and say so.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from kg.credentials import NOBODY, Credentials
from tests.kg.conftest import free_port, wait_for

NO_VIRTUOSO = "Virtuoso is not installed (sh scripts/peers installs it on Debian, as root)"

# The user Virtuoso comes with.
DBA = Credentials("digest", user="dba", password="dba")

_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CheckpointInterval = 0
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
Charset = UTF-8
[SPARQL]
MaxQueryExecutionTime = 120
"""


class Engine(NamedTuple):
    """An engine that runs: where it is asked, where it takes graphs, and who may write there."""

    name: str
    endpoint: str
    graph_store: str
    credentials: Credentials

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that tell the commands who we are to it."""
        if not self.credentials.user:
            return {}
        return {
            "CASPIAN_ENDPOINT_AUTH": self.credentials.way,
            "CASPIAN_ENDPOINT_USER": self.credentials.user,
            "CASPIAN_ENDPOINT_PASSWORD": self.credentials.password,
        }


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Engine]:
    """A server of Oxigraph that may write to that folder."""
    binary, port = Path(sys.executable).parent / "oxigraph", free_port()
    command = [binary, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}", *options]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        address = f"http://127.0.0.1:{port}"
        yield Engine("oxigraph", f"{address}/query", f"{address}/store", NOBODY)
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def virtuoso(folder: Path, settings: str = "") -> Iterator[Engine]:
    """A server of Virtuoso over that folder, with more `settings` for SPARQL in its virtuoso.ini.

    A new folder takes it half a minute, one that it has used before two seconds.
    """
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip(NO_VIRTUOSO)
    http, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(http=http, sql=sql) + settings, "utf-8")
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    with (folder / "out.log").open("wb") as log:
        server = subprocess.Popen(
            [binary, "+foreground", "+configfile", "virtuoso.ini"],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for_page(f"http://127.0.0.1:{http}/sparql", server)
            address = f"http://127.0.0.1:{http}"
            yield Engine("virtuoso", f"{address}/sparql", f"{address}/sparql-graph-crud-auth", DBA)
        finally:
            server.terminate()  # it writes what is left to its file, and ends
            server.wait(60)


def _wait_for_page(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(900):
        try:
            urlopen(url, timeout=20).close()  # noqa: S310 -- always http, on this machine
        except (URLError, ConnectionError):
            assert server.poll() is None, "Virtuoso ended; see out.log in its folder"
            time.sleep(0.2)
        else:
            return
    pytest.fail("Virtuoso did not start within three minutes")
