"""What a process has taken so far; used inside the measured processes, peers' venvs included."""

from pathlib import Path

__all__ = ["peak"]


def peak() -> float:
    """The most memory this process has held, in MiB: the high water mark of its resident set."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (kibibytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kibibytes) / 1024
