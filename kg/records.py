"""Claims made light: what comparing them needs, and nothing else."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.claims import Claim, claims
from kg.dates import Bounds
from kg.known import Known
from kg.mapping import ArticleMapping, Passage
from kg.values import Date, Value

__all__ = ["Record", "Telling", "records"]

NARRATED = frozenset({"narrator", "headline", "caption"})
"""Forms in which an article speaks for itself, where its outlet is the speaker."""


class Telling(NamedTuple):
    """Who says it in which article: shared by all claims of one voice and utterance."""

    article: str
    outlet: str
    speaker: str
    principal: str
    ancestors: tuple[str, ...]
    """The utterance, what it is a part of, and so on outward; the last is the root."""
    sentence: str
    """The utterance as the seeds declare it, whoever an article gives it to."""
    root_principal: str
    """On whose behalf the one who made the root utterance spoke."""
    chain: tuple[str, ...]
    """The speaker and the outlets the words passed, the article's own last."""
    said: Bounds
    published: Bounds

    @property
    def root(self) -> str:
        """The outermost utterance."""
        return self.ancestors[-1]


class Record(NamedTuple):
    """One claim."""

    claim: str
    thing: str
    key: str
    value: Value
    passage: Passage
    telling: Telling
    form: str
    certainty: str
    cue: str
    polarity: str
    basis: str
    as_of: Date | None

    @property
    def article(self) -> str:
        """The article that holds the claim."""
        return self.telling.article

    @property
    def narrated(self) -> bool:
        """Whether the article says it in its own voice."""
        return self.form in NARRATED and self.telling.speaker == self.telling.outlet

    @property
    def order(self) -> tuple[str, int, int, str]:
        """By article, then by place in the text: the order in which all work is done."""
        return self.telling.article, self.passage.start, self.passage.end, self.claim


def records(mapping: ArticleMapping, known: Known) -> Iterator[Record]:
    """The records of an article's claims, in its order; `known` learns what it declares.

    The editor's inferences are records too, of form "inference"; nothing is held against them.
    """
    if not known.things:
        known.learn(mapping.entities.by_id.values())
    known.learn(mapping.things)
    told: dict[tuple[object, ...], Telling] = {}
    for claim in claims(mapping):
        key = (claim.speaker, claim.spoken, claim.relay)
        if key not in told:
            told[key] = _telling(mapping, claim)
        yield Record(
            claim=claim.id,
            thing=claim.thing,
            key=claim.key,
            value=claim.value,
            passage=claim.passage,
            telling=told[key],
            form=claim.form,
            certainty=claim.certainty,
            cue=claim.cue,
            polarity=claim.polarity,
            basis=claim.basis,
            as_of=claim.as_of,
        )


def _telling(mapping: ArticleMapping, claim: Claim) -> Telling:
    ancestors = _ancestors(mapping, claim)
    sentence = claim.spoken.within or claim.spoken.id
    published = mapping.published.date
    root = mapping.entities.by_id.get(ancestors[-1])
    speaker = root.links.get("speaker", claim.speaker) if root else claim.speaker
    return Telling(
        article=mapping.article,
        outlet=mapping.outlet,
        speaker=claim.speaker,
        principal=claim.principal,
        ancestors=ancestors,
        sentence=sentence,
        root_principal=mapping.entities.principal(speaker),
        chain=claim.relay[-1].chain if claim.relay else (claim.speaker,),
        said=_said(mapping, claim, sentence),
        published=_bounds(published.earliest, published.latest),
    )


def _ancestors(mapping: ArticleMapping, claim: Claim) -> tuple[str, ...]:
    found = [claim.spoken.id]
    above = claim.spoken.within or _within(mapping, claim.spoken.id)
    while above and above not in found:
        found.append(above)
        above = _within(mapping, above)
    return tuple(found)


def _within(mapping: ArticleMapping, utterance: str) -> str:
    entity = mapping.entities.by_id.get(utterance)
    return entity.links.get("within", "") if entity else ""


def _said(mapping: ArticleMapping, claim: Claim, sentence: str) -> Bounds:
    """When it was said; by the day of publication where nothing else is known."""
    thing = Known()
    if sentence in mapping.entities:
        thing.learn([mapping.entities[sentence]])
        said = thing.things[sentence].said
        if said != Bounds("", ""):
            return _bounds(*said)
    published = mapping.published.date
    own = claim.speaker == mapping.outlet
    return _bounds(published.earliest if own else "", published.latest)


@lru_cache(maxsize=4096)
def _bounds(earliest: str, latest: str) -> Bounds:
    return Bounds(earliest, latest)
