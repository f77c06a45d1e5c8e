"""The mappings of the real articles, held against their texts where those are at hand."""

import re
from pathlib import Path

import pytest

from kg.anchor import MOST_QUOTED, article_text, check_text, checksum, quoted_share
from kg.claims import claims
from kg.corpus import mapping_files, mappings, read_corpus
from kg.mapping import ArticleMapping
from kg.resources import folder

FILES = mapping_files(folder("seeds"))


@pytest.fixture(scope="module")
def articles() -> dict[str, ArticleMapping]:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    return {mapping.article: mapping for mapping in mappings(corpus, FILES)}


def test_the_five_articles_are_mapped(articles: dict[str, ArticleMapping]) -> None:
    assert len(articles) >= 5
    assert all(path.stem in articles for path in FILES), "a mapping is named as its article"


def test_at_least_eighty_assertions_are_mapped(articles: dict[str, ArticleMapping]) -> None:
    assert sum(len(mapping.said) for mapping in articles.values()) >= 80


def test_every_claim_has_words_a_speaker_and_a_principal(
    articles: dict[str, ArticleMapping],
) -> None:
    found = [claim for mapping in articles.values() for claim in claims(mapping)]
    assert len(found) >= 400
    assert all(claim.passage.parts and claim.speaker and claim.principal for claim in found)


def test_every_quote_stands_at_its_offsets_in_a_text_with_that_hash(
    articles: dict[str, ArticleMapping], texts: Path
) -> None:
    held = 0
    for mapping in articles.values():
        text = article_text(texts, mapping.article)
        assert text is not None, mapping.article
        assert check_text(mapping, text) == ()
        for quoted in mapping.quoted():
            passage = quoted.passage
            assert passage is not None
            words = text[passage.start : passage.end]
            assert words.startswith(quoted.parts[0])
            assert words.endswith(quoted.parts[-1])
            assert checksum(words) == passage.checksum
            held += 1
    assert held >= 100


def test_one_changed_byte_of_a_text_is_noticed(
    articles: dict[str, ArticleMapping], texts: Path
) -> None:
    for mapping in articles.values():
        text = article_text(texts, mapping.article)
        assert text is not None
        problems = check_text(mapping, text.replace("Iran", "Iram", 1))
        assert [problem.key for problem in problems] == ["sha256"]


def test_no_more_than_a_quarter_of_an_article_is_quoted(
    articles: dict[str, ArticleMapping], texts: Path
) -> None:
    for mapping in articles.values():
        text = article_text(texts, mapping.article)
        assert text is not None
        assert 0.05 < quoted_share(mapping, text) <= MOST_QUOTED


def test_every_sentence_is_mapped_or_left_out_with_a_reason(
    articles: dict[str, ArticleMapping], texts: Path
) -> None:
    sentence = re.compile(r"[^\n]+?(?:[.!?][”’)]?(?=\s+[A-Z“‘]|\n|$)|(?=\n|$))")
    for mapping in articles.values():
        text = article_text(texts, mapping.article)
        assert text is not None
        spans = [(q.passage.start, q.passage.end) for q in mapping.quoted() if q.passage]
        for found in sentence.finditer(text):
            if len(found[0].strip()) > 1:
                touched = any(start < found.end() and end > found.start() for start, end in spans)
                assert touched, f"{mapping.article}: {found[0]!r}"


def test_no_article_names_the_shahed(articles: dict[str, ArticleMapping]) -> None:
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    names = [name for entity in corpus.vocabulary.entities.by_id.values() for name in entity.names]
    assert not [name for name in names if "shahed" in name.lower()]
