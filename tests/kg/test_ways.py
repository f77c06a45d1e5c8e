"""`caspian route` and `caspian connect`, and docs/paths.md, whose examples are what they print."""

import json
import re
import shlex
from pathlib import Path

import pytest

from kg.certainty import TERMS
from kg.cli import main

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = (CHECKOUT / "docs" / "paths.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```\n\$ caspian (.*)\n((?:.|\n)*?)```$", PAGE, re.MULTILINE)

Printed = pytest.CaptureFixture[str]


def printed(root: Path, capsys: Printed, *words: str) -> tuple[int, str]:
    verb, *rest = words
    code = main([verb, "--data", str(root), *rest])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(("command", "out"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_page_shows_what_is_printed(
    graph_root: Path, capsys: Printed, command: str, out: str
) -> None:
    assert printed(graph_root, capsys, *shlex.split(command))[1] == out


def test_the_page_has_enough_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_the_page_lists_the_terms_of_certainty() -> None:
    for term in TERMS:
        assert f"| {term.name} | {term.chance:g} | {term.source} |\n" in PAGE


def test_the_terms_are_those_of_the_ontology() -> None:
    text = (CHECKOUT / "ontology" / "statements.ttl").read_text("utf-8")
    known = set(re.findall(r"^certainty:([a-z]+)$", text, re.MULTILINE))
    assert {term.name for term in TERMS} == known


@pytest.mark.parametrize("verb", ["route", "connect"])
def test_lines_fit_in_a_hundred_columns(graph_root: Path, capsys: Printed, verb: str) -> None:
    options = ("--mode", "all", "--k", "50", "--max-hops", "5")
    code, out = printed(graph_root, capsys, verb, "Iran", "Kyiv", *options)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100
    assert "(2 of " in out
    assert "Russia denies" in out if verb == "route" else "←" in out


def test_more_paths_are_to_be_had_by_the_cursor(graph_root: Path, capsys: Printed) -> None:
    words = ("route", "Iran", "Kyiv", "--mode", "all", "--k", "2")
    _, out = printed(graph_root, capsys, *words)
    found = re.search(r"^More: --cursor (\S+)$", out, re.MULTILINE)
    assert found
    _, more = printed(graph_root, capsys, *words, "--cursor", found[1])
    assert more != out
    assert "(1 of 2)" in more


def test_names_may_be_repeated(graph_root: Path, capsys: Printed) -> None:
    words = ("route", "Iran", "Kyiv", "--without", "supply", "--without", "base")
    code, out = printed(graph_root, capsys, *words)
    assert code == 1
    assert "Without without=supply, base: Iran" in out


def test_a_search_that_is_cut_short_says_so(graph_root: Path, capsys: Printed) -> None:
    _, whole = printed(graph_root, capsys, "route", "Iran", "Kyiv", "--mode", "all", "--json")
    edges = str(json.loads(whole)["searched"]["scanned"] - 1)
    words = ("route", "Iran", "Kyiv", "--mode", "all", "--edges", edges)
    code, out = printed(graph_root, capsys, *words)
    assert (code, "Not complete." in out) == (0, True)
    code, out = printed(graph_root, capsys, *words[:-1], "1")
    assert (code, "as many as it may" in out) == (1, True)


def test_the_answer_as_geojson_and_markdown(graph_root: Path, capsys: Printed) -> None:
    _, out = printed(graph_root, capsys, "route", "Amirabad", "Sisha", "--geojson")
    assert json.loads(out)["type"] == "FeatureCollection"
    _, out = printed(graph_root, capsys, "route", "Amirabad", "Sisha", "--markdown")
    assert out.startswith("# Amirabad to Seshcha\n")


def test_other_corroboration_is_told_as_another_origin(graph_root: Path, capsys: Printed) -> None:
    _, out = printed(graph_root, capsys, "route", "Iran", "Kyiv", "--mode", "shortest")
    assert "also Ballistic missiles from Iran to Russia (supply, " in out
