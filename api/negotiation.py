"""Which of the media types on offer suits a client best (RFC 9110, section 12.5.1).

The libraries looked at either drop ranges with q=0, so that `text/csv;q=0, */*` still gets CSV, or
bring a whole framework.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["MediaType", "choose", "media_type"]

# a string that is not closed ends with the header, so that no character is looked at twice
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_ELEMENTS = re.compile(rf'(?:{_STRING}|[^",])++')
_PARTS = re.compile(rf'(?:{_STRING}|[^";])++')
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class MediaType(NamedTuple):
    """A media type or a range of them, in lower case, with its parameters."""

    type: str
    subtype: str
    parameters: dict[str, str]

    @property
    def essence(self) -> str:
        """The type without parameters, such as `text/turtle`."""
        return f"{self.type}/{self.subtype}"


class _Range(NamedTuple):
    media: MediaType
    quality: float

    def fit(self, offer: str) -> int:
        """How closely the range describes the offer; 0 where it does not.

        A range with parameters, such as JSON-LD's profile, counts where no plain one does: the
        parameters are a wish that may be disregarded.
        """
        if self.media.essence == offer:
            plain = self.media.parameters.items() <= {("charset", "utf-8")}
            return 4 if plain else 3
        if self.media.essence == f"{offer.partition('/')[0]}/*":
            return 2
        return int(self.media.essence == "*/*")


def media_type(text: str) -> MediaType | None:
    """The media type the text names; None where it names none.

    >>> media_type('Text/Turtle; charset="UTF-8"')
    MediaType(type='text', subtype='turtle', parameters={'charset': 'utf-8'})
    """
    essence, *parameters = _PARTS.findall(text) or [""]
    kind, _, subtype = essence.strip().lower().partition("/")
    if not (_TOKEN.fullmatch(kind) and _TOKEN.fullmatch(subtype)):
        return None
    return MediaType(kind, subtype, dict(_parameters(parameters)))


def _parameters(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if equals:
            yield name.strip().lower(), value.strip().strip('"').lower()


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer the client likes best, the earlier of equals; None where it likes none.

    >>> choose("text/csv;q=0.5, application/*", ["text/csv", "application/json"])
    'application/json'
    >>> choose("image/png", ["text/csv"]) is None
    True
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [*_ranges(accept)]
    liked = [(_quality(ranges, offer), -place) for place, offer in enumerate(offers)]
    quality, place = max(liked)
    return offers[-place] if quality > 0 else None


def _quality(ranges: Sequence[_Range], offer: str) -> float:
    """The quality the range gives that fits the offer most closely; 0 where none fits."""
    fit, quality = max(((each.fit(offer), each.quality) for each in ranges), default=(0, 0.0))
    return quality if fit else 0.0


def _ranges(accept: str) -> Iterator[_Range]:
    """The ranges that can be read; the others say nothing."""
    for element in _ELEMENTS.findall(accept):
        # java.net.HttpURLConnection asks for "*; q=.2", which means */*
        media = media_type(re.sub(r"^\s*\*\s*(;|$)", r"*/*\1", element))
        quality = _number(media.parameters.pop("q", "1")) if media else None
        if media and quality is not None:
            yield _Range(media, quality)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
