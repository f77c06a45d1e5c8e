"""What a check finds, and where it says it is."""

import json
import os
import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.checking.findings import Finding
from kg.checking.located import found_by_shapes
from kg.checking.session import Session
from kg.claims import claim_keys, claims
from kg.corpus import Corpus, mapping_files, mappings, read_corpus
from kg.resources import folder
from kg.shacl import Report, Result, Shapes
from kg.source import read_yaml
from kg.validation import shapes_in
from kg.vocab import LABEL, cas, thing
from tests import seeded
from tests.conftest import Small

COUNT = int(os.environ.get("CASPIAN_SEEDED", "160"))
"""How many faults are planted; 1,000 for the figures of docs/validation.md."""


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(folder("seeds"), folder("ontology"))


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return shapes_in(folder("shapes"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The five mappings, written by the machine that writes the faults."""
    place = tmp_path_factory.mktemp("seeds")
    found = []
    for path in mapping_files(folder("seeds")):
        copy = place / path.name
        copy.write_text(seeded.written(read_yaml(path).tree), "utf-8")
        found.append(copy)
    return found


class Judged(NamedTuple):
    planted: seeded.Planted
    findings: tuple[Finding, ...]

    def right_file(self) -> bool:
        return all(each.file == str(self.planted.file) for each in self.findings)

    def right_key(self) -> bool:
        """Whether a finding names the key, or the object that holds it; and the line of that."""
        return any(map(self._at, self.findings))

    def _at(self, finding: Finding) -> bool:
        for key in (self.planted.key, self.planted.key[:-1]):
            if finding.key == ".".join(map(str, key)):
                try:
                    return finding.line == seeded.line_of(self.planted.text, key)
                except StopIteration:  # what is missing stands on the line of what lacks it
                    return finding.line == seeded.line_of(self.planted.text, key[:-1])
        return False

    def names_what_was_meant(self) -> bool:
        return any(self.planted.meant in each.hint for each in self.findings)


def test_seeded_faults_are_told_at_their_file_and_key(
    corpus: Corpus, shapes: Shapes, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(corpus, files, shapes)
    assert session.findings().all == ()
    trees = {path: read_yaml(path).tree for path in files}
    rng = random.Random(6)  # noqa: S311 -- the same places every time
    kinds = sorted(seeded.KINDS)
    judged = []
    for number in range(COUNT):
        planted = seeded.plant(kinds[number % len(kinds)], trees, corpus.vocabulary.schema, rng)
        good = planted.file.read_text("utf-8")
        planted.file.write_text(planted.text, "utf-8")
        session.change(planted.file)
        judged.append(Judged(planted, session.findings().all))
        planted.file.write_text(good, "utf-8")
        session.change(planted.file)

    assert session.findings().all == ()
    missed = Counter(each.planted.kind for each in judged if not each.findings)
    astray = [each for each in judged if not each.right_key()]
    misspelt = [each for each in judged if each.planted.meant]
    named = [each for each in misspelt if each.names_what_was_meant()]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(judged)} faults of {len(kinds)} kinds: "
            f"file {sum(each.right_file() for each in judged)}, "
            f"key {len(judged) - len(astray)}; "
            f"of {len(misspelt)} misspelt words, {len(named)} told what was meant\n"
        )
    assert len(kinds) >= 30
    assert not missed
    assert all(each.right_file() for each in judged)
    assert len(astray) <= 0.05 * len(judged)
    assert len(named) >= 0.95 * len(misspelt)
    assert all(each.rule and each.message for one in judged for each in one.findings)


# -- places


def located(corpus: Corpus, files: list[Path], result: Result) -> Finding:
    (found,) = found_by_shapes(Report.of([result]), corpus, mappings(corpus, files))
    return found


def test_a_result_of_what_no_file_made_stands_under_its_name(
    corpus: Corpus, files: list[Path]
) -> None:
    found = located(corpus, files, Result("<urn:x>", component="<urn:c>"))
    assert (found.file, found.line, found.key) == ("urn:x", 0, "")
    blank = located(corpus, files, Result("_:b1", shape="_:b2"))
    assert (blank.file, blank.rule) == ("_:b1", "shape")


def test_a_claim_that_is_a_value_of_a_thing_is_told_where_it_stands(
    corpus: Corpus, files: list[Path]
) -> None:
    mapping = next(mappings(corpus, files[2:3]))
    pairs = zip(claims(mapping), claim_keys(mapping), strict=True)
    claim, key = next(pair for pair in pairs if pair[0].thing.startswith("project/"))
    focus, value = thing(claim.thing), thing(claim.id)
    found = located(corpus, files[2:3], Result(focus, value=value))
    assert found.key == ".".join(map(str, key))
    stranger = located(corpus, files[2:3], Result(thing("place/moscow"), value=value))
    assert stranger.key == "place/moscow"
    assert stranger.file.endswith("places.yaml")
    again = located(corpus, files[2:3], Result(thing("place/moscow"), path=LABEL))
    assert again.key == "place/moscow.label"


def test_a_field_that_is_not_written_is_told_at_what_lacks_it(
    corpus: Corpus, files: list[Path]
) -> None:
    article = thing(f"article/{files[2].stem}")
    found = located(corpus, files, Result(article, path=cas("sha256")))
    assert (found.file, found.key) == (str(files[2]), "sha256")
    other = located(corpus, files, Result(article, path=cas("venue")))
    assert other.key == "article"


def test_what_things_judged_one_say_together_is_told_at_the_entry(
    corpus: Corpus, files: list[Path]
) -> None:
    mapping = next(mappings(corpus, files[2:3]))
    entry = next(said for said in mapping.said if len(said.frames) == 2)
    joined = entry._replace(frames=entry.frames[:1])
    keys = {*claim_keys(replace(mapping, said=(joined,), inferred=()))}
    assert keys == {entry.quoted.key}


def test_an_article_in_two_files_is_told_and_one_of_them_may_go(
    small: Small, shapes: Shapes
) -> None:
    small.anchored()
    lines = small.seeds / "more.jsonl"
    lines.write_text(json.dumps(read_yaml(small.mapping).tree) + "\n", "utf-8")
    session = Session(small.corpus(), [small.mapping, lines], shapes)
    assert {each.message for each in session.findings().all} == {"this article is mapped twice"}
    lines.unlink()
    session.change(lines)
    assert session.findings().all == ()
