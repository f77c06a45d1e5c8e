"""Links of the pages on things: to other things of the graph, and out of it."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from api.html import Markup, element, joined
from kg.vocab import BASE, ID

__all__ = ["Links", "address"]

_KEPT = "/:@!$&'()*+,;=~"
"""What may stand in the path of a URL as it is."""


def address(path: str) -> str:
    """The path as it stands in a URL.

    >>> address("id/place/Größe")
    'id/place/Gr%C3%B6%C3%9Fe'
    """
    return quote(path, safe=_KEPT)


@dataclass(frozen=True)
class Links:
    """Links on a page that is so far below the root of the service.

    >>> Links("../../").thing("actor/iran", "Iran")
    '<a href="../../id/actor/iran">Iran</a>'
    """

    root: str

    def href(self, iri: str) -> str:
        """Where the thing with this IRI is described; empty where nothing may be linked.

        >>> Links("../../").href("javascript:alert(1)")
        ''
        """
        if iri.startswith(BASE):
            path, mark, fragment = iri[len(BASE) :].partition("#")
            if path.startswith(("id/", "claim/", "value/")):
                return self.root + address(iri[len(BASE) :])
            return self.root + address(path) + mark + address(fragment)
        if iri.startswith(("https://", "http://")):
            return iri
        return ""

    def iri(self, iri: str, text: str) -> Markup:
        """The text, linked to the thing with this IRI where that may be linked."""
        href = self.href(iri)
        if not href:
            return joined(text)
        if href == iri:
            return element("a", text, href=href, rel="external nofollow noreferrer")
        return element("a", text, href=href)

    def thing(self, name: str, text: str, **attributes: str) -> Markup:
        """The text, linked to the thing with this id, as answers give it."""
        if ":" in name.partition("/")[0]:  # an IRI of another's
            return self.iri(name, text)
        return element("a", text, href=self.href(ID + name), **attributes)

    def ask(self, path: str, text: str, **parameters: str) -> Markup:
        """The text, linked to what the service answers at this path to these parameters."""
        return element("a", text, href=f"{self.root}{path}?{urlencode(parameters)}")
