"""The text of a SPARQL query as tokens, in every way an engine may cut it.

A query has more than one reading. In `FILTER(?a<'>')` the grammar's longest match sees the IRI
`<'>`, an engine that parses without a separate lexer sees a comparison; a long string that holds a
bad escape is two short ones to the second. What one reading hides in a string, another runs.
`readings` gives them all, each position taken once, so the work grows with the length of the text
and not with the number of readings.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

__all__ = ["Placed", "Token", "clause", "expanded", "placed", "readings"]

# SPARQL 1.1 §19.8, [164] PN_CHARS_BASE to [173] PN_LOCAL_ESC.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_TAIL = _BASE + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
_HEX = "[0-9A-Fa-f]"
_ESCAPED = rf"%{_HEX}{{2}}|\\[-_~.!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_BASE}](?:[{_TAIL}.-]*[{_TAIL}-])?)?:"
_LOCAL = rf"(?:[{_TAIL}:]|{_ESCAPED})(?:(?:[{_TAIL}:.-]|{_ESCAPED})*(?:[{_TAIL}:-]|{_ESCAPED}))?"
_BLANK = r"(?:[ \t\r\n]|#[^\r\n]*+)"
_IRI = rf'<(?:[^<>"{{}}|^`\\\x00-\x20]|\\u{_HEX}{{4}}|\\U{_HEX}{{8}})*+>'
_VARIABLE = rf"[?$][{_BASE}_0-9][{_TAIL}]*"
_NAME = rf"{_PREFIX}(?:{_LOCAL})?"

_TOKEN = re.compile(
    rf"(?P<blank>{_BLANK}+)"
    rf"|(?P<iri>{_IRI})"
    r"|(?P<long>'''(?:'{0,2}+(?:[^'\\]|\\[\s\S]))*+'''|"
    r'"""(?:"{0,2}+(?:[^"\\]|\\[\s\S]))*+""")'
    r"|(?P<string>'(?:[^'\\\r\n]|\\.)*+'|"
    r'"(?:[^"\\\r\n]|\\.)*+")'
    rf"|(?P<variable>{_VARIABLE})"
    rf"|(?P<node>_:[{_TAIL}](?:[{_TAIL}.-]*[{_TAIL}-])?)"
    r"|(?P<tag>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)"
    rf"|(?P<name>{_NAME})"
    r"|(?P<number>\d*\.?\d+(?:[eE][+-]?\d+)?)"
    rf"|(?P<word>[{_BASE}_][{_TAIL}.-]*+)"  # with its dots, or a.a.a.a would be scanned for each a
    r"|(?P<mark>\{\||\|\}|&&|\|\||\^\^|[<>!]=|[^'\"\\])"
    r"|(?P<stray>[\s\S])"
)

# An escape an engine may not take in a string: it then reads the first two quotes as a string.
_BAD_ESCAPE = re.compile(r"""\\[^tbnrf"'\\]""")

_CODE_POINT = re.compile(rf"\\u({_HEX}{{4}})|\\U({_HEX}{{8}})")
_OPENERS = frozenset({"{", "(", "[", "{|"})
_CLOSERS = frozenset({"}", ")", "]", "|}"})
_LAST_CODE_POINT = 0x10FFFF


@cache
def clause() -> re.Pattern[str]:
    """What makes the word SERVICE a call, wherever it stands: [59] ServiceGraphPattern.

    Compiled when it is asked for: that takes longer than all else here.
    """
    return re.compile(
        rf"{_BLANK}*+(?:silent{_BLANK}*+)?(?:{_VARIABLE}|{_IRI}|{_NAME}){_BLANK}*+\{{",
        re.IGNORECASE,
    )


class Token(NamedTuple):
    """A piece of a query: what it is, its characters, and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword this is, in capitals; empty where it is none."""
        return self.text.upper() if self.kind == "word" else ""


class Placed(NamedTuple):
    """A token, how many brackets are open around it, and the innermost ("data" in VALUES)."""

    token: Token
    depth: int
    inside: str


def readings(text: str) -> Iterator[list[Token]]:
    """Runs of tokens: the grammar's reading of the whole text, then what other readings add.

    >>> [[token.text for token in run] for run in readings("?a<'>'")]
    [['?a', "<'>", "'"], ["'>'"]]
    """
    waiting = [0]
    seen: set[int] = set()
    plain = True
    while waiting:
        position, run = waiting.pop(), list[Token]()
        while position < len(text) and position not in seen:
            seen.add(position)
            found = _TOKEN.match(text, position)
            kind = str(found and found.lastgroup)
            if found is None or (kind == "stray" and not plain):
                break  # a quote that opens no string: the text cannot be cut like this
            if kind != "blank":
                run.append(Token(kind, found.group(), position))
            if sooner := _sooner(kind, found.group()):
                waiting.append(position + sooner)
            position = found.end()
        plain = False
        yield run


def _sooner(kind: str, text: str) -> int:
    """After how many characters a token may end already; 0 where it cannot."""
    if kind == "long":
        return 2 if _BAD_ESCAPE.search(text) else 0
    return 1 if kind == "iri" else 0


def placed(run: list[Token]) -> list[Placed]:
    """The tokens of a run with the brackets open around each.

    >>> [item.inside for item in placed(next(readings("{ VALUES ?x { 1 } }")))]
    ['', '{', '{', '{', 'data', '{', '']
    """
    result, opened, values = list[Placed](), list[str](), False
    for token in run:
        if token.text in _CLOSERS and opened:
            opened.pop()
        inside = opened[-1] if opened else ""
        result.append(Placed(token, len(opened), inside))
        values = values or token.word == "VALUES"
        if token.text in _OPENERS:
            opened.append("data" if values or inside == "data" else token.text)
            values = values and token.text != "{"
    return result


def expanded(text: str) -> str:
    r"""The text as an engine sees it that expands `\u` everywhere before it parses (§19.2).

    >>> expanded(r"SERV\u0049CE")
    'SERVICE'
    """
    return _CODE_POINT.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= _LAST_CODE_POINT else found[0]
