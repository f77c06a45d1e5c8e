"""How sure a statement is as a number, and how sure what rests on several statements is.

The numbers are conventions, so that routes can be ranked; they say how sure the speakers put
themselves, not how right they are. `TERMS` says where each comes from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import NamedTuple

__all__ = ["TERMS", "Support", "Term", "joint", "least", "of_hop", "of_path", "of_term"]


class Term(NamedTuple):
    """A term of certainty: the chance it stands for, and where that is from."""

    name: str
    chance: float
    source: str


_ICD = "the middle of the range that ICD 203 (2015) gives"
_OURS = "ours: it is passed on without a word on how likely it is, so as likely as not"
TERMS = (
    Term("asserted", 0.97, f"{_ICD} “almost certain”, 95 to 99 %: said without a hedge"),
    Term("probable", 0.675, f"{_ICD} “likely, probable”, 55 to 80 %"),
    Term("reported", 0.5, _OURS),
    Term("alleged", 0.5, _OURS),
    Term(
        "possible", 0.45, "the middle of the PHIA yardstick’s “realistic possibility”, 40 to 50 %"
    ),
)
"""From the surest."""

_CHANCES: Mapping[str, float] = {term.name: term.chance for term in TERMS}


def of_term(name: str) -> float:
    """The chance a term stands for; of one that is unknown, that of the least sure.

    >>> of_term("probable")
    0.675
    """
    return _CHANCES.get(name, TERMS[-1].chance)


def least(name: str) -> frozenset[str]:
    """The terms that are at least as sure as this one.

    >>> sorted(least("probable"))
    ['asserted', 'probable']
    """
    return frozenset(term.name for term in TERMS if term.chance >= of_term(name))


class Support(NamedTuple):
    """A unit of evidence behind a hop: what was said on one occasion, by one origin, how sure."""

    unit: str
    origin: str
    chance: float


def joint(parts: Sequence[Sequence[Support]]) -> tuple[Support, ...]:
    """What supports several things at once: units that say all of them, else the best of each.

    >>> one, other = Support("u", "us", 0.9), Support("v", "iran", 0.5)
    >>> joint([[one, other], [one]])
    (Support(unit='u', origin='us', chance=0.9),)
    >>> joint([[one], [other]])
    (Support(unit='u + v', origin='us + iran', chance=0.45),)
    """
    surest = [_surest(part) for part in parts]
    if not all(surest):
        return ()
    units = set.intersection(*(set(part) for part in surest))
    if units:
        found = (
            min((part[unit] for part in surest), key=lambda support: support.chance)
            for unit in sorted(units)
        )
        return tuple(found)
    best = [max(part.values(), key=lambda each: (each.chance, each.unit)) for part in surest]
    units_used = {each.unit: each for each in best}
    return (
        Support(
            " + ".join(dict.fromkeys(each.unit for each in best)),
            " + ".join(dict.fromkeys(each.origin for each in best)),
            prod(each.chance for each in units_used.values()),
        ),
    )


def _surest(supports: Iterable[Support]) -> dict[str, Support]:
    """By unit, its surest support."""
    found: dict[str, Support] = {}
    for each in supports:
        if each.unit not in found or found[each.unit].chance < each.chance:
            found[each.unit] = each
    return found


def of_hop(supports: Iterable[Support]) -> float:
    """How sure a hop is: the chance that one of its distinct origins is right, each at its surest.

    >>> of_hop([Support("u", "us", 0.5), Support("v", "us", 0.5)])
    0.5
    >>> of_hop([Support("u", "us", 0.5), Support("v", "iran", 0.5)])
    0.75
    """
    return _rounded(1 - prod(1 - each.chance for each in _by_origin(supports, {})))


def of_path(hops: Sequence[Iterable[Support]]) -> float:
    """How sure a path is: the chance that every hop is supported by a unit that is right.

    A unit is right about all it says or, where it is less sure of some, about the surer part first;
    units are independent of each other. So hops that rest on one sentence are as sure as it is.

    >>> one = Support("u", "us", 0.9)
    >>> of_path([[one], [one]]), of_path([[one], [Support("v", "us", 0.5)]])
    (0.9, 0.45)
    """
    told = [list(hop) for hop in hops]
    uses: dict[str, int] = defaultdict(int)
    for hop in told:
        for unit in {each.unit for each in hop}:
            uses[unit] += 1
    units: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, hop in enumerate(told):
        for each in _by_origin(hop, uses):
            units[each.unit].append((each.chance, 1 << number))
    chances = {0: 1.0}  # of exactly these hops being supported by the units seen so far
    for unit in sorted(units):
        chances = _with(chances, sorted(units[unit], reverse=True))
    return _rounded(chances.get((1 << len(told)) - 1, 0.0))


def _with(chances: Mapping[int, float], levels: Sequence[tuple[float, int]]) -> dict[int, float]:
    """The chances once one more unit is seen, which supports the hops it is surest of first."""
    found: dict[int, float] = defaultdict(float)
    for hops, chance in chances.items():
        right, covered = 1.0, 0
        for level, hop in levels:
            found[hops | covered] += chance * (right - level)
            right, covered = level, covered | hop
        found[hops | covered] += chance * right
    return found


def _by_origin(supports: Iterable[Support], uses: Mapping[str, int]) -> list[Support]:
    """Of each origin the surest support; of equals the unit that most hops use."""
    best: dict[str, Support] = {}
    for each in sorted(supports, key=lambda s: (-s.chance, -uses.get(s.unit, 0), s.unit)):
        best.setdefault(each.origin, each)
    return list(best.values())


def _rounded(chance: float) -> float:
    return round(chance, 4)
