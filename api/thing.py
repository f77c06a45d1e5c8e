"""The page of a thing: what is said of it, by whom, how sure, in which words, and what it leads to.

It is read without a script; a section stands only where there is something to tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from api.html import Markup, document, element, joined
from api.links import Links, address
from api.said import cards, listed, spaced
from api.told import Section, section, summary, told
from kg.facts import Fact, Facts
from kg.profile import Profile
from kg.resolve import short
from kg.statements import FIRST, Statement
from kg.store import Literal
from kg.vocab import BASE, CAS, DCTERMS, ID, OA, RDFS, SKOS, VALUE

__all__ = ["Linked", "Page", "missing", "thing_page"]

_LONG = 90
"""A name of more characters stands as a paragraph below its kind."""

_SHORTENED = 140
"""How much of a long name is told where it is only a link."""


@dataclass(frozen=True)
class Linked:
    """Claims that lead to a thing by one link, such as those it is the speaker of."""

    link: str
    """The IRI of the link."""
    statements: tuple[Statement, ...]
    more: bool
    """Whether there are more than these."""


@dataclass(frozen=True)
class Page:
    """What the page of a thing tells."""

    path: str
    """Where it stands below the service, and below https://w3id.org/caspian/."""
    facts: Facts
    profile: Profile | None
    """What is said of it; None where it is nothing that claims are made of, or too many are."""
    claims: tuple[Statement, ...]
    """Itself as a claim, or the claims it is about."""
    linked: tuple[Linked, ...]
    forms: tuple[tuple[str, str], ...]
    """What it can be had as besides: the ending of its path, and the media type."""


_HEADINGS = {
    "about": "What is said of it",
    "evidence": "What these words attest",
    "inArticle": "What the article says",
    "utterance": "What was said here",
    "relay": "What came this way",
    "hasOrigin": "What goes back to it",
    "speaker": "What it says itself",
    "principal": "What others say on its behalf",
    "asOf": "What holds as of then",
}
_RELATED = (CAS + "firstClaim", CAS + "secondClaim")
_ALSO = SKOS + "altLabel"
_NAMED = (RDFS + "label", SKOS + "prefLabel", _ALSO)
_QUOTED = (CAS + "quotation", OA + "exact")
_LEADS = (SKOS + "definition", DCTERMS + "description", CAS + "explanation", CAS + "because")


def thing_page(page: Page) -> Markup:
    """The page, as HTML."""
    links = Links("../" * page.path.count("/"))
    sections = [*_sections(links, page)]
    contents = (element("a", heading, href=f"#{anchor}") for anchor, heading, _ in sections)
    title, kind = _title(page), page.facts.kind or "thing"
    heading, *more = [title] if len(title) <= _LONG else [_capital(kind), title]
    leads = dict.fromkeys([*more, *_leads(page, title)])
    return document(
        f"{_shortened(title)} · Caspian",
        element(
            "header",
            element("p", element("a", "Caspian", href=links.root), f" · {kind}", class_="crumb"),
            element("h1", heading),
            *(element("p", text, class_="lead") for text in leads),
            element("p", element("code", page.facts.iri), class_="iri"),
            element("nav", *contents, class_="contents"),
            class_="hero",
        ),
        element("main", *(body for _, _, body in sections)),
        element("footer", _more(links, page), _forms(page)),
        root=links.root,
    )


def missing(path: str, near: Sequence[str]) -> Markup:
    """The page that says that there is no such thing, with those of a like name."""
    links = Links("../" * path.count("/"))
    items = (element("li", links.thing(each, each)) for each in near)
    names = element("ul", *items, class_="plain")
    found = [element("p", "Did you mean one of these?"), names] if near else []
    return document(
        "No such thing · Caspian",
        element(
            "header",
            element("p", element("a", "Caspian", href=links.root), class_="crumb"),
            element("h1", "No such thing"),
            element("p", "Nothing in the graph has this name.", class_="lead"),
            element("p", element("code", BASE + path), class_="iri"),
            class_="hero",
        ),
        element("main", element("section", *found, element("p", _start(links)))),
        root=links.root,
    )


def _start(links: Links) -> Markup:
    first = element("a", "first page", href=links.root)
    return joined("The ", first, " has questions to begin with.")


def _title(page: Page) -> str:
    """Its name or words; where it has none what it claims, or is in words; else its id."""
    facts = page.facts
    if facts.name:
        quoted = any(fact.property in _QUOTED for fact in facts.own)
        return f"“{facts.name}”" if quoted else facts.name
    given = [each.statements[0] for each in page.linked if each.link.startswith(VALUE)]
    words = given[0].value_label if given else short(facts.iri)
    return _claims_by_iri(page).get(facts.iri, words)


def _claims_by_iri(page: Page) -> dict[str, str]:
    """What the claims of the page say, in words."""
    return {ID + each.claim: _claimed(each) for each in page.claims}


def _claimed(claim: Statement) -> str:
    denied = "not " * (claim.polarity == "denied")
    return f"{claim.thing_label} · {spaced(claim.key)}: {denied}{claim.value_label}"


def _leads(page: Page, title: str) -> Iterator[str]:
    """What it is, in sentences."""
    for fact in page.facts.own:
        if fact.property in _LEADS and str(fact.other) != title:
            yield str(fact.other)
    if also := [str(fact.other) for fact in page.facts.own if fact.property == _ALSO]:
        yield f"Also called {', '.join(also)}."
    if page.profile:
        yield from summary(page.profile)


def _sections(links: Links, page: Page) -> Iterator[Section]:
    if page.claims:
        heading = "The words" if len(page.claims) == 1 else "The claims"
        yield section("claims", heading, cards(links, page.claims, telling=True))
    if page.profile:
        yield from told(links, page.profile)
    for each in page.linked:
        yield _linked(links, each)
    related = [fact for fact in page.facts.pointing if fact.property in _RELATED]
    if related:
        items = (element("li", links.iri(str(each.other), each.name)) for each in related)
        heading = "How other claims stand to it"
        yield section("related", heading, element("ul", *items, class_="plain"))
    own = [fact for fact in page.facts.own if not _is_told(page, fact)]
    if own:
        yield section("facts", "What else is known of it", _table(links, page, own))
    pointing = [fact for fact in page.facts.pointing if fact not in related]
    if pointing:
        yield section("pointing", "What leads here", _table(links, page, pointing))
    if page.facts.more:
        text = "There is more than this page tells; a query to /sparql tells all."
        yield section("more", "More", element("p", text))


def _linked(links: Links, each: Linked) -> Section:
    name = each.link.removeprefix(CAS).removeprefix(VALUE)
    given = f"What it is the {spaced(name)} in"
    made = _HEADINGS.get(name, "What is claimed like this")
    heading = given if each.link.startswith(VALUE) else made
    text = f"These are {FIRST} of them; a query to /sparql tells the others."
    more = [element("p", text)] if each.more else []
    return section(f"by-{name}", heading, *more, cards(links, each.statements, telling=True))


def _is_told(page: Page, fact: Fact) -> bool:
    """Whether the head of the page tells it."""
    return isinstance(fact.other, Literal) and (
        fact.property in (*_NAMED, *_LEADS) or str(fact.other) == page.facts.name
    )


def _table(links: Links, page: Page, facts: Sequence[Fact]) -> Markup:
    """The facts by property; an arrow tells that it leads from there to here."""
    arrow = "← " if facts[0] in page.facts.pointing else ""
    claims = _claims_by_iri(page)
    rows = (
        element(
            "tr",
            element("th", arrow, label),
            element("td", *(_end(links, each, claims) for each in group)),
        )
        for label, group in groupby(facts, key=lambda fact: fact.label)
    )
    return element("table", element("tbody", *rows), class_="facts")


def _end(links: Links, fact: Fact, claims: Mapping[str, str]) -> Markup:
    """What stands at the other end, each in a line of its own."""
    if isinstance(fact.other, Literal):
        return element("div", str(fact.other))
    iri = str(fact.other)
    name = fact.name or claims.get(iri, short(iri))
    return element("div", links.iri(iri, _shortened(name)))


def _more(links: Links, page: Page) -> Markup:
    """What the service tells of it elsewhere."""
    first = [element("a", "First page", href=links.root)]
    if page.profile and page.profile.claims:
        name = short(page.facts.iri)
        first += [
            links.ask(path, text, thing=name)
            for path, text in (
                ("timeline", "What was said when"),
                ("conflicts", "Where the sources differ"),
                ("origins", "Who stands behind it"),
            )
        ]
    return element("nav", *first)


def _forms(page: Page) -> Markup:
    """The same in other forms, each at an address of its own."""
    last = address(page.path.rpartition("/")[2])
    forms = (element("a", ending[1:], href=last + ending, type=kind) for ending, kind in page.forms)
    return element("p", "The same as ", listed(forms))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORTENED else f"{text[: _SHORTENED - 1].rstrip()}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
