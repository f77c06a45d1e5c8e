import json
from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.mapping import Frame, Passage, Quoted, Said, Unmapped, Voice
from kg.mapping_reader import read_mapping
from kg.source import Tree, read_json_lines, yaml_document
from kg.values import Date, Quantity, Ref
from tests.bad import Bad, named, told
from tests.conftest import Small

HUNDREDS = Quantity(Decimal(200), Decimal(999), "hundreds", "hundreds")
STRELSAU = Ref("place/strelsau")


def line_of(small: Small, words: str) -> int:
    lines = small.mapping.read_text("utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines, start=1) if words in line]
    return number


def test_the_head_of_a_mapping_says_which_text_it_is_of(small: Small) -> None:
    mapping = small.read()
    assert (mapping.article, mapping.outlet) == ("kites", "outlet/herald")
    assert mapping.headline == "Envoy: Ruritania ships kites to Freedonia"
    assert (mapping.length, mapping.body[0]) == (len((small.texts / "kites.txt").read_text()), 0)
    assert mapping.published.date == Date("2023-06-09", "2023-06-09", "2023-06-09")
    assert mapping.published.because == "it says on Friday"
    assert mapping.published.quoted == Quoted("on Friday", 1, None, ("published",))


def test_a_voice_has_a_speaker_an_occasion_and_a_relay(small: Small) -> None:
    voices = small.read().voices
    assert list(voices) == ["envoy", "page", "freedonia"]
    assert voices["envoy"] == Voice(
        key="envoy",
        speaker="person/rupert",
        utterance="utterance/briefing",
        form="indirect",
        role="Envoy",
        relay=("outlet/gazette",),
        quoted=Quoted("as the Gazette reported", 1, None, ("voices", "envoy")),
    )
    assert voices["page"] == Voice("page", "outlet/herald", "", "narrator", "", (), None)


def test_an_entry_has_the_form_of_its_voice_and_is_asserted_unless_it_says_more(
    small: Small,
) -> None:
    headline, hedged, *_, denied = small.read().said
    assert (headline.form, headline.certainty, headline.polarity) == (
        *("headline", "asserted", "affirmed"),
    )
    assert (hedged.form, hedged.certainty, hedged.cue) == ("indirect", "possible", "could")
    assert (denied.form, denied.polarity, denied.voice.key) == ("indirect", "denied", "freedonia")


def test_an_entry_may_say_all_it_can(small: Small) -> None:
    small.change(
        "  cue: could\n",
        "  cue: could\n  basis: evidence\n  utterance: utterance/briefing\n  note: seen\n"
        '  asOf: {edtf: "2023-05", says: as of May}\n  nth: 1\n  form: direct\n',
    )
    said = small.read().said[1]
    assert said == Said(
        quoted=Quoted("could send hundreds of kites", 1, None, ("claims", 1)),
        voice=small.read().voices["envoy"],
        form="direct",
        certainty="possible",
        cue="could",
        polarity="affirmed",
        basis="evidence",
        as_of=Date("2023-05", "2023-05-01", "2023-05-31", "as of May"),
        utterance="utterance/briefing",
        note="seen",
        frames=said.frames,
        line=line_of(small, "could send"),
    )


def test_values_stand_in_their_frames_with_the_lines_they_stand_on(small: Small) -> None:
    mapping = small.read()
    line = line_of(small, "quantity:")
    assert mapping.said[1].frames == (
        Frame(
            "transfer/kites",
            (
                ("supplier", Ref("actor/ruritania"), line),
                ("quantity", HUNDREDS, line),
                ("item", Ref("system/kite"), line),
            ),
        ),
    )
    lines = {key: line for key, _, line in mapping.said[4].frames[0].values}
    first = line_of(small, "leg/two:") + 1
    assert lines == {
        key: first + number for number, key in enumerate(["from", "to", "mode", "order", "route"])
    }


def test_inferences_and_gaps_have_their_reasons(small: Small) -> None:
    mapping = small.read()
    (inferred,) = mapping.inferred
    line = line_of(small, "origin:")
    assert inferred.because == "two legs make one route"
    assert inferred.quoted.text == "The kites then go"
    assert inferred.frames == (Frame("route/kites", (("origin", STRELSAU, line),)),)
    assert mapping.unmapped == (
        Unmapped(Quoted("Subscribe now!", 1, None, ("unmapped", 0)), "advertisement"),
    )


def test_what_is_anchored_is_a_passage_with_its_words(small: Small) -> None:
    said = small.anchored().read().said
    assert said[0].quoted.passage == Passage(7, 28, "3e48d96afc537cfe", ("Ruritania ships kites",))
    assert said[-1].quoted.parts == ("Freedonia denied", "kites")
    assert said[-1].quoted.passage
    assert said[-1].quoted.passage.parts == ("Freedonia denied", "kites")


def test_all_but_eight_keys_may_be_left_out(small: Small) -> None:
    text = small.mapping.read_text("utf-8")
    head = text[: text.index("voices:")].replace(", quote: on Friday", "")
    bare = "\n".join(line for line in head.split("\n") if not line.startswith("headline"))
    small.mapping.write_text(
        f"{bare}voices: {{page: {{speaker: outlet/herald, form: narrator}}}}\nclaims: []\n"
    )
    mapping = small.read()
    assert (mapping.headline, mapping.said, mapping.inferred, mapping.unmapped) == ("", (), (), ())
    assert [*mapping.quoted()] == [*mapping.evidence()] == []


# -- JSON Lines


def from_json(small: Small, tmp_path: Path, **changed: Tree) -> Tree:
    tree = yaml_document(small.mapping.read_text("utf-8"), "x").tree
    path = tmp_path / "kites.jsonl"
    path.write_text(f"{{}}\n{json.dumps(tree | changed)}\n", "utf-8")
    _, document = read_json_lines(path)
    return read_mapping(document, small.corpus().vocabulary)


def test_numbers_of_json_are_read_as_numbers(small: Small, tmp_path: Path) -> None:
    mapping = from_json(small, tmp_path, length=7, body="0-7")
    assert (mapping.length, mapping.body) == (7, (0, 7))


THINGS: Tree = {
    "person/flavia": {"type": "Person", "label": "Flavia", "speaksFor": "actor/zenda"},
    "actor/zenda": {"type": "Group", "label": "Zenda", "speaksFor": "actor/ruritania"},
}


def test_a_document_may_declare_things_of_its_own(small: Small, tmp_path: Path) -> None:
    voices = {
        "envoy": {"speaker": "person/flavia", "form": "direct"},
        "page": {"speaker": "outlet/herald", "form": "narrator"},
        "freedonia": {"speaker": "actor/freedonia", "form": "indirect"},
    }
    mapping = from_json(small, tmp_path, things=THINGS, voices=voices)
    assert [entity.id for entity in mapping.things] == ["person/flavia", "actor/zenda"]
    assert mapping.entities.principal("person/flavia") == "actor/ruritania"
    assert "person/flavia" not in small.corpus().vocabulary.entities


FLAVIA = {"type": "Person", "label": "Flavia"}
BAD_JSON: dict[str, tuple[dict[str, Tree], str, str]] = {
    "things-list": ({"things": [FLAVIA]}, "things", "is no map of ids to things"),
    "thing-list": ({"things": {"person/flavia": ["x"]}}, "things.person/flavia", "lacks label"),
    "thing-number": (
        {"things": {"person/flavia": FLAVIA | {"note": 3}}},
        *("things.person/flavia.note", "is no text"),
    ),
    "thing-id": ({"things": {"person/fla via": FLAVIA}}, "things.person/fla via", "is no id"),
    "thing-link": (
        {"things": {"person/flavia": FLAVIA | {"speaksFor": "actor/x"}}},
        *("things.person/flavia.speaksFor", "no thing actor/x"),
    ),
    "thing-circle": (
        {"things": {"person/flavia": FLAVIA | {"speaksFor": "person/flavia"}}},
        *("things.person/flavia.speaksFor", "leads back to itself"),
    ),
    "thing-of-the-seeds": (
        {"things": {"person/rupert": FLAVIA}},
        *("things.person/rupert", "declared twice"),
    ),
    "point-number": (
        {
            "things": {
                "place/zenda": {
                    "type": "Site",
                    "label": "Zenda",
                    "point": {"lat": 50.1, "lon": 14.4, "accuracy": 1, "source": "source/atlas"},
                }
            }
        },
        *("things.place/zenda.point", "lacks record"),
    ),
    "because-list": (
        {"published": {"edtf": "2023", "because": ["x"]}},
        *("published.because", "is no text"),
    ),
    "gap-because": (
        {"unmapped": [{"quote": "Subscribe now!", "because": {"a": "b"}}]},
        *("unmapped.0.because", "is no text"),
    ),
    "length": ({"length": True}, "length", "True is no whole number"),
    "length-of-digits": ({"length": "9" * 5000}, "length", "is no whole number"),
    "body": ({"body": [0, 7]}, "body", "is no range of characters"),
    "outlet": ({"outlet": None}, "outlet", "is no value of this kind"),
    "claims": ({"claims": {}}, "claims", "is no list"),
    "quote": ({"unmapped": [{"quote": 7, "because": "x"}]}, "unmapped.0.quote", "is no quote"),
}


@pytest.mark.parametrize("case", BAD_JSON)
def test_a_line_of_json_that_cannot_be_read_is_told_by_its_number(
    small: Small, tmp_path: Path, case: str
) -> None:
    changed, key, message = BAD_JSON[case]
    with pytest.raises(InputError) as caught:
        from_json(small, tmp_path, **changed)
    first = caught.value.problems[0]
    assert (Path(first.file).name, first.line) == ("kites.jsonl", 2)
    assert key in {problem.key for problem in caught.value.problems}
    assert any(message in p.message for p in caught.value.problems if p.key == key)


# -- what is wrong in a mapping, one thing at a time

PAGE = "page: {speaker: outlet/herald, form: narrator}"
DENIED = "quote: Freedonia denied…kites"
LAST = "polarity: denied"
SUM = "sum: 0123456789abcdef"
USED = "use/kites: {status: used}"
NEITHER = "neither a field of an entry nor a thing's id"
ANCHOR = "delete at: and sum:, then run `caspian anchor`"
RANGE = "is no range of characters"
# fmt: off -- a case is a row or two
BAD = (
    # the head
    Bad("missing", "outlet: outlet/herald\n", "", "article:", "", "lacks outlet", "README"),
    Bad("top-key", "unmapped:", "unmaped:", "unmaped", "unmaped", "is no field", "known: unmapped"),
    Bad("article", "kites\n", "kites/1\n", "article:", "article", "'kites/1' is not letters"),
    Bad("hash", "sha256: ", "sha256: x", "sha256", "sha256", "is not 64 hexadecimal digits"),
    Bad("length", "length: ", "length: 1,", "length", "length", "is no whole number"),
    Bad("body", "body: 0-", "body: 9999-", "body", "body", RANGE, "write 0-1967"),
    Bad("body-in-words", "body: 0-", "body: 0 to ", "body", "body", RANGE),
    Bad(
        "outlet",
        "outlet: outlet/herald",
        "outlet: outlet/heral",
        "outlet: ",
        "outlet",
        "no thing outlet/heral",
        "did you mean outlet/herald?",
    ),
    Bad(
        "outlet-class",
        "outlet: outlet/herald",
        "outlet: actor/freedonia",
        "outlet: ",
        "outlet",
        "actor/freedonia is a State, not a NewsOrganisation",
    ),
    Bad(
        "headline",
        'headline: "Envoy: Ruritania ships kites to Freedonia"',
        "headline: [a]",
        "headline: ",
        "headline",
        "is no text",
        "write words",
    ),
    Bad(
        "published",
        'because: "it says on Friday", ',
        "",
        "published",
        "published",
        "needs a date and because",
        "why you think so",
    ),
    Bad(
        "published-when",
        '{edtf: "2023-06-09", because',
        "{edtf: Friday, because",
        "published",
        "published",
        "'Friday' is not an EDTF date",
    ),
    Bad(
        "published-field",
        "published: {",
        "published: {say: x, ",
        "published",
        "published.say",
        "is no field here",
        "known: says",
    ),
    # voices
    Bad("voice", PAGE, "page: narrator", "page: n", "voices.page", "is no voice", "speaker: actor"),
    Bad(
        "voice-field",
        PAGE,
        f"{PAGE[:-1]}, roll: x}}",
        "page: {",
        "voices.page.roll",
        "is no field here",
        "known: role",
    ),
    Bad(
        "voice-name",
        PAGE,
        f"{PAGE}\n  side note: {PAGE[6:]}",
        "side",
        "voices.side note",
        "is not letters, digits, _ and -",
    ),
    Bad(
        "voice-editor",
        PAGE,
        f"{PAGE}\n  editor: {PAGE[6:]}",
        "editor:",
        "voices.editor",
        "is the voice of inferences",
        "name this one otherwise",
    ),
    Bad(
        "no-speaker",
        "speaker: outlet/herald, ",
        "",
        "page: {",
        "voices.page.speaker",
        "names no thing",
    ),
    Bad(
        "speaker",
        "speaker: person/rupert",
        "speaker: person/ruprt",
        "ruprt",
        "voices.envoy.speaker",
        "no thing person/ruprt",
        "did you mean person/rupert?",
    ),
    Bad(
        "speaker-class",
        "speaker: person/rupert",
        "speaker: place/freedon",
        "speaker: place",
        "voices.envoy.speaker",
        "place/freedon is a AirBase, not a Actor",
    ),
    Bad(
        "no-form", ", form: narrator", "", "page: {", "voices.page.form", "lacks a form", "caption"
    ),
    Bad(
        "form",
        "form: narrator",
        "form: narator",
        "page: {",
        "voices.page.form",
        "no form narator",
        "known: narrator",
    ),
    Bad("role", "role: Envoy", "role: [Envoy]", "role:", "voices.envoy.role", "is no text"),
    Bad(
        "occasion",
        "in: utterance/briefing",
        "in: person/rupert",
        "  in: p",
        "voices.envoy.in",
        "person/rupert is a Person, not a Utterance",
    ),
    Bad(
        "relay",
        "relay: [outlet/gazette]",
        "relay: outlet/gazette",
        "relay",
        "voices.envoy.relay",
        "is no list of outlets",
        "[outlet/a",
    ),
    Bad(
        "relay-class",
        "relay: [outlet/gazette]",
        "relay: [actor/freedonia]",
        "relay",
        "voices.envoy.relay.0",
        "not a NewsOrganisation",
    ),
    Bad(
        "relay-twice",
        "[outlet/gazette]",
        "[outlet/gazette, outlet/gazette]",
        "relay",
        "voices.envoy.relay",
        "names an outlet twice",
        "from the speaker to this article's outlet",
    ),
    Bad(
        "relay-cycle",
        "[outlet/gazette]",
        "[outlet/gazette, outlet/herald]",
        "relay",
        "voices.envoy.relay",
        "names an outlet twice",
        "which is left out",
    ),
    Bad(
        "relay-of-oneself",
        PAGE,
        PAGE + "\n  it: {speaker: outlet/gazette, form: direct, relay: [outlet/gazette]}",
        "  it:",
        "voices.it.relay",
        "names an outlet twice",
    ),
    Bad(
        "voice-quote",
        "quote: as the Gazette reported",
        'quote: ""',
        'quote: ""',
        "voices.envoy.quote",
        "is no quote",
        "copy the words",
    ),
    # entries
    Bad(
        "entry",
        f"- {DENIED}",
        f"- words\n- {DENIED}",
        "- words",
        "claims.5",
        "is no entry",
        "write quote: …",
    ),
    Bad("no-voice", "  voice: freedonia\n", "", DENIED, "claims.5.voice", "lacks voice", "known: "),
    Bad(
        "unknown-voice",
        "voice: freedonia",
        "voice: fredonia",
        "fredonia",
        "claims.5.voice",
        "no voice fredonia",
        "known: freedonia",
    ),
    Bad(
        "two-voices", "voice: freedonia", "voice: [page]", "[page]", "claims.5.voice", "no voice ["
    ),
    Bad(
        "form-of-entry",
        "form: headline",
        "form: headlin",
        "form: headlin",
        "claims.0.form",
        "no form headlin",
        "known: headline",
    ),
    Bad(
        "certainty",
        "certainty: possible",
        "certainty: posible",
        "posible",
        "claims.1.certainty",
        "no certainty posible",
        "known: possible",
    ),
    Bad(
        "polarity",
        LAST,
        "polarity: no",
        "polarity",
        "claims.5.polarity",
        "no polarity no",
        "known: affirmed, denied",
    ),
    Bad("basis", LAST, "basis: rumour", "rumour", "claims.5.basis", "no basis rumour", "known: "),
    Bad("as-of", LAST, "asOf: {edtf: May}", "May}", "claims.5.asOf", "is not an EDTF date"),
    Bad("as-of-text", LAST, "asOf: May", "asOf", "claims.5.asOf", "is no value", "{anchor, edtf"),
    Bad(
        "utterance",
        LAST,
        "utterance: utterance/brief",
        "utterance: utterance/brief",
        "claims.5.utterance",
        "no thing utterance/brief",
        "did you mean utterance/briefing?",
    ),
    Bad("note", LAST, "note: {a: b}", "note:", "claims.5.note", "is no text"),
    Bad(
        "cue",
        "cue: could",
        "cue: might",
        "might",
        "claims.1.cue",
        "'might' does not stand in the quote",
        "copy the hedge word",
    ),
    Bad("cue-list", "cue: could", "cue: [could]", "cue:", "claims.1.cue", "is no text"),
    Bad(
        "field",
        "certainty: p",
        "certanty: p",
        "certanty",
        "claims.1.certanty",
        NEITHER,
        "did you mean certainty?",
    ),
    Bad("field-of-nothing", LAST, "xyz: denied", "xyz", "claims.5.xyz", NEITHER, "has a slash"),
    Bad(
        "thing",
        USED,
        "use/kite: {status: used}",
        "use/kite:",
        "claims.5.use/kite",
        "no thing use/kite",
        "did you mean use/kites?",
    ),
    Bad(
        "empty-thing",
        USED,
        "use/kites: {}",
        "use/kites",
        "claims.5.use/kites",
        "says nothing of the thing",
        "{property: value}",
    ),
    Bad(
        "thing-of-text", USED, "use/kites: used", "use/kites", "claims.5.use/kites", "says nothing"
    ),
    Bad("no-thing", f"  {USED}\n", "", DENIED, "claims.5", "says nothing", "add what is claimed"),
    Bad(
        "property",
        "supplier: actor/ruritania, q",
        "suplier: actor/ruritania, q",
        "suplier",
        "claims.1.transfer/kites.suplier",
        "no property suplier",
        "known: supplier",
    ),
    Bad(
        "property-of-others",
        USED,
        "use/kites: {order: 2}",
        "use/kites",
        "claims.5.use/kites.order",
        "a WeaponUse has no property order",
    ),
    Bad(
        "value",
        "supplier: actor/ruritania, q",
        "supplier: place/freedon, q",
        "supplier: place",
        "claims.1.transfer/kites.supplier",
        "place/freedon is a AirBase, not a Actor",
    ),
    Bad(
        "value-on-a-line",
        "order: 2\n",
        "order: 2nd\n",
        "2nd",
        "claims.4.leg/two.order",
        "'2nd' is no number",
        "write digits",
    ),
    Bad(
        "item-on-a-line",
        USED,
        "use/kites:\n    status:\n    - used\n    - usd",
        "- usd",
        "claims.5.use/kites.status.1",
        "no status usd",
        "known: used",
    ),
    # quotes
    Bad(
        "no-quote",
        f"- {DENIED}\n  voice",
        "- voice",
        "- voice",
        "claims.5.quote",
        "is no quote",
        "one … bridges",
    ),
    Bad("two-bridges", "denied…kites", "denied…it…kites", "…it…", "claims.5.quote", "is no quote"),
    Bad("bridge-to-nothing", "denied…kites", "denied…", "denied…", "claims.5.quote", "is no quote"),
    Bad("quote-list", DENIED, "quote: [Freedonia, denied]", "[Freed", "claims.5.quote", "no quote"),
    Bad(
        "oversize",
        "denied…kites",
        f"denied…{'x' * 200}",
        "denied…",
        "claims.5.quote",
        "quotes 217 characters, 200 is the most",
        "bridge it with …",
    ),
    Bad(
        "two-lines",
        DENIED,
        r'quote: "Freedonia\ndenied"',
        "ndenied",
        "claims.5.quote",
        "spans lines",
        "within one paragraph",
    ),
    Bad("nth", LAST, "nth: second", "nth", "claims.5.nth", "'second' is no whole number"),
    Bad("nth-zero", LAST, "nth: 0", "nth", "claims.5.nth", "counts from 1"),
    Bad("at", LAST, f"at: 12\n  {SUM}", "at: 12", "claims.5.at", RANGE, ANCHOR),
    Bad("at-nothing", LAST, f"at: 9-9\n  {SUM}", "at: 9-9", "claims.5.at", RANGE, ANCHOR),
    Bad("no-at", LAST, SUM, DENIED, "claims.5.at", RANGE, ANCHOR),
    Bad(
        "sum",
        LAST,
        "at: 1-2\n  sum: 0123",
        "sum:",
        "claims.5.sum",
        "'0123' is not 16 hexadecimal digits",
        ANCHOR,
    ),
    Bad("no-sum", LAST, "at: 1-2", DENIED, "claims.5.sum", "'' is not 16 hexa", ANCHOR),
    # inferences and gaps
    Bad(
        "inferences",
        "inferences:\n- because",
        "inferences:\n  because",
        "inferences:",
        "inferences",
        "is no list",
        "begin each entry with a dash",
    ),
    Bad(
        "no-reason",
        "because: two legs make one route\n  quote",
        "quote",
        "- quote: The kites then",
        "inferences.0",
        "lacks because",
        "names its premises",
    ),
    Bad(
        "cue-of-inference",
        "  route/kites: {origin",
        "  cue: go\n  route/kites: {origin",
        "cue: go",
        "inferences.0.cue",
        NEITHER,
        "has a slash",
    ),
    Bad(
        "gap-without-reason",
        "\n  because: advertisement",
        "",
        "Subscribe",
        "unmapped.0",
        "lacks because",
        "why this text is not mapped",
    ),
    Bad(
        "gap-field",
        "\n  because: adv",
        "\n  becuase: x\n  because: adv",
        "becuase",
        "unmapped.0.becuase",
        "is no field here",
        "known: because",
    ),
)
# fmt: on


@named(*BAD)
def test_a_mapping_with_one_thing_wrong_is_told_what_and_on_which_line(
    small: Small, bad: Bad
) -> None:
    text = bad.spoil(small.mapping.read_text("utf-8"))
    vocabulary = small.corpus().vocabulary
    told(bad, text, "x.yaml", lambda: read_mapping(yaml_document(text, "x.yaml"), vocabulary))


def test_there_are_enough_bad_mappings() -> None:
    assert len(BAD) >= 65


def test_a_mapping_is_a_map(small: Small) -> None:
    with pytest.raises(InputError, match=r"x\.yaml:1: is no mapping of an article"):
        read_mapping(yaml_document("- article: kites", "x.yaml"), small.corpus().vocabulary)


def test_a_mapping_names_its_voices(small: Small) -> None:
    text = small.mapping.read_text("utf-8")
    without = text[: text.index("voices:")] + "voices: {}\nclaims: []\n"
    with pytest.raises(InputError, match="voices: names no voice"):
        read_mapping(yaml_document(without, "x"), small.corpus().vocabulary)


def test_an_empty_file_lacks_everything(small: Small) -> None:
    with pytest.raises(InputError, match="lacks article, sha256, length, body, outlet, published"):
        read_mapping(yaml_document("# nothing yet\n", "x"), small.corpus().vocabulary)


def test_all_problems_of_a_mapping_are_told_at_once(small: Small) -> None:
    small.change("cue: could", "cue: might").change("order: 2", "order: two")
    with pytest.raises(InputError) as caught:
        small.change("outlet: outlet/herald", "outlet: outlet/x").read()
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["outlet", "claims.1.cue", "claims.4.leg/two.order"]


def test_a_bridged_quote_may_hide_its_cue(small: Small) -> None:
    small.change("quote: could send hundreds of kites", "quote: Ruritania…hundreds of kites")
    assert small.read().said[1].cue == "could"
