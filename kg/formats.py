"""The formats answers and graphs are written in: one table each, and the way to one by its name."""

from typing import Literal, NamedTuple

from kg.errors import UnknownNameError, near

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Format", "named"]

_W3C = "http://www.w3.org/ns/formats/"


class Format(NamedTuple):
    """A format: what it is called, how HTTP and files call it, and what it can hold."""

    name: str
    media_type: str
    extension: str
    holds: Literal["solutions", "triples", "quads"]
    w3c: str
    """What the W3C calls it, in https://www.w3.org/ns/formats/."""

    @property
    def iri(self) -> str:
        """The format's name in service descriptions.

        >>> named("turtle").iri
        'http://www.w3.org/ns/formats/Turtle'
        """
        return _W3C + self.w3c


RESULT_FORMATS = (
    Format("json", "application/sparql-results+json", ".srj", "solutions", "SPARQL_Results_JSON"),
    Format("xml", "application/sparql-results+xml", ".srx", "solutions", "SPARQL_Results_XML"),
    Format("csv", "text/csv", ".csv", "solutions", "SPARQL_Results_CSV"),
    Format("tsv", "text/tab-separated-values", ".tsv", "solutions", "SPARQL_Results_TSV"),
)

GRAPH_FORMATS = (
    Format("turtle", "text/turtle", ".ttl", "triples", "Turtle"),
    Format("ntriples", "application/n-triples", ".nt", "triples", "N-Triples"),
    Format("nquads", "application/n-quads", ".nq", "quads", "N-Quads"),
    Format("trig", "application/trig", ".trig", "quads", "TriG"),
    Format("jsonld", "application/ld+json", ".jsonld", "quads", "JSON-LD"),
    Format("rdfxml", "application/rdf+xml", ".rdf", "triples", "RDF_XML"),
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
