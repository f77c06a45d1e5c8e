"""Built graphs on disk: written whole or not at all, verified when opened, never changed.

    root/
      current            → snapshots/<hash>, switched in one step
      build.lock         held by the build that runs
      snapshots/
        <hash>/          named by what was put in: the same content, the same name
          manifest.json  the sha256 and size of every file, and how many quads each graph holds
          store/         the engine's files
        .building-…      what a build works on; a build that died leaves it to the next

Readers stay on the snapshot they opened. A snapshot that is no longer current is left in place for
them until `prune` takes it away.
"""

import fcntl
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from kg.errors import SnapshotError
from kg.lines import in_order, split
from kg.store import OxigraphStore, graph_sizes

__all__ = [
    "File",
    "Snapshot",
    "current_name",
    "current_snapshot",
    "open_snapshot",
    "prune",
    "verify",
    "write",
]

_LAYOUT = 1
_MANIFEST = "manifest.json"
_STORE = "store"
_SNAPSHOTS = "snapshots"
_CURRENT = "current"
_TEMPORARY = ".building-"
_REMEDY = "run `caspian build`"
_SHOWN = 5

_Describe: TypeAlias = Callable[[Iterable[bytes], Mapping[str, int], Path], Iterable[bytes]]


def _nothing(_lines: Iterable[bytes], _sizes: Mapping[str, int], _folder: Path) -> tuple[()]:
    return ()


class _BusyError(SnapshotError):
    """Another build is at work."""


class File(NamedTuple):
    """What the manifest says of a file."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Snapshot:
    """A built graph: its folder, what it was built from, and what it holds."""

    path: Path
    version: str
    created_from: str
    quads: int
    graphs: Mapping[str, int]
    files: Mapping[str, File]

    @property
    def hash(self) -> str:
        """The name of the content: the same for the same quads, layout and engine."""
        return self.path.name

    @property
    def store(self) -> Path:
        """The folder of its store."""
        return self.path / _STORE


def write(root: Path, quads: Iterable[bytes], describe: _Describe = _nothing) -> Snapshot:
    """The snapshot of these lines of N-Quads, which readers that open `root` from now on see.

    Lines come in any order and any number of times; they are sorted on disk. What `describe` tells
    of the sorted lines, of the sizes of their graphs and with a folder to work in, is stored with
    them. Content that was built before is not built again. A failure, or a kill, leaves what
    readers see as it was.
    """
    with _building(root) as folder:
        content = folder / "content.nq"
        created_from, sizes = _write_content(content, quads, describe)
        target = root / _SNAPSHOTS / _name(created_from)
        if not _is_sound(target):
            _build(folder, content, sizes)
            _write_manifest(folder, created_from, sizes)
            _put(folder, target)
        _switch(root, target)
        return _read(target)


def prune(root: Path, keep: int) -> None:
    """Take away all snapshots but the current one and the last `keep` that were it before.

    While another build is at work it takes them away, or the next does.
    """
    try:
        with _building(root):
            manifests = (root / _SNAPSHOTS).glob(f"[!.]*/{_MANIFEST}")
            before = [each.parent for each in manifests if each.parent.name != current_name(root)]
            before.sort(key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
            for folder in before[keep:]:
                # in one step, so that no half of it is ever taken for a snapshot
                folder.rename(folder.with_name(f"{_TEMPORARY}gone-{folder.name}"))
    except _BusyError:
        return


def open_snapshot(root: Path, *, verify: bool = True) -> tuple[Snapshot, OxigraphStore]:
    """The current snapshot and its store, each file held against the manifest first.

    Verifying reads every byte: about 0.4 s for a million quads. Leave it out where the same files
    were verified just before, as in a second process.
    """
    snapshot = current_snapshot(root, verify=verify)
    return snapshot, OxigraphStore(snapshot.store)


def current_snapshot(root: Path, *, verify: bool = True) -> Snapshot:
    """The current snapshot, each file held against the manifest; its store is not opened."""
    current = root / _CURRENT
    if not current.exists():
        raise SnapshotError(f"{root} holds no built graph; {_REMEDY}")
    snapshot = _read(current.resolve())
    if verify:
        _hold(snapshot)
    return snapshot


def current_name(root: Path) -> str | None:
    """The name of the current snapshot's content; None where there is none."""
    try:
        return (root / _CURRENT).readlink().name
    except OSError:
        return None


def verify(snapshot: Snapshot) -> None:
    """Nothing, where every file is what the manifest says; else an error that names the files."""
    _hold(snapshot)


def _hold(snapshot: Snapshot) -> None:
    found, wanted = _files(snapshot.path), snapshot.files
    harm = [
        *(f"{name} is missing" for name in wanted if name not in found),
        *(f"{name} does not belong there" for name in found if name not in wanted),
        *(f"{name} is damaged" for name in wanted if name in found and _differs(snapshot, name)),
    ]
    if harm:
        more = f" and {len(harm) - _SHOWN} files more" if len(harm) > _SHOWN else ""
        raise SnapshotError(f"in {snapshot.path}, {', '.join(harm[:_SHOWN])}{more}; {_REMEDY}")


def _differs(snapshot: Snapshot, name: str) -> bool:
    path, wanted = snapshot.path / name, snapshot.files[name]
    return path.stat().st_size != wanted.bytes or _digest(path) != wanted.sha256


def _files(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if not path.is_dir() and path.name != _MANIFEST)
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def _building(root: Path) -> Iterator[Path]:
    """A folder to build in, held against other builds, and cleared away whatever happens."""
    folder = root / _SNAPSHOTS / f"{_TEMPORARY}{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (root / "build.lock").open("w") as lock:
            _lock(lock.fileno(), root)
            _sweep(root)
            folder.mkdir()
            try:
                yield folder
            finally:
                _sweep(root)
    except OSError as error:
        raise SnapshotError(
            f"cannot build in {root}: {error}; readers keep the graph they have; see that the disk "
            f"has room and may be written, and {_REMEDY}"
        ) from error


def _lock(descriptor: int, root: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise _BusyError(f"another build is at work in {root}; wait until it ends") from error


def _sweep(root: Path) -> None:
    for left in (*root.glob(f"{_TEMPORARY}*"), *(root / _SNAPSHOTS).glob(f"{_TEMPORARY}*")):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


def _write_content(
    content: Path, quads: Iterable[bytes], describe: _Describe
) -> tuple[str, Counter[str]]:
    """The sha256 of the sorted quads, each once, and of their description; the graphs' sizes."""
    digest, sizes = sha256(), Counter[str]()

    def write(lines: Iterable[bytes]) -> None:
        with content.open("ab") as out:
            for line in map(split, lines):
                digest.update(line.quad)
                sizes[line.graph] += 1
                out.write(line.quad)

    write(in_order((line.rstrip(b"\r\n") + b"\n" for line in quads), content.parent))
    with content.open("rb") as lines:
        described = [*describe(lines, sizes, content.parent)]
    write(described)
    return digest.hexdigest(), sizes


def _build(folder: Path, content: Path, sizes: Counter[str]) -> None:
    with content.open("rb") as quads:
        store = OxigraphStore.build(folder / _STORE, quads)
    stored = graph_sizes(store)
    store.close()
    content.unlink()
    for graph, given in sizes.items():
        if stored.get(graph) != given:
            raise SnapshotError(
                f"of {given:,} quads given for {graph} the engine kept {stored.get(graph, 0):,}: "
                "some are one quad spelt in two ways, such as 1.0 and 1.00; write numbers one way"
            )


def _version() -> str:
    engine = ".".join(version("pyoxigraph").split(".")[:2])
    return f"layout {_LAYOUT}, pyoxigraph {engine}"


def _name(created_from: str) -> str:
    return sha256(f"{_version()}, {created_from}".encode()).hexdigest()


def _write_manifest(folder: Path, created_from: str, sizes: Counter[str]) -> None:
    names = _files(folder)
    manifest = {
        "version": _version(),
        "created_from": created_from,
        "quads": sizes.total(),
        "graphs": dict(sizes),
        "files": {
            name: {"sha256": _digest(folder / name), "bytes": (folder / name).stat().st_size}
            for name in names
        },
    }
    text = json.dumps({**manifest, "sha256": _own(manifest)}, indent=2, sort_keys=True)
    (folder / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def _own(manifest: Mapping[str, Any]) -> str:
    """The manifest's own sha256: it vouches for the files, and nothing else would for it."""
    return sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> Snapshot:
    try:
        manifest = json.loads((path / _MANIFEST).read_bytes())
        own = manifest.pop("sha256")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotError(f"{path / _MANIFEST} cannot be read ({error}); {_REMEDY}") from error
    if own != _own(manifest):
        raise SnapshotError(f"{path / _MANIFEST} is damaged; {_REMEDY}")
    if manifest["version"] != _version():
        raise SnapshotError(
            f"{path} was built for {manifest['version']}, and this is {_version()}; {_REMEDY}"
        )
    files = {name: File(**entry) for name, entry in manifest.pop("files").items()}
    return Snapshot(path, files=files, **manifest)


def _is_sound(path: Path) -> bool:
    try:
        _hold(_read(path))
    except SnapshotError:
        return False
    return True


def _put(folder: Path, target: Path) -> None:
    """Give the built folder its name, when all of it is on the disk."""
    for path in (folder, *folder.rglob("*")):
        _sync(path)
    if target.exists():  # damaged, or it would not have been built again
        target.rename(target.with_name(f"{_TEMPORARY}damaged"))
    folder.rename(target)
    _sync(target.parent)


def _switch(root: Path, target: Path) -> None:
    link = root / f"{_TEMPORARY}{_CURRENT}"
    link.symlink_to(target.relative_to(root))
    link.replace(root / _CURRENT)
    os.utime(target)  # it says when a snapshot was last made current
    _sync(root)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
