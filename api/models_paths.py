"""Questions for paths, and what the service sends of them as JSON, field by field."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.examples import example
from kg.asked import LIMITS, Asked

__all__ = [
    "MANY",
    "Answer",
    "Citation",
    "Conflicting",
    "Corroboration",
    "Denial",
    "Dropped",
    "Evidence",
    "Found",
    "Hop",
    "Match",
    "Parallel",
    "PathQuestion",
    "Place",
    "ResolveQuestion",
    "Resolved",
    "Searched",
]

_MOST = {each.name: each.most for each in LIMITS}
_USUAL = {each.name: each.usual for each in LIMITS}

_Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=500)], ...], Field()]
_Day = Annotated[str, Field(max_length=10)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Place(_Model):
    """A thing on a path; a place with its coordinates and how far off they may be, where known."""

    id: str = Field(description="Its id; the IRI is https://w3id.org/caspian/id/ and the id.")
    label: str = Field(description="Its name.")
    kind: str = Field(description="Its class, such as `AirBase`.")
    lat: float | None = Field(description="Latitude in degrees (WGS 84).")
    lon: float | None = Field(description="Longitude in degrees (WGS 84).")
    accuracy_metres: float | None = Field(description="How far off the coordinates may be.")
    coordinates_from: str = Field(description="The source the coordinates come from.")


class Evidence(_Model):
    """One claim: what it says of which thing, in which words, whose, and how sure."""

    claim: str = Field(description="Id of the claim.")
    thing: str = Field(description="Id of what it is about.")
    key: str = Field(description="Which property of it, such as `from`.")
    value: str = Field(description="What it says of it: an id, or a literal.")
    wording: str = Field(description="The value as the article writes it, where that differs.")
    quotation: str = Field(description="The words it rests on; “ … ” bridges what is left out.")
    start: int = Field(description="Where they begin in the article's text, in code points.")
    end: int = Field(description="Where they end.")
    checksum: str = Field(description="Checksum of the passage's text.")
    article: str = Field(description="Name of the article.")
    article_sha256: str = Field(description="SHA-256 of the article's text.")
    published: str = Field(description="When the article appeared, in EDTF.")
    outlet: str = Field(description="Who published the article.")
    speaker: str = Field(description="Id of whoever says so.")
    speaker_label: str = Field(description="Their name.")
    speaker_role: str = Field(description="Their role in the article's words, where it gives one.")
    principal: str = Field(description="Id of the actor on whose behalf they speak.")
    principal_label: str = Field(description="That actor's name.")
    origin: str = Field(description="Id of the independent origin it goes back to.")
    origin_label: str = Field(description="Name of that origin.")
    interest: str = Field(
        description="`admission-against-interest` or `interested-denial`; mostly neither."
    )
    utterance: str = Field(description="Id of the occasion on which it was said.")
    form: str = Field(description="How they are quoted, such as `direct` or `indirect`.")
    certainty: str = Field(description="How sure they are, such as `asserted` or `possible`.")
    hedge_cue: str = Field(description="The word that hedges it, where there is one.")
    polarity: str = Field(description="`affirmed` or `denied`.")
    chain: str = Field(description="From the speaker over those who relay them to the article.")
    rests: bool = Field(
        description="Whether the hop rests on it; else it tells what is said of the hop besides."
    )
    counts: bool = Field(description="Whether the question's filters let it count.")


class Corroboration(_Model):
    """A claim from elsewhere that says the same of what the hop is part of, or more roughly."""

    supports: str = Field(description="What it supports, such as `across Caspian Sea`.")
    new_origin: bool = Field(description="Whether it has an origin that the hop does not have.")
    evidence: Evidence = Field(description="The claim.")


class Denial(_Model):
    """A claim that denies something of the hop, or of what it serves."""

    touches: tuple[str, ...] = Field(description="Ids, from the hop's to what is denied of.")
    denied: str = Field(description="What is denied, in words.")
    evidence: Evidence = Field(description="The claim.")


class Conflicting(_Model):
    """Two claims on the hop, or on what it serves, that do not go together."""

    relation: str = Field(description="Id of the relation between them.")
    kind: str = Field(description="How they are related, such as `contradicts`.")
    rule: str = Field(description="Id of the rule by which that is seen.")
    thing: str = Field(description="Id of the thing by which it touches the hop.")
    explanation: str = Field(description="What it comes to, in a sentence.")
    first: str = Field(description="Id of the one claim.")
    second: str = Field(description="Id of the other.")


class Parallel(_Model):
    """Another thing that leads from the same node to the same node."""

    relation: str = Field(description="Its relation, such as `supply`.")
    direction: str = Field(description="`along` its own direction, or `against` it.")
    thing: str = Field(description="Its id.")
    label: str = Field(description="Its name.")
    cargo: tuple[str, ...] = Field(description="Names of what is carried.")
    status: tuple[str, ...] = Field(description="How far it is said to have come.")
    confidence: float = Field(description="How sure it is, from 0 to 1.")
    origins: tuple[str, ...] = Field(description="Names of its independent origins.")


class Hop(_Model):
    """One edge travelled."""

    source: Place = Field(description="Where it begins.")
    target: Place = Field(description="Where it ends.")
    relation: str = Field(description="What it is, such as `leg`, `supply` or `located in`.")
    direction: str = Field(description="`along` the relation's own direction, or `against` it.")
    thing: str = Field(description="Id of the thing that leads there, such as a leg.")
    label: str = Field(description="Its name.")
    order: int | None = Field(description="Which leg of its supply route it is, from 1.")
    transport: str = Field(description="`sea`, `air`, `road`, `rail`, or `unstated`.")
    route: str = Field(description="Id of the supply route it belongs to.")
    cargo: tuple[str, ...] = Field(description="Names of what is carried.")
    across: tuple[str, ...] = Field(description="Names of the places crossed.")
    status: tuple[str, ...] = Field(
        description="How far it is said to have come, such as `offered` or `delivered`."
    )
    dates: str = Field(description="When, in EDTF as claimed; `undated` where nobody says.")
    first: str = Field(description="The first day that may be; empty where it is open.")
    last: str = Field(description="The last day that may be; empty where it is open.")
    kilometres: float | None = Field(
        description="Geodesic distance on WGS 84, where both ends have coordinates."
    )
    confidence: float = Field(description="How sure it is, from 0 to 1, by its distinct origins.")
    origins: tuple[str, ...] = Field(description="Names of the independent origins behind it.")
    claims: int = Field(description="How many claims there are on it; the first are told.")
    evidence: tuple[Evidence, ...] = Field(description="The claims it rests on, and about it.")
    corroboration: tuple[Corroboration, ...] = Field(
        description="Claims of other articles that support it more roughly."
    )
    denials: tuple[Denial, ...] = Field(description="Claims that deny what it is or serves.")
    conflicts: tuple[Conflicting, ...] = Field(description="Conflicts that touch it.")
    parallel: tuple[Parallel, ...] = Field(description="What else leads from here to there.")


class Citation(_Model):
    """What a number in a sentence stands for."""

    number: int = Field(description="The number in brackets.")
    article: str = Field(description="Name of the article.")
    start: int = Field(description="Where the words begin, in code points.")
    end: int = Field(description="Where they end.")
    said_by: str = Field(description="From the speaker over those who relay them.")


class Found(_Model):
    """A path: its hops, how sure it is, and what it comes to."""

    hops: tuple[Hop, ...] = Field(description="The hops, one after the other.")
    confidence: float = Field(
        description="How sure it is, from 0 to 1, by its distinct pieces of evidence."
    )
    units: int = Field(
        description="On how many pieces of evidence it rests; what was said on one occasion is one."
    )
    origins: tuple[str, ...] = Field(description="Names of the independent origins behind it.")
    kilometres: float | None = Field(description="Its geodesic length, where all of it is known.")
    time_order: str = Field(
        description="Whether its hops can follow each other: `undated`, `in time order`, "
        "`possible` or `broken`."
    )
    sentence: str = Field(description="It in plain English, with numbers for its passages.")
    citations: tuple[Citation, ...] = Field(description="What the numbers stand for.")


class Searched(_Model):
    """What an answer was sought in."""

    nodes: int = Field(description="How many nodes the graph of the profile has.")
    edges: int = Field(description="How many edges.")
    scanned: int = Field(description="How often an edge was looked at.")


class Dropped(_Model):
    """A filter without which there would be a path."""

    filter: str = Field(description="Its name; `all` where it takes dropping all of them.")
    given: str = Field(description="What the question says of it.")
    stops: tuple[str, ...] = Field(description="Names of the stops of the path there would be.")


class Answer(_Model):
    """The paths there are, or why there is none."""

    # called when a schema is made, so that importing this module reads no file
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "paths"))

    sources: tuple[Place, ...] = Field(description="What was asked from.")
    targets: tuple[Place, ...] = Field(description="What was asked to.")
    profile: str = Field(description="Over which graph: `route`, or `any` relation.")
    mode: str = Field(description="Which paths were asked for.")
    rank: str = Field(description="What they are ranked by.")
    view: str = Field(description="Whose account counts.")
    paths: tuple[Found, ...] = Field(description="The paths; empty where there is none.")
    complete: bool = Field(description="Whether the search came to its end.")
    why: str = Field(description="Why it did not; empty where it did.")
    cut: str = Field(
        description="What ran out: `edges` or `time`; `rank` where more paths were found than are "
        "ranked by confidence or date; empty where nothing did."
    )
    reason: str = Field(description="Why there is no path; empty where there is one.")
    would_give: tuple[Dropped, ...] = Field(
        description="Which filters, dropped one by one, would give a path."
    )
    searched: Searched = Field(description="What was searched.")
    cursor: str = Field(description="Ask the same with it for further paths; empty at the end.")


def _most(name: str) -> str:
    return f"From {next(each.least for each in LIMITS if each.name == name):,} to {_MOST[name]:,}."


class PathQuestion(BaseModel):
    """From where to where, by which way, by whose account, and how much of it to tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: _Names = Field(
        alias="from",
        description="A thing by name, id (`place/amirabad`), CURIE or IRI; may be repeated.",
        examples=[["Amirabad"]],
    )
    targets: _Names = Field(
        alias="to",
        description="Another one, named in any of these ways; may be repeated.",
        examples=[["Primorsko-Akhtarsk"]],
    )
    mode: Literal["shortest", "all-shortest", "k-shortest", "all", "earliest"] = Field(
        "all-shortest",
        description="Which paths: the `shortest`, all that are as short, the k shortest, all by "
        "pages of k, or the one that ends `earliest`; short is what ranks first.",
        examples=["k-shortest"],
    )
    rank: Literal["hops", "confidence", "distance", "date"] = Field(
        "hops", description="What paths are ranked by.", examples=["confidence"]
    )
    k: int = Field(_USUAL["k"], description=f"Most paths in the answer. {_most('k')}", examples=[3])
    max_hops: int = Field(
        _USUAL["max_hops"], description=f"Most hops. {_most('max_hops')}", examples=[6]
    )
    profile: Literal["route", "any"] = Field(
        "route",
        description="Over the ways of supplies (`route`), or over `any` relation.",
        examples=["route"],
    )
    relations: _Names = Field(
        (), description="Only hops of this relation; may be repeated.", examples=[["leg"]]
    )
    without: _Names = Field(
        (), description="No hops of this relation; may be repeated.", examples=[["location"]]
    )
    direction: Literal["", "out", "in", "either"] = Field(
        "",
        description="Whether edges are followed (`out`, as by itself in routes), gone against "
        "(`in`), or `either` (as by itself over any relation).",
        examples=["out"],
    )
    cargo: _Names = Field(
        (),
        description="Only what carries this, or a type of it; may be repeated.",
        examples=[["UAV"]],
    )
    transport: _Names = Field(
        (),
        description="Only by `sea`, `air`, `road`, `rail` or `unstated`; may be repeated.",
        examples=[["unstated"]],
    )
    via: _Names = Field(
        (), description="Only by way of this; may be repeated.", examples=[["Makhachkala"]]
    )
    avoid: _Names = Field(
        (), description="Never by way of this; may be repeated.", examples=[["Kyiv"]]
    )
    skip_degree: int = Field(
        _USUAL["skip_degree"],
        description="Pass no node that more edges than this touch. " + _most("skip_degree"),
        examples=[50],
    )
    view: str = Field(
        "any",
        max_length=100,
        description="Whose account counts: `any`, or a view such as `us`.",
        examples=["us"],
    )
    as_of: _Day = Field(
        "",
        description="Only what had been published by then: a day, month or year.",
        examples=["2023-12-31"],
    )
    after: _Day = Field(
        "", description="Only hops that may be of then or later; no undated ones.", examples=[""]
    )
    before: _Day = Field(
        "", description="Only hops that may be of then or earlier; no undated ones.", examples=[""]
    )
    time_respecting: bool = Field(
        default=False, description="No path whose hops cannot follow each other.", examples=[True]
    )
    certainty: str = Field(
        "",
        max_length=100,
        description="Only claims that are at least this sure, such as `probable`.",
        examples=["probable"],
    )
    origins: int = Field(
        _USUAL["origins"],
        description=f"Only hops of at least so many independent origins. {_most('origins')}",
        examples=[1],
    )
    evidence: Literal["full", "refs", "none"] = Field(
        "full",
        description="The claims with their words, without them (`refs`), or none.",
        examples=["full"],
    )
    edges: int = Field(
        _USUAL["edges"],
        description=f"Most edges to scan; past them the answer is cut short. {_most('edges')}",
        examples=[10_000],
    )
    cursor: str = Field(
        "", max_length=100, description="That of an answer, for the next paths.", examples=[""]
    )

    @field_validator(
        *("sources", "targets", "relations", "without", "cargo", "transport", "via", "avoid"),
        mode="before",
    )
    @classmethod
    def _several(cls, given: Any) -> Any:  # noqa: ANN401 -- what a client sends
        """One name stands for a list of it."""
        if isinstance(given, str):
            return (given,)
        return tuple(given) if isinstance(given, list) else given

    def asked(self) -> Asked:
        """The question as the graph understands it."""
        return Asked(**self.model_dump())


MANY = frozenset(
    ("from", "to", "relations", "without", "cargo", "transport", "via", "avoid"),
)
"""The parameters that may be repeated."""


class Match(_Model):
    """A thing that goes by a name, or by one near it."""

    id: str = Field(description="Its id.")
    label: str = Field(description="Its name.")
    kind: str = Field(description="Its class, such as `AirBase`.")
    name: str = Field(description="The name by which it was found, folded.")
    exact: bool = Field(description="Whether it goes by the very name asked, but for case.")
    likeness: float = Field(description="How alike the two names are, from 0 to 1.")


class Resolved(_Model):
    """What goes by a name."""

    # called when a schema is made, as above
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "resolve"))

    q: str = Field(description="The name asked.")
    id: str = Field(description="The id of the one thing that goes by it; empty without one.")
    matches: tuple[Match, ...] = Field(description="What goes by it, or by names near it.")


class ResolveQuestion(BaseModel):
    """A name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str = Field(
        min_length=1,
        max_length=500,
        description="A name in any spelling the sources use, an id, a CURIE or an IRI.",
        examples=["Sisha"],
    )


def _exemplify(schema: dict[str, object], name: str) -> None:
    schema["examples"] = [example(name)]
