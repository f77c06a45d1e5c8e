"""Claims: one property of one thing, with one value, by one speaker, in one passage."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import islice, zip_longest
from typing import NamedTuple

from kg.errors import InputError
from kg.mapping import ArticleMapping, Frame, Inferred, Passage, Quoted, Said, Voice
from kg.source import Key, Tree
from kg.values import Date, Ref, Value, digest, term

__all__ = [
    "EDITOR",
    "Claim",
    "Relay",
    "Spoken",
    "anchored",
    "checksum",
    "claim_keys",
    "claims",
    "passage_id",
    "relay",
    "spoken",
]

EDITOR = "actor/caspian"
"""Who makes inferences and identity judgements: this project, never an article."""


class Spoken(NamedTuple):
    """An utterance as an article reports it: its id, who spoke, and what it is a part of."""

    id: str
    speaker: str
    within: str
    """The declared utterance it is a part of; empty where it is declared itself or stands alone."""


class Relay(NamedTuple):
    """One step of a relay chain: an outlet that passed on what it heard."""

    id: str
    outlet: str
    hears: str
    """The step before, or the utterance itself."""
    chain: tuple[str, ...]
    """The speaker and the outlets so far, this one last."""


class Claim(NamedTuple):
    """What is claimed, by whom, where, in which words and how sure; ids throughout."""

    id: str
    thing: str
    key: str
    """The property claimed."""
    value: Value
    passage: Passage
    speaker: str
    principal: str
    spoken: Spoken
    relay: tuple[Relay, ...]
    """The steps from the speaker outward; none where the article's own outlet speaks."""
    role: str
    form: str
    certainty: str
    cue: str
    polarity: str
    basis: str
    as_of: Date | None
    note: str
    line: int

    @property
    def wording(self) -> str:
        """How the article wrote the value, where it is a thing under another name."""
        return self.value.written if isinstance(self.value, Ref) else ""


def claims(mapping: ArticleMapping) -> Iterator[Claim]:
    """The claims of an article, in the order of its mapping; the editor's inferences last.

    Raises InputError where a quote is not anchored yet, or the same claim stands twice.
    """
    seen: dict[str, int] = {}
    for number, claim in enumerate(_all(mapping)):
        if first := seen.get(claim.id):
            message = f"{claim.thing} {claim.key} is claimed twice in the same words"
            key = next(islice(claim_keys(mapping), number, None))
            problem = mapping.document.problem(key, message, f"the first is on line {first}")
            raise InputError(replace(problem, line=claim.line))
        seen[claim.id] = claim.line
        yield claim


def claim_keys(mapping: ArticleMapping) -> Iterator[Key]:
    """The key of each claim's value in the mapping, in the order of the claims.

    It is the entry's where things of it were judged to be one, and what is said of them was joined.
    """
    entries: tuple[Said | Inferred, ...] = (*mapping.said, *mapping.inferred)
    for entry in entries:
        at = entry.quoted.key
        tree: Tree = mapping.document.tree
        for part in at:
            tree = tree[part]
        names = [name for name in tree if "/" in name]
        for name, frame in zip_longest(names, entry.frames):
            joined = len(names) > len(entry.frames)
            for key, number in _numbered(frame) if frame else ():
                if joined:
                    yield at
                elif isinstance(tree[name][key], list):
                    yield (*at, name, key, number)
                else:
                    yield (*at, name, key)


def _numbered(frame: Frame) -> Iterator[tuple[str, int]]:
    """The properties of a frame, and which value of that property it is."""
    numbers: Counter[str] = Counter()
    for key, _, _ in frame.values:
        yield key, numbers[key]
        numbers[key] += 1


def _all(mapping: ArticleMapping) -> Iterator[Claim]:
    for said in mapping.said:
        for frame in said.frames:
            yield from _claimed(mapping, said, frame)
    editor = Voice("editor", EDITOR, "", "inference", "", (), None)
    for inferred in mapping.inferred:
        said = _as_said(inferred, editor)
        for frame in inferred.frames:
            yield from _claimed(mapping, said, frame)


def _as_said(inferred: Inferred, editor: Voice) -> Said:
    """An inference as if the editor had said it; the words it rests on are its evidence."""
    return Said(
        quoted=inferred.quoted,
        voice=editor,
        form="inference",
        certainty="probable",
        cue="",
        polarity="affirmed",
        basis="",
        as_of=None,
        utterance="",
        note=inferred.because,
        frames=inferred.frames,
        line=inferred.line,
    )


def _claimed(mapping: ArticleMapping, said: Said, frame: Frame) -> Iterator[Claim]:
    passage = anchored(mapping, said.quoted)
    utterance = spoken(mapping, said.voice, said.utterance)
    steps = relay(mapping, said.voice, utterance)
    principal = mapping.entities.principal(said.voice.speaker)
    for key, value, line in frame.values:
        same = (
            passage_id(mapping.article, passage),
            utterance.id,
            steps[-1].id if steps else "",
            frame.thing,
            key,
            term(value),
            said.form,
            said.certainty,
            said.polarity,
        )
        yield Claim(
            id=f"claim/{mapping.article}/{digest(same, 5)}",
            thing=frame.thing,
            key=key,
            value=value,
            passage=passage,
            speaker=said.voice.speaker,
            principal=principal,
            spoken=utterance,
            relay=steps,
            role=said.voice.role,
            form=said.form,
            certainty=said.certainty,
            cue=said.cue,
            polarity=said.polarity,
            basis=said.basis,
            as_of=said.as_of,
            note=said.note,
            line=line,
        )


def anchored(mapping: ArticleMapping, quoted: Quoted) -> Passage:
    """The passage of a quote; InputError where `caspian anchor` has not been run on it as it is.

    A quote without a bridge is its passage, so that its length and checksum tell without the text
    whether a word of it was changed.
    """
    hint = f"run `caspian anchor {mapping.document.file}`"
    key = (*quoted.key, "quote")
    passage = quoted.passage
    if passage is None:
        raise InputError(mapping.document.problem(key, "the quote has no offsets yet", hint))
    same = passage.end - passage.start, passage.checksum
    if len(passage.parts) == 1 and (len(quoted.text), checksum(quoted.text)) != same:
        message = "the quote is not what stood at its offsets when they were written"
        raise InputError(mapping.document.problem(key, message, hint))
    return passage


def checksum(words: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a passage.

    >>> checksum("about 1,100 km east of Moscow")
    'ac9ed29242517aa5'
    """
    return sha256(words.encode()).hexdigest()[:16]


def passage_id(article: str, passage: Passage) -> str:
    """The id of a passage: its article and its range of characters.

    >>> passage_id("002_823e27110d85d8d8", Passage(812, 840, "", ("about 1,100 km",)))
    'passage/002_823e27110d85d8d8/812-840'
    """
    return f"passage/{article}/{passage.start}-{passage.end}"


def spoken(mapping: ArticleMapping, voice: Voice, finer: str = "") -> Spoken:
    """The utterance in which the voice speaks.

    A declared utterance serves every article that reports it. Where somebody speaks on an occasion
    that is declared as another's (Kirby within the White House's release), their part has an id of
    its own within it, the same in every article.
    """
    declared = finer or voice.utterance
    if not declared:
        return Spoken(f"utterance/{mapping.article}/{voice.key}", voice.speaker, "")
    if mapping.entities[declared].links.get("speaker") == voice.speaker:
        return Spoken(declared, voice.speaker, "")
    return Spoken(f"{declared}/{_slug(voice.speaker)}", voice.speaker, declared)


def relay(mapping: ArticleMapping, voice: Voice, utterance: Spoken) -> tuple[Relay, ...]:
    """The steps by which the words reached this article, from the speaker outward.

    The last is the article's own outlet; none where that outlet is the speaker.
    """
    if voice.speaker in {mapping.outlet, EDITOR}:
        return ()
    outlets = (*voice.relay, mapping.outlet)
    steps: list[Relay] = []
    hears = utterance.id
    for number, outlet in enumerate(outlets, start=1):
        path = "/".join(_slug(name) for name in outlets[:number])
        chain = (utterance.speaker, *outlets[:number])
        step = Relay(f"relay/{_slug(utterance.id)}/{path}", outlet, hears, chain)
        steps.append(step)
        hears = step.id
    return tuple(steps)


def _slug(name: str) -> str:
    return name.partition("/")[2]
