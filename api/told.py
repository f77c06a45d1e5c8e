"""A profile as sections of a page: what is said value by value, who denies it, who differs."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from api.html import Markup, element, joined
from api.links import Links
from api.said import cards, count, listed, spaced, value
from kg.conflicts import Conflict
from kg.profile import Identity, Profile
from kg.standing import Attested
from kg.statements import Statement

__all__ = ["Section", "section", "summary", "told"]

_MEANS = {
    "positive": "means this",
    "negative": "does not mean this",
    "unsure": "may mean this",
}

Section = tuple[str, str, Markup]
"""The anchor of a section, its heading, and the section itself."""


def section(anchor: str, heading: str, *content: str) -> Section:
    """A section of a page with what leads to it."""
    return anchor, heading, element("section", element("h2", heading), *content, id=anchor)


def summary(profile: Profile) -> Iterator[str]:
    """How much is said of it, in how many articles, and where that comes from, in sentences."""
    if profile.claims:
        yield _summary(profile)
    if profile.mentions:
        claims = count(len(profile.mentions), "claim")
        things = count(len({each.thing for each in profile.mentions}), "other thing")
        yield f"Named in {claims} on {things}."


def _summary(profile: Profile) -> str:
    claims, articles = count(profile.claims, "claim"), count(len(profile.articles), "article")
    if not profile.origins:
        return f"{claims} in {articles}, by nobody’s word but the editors’."
    origins = count(len(profile.origins), "independent origin")
    return f"{claims} in {articles}, from {origins}: {', '.join(profile.origins)}."


def told(links: Links, profile: Profile) -> Iterator[Section]:
    """The sections of a profile that have something to tell."""
    denied = [each for each in profile.said if each.polarity == "denied"]
    if denied:
        yield section("denied", "Who denies what", *(_denied(links, each) for each in denied))
    if profile.conflicts:
        conflicts = (_conflict(links, each) for each in profile.conflicts)
        yield section("conflicts", "Where the sources differ", *conflicts)
    if profile.said:
        yield section("said", "What is said of it", *_said(links, profile.said))
    if profile.mentions:
        mentions = _mentions(links, profile.mentions)
        yield section("named", "Where it is named in what is said of others", *mentions)
    if profile.identities:
        names = (element("li", *_identity(links, each)) for each in profile.identities)
        items = element("ul", *names, class_="plain")
        yield section("names", "Which names are judged to mean it", items)


def _denied(links: Links, each: Attested) -> Markup:
    speakers = dict.fromkeys((one.speaker, one.speaker_label) for one in each.statements)
    who = listed((links.thing(*speaker) for speaker in speakers), " and ")
    verb = "deny" if len(speakers) > 1 else "denies"
    what = joined(f" {verb} this {spaced(each.key)}: ", value(links, each.statements[0]), ".")
    line = element("p", who, what)
    return element("div", line, cards(links, each.statements, telling=False), class_="value")


def _conflict(links: Links, each: Conflict) -> Markup:
    kind = links.thing(f"relation-kind/{each.kind}", spaced(each.kind))
    relation = links.thing(each.relation, f"rule {each.rule}", class_="claim")
    words = element(
        "details",
        element("summary", "in whose words"),
        cards(links, (each.first, each.second), telling=True),
    )
    chip = element("span", kind, class_="chip")
    sentence = element("p", chip, " ", each.explanation, " ", relation)
    return element("div", sentence, words, class_="conflict")


def _said(links: Links, said: Sequence[Attested]) -> Iterator[Markup]:
    """Property by property, the one most is said of first."""
    properties = [[*group] for _, group in groupby(said, key=lambda each: each.key)]
    properties.sort(key=lambda group: -sum(len(each.statements) for each in group))
    for group in properties:
        yield element("h3", spaced(group[0].key))
        ordered = sorted(group, key=lambda each: (-len(each.origins), -len(each.statements)))
        yield from (_attested(links, each) for each in ordered)


def _attested(links: Links, each: Attested) -> Markup:
    denied = [element("span", "denied", class_="chip denied"), " "] * (each.polarity == "denied")
    line = element(
        "p",
        *denied,
        element("strong", value(links, each.statements[0])),
        " ",
        element("span", _standing(links, each), class_="standing"),
    )
    return element("div", line, cards(links, each.statements, telling=False), class_="value")


def _standing(links: Links, each: Attested) -> Markup:
    """How many claims say so, and on how many origins they stand."""
    said = [one for one in each.statements if not one.inferred]
    if not said:
        return joined("the editors’ conclusion")
    found = dict.fromkeys((one.origin, one.origin_label) for one in said)
    names = listed(links.thing(*origin) for origin in sorted(found))
    claims = count(len(each.statements), "claim")
    return joined(f"{claims} from {count(len(found), 'origin')}: ", names)


def _mentions(links: Links, mentions: Sequence[Statement]) -> Iterator[Markup]:
    """Thing by thing and property by property, the words folded away."""
    groups: dict[tuple[str, str, str], list[Statement]] = {}
    for each in mentions:
        groups.setdefault((each.thing_label, each.thing, each.key), []).append(each)
    for (label, thing, key), group in sorted(groups.items()):
        named = joined(links.thing(thing, label), f" · {spaced(key)}")
        denied = sum(each.polarity == "denied" for each in group)
        number = count(len(group), "claim") + (f", {denied} of them denied" if denied else "")
        words = element("summary", named, " ", element("span", number, class_="standing"))
        yield element("details", words, cards(links, group, telling=False), class_="mention")


def _identity(links: Links, each: Identity) -> tuple[str, ...]:
    means = _MEANS.get(each.verdict, each.verdict)
    judgement = links.thing(each.judgement, "judgement")
    why = f" ({each.certainty}): {each.because}. Judged by {each.by}. "
    return element("strong", f"“{each.written}”"), f" {means}", why, judgement
