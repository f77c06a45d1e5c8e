"""What an answer can be had as: the media types on offer for each kind of answer."""

from functools import lru_cache
from typing import NamedTuple

from api.errors import NotAcceptableError
from api.negotiation import choose
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, named

__all__ = ["OFFERS", "Offer", "offer"]


class Offer(NamedTuple):
    """A media type a client can ask for, and the format that is sent under it."""

    media_type: str
    format: Format


_SOLUTIONS = (
    *(Offer(form.media_type, form) for form in RESULT_FORMATS),
    # what people type who do not know the long name by heart
    Offer("application/json", named("json")),
)

# SPARQL 1.1 Query Results CSV and TSV Formats, section 1: they hold no ASK result
OFFERS = {
    "select": _SOLUTIONS,
    "ask": tuple(each for each in _SOLUTIONS if each.format.name in {"json", "xml"}),
    "graph": tuple(Offer(form.media_type, form) for form in GRAPH_FORMATS),
}


@lru_cache(maxsize=256)
def offer(accept: str | None, kind: str) -> Offer:
    """What a client gets who accepts this, for an answer of that kind.

    >>> offer("text/csv, */*;q=0.1", "select").format.name
    'csv'
    >>> offer(None, "graph").media_type
    'text/turtle'

    Raises NotAcceptableError, with what there is, where the client accepts none of it.
    """
    offers = {each.media_type: each for each in OFFERS[kind]}
    chosen = choose(accept, list(offers))
    if chosen is None:
        raise NotAcceptableError(tuple(offers))
    return offers[chosen]
