"""Every error Caspian raises on purpose.

CaspianError
├── InputError            one or more problems in files a person wrote, each with file, line and key
│   └── ValidationError   the built graph breaks a shape
├── UnknownNameError      no thing goes by this name
├── AmbiguousNameError    several things go by this name
├── ShapesRefusedError    shapes that somebody sent might call or fetch something
├── QueryError
│   ├── AnswerTooLongError the answer takes more bytes than were allowed
│   ├── LimitError         a number asked for lies past a limit
│   ├── QuerySyntaxError   the engine cannot read the query
│   └── QueryRefusedError  the query asks for what this store never does (update, federation)
├── SnapshotError         a built graph is absent, damaged or cannot be switched
└── StoreError            the engine behind the store failed
    └── RemoteError       a SPARQL endpoint elsewhere failed or did not answer
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

__all__ = [
    "AmbiguousNameError",
    "AnswerTooLongError",
    "CaspianError",
    "InputError",
    "LimitError",
    "Problem",
    "QueryError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "RemoteError",
    "ShapesRefusedError",
    "SnapshotError",
    "StoreError",
    "UnknownNameError",
    "ValidationError",
    "closest",
    "meant",
    "near",
]


class CaspianError(Exception):
    """What every error of Caspian is; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do about it.

    >>> print(Problem("seeds/002.yaml", 12, "cue", "not in the passage", "copy the hedge word"))
    seeds/002.yaml:12: cue: not in the passage (copy the hedge word)
    """

    file: str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        key = f"{self.key}: " if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {key}{self.message}{hint}"


class InputError(CaspianError):
    """Files a person wrote hold these problems; nothing was built from them."""

    exit_code = 2

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class ValidationError(InputError):
    """The built graph breaks a shape; each problem names the mapping line that caused it."""

    exit_code = 3


class ShapesRefusedError(CaspianError):
    """Shapes that somebody sent might call or fetch something; nothing was validated."""

    exit_code = 2


class UnknownNameError(CaspianError):
    """No thing goes by this name; `near` holds the closest names there are."""

    exit_code = 4

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        self.name, self.near = name, near
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"nothing is called “{name}”{hint}")


class AmbiguousNameError(CaspianError):
    """Several things go by this name; `candidates` are their ids."""

    exit_code = 4

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        self.name, self.candidates = name, candidates
        super().__init__(f"“{name}” may be {' or '.join(candidates)}; say which")


class QueryError(CaspianError):
    """The query cannot be answered as it stands."""

    exit_code = 2


class AnswerTooLongError(QueryError):
    """The answer takes more bytes than were allowed."""


class LimitError(QueryError):
    """A number asked for lies past a limit; `limit` is the most there may be."""

    def __init__(self, name: str, given: int, limit: int, least: int = 0) -> None:
        self.name, self.limit = name, limit
        super().__init__(f"{name} is {given:,}; it may be {least:,} to {limit:,}")


class QuerySyntaxError(QueryError):
    """The engine cannot read the query."""


class QueryRefusedError(QueryError):
    """The query asks for what this store never does: an update, or a call to another server."""


class SnapshotError(CaspianError):
    """A built graph is absent, damaged or cannot be switched."""

    exit_code = 5


class StoreError(CaspianError):
    """The engine behind the store failed."""

    exit_code = 6


class RemoteError(StoreError):
    """A SPARQL endpoint elsewhere failed or did not answer."""


def near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The known names closest to one that is not known, best first.

    >>> near("place/amirabat", ["place/amirabad", "place/moscow"])
    ('place/amirabad',)
    """
    return tuple(get_close_matches(name, sorted(names), n=3, cutoff=0.6))


def closest(name: str, names: Iterable[str]) -> str:
    """A hint for a name that is not known: the closest there are, else all; none without any.

    >>> closest("possibel", ["probable", "possible"]), closest("sure", ["probable", "possible"])
    ('known: possible', 'known: possible, probable')
    """
    names = sorted(names)
    return f"known: {', '.join(near(name, names) or names)}" if names else ""


def meant(names: Iterable[str]) -> str:
    """A hint that asks whether one of these was meant; none where there are none.

    >>> meant(["place/amirabad"]), meant([])
    ('did you mean place/amirabad?', '')
    """
    close = " or ".join(names)
    return f"did you mean {close}?" if close else ""
