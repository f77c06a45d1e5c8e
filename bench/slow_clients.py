"""What many slow or busy clients do to a service, and to those who are served beside them.

    python bench/slow_clients.py [--peers NAME …] [--clients 1000] [--seconds 15] [--data DIR]

starts each server over the graph of 100,000 quads, anew for every kind, and opens connections that
say nothing, that send their headers or a body a byte a second, or that ask for 20,000 rows and read
one byte a second; or as many busy clients, each of which sends its next request when it has its
answer. They come from many loopback addresses. Meanwhile a witness asks for /healthz and a small
query every 20 ms, from an address and on connections of its own. Prints two tables.

Whether a slow client was closed is read from the kernel's table of connections, the server's side:
a client would not see an end that waits behind rows it has not read. All of it stays on the
loopback, and nothing lasts longer than `--seconds`, but the last answers of the busy.
"""

import argparse
import http.client
import resource
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple, TypeAlias
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))

from client import Client, address, client
from graphs import graph
from peers import JSON, PEERS, WARM, Peer, Running, started
from sparql import OUT, figure, say, table

READERS = 100  # of the slow clients; each makes the server hold an answer of some 5 MB, or say no
DEADLINE = 10.0  # seconds by which a slow client is to be closed
READING = 4  # times as long as the others may readers take: the server has to answer them first
TICK = 0.25
PAUSE = 0.02
HEAD = ("closed in 10 s", "median s", "last s", "still open", "says")
BESIDE = ("asked beside", "failed", "/healthz p99 ms", "query p99 ms", "longest ms", "MiB more")
Name: TypeAlias = tuple[str, int]  # the address and port of a client
OPEN = {"01", "03", "08"}  # established, being opened, closed by the client alone
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20000"


class Kind(NamedTuple):
    """A way to be slow: what is sent at once, what is sent a byte a second, whether one reads."""

    name: str
    opening: bytes
    drip: bytes = b""
    reads: bool = False


class Held(NamedTuple):
    """What became of slow clients: seconds until each was closed, and the first words it got."""

    opened: int
    closed: list[float]
    said: Counter[str]


def kinds(peer: Peer) -> list[Kind]:
    """The four ways."""
    host = b"Host: 127.0.0.1\r\n"
    post = f"POST {peer.path} HTTP/1.1\r\n".encode() + host
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
    return [
        Kind("silent", b""),
        Kind("slow headers", b"GET / HTTP/1.1\r\n" + host, b"X-Slow: " + b"a" * 1000),
        Kind("slow bodies", post + form, b"query=ASK%7B%7D" + b"%20" * 300),
        Kind("slow readers", peer.request(ROWS, JSON), reads=True),
    ]


# ── slow ────────────────────────────────────────────────────────────────────────────────────────


def hold(server: Running, kind: Kind, count: int, seconds: float) -> Held:
    """Opens slow clients and keeps at it until the server has closed them, or time is up."""
    wires = {wire.getsockname(): wire for wire in _opened(server.port, kind, count)}
    began = time.monotonic()
    # a reader is slow from its first byte on: until then it is the server that takes its time
    since = {} if kind.reads else dict.fromkeys(wires, began)
    closed: dict[Name, float] = {}
    dripped = 0
    longest = seconds * (READING if kind.reads else 1)
    while len(closed) < len(wires) and time.monotonic() - began < longest:
        time.sleep(TICK)
        now, still = time.monotonic(), _open(server.port)
        for name in wires.keys() - still - closed.keys():
            closed[name] = now - since.get(name, began)
        if kind.reads:
            since = {name: now for name in still if _has_bytes(wires.get(name))} | since
            if len(since) == len(wires) and now - max(since.values()) > seconds:
                break
        if now - began > dripped + 1:
            _drip([wires[name] for name in wires.keys() & still], kind, dripped)
            dripped += 1
    said = Counter(_said(wires[name]) for name in closed if not kind.reads)
    for wire in wires.values():
        wire.close()
    return Held(len(wires), sorted(closed.values()), said)


def _has_bytes(wire: socket.socket | None) -> bool:
    """Whether there is something to read; the witness has no wire here."""
    try:
        return wire is not None and bool(wire.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


def _opened(port: int, kind: Kind, count: int) -> Iterator[socket.socket]:
    """So many connections, or as many as the server takes."""
    for number in range(count):
        wire = socket.socket()
        wire.bind((address(number), 0))
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.settimeout(2)
        try:
            wire.connect(("127.0.0.1", port))
            wire.sendall(kind.opening)
        except OSError:
            wire.close()
            return
        wire.settimeout(0)
        yield wire


def _drip(wires: Sequence[socket.socket], kind: Kind, number: int) -> None:
    for wire in wires:
        try:
            if kind.reads:
                wire.recv(1)
            else:
                wire.send(kind.drip[number : number + 1])
        except OSError:  # closed since we looked, or nothing to read yet
            continue


def _open(port: int) -> set[Name]:
    """The clients whose connection the server on that port holds open."""
    found = set()
    with Path("/proc/net/tcp").open(encoding="ascii") as lines:
        next(lines)
        for line in lines:
            _, local, remote, state, *_ = line.split()
            if state in OPEN and int(local.rpartition(":")[2], 16) == port:
                host, _, client = remote.partition(":")
                found.add((socket.inet_ntoa(bytes.fromhex(host)[::-1]), int(client, 16)))
    return found


def _said(wire: socket.socket) -> str:
    """The status the server closed with, where it said one."""
    try:
        words = wire.recv(64).split()
    except OSError:
        return "reset"
    return words[1].decode() if len(words) > 1 else "nothing"


# ── those beside them ───────────────────────────────────────────────────────────────────────────


class Seen(NamedTuple):
    """What the witness saw: seconds of each answer, by what it asked, and what failed."""

    times: dict[str, list[float]]
    failures: Counter[str]
    peak: list[float]


@contextmanager
def witness(server: Running) -> Iterator[Seen]:
    """Someone who asks every 20 ms, from beginning to end."""
    query = f"{server.peer.path}?{urlencode({'query': WARM})}"
    paths = {"health": "/healthz", "query": query} if server.peer.ours else {"query": query}
    seen = Seen({name: [] for name in paths}, Counter(), [server.memory()])
    stop = threading.Event()
    threads = [
        threading.Thread(target=_witness, args=(server, name, path, seen, stop))
        for name, path in paths.items()
    ]
    threads.append(threading.Thread(target=_weigh, args=(server, seen, stop)))
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _witness(server: Running, name: str, path: str, seen: Seen, stop: threading.Event) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    while not stop.wait(PAUSE):
        began = time.perf_counter()
        try:
            connection.request("GET", path, headers={"Accept": JSON})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                seen.failures[str(answer.status)] += 1
        except (OSError, http.client.HTTPException) as error:
            seen.failures[type(error).__name__] += 1
            connection.close()
        seen.times[name].append(time.perf_counter() - began)
    connection.close()


def _weigh(server: Running, seen: Seen, stop: threading.Event) -> None:
    while not stop.wait(1):
        seen.peak.append(server.memory())


def beside(seen: Seen) -> list[str]:
    """The cells of what the witness saw."""
    times = [each for some in seen.times.values() for each in some]
    failed = ", ".join(f"{many} × {what}" for what, many in seen.failures.items())
    return [
        f"{len(times):,}",
        failed or "0",
        _p99(seen.times.get("health", [])),
        _p99(seen.times["query"]),
        figure(max(times) * 1000),
        f"{max(seen.peak) - seen.peak[0]:,.0f}",
    ]


def _p99(times: Sequence[float]) -> str:
    return figure(quantiles(times, n=100)[98] * 1000) if len(times) > 1 else "–"


# ── the rows of the tables ──────────────────────────────────────────────────────────────────────


def slow(server: Running, kind: Kind, count: int, seconds: float) -> list[str]:
    """The row of one way to be slow."""
    say(f"{server.name}: {count} {kind.name}")
    with witness(server) as seen:
        held = hold(server, kind, count, seconds)
    in_time = sum(each <= DEADLINE for each in held.closed)
    said = ", ".join(f"{many} × {what}" for what, many in held.said.most_common())
    return [
        server.name,
        f"{held.opened:,} {kind.name}" + (f" of {count:,}" if held.opened < count else ""),
        f"{in_time:,}",
        figure(median(held.closed)) if held.closed else "–",
        figure(held.closed[-1]) if held.closed else "–",
        f"{held.opened - len(held.closed):,}",
        said or "–",
        *beside(seen),
    ]


def busy(server: Running, asked: Client, count: int, requests: int) -> list[str]:
    """The row of the busy clients."""
    say(f"{server.name}: {count} busy clients")
    points = [
        server.peer.request(f"SELECT * {{ <urn:x{number}> ?p ?o }}", JSON)
        for number in range(requests)
    ]
    try:
        with witness(server) as seen:
            batch = asked.batch(server.target, points, clients=count)
    except OSError as error:
        return [
            server.name,
            f"{count:,}",
            "–",
            "–",
            "–",
            f"not all could connect: {error}",
            *beside(seen),
        ]
    answers = Counter(done.status for done in batch.done)
    said = ", ".join(f"{many:,} × {status or 'reset'}" for status, many in answers.most_common())
    p50 = median(done.whole for done in batch.done)
    return [
        server.name,
        f"{count:,}",
        f"{len(batch.done):,}",
        f"{len(batch.done) / batch.seconds:,.0f}",
        figure(p50 * 1000),
        said,
        *beside(seen),
    ]


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=["caspian"], metavar="NAME")
    parser.add_argument("--clients", type=int, default=1000, help="slow ones, and busy ones")
    parser.add_argument("--requests", type=int, default=10_000, help="of all busy clients")
    parser.add_argument("--seconds", type=float, default=15.0, help="until slow clients give up")
    parser.add_argument("--data", type=Path, default=OUT, metavar="DIR", help="keeps the graphs")
    given = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
    found = graph("100k", given.data.resolve())
    slow_rows, busy_rows = [], []
    with client() as asked:
        for name in given.peers:
            peer = PEERS[name]
            for kind in kinds(peer):
                count = min(given.clients, READERS) if kind.reads else given.clients
                with started(peer, found) as server:
                    slow_rows.append(slow(server, kind, count, given.seconds))
            with started(peer, found) as server:
                busy_rows.append(busy(server, asked, given.clients, given.requests))
    table(("", "slow clients", *HEAD, *BESIDE), slow_rows)
    head = ("busy clients", "requests", "a second", "p50 ms", "answers")
    table(("", *head, *BESIDE), busy_rows)


if __name__ == "__main__":
    main()
