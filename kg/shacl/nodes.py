"""RDF terms of rdflib from N-Triples text, and back, spelt as they were."""

from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from kg.shacl.literals import STRING, is_blank, is_iri, parts
from kg.terms import literal

__all__ = ["node", "term"]


def node(term: str) -> Node:
    """The term for rdflib.

    >>> node('"01"^^<http://www.w3.org/2001/XMLSchema#integer>').n3()
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if is_iri(term):
        return URIRef(term[1:-1])
    if is_blank(term):
        return BNode(term[2:])
    said = parts(term)
    if said.language:
        return Literal(said.text, lang=said.language)
    datatype = None if said.datatype == STRING else URIRef(said.datatype)
    return Literal(said.text, datatype=datatype, normalize=False)


def term(node: Node) -> str:
    """The term as N-Triples text.

    >>> term(URIRef("urn:a")), term(Literal("x", datatype=URIRef(STRING)))
    ('<urn:a>', '"x"')
    """
    if isinstance(node, Literal):
        if node.language:
            return literal(str(node), language=node.language)
        datatype = str(node.datatype or "")
        return literal(str(node), "" if datatype == STRING else datatype)
    return f"_:{node}" if isinstance(node, BNode) else f"<{node}>"
