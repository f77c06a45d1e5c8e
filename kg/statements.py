"""Claims as people read them: of what, what, whose, in which words, how sure, and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from kg.resolve import short
from kg.store import Iri, Solutions, Store, Term
from kg.vocab import ID

__all__ = [
    "COUNTED",
    "FIRST",
    "SEEN",
    "Statement",
    "claims_about",
    "claims_naming",
    "claims_of",
    "leading",
    "linked",
    "made_in",
    "mentioning",
    "query",
    "row_text",
    "statements",
    "statements_of",
]

FIRST = 200
"""How many claims are read where there may be any number; kg/rq/claims_with.rq has it too."""

SEEN = 2000
"""Of how many these are the first: to sort more would take longer than anybody waits."""

COUNTED = 1000
"""How far claims are counted; what counts more says so by one more. The queries have it too."""


@dataclass(frozen=True)
class Statement:
    """One claim: what it says of a thing, in which words, whose, how sure, and when it was said."""

    claim: str
    thing: str
    thing_label: str
    key: str
    value: str
    """An id, or a literal."""
    value_label: str
    """The value in words: the thing's name, the article's wording, or the number."""
    wording: str
    quotation: str
    start: int
    end: int
    article: str
    outlet: str
    speaker: str
    speaker_label: str
    speaker_role: str
    principal: str
    principal_label: str
    origin: str
    """Where it comes from in the end; the principal where no origin is computed."""
    origin_label: str
    interest: str
    """Whether it is an admission against interest or an interested denial; mostly neither."""
    form: str
    certainty: str
    hedge_cue: str
    polarity: str
    basis: str
    chain: str
    said: str
    """When, in EDTF: the date of the utterance, else of the article."""
    said_from: str
    said_to: str
    dated_by: str
    """`utterance` or `publication`: which of the two dates that is."""

    @property
    def inferred(self) -> bool:
        """Whether it is the editor's conclusion, and no article's word."""
        return self.form == "inference"


def statements(store: Store, thing: str) -> tuple[Statement, ...]:
    """Every claim made of the thing with this id, in the order of the articles and their texts."""
    return _read(store, "thing", thing)


def mentioning(store: Store, thing: str) -> tuple[Statement, ...]:
    """Every claim of another thing whose value is this one, in the same order."""
    return _read(store, "value", thing)


def statements_of(store: Store, claims: Iterable[str]) -> dict[str, Statement]:
    """The claims with these ids, each by its id."""
    found = (each for claim in dict.fromkeys(claims) for each in _read(store, "claim", claim))
    return {each.claim: each for each in found}


def linked(store: Store, link: str, node: str) -> tuple[tuple[Statement, ...], bool]:
    """The first claims that have the node as their `link`, both IRIs; and whether there are more.

    They come in the order of the articles and their texts, `FIRST` of them at most.
    """
    found = _statements(store.select(_among("claims_with"), link=Iri(link), node=Iri(node)))
    last = max((each.claim for each in found), default="") if len(found) > FIRST else ""
    return tuple(each for each in found if each.claim != last), bool(last)


def claims_of(store: Store, node: str) -> tuple[Statement, ...]:
    """The claims that the node with this IRI is, compares, checks, concludes or bears on."""
    return _statements(store.select(_among("claims_of"), node=Iri(node)))


def _among(which: str) -> str:
    """The question for statements, put of the claims alone that the query of this name finds."""
    return query("statements").replace("WHERE {", f"WHERE {{\n  {{\n{query(which)}  }}", 1)


def leading(store: Store, node: str) -> int:
    """How many statements lead to the node with this IRI, counted to one more than SEEN."""
    return int(str(store.select(query("leading"), node=Iri(node)).rows[0][0]))


def claims_about(store: Store, iri: str) -> int:
    """How many claims are made of the thing with this IRI, counted to one more than COUNTED."""
    return _count(store, "claims_about", iri)


def claims_naming(store: Store, iri: str) -> int:
    """How many are made of it or give it as a value, counted in the same way."""
    return _count(store, "claims_naming", iri)


def _count(store: Store, name: str, iri: str) -> int:
    return int(str(store.select(query(name), thing=Iri(iri)).rows[0][0]))


def made_in(statement: Statement) -> tuple[str, str]:
    """When it was said, as a key to sort by: what is open on one side stands at the other."""
    first, last = statement.said_from, statement.said_to
    return first or last, last or first


def query(name: str) -> str:
    """The text of a query of this package."""
    return files("kg").joinpath(f"rq/{name}.rq").read_text(encoding="utf-8")


def row_text(row: Mapping[str, Term | None], name: str, prefix: str = "") -> str:
    """A cell of an answer as text: an id without that prefix, a literal, or nothing."""
    return short(str(row[name] or "")).removeprefix(prefix)


Row = Mapping[str, Term | None]


def _read(store: Store, variable: str, name: str) -> tuple[Statement, ...]:
    return _statements(store.select(query("statements"), **{variable: Iri(ID + name)}))


def _statements(found: Solutions) -> tuple[Statement, ...]:
    rows = [dict(zip(found.variables, row, strict=True)) for row in found.rows]
    return tuple(_one([*group]) for _, group in groupby(rows, key=lambda row: row["claim"]))


def _one(rows: list[Row]) -> Statement:
    """The claim of these rows: one for each date of an utterance and what it is a part of."""
    row = min(rows, key=_width)

    def text(name: str, prefix: str = "") -> str:
        return row_text(row, name, prefix)

    dated = "said" if row["saidEdtf"] else "published"
    return Statement(
        claim=text("claim"),
        thing=text("thing"),
        thing_label=text("thingName") or text("thing"),
        key=text("key"),
        value=text("value"),
        value_label=_value_label(row),
        wording=text("wording") or text("valueWords"),
        quotation=text("quotation"),
        start=int(text("start")),
        end=int(text("end")),
        article=text("article", "article/"),
        outlet=text("outletName"),
        speaker=text("speaker"),
        speaker_label=text("speakerName"),
        speaker_role=text("role"),
        principal=text("principal"),
        principal_label=text("principalName"),
        origin=text("origin") or text("principal"),
        origin_label=text("originName") or text("principalName"),
        interest=text("interest", "interest/"),
        form=text("form", "form/"),
        certainty=text("certainty", "certainty/"),
        hedge_cue=text("cue"),
        polarity=text("polarity", "polarity/"),
        basis=text("basis", "basis/"),
        chain=text("chain"),
        said=text(f"{dated}Edtf"),
        said_from=text(f"{dated}From"),
        said_to=text(f"{dated}To"),
        dated_by="utterance" if dated == "said" else "publication",
    )


def _width(row: Row) -> tuple[bool, str, str]:
    """The narrower date first: that of the utterance itself before that of its occasion."""
    first, last = row_text(row, "saidFrom"), row_text(row, "saidTo")
    return not (first and last), last, first


def _value_label(row: Row) -> str:
    """The value in words, from whatever describes it."""
    return next(filter(None, _labels(row)))


def _labels(row: Row) -> Iterator[str]:
    yield row_text(row, "valueName")
    yield row_text(row, "valueWords")
    yield row_text(row, "edtf")
    bearing = row_text(row, "bearing")
    if row["number"]:
        yield " ".join(filter(None, (row_text(row, "number"), row_text(row, "unit"), bearing)))
    least, most = row_text(row, "least"), row_text(row, "most")
    if least == most:
        yield least
    yield f"{least or '…'} to {most or '…'}" * bool(least or most)
    yield bearing
    yield row_text(row, "value")
