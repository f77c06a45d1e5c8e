"""What the service sends as JSON, field by field; the reference page is made from this."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.examples import example

__all__ = [
    "DefaultGraph",
    "Evidence",
    "GraphEntry",
    "GraphList",
    "Health",
    "Hop",
    "InvalidParameter",
    "Place",
    "Problem",
    "Readiness",
    "Route",
    "RouteAnswer",
    "RouteQuestion",
    "StoredQuestion",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Place(_Model):
    """A place, with its coordinates and how far from the thing meant they may lie, where known."""

    id: str = Field(description="Its id; the IRI is https://w3id.org/caspian/id/ and the id.")
    label: str = Field(description="Its name.")
    lat: float | None = Field(description="Latitude in degrees (WGS 84).")
    lon: float | None = Field(description="Longitude in degrees (WGS 84).")
    accuracy_metres: float | None = Field(description="How far off the coordinates may be.")
    coordinates_from: str = Field(description="The source the coordinates come from.")


class Evidence(_Model):
    """One claim about a leg: what it says, in which words, whose, and how sure."""

    claim: str = Field(description="Id of the claim.")
    key: str = Field(description="Which property of the leg it is about, such as `from`.")
    value: str = Field(description="What it says of it: an id, or a literal.")
    wording: str = Field(description="The value as the article writes it, where that differs.")
    quotation: str = Field(description="The words it rests on; “ … ” bridges what is left out.")
    start: int = Field(description="Where they begin in the article's text, in code points.")
    end: int = Field(description="Where they end.")
    checksum: str = Field(description="Checksum of the passage's text.")
    article: str = Field(description="Name of the article.")
    article_sha256: str = Field(description="SHA-256 of the article's text.")
    outlet: str = Field(description="Who published the article.")
    speaker: str = Field(description="Id of whoever says so.")
    speaker_label: str = Field(description="Their name.")
    speaker_role: str = Field(description="Their role in the article's words, where it gives one.")
    principal: str = Field(description="Id of the actor on whose behalf they speak.")
    form: str = Field(description="How they are quoted, such as `direct` or `indirect`.")
    certainty: str = Field(description="How sure they are, such as `asserted` or `possible`.")
    hedge_cue: str = Field(description="The word that hedges it, where there is one.")
    polarity: str = Field(description="`affirmed` or `denied`.")
    chain: str = Field(description="From the speaker over those who relay them to the article.")


class Hop(_Model):
    """One leg travelled."""

    leg: str = Field(description="Id of the leg.")
    source: Place = Field(description="Where it begins.")
    target: Place = Field(description="Where it ends.")
    order: int | None = Field(description="Which leg of its supply route it is, from 1.")
    mode: str = Field(description="`sea`, `air`, `road`, `rail` or `not-stated`.")
    route: str = Field(description="Id of the supply route it belongs to.")
    cargo: tuple[str, ...] = Field(description="Names of what is carried.")
    across: tuple[str, ...] = Field(description="Names of the places crossed.")
    evidence: tuple[Evidence, ...] = Field(description="Every claim about the leg.")


class Route(_Model):
    """A way from the source to the target."""

    hops: tuple[Hop, ...] = Field(description="The legs, one after the other.")


class RouteAnswer(_Model):
    """The shortest routes, or why there is none."""

    # called when a schema is made, so that importing this module reads no file
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "paths"))

    source: Place = Field(description="The place asked from.")
    target: Place = Field(description="The place asked to.")
    view: str = Field(description="Whose account the legs are taken from.")
    routes: tuple[Route, ...] = Field(description="The shortest ones; empty where there is none.")
    reason: str = Field(description="Why there is no route; empty where there is one.")


class RouteQuestion(BaseModel):
    """From where to where, by whose account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[
        str,
        Field(
            alias="from",
            min_length=1,
            max_length=500,
            description="A place by name, id (`place/amirabad`), CURIE or IRI.",
            examples=["Amirabad"],
        ),
    ]
    target: Annotated[
        str,
        Field(
            alias="to",
            min_length=1,
            max_length=500,
            description="Another one, named in any of these ways.",
            examples=["Primorsko-Akhtarsk"],
        ),
    ]
    view: Annotated[
        str,
        Field(
            max_length=100,
            description="Whose account counts: `any`, or a view such as `us`.",
            examples=["us"],
        ),
    ] = "any"


class StoredQuestion(_Model):
    """A question that comes with the graph."""

    name: str = Field(description="Its name; /queries/ and the name answers it.")
    question: str = Field(description="The question in English.")
    sparql: str = Field(description="The query that answers it.")


class DefaultGraph(_Model):
    """The default graph: the merge of all graphs, each triple once."""

    triples: int = Field(description="How many triples it holds.")
    url: str = Field(description="Where it is to be had.")


class GraphEntry(_Model):
    """A named graph."""

    graph: str = Field(description="Its IRI.")
    label: str = Field(description="What it is called, where it has a name.")
    triples: int = Field(description="How many triples it holds.")
    url: str = Field(description="Where it is to be had.")


class GraphList(_Model):
    """The graphs there are, and how large they are."""

    default: DefaultGraph = Field(description="The default graph.")
    graphs: tuple[GraphEntry, ...] = Field(description="The named graphs, by IRI.")


class Health(_Model):
    """That the service is alive, and which graph it serves."""

    status: str = Field(description="`ok`.", examples=["ok"])
    version: str = Field(description="Version of Caspian.")
    snapshot: str | None = Field(description="Name of the built graph; null for one elsewhere.")
    quads: int | None = Field(description="Statements in it, over all its named graphs.")


class Readiness(_Model):
    """That questions are answered, and how busy those are who answer them."""

    status: str = Field(description="`ready`.", examples=["ready"])
    store: str = Field(description="Where the graph is: `memory`, `disk`, `remote` or `threads`.")
    busy: int = Field(description="Workers at work.")
    waiting: int = Field(description="Questions that wait for a worker.")


class InvalidParameter(_Model):
    """A parameter that is missing or wrong."""

    where: str = Field(description="Where it is, such as `query.from`.")
    message: str = Field(description="What is wrong with it.")


class Problem(_Model):
    """What went wrong (RFC 9457)."""

    # called when a schema is made, as above
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "problem"))

    type: str = Field(description="A URI that names the kind of problem.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong this time, and what to do about it.")
    near: tuple[str, ...] | None = Field(None, description="Names nearest to an unknown one.")
    candidates: tuple[str, ...] | None = Field(None, description="What an ambiguous name may be.")
    offered: tuple[str, ...] | None = Field(None, description="Media types that are served.")
    supported: tuple[str, ...] | None = Field(None, description="Media types that are read.")
    limit: float | None = Field(None, description="The limit that was passed.")
    errors: tuple[InvalidParameter, ...] | None = Field(None, description="Each wrong parameter.")


def _exemplify(schema: dict[str, object], name: str) -> None:
    schema["examples"] = [example(name)]
