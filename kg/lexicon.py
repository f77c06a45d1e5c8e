"""What vague words stand for: "hundreds" is 200 to 999, by a rule that can be read and cited."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from kg.errors import InputError, closest
from kg.source import Document, read_yaml

__all__ = ["Lexicon", "Rule", "lexicon", "number", "read_lexicon"]

# bounded, so that nobody's 1e999999999 fills the memory
_DIGITS = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")
_FIELDS = frozenset({"says", "kind", "min", "max", "edtf", "source"})
# kind → the fields of which a rule needs one
_NEEDED = {"quantity": {"min", "max"}, "money": {"min", "max"}, "date": {"edtf"}}
_YEAR = re.compile(r"\{year([+-]\d+)?\}")


@dataclass(frozen=True)
class Rule:
    """One entry of the lexicon: the wordings it covers and the bounds they stand for."""

    id: str
    kind: str
    wordings: tuple[str, ...]
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    edtf: str = ""
    """For dates: the EDTF value, with {year}, {year+1} … counted from the year of the words."""

    def dated(self, anchor: str) -> str:
        """The EDTF date the words mean when they are said on `anchor`.

        >>> Rule("early-next-year", "date", (), edtf="{year+1}-01/{year+1}-04~").dated("2023-06-09")
        '2024-01/2024-04~'
        """
        year = int(anchor[:4])
        return _YEAR.sub(lambda found: str(year + int(found[1] or 0)), self.edtf)


@dataclass(frozen=True)
class Lexicon:
    """The rules, found by the words they cover."""

    rules: tuple[Rule, ...]

    @cached_property
    def _by_wording(self) -> Mapping[tuple[str, str], Rule]:
        return {(rule.kind, words): rule for rule in self.rules for words in rule.wordings}

    def find(self, kind: str, wording: str) -> Rule | None:
        """The rule for these words as a quantity, money or date; None where there is none."""
        return self._by_wording.get((kind, wording.lower()))

    def wordings(self, kind: str) -> tuple[str, ...]:
        """All words the lexicon knows of that kind."""
        return tuple(words for of_kind, words in self._by_wording if of_kind == kind)


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon in that file.

    >>> from kg.resources import folder
    >>> rule = read_lexicon(folder("seeds") / "lexicon.yaml").find("quantity", "hundreds")
    >>> rule.minimum, rule.maximum
    (Decimal('200'), Decimal('999'))
    """
    return lexicon(read_yaml(path))


def number(given: object) -> Decimal | None:
    """The number written in digits, 0 or more; None where anything else is written.

    >>> number("1100.5"), number("1,100"), number("1e999999999")
    (Decimal('1100.5'), None, None)
    """
    text = str(given)
    return Decimal(text) if _DIGITS.fullmatch(text) else None


def lexicon(document: Document) -> Lexicon:
    """The lexicon the document describes; InputError names the first rule that cannot be read."""
    if not isinstance(document.tree, dict):
        hint = "write rule-id: {says: [words], kind: quantity}"
        raise InputError(document.problem((), "holds no rules", hint))
    rules: dict[tuple[str, str], Rule] = {}
    for name in document.tree:
        rule = _rule(document, name)
        for words in rule.wordings:
            first = rules.setdefault((rule.kind, words), rule)
            if first is not rule:
                hint = f"{first.id} covers them too"
                raise InputError(document.problem((name, "says"), f"{words!r} stands twice", hint))
    return Lexicon(tuple(dict.fromkeys(rules.values())))


def _rule(document: Document, name: str) -> Rule:
    entry = document.tree[name]
    if not isinstance(entry, dict) or not {"says", "kind"} <= set(entry):
        hint = "write says: [words] and kind: quantity, money or date"
        raise InputError(document.problem((name,), "a rule needs says and kind", hint))
    if unknown := sorted(set(entry) - _FIELDS):
        hint = closest(unknown[0], _FIELDS)
        raise InputError(document.problem((name, unknown[0]), "is no field of a rule", hint))
    kind = str(entry["kind"])
    if (needed := _NEEDED.get(kind)) is None:
        message = f"no kind {kind}"
        raise InputError(document.problem((name, "kind"), message, closest(kind, _NEEDED)))
    if not needed & set(entry):
        message = f"a rule for a {kind} needs {' or '.join(sorted(needed))}"
        raise InputError(document.problem((name,), message))
    return Rule(
        id=name,
        kind=kind,
        wordings=_wordings(document, name),
        minimum=_bound(document, name, "min"),
        maximum=_bound(document, name, "max"),
        edtf=str(entry.get("edtf", "")),
    )


def _wordings(document: Document, name: str) -> tuple[str, ...]:
    says = document.tree[name]["says"]
    if not isinstance(says, list) or not says or not all(isinstance(words, str) for words in says):
        raise InputError(document.problem((name, "says"), "is no list of words", "write [a, b]"))
    return tuple(words.lower() for words in says)


def _bound(document: Document, name: str, key: str) -> Decimal | None:
    text = document.tree[name].get(key)
    found = number(text)
    if found is None and text is not None:
        hint = "write digits, without commas"
        raise InputError(document.problem((name, key), f"{text!r} is no number", hint))
    return found
