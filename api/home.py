"""The first page: what this is, and a question to begin with."""

from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from api.html import Markup, element, joined, page
from api.links import Links
from api.service import Service

__all__ = ["home"]

_ROUTE = {"from": "Amirabad", "to": "Primorsko-Akhtarsk", "view": "us"}

_THINGS = {
    "transfer/uav-ir-ru": "Iranian drones to Russia",
    "project/alabuga-uav-plant": "The drone plant in the Alabuga Special Economic Zone",
    "use/iranian-uav-ukraine": "The use of Iranian drones against Ukraine",
    "deal/su-35": "The deal on Su-35 fighter jets",
    "actor/iran": "Iran",
    "actor/us": "The United States",
    "place/seshcha": "Seshcha, which an article writes “Sisha”",
    "article/002_823e27110d85d8d8": "An article, claim by claim",
}

_QUERY = """\
PREFIX cas: <https://w3id.org/caspian/ontology#>
PREFIX c: <https://w3id.org/caspian/claim/>
PREFIX v: <https://w3id.org/caspian/value/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?what ?status ?who ?words WHERE {
  ?transfer rdfs:label ?what ; c:status ?claim .
  ?claim v:status ?status ; cas:speaker/rdfs:label ?who ; cas:evidence/cas:quotation ?words .
} ORDER BY ?what ?who"""


def home(service: Service) -> HTMLResponse:
    """The page, for this service."""
    return page(
        "Caspian",
        element("header", element("h1", "Caspian"), _about(), class_="hero"),
        element(
            "main",
            element("section", element("h2", "How do the drones travel?"), *_route()),
            element("section", element("h2", "What is said of a thing"), *_things()),
            element("section", element("h2", "Stored questions"), _questions(service)),
            element("section", element("h2", "Ask in SPARQL"), _sparql()),
        ),
        element("footer", _links(), _graph(service)),
    )


def _about() -> Markup:
    return element(
        "p",
        "A knowledge graph of the Russia–Iran defence relationship in which ",
        element("strong", "nothing is a fact without a speaker"),
        ". An article does not say “Iran delivered drones”; it says that the White House said so, "
        "that Reuters relayed it, in these words, this sure. Every answer leads back to "
        "quotations.",
        class_="lead",
    )


def _route() -> tuple[Markup, Markup]:
    answer = element(
        "a",
        f"{_ROUTE['from']} to {_ROUTE['to']}, by the United States’ account",
        href=f"paths?{urlencode(_ROUTE)}",
    )
    form = element(
        "form",
        _field("From", "from", _ROUTE["from"]),
        _field("To", "to", _ROUTE["to"]),
        _field("View", "view", _ROUTE["view"]),
        element("button", "Find the route"),
        action="paths",
        class_="row",
    )
    return element("p", answer, ", each leg with the words that attest it. Or:"), form


def _things() -> tuple[Markup, Markup]:
    links = Links("")
    told = "Each has a page: by whom it is said, how sure, in which words, and who says otherwise."
    items = (element("li", links.thing(name, text)) for name, text in _THINGS.items())
    return element("p", told), element("ul", *items)


def _field(label: str, name: str, value: str) -> Markup:
    control = element("input", name=name, value=value, required="")
    return element("label", element("span", label), control)


def _questions(service: Service) -> Markup:
    return element(
        "ul",
        *(
            element("li", element("a", each.question, href=f"queries/{each.name}"))
            for each in service.questions
        ),
    )


def _sparql() -> Markup:
    query = element(
        "textarea", _QUERY, name="query", rows="10", aria_label="Query", spellcheck="false"
    )
    button = element("button", "Ask")
    return element("form", query, button, action="sparql", method="post")


def _links() -> Markup:
    links = {
        "docs": "Reference of the service",
        "ontology": "Ontology, term by term",
        "openapi.json": "OpenAPI document",
        "queries": "Stored questions as JSON",
        "graph": "Named graphs",
        ".well-known/void": "Description of the dataset",
        "healthz": "State of the service",
    }
    return element("nav", *(element("a", text, href=href) for href, text in links.items()))


def _graph(service: Service) -> Markup:
    snapshot, quads, _ = service.evaluator.holding
    if snapshot is None:
        return element("p", "The graph is at another endpoint.")
    return element("p", joined(f"{quads:,} statements · snapshot ", element("code", snapshot[:12])))
