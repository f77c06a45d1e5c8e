"""What was said of a thing and of what belongs to it, in the order in which it was said."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.named import named
from kg.resolve import short
from kg.statements import Statement, made_in, query, statements
from kg.store import Iri, Store
from kg.vocab import ID

__all__ = ["Entry", "Part", "Timeline", "timeline"]


@dataclass(frozen=True)
class Part:
    """Another thing the timeline tells of, and how it belongs there."""

    id: str
    label: str
    link: str
    """`part of` or `serves`."""
    whole: str
    whole_label: str


@dataclass(frozen=True)
class Entry:
    """What was said in one breath: the claims of one voice on one thing in one passage."""

    said: str
    """When, in EDTF."""
    said_from: str
    said_to: str
    dated_by: str
    """`utterance` or `publication`: which of the two dates that is."""
    thing: str
    thing_label: str
    status: tuple[str, ...]
    """The status it gives the thing, in words; mostly one or none."""
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Timeline:
    """What was said when of a thing, of its parts, and of what serves them."""

    thing: str
    label: str
    parts: tuple[Part, ...]
    entries: tuple[Entry, ...]


def timeline(store: Store, thing: str) -> Timeline:
    """What was said of the thing with this id, and of its parts, in the order it was said.

    The date is that of the utterance, else of the article; what has no parts stands alone. The
    editor's inferences say which parts there are, and are no entries themselves.

    Raises UnknownNameError where there is no such thing.
    """
    label = named(store, thing).label
    parts = tuple(_parts(store, thing))
    things = dict.fromkeys([thing, *(part.id for part in parts)])
    said = [each for name in things for each in statements(store, name) if not each.inferred]
    groups: dict[tuple[object, ...], list[Statement]] = {}
    for each in sorted(
        said, key=made_in
    ):  # on one day, thing by thing, each in its articles' order
        breath = (each.said, each.article, each.start, each.end, each.thing, each.speaker)
        how = (each.chain, each.certainty, each.polarity)
        groups.setdefault((*breath, *how), []).append(each)
    return Timeline(thing, label, parts, tuple(map(_entry, groups.values())))


def _parts(store: Store, thing: str) -> Iterator[Part]:
    rows = store.select(query("parts"), thing=Iri(ID + thing)).rows
    for part, label, link, whole, whole_label in rows:
        name = short(str(part))
        if name != thing:
            yield Part(name, str(label), str(link), short(str(whole)), str(whole_label))


def _entry(group: list[Statement]) -> Entry:
    first = group[0]
    return Entry(
        said=first.said,
        said_from=first.said_from,
        said_to=first.said_to,
        dated_by=first.dated_by,
        thing=first.thing,
        thing_label=first.thing_label,
        status=tuple(each.value_label for each in group if each.key == "status"),
        statements=tuple(group),
    )
