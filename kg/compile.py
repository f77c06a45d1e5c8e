"""From a mapping to quads: pure, streaming, the same bytes for the same mapping."""

from collections.abc import Iterator

from kg import vocab
from kg.claims import (
    EDITOR,
    Claim,
    Relay,
    Spoken,
    anchored,
    claims,
    passage_id,
    relay,
    spoken,
)
from kg.entities import entity_quads
from kg.errors import InputError
from kg.mapping import ArticleMapping, Passage, Quoted
from kg.terms import XSD, Quad, literal
from kg.values import Ref, describe, digest, slug, term
from kg.views import View, view_quads
from kg.vocab import cas, claim_property, graph, thing, value_property

__all__ = ["DERIVED", "article_graph", "quads"]

DERIVED = graph("derived")
"""The graph of what is concluded, never the article's word."""


def article_graph(article: str) -> str:
    """The named graph of an article, as an N-Quads term.

    >>> article_graph("002_823e27110d85d8d8")
    '<https://w3id.org/caspian/graph/article/002_823e27110d85d8d8>'
    """
    return graph(f"article/{article}")


def quads(mapping: ArticleMapping, views: tuple[View, ...] = ()) -> Iterator[Quad]:
    """The quads of an article: its text, its voices, its claims, and what they add to the views.

    Each quad comes once. Raises InputError where a quote is not anchored or a claim stands twice.
    """
    where = article_graph(mapping.article)
    made = tuple(claims(mapping))
    declared = {quad: None for entity in mapping.things for quad in entity_quads(entity, where)}
    yield from declared
    yield from _article(mapping, where)
    yield from _relays(mapping, made, where)
    for claim in made:
        yield from _claim(mapping, claim, _graph_of(claim, where))
    yield from _identities(mapping, made)
    yield from (quad for quad in _mentioned(mapping, made, where) if quad not in declared)
    yield from view_quads(made, views, mapping)


def _graph_of(claim: Claim, article: str) -> str:
    return DERIVED if claim.form == "inference" else article


def _mentioned(mapping: ArticleMapping, made: tuple[Claim, ...], where: str) -> Iterator[Quad]:
    """What the claims mention, each described once: passages, utterances and values."""
    for passage in _passages(mapping):
        yield from _passage(mapping, passage, where)
    heard = [spoken(mapping, v) for v in mapping.voices.values() if v.quoted]
    said = [(claim.spoken, _graph_of(claim, where)) for claim in made]
    for utterance, place in dict.fromkeys([*((each, where) for each in heard), *said]):
        yield from _spoken(mapping, utterance, place)
    values = [(claim.value, _graph_of(claim, where)) for claim in made]
    dates = [(claim.as_of, _graph_of(claim, where)) for claim in made if claim.as_of]
    for value, place in dict.fromkeys([(mapping.published.date, where), *values, *dates]):
        yield from describe(value, place)


def _passages(mapping: ArticleMapping) -> Iterator[Passage]:
    """The passages that attest something, each once.

    Raises InputError where a passage is quoted in two ways: evidence has one wording.
    """
    found: dict[tuple[int, int], Quoted] = {}
    for quoted in mapping.evidence():
        passage = anchored(mapping, quoted)
        first = found.setdefault((passage.start, passage.end), quoted)
        if first is quoted:
            yield passage
        elif first.text != quoted.text:
            line = mapping.document.line((*first.key, "quote"))
            hint = f"quote it as on line {line}: {first.text}"
            key = (*quoted.key, "quote")
            raise InputError(mapping.document.problem(key, "quotes a passage in other words", hint))


def _article(mapping: ArticleMapping, where: str) -> Iterator[Quad]:
    node = thing(f"article/{mapping.article}")
    published = mapping.published
    facts = [
        (vocab.TYPE, cas("Article")),
        (vocab.LABEL, literal(mapping.headline or f"Article {mapping.article}", language="en")),
        (vocab.PUBLISHER, thing(mapping.outlet)),
        (cas("publicationDate"), term(published.date)),
        (cas("sha256"), literal(mapping.sha256)),
        (cas("textLength"), _count(mapping.length)),
        (cas("bodyStart"), _count(mapping.body[0])),
        (cas("bodyEnd"), _count(mapping.body[1])),
    ]
    if mapping.headline:
        facts.append((vocab.HEADLINE, literal(mapping.headline)))
    for predicate, value in facts:
        yield Quad(node, predicate, value, where)
    yield from _publication_date(mapping)


def _publication_date(mapping: ArticleMapping) -> Iterator[Quad]:
    """The date is the editor's conclusion: the inference that gives it says why."""
    published = mapping.published
    node = thing(f"inference/{mapping.article}/publication-date")
    yield Quad(node, vocab.TYPE, cas("Inference"), DERIVED)
    yield Quad(node, cas("concludes"), term(published.date), DERIVED)
    yield Quad(node, cas("because"), literal(published.because), DERIVED)
    yield Quad(node, cas("madeBy"), thing(EDITOR), DERIVED)
    if published.quoted:
        passage = anchored(mapping, published.quoted)
        yield Quad(node, cas("evidence"), _passage_term(mapping, passage), DERIVED)


def _relays(mapping: ArticleMapping, made: tuple[Claim, ...], where: str) -> Iterator[Quad]:
    """The relay steps, each once, with the words of the article that attest them."""
    attested: dict[Quad, None] = {}  # two voices may share a step, each with words of its own
    steps = {step: None for claim in made for step in claim.relay}
    for voice in mapping.voices.values():
        chain = relay(mapping, voice, spoken(mapping, voice))
        if voice.quoted and chain:
            steps.update(dict.fromkeys(chain))
            words = _passage_term(mapping, anchored(mapping, voice.quoted))
            attested[Quad(thing(chain[-1].id), cas("evidence"), words, where)] = None
    for step in steps:
        yield from _relay(mapping, step, where)
    yield from attested


def _passage(mapping: ArticleMapping, passage: Passage, where: str) -> Iterator[Quad]:
    name = passage_id(mapping.article, passage)
    node, position = thing(name), thing(f"{name}/position")
    shown = " … ".join(passage.parts)
    yield Quad(node, vocab.TYPE, cas("Passage"), where)
    yield Quad(node, vocab.HAS_SOURCE, thing(f"article/{mapping.article}"), where)
    yield Quad(node, cas("quotation"), literal(shown), where)
    yield Quad(node, cas("checksum"), literal(f"sha256:{passage.checksum}"), where)
    yield Quad(node, vocab.HAS_SELECTOR, position, where)
    yield Quad(position, vocab.TYPE, vocab.POSITION_SELECTOR, where)
    yield Quad(position, vocab.START, _count(passage.start), where)
    yield Quad(position, vocab.END, _count(passage.end), where)
    if len(passage.parts) == 1:
        yield from _exact(node, vocab.HAS_SELECTOR, f"{name}/quote", shown, where)
        return
    bridge = thing(f"{name}/range")
    yield Quad(node, vocab.HAS_SELECTOR, bridge, where)
    yield Quad(bridge, vocab.TYPE, vocab.RANGE_SELECTOR, where)
    first, last = passage.parts
    yield from _exact(bridge, vocab.HAS_START_SELECTOR, f"{name}/first", first, where)
    yield from _exact(bridge, vocab.HAS_END_SELECTOR, f"{name}/last", last, where)


def _exact(owner: str, link: str, name: str, words: str, where: str) -> Iterator[Quad]:
    yield Quad(owner, link, thing(name), where)
    yield Quad(thing(name), vocab.TYPE, vocab.QUOTE_SELECTOR, where)
    yield Quad(thing(name), vocab.EXACT, literal(words), where)


def _spoken(mapping: ArticleMapping, utterance: Spoken, where: str) -> Iterator[Quad]:
    """The utterance, where it is not declared in the seeds (whose graph describes it)."""
    if utterance.id in mapping.entities:
        return
    node = thing(utterance.id)
    speaker = mapping.entities.label(utterance.speaker)
    occasion = (
        f", {mapping.entities.label(utterance.within)}"
        if utterance.within
        else f" in article {mapping.article}"
    )
    yield Quad(node, vocab.TYPE, cas("Utterance"), where)
    yield Quad(node, vocab.LABEL, literal(speaker + occasion, language="en"), where)
    yield Quad(node, cas("speaker"), thing(utterance.speaker), where)
    if utterance.within:
        yield Quad(node, cas("within"), thing(utterance.within), where)


def _relay(mapping: ArticleMapping, step: Relay, where: str) -> Iterator[Quad]:
    node = thing(step.id)
    # the chain by name, as people read it: John Kirby > Reuters > European Pravda
    chain = " > ".join(mapping.entities.label(name) for name in step.chain)
    yield Quad(node, vocab.TYPE, cas("RelayStep"), where)
    yield Quad(node, vocab.LABEL, literal(chain, language="en"), where)
    yield Quad(node, cas("relayedBy"), thing(step.outlet), where)
    yield Quad(node, cas("hears"), thing(step.hears), where)


def _claim(mapping: ArticleMapping, claim: Claim, where: str) -> Iterator[Quad]:
    node = thing(claim.id)
    yield Quad(thing(claim.thing), claim_property(claim.key), node, where)
    yield Quad(node, value_property(claim.key), term(claim.value), where)
    for predicate, value in _about(mapping, claim):
        yield Quad(node, predicate, value, where)
    if claim.as_of:
        yield Quad(node, cas("asOf"), term(claim.as_of), where)
    if claim.form == "inference":
        yield from _inference(mapping, claim)


def _about(mapping: ArticleMapping, claim: Claim) -> Iterator[tuple[str, str]]:
    """Who says it, where, how, and how sure: what every claim has, then what some have."""
    yield vocab.TYPE, cas("Claim")
    yield cas("about"), thing(claim.thing)
    yield cas("evidence"), _passage_term(mapping, claim.passage)
    yield cas("inArticle"), thing(f"article/{mapping.article}")
    yield cas("speaker"), thing(claim.speaker)
    yield cas("principal"), thing(claim.principal)
    yield cas("utterance"), thing(claim.spoken.id)
    yield cas("form"), thing(f"form/{claim.form}")
    yield cas("certainty"), thing(f"certainty/{claim.certainty}")
    yield cas("polarity"), thing(f"polarity/{claim.polarity}")
    if claim.relay:
        yield cas("relay"), thing(claim.relay[-1].id)
    if claim.basis:
        yield cas("basis"), thing(f"basis/{claim.basis}")
    for name, text in (
        ("speakerRole", claim.role),
        ("hedgeCue", claim.cue),
        ("wording", claim.wording),
        ("note", claim.note),
    ):
        if text:
            yield cas(name), literal(text)


def _identities(mapping: ArticleMapping, made: tuple[Claim, ...]) -> Iterator[Quad]:
    """The judgements that a name the article writes means a thing, each with its claims."""
    judged: dict[Ref, list[Claim]] = {}
    for claim in made:
        if isinstance(claim.value, Ref) and claim.value.match:
            judged.setdefault(claim.value, []).append(claim)
    for value, relying in judged.items():
        yield from _identity(mapping, value, relying)


def _identity(mapping: ArticleMapping, value: Ref, relying: list[Claim]) -> Iterator[Quad]:
    name = f"{slug(value.written) or 'name'}-{digest(value, 4)}"
    node = thing(f"identity/{mapping.article}/{name}")
    facts = {
        vocab.TYPE: cas("IdentityJudgement"),
        cas("written"): literal(value.written),
        cas("identifiedWith"): thing(value.id),
        cas("verdict"): thing("verdict/positive"),
        cas("certainty"): thing(f"certainty/{value.match}"),
        cas("because"): literal(value.because),
        cas("madeBy"): thing(EDITOR),
    }
    for predicate, fact in facts.items():
        yield Quad(node, predicate, fact, DERIVED)
    for claim in relying:
        yield Quad(node, cas("inClaim"), thing(claim.id), DERIVED)


def _inference(mapping: ArticleMapping, claim: Claim) -> Iterator[Quad]:
    """How the editor came to a claim of their own."""
    node = thing(f"inference/{claim.id.partition('/')[2]}")
    yield Quad(node, vocab.TYPE, cas("Inference"), DERIVED)
    yield Quad(node, cas("concludes"), thing(claim.id), DERIVED)
    yield Quad(node, cas("because"), literal(claim.note), DERIVED)
    yield Quad(node, cas("madeBy"), thing(EDITOR), DERIVED)
    yield Quad(node, cas("evidence"), _passage_term(mapping, claim.passage), DERIVED)


def _passage_term(mapping: ArticleMapping, passage: Passage) -> str:
    return thing(passage_id(mapping.article, passage))


def _count(number: int) -> str:
    return literal(str(number), XSD + "nonNegativeInteger")
