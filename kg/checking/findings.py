"""What a check found: where, what, how bad, which rule says so, and what to do."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.errors import Problem
from kg.shacl import Referral, Result
from kg.vocab import SH

__all__ = ["LEVELS", "MAPPING", "TEXT", "WAITING", "Finding", "Findings", "level_of"]

LEVELS = ("error", "warning", "info")
"""From the worst on."""
MAPPING, TEXT = "mapping", "text"
"""The rules that no shape states: how a mapping is written, and that its quotes are the text's."""
WAITING = "the shapes wait until every mapping can be read"

_LEVELS = {f"<{SH}Warning>": "warning", f"<{SH}Info>": "info"}


def level_of(severity: str) -> str:
    """The level of a severity of SHACL; one of somebody's own is an error.

    >>> level_of("<http://www.w3.org/ns/shacl#Warning>")
    'warning'
    """
    return _LEVELS.get(severity, "error")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong.

    >>> print(Finding("002.yaml", 12, "claims.3.cue", "not in the passage", "copy it"))
    002.yaml:12: claims.3.cue: not in the passage (copy it)
    """

    file: str
    line: int
    """From 1; 0 where no line can be told."""
    key: str
    """The key path in a mapping, or the term in RDF."""
    message: str
    hint: str = ""
    level: str = LEVELS[0]
    rule: str = MAPPING
    """The shape or check that says so."""
    result: Result | None = field(default=None, compare=False, repr=False)
    """What validation found, where it was a shape."""

    def __str__(self) -> str:
        return str(Problem(self.file, self.line, self.key, self.message, self.hint))

    @classmethod
    def of(cls, problem: Problem, rule: str = MAPPING) -> "Finding":
        """The finding that a problem of a file is."""
        return cls(
            problem.file, problem.line, problem.key, problem.message, problem.hint, rule=rule
        )


@dataclass(frozen=True)
class Findings:
    """All that was found, sorted, and what was looked at."""

    all: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    """The files that were looked at."""
    summary: str = ""
    """What was looked at, in words."""
    referrals: tuple[Referral, ...] = ()
    """The shapes that the reference engine looked at, and why."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how it was checked."""

    def worst(self, least: str) -> tuple[Finding, ...]:
        """The findings at that level or above."""
        counted = LEVELS[: LEVELS.index(least) + 1]
        return tuple(each for each in self.all if each.level in counted)

    def named(self, name: str) -> int:
        """How many findings are of that level."""
        return sum(each.level == name for each in self.all)

    def seen_from(self, folder: Path) -> "Findings":
        """The same, with the names of files below the folder as they are read from there."""

        def named(file: str) -> str:
            path = Path(file)
            return str(path.relative_to(folder)) if path.is_relative_to(folder) else file

        found = tuple(sorted(replace(each, file=named(each.file)) for each in self.all))
        return replace(self, all=found, files=tuple(map(named, self.files)))
