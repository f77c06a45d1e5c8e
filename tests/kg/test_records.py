"""Claims made light: who said it, where it goes back to, and when."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.dates import Bounds
from kg.known import Known, Point
from kg.records import Record, records

if TYPE_CHECKING:
    from tests.conftest import Small


def read(small: "Small") -> tuple[list[Record], Known]:
    known = Known()
    return list(records(small.anchored().read(), known)), known


def one(found: list[Record], key: str, form: str) -> Record:
    return next(record for record in found if (record.key, record.form) == (key, form))


def test_there_is_a_record_for_each_claim_inferences_included(small: "Small") -> None:
    found, _ = read(small)
    assert len(found) == 20
    assert [record.form for record in found][-1] == "inference"


def test_a_relayed_claim_keeps_its_chain_and_its_day(small: "Small") -> None:
    found, _ = read(small)
    telling = one(found, "quantity", "indirect").telling
    assert telling.chain == ("person/rupert", "outlet/gazette", "outlet/herald")
    assert telling.ancestors == ("utterance/briefing",)
    assert telling.root == telling.sentence == "utterance/briefing"
    assert telling.root_principal == telling.principal == "actor/ruritania"
    assert telling.said == Bounds("2023-06-09", "2023-06-09")


def test_the_articles_own_voice_speaks_on_the_day_of_publication(small: "Small") -> None:
    found, _ = read(small)
    record = one(found, "supplier", "headline")
    assert record.narrated
    assert record.telling.said == record.telling.published == ("2023-06-09", "2023-06-09")


def test_what_has_no_day_was_said_before_publication(small: "Small") -> None:
    found, _ = read(small)
    denied = next(record for record in found if record.polarity == "denied")
    assert denied.telling.said == Bounds("", "2023-06-09")
    assert not denied.narrated


def test_a_sentence_within_an_utterance_goes_back_to_it(small: "Small") -> None:
    text = (small.seeds / "entities" / "all.yaml").read_text("utf-8")
    part = (
        "utterance/part:\n"
        "  {type: Utterance, label: Part, speaker: actor/freedonia, within: utterance/briefing}\n"
    )
    (small.seeds / "entities" / "all.yaml").write_text(text + part, "utf-8")
    small.change("in: utterance/briefing", "in: utterance/part")
    found, _ = read(small)
    telling = one(found, "quantity", "indirect").telling
    assert telling.ancestors == ("utterance/part/rupert", "utterance/part", "utterance/briefing")
    assert telling.sentence == "utterance/part"
    assert telling.principal == "actor/ruritania"


def test_claims_of_one_voice_share_their_telling(small: "Small") -> None:
    found, _ = read(small)
    told = [record.telling for record in found if record.telling.speaker == "person/rupert"]
    assert len(told) > 5
    assert all(telling is told[0] for telling in told)


def test_what_is_known_of_things_is_their_names_places_and_what_is_above(small: "Small") -> None:
    _, known = read(small)
    assert known.label("person/rupert") == "Rupert"
    assert known.label("status/in-progress") == "in progress"
    assert known.point("place/strelsau") == Point(50.1, 14.4, 5000)
    assert known.point("place/freedon") is None
    assert known.point("place/nowhere") is None
    assert known.principal("person/rupert") == "actor/ruritania"
    assert known.narrower("person/rupert", "actor/ruritania")
    assert not known.narrower("actor/ruritania", "person/rupert")
    assert not known.narrower("person/rupert", "person/rupert")


def test_what_is_known_stays_as_it_was_learned_first(small: "Small") -> None:
    mapping = small.anchored().read()
    known = Known()
    list(records(mapping, known))
    before = dict(known.things)
    known.learn(mapping.entities.by_id.values())
    assert known.things == before


def test_records_are_ordered_by_article_and_place(small: "Small") -> None:
    found, _ = read(small)
    order: Callable[[Record], tuple[str, int, int, str]] = lambda record: record.order  # noqa: E731
    assert min(found, key=order).form == "headline"
