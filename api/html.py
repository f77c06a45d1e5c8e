"""HTML elements in which text is always text."""

from html import escape

from starlette.responses import HTMLResponse

from api.headers import PAGE_POLICY

__all__ = ["Markup", "document", "element", "joined", "page"]

# elements that hold nothing, and so have no end tag
_VOID = frozenset(("input", "link", "meta"))


class Markup(str):
    """Text that is HTML already; every other string is escaped."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str) -> Markup:
    """An element; attributes are named as in Python: `class_`, `aria_label`.

    >>> element("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    start = f"<{name}{written}>"
    return Markup(start if name in _VOID else f"{start}{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """The children one after the other, escaped unless they are markup.

    >>> joined("a & ", element("b", "c"))
    'a &amp; <b>c</b>'
    """
    return Markup(
        "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    )


def document(title: str, *body: str, root: str = "") -> Markup:
    """A whole page, with our style and no script, whose links to others begin with `root`.

    Links are relative, so that it works below a path: the root of a page at /id/place/amirabad is
    ../../ .
    """
    head = (
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("link", rel="stylesheet", href=f"{root}static/caspian.css"),
        element("link", rel="icon", href=f"{root}static/caspian.svg", type="image/svg+xml"),
        element("title", title),
    )
    whole = element("html", element("head", *head), element("body", *body), lang="en-GB")
    return joined(Markup("<!doctype html>"), whole)


def page(title: str, *body: str) -> HTMLResponse:
    """A page at the root of the service, as a response."""
    return HTMLResponse(document(title, *body), headers={"Content-Security-Policy": PAGE_POLICY})
