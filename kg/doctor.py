"""What this installation has and lacks, as a list of checks with a verdict each."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal, NamedTuple

from kg.corpus import mapping_files
from kg.errors import CaspianError
from kg.queries import stored_queries
from kg.resources import folder
from kg.snapshot import open_snapshot

__all__ = ["Check", "Verdict", "examine"]

Verdict = Literal["ok", "note", "fault"]

_PACKAGES = ("rdflib", "pyshacl", "networkx", "fastapi", "uvicorn", "pyoxigraph", "PyYAML", "edtf")


class Check(NamedTuple):
    """One thing looked at: what it is, how it stands, and what to do about it."""

    what: str
    verdict: Verdict
    found: str


def examine(root: Path, texts: Path | None) -> tuple[Check, ...]:
    """All checks, in the order a person would make them.

    >>> [check.what for check in examine(Path("nowhere"), None)][:2]
    ['Python', 'caspian-kg']
    """
    return (*_installed(), *_files(), _texts(texts), _snapshot(root))


def _installed() -> Iterator[Check]:
    running = platform.python_version()
    yield Check("Python", "ok" if sys.version_info >= (3, 11) else "fault", running)
    for package in ("caspian-kg", *_PACKAGES):
        try:
            yield Check(package, "ok", version(package))
        except PackageNotFoundError:
            yield Check(package, "fault", "not installed: install caspian-kg again")


def _files() -> Iterator[Check]:
    count = len(mapping_files(folder("seeds")))
    yield Check("mappings", "ok" if count else "fault", f"{count} in {folder('seeds')}")
    yield Check("stored questions", "ok", f"{len(stored_queries(folder('queries')))}")


def _texts(texts: Path | None) -> Check:
    found = len([*texts.glob("*.txt")]) if texts else 0
    if found:
        return Check("article texts", "ok", f"{found} in {texts}: quotes are held against them")
    place = texts or folder("seeds") / "texts"
    return Check("article texts", "note", f"none in {place}: quotes are not held against them")


def _snapshot(root: Path) -> Check:
    try:
        snapshot, store = open_snapshot(root)
    except CaspianError as error:
        return Check("graph", "fault", str(error))
    store.close()
    return Check("graph", "ok", f"{snapshot.quads} quads in {snapshot.path}, files unharmed")
