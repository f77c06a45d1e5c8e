"""The names Caspian writes: namespaces, prefixes, and every term the code mentions."""

from functools import lru_cache

from kg.terms import iri

__all__ = [
    "CAS",
    "CLAIM",
    "EDTF",
    "GRAPH",
    "ID",
    "PREFIXES",
    "VALUE",
    "cas",
    "curie",
    "graph",
    "thing",
]

BASE = "https://w3id.org/caspian/"
CAS = BASE + "ontology#"
ID = BASE + "id/"
CLAIM = BASE + "claim/"
VALUE = BASE + "value/"
GRAPH = BASE + "graph/"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
GEO = "http://www.opengis.net/ont/geosparql#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
DCTERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
SH = "http://www.w3.org/ns/shacl#"
VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
SD = "http://www.w3.org/ns/sparql-service-description#"
DCAT = "http://www.w3.org/ns/dcat#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "cas": CAS,
    "id": ID,
    "c": CLAIM,
    "v": VALUE,
    "graph": GRAPH,
    "oa": OA,
    "org": ORG,
    "geo": GEO,
    "skos": SKOS,
    "schema": SCHEMA,
    "dcterms": DCTERMS,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "prov": PROV,
    "sh": SH,
    "void": VOID,
    "sd": SD,
    "dcat": DCAT,
    "xsd": XSD,
}


def curie(iri: str) -> str:
    """The IRI shortened by a prefix of the table; as it is where none fits.

    >>> curie("https://w3id.org/caspian/id/place/amirabad")
    'id:place/amirabad'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
WKT = GEO + "wktLiteral"


@lru_cache(maxsize=4096)
def cas(name: str) -> str:
    """The term of Caspian's ontology, as an N-Quads term.

    >>> cas("supplier")
    '<https://w3id.org/caspian/ontology#supplier>'
    """
    return iri(CAS + name)


@lru_cache(maxsize=65536)
def thing(name: str) -> str:
    """The thing with this id, as an N-Quads term.

    >>> thing("place/amirabad")
    '<https://w3id.org/caspian/id/place/amirabad>'
    """
    return iri(ID + name)


@lru_cache(maxsize=65536)
def graph(name: str) -> str:
    """The named graph, as an N-Quads term.

    >>> graph("view/us")
    '<https://w3id.org/caspian/graph/view/us>'
    """
    return iri(GRAPH + name)


@lru_cache(maxsize=1024)
def claim_property(key: str) -> str:
    """The property from a thing to a claim about its `key`.

    >>> claim_property("supplier")
    '<https://w3id.org/caspian/claim/supplier>'
    """
    return iri(CLAIM + key)


@lru_cache(maxsize=1024)
def value_property(key: str) -> str:
    """The property from a claim about a `key` to what it says.

    >>> value_property("supplier")
    '<https://w3id.org/caspian/value/supplier>'
    """
    return iri(VALUE + key)


TYPE = iri(RDF + "type")
LABEL = iri(RDFS + "label")
COMMENT = iri(RDFS + "comment")
PREF_LABEL = iri(SKOS + "prefLabel")
ALT_LABEL = iri(SKOS + "altLabel")
BROADER = iri(SKOS + "broader")
IN_SCHEME = iri(SKOS + "inScheme")
EXACT_MATCH = iri(SKOS + "exactMatch")
EDITORIAL_NOTE = iri(SKOS + "editorialNote")
CONCEPT_SCHEME = iri(SKOS + "ConceptScheme")
SOURCE = iri(DCTERMS + "source")
LICENCE = iri(DCTERMS + "license")
DESCRIPTION = iri(DCTERMS + "description")
HEADLINE = iri(SCHEMA + "headline")
PUBLISHER = iri(SCHEMA + "publisher")
HAS_SOURCE = iri(OA + "hasSource")
HAS_SELECTOR = iri(OA + "hasSelector")
POSITION_SELECTOR = iri(OA + "TextPositionSelector")
QUOTE_SELECTOR = iri(OA + "TextQuoteSelector")
RANGE_SELECTOR = iri(OA + "RangeSelector")
HAS_START_SELECTOR = iri(OA + "hasStartSelector")
HAS_END_SELECTOR = iri(OA + "hasEndSelector")
START = iri(OA + "start")
END = iri(OA + "end")
EXACT = iri(OA + "exact")
POST_IN = iri(ORG + "postIn")
SUB_ORGANIZATION_OF = iri(ORG + "subOrganizationOf")
WITHIN = iri(GEO + "sfWithin")
HAS_GEOMETRY = iri(GEO + "hasGeometry")
AS_WKT = iri(GEO + "asWKT")
ONTOLOGY = iri(OWL + "Ontology")
IDENTIFIER = iri(DCTERMS + "identifier")
TITLE = iri(DCTERMS + "title")
