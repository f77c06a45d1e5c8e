"""Claims as people read them: of what, what, whose, in which words, how sure, and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from kg.resolve import short
from kg.store import Iri, Store, Term
from kg.vocab import ID

__all__ = ["Statement", "made_in", "mentioning", "query", "row_text", "statements", "statements_of"]


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
    found = store.select(query("statements"), **{variable: Iri(ID + name)})
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
