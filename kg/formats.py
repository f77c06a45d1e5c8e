"""The formats answers and graphs are written in: one table each, and the way to one by its name."""

from typing import Literal, NamedTuple

from kg.errors import UnknownNameError, near

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Format", "named"]


class Format(NamedTuple):
    """A format: what it is called, how HTTP and files call it, and what it can hold."""

    name: str
    media_type: str
    extension: str
    holds: Literal["solutions", "triples", "quads"]


RESULT_FORMATS = (
    Format("json", "application/sparql-results+json", ".srj", "solutions"),
    Format("xml", "application/sparql-results+xml", ".srx", "solutions"),
    Format("csv", "text/csv", ".csv", "solutions"),
    Format("tsv", "text/tab-separated-values", ".tsv", "solutions"),
)

GRAPH_FORMATS = (
    Format("turtle", "text/turtle", ".ttl", "triples"),
    Format("ntriples", "application/n-triples", ".nt", "triples"),
    Format("nquads", "application/n-quads", ".nq", "quads"),
    Format("trig", "application/trig", ".trig", "quads"),
    Format("jsonld", "application/ld+json", ".jsonld", "quads"),
    Format("rdfxml", "application/rdf+xml", ".rdf", "triples"),
)


def named(name: str) -> Format:
    """The format of this name.

    >>> named("trig").media_type
    'application/trig'
    """
    formats = {form.name: form for form in RESULT_FORMATS + GRAPH_FORMATS}
    if name not in formats:
        raise UnknownNameError(name, near(name, list(formats)))
    return formats[name]
