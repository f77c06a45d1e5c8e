"""The command `caspian check`: what it looks at, the forms it writes, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest

from kg.checking.findings import Finding, Findings, level_of
from kg.checking.formats import FORMS, coloured
from kg.cli import main
from kg.shacl import Referral
from tests.conftest import TEXT, Small, write_small

HASH = sha256(TEXT.encode()).hexdigest()
Printed = pytest.CaptureFixture[str]
COMMAND = [sys.executable, "-c", "import sys; from kg.cli import main; sys.exit(main())"]
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "informationUri": {"type": "string", "pattern": "^https:"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {"required": ["id"]},
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "properties": {"uri": {"type": "string"}}
                                                    },
                                                    "region": {
                                                        "properties": {
                                                            "startLine": {
                                                                "type": "integer",
                                                                "minimum": 1,
                                                            }
                                                        }
                                                    },
                                                },
                                            },
                                            "logicalLocations": {
                                                "type": "array",
                                                "items": {
                                                    "properties": {
                                                        "fullyQualifiedName": {"type": "string"}
                                                    }
                                                },
                                            },
                                        }
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What OASIS's schema of SARIF 2.1.0 asks of the parts that are written here."""


@pytest.fixture
def broken(small: Small) -> Small:
    """A corpus whose second leg starts where none ends."""
    return small.anchored().change("order: 2", "order: 3")


def check(small: Small, *options: str) -> int:
    return main(["check", "--seeds", str(small.seeds), *options])


def line_of(small: Small, words: str) -> int:
    return 1 + next(
        n for n, line in enumerate(small.mapping.read_text("utf-8").split("\n")) if words in line
    )


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


# -- forms


def test_a_person_reads_findings_by_file_with_line_key_rule_and_hint(
    broken: Small, capsys: Printed
) -> None:
    assert check(broken) == 3
    out = capsys.readouterr().out.split("\n")
    line = line_of(broken, "from: place/port-sylvania")
    assert out[0] == str(broken.mapping)
    assert out[1] == (
        f"{line:>5}  error  claims.4.leg/two.from: Leg 3 starts where no leg before it ends"
        "  [ContiguousRouteShape]"
    )
    assert out[2] == "       see `from:` of leg/two"
    assert out[4].endswith(" claims: 1 error")


@pytest.mark.parametrize("form", ["turtle", "jsonld"])
def test_a_report_in_rdf_is_a_report_of_shacl(form: str, broken: Small, capsys: Printed) -> None:
    assert check(broken, "--format", form) == 3
    media_type = FORMS[form].media_type
    out = capsys.readouterr().out.encode()
    graph = ox.Store()
    graph.load(out, ox.RdfFormat.from_media_type(media_type))
    rows = graph.query("""
        PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX dct: <http://purl.org/dc/terms/>
        SELECT ?focus ?where ?key { ?report a sh:ValidationReport ; sh:conforms false ;
          sh:result [ sh:focusNode ?focus ; sh:resultSeverity sh:Violation ;
            sh:sourceConstraintComponent ?c ; dct:source ?where ; dct:identifier ?key ] }""")
    assert isinstance(rows, ox.QuerySolutions)
    (row,) = rows
    assert str(row["focus"]).endswith("id/route/kites>")
    line = line_of(broken, "from: place/port-sylvania")
    assert row["where"] == ox.Literal(f"{broken.mapping}:{line}")
    assert row["key"] == ox.Literal("claims.4.leg/two.from")


def test_json_holds_all_that_is_known_of_a_finding(broken: Small, capsys: Printed) -> None:
    assert check(broken, "--format", "json") == 3
    told = json.loads(capsys.readouterr().out)
    assert not told["conforms"]
    (found,) = told["findings"]
    assert found["rule"] == "ContiguousRouteShape"
    assert found["key"] == "claims.4.leg/two.from"
    assert found["engine"] == "native"
    assert told["files"] == [str(broken.mapping)]


def test_sarif_keeps_what_its_schema_asks(broken: Small, capsys: Printed) -> None:
    assert check(broken, "--format", "sarif") == 3
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, SARIF)
    (run,) = told["runs"]
    (result,) = run["results"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules[result["ruleIndex"]] == result["ruleId"] == "ContiguousRouteShape"
    (location,) = result["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"]["uri"] == broken.mapping.as_uri()
    assert place["region"]["startLine"] == line_of(broken, "from: place/port-sylvania")


def test_junit_counts_a_file_without_a_finding_as_passed(broken: Small, capsys: Printed) -> None:
    again = broken.seeds / "again.yaml"
    again.write_text(broken.mapping.read_text("utf-8").replace("article: kites", "article: bad"))
    assert check(broken, "--format", "junit") == 2
    suites = ET.fromstring(capsys.readouterr().out)  # noqa: S314 -- our own
    failures = {suite.get("name"): suite.get("failures") for suite in suites}
    assert failures == {str(broken.mapping): "1", str(again): "1"}
    again.unlink()
    assert check(broken, "--format", "junit", "--fail-on", "never") == 0
    suites = ET.fromstring(capsys.readouterr().out)  # noqa: S314 -- our own
    assert suites.get("failures") == "1"
    (failure,) = suites.iter("failure")
    assert "see `from:` of leg/two" in str(failure.text)


ODD = Finding("a,b:c d.yaml", 3, "k", "50 % of\nit\x01 <&", "mend", "warning", "R")
NOWHERE = Finding("urn:x", 0, "", "gone", level="info")
SAID = Findings((ODD, NOWHERE), ("a,b:c d.yaml", "good.yaml"), "2 files", (Referral("S", "why"),))


def test_annotations_of_github_are_escaped() -> None:
    assert FORMS["github"].write(SAID) == (
        "::warning file=a%2Cb%3Ac d.yaml,line=3,title=R::k: 50 %25 of%0Ait\x01 <& (mend)\n"
        "::notice file=urn%3Ax,title=mapping::gone\n"
    )


def test_odd_characters_pass_through_every_form() -> None:
    suites = ET.fromstring(FORMS["junit"].write(SAID))  # noqa: S314 -- our own
    assert [suite.get("name") for suite in suites] == ["a,b:c d.yaml", "good.yaml", "urn:x"]
    sarif = json.loads(FORMS["sarif"].write(SAID))
    jsonschema.validate(sarif, SARIF)
    assert [r["level"] for r in sarif["runs"][0]["results"]] == ["warning", "note"]
    json.loads(FORMS["json"].write(SAID))
    for name in ("turtle", "jsonld"):
        form = ox.RdfFormat.from_media_type(FORMS[name].media_type)
        assert [*ox.parse(FORMS[name].write(SAID).encode(), form)]


def test_a_text_tells_what_the_reference_engine_looked_at() -> None:
    text = FORMS["text"].write(SAID)
    assert "by the reference engine: S: why\n" in text
    assert text.endswith("2 files: 1 warning, 1 info\n")
    assert "\x1b[33mwarning\x1b[0m" in coloured(SAID)


def test_levels_are_those_of_severities() -> None:
    names = ("Violation", "Warning", "Info", "Else")
    levels = [level_of(f"<http://www.w3.org/ns/shacl#{name}>") for name in names]
    assert levels == ["error", "warning", "info", "error"]
    assert [len(SAID.worst(level)) for level in ("error", "warning", "info")] == [0, 1, 2]


@pytest.mark.parametrize(("environment", "colours"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals(
    environment: dict[str, str], *, colours: bool, broken: Small
) -> None:
    parent, child = pty.openpty()
    clean = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [*COMMAND, "check", "--seeds", str(broken.seeds)]
    done = subprocess.run(
        command, stdout=child, stderr=subprocess.PIPE, env=clean | environment, check=False
    )
    os.close(child)
    assert done.returncode == 3
    assert ("\x1b[31merror" in os.read(parent, 4096).decode()) is colours
    os.close(parent)


# -- what is looked at


def test_what_cannot_be_read_is_told_with_what_else_cannot(small: Small, capsys: Printed) -> None:
    small.anchored().change("mode: sea", "mode: see").change("cue: could", "cue: coold")
    assert check(small) == 2
    out = capsys.readouterr().out
    assert "claims.2.leg/one.mode: no " in out
    assert "claims.1.cue: 'coold' does not stand in the quote" in out
    assert "the shapes wait until every mapping can be read" in out


def test_what_the_seeds_declare_is_told_in_the_same_forms(small: Small, capsys: Printed) -> None:
    small.anchored()
    append(small.seeds / "entities" / "all.yaml", "place/x: {type: Plaice, label: X}\n")
    assert check(small, "--format", "json") == 2
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["key"] == "place/x.type"


def test_a_thing_of_the_seeds_is_told_at_its_declaration(small: Small, capsys: Printed) -> None:
    entities = small.anchored().seeds / "entities" / "all.yaml"
    append(entities, "utterance/nobody: {type: Utterance, label: Words}\n")
    assert check(small, "--format", "json") == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    line = len(entities.read_text("utf-8").splitlines())
    assert {(each["file"], each["line"], each["key"]) for each in found} == {
        (str(entities), line, "utterance/nobody")
    }


def test_a_file_is_checked_beside_the_rest_of_the_seeds(small: Small, capsys: Printed) -> None:
    source = small.anchored().mapping.read_text("utf-8")
    first, _, second = source.partition("- quote: from Port Sylvania to Freedon")
    head, _, _ = first.partition("claims:\n")
    tail = second.partition("- quote: Freedonia")[0]
    rest = small.seeds / "rest.yaml"
    head = head.replace("article: kites", "article: rest").replace(HASH, "0" * 64)
    quote = "claims:\n- quote: from Port Sylvania to Freedon"
    rest.write_text(head + quote + tail, "utf-8")
    small.mapping.write_text(
        first + "- quote: Freedonia" + second.partition("- quote: Freedonia")[2]
    )
    assert check(small) == 0
    assert check(small, str(rest)) == 0
    assert capsys.readouterr().out.count("no problem found") == 2
    assert check(small, str(rest), "--alone") == 3
    assert "claims.0.leg/two.from: Leg 2 starts" in capsys.readouterr().out
    small.change("mode: sea", "mode: see")
    assert check(small, str(rest)) == 3
    assert f"left out, since it cannot be read: {small.mapping}" in capsys.readouterr().out


def test_processes_find_what_one_finds(broken: Small, capsys: Printed) -> None:
    assert check(broken, "--format", "json") == 3
    alone = capsys.readouterr().out
    assert check(broken, "--format", "json", "--jobs", "2") == 3
    assert capsys.readouterr().out == alone


def test_a_share_leaves_to_the_whole_what_several_articles_tell(
    broken: Small, capsys: Printed
) -> None:
    notes, articles = [], 0
    for number in (1, 2):
        assert check(broken, "--format", "json", "--shard", f"{number}/2") == 0
        told = json.loads(capsys.readouterr().out)
        articles += int(told["checked"].split()[0])
        notes += told["notes"]
    assert articles == 1
    assert "1 results on what several articles tell of are left to the whole" in notes


@pytest.mark.parametrize(
    "wrong", [["--shard", "3/2"], ["--shard", "x"], ["--jobs", "0"], ["--jobs", "x"]]
)
def test_a_share_that_is_none_is_refused(wrong: list[str], small: Small) -> None:
    with pytest.raises(SystemExit) as ended:
        check(small, *wrong)
    assert ended.value.code == 2


# -- what changed


def git(small: Small, *arguments: str) -> None:
    me = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", "-C", str(small.seeds), *me, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def kept(broken: Small) -> Small:
    git(broken, "init")
    git(broken, "add", ".")
    git(broken, "commit", "-m", "first")
    return broken


def test_only_what_changed_since_a_revision_is_checked(kept: Small, capsys: Printed) -> None:
    assert check(kept, "--since", "HEAD") == 0
    assert capsys.readouterr().out == "0 articles, 0 claims: no problem found\n"
    kept.change("cue: could", "cue: could ")
    assert check(kept, "--since", "HEAD") == 3
    capsys.readouterr()


def test_all_is_checked_where_something_else_changed(kept: Small, capsys: Printed) -> None:
    append(kept.seeds / "lexicon.yaml", "# a remark\n")
    assert check(kept, "--since", "HEAD") == 3
    assert capsys.readouterr().out.startswith(str(kept.mapping))


def test_all_is_checked_where_the_ontology_beside_changed(
    small: Small, tmp_path: Path, capsys: Printed
) -> None:
    small.anchored().change("order: 2", "order: 3")
    (tmp_path / "ontology").mkdir()
    subprocess.run(["git", "-C", str(tmp_path), "init"], check=True, capture_output=True)
    git(small, "add", ".")
    git(small, "commit", "-m", "first")
    assert check(small, "--since", "HEAD") == 0
    (tmp_path / "ontology" / "more.ttl").write_text("# more")
    assert check(small, "--since", "HEAD") == 3
    assert "Leg 3 starts" in capsys.readouterr().out


@pytest.mark.parametrize("revision", ["nowhere", "--output=x"])
def test_a_revision_git_does_not_know_is_exit_code_four(
    revision: str, kept: Small, capsys: Printed
) -> None:
    assert check(kept, f"--since={revision}") == 4
    assert revision in capsys.readouterr().err


def test_what_is_in_no_repository_has_no_revisions(broken: Small, capsys: Printed) -> None:
    assert check(broken, "--since", "HEAD") == 2
    assert "is in no git repository" in capsys.readouterr().err


def test_where_git_is_missing_it_is_said(
    kept: Small, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert check(kept, "--since", "HEAD") == 2
    assert "git: is not installed" in capsys.readouterr().err


# -- RDF

PERSON = """\
@prefix ex: <http://example.org/> .

ex:alice a ex:Person ;
  ex:age "x" .
ex:bob a ex:Person .
[] a ex:Person .
"""
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property [ sh:path ex:age ; sh:minCount 1 ; sh:severity sh:Warning ;
    sh:message "Everybody has an age: state `ex:age`" ] ;
  sh:property [ sh:path ex:age ; sh:datatype xsd:integer ] .
"""


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, str]:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(PERSON)
    shapes.write_text(SHAPES)
    return str(data), str(shapes)


def test_rdf_is_checked_by_shapes_of_its_own(own: tuple[str, str], capsys: Printed) -> None:
    data, shapes = own
    assert main(["check", data, "--shapes", shapes, "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["line"], each["level"]) for each in found] == [
        (0, "warning"),
        (4, "error"),
        (5, "warning"),
    ]
    assert {each["file"] for each in found} == {data}
    assert found[2]["hint"] == "state `ex:age`"


def test_warnings_end_well_where_only_errors_count(own: tuple[str, str], capsys: Printed) -> None:
    data, shapes = own
    Path(data).write_text(PERSON.replace('"x"', "7"))
    check_it = ["check", data, "--shapes", shapes]
    assert main([*check_it, "--fail-on", "error"]) == 0
    assert main([*check_it, "--fail-on", "warning"]) == 3
    assert "2 warnings" in capsys.readouterr().out


CLAIM = (
    "<https://w3id.org/caspian/id/claim/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    " <https://w3id.org/caspian/ontology#Claim> .\n"
)


def test_rdf_is_checked_by_our_shapes_where_it_has_none(tmp_path: Path, capsys: Printed) -> None:
    data = tmp_path / "data.nt"
    data.write_text("<urn:a> <urn:b> <urn:c> .\n" + CLAIM)
    assert main(["check", str(data), "--format", "json"]) == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    assert len(found) >= 5
    assert {(each["file"], each["line"]) for each in found} == {(str(data), 2)}
    assert {"ClaimShape"} <= {each["rule"] for each in found}


def test_rdf_in_json_is_read_as_well(tmp_path: Path, capsys: Printed) -> None:
    data = tmp_path / "data.jsonld"
    data.write_text('{\n"@id": "http://example.org/eve",\n"@type": "http://example.org/Person"}')
    (tmp_path / "s.ttl").write_text(SHAPES)
    assert main(["check", str(data), "--shapes", str(tmp_path / "s.ttl"), "--format", "json"]) == 3
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["line"] == 2


def test_a_report_on_rdf_has_the_paths_of_its_results(
    own: tuple[str, str], capsys: Printed
) -> None:
    data, shapes = own
    assert main(["check", data, "--shapes", shapes, "--format", "turtle"]) == 3
    assert capsys.readouterr().out.count("sh:resultPath <http://example.org/age>") == 3


def test_what_the_file_does_not_hold_is_told_by_its_name(
    own: tuple[str, str], capsys: Printed
) -> None:
    data, shapes = own
    append(Path(shapes), "ex:PersonShape sh:targetNode ex:nobody, <http://example.com/x> .\n")
    assert main(["check", data, "--shapes", shapes, "--format", "sarif"]) == 3
    told = json.loads(capsys.readouterr().out)
    places = [r["locations"][0]["physicalLocation"] for r in told["runs"][0]["results"]]
    nowhere = [each for each in places if "region" not in each]
    uris = [each["artifactLocation"]["uri"] for each in nowhere]
    assert uris.count("http://example.org/nobody") == 1
    assert uris.count("http://example.com/x") == 1


def test_rdf_that_is_none_is_told_by_file_and_line(tmp_path: Path, capsys: Printed) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n")
    assert main(["check", str(data)]) == 2
    assert f"{data}:2: " in capsys.readouterr().err


def test_files_of_two_kinds_are_not_checked_together(
    own: tuple[str, str], small: Small, capsys: Printed
) -> None:
    assert check(small, own[0], str(small.mapping)) == 2
    assert "is no RDF, and the others are" in capsys.readouterr().err
    assert check(small, str(small.mapping), "--shapes", own[1]) == 2
    assert "are shapes for RDF" in capsys.readouterr().err
    assert main(["check", own[0], "--shapes", str(small.mapping)]) == 2
    assert "is no file of RDF by its name" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["data.ttl", "--watch"], "data.ttl: does not go with --watch"),
        (["data.ttl", "--since", "HEAD"], "data.ttl: does not go with --since"),
        (["data.ttl", "--jobs", "2"], "data.ttl: does not go with --jobs"),
        (["--watch", "--shard", "1/2"], "--watch: does not go with --shard"),
        (["--watch", "--alone"], "--watch: does not go with --alone"),
        (["--watch", "seeds/a.yaml"], "--watch: does not go with seeds/a.yaml"),
    ],
)
def test_an_option_that_would_not_be_heard_is_refused(
    options: list[str], told: str, capsys: Printed
) -> None:
    assert main(["check", *options]) == 2
    assert told in capsys.readouterr().err


# -- watching


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Small, "subprocess.Popen[str]"]]:
    small = write_small(tmp_path).anchored()
    command = [*COMMAND, "check", "--watch", "--seeds", str(small.seeds)]

    def interruptible() -> None:
        # tests that run in the background of a shell are deaf to it, and so is who they start
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,  # noqa: PLW1509 -- no thread runs beside
    ) as run:
        yield small, run
        run.kill()


def until(run: "subprocess.Popen[str]", words: str) -> str:
    assert run.stdout is not None
    read = ""
    while words not in read:
        line = run.stdout.readline()
        assert line, read
        read += line
    return read


def test_what_is_saved_is_checked_again(
    watched: tuple[Small, "subprocess.Popen[str]"],
) -> None:
    small, run = watched
    until(run, "no problem found")
    small.change("order: 2", "order: 3")
    assert "Leg 3 starts where no leg before it ends" in until(run, "1 error")
    small.change("order: 3", "order: x")
    assert "claims.4.leg/two.order" in until(run, "1 error")
    (small.seeds / "notes.txt").write_text("no mapping")
    small.change("order: x", "order: 2")
    until(run, "no problem found")
    entities = small.seeds / "entities" / "all.yaml"
    good = entities.read_text("utf-8")
    entities.write_text(good + "place/x: {type: Plaice, label: X}\n", "utf-8")
    assert "place/x" in until(run, "1 error")
    entities.write_text(good, "utf-8")
    until(run, "no problem found")
    source = small.mapping.read_text("utf-8")
    again = small.seeds / "again.yaml"
    again.write_text(source.replace("article: kites", "article: again"), "utf-8")
    assert "this article is mapped twice" in until(run, "1 error")
    again.unlink()
    until(run, "no problem found")
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 130


def test_a_folder_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    from kg.checking.watching import watching
    from kg.errors import InputError

    with (
        pytest.raises(InputError, match="cannot be watched: No such file"),
        watching([tmp_path / "none"]),
    ):
        pass
