from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.anchor import MOST_QUOTED, anchor, article_text, check_text, checksum, quoted_share
from kg.corpus import Corpus
from kg.errors import InputError
from kg.mapping_reader import read_mapping
from kg.source import yaml_document
from tests.bad import Bad, named, told
from tests.conftest import TEXT, Small, write_small

GAP = "- quote: Subscribe now!\n  because: advertisement\n"
DENIED = "Freedonia denied that it flies kites"


# -- writing offsets


def test_every_quote_is_found_where_it_stands(small: Small) -> None:
    found = [*small.anchored().read().quoted()]
    assert len(found) == 10
    for quoted in found:
        assert quoted.passage
        words = TEXT[quoted.passage.start : quoted.passage.end]
        assert words.startswith(quoted.parts[0])
        assert words.endswith(quoted.parts[-1])
        assert checksum(words) == quoted.passage.checksum


def test_nothing_but_offsets_is_written(small: Small) -> None:
    before = small.mapping.read_text("utf-8")
    after = small.anchored().mapping.read_text("utf-8")
    lines = [line for line in after.split("\n") if not line.lstrip().startswith(("at: ", "sum: "))]
    assert len(after.split("\n")) - len(lines) == 18
    at, end = after.index(", at: "), after.index("}\nvoices")
    assert "\n".join(lines) == before.replace("on Friday}", f"on Friday{after[at:end]}}}")


def test_anchoring_again_changes_nothing(small: Small) -> None:
    once = small.anchored().mapping.read_text("utf-8")
    assert small.anchored().mapping.read_text("utf-8") == once


def test_offsets_that_have_moved_are_written_anew(small: Small) -> None:
    good = small.anchored().mapping.read_text("utf-8")
    small.change("at: 7-28", "at: 8-29").change("sum: 3e48d96afc537cfe", "sum: 0000000000000000")
    assert small.anchored().mapping.read_text("utf-8") == good


STYLES = {
    "block": (
        "- quote: Subscribe now!  # why\n  because: x\n",
        "- quote: Subscribe now!  # why\n  AT\n  SUM\n  because: x\n",
    ),
    "at-the-end": (
        "- because: x\n  quote: 'Subscribe now!'",
        "- because: x\n  quote: 'Subscribe now!'\n  AT\n  SUM",
    ),
    "flow": (
        "- {quote: Subscribe now!, because: x}\n",
        "- {quote: Subscribe now!, AT, SUM, because: x}\n",
    ),
    "flow-at-the-end": (
        "- {because: x, quote: 'Subscribe now!' } # why\n",
        "- {because: x, quote: 'Subscribe now!', AT, SUM } # why\n",
    ),
    "folded": (
        "-   quote: >-\n      Subscribe\n      now!\n\n    because: >-\n      x\n",
        "-   quote: >-\n      Subscribe\n      now!\n    AT\n    SUM\n\n    because: >-\n      x\n",
    ),
    "escaped": (
        '- "quote": "\\u0053ubscribe now!"\n  because: x\n',
        '- "quote": "\\u0053ubscribe now!"\n  AT\n  SUM\n  because: x\n',
    ),
    "there-already": (
        "- sum: 0000000000000000\n  at: 8-9\n  quote: Subscribe now!\n  because: x\n",
        "- SUM\n  AT\n  quote: Subscribe now!\n  because: x\n",
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_offsets_are_written_beside_the_quote_in_its_own_style(small: Small, style: str) -> None:
    start = TEXT.index("Subscribe now!")
    offsets = f"at: {start}-{start + 14}", f"sum: {checksum('Subscribe now!')}"
    before, after = STYLES[style]
    small.change(GAP, before).anchored()
    written = small.mapping.read_text("utf-8").partition("unmapped:\n")[2]
    assert written == after.replace("AT", offsets[0]).replace("SUM", offsets[1])


def test_the_same_words_on_one_line_are_told_apart_by_their_place(small: Small) -> None:
    small.change(GAP, "- {quote: kites, nth: 3, because: x}\n").anchored()
    two = "[{quote: kites, nth: 2, because: x}, {quote: kites, nth: 1, because: x}]\n"
    text = small.mapping.read_text("utf-8")
    small.mapping.write_text(text[: text.index("unmapped:")] + f"unmapped: {two}", "utf-8")
    second, first = small.anchored().read().unmapped
    assert second.quoted.passage
    assert first.quoted.passage
    assert first.quoted.passage.start == TEXT.index("kites")
    assert second.quoted.passage.start == TEXT.index("kites", first.quoted.passage.end)


def test_a_bridge_ends_at_the_first_such_words_after_its_beginning(small: Small) -> None:
    last = small.anchored().read().said[-1].quoted
    assert last.passage
    assert TEXT[last.passage.start : last.passage.end] == DENIED


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Corpus]:
    small = write_small(tmp_path_factory.mktemp("small"))
    return small.mapping.read_text("utf-8").partition("unmapped:")[0], small.corpus()


@st.composite
def gaps(draw: st.DrawFn) -> str:
    """An entry of the unmapped that quotes any words of the text, in any style."""
    line = draw(st.sampled_from([line for line in TEXT.split("\n") if line]))
    start = draw(st.integers(0, len(line) - 1))
    words = line[start : draw(st.integers(start + 1, min(len(line), start + 200)))]
    nth = draw(st.integers(1, TEXT.count(words)))
    quote = f'"{words}"'
    if draw(st.booleans()):
        return f"- {{quote: {quote}, nth: {nth}, because: x}}\n"
    return f"- nth: {nth}\n  quote: {quote}  # a comment\n  because: x\n"


@given(st.lists(gaps(), min_size=1, max_size=5))
def test_any_words_are_anchored_once_and_for_all(
    world: tuple[str, Corpus], entries: list[str]
) -> None:
    head, corpus = world
    before = head + "unmapped:\n" + "".join(entries)
    once = anchor(before, read_mapping(yaml_document(before, "x"), corpus.vocabulary), TEXT)
    mapping = read_mapping(yaml_document(once, "x"), corpus.vocabulary)
    assert anchor(once, mapping, TEXT) == once
    told_of = {problem.message for problem in check_text(mapping, TEXT)}
    assert all("of the article's body is quoted" in message for message in told_of)
    for quoted in mapping.quoted():
        assert quoted.passage
        if len(quoted.parts) == 1:
            assert TEXT[quoted.passage.start : quoted.passage.end] == quoted.text


NOT_FOUND = {
    "absent": ("quote: early next year", "quote: late next year", "'late next year' is not in"),
    "straight-quotes": ("quote: on Friday", 'quote: "\\"on Friday\\""', "is not in the text"),
    "often": ("quote: Subscribe now!", "quote: kites", "'kites' stands 4 times in the text"),
    "seldom": ("quote: Subscribe now!", "quote: kites\n  nth: 5", "'kites' stands 4 times"),
    "unfollowed": ("denied…kites", "denied…Gazette", "'Gazette' does not follow 'Freedonia deni"),
}


@pytest.mark.parametrize("case", NOT_FOUND)
def test_a_quote_that_cannot_be_placed_is_told(small: Small, case: str) -> None:
    before, after, message = NOT_FOUND[case]
    with pytest.raises(InputError) as caught:
        small.change(before, after).anchored()
    (problem,) = caught.value.problems
    assert problem.key.endswith(".quote")
    assert message in problem.message
    assert (
        after.partition("\n")[0] in small.mapping.read_text("utf-8").split("\n")[problem.line - 1]
    )


def test_all_quotes_that_cannot_be_placed_are_told_at_once(small: Small) -> None:
    small.change("early next year\n", "soon\n").change("Subscribe now!", "Unsubscribe")
    with pytest.raises(InputError) as caught:
        small.anchored()
    assert [problem.key for problem in caught.value.problems] == [
        "claims.3.quote",
        "unmapped.0.quote",
    ]


# -- checking against the text

SHIPS = "  at: 7-28\n  sum: 3e48d96afc537cfe\n"
TWICE = "stands 4 times in the text"
# fmt: off -- a case is a row or two
BAD = (
    Bad("length", "length: 1", "length: 2", "length", "length", f"the text has {len(TEXT)} char"),
    Bad("body", "body: 0-1", "body: 0-9", "body", "body", f"ends after the text's {len(TEXT)}"),
    Bad(
        "headline",
        "ships kites to Freedonia",
        "ships kites  to Freedonia",
        "headline: ",
        "headline",
        "is not in the text",
        "copy it",
    ),
    Bad(
        "role",
        "role: Envoy",
        "role: Envoi",
        "role",
        "voices.envoy.role",
        "'Envoi' is not in the",
        "copy it",
    ),
    Bad(
        "at",
        "at: 7-28",
        "at: 8-29",
        "at: 8-29",
        "claims.0.at",
        "the quote stands at 7-28, not at 8-29",
        "caspian anchor kites.yaml",
    ),
    Bad("longer", "at: 7-28", "at: 7-29", "at: 7-29", "claims.0.at", "not at 7-29", "anchor"),
    Bad(
        "sum",
        "sum: 3e48d96afc537cfe",
        "sum: 3e48d96afc537cff",
        "3e48d96",
        "claims.0.sum",
        "is not the checksum of the passage",
        "caspian anchor kites.yaml",
    ),
    Bad(
        "not-anchored",
        SHIPS,
        "",
        "- quote: Ruritania ships",
        "claims.0.quote",
        "the quote has no offsets yet",
        "run `caspian anchor kites.yaml`",
    ),
    Bad(
        "quote",
        "quote: early next year",
        "quote: early next  year",
        "quote: early",
        "claims.3.quote",
        "'early next  year' is not in the text",
        "byte for byte",
    ),
    Bad(
        "shortened",
        "quote: early next year",
        "quote: early next",
        "quote: early",
        "claims.3.at",
        "the quote stands at",
        "anchor",
    )._replace(where="at: 113-128"),
    Bad(
        "which",
        "quote: Subscribe now!",
        "quote: kites",
        "quote: kites",
        "unmapped.0.quote",
        TWICE,
        "say which: nth: 1 to nth: 4",
    ),
    Bad(
        "another",
        "quote: Subscribe now!",
        "nth: 2\n  quote: Subscribe now!",
        "quote: Subscribe",
        "unmapped.0.quote",
        "stands 1 times",
        "say which",
    ),
    Bad(
        "bridge",
        "denied…kites",
        "denied…Gazette",
        "denied…",
        "claims.5.quote",
        "'Gazette' does not follow 'Freedonia denied'",
    ),
    Bad(
        "cue",
        "quote: could send hundreds of kites",
        "quote: could…kites",
        "cue",
        "claims.1.cue",
        "'might' is not in the passage",
    ),
    Bad(
        "text",
        "{status: used}",
        "{reason: for the fair}",
        "reason",
        "claims.5.use/kites.reason",
        "'for the fair' is not in the passage",
        "copy it byte for byte",
    ),
    Bad(
        "text-of-a-list",
        "{status: used}",
        "\n    reason:\n    - denied\n    - the fair",
        "- the fair",
        "claims.5.use/kites.reason",
        "'the fair' is not in the passage",
    ),
    Bad(
        "written",
        "written: Freedon,",
        "written: Fredon,",
        "Fredon,",
        "claims.4.leg/two.to",
        "'Fredon' is not in the passage",
    ),
    Bad(
        "says",
        "{says: hundreds}",
        "{says: dozens, min: 24}",
        "dozens",
        "claims.1.transfer/kites.quantity",
        "'dozens' is not in the passage",
    ),
    Bad(
        "too-much",
        "body: 0-1209",
        "body: 0-300",
        "article:",
        "",
        "of the article's body is quot",
        "shorten quotes, or bridge",
    ),
)
# fmt: on


@named(*BAD)
def test_a_mapping_that_does_not_fit_its_text_is_told(small: Small, bad: Bad) -> None:
    small.anchored()
    if bad.name == "cue":
        small.change("cue: could", "cue: might")
    text = bad.spoil(small.mapping.read_text("utf-8"))
    mapping = read_mapping(yaml_document(text, "kites.yaml"), small.corpus().vocabulary)

    def check() -> None:
        raise InputError(*check_text(mapping, TEXT))

    told(bad, text, "kites.yaml", check)


def test_there_are_enough_mappings_that_do_not_fit() -> None:
    assert len(BAD) >= 19


def test_a_mapping_that_fits_its_text_has_no_problem(small: Small) -> None:
    assert check_text(small.anchored().read(), TEXT) == ()


@pytest.mark.parametrize("text", [TEXT.replace("ships", "ship"), TEXT + "\n", "", TEXT.upper()])
def test_another_text_is_told_and_nothing_is_held_against_it(small: Small, text: str) -> None:
    (problem,) = check_text(small.anchored().read(), text)
    assert str(problem) == (
        "kites.yaml:2: sha256: is not that of the text (is it the same article?)"
    )


# -- the text


def test_a_text_keeps_its_line_ends(tmp_path: Path) -> None:
    (tmp_path / "kites.txt").write_bytes("one\r\ntwo\n\u2028".encode())
    assert article_text(tmp_path, "kites") == "one\r\ntwo\n\u2028"
    assert article_text(tmp_path, "absent") is None


def test_a_text_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "kites.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match=r"kites\.txt: not UTF-8"):
        article_text(tmp_path, "kites")


# -- how much is quoted


def characters(small: Small) -> int:
    """How many characters of the body are quoted."""
    mapping = small.anchored().read()
    share = quoted_share(mapping, TEXT) * (mapping.body[1] - mapping.body[0])
    assert share == pytest.approx(round(share))
    return round(share)


def test_a_quarter_is_the_most(small: Small) -> None:
    assert MOST_QUOTED == 0.25
    assert 0.1 < quoted_share(small.anchored().read(), TEXT) < MOST_QUOTED


def test_words_quoted_twice_count_once(small: Small) -> None:
    before = characters(small)
    small.change("unmapped:\n", "unmapped:\n- {quote: hundreds of kites from, because: x}\n")
    # " of kites from" lies in two quotes already, but for the blank between them
    assert characters(small) == before + 1


def test_words_outside_the_body_do_not_count(small: Small) -> None:
    before = characters(small)
    assert characters(small.change("quote: Subscribe now!", "quote: Subscribe")) == before


def test_a_bridge_counts_its_ends_and_its_cue_only(small: Small) -> None:
    before = characters(small)
    small.change("Freedonia denied…kites", DENIED)
    assert characters(small) == before + len(" that it flies ")
    small.change(f"quote: {DENIED}", "quote: Freedonia denied…kites\n  cue: flies")
    assert characters(small) == before + len("flies")


def test_words_that_are_claimed_count(small: Small) -> None:
    before = characters(small)
    small.change("{status: used}", "{reason: it flies}")
    assert characters(small) == before + len("it flies")


def test_the_headline_does_not_count(small: Small) -> None:
    before = characters(small)
    small.change('headline: "Envoy: Ruritania ships kites to Freedonia"\n', "")
    # the words quoted from it count as soon as nothing says that it is one
    assert characters(small) == before + len("Ruritania ships kites") + len("Envoy")


def test_a_role_counts(small: Small) -> None:
    before = characters(small)
    assert characters(small.change("role: Envoy\n", "role: Envoy Rupert\n")) == before + 12
