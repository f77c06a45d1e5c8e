import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import vocab
from kg.claims import checksum
from kg.compile import DERIVED, article_graph, quads
from kg.corpus import Corpus, article_quads, mapping_files, mappings
from kg.errors import InputError
from kg.mapping import ArticleMapping
from kg.mapping_reader import read_mapping
from kg.source import Document, Tree, read_json_lines, read_yaml
from kg.terms import XSD, Quad, iri, line, literal
from kg.vocab import CLAIM, VALUE, cas, claim_property, thing, value_property
from tests.conftest import Small, write_small

ARTICLE = article_graph("kites")


class Made(list[Quad]):
    """The quads of a mapping, with ways to look at them."""

    def about(self, subject: str, graph: str = ARTICLE) -> set[tuple[str, str]]:
        return {(q.predicate, q.object) for q in self if (q.subject, q.graph) == (subject, graph)}

    def objects(self, subject: str, predicate: str) -> list[str]:
        return [q.object for q in self if (q.subject, q.predicate) == (subject, predicate)]

    def the(self, subject: str, predicate: str) -> str:
        (found,) = self.objects(subject, predicate)
        return found

    def subjects(self, predicate: str, value: str) -> list[str]:
        return [q.subject for q in self if (q.predicate, q.object) == (predicate, value)]


def made(small: Small) -> Made:
    found = Made(quads(small.anchored().read(), small.corpus().views))
    assert len(set(found)) == len(found), "each quad comes once"
    return found


def english(text: str) -> str:
    return literal(text, language="en")


def count(number: int) -> str:
    return literal(str(number), XSD + "nonNegativeInteger")


# -- the article


def test_an_article_is_described_by_its_mapping(small: Small) -> None:
    mapping, found = small.anchored().read(), made(small)
    (date,) = found.objects(thing("article/kites"), cas("publicationDate"))
    assert found.about(thing("article/kites")) == {
        (vocab.TYPE, cas("Article")),
        (vocab.LABEL, english(mapping.headline)),
        (vocab.HEADLINE, literal(mapping.headline)),
        (vocab.PUBLISHER, thing("outlet/herald")),
        (cas("publicationDate"), date),
        (cas("sha256"), literal(mapping.sha256)),
        (cas("textLength"), count(mapping.length)),
        (cas("bodyStart"), count(0)),
        (cas("bodyEnd"), count(mapping.body[1])),
    }
    assert (cas("edtf"), literal("2023-06-09", vocab.EDTF)) in found.about(date)


def test_an_article_without_a_headline_is_called_by_its_id(small: Small) -> None:
    found = made(small.change('headline: "Envoy: Ruritania ships kites to Freedonia"\n', ""))
    assert found.the(thing("article/kites"), vocab.LABEL) == english("Article kites")
    assert found.objects(thing("article/kites"), vocab.HEADLINE) == []


def test_the_publication_date_is_an_inference_with_its_evidence(small: Small) -> None:
    found = made(small)
    node = thing("inference/kites/publication-date")
    date = found.the(thing("article/kites"), cas("publicationDate"))
    (passage,) = found.objects(node, cas("evidence"))
    assert found.about(node, DERIVED) == {
        (vocab.TYPE, cas("Inference")),
        (cas("concludes"), date),
        (cas("because"), literal("it says on Friday")),
        (cas("madeBy"), thing("actor/caspian")),
        (cas("evidence"), passage),
    }
    assert found.the(passage, cas("quotation")) == literal("on Friday")


def test_a_publication_date_may_have_no_words_of_its_own(small: Small) -> None:
    found = made(small.change(", quote: on Friday", ""))
    assert found.objects(thing("inference/kites/publication-date"), cas("evidence")) == []


# -- passages


def test_a_passage_is_found_by_its_offsets_and_by_its_words(small: Small) -> None:
    found = made(small)
    node = thing("passage/kites/7-28")
    assert found.about(node) == {
        (vocab.TYPE, cas("Passage")),
        (vocab.HAS_SOURCE, thing("article/kites")),
        (cas("quotation"), literal("Ruritania ships kites")),
        (cas("checksum"), literal("sha256:3e48d96afc537cfe")),
        (vocab.HAS_SELECTOR, thing("passage/kites/7-28/position")),
        (vocab.HAS_SELECTOR, thing("passage/kites/7-28/quote")),
    }
    assert found.about(thing("passage/kites/7-28/position")) == {
        (vocab.TYPE, vocab.POSITION_SELECTOR),
        (vocab.START, count(7)),
        (vocab.END, count(28)),
    }
    assert found.about(thing("passage/kites/7-28/quote")) == {
        (vocab.TYPE, vocab.QUOTE_SELECTOR),
        (vocab.EXACT, literal("Ruritania ships kites")),
    }


def test_a_bridged_passage_has_a_first_and_a_last_stretch(small: Small) -> None:
    found = made(small)
    (node,) = found.subjects(cas("quotation"), literal("Freedonia denied … kites"))
    (bridge,) = found.subjects(vocab.TYPE, vocab.RANGE_SELECTOR)
    assert set(found.objects(node, vocab.HAS_SELECTOR)) == {
        bridge,
        node.replace(">", "/position>"),
    }
    first = found.the(bridge, vocab.HAS_START_SELECTOR)
    last = found.the(bridge, vocab.HAS_END_SELECTOR)
    assert found.the(first, vocab.EXACT) == literal("Freedonia denied")
    assert found.the(last, vocab.EXACT) == literal("kites")


def test_what_is_left_unmapped_is_no_evidence(small: Small) -> None:
    assert made(small).subjects(cas("quotation"), literal("Subscribe now!")) == []


def test_two_claims_in_the_same_words_share_a_passage(small: Small) -> None:
    small.change("quote: from Port Sylvania to Freedon", "quote: early next year")
    node = made(small).subjects(cas("quotation"), literal("early next year"))
    assert len(node) == 1


def test_a_passage_quoted_in_other_words_is_refused(small: Small) -> None:
    small.change("quote: from Port Sylvania to Freedon", "quote: early…year")
    with pytest.raises(InputError) as caught:
        made(small)
    lines = small.mapping.read_text("utf-8").split("\n")
    first, again = lines.index("- quote: early next year"), lines.index("- quote: early…year")
    assert str(caught.value) == (
        f"kites.yaml:{again + 1}: claims.4.quote: quotes a passage in other words "
        f"(quote it as on line {first + 1}: early next year)"
    )


# -- voices


def test_a_relay_is_a_chain_of_steps_that_the_article_attests(small: Small) -> None:
    found = made(small)
    first, last = thing("relay/briefing/gazette"), thing("relay/briefing/gazette/herald")
    assert found.about(first) == {
        (vocab.TYPE, cas("RelayStep")),
        (vocab.LABEL, english("Rupert > Gazette")),
        (cas("relayedBy"), thing("outlet/gazette")),
        (cas("hears"), thing("utterance/briefing")),
    }
    assert found.the(last, vocab.LABEL) == english("Rupert > Gazette > Herald")
    assert found.the(last, cas("hears")) == first
    (passage,) = found.objects(last, cas("evidence"))
    assert found.the(passage, cas("quotation")) == literal("as the Gazette reported")


def test_a_relay_nobody_attests_has_no_evidence(small: Small) -> None:
    found = made(small)
    assert found.objects(thing("relay/kites/freedonia/herald"), vocab.TYPE) == [cas("RelayStep")]
    assert found.objects(thing("relay/kites/freedonia/herald"), cas("evidence")) == []


SAME_RELAY = """\
  herald: {speaker: person/rupert, in: utterance/briefing, form: direct,
    relay: [outlet/gazette], quote: Envoy Rupert said}
"""


def test_two_voices_on_one_relay_attest_it_each_in_its_own_words(small: Small) -> None:
    found = made(small.change("  page: {", SAME_RELAY + "  page: {"))
    passages = found.objects(thing("relay/briefing/gazette/herald"), cas("evidence"))
    assert {found.the(passage, cas("quotation")) for passage in passages} == {
        literal("as the Gazette reported"),
        literal("Envoy Rupert said"),
    }


def test_a_voice_that_claims_nothing_is_told_of_only_where_words_attest_it(small: Small) -> None:
    silent = "  herald: {speaker: actor/freedonia, in: utterance/briefing, form: direct}\n"
    found = made(small.change("  page: {", silent + "  page: {"))
    assert found.subjects(vocab.LABEL, english("Freedonia, Briefing")) == []
    found = made(small.change("form: direct}", "form: direct, quote: Envoy Rupert said}"))
    (part,) = found.subjects(vocab.LABEL, english("Freedonia, Briefing"))
    assert found.about(part) == {
        (vocab.TYPE, cas("Utterance")),
        (vocab.LABEL, english("Freedonia, Briefing")),
        (cas("speaker"), thing("actor/freedonia")),
        (cas("within"), thing("utterance/briefing")),
    }
    (step,) = found.subjects(cas("hears"), part)
    assert found.the(step, vocab.LABEL) == english("Freedonia > Herald")


def test_words_of_the_articles_own_outlet_are_relayed_by_nobody(small: Small) -> None:
    found = made(small.change("form: narrator}", "form: narrator, quote: Envoy Rupert said}"))
    assert found.the(thing("utterance/kites/page"), cas("speaker")) == thing("outlet/herald")
    assert found.subjects(cas("hears"), thing("utterance/kites/page")) == []


def test_an_utterance_is_described_where_the_seeds_do_not(small: Small) -> None:
    found = made(small)
    assert found.about(thing("utterance/briefing")) == set()
    assert found.about(thing("utterance/kites/freedonia")) == {
        (vocab.TYPE, cas("Utterance")),
        (vocab.LABEL, english("Freedonia in article kites")),
        (cas("speaker"), thing("actor/freedonia")),
    }


# -- claims


def claim_of(found: Made, name: str, key: str) -> str:
    return next(q.object for q in found if q[:2] == (thing(name), claim_property(key)))


def test_a_claim_has_all_that_its_entry_says(small: Small) -> None:
    small.change(
        "  cue: could\n",
        "  cue: could\n  basis: evidence\n  note: seen\n  asOf: {edtf: 2023-05, says: as of May}\n",
    )
    small.change("item: system/kite}", "item: {ref: system/kite, written: kites}}")
    found = made(small)
    claim = claim_of(found, "transfer/kites", "item")
    (passage,) = found.subjects(cas("quotation"), literal("could send hundreds of kites"))
    as_of = found.the(claim, cas("asOf"))
    assert found.about(claim) == {
        (vocab.TYPE, cas("Claim")),
        (value_property("item"), thing("system/kite")),
        (cas("about"), thing("transfer/kites")),
        (cas("evidence"), passage),
        (cas("inArticle"), thing("article/kites")),
        (cas("speaker"), thing("person/rupert")),
        (cas("principal"), thing("actor/ruritania")),
        (cas("utterance"), thing("utterance/briefing")),
        (cas("relay"), thing("relay/briefing/gazette/herald")),
        (cas("form"), thing("form/indirect")),
        (cas("certainty"), thing("certainty/possible")),
        (cas("polarity"), thing("polarity/affirmed")),
        (cas("basis"), thing("basis/evidence")),
        (cas("speakerRole"), literal("Envoy")),
        (cas("hedgeCue"), literal("could")),
        (cas("wording"), literal("kites")),
        (cas("note"), literal("seen")),
        (cas("asOf"), as_of),
    }
    assert (cas("wording"), literal("as of May")) in found.about(as_of)


def test_a_claim_says_no_more_than_its_entry(small: Small) -> None:
    found = made(small)
    claim = claim_of(found, "use/kites", "status")
    optional = ("basis", "speakerRole", "hedgeCue", "wording", "note", "asOf")
    assert not {cas(name) for name in optional} & {key for key, _ in found.about(claim)}
    assert (cas("polarity"), thing("polarity/denied")) in found.about(claim)
    assert found.about(claim) >= {(cas("relay"), thing("relay/kites/freedonia/herald"))}


def test_a_value_is_described_beside_the_claim(small: Small) -> None:
    found = made(small)
    value = found.the(claim_of(found, "transfer/kites", "quantity"), value_property("quantity"))
    assert found.about(value) >= {
        (vocab.TYPE, cas("QuantityValue")),
        (cas("minimum"), literal("200", XSD + "decimal")),
        (cas("rule"), literal("hundreds")),
    }


def test_an_inference_stands_among_what_is_derived_with_its_premise(small: Small) -> None:
    found = made(small)
    claim = claim_of(found, "route/kites", "origin")
    assert found.about(claim) == set()
    derived = found.about(claim, DERIVED)
    assert (cas("form"), thing("form/inference")) in derived
    assert (cas("speaker"), thing("actor/caspian")) in derived
    (premise,) = found.subjects(cas("quotation"), literal("The kites then go"))
    node = iri(claim[1:-1].replace("/claim/", "/inference/"))
    assert found.about(node, DERIVED) == {
        (vocab.TYPE, cas("Inference")),
        (cas("concludes"), claim),
        (cas("because"), literal("two legs make one route")),
        (cas("madeBy"), thing("actor/caspian")),
        (cas("evidence"), premise),
    }
    assert found.about(thing("utterance/kites/editor"), DERIVED)


# -- identities


def judgements(found: Made) -> list[str]:
    return found.subjects(vocab.TYPE, cas("IdentityJudgement"))


def test_a_name_that_may_mean_a_thing_is_judged(small: Small) -> None:
    found = made(small)
    (node,) = judgements(found)
    assert node.startswith(thing("identity/kites/freedon-")[:-1])
    assert found.about(node, DERIVED) == {
        (vocab.TYPE, cas("IdentityJudgement")),
        (cas("written"), literal("Freedon")),
        (cas("identifiedWith"), thing("place/freedon")),
        (cas("verdict"), thing("verdict/positive")),
        (cas("certainty"), thing("certainty/probable")),
        (cas("because"), literal("the only one")),
        (cas("madeBy"), thing("actor/caspian")),
        (cas("inClaim"), claim_of(found, "leg/two", "to")),
    }


JUDGED = "{ref: place/freedon, written: Freedon, match: probable, because: the only one}"


def test_a_judgement_serves_all_the_claims_that_rest_on_it(small: Small) -> None:
    small.change("    mode: not-stated\n", f"    mode: not-stated\n    across: {JUDGED}\n")
    found = made(small)
    (node,) = judgements(found)
    assert set(found.objects(node, cas("inClaim"))) == {
        claim_of(found, "leg/two", "to"),
        claim_of(found, "leg/two", "across"),
    }


@pytest.mark.parametrize(
    "other",
    [
        JUDGED.replace("place/freedon", "place/strelsau"),
        JUDGED.replace("written: Freedon", "written: FREEDON"),
        JUDGED.replace("written: Freedon", "written: Фридон"),
        JUDGED.replace("probable", "possible"),
        JUDGED.replace("the only one", "so it sounds"),
    ],
)
def test_judgements_that_differ_are_two(small: Small, other: str) -> None:
    small.change("    mode: not-stated\n", f"    mode: not-stated\n    across: {other}\n")
    found = made(small)
    assert len(set(judgements(found))) == 2
    assert all(len(found.about(node, DERIVED)) == 8 for node in judgements(found))


# -- the document as a whole


def test_every_quad_is_n_quads_without_a_blank_node(small: Small) -> None:
    found = made(small)
    text = "".join(map(line, found))
    parsed = [*ox.parse(text, format=ox.RdfFormat.N_QUADS)]
    assert len(parsed) == len(found) >= 300
    assert "_:" not in text


def test_quads_stand_in_the_graphs_of_the_article_of_what_is_derived_and_of_views(
    small: Small,
) -> None:
    graphs = {quad.graph for quad in made(small)}
    views = {view.graph for view in small.corpus().views}
    assert graphs == {ARTICLE, DERIVED, *views}
    assert {quad.graph for quad in quads(small.read())} == {ARTICLE, DERIVED}


def written_as_json(small: Small, tmp_path: Path, **more: Tree) -> ArticleMapping:
    path = tmp_path / "kites.jsonl"
    tree = read_yaml(small.mapping).tree | more
    path.write_text(json.dumps(tree) + "\n", "utf-8")
    (document,) = read_json_lines(path)
    return read_mapping(document, small.corpus().vocabulary)


def test_json_lines_give_the_same_quads_as_yaml(small: Small, tmp_path: Path) -> None:
    found = made(small)
    assert [*quads(written_as_json(small, tmp_path), small.corpus().views)] == found


def test_what_a_document_declares_is_described_in_its_graph_once(
    small: Small, tmp_path: Path
) -> None:
    said = {"edtf": "2023-06-09"}
    things = {
        "transfer/more": {"label": "More"},
        "utterance/talk": {"label": "Talk", "speaker": "person/rupert", "said": said},
    }
    small.anchored()
    mapping = written_as_json(small, tmp_path, things=things)
    found = Made(quads(mapping))
    assert len(set(found)) == len(found)
    assert found.about(thing("transfer/more")) == {
        (vocab.TYPE, cas("Transfer")),
        (vocab.LABEL, english("More")),
    }
    date = found.the(thing("utterance/talk"), cas("said"))
    # the article was published on the same day, which is described once
    assert found.the(thing("article/kites"), cas("publicationDate")) == date


def test_the_same_mapping_gives_the_same_bytes_in_every_process(small: Small) -> None:
    small.anchored()
    script = (
        "import sys; from pathlib import Path; from kg.corpus import *; from kg.terms import line;"
        "from kg.resources import folder;"
        "seeds = Path(sys.argv[1]); corpus = read_corpus(seeds, folder('ontology'));"
        "found = article_quads(corpus, mappings(corpus, mapping_files(seeds)));"
        "sys.stdout.writelines(map(line, found))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(small.seeds)],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    }
    corpus = small.corpus()
    found = article_quads(corpus, mappings(corpus, mapping_files(small.seeds)))
    assert outputs == {"".join(map(line, found)).encode()}


NUMBERS = st.sampled_from(["1", "1.0", "10", "200", "200.00"])
PROPERTIES = st.one_of(
    st.tuples(
        st.just("transfer/kites"),
        st.just("reason"),
        st.text(min_size=1, max_size=5).filter(str.strip),
    ),
    st.tuples(
        st.just("transfer/kites"),
        st.just("quantity"),
        st.fixed_dictionaries({"min": NUMBERS}, optional={"says": st.text(max_size=3)}),
    ),
    st.tuples(
        st.just("transfer/kites"),
        st.just("period"),
        st.sampled_from([{"edtf": "2023"}, {"says": "early next year", "anchor": "2023-06-09"}]),
    ),
    st.tuples(
        st.just("leg/one"),
        st.sampled_from(["from", "to", "across"]),
        st.sampled_from(["place/strelsau", "place/freedon"])
        | st.fixed_dictionaries(
            {
                "ref": st.sampled_from(["place/strelsau", "place/freedon"]),
                "written": st.text(min_size=1, max_size=2),
                "match": st.sampled_from(["probable", "possible"]),
                "because": st.just("so"),
            }
        ),
    ),
)
ENTRIES = st.builds(
    lambda place, voice, polarity, said, note: {
        "quote": "words",
        "at": f"{place}-{place + 5}",
        "sum": checksum("words"),
        "voice": voice,
        "polarity": polarity,
        "note": note,
        said[0]: {said[1]: said[2]},
    },
    st.integers(0, 3),
    st.sampled_from(["envoy", "page", "freedonia"]),
    st.sampled_from(["affirmed", "denied"]),
    PROPERTIES,
    st.text(max_size=2),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_small(tmp_path_factory.mktemp("small")).corpus()


def compiled(corpus: Corpus, tree: Tree) -> list[Quad]:
    """The quads of the document; none where it says the same twice."""
    try:
        return [*quads(read_mapping(Document("x", tree, {}), corpus.vocabulary), corpus.views)]
    except InputError as error:
        if "claimed twice in the same words" in str(error):
            return []
        raise


@given(entries=st.lists(ENTRIES, max_size=8))
def test_whatever_is_said_each_claim_has_one_value_and_each_quad_comes_once(
    corpus: Corpus, entries: list[Tree]
) -> None:
    tree = {
        "article": "kites",
        "sha256": "0" * 64,
        "length": 9,
        "body": "0-9",
        "outlet": "outlet/herald",
        "published": {"edtf": "2023", "because": "so"},
        "voices": {
            "envoy": {"speaker": "person/rupert", "in": "utterance/briefing", "form": "direct"},
            "page": {"speaker": "outlet/herald", "form": "narrator"},
            "freedonia": {"speaker": "actor/freedonia", "form": "indirect"},
        },
        "claims": entries,
    }
    first = compiled(corpus, tree)
    assert compiled(corpus, tree) == first
    assert len(set(first)) == len(first)
    to = Counter(q.object for q in first if q.predicate.startswith(f"<{CLAIM}"))
    value = Counter(q.subject for q in first if q.predicate.startswith(f"<{VALUE}"))
    said = Counter(q.subject for q in first if q[1:3] == (vocab.TYPE, cas("Claim")))
    assert to == value == said
    assert set(said.values()) <= {1}
