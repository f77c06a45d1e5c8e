"""What hostile requests do to a service, and to those who are served after and beside them.

    python bench/hostile.py [--peers NAME …] [--only WORDS] [--seconds 3] [--all] [--data DIR]

sends every attack of tests/hostile.py, one after the other, to caspian-api and to `oxigraph
serve-read-only` over the graph of 100,000 quads, both told to stop a query after `--seconds`. After
each it asks the next question, from the same address; beside it a witness asks all the while, from
another one. A canary counts who calls it, a file holds what nobody may read. A server that is dead,
or that has not answered ten seconds after the limit, is started anew. Prints a table of both, and
with `--all` a row for each attack.
"""

import argparse
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import ClassVar, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from client import get
from graphs import Graph, graph
from peers import JSON, PEERS, WARM, Peer, Running, started
from sparql import OUT, figure, say, table

from tests.hostile import ATTACKS, Attack, Target, answers, exchange, told

SLACK = 0.5  # seconds past the limit by which a query is to be stopped
PATIENCE = 10.0  # seconds past the limit after which a server is started anew
PAUSE = 0.02
BESIDE = "127.0.0.2"
ONE_BY_ONE = ("attack", "answers", "s", "next ms", "beside ms")
ALL_TOLD = (
    *("", "attacks", "in time", "not answered", "cut short", "processes dead", "canary hits"),
    *("files read", "next p50 ms", "next max ms", "beside p50 ms", "beside max ms"),
)


class Siege(NamedTuple):
    """What is attacked, with what, and for how long: the limit on a query, in seconds."""

    attacks: Sequence[Attack]
    target: Target
    word: bytes
    """What the secret file holds."""
    limit: float


class Outcome(NamedTuple):
    """What came of an attack."""

    statuses: tuple[int, ...]
    seconds: float
    """Until the connection was closed; infinite where it was not."""
    next: float
    """Seconds the next question took; infinite where it was not answered."""
    beside: float
    """The longest a question beside it took, in seconds."""
    dead: bool
    cut: bool
    leaked: bool


# ── the canary and the witness ──────────────────────────────────────────────────────────────────


class _Canary(BaseHTTPRequestHandler):
    hits: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        self.hits[self.path] += 1
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 -- the name http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- as inherited
        """Say nothing."""


@contextmanager
def canary() -> Iterator[str]:
    """The address of a server that counts who comes by."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ask(server: Running, source: str = "") -> float:
    """Seconds that a small question takes; infinite where it is not answered with 200."""
    began = time.perf_counter()
    head, end, _ = get(server.peer.path, WARM, JSON).partition(b"\r\n\r\n")
    request = head + b"\r\nConnection: close" + end
    try:
        received = exchange(("127.0.0.1", server.port), request, seconds=PATIENCE, source=source)
        fine = received is not None and [each.status for each in answers(received)] == [200]
    except (OSError, ValueError, KeyError):
        fine = False
    return time.perf_counter() - began if fine else float("inf")


@contextmanager
def witness(server: Running) -> Iterator[list[float]]:
    """Seconds that questions take, asked from another address all the while."""
    times, stop = list[float](), threading.Event()

    def look() -> None:
        while not stop.is_set():
            times.append(ask(server, BESIDE))
            stop.wait(PAUSE)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


# ── the attacks ─────────────────────────────────────────────────────────────────────────────────


def alive(server: Running) -> bool:
    """Whether the process that was started is still there."""
    try:
        status = Path(f"/proc/{server.process}/stat").read_text("ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def attack(server: Running, each: Attack, siege: Siege) -> Outcome:
    """What comes of it."""
    request = each.request(siege.target)
    line, end, rest = request.partition(b"\r\n")
    request = line.replace(b" /sparql", b" " + server.peer.path.encode()) + end + rest
    with witness(server) as beside:
        began, patience = time.perf_counter(), siege.limit + PATIENCE
        try:
            received = exchange(("127.0.0.1", server.port), request, seconds=patience)
        except OSError:
            received = b""
        seconds = time.perf_counter() - began if received is not None else float("inf")
        following = ask(server)
    statuses, cut, leaked = _read(received or b"", request, siege.word)
    return Outcome(statuses, seconds, following, max(beside), not alive(server), cut, leaked)


def _read(received: bytes, request: bytes, word: bytes) -> tuple[tuple[int, ...], bool, bool]:
    try:
        found = answers(received, method=request[:5].strip().decode("latin-1"))
        for answer in found:
            if answer.status == 200:
                told(answer)
    except (ValueError, KeyError, SyntaxError, EOFError):
        return (), True, word in received
    return tuple(answer.status for answer in found), False, word in received


def besiege(peer: Peer, found: Graph, siege: Siege) -> list[Outcome]:
    """What comes of each attack, the server started anew where it must be."""
    outcomes, rest = list[Outcome](), list(siege.attacks)
    while rest:
        with started(peer, found) as server:
            while rest:
                outcome = attack(server, rest[0], siege)
                outcomes.append(outcome)
                say(f"{peer.name}: {rest.pop(0).name}: {outcome.statuses}, {outcome.seconds:.2f} s")
                if outcome.dead or outcome.seconds == float("inf"):
                    break
    return outcomes


def _peers(limit: float) -> dict[str, Peer]:
    ours = PEERS["caspian"]
    ends = {"CASPIAN_QUERY_SECONDS": f"{limit:g}", "CASPIAN_CLIENT_SECONDS": f"{limit:g}"}
    theirs = PEERS["oxigraph-disk"]

    def command(found: Graph, home: Path, port: int) -> list[str]:
        program, _, *options = theirs.command(found, home, port)
        return [program, "serve-read-only", *options, "--timeout-s", f"{limit:g}"]

    return {
        "caspian": replace(ours, settings=ours.settings | ends | {"CASPIAN_WORKERS": "0"}),
        "oxigraph": replace(theirs, command=command),
    }


# ── what is printed ─────────────────────────────────────────────────────────────────────────────


def _milliseconds(seconds: float) -> str:
    return figure(seconds * 1000) if seconds < float("inf") else "–"


def _row(name: str, outcomes: Sequence[Outcome], hits: int, limit: float) -> list[str]:
    nexts, beside = ([getattr(each, kind) for each in outcomes] for kind in ("next", "beside"))
    return [
        name,
        str(len(outcomes)),
        str(sum(each.seconds <= limit + SLACK for each in outcomes)),
        str(sum(each.seconds == float("inf") for each in outcomes)),
        str(sum(each.cut for each in outcomes)),
        str(sum(each.dead for each in outcomes)),
        str(hits),
        str(sum(each.leaked for each in outcomes)),
        *(_milliseconds(of(times)) for times in (nexts, beside) for of in (median, max)),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", nargs="+", default=["caspian", "oxigraph"])
    parser.add_argument("--only", default="", help="attacks that have these words in their name")
    parser.add_argument("--seconds", type=int, default=3, help="the limit on a query")
    parser.add_argument("--all", action="store_true", help="print a row for each attack")
    parser.add_argument("--data", type=Path, default=OUT)
    given = parser.parse_args()
    attacks = [each for each in ATTACKS if given.only in each.name]
    found, word = graph("100k", given.data), secrets.token_hex(16)
    rows = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        secret = folder / "secret.ttl"
        secret.write_text(f"<urn:{word}> <urn:p> <urn:{word}> .", "utf-8")
        target = Target(stack.enter_context(canary()), secret)
        siege = Siege(attacks, target, word.encode(), given.seconds)
        for name in given.peers:
            before = _Canary.hits.total()
            peer = _peers(given.seconds)[name]
            outcomes = besiege(peer, found, siege)
            hits = _Canary.hits.total() - before
            rows.append(_row(f"{name} {peer.version()}", outcomes, hits, given.seconds))
            if given.all:
                print(f"\n{name}\n")
                table(ONE_BY_ONE, map(_told, attacks, outcomes))
    print(f"\nlimit {given.seconds} s; in time: within {SLACK} s of it\n")
    table(ALL_TOLD, rows)


def _told(each: Attack, outcome: Outcome) -> list[str]:
    said = Counter(outcome.statuses)
    statuses = ", ".join(f"{n} × {status}" if n > 1 else str(status) for status, n in said.items())
    marks = [word for word in ("dead", "cut", "leaked") if getattr(outcome, word)]
    seconds = f"{outcome.seconds:.2f}" if outcome.seconds < float("inf") else "–"
    times = [_milliseconds(outcome.next), _milliseconds(outcome.beside)]
    return [each.name, " ".join([statuses or "none", *marks]), seconds, *times]


if __name__ == "__main__":
    main()
