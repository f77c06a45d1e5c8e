"""Snapshots: whole or not at all, the same for the same content, and never trusted unread."""

import errno
import json
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from kg.errors import SnapshotError, StoreError
from kg.lines import in_order
from kg.snapshot import Snapshot, open_snapshot, prune, verify, write
from kg.store import OxigraphStore
from tests.kg.conftest import CAS, GRAPH, ID, LINES, XSD, quad

MORE = (*LINES, quad("transfer/tents", "supplier", "actor/ruritania", "view/any"))


def size(store: OxigraphStore) -> int:
    return int(str(store.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows[0][0]))


def quads_in(root: Path) -> int:
    """What a reader finds who opens the root now, every byte verified."""
    snapshot, store = open_snapshot(root)
    found = size(store)
    store.close()
    assert found == snapshot.quads
    return found


def names(root: Path) -> set[str]:
    return {path.name for path in (*root.iterdir(), *(root / "snapshots").iterdir())}


# -- content


def test_a_snapshot_holds_the_quads_and_their_merge(tmp_path: Path) -> None:
    written = write(tmp_path / "graph", LINES)
    snapshot, store = open_snapshot(tmp_path / "graph")
    assert snapshot == written
    assert snapshot.quads == len(LINES) == size(store)
    assert snapshot.graphs == {
        GRAPH + "reference": 4,
        GRAPH + "view/any": 3,
        GRAPH + "view/us": 2,
    }
    assert int(str(store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0])) == 7
    assert store.ask(f'ASK {{ ?s <{CAS}title> "“Free” <donia> \\"x\\" \\n ." }}')
    store.close()


def test_the_manifest_says_what_the_snapshot_is_made_of(tmp_path: Path) -> None:
    snapshot = write(tmp_path, reversed(LINES))
    manifest = json.loads((snapshot.path / "manifest.json").read_text())
    assert set(manifest) == {"version", "created_from", "quads", "graphs", "files", "sha256"}
    assert manifest["created_from"] == sha256(b"".join(sorted(LINES))).hexdigest()
    assert manifest["quads"] == len(LINES)
    for name, entry in manifest["files"].items():
        content = (snapshot.path / name).read_bytes()
        assert entry == {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    stored = {f"store/{path.name}" for path in (snapshot.path / "store").iterdir()}
    assert set(manifest["files"]) == stored
    assert snapshot.hash == snapshot.path.name


def test_the_same_content_has_the_same_name_whatever_its_order(tmp_path: Path) -> None:
    first = write(tmp_path / "a", LINES)
    second = write(tmp_path / "b", [*reversed(LINES), *LINES[:3]])
    unended = write(tmp_path / "c", [line.rstrip(b"\n") for line in LINES])
    assert first.hash == second.hash == unended.hash
    assert write(tmp_path / "d", MORE).hash != first.hash


def test_content_that_was_built_before_is_only_switched_to(tmp_path: Path) -> None:
    first = write(tmp_path, LINES)
    built = (first.path / "store" / "CURRENT").stat().st_ino
    write(tmp_path, MORE)
    assert quads_in(tmp_path) == len(MORE)
    assert write(tmp_path, LINES) == first
    assert quads_in(tmp_path) == len(LINES)
    assert (first.path / "store" / "CURRENT").stat().st_ino == built


def test_the_last_graphs_before_are_kept_and_those_before_them_go(tmp_path: Path) -> None:
    steps = [LINES[:count] for count in (1, 2, 3, 4)]
    written = [write(tmp_path, lines) for lines in steps]
    prune(tmp_path, 2)
    assert [each.path.exists() for each in written] == [False, True, True, True]
    assert write(tmp_path, steps[1]) == written[1]
    prune(tmp_path, 1)
    assert [each.path.exists() for each in written] == [False, True, False, True]
    assert quads_in(tmp_path) == 2
    prune(tmp_path, 0)
    assert names(tmp_path) == {"current", "build.lock", "snapshots", written[1].hash}


def test_what_is_no_snapshot_is_left_alone(tmp_path: Path) -> None:
    last = write(tmp_path, LINES)
    (tmp_path / "snapshots" / "mine").mkdir()
    prune(tmp_path, 0)
    assert names(tmp_path) == {"current", "build.lock", "snapshots", "mine", last.hash}


def test_a_build_at_work_takes_away_what_this_one_leaves(tmp_path: Path) -> None:
    written = [write(tmp_path, lines) for lines in (LINES, MORE)]

    def prunes() -> Iterator[bytes]:
        prune(tmp_path, 0)
        yield from LINES

    write(tmp_path, prunes())
    assert all(each.path.exists() for each in written)


def test_nothing_is_a_graph_too(tmp_path: Path) -> None:
    assert write(tmp_path, []).quads == 0
    assert quads_in(tmp_path) == 0


def test_readers_stay_on_the_snapshot_they_opened(tmp_path: Path) -> None:
    write(tmp_path, LINES)
    _, before = open_snapshot(tmp_path)
    write(tmp_path, MORE)
    _, after = open_snapshot(tmp_path)
    assert (size(before), size(after)) == (len(LINES), len(MORE))
    before.close()
    after.close()


def test_the_snapshot_in_use_is_reached_by_a_link_that_may_be_moved(tmp_path: Path) -> None:
    snapshot = write(tmp_path / "here", LINES)
    link = (tmp_path / "here" / "current").readlink()
    assert link == Path("snapshots") / snapshot.hash
    (tmp_path / "here").rename(tmp_path / "there")
    assert quads_in(tmp_path / "there") == len(LINES)


def test_reading_changes_no_byte(tmp_path: Path) -> None:
    snapshot = write(tmp_path, LINES)
    for _ in range(2):
        assert quads_in(tmp_path) == len(LINES)
    verify(snapshot)


# -- a description


def told(lines: Iterable[bytes], sizes: Mapping[str, int], folder: Path) -> list[bytes]:
    """How many lines were given, once they are seen to be sorted, and sized."""
    given = [*lines]
    assert folder.is_dir()
    assert given == sorted(set(given))
    assert sum(sizes.values()) == len(given)
    return [f'<urn:all> <urn:lines> "{len(given)}" <urn:told> .\n'.encode()]


def test_what_is_told_of_the_lines_is_stored_with_them(tmp_path: Path) -> None:
    snapshot = write(tmp_path, [*reversed(LINES), *LINES], told)
    _, store = open_snapshot(tmp_path)
    assert snapshot.graphs["urn:told"] == 1
    assert snapshot.quads == len(LINES) + 1 == size(store)
    assert store.ask(f'ASK {{ <urn:all> <urn:lines> "{len(LINES)}" }}')
    store.close()
    assert {path.name for path in snapshot.path.iterdir()} == {"manifest.json", "store"}


def test_what_is_told_is_part_of_the_content_that_names_the_snapshot(tmp_path: Path) -> None:
    plain = write(tmp_path / "a", LINES)
    described = write(tmp_path / "b", LINES, told)
    assert described.hash != plain.hash
    assert described.hash == write(tmp_path / "c", reversed(LINES), told).hash
    assert described == write(tmp_path / "b", LINES, told)


def test_a_description_that_fails_leaves_the_old_graph(tmp_path: Path) -> None:
    first = write(tmp_path, LINES)

    def fails(lines: Iterable[bytes], sizes: Mapping[str, int], folder: Path) -> list[bytes]:
        raise Interrupted

    with pytest.raises(Interrupted):
        write(tmp_path, MORE, fails)
    assert quads_in(tmp_path) == len(LINES)
    assert names(tmp_path) == {"build.lock", "current", "snapshots", first.hash}


# -- what cannot be built


@pytest.mark.parametrize("line", [b"<urn:s> <urn:p> <urn:o> .\n", b"nonsense\n", b"\n"])
def test_a_line_that_is_no_quad_leaves_the_old_graph(tmp_path: Path, line: bytes) -> None:
    write(tmp_path, LINES)
    with pytest.raises(StoreError, match="not a line of N-Quads"):
        write(tmp_path, [*MORE, line])
    assert quads_in(tmp_path) == len(LINES)


def test_one_quad_spelt_in_two_ways_is_told(tmp_path: Path) -> None:
    write(tmp_path, LINES)
    twice = [quad("x", "y", f'"{text}"^^<{XSD}decimal>', "view/us") for text in ("1.0", "1.00")]
    with pytest.raises(
        SnapshotError, match=f"of 4 quads given for {GRAPH}view/us the engine kept 3"
    ):
        write(tmp_path, [*LINES, *twice])
    assert quads_in(tmp_path) == len(LINES)


class Interrupted(Exception):  # noqa: N818 -- it stands for anything that may go wrong
    """Raised in the middle of a stream."""


def until(count: int, error: BaseException) -> Iterator[bytes]:
    yield from MORE[:count]
    raise error


@pytest.mark.parametrize("error", [Interrupted(), KeyboardInterrupt(), MemoryError()])
def test_a_stream_that_breaks_leaves_the_old_graph_and_no_rest(
    tmp_path: Path, error: BaseException
) -> None:
    first = write(tmp_path, LINES)
    with pytest.raises(type(error)):
        write(tmp_path, until(5, error))
    assert quads_in(tmp_path) == len(LINES)
    assert names(tmp_path) == {"build.lock", "current", "snapshots", first.hash}


def test_a_first_build_that_breaks_leaves_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        write(tmp_path, until(5, Interrupted()))
    with pytest.raises(SnapshotError, match="holds no built graph; run `caspian build`"):
        open_snapshot(tmp_path)


def test_a_disk_that_is_full_is_told_and_leaves_the_old_graph(tmp_path: Path) -> None:
    write(tmp_path, LINES)
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(SnapshotError, match=r"No space left.*readers keep the graph they have"):
        write(tmp_path, until(5, full))
    assert quads_in(tmp_path) == len(LINES)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SnapshotError, match="cannot build in"):
        write(tmp_path / "file", LINES)


CHILD = """
import sys, time
from pathlib import Path
from kg import snapshot
from kg.store import OxigraphStore

root, where = Path(sys.argv[1]), sys.argv[2]

def stop(*_):
    print("here", flush=True)
    time.sleep(60)

def lines():
    for number in range(1000):
        yield f"<urn:s{number}> <urn:p> <urn:o> <urn:g> .\\n".encode()
        if where == "stream" and number == 500:
            stop()

if where != "stream":
    setattr(snapshot, where, stop)
snapshot.write(root, lines())
"""


@pytest.mark.parametrize("where", ["stream", "_write_manifest", "_put", "_switch"])
def test_a_build_that_is_killed_leaves_the_old_graph_and_is_swept_by_the_next(
    tmp_path: Path, where: str
) -> None:
    first = write(tmp_path, LINES)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, tmp_path, where], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    left = [name for name in names(tmp_path) if name.startswith(".building-")]
    assert len(left) == (0 if where == "_switch" else 1)
    assert quads_in(tmp_path) == len(LINES)
    second = write(tmp_path, MORE)
    assert not any(name.startswith(".") for name in names(tmp_path))
    assert {first.hash, second.hash} <= names(tmp_path)
    assert quads_in(tmp_path) == len(MORE)


def test_a_link_a_killed_build_left_is_swept(tmp_path: Path) -> None:
    tmp_path.joinpath(".building-current").symlink_to("snapshots/nowhere")
    write(tmp_path, LINES)
    assert ".building-current" not in names(tmp_path)


def test_a_second_build_at_the_same_time_is_told_and_harms_nothing(tmp_path: Path) -> None:
    write(tmp_path, LINES)
    seen = list[str]()

    def lines() -> Iterator[bytes]:
        yield from MORE
        with pytest.raises(SnapshotError, match=r"another build .*; wait until it") as caught:
            write(tmp_path, LINES)
        seen.append(str(caught.value))

    write(tmp_path, lines())
    assert len(seen) == 1
    assert quads_in(tmp_path) == len(MORE)


def test_another_process_that_builds_is_seen(tmp_path: Path) -> None:
    write(tmp_path, LINES)
    holder = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, 2); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, tmp_path / "build.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(SnapshotError, match="another build is at work"):
            write(tmp_path, MORE)
        child.communicate("\n")
    assert write(tmp_path, MORE).quads == len(MORE)


# -- damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def largest(snapshot: Snapshot) -> str:
    return max(snapshot.files, key=lambda name: snapshot.files[name].bytes)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped byte": (flip, "{name} is damaged; run"),
    "a byte more": (lambda path: path.write_bytes(path.read_bytes() + b"x"), "{name} is damaged"),
    "an emptied file": (lambda path: path.write_bytes(b""), "{name} is damaged"),
    "a missing file": (lambda path: path.unlink(), "{name} is missing; run"),
    "a file more": (
        lambda path: path.with_name("more.sst").write_bytes(b"x"),
        "store/more.sst does not belong there",
    ),
    "a link more": (
        lambda path: path.with_name("link").symlink_to("nowhere"),
        "store/link does not belong there",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_at_opening_and_mended_by_a_build(tmp_path: Path, kind: str) -> None:
    snapshot = write(tmp_path, LINES)
    harm, message = DAMAGE[kind]
    name = largest(snapshot)
    harm(snapshot.path / name)
    with pytest.raises(SnapshotError, match=message.format(name=name)) as caught:
        open_snapshot(tmp_path)
    assert "run `caspian build`" in str(caught.value)
    with pytest.raises(SnapshotError):
        verify(snapshot)
    assert write(tmp_path, LINES).hash == snapshot.hash
    assert quads_in(tmp_path) == len(LINES)


def test_every_file_of_the_store_is_vouched_for(tmp_path: Path) -> None:
    snapshot = write(tmp_path, LINES)
    checked = 0
    for name, entry in snapshot.files.items():
        if entry.bytes:
            flip(snapshot.path / name)
            with pytest.raises(SnapshotError, match=f"{name} is damaged"):
                verify(snapshot)
            flip(snapshot.path / name)
            checked += 1
    verify(snapshot)
    assert checked >= 5


def test_much_damage_is_told_in_short(tmp_path: Path) -> None:
    snapshot = write(tmp_path, LINES)
    for name in snapshot.files:
        (snapshot.path / name).unlink()
    more = len(snapshot.files) - 5
    with pytest.raises(SnapshotError, match=f"is missing and {more} files more; run"):
        verify(snapshot)


MANIFESTS: dict[str, tuple[Callable[[str], str], str]] = {
    "another count": (lambda text: text.replace('"quads": 9', '"quads": 8'), "is damaged; run"),
    "another graph": (lambda text: text.replace("view/us", "view/uz"), "is damaged; run"),
    "no JSON": (lambda text: text[:-3], "cannot be read"),
    "empty": (lambda _: "", "cannot be read"),
    "a list": (lambda _: "[]", "cannot be read"),
    "a number": (lambda _: "1", "cannot be read"),
    "an empty object": (lambda _: "{}", "cannot be read"),
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_damaged_manifest_is_found_and_mended_by_a_build(tmp_path: Path, kind: str) -> None:
    manifest = write(tmp_path, LINES).path / "manifest.json"
    change, message = MANIFESTS[kind]
    manifest.write_text(change(manifest.read_text()))
    for checked in (True, False):
        with pytest.raises(SnapshotError, match=message):
            open_snapshot(tmp_path, verify=checked)
    write(tmp_path, LINES)
    assert quads_in(tmp_path) == len(LINES)


def test_a_snapshot_of_another_version_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, LINES).path / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["sha256"]
    manifest["version"] = "layout 0, pyoxigraph 0.1"
    own = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps({**manifest, "sha256": own}))
    with pytest.raises(
        SnapshotError, match=r"built for layout 0, pyoxigraph 0.1, and this is layout"
    ):
        open_snapshot(tmp_path)


def test_opening_without_verifying_trusts_the_files(tmp_path: Path) -> None:
    snapshot = write(tmp_path, LINES)
    (snapshot.path / "store" / "more").write_bytes(b"x")
    _, store = open_snapshot(tmp_path, verify=False)
    assert size(store) == len(LINES)
    store.close()


@pytest.mark.parametrize("root", ["empty", "nowhere", "dangling"])
def test_a_place_without_a_graph_is_told(tmp_path: Path, root: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "current").symlink_to("snapshots/gone")
    with pytest.raises(SnapshotError, match=f"{root} holds no built graph; run `caspian build`"):
        open_snapshot(tmp_path / root)


# -- lines


@pytest.mark.parametrize("run", [1, 2, 3, 100])
def test_lines_are_sorted_and_told_once_however_few_are_held(tmp_path: Path, run: int) -> None:
    given = [b"c\n", b"a\n", b"c\n", b"b\n", b"a\n", b"aa\n"]
    assert list(in_order(given, tmp_path, run=run)) == [b"a\n", b"aa\n", b"b\n", b"c\n"]
    assert list(in_order([], tmp_path, run=run)) == []
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    peaks = []
    for count in (20_000, 80_000):
        tracemalloc.start()
        lines = (f"<urn:s{number}> <urn:p> <urn:o> .\n".encode() for number in range(count))
        assert sum(1 for _ in in_order(lines, tmp_path, run=5_000)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_a_graph_of_many_quads_keeps_every_one(tmp_path: Path) -> None:
    count = 30_000
    lines = (
        f"<{ID}s{number}> <{CAS}p> <{ID}o{number % 7}> <{GRAPH}{number % 3}> .\n".encode()
        for number in range(count)
    )
    started = time.monotonic()
    assert write(tmp_path, lines).quads == count == quads_in(tmp_path)
    assert time.monotonic() - started < 60
