"""What processes have taken so far; used inside the measured processes, peers' venvs included."""

from collections.abc import Iterator
from pathlib import Path

__all__ = ["descendants", "forget_peak", "held", "peak", "resident"]

PROC = Path("/proc")


def peak(process: int | str = "self") -> float:
    """The most memory a process has held, in MiB: the high water mark of its resident set."""
    return _mebibytes(PROC / str(process) / "status", "VmHWM")


def resident(process: int | str = "self") -> float:
    """The memory a process holds now, in MiB: its resident set."""
    return _mebibytes(PROC / str(process) / "status", "VmRSS")


def forget_peak(process: int) -> None:
    """Sets a process's high water mark to what it holds now."""
    (PROC / str(process) / "clear_refs").write_text("5", encoding="utf-8")


def held(process: int) -> float:
    """What a process and those it started hold, in MiB; what they share counts once."""
    return sum(_mebibytes(PROC / str(each) / "smaps_rollup", "Pss") for each in family(process))


def family(process: int) -> list[int]:
    """The process and all that it, or one of them, has started."""
    return [process, *descendants(process)]


def descendants(process: int) -> Iterator[int]:
    """All processes that this one, or one of them, has started and that still run."""
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
            except OSError:  # it has ended meanwhile
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {process}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    yield from sorted(found - {process})


def _mebibytes(path: Path, field: str) -> float:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:  # it has ended meanwhile
        return 0.0
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return int(kibibytes) / 1024
