import pytest

from kg.claims import EDITOR, Claim, Relay, Spoken, claims, passage_id, relay, spoken
from kg.errors import InputError
from kg.mapping import ArticleMapping
from kg.values import Ref
from tests.conftest import Small


@pytest.fixture
def mapping(small: Small) -> ArticleMapping:
    return small.anchored().read()


def the_claim(mapping: ArticleMapping, thing: str, key: str, form: str = "indirect") -> Claim:
    (found,) = [c for c in claims(mapping) if (c.thing, c.key, c.form) == (thing, key, form)]
    return found


def test_there_is_a_claim_for_each_property_and_the_inferences_come_last(
    mapping: ArticleMapping,
) -> None:
    found = [(claim.thing, claim.key) for claim in claims(mapping)]
    assert found == [
        *(("transfer/kites", key) for key in ("status", "supplier")),
        *(("transfer/kites", key) for key in ("supplier", "quantity", "item")),
        *(("leg/one", key) for key in ("from", "to", "mode", "order", "route", "cargo", "across")),
        ("transfer/kites", "period"),
        *(("leg/two", key) for key in ("from", "to", "mode", "order", "route")),
        ("use/kites", "status"),
        ("route/kites", "origin"),
    ]


def test_a_claim_says_who_said_it_for_whom_where_and_how_sure(mapping: ArticleMapping) -> None:
    claim = the_claim(mapping, "transfer/kites", "supplier")
    assert claim.passage.parts == ("could send hundreds of kites",)
    assert (claim.speaker, claim.principal) == ("person/rupert", "actor/ruritania")
    assert claim.spoken == Spoken("utterance/briefing", "person/rupert", "")
    assert (claim.role, claim.certainty, claim.cue) == ("Envoy", "possible", "could")
    assert (claim.polarity, claim.basis, claim.as_of, claim.note) == ("affirmed", "", None, "")


def test_an_inference_is_the_editors_and_has_its_reason(mapping: ArticleMapping) -> None:
    claim = the_claim(mapping, "route/kites", "origin", "inference")
    assert (claim.speaker, claim.principal, claim.relay) == (EDITOR, EDITOR, ())
    assert (claim.certainty, claim.note) == ("probable", "two legs make one route")
    assert claim.spoken == Spoken("utterance/kites/editor", EDITOR, "")
    assert claim.passage.parts == ("The kites then go",)


def test_a_claim_keeps_the_name_the_article_writes(mapping: ArticleMapping) -> None:
    assert the_claim(mapping, "leg/two", "to").wording == "Freedon"
    assert the_claim(mapping, "leg/two", "from").wording == ""
    assert the_claim(mapping, "leg/two", "order").wording == ""


def test_the_relay_leads_from_the_speaker_to_the_articles_own_outlet(
    mapping: ArticleMapping,
) -> None:
    gazette = Relay(
        "relay/briefing/gazette",
        "outlet/gazette",
        "utterance/briefing",
        ("person/rupert", "outlet/gazette"),
    )
    herald = Relay(
        "relay/briefing/gazette/herald",
        "outlet/herald",
        "relay/briefing/gazette",
        ("person/rupert", "outlet/gazette", "outlet/herald"),
    )
    assert the_claim(mapping, "leg/one", "mode").relay == (gazette, herald)


def test_what_an_article_says_itself_is_relayed_by_nobody(mapping: ArticleMapping) -> None:
    page = mapping.voices["page"]
    assert relay(mapping, page, spoken(mapping, page)) == ()
    denial = the_claim(mapping, "use/kites", "status")
    assert [step.outlet for step in denial.relay] == ["outlet/herald"]


def test_an_occasion_of_nobody_is_the_articles_own(mapping: ArticleMapping) -> None:
    voice = mapping.voices["freedonia"]
    assert spoken(mapping, voice) == Spoken("utterance/kites/freedonia", "actor/freedonia", "")


def test_who_speaks_on_anothers_occasion_has_a_part_of_it(mapping: ArticleMapping) -> None:
    voice = mapping.voices["freedonia"]._replace(utterance="utterance/briefing")
    part = Spoken("utterance/briefing/freedonia", "actor/freedonia", "utterance/briefing")
    assert spoken(mapping, voice) == part
    finer = mapping.voices["freedonia"]
    assert spoken(mapping, finer, "utterance/briefing") == part


def test_a_quote_that_is_not_anchored_makes_no_claim(small: Small) -> None:
    with pytest.raises(InputError) as caught:
        list(claims(small.read()))
    assert str(caught.value).endswith(
        "claims.0.quote: the quote has no offsets yet (run `caspian anchor kites.yaml`)"
    )


def test_the_same_claim_in_the_same_words_is_told_with_the_first(small: Small) -> None:
    small.change("{status: used}", "{status: [used,\n   used]}").anchored()
    with pytest.raises(InputError) as caught:
        list(claims(small.read()))
    lines = small.mapping.read_text("utf-8").split("\n")
    first = lines.index("  use/kites: {status: [used,") + 1
    assert str(caught.value) == (
        f"kites.yaml:{first + 1}: claims.5.use/kites.status.1: "
        "use/kites status is claimed twice in the same words "
        f"(the first is on line {first})"
    )


DISTINCT = {
    "value": ("status: used", "status: delivered"),
    "property": ("status: used", "user: actor/freedonia"),
    "polarity": ("polarity: denied", "polarity: affirmed"),
    "certainty": ("polarity: denied", "polarity: denied\n  certainty: possible"),
    "form": ("polarity: denied", "polarity: denied\n  form: direct"),
    "speaker": ("voice: freedonia", "voice: envoy"),
    "passage": ("Freedonia denied…kites", "denied…kites"),
    "occasion": ("polarity: denied", "polarity: denied\n  utterance: utterance/briefing"),
}


@pytest.mark.parametrize("case", DISTINCT)
def test_claims_that_differ_have_ids_that_differ(small: Small, case: str) -> None:
    before = {claim.id for claim in claims(small.anchored().read())}
    text = small.mapping.read_text("utf-8")
    start = text.index("- quote: Freedonia denied")
    entry = text[start : text.index("inferences:")]
    other = "\n".join(
        line for line in entry.split("\n") if not line.startswith(("  at:", "  sum:"))
    ).replace(*DISTINCT[case])
    assert other not in text
    small.mapping.write_text(text.replace("inferences:", other + "inferences:"), "utf-8")
    after = {claim.id for claim in claims(small.anchored().read())}
    assert before < after
    assert len(after) == len(before) + 1


def test_a_note_does_not_make_another_claim(small: Small) -> None:
    before = [claim.id for claim in claims(small.anchored().read())]
    small.change("polarity: denied", "polarity: denied\n  note: as ever")
    assert [claim.id for claim in claims(small.read())] == before


def test_a_passage_is_named_by_its_article_and_place(mapping: ArticleMapping) -> None:
    claim = next(claims(mapping))
    assert passage_id("kites", claim.passage) == "passage/kites/7-28"
    assert claim.value == Ref("status/in-progress")
    assert claim.id.startswith("claim/kites/")
