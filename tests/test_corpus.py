"""The synthetic corpus of the benches: what it plants is there, and the compiler finds it."""

import json
import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.anchor import anchor, check_text
from kg.claims import claims
from kg.compile import quads
from kg.corpus import Corpus, mappings, read_corpus
from kg.errors import InputError, Problem
from kg.mapping_reader import read_mapping
from kg.resources import folder
from kg.source import Document, Tree, read_json_lines

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "bench"
TEMPLATES = tomllib.loads((BENCH / "corpus.toml").read_text("utf-8"))
ERRORS = list(TEMPLATES["error"])
CONFLICTS = set(TEMPLATES["conflict"])
FILES = ("corpus.jsonl", "key.jsonl", "texts.jsonl")


class Made(NamedTuple):
    """A corpus as its files hold it."""

    path: Path
    lines: list[str]
    texts: list[str]
    key: list[dict[str, Tree]]

    def mappings(self) -> list[dict[str, Tree]]:
        return [json.loads(line) for line in self.lines]

    def planted(self, plant: str) -> list[dict[str, Tree]]:
        return [row for row in self.key if row["plant"] == plant]


def make(count: int, out: Path, *options: str, hash_seed: str = "0") -> Made:
    command = [sys.executable, str(BENCH / "corpus.py"), str(count), "--out", str(out), *options]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    key, texts = (
        [json.loads(line) for line in (out / name).read_text("utf-8").splitlines()]
        for name in FILES[1:]
    )
    lines = (out / FILES[0]).read_text("utf-8").splitlines()
    return Made(out / FILES[0], lines, [row["text"] for row in texts], key)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(64, tmp_path_factory.mktemp("clean"), "--seed", "7", "--text-files")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One article for each kind of error, in the order of the table."""
    count = len(ERRORS)
    return make(count, tmp_path_factory.mktemp("spoilt"), "--seed", "7", "--errors", str(count))


@pytest.fixture(scope="module")
def seeds() -> Corpus:
    return read_corpus(folder("seeds"), folder("ontology"))


# -- the same seed, the same bytes


def test_a_corpus_is_the_same_to_the_byte_for_the_same_seed(tmp_path: Path) -> None:
    options = ("--seed", "3", "--errors", "9")
    make(24, tmp_path / "a", *options, hash_seed="1")
    make(24, tmp_path / "b", *options, hash_seed="2")
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_another_seed_gives_another_corpus(clean: Made, tmp_path: Path) -> None:
    other = make(8, tmp_path, "--seed", "8")
    assert not set(other.lines) & set(clean.lines)


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(clean: Made, tmp_path: Path) -> None:
    assert make(9, tmp_path, "--seed", "7").lines == clean.lines[:9]


def test_more_errors_than_articles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        make(2, tmp_path, "--errors", "3")


# -- the shape


def test_articles_have_about_twenty_five_entries_and_several_voices(clean: Made) -> None:
    mapped = clean.mappings()
    assert 24 <= sum(len(one["claims"]) for one in mapped) / len(mapped) <= 28
    assert all(len(one["voices"]) >= 4 for one in mapped)


def test_words_pass_one_to_four_outlets(clean: Made) -> None:
    relays = [one["voices"]["official"].get("relay", []) for one in clean.mappings()]
    assert {len(relay) + 1 for relay in relays} == {1, 2, 3, 4}


def test_an_utterance_is_relayed_by_many_articles_in_several_wordings(clean: Made) -> None:
    wordings = defaultdict(set)
    outlets = defaultdict(set)
    for one in clean.mappings():
        occasion = one["voices"]["official"]["in"]
        outlets[occasion].add(one["outlet"])
        wordings[occasion].update(c["sum"] for c in one["claims"] if c["voice"] == "official")
    assert len(outlets) == 64 / 8
    assert all(len(names) >= 6 for names in outlets.values())
    told = sum(row["voice"] == "official" for row in TEMPLATES["statement"])
    assert all(len(sums) > 1.5 * told for sums in wordings.values())


# -- the texts


def quoting(tree: Tree) -> Iterator[dict[str, Tree]]:
    if isinstance(tree, dict):
        if "quote" in tree:
            yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from quoting(part)


def test_every_quote_stands_at_its_offsets(clean: Made) -> None:
    checked = 0
    for mapping, text in zip(clean.mappings(), clean.texts, strict=True):
        for entry in quoting(mapping):
            start, end = map(int, entry["at"].split("-"))
            first, *rest = entry["quote"].split("…")
            passage = text[start:end]
            assert passage.startswith(first)
            assert passage.endswith(rest[0] if rest else first)
            assert rest or passage == first
            assert sha256(passage.encode()).hexdigest()[:16] == entry["sum"]
            checked += 1
    assert checked > 64 * 25


def test_hash_length_and_body_are_those_of_the_text(clean: Made) -> None:
    for mapping, text in zip(clean.mappings(), clean.texts, strict=True):
        assert mapping["sha256"] == sha256(text.encode()).hexdigest()
        assert mapping["length"] == str(len(text))
        assert text[int(mapping["body"].split("-")[1]) :].startswith("Share it...")


def test_text_files_hold_the_same_texts(clean: Made) -> None:
    for mapping, text in zip(clean.mappings(), clean.texts, strict=True):
        path = clean.path.parent / "texts" / f"{mapping['article']}.txt"
        assert path.read_bytes().decode() == text


# -- the key


def at(mapping: dict[str, Tree], path: str) -> Tree:
    node: Tree = mapping
    for key in path.split("."):
        node = node[int(key) if isinstance(node, list) else key]
    return node


def test_the_key_names_conflicts_of_every_kind_where_they_stand(clean: Made) -> None:
    mapped = {one["article"]: one for one in clean.mappings()}
    rows = clean.planted("conflict")
    assert {row["kind"] for row in rows} == CONFLICTS
    for row in rows:
        here, there = mapped[row["article"]], mapped[row["against"]["article"]]
        assert clean.mappings()[row["line"] - 1] == here
        values = at(here, row["path"]), at(there, row["against"]["path"])
        denied = at(here, ".".join(row["path"].split(".")[:2])).get("polarity") == "denied"
        assert denied == (values[0] == values[1]), "a conflict is another value, or a denial"


def test_the_key_names_words_that_drift(clean: Made) -> None:
    mapped = {one["article"]: one for one in clean.mappings()}
    rows = clean.planted("drift")
    assert len(rows) > 20
    for row in rows:
        first = mapped[row["against"]["article"]]
        assert at(mapped[row["article"]], row["path"]) != at(first, row["against"]["path"])


def test_a_corpus_without_errors_has_none_in_its_key(clean: Made) -> None:
    assert not clean.planted("error")


def test_every_kind_of_error_is_planted(spoilt: Made) -> None:
    assert [row["kind"] for row in spoilt.planted("error")] == ERRORS
    assert len(ERRORS) >= 30


# -- the compiler


def test_a_clean_corpus_compiles_and_agrees_with_its_texts(clean: Made, seeds: Corpus) -> None:
    compiled = list(mappings(seeds, [clean.path]))
    assert len(compiled) == 64
    for mapping, text in zip(compiled, clean.texts, strict=True):
        assert len(list(claims(mapping))) > 50
        assert len(list(quads(mapping, seeds.views))) > 1000
        assert check_text(mapping, text) == ()


def problems(document: Document, text: str, found: str, seeds: Corpus) -> tuple[Problem, ...]:
    """What is wrong with the article, by the means that are to find it at the latest."""
    try:
        mapping = read_mapping(document, seeds.vocabulary)
        list(quads(mapping, seeds.views))
        if found == "anchor":
            anchor(json.dumps(document.tree), mapping, text)
    except InputError as error:
        return error.problems
    return check_text(mapping, text) if found == "text" else ()


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if "cut" not in TEMPLATES["error"][kind]])
def test_an_error_is_refused_where_it_stands(kind: str, spoilt: Made, seeds: Corpus) -> None:
    (planted,) = (row for row in spoilt.planted("error") if row["kind"] == kind)
    line = planted["line"]
    tree = json.loads(spoilt.lines[line - 1])
    # an anchored quote is looked up by its line, and a document of its own has only the first
    document = Document("corpus.jsonl", tree, {}, 1 if planted["found"] == "anchor" else line)
    found = problems(document, spoilt.texts[line - 1], planted["found"], seeds)
    assert found, f"{kind} passes unseen"
    assert {problem.line for problem in found} == {document.first_line}
    entry = ".".join(planted["path"].split(".")[:2])
    assert any(not p.key or p.key.startswith(entry) or entry.startswith(p.key) for p in found)


def test_a_line_that_is_not_json_is_refused_with_its_number(spoilt: Made, tmp_path: Path) -> None:
    (planted,) = (row for row in spoilt.planted("error") if row["kind"] == "not-json")
    with pytest.raises(InputError) as caught:
        list(read_json_lines(spoilt.path))
    assert [problem.line for problem in caught.value.problems] == [planted["line"]]
