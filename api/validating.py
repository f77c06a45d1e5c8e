"""From what is posted to /validate to the report on it, away from HTTP.

`report_on` takes and gives plain values and touches nothing but what was read beforehand, so that
it can run in another process as well as in this one. What a client sends is first read there.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from api.errors import (
    MalformedRequestError,
    NotAcceptableError,
    UnreadableError,
    UnsupportedMediaError,
)
from api.evaluation import Result
from api.models_validation import Broken, Left, Validation
from api.negotiation import choose, media_type
from kg.errors import InputError, QueryError
from kg.formats import GRAPH_FORMATS
from kg.rdf import rewritten
from kg.submitted import RDF_TYPES, YAML_TYPES, Desk, Submitted, Validated, validated
from kg.vocab import SH

__all__ = ["FORM", "FORMS", "READ", "Posted", "report_on"]

JSON = "application/json"
FORMS = (JSON, *(form.media_type for form in GRAPH_FORMATS))
"""What a report can be had as."""

FORM = "multipart/form-data"
READ = (*RDF_TYPES, *YAML_TYPES, FORM)
"""What is read."""

_PARTS = frozenset(("data", "shapes"))
_MOST_PARTS = 4
_BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))""", re.IGNORECASE)
_NAME = re.compile(rb"""[;\s]name="?([A-Za-z]{1,20})"?(?:;|\s|$)""")
_FILE = re.compile(rb"""[;\s]filename="([^"\r\n]*)\"""")
_TYPE = re.compile(rb"^content-type:\s*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_UNTOLD = frozenset(("", "application/octet-stream", "text/plain"))
_BY_ENDING = {form.extension: form.media_type for form in GRAPH_FORMATS} | {
    ".yaml": YAML_TYPES[0],
    ".yml": YAML_TYPES[0],
    ".json": "application/ld+json",
    ".xml": "application/rdf+xml",
}


class Posted(NamedTuple):
    """What is posted: the Content-Type, the body, and what the client accepts."""

    content_type: str
    body: bytes
    accept: str | None


def report_on(desk: Desk, posted: Posted, *, most: int) -> Result:
    """The report on what is posted, in the form the client likes best, of `most` bytes at most.

    Raises MalformedRequestError, UnsupportedMediaError, NotAcceptableError, UnreadableError,
    ShapesRefusedError, or QueryError for a report that is too long.
    """
    chosen = choose(posted.accept, FORMS)
    if chosen is None:
        raise NotAcceptableError(FORMS)
    sent = _submitted(posted)
    try:
        found = validated(desk, sent["data"], sent.get("shapes"))
    except InputError as error:
        raise UnreadableError(error.problems) from error
    body = _json(found) if chosen == JSON else _rdf(found, chosen)
    if len(body) > most:
        raise QueryError(f"the report is larger than {most:,} bytes; send a part of the data")
    return Result(chosen, body, lasting=False)  # what is posted once is not kept


def _json(found: Validated) -> bytes:
    report = found.report
    told = zip(report.results, found.problems(), strict=True)
    results = tuple(
        Broken(
            focus=each.focus,
            path=each.path,
            value=each.value,
            shape=each.shape,
            owner=each.owner,
            component=each.component,
            severity=each.severity,
            message=problem.message,
            hint=problem.hint,
            line=problem.line or None,
        )
        for each, problem in told
    )
    left = tuple(Left.model_validate(each) for each in report.referrals)
    answer = Validation(
        conforms=report.conforms, total=len(results), results=results, referrals=left
    )
    return answer.model_dump_json().encode()


def _rdf(found: Validated, chosen: str) -> bytes:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in found.report.graph())
    return rewritten(lines.encode(), chosen, {"sh": SH})


# -- what is posted


def _submitted(posted: Posted) -> dict[str, Submitted]:
    kind = media_type(posted.content_type)
    if kind and kind.essence == FORM:
        return _form(posted)
    if not kind or kind.essence not in READ:
        raise UnsupportedMediaError(f"send RDF or a mapping, as {', '.join(READ)}", READ)
    return {"data": Submitted("data", kind.essence, posted.body)}


def _form(posted: Posted) -> dict[str, Submitted]:
    """The parts of a form (RFC 7578): `data`, and `shapes` where there are any."""
    boundary = _BOUNDARY.search(posted.content_type)
    if not boundary:
        raise MalformedRequestError(f"{FORM} without a boundary")
    mark = b"\r\n--" + (boundary[1] or boundary[2]).encode("ascii", "replace")
    pieces = (b"\r\n" + posted.body).split(mark, _MOST_PARTS)
    if len(pieces) > _MOST_PARTS or not pieces[-1].startswith(b"--"):
        raise MalformedRequestError("give the parts `data` and `shapes`, and end the form")
    parts = [*_parts(pieces[1:-1])]
    names = [part.name for part in parts]
    if "data" not in names or not _PARTS.issuperset(names) or len({*names}) < len(names):
        raise MalformedRequestError("give the part `data` once, and `shapes` once or not")
    return {part.name: part for part in parts}


def _parts(pieces: list[bytes]) -> Iterator[Submitted]:
    for piece in pieces:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not name:
            raise MalformedRequestError("a part of the form has no name")
        yield Submitted(name[1].decode("ascii"), _kind(head), content)


def _kind(head: bytes) -> str:
    """The media type of a part: as it says, or by the ending of the file's name; else Turtle."""
    said = _TYPE.search(head)
    kind = media_type(said[1].decode("ascii", "replace")) if said else None
    essence = kind.essence if kind else ""
    if essence in _UNTOLD:
        file = _FILE.search(head)
        ending = PurePath(file[1].decode("utf-8", "replace")).suffix.lower() if file else ""
        return _BY_ENDING.get(ending, RDF_TYPES[0])
    if essence not in (*RDF_TYPES, *YAML_TYPES):
        kinds = (*RDF_TYPES, *YAML_TYPES)
        raise UnsupportedMediaError(f"send the parts as {', '.join(kinds)}", kinds)
    return essence
