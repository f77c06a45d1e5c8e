"""Claims as HTML: the words quoted, who says them, for whom, how sure, by which way, and where."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from api.html import Markup, element, joined
from api.links import Links
from kg.phrasing import property_of
from kg.statements import Statement

__all__ = ["cards", "count", "dates", "listed", "spaced", "value"]

_SHOWN = 3
"""How many claims of one value are open; the others open at a click."""


def count(number: int, one: str) -> str:
    """How many there are, in words that agree.

    >>> count(1, "claim"), count(1200, "claim")
    ('1 claim', '1,200 claims')
    """
    return f"{number:,} {one}{'s' * (number != 1)}"


def spaced(key: str) -> str:
    """The name of a property or of a kind, in words.

    >>> spaced("fullyOperational"), spaced("internal-conflict")
    ('fully operational', 'internal conflict')
    """
    return property_of(key).replace("-", " ")


def listed(parts: Iterable[str], between: str = ", ") -> Markup:
    """The parts that are not empty, with this between them."""
    first, *others = [part for part in parts if part] or [""]
    return joined(first, *(text for part in others for text in (between, part)))


def dates(first: str, last: str) -> str:
    """The days between which something was said, in words.

    >>> dates("2023-06-09", "2023-06-09"), dates("", "2022-02-23")
    ('9 June 2023', 'by 23 February 2022')
    >>> dates("2022-07-19", "2022-12-31"), dates("2022-08-01", "")
    ('19 July 2022 to 31 December 2022', 'from 1 August 2022 on')
    """
    if first == last:
        return _day(first) if first else "at a time not known"
    if first and last:
        return f"{_day(first)} to {_day(last)}"
    return f"from {_day(first)} on" if first else f"by {_day(last)}"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:  # a year before 1 or after 9999, or no date at all
        return text
    return f"{day.day} {day:%B %Y}"


def value(links: Links, statement: Statement) -> Markup:
    """The value in words, linked where it is a thing."""
    label = statement.value_label
    # a literal is its own label, whatever it looks like
    return joined(label) if statement.value == label else links.thing(statement.value, label)


def _written(statement: Statement) -> str:
    """The article's own word for the value, where it is another."""
    wording = statement.wording
    return f"written “{wording}”" if wording not in {"", statement.value_label} else ""


def cards(links: Links, statements: Sequence[Statement], *, telling: bool) -> Markup:
    """The statements in their order, those in one breath together.

    Where `telling`, each says what it claims; else the reader knows it from what stands above, and
    all but the first are folded away.
    """
    breaths: dict[Hashable, list[Statement]] = {}
    for each in statements:
        breaths.setdefault(_breath(each), []).append(each)
    made = [_card(links, group, telling=telling) for group in breaths.values()]
    shown = len(made) if telling or len(made) == _SHOWN + 1 else _SHOWN
    first, others = made[:shown], made[shown:]
    if not others:
        return joined(*first)
    summary = element("summary", f"{len(others)} more in these or other words")
    return joined(*first, element("details", summary, *others))


def _breath(each: Statement) -> Hashable:
    """What claims of one voice have in common that rest on the same words."""
    where = (each.article, each.start, each.end, each.quotation)
    who = (each.speaker, each.speaker_role, each.principal, each.chain, each.said)
    how = (each.form, each.certainty, each.hedge_cue, each.polarity, each.basis, each.interest)
    return (*where, *who, *how)


def _card(links: Links, group: Sequence[Statement], *, telling: bool) -> Markup:
    first = group[0]
    made = listed((links.thing(each.claim, "claim", class_="claim") for each in group), " ")
    written = "" if telling else _written(first)
    lines = (
        element("p", "— ", *_who(links, first), class_="who"),
        element("p", listed((*_how(links, first), written), " · "), class_="how"),
        element("p", _where(links, first), *([] if telling else [" · ", made]), class_="where"),
    )
    return element(
        "figure",
        element("blockquote", f"“{first.quotation}”"),
        *([_claimed(links, group)] if telling else []),
        element("figcaption", *lines),
        class_="said denied" if first.polarity == "denied" else "said",
    )


def _claimed(links: Links, group: Sequence[Statement]) -> Markup:
    """What is claimed, thing by thing; each property leads to the claim."""
    things: dict[tuple[str, str], list[Statement]] = {}
    for each in group:
        things.setdefault((each.thing, each.thing_label), []).append(each)
    items = (
        element(
            "li",
            links.thing(*thing),
            " · ",
            listed((_stated(links, each) for each in statements), "; "),
        )
        for thing, statements in things.items()
    )
    return element("ul", *items, class_="what")


def _stated(links: Links, each: Statement) -> Markup:
    key = links.thing(each.claim, spaced(each.key), class_="key")
    written = f" ({told})" if (told := _written(each)) else ""
    return joined(key, ": ", value(links, each), written)


def _who(links: Links, each: Statement) -> tuple[Markup | str, ...]:
    speaker = links.thing(each.speaker, each.speaker_label)
    if each.inferred:
        return ("concluded from these words by ", speaker)
    role = f", {each.speaker_role}" if each.speaker_role else ""
    if each.principal == each.speaker:
        return speaker, role
    return speaker, role, ", for ", links.thing(each.principal, each.principal_label)


def _how(links: Links, each: Statement) -> Iterable[str]:
    """How sure, in which form, when, and what is special about it."""
    if each.polarity == "denied":
        yield element("span", "denied", class_="chip denied")
    hedge = f", by “{each.hedge_cue}”" if each.hedge_cue else ""
    sure = links.thing(f"certainty/{each.certainty}", each.certainty)
    yield joined(element("span", sure, class_="chip"), hedge)
    yield links.thing(f"form/{each.form}", spaced(each.form))
    if each.basis:
        yield joined("by ", links.thing(f"basis/{each.basis}", spaced(each.basis)))
    if each.interest:
        told = links.thing(f"interest/{each.interest}", spaced(each.interest))
        yield element("span", told, class_="chip")
    verb = "said" if each.dated_by == "utterance" else "published"
    yield f"{verb} {dates(each.said_from, each.said_to)}"


def _where(links: Links, each: Statement) -> Markup:
    """By which way it came, and where it stands."""
    way = f"{each.chain.replace(' > ', ' → ')} · " if each.chain else f"{each.outlet} · "
    name = f"article {each.article.partition('_')[0]}"
    article = links.thing(f"article/{each.article}", name)
    return joined(way, article, f", characters {each.start:,} to {each.end:,}")
