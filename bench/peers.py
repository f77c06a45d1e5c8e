"""The servers of the bench: what each is, how it gets the graph, how it is started and asked.

Every one listens on the loopback with a port of its own, asks nothing of the network, and is ended
by the bench. Our service runs several times, with other settings.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version as installed
from pathlib import Path

from client import Target, get
from graphs import Graph
from measured import held

__all__ = ["PEERS", "Peer", "Running", "started"]

HERE = Path(__file__).parent
VENVS = HERE / "out" / "venvs"
MERGE = "https://w3id.org/caspian/graph/merge"  # what Virtuoso has for a default graph
PATIENCE = 900  # seconds until a server answers, its graph loaded
WARM = "ASK { <urn:a> <urn:b> <urn:c> }"  # what costs nothing
JSON = "application/sparql-results+json"
RDFLIB_ENDPOINT = "rdflib-endpoint==0.6.3"
CPUS = os.cpu_count() or 1


@dataclass(frozen=True)
class Peer:
    """A server: `command` starts it, once `prepare` has put the graph on disk for it."""

    name: str
    title: str
    version: Callable[[], str]
    """Its version; FileNotFoundError where it is not installed, with what to do."""
    command: Callable[[Graph, Path, int], list[str]]
    path: str = "/sparql"
    prepare: Callable[[Graph, Path], None] | None = None
    fill: Callable[[Graph, int], None] | None = None
    """Puts the graph into the server that runs, where that is the way."""
    settings: dict[str, str] = field(default_factory=dict)
    merge: str = ""
    """The graph that holds the merge, where the default graph cannot."""
    ours: bool = False
    largest: int = sys.maxsize
    """The most quads it is tried with."""

    def request(self, query: str, accept: str) -> bytes:
        """The query as this server is asked it."""
        # beside default-graph-uri Virtuoso takes every graph of GRAPH <…> for an empty one
        named = self.merge and "GRAPH" not in query
        return get(self.path, query, accept, [("default-graph-uri", self.merge)] if named else [])


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    peer: Peer
    process: int
    port: int
    loaded: float
    """Seconds until the graph was on its disk; 0 where it keeps none."""
    started: float
    """Seconds from its start until it answered, the graph in it."""
    disk: int
    """Bytes on disk."""

    @property
    def name(self) -> str:
        """Its name in the tables."""
        return self.peer.name

    @property
    def target(self) -> Target:
        """Where the client finds it."""
        return Target("127.0.0.1", self.port, self.peer.request(WARM, JSON))

    def memory(self) -> float:
        """What it holds, in MiB, its workers with it."""
        return held(self.process)


# ── what each of them is ────────────────────────────────────────────────────────────────────────


def _script(name: str) -> str:
    """A command installed beside this Python."""
    return str(Path(sys.executable).parent / name)


def _oxigraph() -> str:
    path = Path(_script("oxigraph"))
    if not path.exists():
        raise FileNotFoundError("pip install oxigraph")
    said = subprocess.run([path, "--version"], check=True, capture_output=True, text=True)
    return said.stdout.split()[-1]


def _virtuoso() -> str:
    path = shutil.which("virtuoso-t")
    if not path or not shutil.which("isql-vt"):
        raise FileNotFoundError("apt-get install virtuoso-opensource")
    said = subprocess.run([path, "-?"], check=False, capture_output=True, text=True)
    words = (said.stdout + said.stderr).split()
    return words[words.index("Version") + 1]


def _rdflib_python() -> Path:
    home = VENVS / "rdflib-endpoint"
    found = home / "bin" / "python"
    if not found.exists():
        venv.create(home, with_pip=True)
        command = [found, "-m", "pip", "install", "--quiet", RDFLIB_ENDPOINT, "uvicorn[standard]"]
        if subprocess.run(command, check=False).returncode:
            shutil.rmtree(home)
            raise FileNotFoundError(f"pip install {RDFLIB_ENDPOINT} failed")
    return found


def _rdflib() -> str:
    says = "from importlib.metadata import version as v; print(v('rdflib-endpoint'), v('rdflib'))"
    said = subprocess.run(
        [_rdflib_python(), "-c", says], check=True, capture_output=True, text=True
    )
    return "{} over rdflib {}".format(*said.stdout.split())


def _fastapi() -> str:
    return f"{installed('fastapi')} over pyoxigraph {installed('pyoxigraph')}"


def _ours(name: str, title: str, **settings: str) -> Peer:
    return Peer(
        name,
        title,
        version=lambda: installed("caspian-kg"),
        command=lambda graph, _, port: [
            *(_script("caspian-api"), "--data", str(graph.root), "--port", str(port)),
            *("--log-level", "warning"),
        ],
        settings={f"CASPIAN_{key.upper()}": value for key, value in settings.items()},
        ours=True,
    )


def _load_oxigraph(graph: Graph, home: Path) -> None:
    oxigraph = _script("oxigraph")
    place = ["--location", str(home / "store")]
    _quietly([oxigraph, "load", *place, "--file", str(graph.dump)], home)
    _quietly([oxigraph, "optimize", *place], home)


def _post_oxigraph(graph: Graph, port: int) -> None:
    target = f"http://127.0.0.1:{port}/store?no_transaction"
    with graph.dump.open("rb") as body:
        request = urllib.request.Request(target, data=body, method="POST")
        request.add_header("Content-Type", "application/n-quads")
        request.add_header("Content-Length", str(graph.dump.stat().st_size))
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 -- loopback
            pass


def _write_ini(graph: Graph, home: Path, http: int, sql: int) -> None:
    # a page is 8 kB; a quad takes some 110 bytes of them, and the server wants room to spare
    buffers = max(50_000, (graph.quads + graph.merged) // 25)
    template = (HERE / "virtuoso.ini").read_text(encoding="utf-8")
    filled = template.format(
        http=http,
        sql=sql,
        files=graph.dump.parent,
        buffers=buffers,
        dirty=buffers * 3 // 4,
        cores=CPUS,
    )
    (home / "virtuoso.ini").write_text(filled, encoding="utf-8")


def _virtuoso_command(graph: Graph, home: Path, port: int) -> list[str]:
    _write_ini(graph, home, port, free_port())
    return ["virtuoso-t", "+configfile", str(home / "virtuoso.ini"), "+foreground"]


def _load_virtuoso(graph: Graph, home: Path) -> None:
    http, sql = free_port(), free_port()
    _write_ini(graph, home, http, sql)
    command = ["virtuoso-t", "+configfile", str(home / "virtuoso.ini"), "+foreground"]
    with _process(command, home, {}) as process:
        _until_answered(process, home, http, "/sparql")
        load = (
            f"ld_dir('{graph.dump.parent}', '{graph.dump.name}', '{MERGE}');"
            "rdf_loader_run(); checkpoint;"
        )
        login = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba"]
        _quietly([*login, f"exec={load}"], home)
        failed = (
            "select count(*) from DB.DBA.load_list where ll_error is not null or ll_state <> 2;"
        )
        said = subprocess.run(
            [*login, "VERBOSE=OFF", "BANNER=OFF", f"exec={failed}"],
            check=True,
            capture_output=True,
            text=True,
        )
        if said.stdout.split()[-1] != "0":
            raise RuntimeError(f"Virtuoso did not load {graph.dump}: {said.stdout}")
        _quietly([*login, "exec=shutdown;"], home)
        process.wait(timeout=60)


def _fastapi_command(graph: Graph, _: Path, port: int) -> list[str]:
    script = str(HERE / "peer_fastapi.py")
    return [sys.executable, script, "--port", str(port), "--load", str(graph.dump)]


def _rdflib_command(graph: Graph, _: Path, port: int) -> list[str]:
    return [str(_rdflib_python()), str(HERE / "peer_rdflib.py"), str(graph.dump), str(port)]


# no limit that would end what the bench asks for, and no log of requests, which no other writes
_PATIENT = {
    "workers": str(CPUS),
    "query_seconds": "120",
    "waiting_seconds": "120",
    "access_log": "false",
}

PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "oxigraph-disk",
            "oxigraph serve on disk (D)",
            _oxigraph,
            lambda _graph, home, port: [
                *(_script("oxigraph"), "serve", "--location", str(home / "store")),
                *("--bind", f"127.0.0.1:{port}"),
            ],
            path="/query",
            prepare=_load_oxigraph,
        ),
        Peer(
            "oxigraph-memory",
            "oxigraph serve in memory (M)",
            _oxigraph,
            lambda _graph, _home, port: [
                _script("oxigraph"),
                "serve",
                "--bind",
                f"127.0.0.1:{port}",
            ],
            path="/query",
            fill=_post_oxigraph,
        ),
        _ours(
            "caspian",
            "caspian-api in memory, no cache",
            store="memory",
            cache_bytes="0",
            **_PATIENT,
        ),
        _ours(
            "caspian-disk",
            "caspian-api on disk, no cache",
            store="disk",
            cache_bytes="0",
            **_PATIENT,
        ),
        Peer(
            "virtuoso",
            "Virtuoso",
            _virtuoso,
            _virtuoso_command,
            prepare=_load_virtuoso,
            merge=MERGE,
        ),
        Peer(
            "fastapi",
            "FastAPI over pyoxigraph in memory, thread pool",
            _fastapi,
            _fastapi_command,
        ),
        Peer(
            "rdflib-endpoint",
            "rdflib-endpoint",
            _rdflib,
            _rdflib_command,
            largest=500_000,
        ),
        _ours(
            "caspian-cached",
            "caspian-api in memory, its cache on",
            store="memory",
            **_PATIENT,
        ),
    )
}


# ── how they are run ────────────────────────────────────────────────────────────────────────────


@contextmanager
def started(peer: Peer, graph: Graph) -> Iterator[Running]:
    """The peer with the graph in it, until it is no longer needed."""
    home = graph.folder / "peers" / peer.name
    home.mkdir(parents=True, exist_ok=True)
    loaded = _prepared(peer, graph, home)
    port = free_port()
    began = time.perf_counter()
    with _process(peer.command(graph, home, port), home, peer.settings) as process:
        _until_answered(process, home, port, peer.path)
        if peer.fill:
            peer.fill(graph, port)
        seconds = time.perf_counter() - began
        disk = graph.bytes if peer.ours else _size(home)
        yield Running(peer, process.pid, port, loaded, seconds, disk)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _prepared(peer: Peer, graph: Graph, home: Path) -> float:
    """What loading took, now or when it was done."""
    if peer.ours:
        return graph.seconds
    if not peer.prepare:
        return 0.0
    done = home / "loaded.json"
    if not done.exists():
        shutil.rmtree(home)
        home.mkdir()
        began = time.perf_counter()
        peer.prepare(graph, home)
        done.write_text(json.dumps(time.perf_counter() - began), encoding="utf-8")
    return json.loads(done.read_text(encoding="utf-8"))


def _size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file())


@contextmanager
def _process(
    command: list[str], home: Path, settings: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with ExitStack() as stack:
        log = stack.enter_context((home / "log").open("wb"))
        process = subprocess.Popen(
            command,
            cwd=home,
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until_answered(process: subprocess.Popen[bytes], home: Path, port: int, path: str) -> None:
    target = f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode({'query': WARM})}"
    accepts = {"Accept": JSON}
    request = urllib.request.Request(target, headers=accepts)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log = (home / "log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"{process.args} ended with {process.returncode}: {log[-2000:]}")
        try:
            with urllib.request.urlopen(request, timeout=30):  # noqa: S310 -- loopback
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{process.args} does not answer")


def _quietly(command: list[str], home: Path) -> None:
    with (home / "load.log").open("ab") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log, cwd=home)
