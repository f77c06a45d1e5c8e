"""Reading the mapping of an article from a document, with every problem named at once.

Checked here is everything that needs no text: names, kinds, values, the words of the lexicon. What
the text itself must confirm (quotes, offsets, hashes) is checked in kg.anchor.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from kg.entities import Entity, declared, misfits
from kg.errors import InputError, Problem, closest, meant, near
from kg.mapping import (
    BRIDGE,
    ArticleMapping,
    Frame,
    Inferred,
    Passage,
    Published,
    Quoted,
    Said,
    Unmapped,
    Vocabulary,
    Voice,
)
from kg.source import Document, Key, Tree
from kg.value_reader import Reading, class_of, concept, read_date, read_values, reference
from kg.values import NAME, Date

__all__ = ["read_mapping"]

LONGEST_QUOTE = 200
_TOP = ("article", "sha256", "length", "body", "outlet", "published", "voices", "claims")
_TOP_OPTIONAL = ("headline", "inferences", "unmapped", "things")
_VOICE = frozenset({"speaker", "in", "form", "role", "relay", "quote", "nth", "at", "sum"})
_QUOTE = frozenset({"quote", "nth", "at", "sum"})
_SAID = _QUOTE | {
    "voice",
    "form",
    "certainty",
    "cue",
    "polarity",
    "basis",
    "asOf",
    "utterance",
    "note",
}
_INFERRED = _QUOTE | {"because"}
_WHOLE = re.compile(r"[0-9]{1,9}")
_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_HASH = re.compile(r"[0-9a-f]{64}")
_SUM = re.compile(r"[0-9a-f]{16}")
_ANCHOR = "delete at: and sum:, then run `caspian anchor`, which writes them"
_NAME = "letters, digits, _ and -"
_NO_DATE = Date("", "", "")
_Entry = TypeVar("_Entry")


def read_mapping(document: Document, vocabulary: Vocabulary) -> ArticleMapping:
    """The mapping the document holds.

    Raises InputError with every problem found, each with its file, line and key.
    """
    return _Reader(document, vocabulary).mapping()


class _Reader:
    """Reads one document; gathers problems so that an editor sees all of them at once."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self.document, self.vocabulary = document, vocabulary
        self.problems: list[Problem] = []
        self.things: tuple[Entity, ...] = ()
        self.context = Reading(document, vocabulary.schema, vocabulary.entities, vocabulary.lexicon)

    def mapping(self) -> ArticleMapping:
        tree = self._top()
        self._declare(tree.get("things", {}))
        voices = self._voices(tree["voices"])
        result = ArticleMapping(
            document=self.document,
            article=self._matching(tree["article"], ("article",), NAME, _NAME),
            sha256=self._matching(tree["sha256"], ("sha256",), _HASH, "64 hexadecimal digits"),
            length=self._whole(tree["length"], ("length",)),
            body=self._range(tree["body"], ("body",)),
            outlet=self._actor(tree["outlet"], ("outlet",), "NewsOrganisation"),
            headline=self._text(tree.get("headline", ""), ("headline",)),
            published=self._published(tree["published"]),
            voices=voices,
            said=self._entries(tree["claims"], ("claims",), lambda e, k: self._said(e, k, voices)),
            inferred=self._entries(tree.get("inferences", []), ("inferences",), self._inferred),
            unmapped=self._entries(tree.get("unmapped", []), ("unmapped",), self._unmapped),
            entities=self.context.entities,
            things=self.things,
        )
        if self.problems:
            raise InputError(*self.problems)
        return result

    # -- the parts of a document, top down

    def _top(self) -> dict[str, Tree]:
        tree = self.document.tree
        if not isinstance(tree, dict):
            raise InputError(self.document.problem((), "is no mapping of an article"))
        self._known_keys(tree, (), frozenset((*_TOP, *_TOP_OPTIONAL)))
        if missing := [key for key in _TOP if key not in tree]:
            self._wrong((), f"lacks {', '.join(missing)}", "see seeds/README.md")
            raise InputError(*self.problems)
        return tree

    def _declare(self, tree: Tree) -> None:
        """The things the document declares for itself, known to it alone."""
        at: Key = ("things",)
        schema = self.vocabulary.schema
        self.things = tuple(declared(self.document, at, tree, schema, self.problems))
        if self.problems:  # else what is said of these things would be told as well
            raise InputError(*self.problems)
        if self.things:
            entities = self.vocabulary.entities.extended(self.things)
            self.problems.extend(misfits(self.document, at, self.things, entities, schema))
            self.context = self.context._replace(entities=entities)

    def _published(self, tree: Tree) -> Published:
        at: Key = ("published",)
        if not isinstance(tree, dict) or not tree.get("because"):
            hint = 'write {edtf: "2023-06-09", because: "why you think so"}'
            self._wrong(at, "needs a date and because", hint)
            return Published(_NO_DATE, "", None)
        extra = {"because", *_QUOTE}
        date = self._date({k: v for k, v in tree.items() if k not in extra}, at)
        quoted = self._quoted(tree, at) if "quote" in tree else None
        return Published(date, self._text(tree["because"], (*at, "because")), quoted)

    def _voices(self, tree: Tree) -> dict[str, Voice]:
        if not isinstance(tree, dict) or not tree:
            self._wrong(("voices",), "names no voice", "write key: {speaker: …, form: …}")
            return {}
        return {key: self._voice(key, fields) for key, fields in tree.items()}

    def _voice(self, key: str, tree: Tree) -> Voice:
        at: Key = ("voices", key)
        if not isinstance(tree, dict):
            self._wrong(at, "is no voice", "write {speaker: actor/…, form: indirect}")
            return Voice(key, "", "", "", "", (), None)
        self._known_keys(tree, at, _VOICE)
        if not NAME.fullmatch(key):
            self._wrong(at, f"{key!r} is not {_NAME}")
        if key == "editor":
            self._wrong(at, "is the voice of inferences", "name this one otherwise")
        speaker = self._actor(tree.get("speaker", ""), (*at, "speaker"), "Actor")
        return Voice(
            key=key,
            speaker=speaker,
            utterance=self._utterance(tree.get("in", ""), (*at, "in")),
            form=self._concept("Form", tree.get("form", ""), (*at, "form")),
            role=self._text(tree.get("role", ""), (*at, "role")),
            relay=self._relay(tree.get("relay", []), (*at, "relay"), speaker),
            quoted=self._quoted(tree, at) if "quote" in tree else None,
        )

    def _relay(self, tree: Tree, at: Key, speaker: str) -> tuple[str, ...]:
        """The outlets between the speaker and the article's own, which ends every chain."""
        if not isinstance(tree, list):
            self._wrong(at, "is no list of outlets", "write [outlet/a, outlet/b]")
            return ()
        steps = [self._actor(name, (*at, i), "NewsOrganisation") for i, name in enumerate(tree)]
        chain = [name for name in (speaker, *steps, self.document.tree["outlet"]) if name]
        if steps and any(chain.count(name) > 1 for name in chain):
            hint = "it leads from the speaker to this article's outlet, which is left out"
            self._wrong(at, "names an outlet twice", hint)
        return tuple(steps)

    def _entries(
        self, tree: Tree, at: Key, read: Callable[[dict[str, Tree], Key], _Entry]
    ) -> tuple[_Entry, ...]:
        if not isinstance(tree, list):
            self._wrong(at, "is no list", "begin each entry with a dash")
            return ()
        found = []
        for index, entry in enumerate(tree):
            key = (*at, index)
            if isinstance(entry, dict):
                found.append(read(entry, key))
            else:
                self._wrong(key, "is no entry", "write quote: … and what it says")
        return tuple(found)

    def _said(self, tree: dict[str, Tree], at: Key, voices: Mapping[str, Voice]) -> Said:
        key = tree.get("voice")
        voice = voices.get(key) if isinstance(key, str) else None
        if voice is None:
            message = "lacks voice" if key is None else f"no voice {key}"
            self._wrong((*at, "voice"), message, closest(str(key), voices))
            voice = Voice(str(key), "", "", "", "", (), None)
        return Said(
            quoted=self._quoted(tree, at),
            voice=voice,
            form=self._concept("Form", tree["form"], (*at, "form"))
            if "form" in tree
            else voice.form,
            certainty=self._concept(
                "Certainty", tree.get("certainty", "asserted"), (*at, "certainty")
            ),
            cue=self._cue(tree, at),
            polarity=self._concept("Polarity", tree.get("polarity", "affirmed"), (*at, "polarity")),
            basis=self._concept("Basis", tree["basis"], (*at, "basis")) if "basis" in tree else "",
            as_of=self._date(tree["asOf"], (*at, "asOf")) if "asOf" in tree else None,
            utterance=self._utterance(tree.get("utterance", ""), (*at, "utterance")),
            note=self._text(tree.get("note", ""), (*at, "note")),
            frames=self._frames(tree, at, _SAID),
            line=self.document.line(at),
        )

    def _inferred(self, tree: dict[str, Tree], at: Key) -> Inferred:
        if not tree.get("because"):
            self._wrong(at, "lacks because", "an inference names its premises")
        return Inferred(
            because=self._text(tree.get("because", ""), (*at, "because")),
            quoted=self._quoted(tree, at),
            frames=self._frames(tree, at, _INFERRED),
            line=self.document.line(at),
        )

    def _unmapped(self, tree: dict[str, Tree], at: Key) -> Unmapped:
        self._known_keys(tree, at, _INFERRED)
        if not tree.get("because"):
            self._wrong(at, "lacks because", "say why this text is not mapped")
        because = self._text(tree.get("because", ""), (*at, "because"))
        return Unmapped(self._quoted(tree, at), because)

    def _frames(self, tree: dict[str, Tree], at: Key, fields: frozenset[str]) -> tuple[Frame, ...]:
        frames = []
        for name in (key for key in tree if key not in fields):
            try:
                frames.append(self._frame(name, tree[name], (*at, name), fields))
            except InputError as error:
                self.problems.extend(error.problems)
        if set(tree) <= fields:
            self._wrong(at, "says nothing", "add what is claimed: thing/id: {property: value}")
        return tuple(frames)

    def _frame(self, name: str, tree: Tree, at: Key, fields: frozenset[str]) -> Frame:
        if "/" not in name:
            hint = meant(near(name, fields)) or "a thing's id has a slash"
            raise self.context.error(at, "is neither a field of an entry nor a thing's id", hint)
        kind = class_of(self.context, name, at)
        if not isinstance(tree, dict) or not tree:
            raise self.context.error(at, "says nothing of the thing", "write {property: value}")
        values = [
            (key, value, line)
            for key, given in tree.items()
            for value, line in read_values(
                self.context, kind, given, at=(*at, key), problems=self.problems
            )
        ]
        return Frame(name, tuple(values))

    # -- quotes

    def _quoted(self, tree: dict[str, Tree], at: Key) -> Quoted:
        given = tree.get("quote", "")
        text = given if isinstance(given, str) else ""
        parts = text.split(BRIDGE)
        if not all(parts) or len(parts) > 2:  # noqa: PLR2004 -- a bridge has two ends
            hint = "copy the words; one … bridges the first and the last of a longer stretch"
            self._wrong((*at, "quote"), "is no quote", hint)
        if len(text) > LONGEST_QUOTE:
            message = f"quotes {len(text)} characters, {LONGEST_QUOTE} is the most"
            self._wrong((*at, "quote"), message, "bridge it with …")
        if "\n" in text:
            self._wrong((*at, "quote"), "spans lines", "keep a quote within one paragraph")
        nth = self._whole(tree.get("nth", "1"), (*at, "nth"))
        if nth == 0:
            self._wrong((*at, "nth"), "counts from 1")
        return Quoted(text, nth, self._passage(tree, at, tuple(parts)), at)

    def _passage(self, tree: dict[str, Tree], at: Key, parts: tuple[str, ...]) -> Passage | None:
        if "at" not in tree and "sum" not in tree:
            return None
        start, end = self._range(tree.get("at", ""), (*at, "at"))
        found = tree.get("sum", "")
        checksum = self._matching(found, (*at, "sum"), _SUM, "16 hexadecimal digits", _ANCHOR)
        return Passage(start, end, checksum, parts)

    def _cue(self, tree: dict[str, Tree], at: Key) -> str:
        cue = self._text(tree.get("cue", ""), (*at, "cue"))
        if cue and cue not in (quote := str(tree.get("quote", ""))) and BRIDGE not in quote:
            self._wrong((*at, "cue"), f"{cue!r} does not stand in the quote", "copy the hedge word")
        return cue

    # -- scalars

    def _text(self, tree: Tree, at: Key) -> str:
        if isinstance(tree, str):
            return tree
        self._wrong(at, "is no text", "write words")
        return ""

    def _whole(self, tree: Tree, at: Key) -> int:
        if _WHOLE.fullmatch(str(tree)):
            return int(tree)
        self._wrong(at, f"{tree!r} is no whole number")
        return 1

    def _range(self, tree: Tree, at: Key) -> tuple[int, int]:
        found = _RANGE.fullmatch(str(tree))
        if found and int(found[1]) < int(found[2]):
            return int(found[1]), int(found[2])
        hint = _ANCHOR if at[-1] == "at" else "write 0-1967"
        self._wrong(at, f"{tree!r} is no range of characters", hint)
        return 0, 1

    def _matching(
        self, tree: Tree, at: Key, form: re.Pattern[str], what: str, hint: str = ""
    ) -> str:
        text = str(tree)
        if not form.fullmatch(text):
            self._wrong(at, f"{text!r} is not {what}", hint)
        return text

    def _concept(self, kind: str, tree: Tree, at: Key) -> str:
        return self._or_empty(lambda: concept(self.context, kind, tree, at))

    def _actor(self, tree: Tree, at: Key, kind: str) -> str:
        return self._or_empty(lambda: reference(self.context, tree, at, (kind,)).id)

    def _utterance(self, tree: Tree, at: Key) -> str:
        return self._actor(tree, at, "Utterance") if tree else ""

    def _date(self, tree: Tree, at: Key) -> Date:
        try:
            return read_date(self.context, tree, at)
        except InputError as error:
            self.problems.extend(error.problems)
            return _NO_DATE

    def _or_empty(self, read: Callable[[], str]) -> str:
        try:
            return read()
        except InputError as error:
            self.problems.extend(error.problems)
            return ""

    def _known_keys(self, tree: dict[str, Tree], at: Key, known: frozenset[str]) -> None:
        for key in sorted(set(tree) - known):
            self._wrong((*at, key), "is no field here", closest(key, known))

    def _wrong(self, at: Key, message: str, hint: str = "") -> None:
        self.problems.append(self.document.problem(at, message, hint))
