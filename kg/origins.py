"""Where claims come from: the utterances their relays begin with, by whose interest spoke.

Claims with a shared ancestor have one origin, and so have all that one principal says: neither can
corroborate the other. Counting publishers would take three reprints for three witnesses.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.known import Known
from kg.measures import Same, same
from kg.records import Record
from kg.rules import Rules
from kg.values import Ref

__all__ = [
    "ADMISSION",
    "DENIAL",
    "Origin",
    "Origins",
    "Said",
    "Standing",
    "independent",
    "interests",
    "origin_id",
    "standing",
]


class Origin(NamedTuple):
    """A set of utterances that count as one witness."""

    id: str
    principals: tuple[str, ...]
    """On whose behalf its roots were spoken; one, unless a relay draws on several."""
    roots: tuple[str, ...]


@dataclass
class Origins:
    """The origins of the utterances and relays added so far.

    Each may hear any number of others, so that any relay graph without circles can be given; in
    the graph of the articles it hears one. Where one hears two that are apart, it is independent of
    neither, while these stay independent of each other: which is why the principals at the roots
    are kept as sets, and not joined into one.
    """

    _hears: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _principals: dict[str, str] = field(default_factory=dict)
    """Each root's."""
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, node: str, hears: Collection[str] = (), principal: str = "") -> bool:
        """Adds an utterance or relay with what it heard, which is added before it.

        A root hears nothing and has a principal; without one it stands for itself. True where what
        was known before goes back to others now.
        """
        before = self._hears.get(node)
        heard = tuple(dict.fromkeys([*(before or ()), *hears]))
        if before == heard and (heard or self._principals[node] == (principal or node)):
            return False
        self._hears[node] = heard
        if heard:
            self._principals.pop(node, None)
        else:
            self._principals[node] = principal or node
        if before is not None:
            self._known.clear()
        return before is not None

    def add_record(self, record: Record) -> bool:
        """Adds the utterances a claim goes back to, outermost first; as above."""
        *within, root = record.telling.ancestors
        changed = self.add(root, principal=record.telling.root_principal)
        above = root
        for node in reversed(within):
            changed = self.add(node, [above]) or changed
            above = node
        return changed

    def of(self, node: str) -> frozenset[str]:
        """The principals at the roots the node goes back to.

        Two nodes have independent origins where these have nobody in common.
        """
        waiting = [node]
        while waiting:
            last = waiting[-1]
            heard = self._hears[last]
            unknown = [each for each in heard if each not in self._known]
            if last in self._known or not unknown:
                waiting.pop()
                own = frozenset() if heard else frozenset({self._principals[last]})
                self._known[last] = own.union(*(self._known[each] for each in heard))
            waiting.extend(unknown)
        return self._known[node]

    def found(self, nodes: Iterable[str]) -> tuple[Origin, ...]:
        """The origins of these nodes, by id, with the root utterances they go back to."""
        waiting, seen = [*nodes], set[str]()
        origins = dict.fromkeys(self.of(node) for node in waiting)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(self._hears[node])
        roots: dict[str, list[str]] = {}
        for root in sorted(seen & self._principals.keys()):
            roots.setdefault(self._principals[root], []).append(root)
        found = (
            Origin(
                origin_id(principals),
                tuple(sorted(principals)),
                tuple(root for each in sorted(principals) for root in roots[each]),
            )
            for principals in origins
        )
        return tuple(sorted(found))


def origin_id(principals: Iterable[str]) -> str:
    """The id of the origin of these principals.

    >>> origin_id(["actor/us"])
    'origin/actor-us'
    """
    return "origin/" + "+".join(sorted(name.replace("/", "-") for name in principals))


def independent(origins: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Origins of which no two have a principal in common: how many witnesses there are at least.

    >>> len(independent([frozenset("a"), frozenset("b"), frozenset("ab")]))
    2
    """
    found: list[frozenset[str]] = []
    for each in sorted({*origins}, key=lambda one: (len(one), sorted(one))):
        if all(each.isdisjoint(other) for other in found):
            found.append(each)
    return tuple(found)


class Standing(NamedTuple):
    """How much stands behind something that is said."""

    articles: tuple[str, ...]
    origins: tuple[str, ...]
    """The independent ones, by id."""


Said = tuple[str, str, Same]


def standing(records: Iterable[Record], origins: Origins) -> dict[str | Said, Standing]:
    """For every thing, and every affirmed value of a property of it, who stands behind it.

    Keys are the thing's id, and (thing, key, value) with the value as kg.measures.same has it.
    """
    articles: dict[str | Said, set[str]] = {}
    found: dict[str | Said, set[frozenset[str]]] = {}
    for record in records:
        if record.polarity == "affirmed" and record.form != "inference":
            said: Said = (record.thing, record.key, same(record.value))
            for key in (record.thing, said):
                articles.setdefault(key, set()).add(record.article)
                found.setdefault(key, set()).add(origins.of(record.telling.ancestors[0]))
    return {
        key: Standing(tuple(sorted(names)), tuple(sorted(map(origin_id, independent(found[key])))))
        for key, names in articles.items()
    }


ADMISSION, DENIAL = "admission-against-interest", "interested-denial"


def interests(
    group: Sequence[Record], accusers: Collection[str], *, known: Known, rules: Rules
) -> dict[str, str]:
    """The claims of one situation that speak against their principal's interest, or for it.

    `group` is all that is claimed of the situation, `accusers` are the principals who call it a
    breach of some norm. An admission gives the acting role to one's own side in what another
    denies or calls a breach; an interested denial denies what others say one's own side did.
    """
    acting = [
        (record, known.principal(record.value.id))
        for record in group
        if record.key in rules.acting
        and record.polarity == "affirmed"
        and isinstance(record.value, Ref)
    ]
    denied = [record for record in group if record.polarity == "denied"]
    against = {*accusers, *(record.telling.principal for record in denied)}
    admitted = [
        record
        for record, actor in acting
        if record.telling.principal == actor and against - {actor}
    ]
    found = {record.claim: ADMISSION for record in _with(admitted, group, rules)}
    blamed = {(actor, record.telling.principal) for record, actor in acting}
    for record in denied:
        own = record.telling.principal
        if any(actor == own != accuser for actor, accuser in blamed):
            found[record.claim] = DENIAL
    return found


def _with(admitted: Sequence[Record], group: Iterable[Record], rules: Rules) -> Iterator[Record]:
    """What is admitted, and what the same words say of how far it went."""
    words = {(record.telling, record.passage) for record in admitted}
    yield from admitted
    for record in group:
        told = record.key in rules.admitted_with and record.polarity == "affirmed"
        if told and (record.telling, record.passage) in words:
            yield record
