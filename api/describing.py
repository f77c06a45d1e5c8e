"""What a thing answers with at its own address: its description, in the form the client likes best.

`describe` takes and gives plain values and touches nothing but the store, so that it can run in
another process as well as in this one.
"""

from collections.abc import Iterator
from typing import NamedTuple

from api.errors import NotAcceptableError
from api.evaluation import Result
from api.headers import PAGE_POLICY
from api.html import Markup
from api.links import address
from api.models_claims import Profile
from api.negotiation import choose
from api.thing import Linked, Page, missing, thing_page
from kg.described import description
from kg.errors import AmbiguousNameError, QueryError, UnknownNameError
from kg.facts import Facts, facts, is_known, links_to
from kg.formats import GRAPH_FORMATS
from kg.named import named
from kg.profile import profile
from kg.resolve import resolve, short
from kg.statements import COUNTED, Statement, claims_naming, claims_of, linked
from kg.store import Store
from kg.vocab import BASE, CAS, ID, VALUE

__all__ = [
    "FORMS",
    "HTML",
    "JSON",
    "Form",
    "describe",
    "headers_for",
    "liked",
    "page_result",
]


class Form(NamedTuple):
    """What a description can be had as: the ending of its address, and its media type."""

    ending: str
    media_type: str


JSON, HTML = Form(".json", "application/json"), Form(".html", "text/html")
FORMS = (*(Form(each.extension, each.media_type) for each in GRAPH_FORMATS), JSON, HTML)
"""Turtle first: it is what a client gets that names nothing, and the page for one that asks."""

_GRAPHS = {each.media_type: each for each in GRAPH_FORMATS}
_PROBLEM = "application/problem+json"
_ABOUT, _PRINCIPAL = CAS + "about", CAS + "principal"
_OF_CLAIMS = tuple(
    CAS + key for key in ("firstClaim", "secondClaim", "checks", "concludes", "inClaim")
)


def describe(store: Store, path: str, accept: str | None, *, most: int) -> Result:
    """What is known of the thing at https://w3id.org/caspian/ and the path, as the client likes it.

    A path that ends like a form's address, as id/place/amirabad.ttl does, chooses that form. Where
    there is no such thing a client that likes a page better gets one, with status 404.

    Raises UnknownNameError with near names, NotAcceptableError, or QueryError for an answer of more
    than `most` bytes.
    """
    try:
        found, chosen = _found(store, path)
    except UnknownNameError as error:
        if choose(accept, (_PROBLEM, HTML.media_type)) != HTML.media_type:
            raise
        return page_result(missing(path, error.near), (), 404)
    forms = _forms(store, found)
    form = chosen or liked(accept, forms)
    if form not in forms:
        raise UnknownNameError(short(BASE + path), (short(BASE + found),))
    headers = headers_for(found, form, forms)
    if form == HTML:
        result = page_result(thing_page(_gathered(store, found, forms)), headers, 200)
    else:
        result = Result(form.media_type, _body(store, found, form, most), headers)
    if len(result.body) > most:
        raise QueryError(f"the answer is larger than {most:,} bytes; ask /sparql for a part of it")
    return result


def _found(store: Store, path: str) -> tuple[str, Form | None]:
    """The path of a thing there is, and the form that the rest of the path names."""
    if is_known(store, BASE + path):
        return path, None
    for form in FORMS:
        thing = path.removesuffix(form.ending)
        if thing != path and is_known(store, BASE + thing):
            return thing, form
    raise UnknownNameError(short(BASE + path), _near(store, short(BASE + path)))


def _near(store: Store, name: str) -> tuple[str, ...]:
    try:
        return (resolve(store, name),)
    except UnknownNameError as error:
        return error.near
    except AmbiguousNameError as error:
        return error.candidates


def _forms(store: Store, path: str) -> tuple[Form, ...]:
    """What the thing can be had as: there is a profile only of what has a name and a class."""
    try:
        named(store, short(BASE + path))
    except (UnknownNameError, QueryError):
        return tuple(form for form in FORMS if form != JSON)
    return FORMS


def liked(accept: str | None, forms: tuple[Form, ...]) -> Form:
    """The form the client likes best; NotAcceptableError where it likes none."""
    by_type = {form.media_type: form for form in forms}
    liked = choose(accept, tuple(by_type))
    if liked is None:
        raise NotAcceptableError(tuple(by_type))
    return by_type[liked]


def headers_for(path: str, form: Form, forms: tuple[Form, ...]) -> tuple[tuple[str, str], ...]:
    """Where this form stands and the others, and what they describe; relative, as pages are."""
    last, root = address(path.rpartition("/")[2]), "../" * path.count("/")
    links = (
        f'<{BASE}{address(path)}>; rel="canonical describes"',
        f'<{root}.well-known/void>; rel="describedby"',
        *(
            f'<{last}{each.ending}>; rel="alternate"; type="{each.media_type}"'
            for each in forms
            if each != form
        ),
    )
    return ("Content-Location", last + form.ending), ("Link", ", ".join(links))


def page_result(markup: Markup, headers: tuple[tuple[str, str], ...], status: int) -> Result:
    """A page as an answer."""
    policy = ("Content-Security-Policy", PAGE_POLICY)
    return Result(HTML.media_type, markup.encode(), (*headers, policy), status=status)


def _body(store: Store, path: str, form: Form, most: int) -> bytes:
    if form == JSON:
        told = Profile.model_validate(profile(store, short(BASE + path)))
        return told.model_dump_json().encode()
    found = description(store, BASE + path)
    answer = found.answer()
    return answer.serialize(_GRAPHS[form.media_type], prefixes=found.prefixes(), most=most)


def _gathered(store: Store, path: str, forms: tuple[Form, ...]) -> Page:
    """What the page tells. A thing that very much is said of is told of by its first claims."""
    known = facts(store, BASE + path)
    told = JSON in forms and claims_naming(store, known.iri) <= COUNTED
    return Page(
        path=path,
        facts=known,
        profile=profile(store, short(known.iri)) if told else None,
        claims=_claims(store, known),
        linked=tuple(_linked(store, known.iri, told=told)),
        forms=tuple((form.ending, form.media_type) for form in forms if form != HTML),
    )


def _claims(store: Store, known: Facts) -> tuple[Statement, ...]:
    """Itself where it is a claim, else the claims it compares, checks, concludes or bears on."""
    of_claims = any(
        fact.property in _OF_CLAIMS or str(fact.other) == CAS + "Claim" for fact in known.own
    )
    return claims_of(store, known.iri) if of_claims else ()


def _linked(store: Store, iri: str, *, told: bool) -> Iterator[Linked]:
    """The claims that lead to it, but those that a profile tells, and none as said for itself."""
    for link in links_to(store, iri):
        if told and (link == _ABOUT or link.startswith(VALUE)):
            continue
        found, more = linked(store, link, iri)
        if link == _PRINCIPAL:
            found = tuple(each for each in found if ID + each.speaker != iri)
        if found:
            yield Linked(link, found, more)
