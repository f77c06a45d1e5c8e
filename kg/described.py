"""A thing as a graph of its own: what is said of it and by whom, in triples a client can follow.

All of it is in claims: the plain triples of views are left out, since they are nobody's word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from kg.answers import Answer, graph_answer
from kg.errors import UnknownNameError
from kg.facts import is_known
from kg.resolve import short
from kg.statements import COUNTED, SEEN, claims_about, leading, query
from kg.store import Iri, Literal, Store, Term
from kg.vocab import CAS, ID, PREFIXES, RDF, RDFS, SCHEMA

__all__ = ["CLAIMS", "OWN", "POINTING", "Description", "Triple", "description"]

OWN, CLAIMS, POINTING = 1000, 200, 400
"""How many are told of its own triples, of the claims on it, and of what leads to it.

The queries have the numbers too, and one more where that tells whether there are others.
"""

Triple: TypeAlias = tuple[Iri, Iri, Term]
_Row: TypeAlias = tuple[Iri, Iri, Term, Term | None, Term | None, Term | None]
"""A statement, a name, and for what leads to a thing what it is about and what that is called."""

_KIND = re.compile(r"[a-z]+(?:-[a-z]+)*")

_TYPE, _LABEL, _COMMENT = Iri(RDF + "type"), Iri(RDFS + "label"), Iri(RDFS + "comment")
_ABOUT, _SUBJECT = Iri(CAS + "about"), Iri(SCHEMA + "about")


@dataclass(frozen=True)
class Description:
    """The triples that describe a thing, each once, in a fixed order: its own first."""

    iri: str
    triples: tuple[Triple, ...]
    left_out: str
    """In a sentence, what is left out, which the triples tell too; empty where nothing is."""

    def answer(self) -> Answer:
        """The triples, to be written in a format."""
        return graph_answer(self.triples)

    def prefixes(self) -> dict[str, str]:
        r"""The prefixes its IRIs are shortened by: those of the table, and one per kind of id.

        With the latter a thing reads place:amirabad, where id: would make it id:place\/amirabad.
        """
        iris = {term.value for triple in self.triples for term in triple if isinstance(term, Iri)}
        kinds = {each[len(ID) :].partition("/")[0] for each in iris if each.startswith(ID)}
        every = {kind: f"{ID}{kind}/" for kind in kinds if _KIND.fullmatch(kind)} | PREFIXES
        used = {
            max(found, key=lambda prefix: len(every[prefix]))
            for iri in iris
            if (found := [each for each, namespace in every.items() if iri.startswith(namespace)])
        }
        return {prefix: every[prefix] for prefix in sorted(used)}


def description(store: Store, iri: str) -> Description:
    """The thing with this IRI as a graph: its own triples, the claims on it, what leads to it.

    Each claim comes with its evidence, and what is mentioned with its name. Where there is much of
    a kind, the first are told, and that there are more.

    Raises UnknownNameError where it stands nowhere in the graph.
    """
    node = Iri(iri)
    own, more_own = _first(_asked(store, "described", node), OWN)
    pointing, more_pointing = _first(_asked(store, "described_pointing", node), POINTING)
    more_pointing = more_pointing or leading(store, iri) > SEEN
    if not (own or pointing or is_known(store, iri)):
        raise UnknownNameError(short(iri))
    claims = _asked(store, "described_claims", node)
    values = _asked(store, "described_values", node)
    found = {
        *(triple for row in (*own, *claims, *values) for triple in _told(row)),
        *(triple for row in pointing for triple in _led(row)),
    }
    made = claims_about(store, iri)
    parts = (
        f"its first {OWN:,} statements" * more_own,
        f"{CLAIMS:,} of {_number(made)} claims made of it" * (made > CLAIMS),
        f"{POINTING:,} of the statements that lead to it" * more_pointing,
    )
    left_out = _sentence([*filter(None, parts)])
    ordered = sorted(found, key=lambda triple: _place(triple, node))
    return Description(iri, (*ordered, *_noted(node, left_out)), left_out)


def _asked(store: Store, name: str, node: Iri) -> tuple[_Row, ...]:
    return cast("tuple[_Row, ...]", store.select(query(name), node=node).rows)


def _first(rows: Iterable[_Row], most: int) -> tuple[tuple[_Row, ...], bool]:
    """The rows of the first statements, of which each may have several; and if there are more."""
    rows = tuple(rows)
    statements = sorted({row[:3] for row in rows}, key=_terms)
    first = set(statements[:most])
    return tuple(row for row in rows if row[:3] in first), len(statements) > most


def _told(row: _Row) -> Iterator[Triple]:
    """A triple, and what its object is called."""
    subject, predicate, value, name, *_ = row
    yield subject, predicate, value
    if name and isinstance(value, Iri):
        yield value, _LABEL, name


def _led(row: _Row) -> Iterator[Triple]:
    """A triple with what its subject is called and, where that is a claim, is about."""
    subject, predicate, value, name, about, about_name = row
    yield subject, predicate, value
    if name:
        yield subject, _LABEL, name
    if isinstance(about, Iri):
        yield subject, _ABOUT, about
        if about_name:
            yield about, _LABEL, about_name


def _place(triple: Triple, node: Iri) -> tuple[object, ...]:
    """Where it stands: the node's own first, and of each subject its class first."""
    return (triple[0] != node, triple[0], triple[1] != _TYPE, *_terms(triple))


def _terms(triple: Triple) -> tuple[object, ...]:
    """A key to sort by; literals stand after IRIs, by all they hold."""
    subject, predicate, value = triple
    return (subject, predicate, isinstance(value, Literal), tuple(value))


def _number(made: int) -> str:
    return f"{made:,}" if made <= COUNTED else f"more than {COUNTED:,}"


def _sentence(parts: Sequence[str]) -> str:
    return f"This tells only {', '.join(parts)}; a query to /sparql tells all." if parts else ""


def _noted(node: Iri, left_out: str) -> Iterable[Triple]:
    """The sentence, said of the description and not of the thing."""
    if left_out:
        document = Iri(f"{node}#description")
        yield document, _SUBJECT, node
        yield document, _COMMENT, Literal(left_out, RDF + "langString", "en")
