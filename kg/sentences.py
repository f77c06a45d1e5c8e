"""A path in plain English, with a number for each passage it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.routing import Evidence, Hop, spaced

__all__ = ["Citation", "told"]


@dataclass(frozen=True)
class Citation:
    """What a number in a sentence stands for: a passage, and by which way its words came."""

    number: int
    article: str
    start: int
    end: int
    said_by: str


_WAYS: Mapping[str, str] = {
    "leg": "{cargo} from {source} to {target}{across}, transport {transport}",
    "supply": "{cargo} from {source} to {target}{status}",
    "route": "{cargo} from {source} on the way to {target}{across}",
    "base": "from {source} for “{target}”",
    "use": "{cargo} by {source} for “{target}”{status}",
    "target": "“{source}” against {target}{status}",
    "location": "“{source}” in {target}{status}",
    "contains": "{target}, which lies in {source}",
    "within": "{source}, which lies in {target}",
}
"""How a hop of some relation is put, along its direction."""

_SPEAKERS = 3
_OTHER = "“{source}” has the {relation} “{target}”"


def told(hops: Sequence[Hop], profile: str) -> tuple[str, tuple[Citation, ...]]:
    """The path in a sentence, and what its numbers stand for.

    Each hop is told with who says so and how sure, then who denies what touches the path.
    """
    passages: dict[tuple[str, int, int], Citation] = {}
    parts = [_hop(hop, _WAYS if profile == "route" else {}, passages) for hop in hops]
    denials = {each.evidence.claim: each for hop in hops for each in hop.denials}
    parts += [
        f"{each.evidence.principal_label} denies {each.denied}{_numbers([each.evidence], passages)}"
        for each in denials.values()
    ]
    return "; ".join(parts) + ".", tuple(passages.values())


def _hop(hop: Hop, ways: Mapping[str, str], passages: dict[tuple[str, int, int], Citation]) -> str:
    source, target = hop.source.label, hop.target.label
    if hop.direction == "against":
        source, target = target, source
    text = ways.get(hop.relation, _OTHER).format(
        cargo=", ".join(hop.cargo) or "supplies",
        source=source,
        target=target,
        relation=spaced(hop.relation),
        across=f" across {' and '.join(hop.across)}" if hop.across else "",
        transport=hop.transport,
        status=f" (said to be {', '.join(hop.status)})" if hop.status else "",
    )
    rests = [each for each in hop.evidence if each.rests and each.counts]
    when = f", {hop.dates}" if ways and not hop.timeless else ""
    return f"{text}{when}, {_said(hop, rests)}{_numbers(rests, passages)}"


def _said(hop: Hop, rests: Sequence[Evidence]) -> str:
    """Who says so and how sure, and from how many origins they have it."""
    number = len(hop.origins)
    origins = "one origin" if number == 1 else f"{number} origins"
    speakers = [*dict.fromkeys(each.speaker_label for each in rests)]
    names = ", ".join(speakers[:_SPEAKERS]) + ", …" * (len(speakers) > _SPEAKERS)
    terms = " or ".join(dict.fromkeys(each.certainty for each in rests))
    said = f"say {names} ({terms}), " if rests else ""
    return f"{said}by {origins} ({', '.join(hop.origins)})"


def _numbers(claims: Iterable[Evidence], passages: dict[tuple[str, int, int], Citation]) -> str:
    found = []
    for each in claims:
        place = (each.article, each.start, each.end)
        if place not in passages:
            way = each.chain or each.speaker_label
            passages[place] = Citation(len(passages) + 1, *place, way)
        found.append(passages[place].number)
    return "".join(f" [{number}]" for number in dict.fromkeys(found))
