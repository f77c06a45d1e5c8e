"""Roles exchanged: one actor in two roles across from each other, by two tellings."""

from collections.abc import Iterator

from kg.comparing.group import Context, Found, Group, by, joined, represented
from kg.measures import Same, same
from kg.records import Record

__all__ = ["found"]


def found(group: Group, context: Context) -> Iterator[Found]:
    """Where one telling gives an actor the role that another gives to whom it acts upon."""
    for role, across in context.rules.roles:
        acting, acted = group.values(role), group.values(across)
        for actor in acting.keys() & acted.keys():
            yield from _exchanged(group, role, across, actor, context)


def _exchanged(
    group: Group, role: str, across: str, actor: Same, context: Context
) -> Iterator[Found]:
    others = by(group.affirmed[role], lambda r: r.article)
    here = represented(group.values(role)[actor], context)
    there = []
    for record in represented(group.values(across)[actor], context):
        # what that article has in the first role, or else its word on the second
        rivals = [r for r in others.get(record.article, ()) if same(r.value) != actor]
        there.extend(represented(rivals, context) or [record])
    label = context.known.label(str(actor))
    compared = f"{label} as {role} against {label} as {across}"
    for one, other in joined(here, there, context.rules.limits.most) if there else ():
        if not _same_words(one, other):
            words = (frozenset((one.claim, other.claim)), "roles")
            yield Found("roles", one, other, compared, once=words)


def _same_words(one: Record, other: Record) -> bool:
    return one.article == other.article and one.passage == other.passage
