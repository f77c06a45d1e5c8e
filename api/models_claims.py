"""What the service sends of claims as JSON: profiles, conflicts, origins, timelines."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.examples import example

__all__ = [
    "Attested",
    "Conflict",
    "ConflictAnswer",
    "ConflictQuestion",
    "Entry",
    "Identity",
    "Named",
    "Origin",
    "OriginAnswer",
    "OriginQuestion",
    "Part",
    "Profile",
    "ProfileQuestion",
    "Statement",
    "Timeline",
    "TimelineQuestion",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Statement(_Model):
    """One claim: what it says of a thing, in which words, whose, how sure, and when it was said."""

    claim: str = Field(description="Id of the claim.")
    thing: str = Field(description="Id of what it is about.")
    thing_label: str = Field(description="Its name.")
    key: str = Field(description="Which property it is about, such as `status`.")
    value: str = Field(description="What it says of it: an id, or a literal.")
    value_label: str = Field(description="The value in words.")
    wording: str = Field(description="The value as the article writes it, where that differs.")
    quotation: str = Field(description="The words it rests on; “ … ” bridges what is left out.")
    start: int = Field(description="Where they begin in the article's text, in code points.")
    end: int = Field(description="Where they end.")
    article: str = Field(description="Name of the article.")
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
    form: str = Field(
        description="How it is quoted, such as `direct`; `inference` is the editors'."
    )
    certainty: str = Field(description="How sure they are, such as `asserted` or `possible`.")
    hedge_cue: str = Field(description="The word that hedges it, where there is one.")
    polarity: str = Field(description="`affirmed` or `denied`.")
    basis: str = Field(description="What it rests on, such as `intelligence`, where it is told.")
    chain: str = Field(description="From the speaker over those who relay them to the article.")
    said: str = Field(description="When, in EDTF: the date of the utterance, else the article's.")
    said_from: str = Field(description="The first day that may be; empty where it is open.")
    said_to: str = Field(description="The last day that may be; empty where it is open.")
    dated_by: str = Field(description="`utterance` or `publication`: which of the two dates it is.")


class Conflict(_Model):
    """A relation between two claims."""

    relation: str = Field(description="Id of the relation.")
    kind: str = Field(description="How they are related, such as `contradicts`.")
    rule: str = Field(description="Id of the rule by which that is seen.")
    compared: str = Field(description="What was compared.")
    explanation: str = Field(description="What it comes to, in a sentence.")
    first: Statement = Field(description="The one claim.")
    second: Statement = Field(description="The other.")


class ConflictAnswer(_Model):
    """Where the sources differ."""

    # called when a schema is made, so that importing this module reads no file
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "conflicts"))

    thing: str = Field(description="Id of the thing whose claims differ; empty for all.")
    kinds: tuple[str, ...] = Field(description="The kinds of relation that were asked for.")
    total: int = Field(description="How many there are, with those left out.")
    conflicts: tuple[Conflict, ...] = Field(description="The relations, by kind.")


class Origin(_Model):
    """An independent origin, and how much goes back to it."""

    id: str = Field(description="Its id.")
    label: str = Field(description="Its name.")
    claims: int = Field(description="How many claims go back to it.")
    articles: int = Field(description="In how many articles.")
    outlets: int = Field(description="Published by how many outlets.")
    roots: tuple[str, ...] = Field(description="Names of the utterances it starts from.")
    chains: tuple[str, ...] = Field(
        description="The ways from the speaker to the article's outlet; only for one thing."
    )
    interests: tuple[str, ...] = Field(
        description="Admissions against its interest, or interested denials; only for one thing."
    )


class Attested(_Model):
    """A value that a property is said to have, or not to have, and by whom."""

    key: str = Field(description="The property, such as `supplier`.")
    value: str = Field(description="The value: an id, or a literal.")
    value_label: str = Field(description="The value in words.")
    polarity: str = Field(description="`affirmed` or `denied`.")
    origins: tuple[str, ...] = Field(description="Names of the independent origins.")
    articles: tuple[str, ...] = Field(description="Names of the articles.")
    statements: tuple[Statement, ...] = Field(description="Every claim that says so.")


class OriginAnswer(_Model):
    """The origins behind what is said of a thing, or all there are."""

    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "origins"))

    thing: str = Field(description="Id of the thing; empty for all.")
    label: str = Field(description="Its name.")
    origins: tuple[Origin, ...] = Field(description="The origins, the widest first.")
    attested: tuple[Attested, ...] = Field(
        description="Each value said of the thing, the one of most origins first."
    )


class Part(_Model):
    """Another thing that a timeline tells of."""

    id: str = Field(description="Its id.")
    label: str = Field(description="Its name.")
    link: str = Field(description="`part of` or `serves`.")
    whole: str = Field(description="Id of what it is part of, or serves.")
    whole_label: str = Field(description="Name of that.")


class Entry(_Model):
    """What was said in one breath: the claims of one voice on one thing in one passage."""

    said: str = Field(description="When, in EDTF.")
    said_from: str = Field(description="The first day that may be; empty where it is open.")
    said_to: str = Field(description="The last day that may be; empty where it is open.")
    dated_by: str = Field(description="`utterance` or `publication`: which of the two dates it is.")
    thing: str = Field(description="Id of what it is about.")
    thing_label: str = Field(description="Its name.")
    status: tuple[str, ...] = Field(description="The status it gives the thing, in words.")
    statements: tuple[Statement, ...] = Field(description="The claims.")


class Timeline(_Model):
    """What was said when of a thing, of its parts, and of what serves them."""

    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "timeline"))

    thing: str = Field(description="Id of the thing.")
    label: str = Field(description="Its name.")
    parts: tuple[Part, ...] = Field(description="The other things it tells of.")
    entries: tuple[Entry, ...] = Field(description="What was said, the earliest first.")


class Named(_Model):
    """A thing, with its name, its class, and the other names it goes by."""

    id: str = Field(description="Its id; the IRI is https://w3id.org/caspian/id/ and the id.")
    label: str = Field(description="Its name.")
    kind: str = Field(description="Its class, in words.")
    also: tuple[str, ...] = Field(description="Other names it goes by.")


class Identity(_Model):
    """A judgement on whether a name means the thing."""

    judgement: str = Field(description="Id of the judgement.")
    written: str = Field(description="The name as articles write it.")
    verdict: str = Field(description="`positive`, `negative` or `unsure`.")
    certainty: str = Field(description="How sure the judgement is.")
    because: str = Field(description="Why it is judged so.")
    by: str = Field(description="Who judges so.")


class Profile(_Model):
    """A thing as the sources tell it."""

    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "thing"))

    thing: Named = Field(description="The thing.")
    claims: int = Field(description="How many claims are made of it.")
    origins: tuple[str, ...] = Field(description="Names of the independent origins.")
    articles: tuple[str, ...] = Field(description="Names of the articles.")
    said: tuple[Attested, ...] = Field(description="What is said of it, value by value.")
    mentions: tuple[Statement, ...] = Field(
        description="What is said of other things, with this one as the value."
    )
    conflicts: tuple[Conflict, ...] = Field(description="Where the sources differ on it.")
    identities: tuple[Identity, ...] = Field(description="Which names are judged to mean it.")


_THING = "A thing by name, id (`transfer/uav-ir-ru`), CURIE or IRI"


class _Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConflictQuestion(_Question):
    """On which thing, of which kind, and how many of them."""

    thing: Annotated[
        str,
        Field(max_length=500, description=f"{_THING}; all where none.", examples=["deal/su-35"]),
    ] = ""
    kind: Annotated[
        str,
        Field(
            max_length=100,
            description="Relations of this kind, such as `corroborates`, or `all`; the conflicts "
            "where none.",
            examples=["all"],
        ),
    ] = ""
    skip: Annotated[int, Field(ge=0, description="How many to leave out.", examples=[0])] = 0
    limit: Annotated[int, Field(ge=1, le=500, description="How many to give.", examples=[50])] = 50


class OriginQuestion(_Question):
    """Behind which thing."""

    thing: Annotated[
        str,
        Field(
            max_length=500,
            description=f"{_THING}; every origin where none.",
            examples=["transfer/uav-ir-ru"],
        ),
    ] = ""


class TimelineQuestion(_Question):
    """Of which thing."""

    thing: Annotated[
        str,
        Field(
            min_length=1,
            max_length=500,
            description=f"{_THING}.",
            examples=["cooperation/uav-production-in-russia"],
        ),
    ]


class ProfileQuestion(_Question):
    """By whose account."""

    view: Annotated[
        str,
        Field(
            max_length=100,
            description="Only what this view holds, such as `two-origins`; every claim where none.",
            examples=["any"],
        ),
    ] = ""


def _exemplify(schema: dict[str, object], name: str) -> None:
    schema["examples"] = [example(name)]
