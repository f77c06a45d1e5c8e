"""The pages of the ontology: its terms, each with its meaning, an example and its shapes.

Like the pages of things they are read without a script. The page of the whole has a place for each
term, where the IRI of the term leads: ontology#supplier.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from api.html import Markup, document, element, joined
from api.links import Links
from api.said import listed, spaced
from kg.ontology import SHAPES, Model, Rule, Term
from kg.vocab import CAS, CLAIM, DCTERMS, ID, OWL, RDF, RDFS, SKOS, VALUE, curie

__all__ = ["Asked", "Sample", "ontology_page", "shapes_page"]

_TYPE, _LABEL = RDF + "type", RDFS + "label"
_DEFINITION, _EXAMPLE, _NOTE = SKOS + "definition", SKOS + "example", SKOS + "scopeNote"
_DISJOINT, _BELOW, _SCHEME = OWL + "disjointWith", RDFS + "subClassOf", SKOS + "inScheme"
_APPLIES, _VALUES, _KEY = CAS + "appliesTo", CAS + "valueClass", CAS + "key"
_SAID = {_LABEL, _DEFINITION, _EXAMPLE, _NOTE, _DISJOINT, _TYPE, SKOS + "prefLabel", _KEY}
_SAID |= {RDFS + "isDefinedBy", CAS + "claimProperty", CAS + "valueProperty"}

_OF_VIEWS = {RDFS + "domain", RDFS + "range"}
_WORDS = {
    _BELOW: "is a kind of",
    RDFS + "domain": "is said of",
    RDFS + "range": "its values are",
    DCTERMS + "source": "definition from",
    SKOS + "inScheme": "in the list",
}
"""Properties of other vocabularies, in words."""


@dataclass(frozen=True)
class Sample:
    """Where the graph has a term: the path of a thing, and what that is called."""

    path: str
    name: str


@dataclass(frozen=True)
class Asked:
    """A page that is asked for."""

    path: str
    model: Model = field(repr=False)
    forms: tuple[tuple[str, str], ...]
    """What it can be had as besides: the ending of its path, and the media type."""
    samples: Mapping[str, Sample]
    """An instance, or a use, of each term that the graph has any of."""

    @property
    def links(self) -> Links:
        """Links from the page."""
        return Links("../" * self.path.count("/"))


_KINDS = {
    "classes": "Classes",
    "claims": "What is claimed",
    "properties": "Other properties",
    "lists": "Lists of concepts",
    "pairs": "Properties of claims and of values",
    "borrowed": "Terms of others",
}


def _kind(term: Term) -> str:
    """Under which heading the term stands; empty for concepts, which stand in their list."""
    if term.iri.startswith((CLAIM, VALUE)):
        return "pairs"
    if term.iri.startswith(ID):
        return "lists" if term.is_a(SKOS + "ConceptScheme") else ""
    if not term.iri.startswith(CAS):
        return "borrowed"
    if term.is_a(CAS + "ClaimProperty"):
        return "claims"
    return "classes" if term.is_a(OWL + "Class") else "properties"


def ontology_page(asked: Asked, title: str, lead: str, terms: Iterable[Term]) -> Markup:
    """The page of the ontology, or of one of its modules, with these terms."""
    groups: dict[str, list[Term]] = {kind: [] for kind in _KINDS}
    for term in terms:
        if kind := _kind(term):
            groups[kind].append(term)
    shown = {kind: found for kind, found in groups.items() if found}
    whole = asked.path not in asked.model.documents
    sections = (each for kind, found in shown.items() for each in _group(asked, kind, found))
    contents = (element("a", _KINDS[kind], href=f"#{kind}") for kind in shown)
    return _page(
        asked,
        title,
        lead,
        joined(element("a", "How to get it", href="#use"), *contents),
        joined(_use(asked, whole=whole), *sections),
    )


def shapes_page(asked: Asked, title: str, lead: str, rules: Iterable[Rule]) -> Markup:
    """The page of the shapes, or of one of their files."""
    found = (
        element(
            "section",
            element("h2", element("code", _short(rule.shape))),
            *([_sayings(rule.says)] if rule.says else []),
            element("pre", element("code", rule.text)),
            id=rule.shape.partition("#")[2],
        )
        for rule in rules
    )
    return _page(asked, title, lead, "", joined(_use(asked, whole=False), *found))


def _page(asked: Asked, title: str, lead: str, contents: str, body: str) -> Markup:
    links = asked.links
    last = asked.path.rpartition("/")[2]
    forms = (
        element("a", ending[1:], href=last + ending, type=kind) for ending, kind in asked.forms
    )
    nav = (("First page", ""), ("Ontology", "ontology"), ("Shapes", "shapes"))
    return document(
        f"{title} · Caspian",
        element(
            "header",
            element(
                "p", element("a", "Caspian", href=links.root or "."), " · ontology", class_="crumb"
            ),
            element("h1", title),
            *([element("p", lead, class_="lead")] if lead else []),
            element("p", element("code", f"https://w3id.org/caspian/{asked.path}"), class_="iri"),
            element("nav", contents, class_="contents"),
            class_="hero",
        ),
        element("main", body),
        element(
            "footer",
            element("nav", *(element("a", t, href=links.root + p or ".") for t, p in nav)),
            element("p", "The same as ", listed(forms)),
        ),
        root=links.root,
    )


# -- what stands above the terms


_INDEXED = {"classes", "claims", "properties", "lists"}

_TOLD = {
    "classes": "What things, and what claims are made of, are.",
    "claims": "What somebody can claim of a thing. Outside views none of these stands as a plain "
    "triple: `c:supplier` leads from a thing to a claim, `v:supplier` from the claim to what it "
    "says.",
    "properties": "Of claims, evidence, speakers and reference data; nobody claims these.",
    "lists": "By which claims and things are graded and sorted.",
    "pairs": "Of each property that can be claimed: `c:` leads from a thing to a claim, `v:` from "
    "the claim to what it says.",
    "borrowed": "Used by name; nothing is imported. What each is used for here:",
}


def _group(asked: Asked, kind: str, terms: Sequence[Term]) -> Iterator[Markup]:
    """What the terms of a kind are, and each of them."""
    yield element(
        "section",
        element("h2", _KINDS[kind], " ", element("small", f"{len(terms)}")),
        element("p", *_marked(_TOLD[kind]), class_="standing"),
        *([_index(asked, terms)] if kind in _INDEXED else []),
        id=kind,
    )
    yield from _WRITERS[kind](asked, terms)


def _index(asked: Asked, terms: Iterable[Term]) -> Markup:
    ordered = sorted(terms, key=lambda term: term.label)
    return element(
        "p", listed((_link(asked, each.iri, each.label) for each in ordered), " · "), class_="index"
    )


def _use(asked: Asked, *, whole: bool) -> Markup:
    """Where it is to be had, and its parts."""
    links, model = asked.links, asked.model
    last = asked.path.rpartition("/")[2]
    rows = [
        (
            "Formats",
            listed((element("a", kind, href=last + end) for end, kind in asked.forms), " · "),
        ),
        (
            "By name",
            joined(
                element("code", "Accept"),
                " chooses the format at ",
                element("code", f"https://w3id.org/caspian/{asked.path}"),
            ),
        ),
    ]
    if whole:
        modules = (links.iri(each.iri, each.path) for each in model.ontology[1:])
        rows += [
            ("Prefix", element("code", f"@prefix cas: <{CAS}> .")),
            ("Version", links.iri(model.version_iri, model.version_iri)),
            ("Modules", listed(modules, " · ")),
            ("Shapes", links.iri(SHAPES, "shapes")),
        ]
    body = (element("tr", element("th", head), element("td", cell)) for head, cell in rows)
    return element(
        "section",
        element("h2", "How to get it"),
        element("table", element("tbody", *body), class_="facts"),
        id="use",
    )


# -- the terms


def _terms(asked: Asked, terms: Iterable[Term]) -> Iterator[Markup]:
    for term in terms:
        yield element(
            "section",
            element("h3", term.label, " ", element("code", curie(term.iri))),
            element("p", term.one(_DEFINITION)),
            *_examples(asked, term),
            element("table", element("tbody", *_rows(asked, term)), class_="facts"),
            *_rules(asked, term),
            element(
                "details", element("summary", "Turtle"), element("pre", element("code", term.text))
            ),
            id=term.iri.removeprefix(CAS),
            class_="term",
        )


def _examples(asked: Asked, term: Term) -> Iterator[Markup]:
    for text in term.told.get(_EXAMPLE, ()):
        yield element("p", element("span", "Example", class_="chip"), " ", text, class_="example")
    if sample := asked.samples.get(term.iri):
        yield element(
            "p",
            element("span", "In the graph", class_="chip"),
            " ",
            element("a", sample.name, href=asked.links.root + sample.path),
            class_="example",
        )


def _rows(asked: Asked, term: Term) -> Iterator[Markup]:
    for head, values in _facts(asked.model, term):
        cells = listed((_value(asked, each) for each in values), ", ")
        yield element("tr", element("th", head), element("td", cells))


def _facts(model: Model, term: Term) -> Iterator[tuple[str, Iterable[str]]]:
    """What is said of a term and of what leads to it, in words."""
    is_claimed = term.is_a(CAS + "ClaimProperty")
    for key, values in term.told.items():
        # what can be claimed says itself what of, and what its values are
        if key not in _SAID and not (is_claimed and key in _OF_VIEWS):
            known = model.terms.get(key)
            yield _WORDS.get(key) or (known.label if known else "") or spaced(key), values
    if term.is_a(OWL + "Class"):
        led = model.leading
        claimed = (each for above in _above(model, term.iri) for each in led(_APPLIES, above))
        concepts = (each for each in led(_TYPE, term.iri) if each.startswith(ID))
        found = {
            "kinds of it": led(_BELOW, term.iri),
            "what is claimed of it": tuple(dict.fromkeys(claimed)),
            "it is a value of": led(_VALUES, term.iri),
            "its concepts": tuple(concepts),
        }
        yield from ((head, values) for head, values in found.items() if values)
    if pair := [
        *term.told.get(CAS + "claimProperty", ()),
        *term.told.get(CAS + "valueProperty", ()),
    ]:
        yield "claims and values", pair
    if term.is_a(OWL + "FunctionalProperty"):
        yield "how many", ("one at most",)


def _above(model: Model, iri: str) -> Iterator[str]:
    yield iri
    if iri in model.terms:
        for each in model.terms[iri].told.get(_BELOW, ()):
            yield from _above(model, each)


def _rules(asked: Asked, term: Term) -> Iterator[Markup]:
    rules = asked.model.rules(term)
    if not rules:
        return
    items = (
        element("li", asked.links.iri(rule.shape, _short(rule.shape)), _sayings(rule.says))
        for rule in rules
    )
    yield element("h4", "What the shapes say")
    yield element("ul", *items, class_="plain shapes")


def _sayings(says: Iterable[str]) -> Markup:
    return element("ul", *(element("li", *_marked(each)) for each in says), class_="plain")


def _marked(text: str) -> Iterator[str]:
    """Text in which what stands between backticks is code."""
    for number, part in enumerate(text.split("`")):
        yield element("code", part) if number % 2 else part


def _lists(asked: Asked, terms: Iterable[Term]) -> Iterator[Markup]:
    model = asked.model
    for scheme in terms:
        concepts = (model.terms[each] for each in model.leading(_SCHEME, scheme.iri))
        rows = (
            element(
                "tr",
                element("td", _link(asked, each.iri, each.label)),
                element("td", each.one(_DEFINITION)),
                element("td", each.one(_EXAMPLE)),
            )
            for each in concepts
        )
        head = element("tr", *(element("th", text) for text in ("Concept", "Meaning", "Example")))
        yield element(
            "section",
            element("h3", scheme.label, " ", element("code", curie(scheme.iri))),
            element("p", scheme.one(_DEFINITION), " ", _link(asked, scheme.iri, "All of it")),
            element(
                "div",
                element("table", element("thead", head), element("tbody", *rows), class_="list"),
                class_="wide",
            ),
            id=scheme.iri.removeprefix(ID),
            class_="term",
        )


def _pairs(asked: Asked, terms: Iterable[Term]) -> Iterator[Markup]:
    yield from _table(
        ("Property", "Meaning", "Use"),
        (
            (
                _link(asked, each.iri, curie(each.iri)),
                each.one(_DEFINITION),
                element("code", each.one(_EXAMPLE)),
            )
            for each in terms
        ),
    )


def _borrowed(asked: Asked, terms: Iterable[Term]) -> Iterator[Markup]:
    yield from _table(
        ("Term", "Used for"),
        ((_link(asked, each.iri, curie(each.iri)), each.one(_NOTE)) for each in terms),
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[Markup]:
    head = element("tr", *(element("th", text) for text in heads))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    table = element("table", element("thead", head), element("tbody", *body), class_="list")
    yield element("section", table, class_="wide")


_WRITERS: Mapping[str, Callable[[Asked, Iterable[Term]], Iterator[Markup]]] = {
    "classes": _terms,
    "claims": _terms,
    "properties": _terms,
    "lists": _lists,
    "pairs": _pairs,
    "borrowed": _borrowed,
}


def _value(asked: Asked, value: str) -> Markup:
    known = asked.model.terms.get(value)
    return _link(asked, value, (known.label if known else "") or _short(value))


def _link(asked: Asked, iri: str, text: str) -> Markup:
    return asked.links.iri(iri, text)


def _short(iri: str) -> str:
    short = curie(iri)
    return short if short != iri else iri.removeprefix(f"{SHAPES}#").removeprefix("https://")
