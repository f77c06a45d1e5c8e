"""The file of rules: what is refused, and where it is told to be wrong."""

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.resources import folder
from kg.rules import KINDS, SYMMETRIC, read_rules, rules
from kg.source import yaml_document

TEXT = (folder("seeds") / "relations.yaml").read_text("utf-8")


def test_every_rule_is_of_a_kind_and_says_a_sentence() -> None:
    found = read_rules(folder("seeds") / "relations.yaml")
    assert len(found.by_id) >= 30
    assert {rule.kind for rule in found.by_id.values()} | {"internal-conflict"} == set(KINDS)
    assert all(rule.says.endswith(".") for rule in found.by_id.values())
    assert "refines" not in SYMMETRIC


def test_a_role_has_a_counterpart_from_either_side() -> None:
    found = read_rules(folder("seeds") / "relations.yaml")
    assert found.counterpart("helper") == "builder"
    assert found.counterpart("builder") == "helper"
    assert found.counterpart("item") == ""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: contradicts", "kind: contradict", "no kind contradict"),
        ("    says: ", "    say: ", "is no rule"),
        ("limits:", "limit:", "lacks limits"),
        ('approximate: "0.15"', 'approximate: "15 %"', "is no number"),
        ("[supplier, recipient]", "[supplier]", "is no pair"),
        ("names: [title, alsoCalled]", "names: title", "is no list"),
        ("  ranks:\n", "  ranks: none\n  unused:\n", "is no field here"),
        ("unnamed: ", "unnamd: x\nunnamed: ", "is no field here"),
        ("rules:", "rules: []\nruless:", "is no field here"),
        ("limits:\n", "limits: none\nlimit:\n", "is no field here"),
    ],
)
def test_what_is_no_rule_is_refused(before: str, after: str, message: str) -> None:
    assert before in TEXT
    with pytest.raises(InputError, match=message):
        rules(yaml_document(TEXT.replace(before, after, 1), "relations.yaml"))


def test_rules_that_are_no_map_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "relations.yaml"
    path.write_text("- a\n", "utf-8")
    with pytest.raises(InputError, match="is no map"):
        read_rules(path)
    head, tail = TEXT.split("rules:\n", 1)
    path.write_text(f"{head}rules: none\n{tail[tail.index('limits:') :]}", "utf-8")
    with pytest.raises(InputError, match="is no map"):
        read_rules(path)
