"""Graphs of a few lines that tests write down: claims on a thing, as many as wanted."""

from collections.abc import Iterator

BASE = "https://w3id.org/caspian/"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_OWL_CLASS = "<http://www.w3.org/2002/07/owl#Class>"
_GRAPH = f"<{BASE}graph/article/a>"


def term(name: str) -> str:
    """A term of Caspian: a thing by its id, else what stands after the colon of a CURIE."""
    spaces = {"cas": "ontology#", "c": "claim/", "v": "value/"}
    prefix, colon, rest = name.partition(":")
    return f"<{BASE}{spaces[prefix]}{rest}>" if colon else f"<{BASE}id/{name}>"


def line(subject: str, predicate: str, value: str) -> str:
    """A line of N-Quads; what is written as in N-Quads already stays so."""
    parts = (part if part[0] in '<"' else term(part) for part in (subject, predicate, value))
    return f"{' '.join(parts)} {_GRAPH} ."


def ontology() -> Iterator[str]:
    """As much of the ontology as the questions ask for."""
    yield line("cas:supplier", "cas:key", '"supplier"')
    yield line("cas:supplier", "cas:claimProperty", "c:supplier")
    yield line("cas:supplier", "cas:valueProperty", "v:supplier")
    yield line("cas:supplier", RDF_TYPE, "cas:ClaimProperty")
    for name, wider in (("Transfer", "Thing"), ("State", "Thing"), ("Claim", "Claim")):
        yield line(f"cas:{name}", RDF_TYPE, _OWL_CLASS)
        yield line(f"cas:{name}", LABEL, f'"{name.lower()}"')
        if wider != name:
            yield line(f"cas:{name}", _SUBCLASS, f"cas:{wider}")


def named(thing: str, kind: str, label: str) -> Iterator[str]:
    """A thing with its class and its name."""
    yield line(thing, RDF_TYPE, f"cas:{kind}")
    yield line(thing, LABEL, f'"{label}"')


def claimed(number: int, thing: str, value: str, speaker: str, words: str = "it came") -> list[str]:
    """A claim on the thing's supplier, as complete as every claim is."""
    claim, passage = f"claim/a/{number:05}", f"passage/a/{number}"
    facts = {
        RDF_TYPE: "cas:Claim",
        "cas:about": thing,
        "v:supplier": value,
        "cas:evidence": passage,
        "cas:inArticle": "article/a",
        "cas:speaker": speaker,
        "cas:principal": speaker,
        "cas:utterance": "utterance/u",
        "cas:form": "form/direct",
        "cas:certainty": "certainty/asserted",
        "cas:polarity": "polarity/affirmed",
    }
    return [
        line(thing, "c:supplier", claim),
        *(line(claim, predicate, fact) for predicate, fact in facts.items()),
        line(passage, "cas:quotation", f'"{words}"'),
        line(passage, "<http://www.w3.org/ns/oa#hasSelector>", f"{passage}/position"),
        line(f"{passage}/position", "<http://www.w3.org/ns/oa#start>", f'"{number}"'),
        line(f"{passage}/position", "<http://www.w3.org/ns/oa#end>", f'"{number + 1}"'),
    ]


def article() -> Iterator[str]:
    """The article the claims are from."""
    yield line("article/a", "<https://schema.org/publisher>", "outlet/gazette")
    yield line("outlet/gazette", LABEL, '"Gazette"')
    yield line("article/a", "cas:publicationDate", "value/date/d")
    yield line("value/date/d", "cas:edtf", '"2023-06-09"')


def hub(claims: int) -> list[str]:
    """A transfer of which so many claims are made, all by one state that is the supplier too."""
    return [
        *ontology(),
        *article(),
        *named("transfer/kites", "Transfer", "Kites"),
        *named("actor/ruritania", "State", "Ruritania"),
        *(
            text
            for number in range(claims)
            for text in claimed(number, "transfer/kites", "actor/ruritania", "actor/ruritania")
        ),
    ]
