"""Terms, and what a store answers with: rows of them, yes or no, or a graph."""

import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, NamedTuple, TypeAlias
from typing import Literal as OneOf
from weakref import finalize

import pyoxigraph as ox

from kg.errors import QueryError, QuerySyntaxError, StoreError
from kg.formats import Format

__all__ = ["Answer", "Dataset", "Iri", "Literal", "Solutions", "Term", "engine_errors", "to_engine"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("nonPositiveInteger", "negativeInteger"),
    *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
)
_READERS: Mapping[str, Callable[[str], int | Decimal | bool]] = {
    **dict.fromkeys([_XSD + name for name in _INTEGERS], int),
    **dict.fromkeys([_XSD + name for name in ("decimal", "double", "float")], Decimal),
    _XSD + "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}
_POSITION = re.compile(r"^error at (\d+):(\d+): ")
_UNKNOWN_FUNCTION = re.compile(r"^The custom function (.+) is not supported$", re.DOTALL)


class Iri(NamedTuple):
    """An IRI.

    >>> str(Iri("https://w3id.org/caspian/id/place/amirabad"))
    'https://w3id.org/caspian/id/place/amirabad'
    """

    value: str

    def __str__(self) -> str:
        return self.value


class Literal(NamedTuple):
    """A literal: its characters, its datatype, and its language where it has one.

    >>> str(Literal("Amirabad"))
    'Amirabad'
    """

    value: str
    datatype: str = _XSD + "string"
    language: str = ""

    def __str__(self) -> str:
        return self.value

    def python(self) -> int | Decimal | bool | str:
        """The value: an int, Decimal or bool by the datatype; the characters where it has none.

        >>> Literal("400", "http://www.w3.org/2001/XMLSchema#integer").python()
        400
        """
        try:
            return _READERS[self.datatype](self.value)
        except (KeyError, ValueError, ArithmeticError):  # no number, or ill-typed: "many"^^integer
            return self.value


Term: TypeAlias = Iri | Literal


@dataclass(frozen=True)
class Solutions:
    """The rows that answer a SELECT; a cell the query leaves unbound is None."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True)
class Dataset:
    """The graphs a query is asked of; where both are empty, those the query names, else all.

    SPARQL 1.1 Protocol §2.1.4: a dataset given beside the query (default-graph-uri,
    named-graph-uri) replaces what the query says after FROM.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Answer:
    """What a query of any form gives; read once, on the thread that asked.

    The engine's own objects abort the process when another thread touches them, and give nothing,
    without an error, when they are read twice; an Answer raises StoreError instead.
    """

    def __init__(
        self,
        result: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple],
        *,
        source: IO[bytes] | None = None,
        errors: Callable[[], AbstractContextManager[None]] | None = None,
    ) -> None:
        """An answer of the embedded engine, or one read from `source`, which is closed with it.

        `errors` tells what goes wrong in reading it; the engine's errors where it is left out.
        """
        self.kind: OneOf["select", "ask", "graph"] = (
            "select"
            if isinstance(result, ox.QuerySolutions)
            else "ask"
            if isinstance(result, ox.QueryBoolean)
            else "graph"
        )
        self._result: Any = result
        self._thread = threading.get_ident()
        self._errors = errors or engine_errors
        self._end = finalize(self, source.close) if source else (lambda: None)

    def serialize(
        self,
        form: Format,
        *,
        prefixes: Mapping[str, str] | None = None,
        most: int | None = None,
    ) -> bytes:
        """The answer in a format that can hold it; an error where it takes more than `most` bytes.

        >>> from kg.formats import named
        >>> from kg.store import OxigraphStore
        >>> OxigraphStore().answer("ASK {}").serialize(named("csv"))
        b'true'
        """
        out = _Bounded(most)
        self.write(form, out, prefixes=prefixes)
        return out.getvalue()

    def write(
        self, form: Format, out: IO[bytes], *, prefixes: Mapping[str, str] | None = None
    ) -> None:
        """Write the answer in a format that can hold it; after an error a part of it is written.

        An answer from elsewhere is never whole in memory here: write it to a file first where a
        reader must get all or nothing.
        """
        if (form.holds == "solutions") == (self.kind == "graph"):
            wanted = "a format of graphs" if self.kind == "graph" else "a format of results"
            raise self._unfit(
                f"{form.name} cannot hold an answer of kind “{self.kind}”; ask for {wanted}"
            )
        with self._taken() as results, self._errors():
            if self.kind == "graph":
                shape = ox.RdfFormat.from_media_type(form.media_type)
                ox.serialize(results[0], out, shape, prefixes=dict(prefixes or {}))
            else:
                rows = ox.QueryResultsFormat.from_media_type(form.media_type)
                results[0].serialize(out, rows)

    def solutions(self) -> Solutions:
        """The rows of a SELECT."""
        if self.kind != "select":
            raise self._unfit(f"a SELECT query is needed here, not one of kind “{self.kind}”")
        with self._taken() as results, self._errors():
            variables = tuple(variable.value for variable in results[0].variables)
            rows = list[tuple[Term | None, ...]]()
            for row in results[0]:  # no comprehension: its frame would hold the result, see _taken
                rows.append(tuple(map(_from_engine, row)))
        return Solutions(variables, tuple(rows))

    def boolean(self) -> bool:
        """The answer of an ASK."""
        if self.kind != "ask":
            raise self._unfit(f"an ASK query is needed here, not one of kind “{self.kind}”")
        with self._taken() as results:
            return bool(results[0])

    def _unfit(self, message: str) -> QueryError:
        self._result = None  # see _taken
        self._end()
        return QueryError(message)

    @contextmanager
    def _taken(self) -> Iterator[list[Any]]:
        """The result, in a list that is emptied at the end.

        Nothing else may hold it then: the frames of an error live on in its traceback, perhaps on
        another thread, and there the engine's object could not even be thrown away.
        """
        if threading.get_ident() != self._thread:
            raise StoreError("an answer was read on another thread than asked; ask where you read")
        if self._result is None:
            raise StoreError("an answer can be read once, and was read before; ask again")
        results, self._result = [self._result], None
        try:
            yield results
        finally:
            results.clear()
            self._end()


class _Bounded(io.BytesIO):
    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any, /) -> int:  # noqa: ANN401 -- any buffer, as in io.BytesIO
        if self._most is not None and self.tell() + len(data) > self._most:
            raise QueryError(f"the answer is larger than {self._most:,} bytes; add a LIMIT")
        return super().write(data)


@contextmanager
def engine_errors() -> Iterator[None]:
    """The errors of the engine as Caspian's: what it cannot read, and what failed in it."""
    try:
        yield
    except SyntaxError as error:
        raise QuerySyntaxError(f"the query cannot be read: {_plainly(str(error.msg))}") from error
    except UnicodeEncodeError as error:
        raise QuerySyntaxError(
            f"the query cannot be read: character {error.start + 1} is half of a surrogate pair"
        ) from error
    except (OSError, RuntimeError) as error:
        if unknown := _UNKNOWN_FUNCTION.match(str(error)):
            raise QueryError(
                f"the function {unknown[1]} is not known here; use those of SPARQL 1.1 and the "
                "casts to datatypes of XML Schema"
            ) from error
        raise StoreError(
            f"the engine failed: {error}; if it says so again, run `caspian build`"
        ) from error


def _plainly(message: str) -> str:
    """What the engine says of a query, the place in words; a missing prefix without its grammar."""
    message = _POSITION.sub(r"line \1, column \2: ", message)
    if "Prefix not found" in message:
        where, _, _ = message.partition(": ")
        return f"{where}: the prefix is not declared; add PREFIX name: <…> at the top"
    return message


def to_engine(term: Term) -> ox.NamedNode | ox.Literal:
    """The engine's term, whose str() is the term in SPARQL; an error where there is none.

    >>> str(to_engine(Literal("it said “no” ")))
    '"it said “no” "'
    """
    try:
        if isinstance(term, Iri):
            return ox.NamedNode(term.value)
        if term.language:
            return ox.Literal(term.value, language=term.language)
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    except ValueError as error:
        raise QueryError(f"{term!r} cannot stand in a query: {error}") from error


def _from_engine(term: object) -> Term | None:
    match term:
        case None:
            return None
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            return Literal(term.value, term.datatype.value, term.language or "")
    raise StoreError(
        f"the answer holds {term}, neither an IRI nor a literal; the graph has none such, so leave "
        "out BNODE() and triple terms, or use `answer` and a format"
    )
