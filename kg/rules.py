"""The rules by which claims are held against each other, read from seeds/relations.yaml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kg.errors import InputError, closest
from kg.lexicon import number
from kg.source import Document, Key, read_yaml

__all__ = ["KINDS", "SYMMETRIC", "Limits", "Rule", "Rules", "Statuses", "read_rules", "rules"]

KINDS = (
    "contradicts",
    "refines",
    "compatible",
    "restates",
    "corroborates",
    "supersedes",
    "drifts",
    "reverses-roles",
    "internal-conflict",
)
SYMMETRIC = frozenset(KINDS) - {"refines", "supersedes"}
"""Kinds in which neither claim comes first: the one with the smaller id is written first."""


class Rule(NamedTuple):
    """What a rule makes of two claims, and the sentence it says."""

    id: str
    kind: str
    inside: str
    """The kind where both claims are one article's own or one party's words."""
    says: str


class Limits(NamedTuple):
    """Numbers the rules go by."""

    stated: Decimal
    approximate: Decimal
    near_km: Decimal
    bearing: Decimal
    most: int


class Statuses(NamedTuple):
    """How far a situation has come, and what follows from it."""

    key: str
    ranks: Mapping[str, int]
    unbound_to: int
    happens_from: int
    expectations: frozenset[str]
    outcomes: frozenset[str]
    concretes: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """All of them, with the lists they look things up in."""

    by_id: Mapping[str, Rule]
    limits: Limits
    status: Statuses
    roles: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...]
    exclusive: frozenset[str]
    silent: frozenset[str]
    names: frozenset[str]
    means: frozenset[str]
    grows: frozenset[str]
    written_as_labelled: frozenset[str]
    acting: frozenset[str]
    admitted_with: frozenset[str]
    auxiliaries: frozenset[str]
    unnamed: str

    def counterpart(self, role: str) -> str:
        """The role across from this one; empty where there is none."""
        return next((b if role == a else a for a, b in self.roles if role in {a, b}), "")


def read_rules(path: Path) -> Rules:
    """The rules in that file.

    >>> from kg.resources import folder
    >>> read_rules(folder("seeds") / "relations.yaml").by_id["polarity"].kind
    'contradicts'
    """
    return rules(read_yaml(path))


_LISTS = (
    "exclusive",
    "silent",
    "names",
    "means",
    "grows",
    "written-as-labelled",
    "acting",
    "admitted-with",
    "auxiliaries",
)
_KEYS = frozenset({"rules", "limits", "roles", "stages", "status", "unnamed", *_LISTS})


def rules(document: Document) -> Rules:
    """The rules the document describes; InputError names the first that cannot be read."""
    tree = _fields(document, (), _KEYS)
    by_id = {name: _rule(document, name) for name in _map(document, ("rules",))}
    return Rules(
        by_id=by_id,
        limits=_limits(document),
        status=_statuses(document),
        roles=_pairs(document, "roles"),
        stages=_pairs(document, "stages"),
        unnamed=str(tree["unnamed"]),
        **{name.replace("-", "_"): _texts(document, (name,)) for name in _LISTS},
    )


def _rule(document: Document, name: str) -> Rule:
    at = ("rules", name)
    fields = _map(document, at)
    if not {"kind", "says"} <= set(fields) <= {"kind", "says", "inside"}:
        hint = "write kind: and says:, and inside: where it differs within an article"
        raise InputError(document.problem(at, "is no rule", hint))
    kinds = [str(fields[key]) for key in ("kind", "inside") if key in fields]
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(document.problem(at, f"no kind {kind}", closest(kind, KINDS)))
    return Rule(name, kinds[0], kinds[-1], str(fields["says"]))


def _limits(document: Document) -> Limits:
    names = ("stated", "approximate", "near-km", "bearing", "most")
    _fields(document, ("limits",), names)
    stated, about, near, bearing, most = (_number(document, ("limits", name)) for name in names)
    return Limits(stated, about, near, bearing, int(most))


def _statuses(document: Document) -> Statuses:
    at = ("status",)
    lists = ("expectations", "outcomes", "concretes")
    fields = _fields(document, at, ("key", "ranks", "unbound-to", "happens-from", *lists))
    ranks = (*at, "ranks")
    return Statuses(
        str(fields["key"]),
        {name: int(_number(document, (*ranks, name))) for name in _map(document, ranks)},
        int(_number(document, (*at, "unbound-to"))),
        int(_number(document, (*at, "happens-from"))),
        *(_texts(document, (*at, name)) for name in lists),
    )


def _pairs(document: Document, name: str) -> tuple[tuple[str, str], ...]:
    found = []
    for at, pair in enumerate(_list(document, (name,))):
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 -- a pair
            raise InputError(document.problem((name, at), "is no pair", "write [this, that]"))
        found.append((str(pair[0]), str(pair[1])))
    return tuple(found)


def _at(document: Document, at: Key) -> object:
    found: object = document.tree
    for key in at:
        found = found[key] if isinstance(found, dict) else None
    return found


def _map(document: Document, at: Key) -> Mapping[str, object]:
    found = _at(document, at)
    if not isinstance(found, dict):
        raise InputError(document.problem(at, "is no map of names to values"))
    return found


def _fields(document: Document, at: Key, names: Iterable[str]) -> Mapping[str, object]:
    """The map at that place, which holds exactly these names."""
    found, wanted = _map(document, at), set(names)
    if missing := sorted(wanted - set(found)):
        raise InputError(document.problem(at, f"lacks {', '.join(missing)}"))
    if unknown := sorted(set(found) - wanted):
        hint = closest(unknown[0], wanted)
        raise InputError(document.problem((*at, unknown[0]), "is no field here", hint))
    return found


def _list(document: Document, at: Key) -> list[object]:
    found = _at(document, at)
    if not isinstance(found, list):
        raise InputError(document.problem(at, "is no list", "write [a, b]"))
    return found


def _texts(document: Document, at: Key) -> frozenset[str]:
    return frozenset(str(each) for each in _list(document, at))


def _number(document: Document, at: Key) -> Decimal:
    found = number(_at(document, at))
    if found is None:
        raise InputError(document.problem(at, "is no number", "write digits, in quotes"))
    return found
