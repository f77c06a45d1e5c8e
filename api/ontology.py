"""What the IRIs of the ontology and of the shapes answer with: a page, or RDF.

`tell` takes and gives plain values and touches nothing but the store and the model, so that it can
run in another process as well as in this one.
"""

from collections.abc import Iterator
from typing import NamedTuple

from api.describing import FORMS, HTML, JSON, Form, headers_for, liked, page_result
from api.evaluation import Result
from api.html import Markup
from api.terms import Asked, Sample, ontology_page, shapes_page
from kg.errors import QueryError, UnknownNameError, near
from kg.ontology import SHAPES, Document, Model, Term
from kg.rdf import rewritten
from kg.shacl.literals import text
from kg.statements import query
from kg.store import Iri, Store
from kg.vocab import BASE, CAS, CLAIM, DCTERMS, ID, OWL, VALUE

__all__ = ["TELLING", "tell"]

TELLING = tuple(form for form in FORMS if form != JSON)
"""What the ontology, and each of its parts, can be had as."""

_TURTLE = "text/turtle"
_TITLE, _DESCRIPTION = f"<{DCTERMS}title>", f"<{DCTERMS}description>"


class _Found(NamedTuple):
    """A document by what it is called."""

    document: Document
    whole: bool
    """Whether it is made of several files."""


def tell(store: Store, model: Model, path: str, accept: str | None, *, most: int) -> Result:
    """The document at https://w3id.org/caspian/ and the path, as the client likes it.

    A path that ends like a form's address, as ontology.ttl does, chooses that form.

    Raises UnknownNameError with near names, NotAcceptableError, or QueryError for an answer of more
    than `most` bytes.
    """
    found = _documents(model)
    path, form = _chosen(path, tuple(found))
    form = form or liked(accept, TELLING)
    headers = headers_for(path, form, TELLING)
    if form == HTML:
        result = page_result(_page(store, model, path, found[path]), headers, 200)
    else:
        result = Result(form.media_type, _body(found[path], form), headers)
    if len(result.body) > most:
        raise QueryError(f"the answer is larger than {most:,} bytes; ask for one of its modules")
    return result


def _documents(model: Model) -> dict[str, _Found]:
    """What there is, by path; a version of the ontology is the ontology."""
    whole = _Found(model.whole, whole=True)
    return {
        whole.document.path: whole,
        model.version_iri.removeprefix(BASE): whole,
        SHAPES.removeprefix(BASE): _Found(model.all_shapes, whole=True),
        **{path: _Found(each, whole=False) for path, each in model.documents.items()},
    }


def _chosen(path: str, paths: tuple[str, ...]) -> tuple[str, Form | None]:
    if path in paths:
        return path, None
    for form in TELLING:
        if (known := path.removesuffix(form.ending)) != path and known in paths:
            return known, form
    raise UnknownNameError(path, near(path, paths))


def _body(found: _Found, form: Form) -> bytes:
    """The document; in Turtle a file as it was written, comments and all."""
    if form.media_type == _TURTLE and not found.whole:
        return found.document.text.encode()
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in found.document.triples)
    return rewritten(lines.encode(), form.media_type, found.document.prefixes)


def _page(store: Store, model: Model, path: str, found: _Found) -> Markup:
    document = found.document
    forms = tuple((form.ending, form.media_type) for form in TELLING if form != HTML)
    title, lead = (_said(document, key) for key in (_TITLE, _DESCRIPTION))
    if document.iri.startswith(SHAPES):
        names = {subject[1:-1] for subject, _, _ in document.triples}
        rules = [rule for iri, rule in model.named_shapes.items() if iri in names]
        title = "Shapes" + f": {document.path.rpartition('/')[2]}" * ("/" in document.path)
        lead = "What must hold of the data, and what to do where it does not."
        return shapes_page(Asked(path, model, forms, {}), title, lead, rules)
    terms = [*_terms(model, found)]
    asked = Asked(path, model, forms, dict(_samples(store, terms)))
    return ontology_page(asked, title, lead, terms)


def _said(document: Document, key: str) -> str:
    about = f"<{document.iri}>"
    return next((text(o) for s, p, o in document.triples if (s, p) == (about, key)), "")


def _terms(model: Model, found: _Found) -> Iterator[Term]:
    """The terms that a document defines; the whole leaves c: and v: to their module."""
    for term in model.terms.values():
        if found.whole:
            if not term.iri.startswith((CLAIM, VALUE)):
                yield term
        elif term.module == found.document.path:
            yield term


def _samples(store: Store, terms: list[Term]) -> Iterator[tuple[str, Sample]]:
    """A thing of each class, and one that each property is claimed of, if the graph has any."""
    for term in terms:
        if term.is_a(OWL + "Class") and term.iri.startswith(CAS):
            rows = store.select(query("instance"), node=Iri(term.iri)).rows
        elif claimed := term.one(CAS + "claimProperty"):
            rows = store.select(query("claimed"), node=Iri(claimed)).rows
        else:
            continue
        for thing, name in rows:
            if str(thing).startswith(ID):
                path = str(thing).removeprefix(BASE)
                yield term.iri, Sample(path, str(name or path.removeprefix("id/")))
