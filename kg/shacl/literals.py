"""What an RDF term in N-Triples says: its kind, its text, its value where values are compared.

Values are compared as SPARQL's `<` does, within one family (numbers, strings, booleans, moments,
days); across families, and where a text is no value of its datatype, nothing is comparable.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from kg.terms import XSD
from kg.vocab import RDF

__all__ = [
    "Parts",
    "comparable",
    "is_blank",
    "is_iri",
    "is_literal",
    "parts",
    "text",
    "well_formed",
]

STRING = XSD + "string"
LANG_STRING = RDF + "langString"

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_NAMED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN", re.ASCII)
_TZ = r"(Z|[+-]\d\d:\d\d)?"
_DATE_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?{_TZ}", re.ASCII)
_DATE = re.compile(rf"\d{{4}}-\d\d-\d\d{_TZ}", re.ASCII)
_TIME = re.compile(rf"\d\d:\d\d:\d\d(\.\d+)?{_TZ}", re.ASCII)
_YEAR = re.compile(r"-?\d{4,}", re.ASCII)
_YEAR_MONTH = re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])", re.ASCII)

_DERIVED: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}


class Parts(NamedTuple):
    """A literal taken apart; the language is in small letters, the datatype an IRI."""

    text: str
    datatype: str
    language: str


class Comparable(NamedTuple):
    """A value, and what it may be compared with: values of the same family."""

    family: str
    value: Any


def is_iri(term: str) -> bool:
    """Whether the term is an IRI."""
    return term[0] == "<"


def is_blank(term: str) -> bool:
    """Whether the term is a blank node."""
    return term[0] == "_"


def is_literal(term: str) -> bool:
    """Whether the term is a literal."""
    return term[0] == '"'


def text(term: str) -> str:
    r"""The string of an IRI or a literal, as SPARQL's STR gives it.

    >>> text('"say \\"no\\""@en'), text("<urn:a>")
    ('say "no"', 'urn:a')
    """
    return term[1:-1] if is_iri(term) else parts(term).text


def parts(term: str) -> Parts:
    """The literal taken apart.

    >>> parts('"2"^^<http://www.w3.org/2001/XMLSchema#integer>').datatype.rpartition("#")[2]
    'integer'
    """
    end = term.rindex('"')
    body, rest = term[1:end], term[end + 1 :]
    if "\\" in body:
        body = _ESCAPE.sub(_unescaped, body)
    if rest.startswith("@"):
        return Parts(body, LANG_STRING, rest[1:].lower())
    return Parts(body, rest[3:-1] if rest else STRING, "")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _NAMED.get(found[3], found[3])


def well_formed(literal: Parts) -> bool:
    """Whether the text is one of its datatype's, as far as the datatype is known here."""
    read = _readers().get(literal.datatype)
    return read is None or read(literal.text) is not None


def comparable(term: str) -> Comparable | None:
    """The term's value and its family; None where nothing can be compared with it.

    >>> comparable('"several"').family, comparable('"130"^^<%sinteger>' % XSD)
    ('string', Comparable(family='number', value=130))
    """
    if not is_literal(term):
        return None
    literal = parts(term)
    read = _readers().get(literal.datatype)
    return read(literal.text) if read else None


@lru_cache(maxsize=1)
def _readers() -> dict[str, Callable[[str], Comparable | None]]:
    return {
        STRING: lambda said: Comparable("string", said),
        XSD + "boolean": _boolean,
        XSD + "decimal": _number(_DECIMAL, Decimal),
        XSD + "float": _number(_FLOAT, float),
        XSD + "double": _number(_FLOAT, float),
        XSD + "dateTime": _date_time,
        XSD + "date": _date,
        XSD + "time": _time,
        XSD + "gYear": _number(_YEAR, int, "year"),
        XSD + "gYearMonth": _year_month,
    } | {XSD + name: _bounded(*bounds) for name, bounds in _DERIVED.items()}


def _number(
    form: re.Pattern[str], make: Callable[[str], Any], family: str = "number"
) -> Callable[[str], Comparable | None]:
    return lambda said: Comparable(family, make(said)) if form.fullmatch(said) else None


def _bounded(least: int | None, most: int | None) -> Callable[[str], Comparable | None]:
    def read(said: str) -> Comparable | None:
        if not _INTEGER.fullmatch(said):
            return None
        value = int(said)
        if (least is not None and value < least) or (most is not None and value > most):
            return None
        return Comparable("number", value)

    return read


def _boolean(said: str) -> Comparable | None:
    known = {"true": True, "1": True, "false": False, "0": False}
    return Comparable("boolean", known[said]) if said in known else None


def _date_time(said: str) -> Comparable | None:
    if not _DATE_TIME.fullmatch(said):
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return _zoned("moment", moment)


def _date(said: str) -> Comparable | None:
    if not _DATE.fullmatch(said):
        return None
    zone = _ZONE.search(said[10:])
    try:
        day = date.fromisoformat(said[:10])
        moment = datetime.fromisoformat(f"{day}T00:00:00{zone[0] if zone else ''}")
    except ValueError:
        return None
    return _zoned("day", moment)


def _zoned(family: str, moment: datetime) -> Comparable:
    """With a time zone and without cannot be compared: fourteen hours lie between."""
    if moment.tzinfo is None:
        return Comparable(family, moment)
    # counted, because the first and the last day of the calendar have no time zones around them
    since = moment.replace(tzinfo=UTC) - datetime(1, 1, 1, tzinfo=UTC)
    return Comparable(f"{family} in a zone", since - (moment.utcoffset() or timedelta()))


def _time(said: str) -> Comparable | None:
    if not _TIME.fullmatch(said):
        return None
    try:
        clock = time.fromisoformat(said)
    except ValueError:
        return None
    passed = timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )
    offset = clock.utcoffset()
    return Comparable(
        "time" if offset is None else "time in a zone", passed - (offset or timedelta())
    )


def _year_month(said: str) -> Comparable | None:
    if not _YEAR_MONTH.fullmatch(said):
        return None
    year, _, month = said.rpartition("-")
    return Comparable("month", (int(year), int(month)))
