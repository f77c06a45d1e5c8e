"""The process that holds the graph and forks the workers; it never reads what a client sends.

The service starts one for each snapshot it serves and speaks to it over a socket: the settings
first, then an end of a channel for each worker wanted. When the service closes the socket, or is
gone, the keeper and its workers end.
"""

import gc
import json
import logging
import os
import pickle
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import urlsplit

import kg
from api.errors import NoOntologyError
from api.jobs import Held, read_own_desk
from api.sandbox import Rights, die_with_parent, enter, limit
from api.settings import Settings
from api.wire import Reply, send_reply
from api.worker import serve
from kg.errors import CaspianError, SnapshotError
from kg.network import Network, network
from kg.queries import StoredQuery, stored_queries
from kg.resources import folder
from kg.snapshot import Snapshot, current_snapshot
from kg.store import OxigraphStore, Store
from kg.submitted import Desk

__all__ = ["main"]

_FILES = 512
_UNREADABLE = "cannot be read; run `caspian build`"
_BYTES_PER_QUAD = 700
_DNS, _HTTP, _HTTPS = 53, 80, 443


class _Kept(NamedTuple):
    """What workers get: a way to open the store, what opening it reads, and what is told of it."""

    open: Callable[[], Store]
    rights: Rights
    told: Mapping[str, object]
    network: Network | None = None
    """Of a snapshot, which does not change: made once, and shared by all."""
    quads: int = 0


def main(descriptor: int) -> None:
    """Keep what the settings name, and fork a worker for each channel, until the service is gone.

    The first message says what is kept, or why nothing can be.
    """
    # told to stop by the service alone, however the terminal or the system signals it
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    settings: Settings = pickle.loads(control.recv(1 << 16))  # noqa: S301 -- from the service
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s: %(message)s")
    try:
        kept = _endpoint(settings) if settings.endpoint else _snapshot(settings)
    except CaspianError as error:
        control.send(json.dumps({"error": str(error), "exit_code": error.exit_code}).encode())
        return
    control.send(json.dumps(kept.told).encode())
    questions = stored_queries(folder("queries"))
    open_desk = _desk()
    gc.collect()
    gc.freeze()  # what is shared with the workers stays shared
    # a worker that ends leaves nothing to be waited for
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        _fork(control, files[0], lambda end: _work(end, settings, kept, questions, open_desk))


def _desk() -> Callable[[], Desk]:
    """What gives a worker the ontology, the shapes and the seeds, read here.

    Where one of them cannot be read, the graph is served all the same: it was built before.
    """
    try:
        desk = read_own_desk()
    except CaspianError as error:
        logging.getLogger(__name__).error(  # noqa: TRY400 -- the message says it all
            "/validate and /ontology cannot be answered: %s", error
        )
        return _no_desk
    return lambda: desk


def _no_desk() -> Desk:
    raise NoOntologyError


def _fork(control: socket.socket, descriptor: int, work: Callable[[socket.socket], None]) -> None:
    parent = os.getpid()
    if os.fork():
        os.close(descriptor)
        return
    # whatever happens, the worker never runs on as a second keeper
    try:
        control.close()
        die_with_parent(parent)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        work(socket.socket(fileno=descriptor))
        os._exit(0)
    except BrokenPipeError:  # the service is gone, or needs nobody any more
        os._exit(0)
    except BaseException:
        logging.getLogger(__name__).exception("a worker failed")
        os._exit(1)


def _work(
    end: socket.socket,
    settings: Settings,
    kept: _Kept,
    questions: tuple[StoredQuery, ...],
    open_desk: Callable[[], Desk],
) -> None:
    """Give up what a worker does not need, say so, and answer jobs until the service is gone."""
    Path("/proc/self/oom_score_adj").write_text("500", "ascii")  # rather than the service
    # twice: an answer is packed, or held against a limit, beside itself
    limit(settings.query_bytes, 2 * settings.answer_bytes, _FILES)
    holds = enter(settings.sandbox, kept.rights)
    held = Held(settings, kept.open(), questions, kept.network, kept.quads, open_desk)
    told = json.dumps({"pid": os.getpid(), "sandbox": holds}).encode()
    send_reply(end, Reply(200, "application/json", told))
    serve(end, held)


def _endpoint(settings: Settings) -> _Kept:
    """The graph at an endpoint elsewhere: each worker speaks to it by connections of its own."""
    from kg.credentials import credentials  # noqa: PLC0415 -- an HTTP client nobody else needs
    from kg.remote import RemoteStore  # noqa: PLC0415 -- as above
    from kg.wire import Limits  # noqa: PLC0415 -- as above

    known = credentials(
        way=settings.endpoint_auth,
        user=settings.endpoint_user.get_secret_value(),
        password=settings.endpoint_password.get_secret_value(),
        token=settings.endpoint_token.get_secret_value(),
    )
    limits = Limits(
        connect=settings.endpoint_connect_seconds,
        silence=settings.endpoint_silence_seconds,
        total=settings.endpoint_seconds,
    )
    address = urlsplit(settings.endpoint)
    port = address.port or (_HTTPS if address.scheme == "https" else _HTTP)
    # names and certificates of servers are looked up in files
    rights = Rights((*_code(), Path("/etc")), (port, _DNS))
    told = {"snapshot": None, "quads": None, "store": "remote"}
    url, merge = settings.endpoint, settings.endpoint_merge
    return _Kept(
        lambda: RemoteStore(url, credentials=known, limits=limits, merge=merge), rights, told
    )


def _snapshot(settings: Settings) -> _Kept:
    """The built graph, verified; in memory, where it is wanted and fits, it is loaded here."""
    snapshot = current_snapshot(settings.data)
    where = settings.store if settings.store != "auto" else _place(snapshot, settings)
    has_paths = snapshot.quads <= settings.paths_quads
    told = {"snapshot": snapshot.hash, "quads": snapshot.quads, "store": where}
    if where == "disk":
        rights = Rights((*_code(), snapshot.store))
        built = _network_of(snapshot) if has_paths else None
        opened = lambda: OxigraphStore(snapshot.store)  # noqa: E731 -- as below
        return _Kept(opened, rights, told, built, snapshot.quads)
    store = _in_memory(snapshot)
    built = network(store) if has_paths else None
    return _Kept(lambda: store, Rights(_code()), told, built, snapshot.quads)


def _code() -> tuple[Path, ...]:
    """Where Python, what is installed for it, and we ourselves lie: read as modules are needed."""
    ours = [Path(__file__).parent, Path(kg.__file__).parent]
    installed = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")]
    return tuple(dict.fromkeys([*ours, *installed]))


def _place(snapshot: Snapshot, settings: Settings) -> str:
    needed = snapshot.quads * _BYTES_PER_QUAD * (settings.worker_count + 1)
    return "memory" if needed <= _free_memory() / 2 else "disk"


def _free_memory() -> int:
    """Bytes of memory at hand: of the machine, or what the group of processes may still take."""
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    group = Path("/sys/fs/cgroup/memory.max")
    bound = group.read_text("ascii").strip() if group.exists() else "max"
    return free if bound == "max" else min(free, int(bound))


def _in_memory(snapshot: Snapshot) -> Store:
    """The snapshot's store, copied into memory."""
    with _told_by_another(lambda out: OxigraphStore(snapshot.store).nquads(out), snapshot) as lines:
        return OxigraphStore.copy(lines)


def _network_of(snapshot: Snapshot) -> Network:
    """The network of the claims of a snapshot that stays on the disk."""

    def tell(out: IO[bytes]) -> None:
        pickle.dump(network(OxigraphStore(snapshot.store)), out, pickle.HIGHEST_PROTOCOL)

    with _told_by_another(tell, snapshot) as pickled:
        found: Network = pickle.load(pickled)  # noqa: S301 -- by a child of this very process
    return found


@contextmanager
def _told_by_another(tell: Callable[[IO[bytes]], None], snapshot: Snapshot) -> Iterator[IO[bytes]]:
    """What another process tells that reads the snapshot from the disk.

    The engine's threads for that would stay, and a process with threads cannot be forked safely.
    """
    read, write = os.pipe()
    keeper, reader = os.getpid(), os.fork()
    if not reader:
        try:
            # or, were the keeper killed, it would wait for itself, and the service for it
            die_with_parent(keeper)
            os.close(read)
            with os.fdopen(write, "wb") as out:
                tell(out)
            os._exit(0)
        except BaseException:
            logging.getLogger(__name__).exception("reading the snapshot failed")
            os._exit(1)
    os.close(write)
    try:
        with os.fdopen(read, "rb") as told:
            yield told
    except EOFError:  # it told nothing: why is in the log
        os.waitpid(reader, 0)
        raise SnapshotError(f"{snapshot.path} {_UNREADABLE}") from None
    if os.waitpid(reader, 0)[1]:
        raise SnapshotError(f"{snapshot.path} {_UNREADABLE}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
