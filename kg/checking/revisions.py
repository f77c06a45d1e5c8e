"""What changed in a folder since a revision, as git tells it."""

import shutil
import subprocess
from pathlib import Path

from kg.errors import InputError, Problem, UnknownNameError

__all__ = ["changed_since"]


def changed_since(revision: str, folder: Path) -> tuple[Path, ...]:
    """The files of the folder that are not as they were, new and gone ones included.

    Raises UnknownNameError where git knows no such revision, InputError where there is no git.
    """
    if revision.startswith("-"):  # git would take it for an option
        raise UnknownNameError(revision)
    if _git(folder, "rev-parse", "--is-inside-work-tree") is None:
        hint = "name the files to check instead of --since"
        raise InputError(Problem(str(folder), 0, "", "is in no git repository", hint))
    if _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise UnknownNameError(revision)
    names: list[str] = []
    for command in (
        ("diff", "--name-only", "--relative", "-z", revision, "--", "."),
        ("ls-files", "--others", "--exclude-standard", "-z", "--", "."),
    ):
        names += (_git(folder, *command) or "").split("\0")
    return tuple(folder / name for name in sorted({*filter(None, names)}))


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says; None where it fails."""
    program = shutil.which("git")
    if program is None:
        raise InputError(Problem("git", 0, "", "is not installed", "name the files to check"))
    command = [program, "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- a revision git has verified
    return done.stdout if done.returncode == 0 else None
