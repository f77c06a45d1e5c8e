"""The five articles with a few relations and origins written by hand, for what reads them.

What finds relations and origins in the articles is tested elsewhere; here they are given.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from kg.claims import Claim, claims
from kg.compile import DERIVED
from kg.corpus import (
    article_quads,
    mapping_files,
    mappings,
    ontology_quads,
    read_corpus,
    reference_quads,
)
from kg.resources import folder
from kg.snapshot import write
from kg.terms import Quad, line, literal
from kg.vocab import LABEL, TYPE, cas, thing

FAR = "One article says about 100 miles, another 1,100 km; both cannot be right."
DENIED = "Russia denies using the drones that the United States says it used."


def write_told(root: Path) -> None:
    """A built graph of the five articles in that folder, with the relations below."""
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    articles = tuple(mappings(corpus, mapping_files(folder("seeds"))))
    made = [claim for mapping in articles for claim in claims(mapping)]
    quads = chain(ontology_quads(corpus), reference_quads(corpus), article_quads(corpus, articles))
    lines = (line(quad).encode() for quad in chain(quads, _related(made), _origins(made)))
    write(root, lines)


def found(made: list[Claim], article: str, thing: str, key: str, value: str = "") -> Claim:
    """The first claim of that article on the thing's property, with that value if any."""
    return next(
        claim
        for claim in made
        if claim.id.startswith(f"claim/{article}")
        and (claim.thing, claim.key) == (thing, key)
        and value in str(claim.value)
    )


def _related(made: list[Claim]) -> Iterator[Quad]:
    near = found(made, "001", "project/alabuga-uav-plant", "distanceFrom")
    far = found(made, "002", "project/alabuga-uav-plant", "distanceFrom", "1100")
    denial = next(claim for claim in made if claim.polarity == "denied")
    use = found(made, "000", "use/iranian-uav-ukraine", "user")
    yield from _relation("far", "contradicts", near, far, FAR)
    yield Quad(thing("relation/far"), cas("compared"), literal("161 km and 1,100 km"), DERIVED)
    yield from _relation("denied", "contradicts", denial, use, DENIED)
    yield from _relation("agree", "corroborates", use, denial, "They agree that it is spoken of.")


def _relation(name: str, kind: str, first: Claim, second: Claim, sentence: str) -> Iterator[Quad]:
    node = thing(f"relation/{name}")
    facts = {
        TYPE: cas("ClaimRelation"),
        cas("relationKind"): thing(f"relation-kind/{kind}"),
        cas("firstClaim"): thing(first.id),
        cas("secondClaim"): thing(second.id),
        cas("rule"): literal(f"by-hand-{name}"),
        cas("explanation"): literal(sentence),
    }
    for predicate, value in facts.items():
        yield Quad(node, predicate, value, DERIVED)


def _origins(made: list[Claim]) -> Iterator[Quad]:
    for name, label in (("us", "The United States’ word"), ("iran", "Iran’s word")):
        node = thing(f"origin/{name}")
        yield Quad(node, TYPE, cas("Origin"), DERIVED)
        yield Quad(node, LABEL, literal(label, language="en"), DERIVED)
        spoken = [claim for claim in made if claim.principal == f"actor/{name}"]
        yield Quad(node, cas("root"), thing(spoken[0].spoken.id), DERIVED)
        for claim in spoken:
            yield Quad(thing(claim.id), cas("hasOrigin"), node, DERIVED)
    admission = found(made, "004", "transfer/uav-ir-ru", "supplier", "actor/iran")
    for claim in (claim for claim in made if claim.principal == "actor/iran"):
        if (claim.thing, claim.key) == (admission.thing, admission.key):
            kind = thing("interest/admission-against-interest")
            yield Quad(thing(claim.id), cas("interest"), kind, DERIVED)
