"""How relations are put to a reader: who says it, what they say, in which words."""

import re
from collections.abc import Sequence

from kg.dates import Bounds
from kg.geodesy import BEARINGS, line
from kg.known import Known
from kg.measures import metres
from kg.records import Record
from kg.values import Date, Distance, Money, Quantity, Ref, Text, Value, Whole, wording_of

__all__ = ["article", "by_coordinates", "name", "property_of", "value", "when", "who", "words"]

_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def article(record: Record) -> str:
    """The article, by the first part of its name.

    >>> from types import SimpleNamespace
    >>> article(SimpleNamespace(article="002_823e27110d85d8d8"))
    'article 002'
    """
    return f"article {record.article.partition('_')[0]}"


def who(record: Record, known: Known, unnamed: str) -> str:
    """Who says it, through whom, and where it stands."""
    speaker, *relayed = record.telling.chain
    if speaker.startswith(unnamed):
        return article(record)
    through = [known.label(each) for each in relayed[:-1]]
    place = f"headline of {article(record)}" if record.form == "headline" else article(record)
    if through:
        return f"{known.label(speaker)}, as {_listed(through)} relayed it ({place}),"
    return f"{known.label(speaker)} ({place})"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def property_of(key: str) -> str:
    """The property in words.

    >>> property_of("monetaryValue")
    'monetary value'
    """
    return _CAPITAL.sub(" ", key).lower()


def value(given: Value, known: Known) -> str:
    """The value, in the article's words and then in ours where they say more."""
    match given:
        case Ref(id=thing, written=written):
            label = known.label(thing)
            return f"{label} (“{written}”)" if written and written != label else label
        case Text(text=text):
            return f"“{text}”"
        case Whole(number=number):
            return str(number)
        case Distance():
            return _distance(given, known)
        case _:
            return _bounded(given)


def _bounded(given: Quantity | Money | Date) -> str:
    if isinstance(given, Date):
        exact = given.edtf
    else:
        low, high = given.minimum, given.maximum
        low_text, high_text = (
            "…" if end is None else f"{end.normalize():,f}" for end in (low, high)
        )
        exact = low_text if low == high else f"{low_text} to {high_text}"
        exact += f" {given.currency}" if isinstance(given, Money) else ""
    words = wording_of(given)
    return f"“{words}” ({exact})" if words and words != exact else exact


def _distance(given: Distance, known: Known) -> str:
    place = known.label(given.place)
    direction = f" {BEARINGS[given.bearing][0]} of" if given.bearing else " from"
    length = metres(given)
    if length is None:
        return f"{direction.strip()} {place}"
    about = "about " if given.approximate else ""
    number = f"{given.number:,f} {given.unit}"
    kilometres = "" if given.unit == "km" else f" ({round(length / 1000):,} km)"
    return f"{about}{number}{kilometres}{direction} {place}"


def by_coordinates(place: str, other: str, known: Known) -> str:
    """How far apart the two places are, as the end of a sentence; nothing where that is unknown."""
    here, there = known.point(place), known.point(other)
    if here is None or there is None:
        return ""
    return f"; by coordinates it is about {round(line(there, here).metres / 1000):,} km"


def name(record: Record, known: Known) -> str:
    """What the article calls the thing."""
    written = wording_of(record.value)
    return f"“{written or value(record.value, known)}”"


def words(record: Record) -> str:
    """The words quoted."""
    return f"“{' … '.join(record.passage.parts)}”"


def when(bounds: Bounds) -> str:
    """When something was said.

    >>> when(Bounds("2023-06-09", "2023-06-09")), when(Bounds("", "2022-07-31"))
    ('2023-06-09', 'until 2022-07-31')
    """
    first, last = bounds
    if first == last:
        return first or "at a time unknown"
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}"
