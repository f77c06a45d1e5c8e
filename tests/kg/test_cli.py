"""The command `caspian`, run in this process; one test runs it as a user's shell would."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg import __version__
from kg.cli import VERBS, main, parser
from kg.resources import folder
from tests.conftest import Small

Printed = pytest.CaptureFixture[str]


def test_the_command_starts_and_tells_its_version() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from kg.cli import main; sys.exit(main())",
            "--version",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"caspian {__version__}\n"


def test_help_loads_no_engine_and_no_ontology() -> None:
    heavy = {"rdflib", "pyoxigraph", "networkx", "pyshacl", "yaml", "rich", "edtf", "httpx"}
    script = "import sys; from kg.cli import parser; parser(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not heavy & set(done.stdout.split())


def test_help_lists_every_verb_and_the_exit_codes() -> None:
    text = parser().format_help()
    assert all(f"\n    {verb} " in text for verb in VERBS)
    assert "Exit codes" in text


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_command_completes_in_a_shell(shell: str, capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", shell])
    assert ended.value.code == 0
    assert "doctor" in capsys.readouterr().out


# -- build and check


def test_build_prints_what_was_built(small: Small, tmp_path: Path, capsys: Printed) -> None:
    small.anchored()
    data = tmp_path / "data"
    code = main(
        ["build", "--seeds", str(small.seeds), "--texts", str(small.texts), "--data", str(data)]
    )
    assert code == 0
    rows = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()[:4])
    assert rows["articles"] == "1"
    assert rows["violations"] == "0"
    assert int(rows["claims"]) > 15
    assert (data / "current").exists()


def test_build_streams_a_corpus_of_json_lines(
    small: Small, tmp_path: Path, capsys: Printed
) -> None:
    from kg.source import read_yaml

    small.anchored()
    lines = tmp_path / "corpus.jsonl"
    tree = read_yaml(small.mapping).tree
    lines.write_text(
        "".join(
            json.dumps({**tree, "article": f"a{n}", "sha256": f"{n:064x}"}) + "\n" for n in range(3)
        ),
        "utf-8",
    )
    data = str(tmp_path / "data")
    assert main(["build", str(lines), "--seeds", str(small.seeds), "--data", data, "--stream"]) == 0
    out = capsys.readouterr().out
    assert "articles            3" in out
    assert "violations          0" in out
    assert main(["ask", "--data", data, "ASK { ?claim a <urn:none> }"]) == 0
    assert capsys.readouterr().out == "no\n"


def test_a_broken_mapping_stops_the_build_and_the_old_graph_stays(
    small: Small, tmp_path: Path, capsys: Printed
) -> None:
    data = tmp_path / "data"
    build = ["build", "--seeds", str(small.anchored().seeds), "--data", str(data)]
    assert main(build) == 0
    before = (data / "current").resolve()
    small.change("mode: sea", "mode: see")
    assert main(build) == 2
    assert "kites.yaml:" in capsys.readouterr().err
    assert (data / "current").resolve() == before


@pytest.mark.parametrize("way", [[], ["--stream"]], ids=["whole", "streamed"])
def test_a_broken_shape_names_the_line_of_the_mapping(
    way: list[str], small: Small, tmp_path: Path, capsys: Printed
) -> None:
    small.change(
        "  use/kites: {status: used}",
        "  use/kites: {status: used}\n  place/freedon: {near: place/strelsau}",
    )
    small.anchored().change("mode: not-stated\n    order: 2", "mode: not-stated\n    order: 3")
    number = 1 + small.mapping.read_text("utf-8").splitlines().index(
        "    from: place/port-sylvania"
    )
    code = main(["build", "--seeds", str(small.seeds), "--data", str(tmp_path / "data"), *way])
    assert code == 3
    error = capsys.readouterr().err
    assert f"kites.yaml:{number}: leg/two: Leg 3 starts where no leg before it ends" in error
    assert not (tmp_path / "data" / "current").exists()


def test_check_says_what_was_checked(small: Small, capsys: Printed) -> None:
    small.anchored()
    assert main(["check", "--seeds", str(small.seeds), "--texts", str(small.texts)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1 articles, 1 held against their text, ")
    assert main(["check", "--seeds", str(small.seeds)]) == 0
    assert capsys.readouterr().out.startswith("1 articles, ")


def test_check_finds_a_quote_the_text_does_not_hold(small: Small, capsys: Printed) -> None:
    small.anchored().change("quote: early next year", "quote: early next week")
    assert main(["check", "--seeds", str(small.seeds), "--texts", str(small.texts)]) == 2
    assert "caspian anchor" in capsys.readouterr().out


def test_a_folder_without_mappings_is_an_error(small: Small, capsys: Printed) -> None:
    small.mapping.unlink()
    assert main(["check", "--seeds", str(small.seeds)]) == 2
    assert "holds no mapping" in capsys.readouterr().err


def test_texts_are_found_beside_the_seeds(small: Small, capsys: Printed) -> None:
    small.anchored()
    small.texts.rename(small.seeds / "texts")
    assert main(["check", "--seeds", str(small.seeds)]) == 0
    assert "1 held against their text" in capsys.readouterr().out


# -- anchor


def test_anchor_writes_offsets_once(small: Small, capsys: Printed) -> None:
    anchor = ["anchor", "--seeds", str(small.seeds), "--texts", str(small.texts)]
    assert main(anchor) == 0
    assert capsys.readouterr().out.endswith("written\n")
    written = small.mapping.read_text("utf-8")
    assert "\n  at: " in written
    assert main(anchor) == 0
    assert capsys.readouterr().out.endswith("unchanged\n")
    assert small.mapping.read_text("utf-8") == written


def test_anchor_needs_texts(small: Small, capsys: Printed) -> None:
    assert main(["anchor", "--seeds", str(small.seeds)]) == 2
    assert "no article texts at hand" in capsys.readouterr().err
    assert main(["anchor", "--seeds", str(small.seeds), "--texts", "/nowhere"]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_anchor_names_the_text_it_lacks(small: Small, capsys: Printed) -> None:
    (small.texts / "kites.txt").unlink()
    assert main(["anchor", "--seeds", str(small.seeds), "--texts", str(small.texts)]) == 2
    assert "no kites.txt in" in capsys.readouterr().err


def test_a_mapping_that_fails_to_anchor_stays_as_it_was(small: Small, capsys: Printed) -> None:
    small.change("cue: could", "cue: might")
    small.change("could send hundreds of kites", "could send…of kites")
    before = small.mapping.read_text("utf-8")
    assert main(["anchor", "--seeds", str(small.seeds), "--texts", str(small.texts)]) == 2
    assert "'might' is not in the passage" in capsys.readouterr().err
    assert small.mapping.read_text("utf-8") == before


# -- compile and generate


def test_compile_writes_the_same_bytes_twice(
    small: Small, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    small.anchored()
    outs = []
    for _ in range(2):
        assert main(["compile", "--seeds", str(small.seeds)]) == 0
        outs.append(capsysbinary.readouterr().out)
    assert outs[0] == outs[1]
    assert outs[0].count(b"\n") > 200


def test_generate_check_finds_the_repository_as_generated(capsys: Printed) -> None:
    assert main(["generate", "--check"]) == 0
    assert "differs" not in capsys.readouterr().out


def test_generate_writes_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    import shutil

    for name in ("ontology", "shapes", "seeds"):
        shutil.copytree(folder(name), tmp_path / name)
    monkeypatch.setattr("kg.cli.generate.folder", lambda name: tmp_path / name)
    pairs = tmp_path / "ontology" / "claims.ttl"
    whole = pairs.read_text("utf-8")
    pairs.write_text("", "utf-8")
    (tmp_path / "shapes" / "claims.ttl").unlink()
    assert main(["generate", "--check"]) == 1
    assert pairs.read_text("utf-8") == ""
    assert main(["generate"]) == 0
    assert "written" in capsys.readouterr().out
    assert pairs.read_text("utf-8") == whole


# -- ask, route, export, doctor


def test_ask_lists_the_stored_questions(capsys: Printed) -> None:
    assert main(["ask"]) == 0
    out = capsys.readouterr().out
    assert "who-denies-what" in out
    assert "Who denies what?" in out


@pytest.mark.parametrize(
    ("query", "form", "part"),
    [
        ("who-denies-what", [], "Russia"),
        ("who-denies-what", ["--format", "csv"], "speakerName,"),
        ("who-denies-what", ["--format", "json"], '"bindings"'),
        ("who-denies-what", ["--format", "tsv"], "?speakerName\t"),
        ("who-denies-what", ["--format", "xml"], "<sparql"),
        ("ASK { ?s ?p ?o }", [], "yes"),
        (
            "CONSTRUCT WHERE { ?s <https://w3id.org/caspian/ontology#hears> ?o } LIMIT 1",
            [],
            "cas:hears",
        ),
        ("SELECT ?s ?x WHERE { ?s a <urn:none> OPTIONAL { ?s <urn:p> ?x } }", [], "0 rows"),
        ("SELECT ?c ?x { BIND(<urn:y> AS ?c) OPTIONAL { <urn:a> <urn:b> ?x } }", [], "1 row"),
    ],
)
def test_ask_answers_in_the_form_asked_for(
    graph_root: Path, query: str, form: list[str], part: str, capfd: Printed
) -> None:
    assert main(["ask", "--data", str(graph_root), query, *form]) == 0
    assert part in capfd.readouterr().out


def test_a_table_fits_a_hundred_columns(graph_root: Path, capsys: Printed) -> None:
    assert main(["ask", "--data", str(graph_root), "route-legs"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


def test_ask_reads_a_query_from_a_file(graph_root: Path, tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "q.rq"
    file.write_text("ASK { ?s ?p ?o }", "utf-8")
    assert main(["ask", "--data", str(graph_root), str(file)]) == 0
    assert capsys.readouterr().out == "yes\n"


def test_a_misspelt_question_is_answered_with_the_nearest(
    graph_root: Path, capsys: Printed
) -> None:
    assert main(["ask", "--data", str(graph_root), "who-denies-waht"]) == 4
    assert "who-denies-what" in capsys.readouterr().err


def test_route_prints_both_legs_with_their_quotations(graph_root: Path, capsys: Printed) -> None:
    assert main(["route", "--data", str(graph_root), "Amirabad", "Primorsko-Akhtarsk"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Amirabad → Makhachkala → Primorsko-Akhtarsk\n")
    assert "1. Amirabad → Makhachkala" in out
    assert "2. Makhachkala → Primorsko-Akhtarsk" in out
    assert out.count("“") >= 2
    assert "White House" in out


def test_route_as_json_holds_the_same(graph_root: Path, capsys: Printed) -> None:
    assert main(["route", "--data", str(graph_root), "Amirabad", "Sisha", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [hop["target"]["id"] for hop in answer["paths"][0]["hops"]] == [
        "place/makhachkala",
        "place/seshcha",
    ]


def test_no_route_is_said_with_its_reason(graph_root: Path, capsys: Printed) -> None:
    assert main(["route", "--data", str(graph_root), "Sisha", "Amirabad"]) == 1
    assert capsys.readouterr().out.startswith("No path from Seshcha to Amirabad. In the view")


def test_an_unknown_place_is_exit_code_four(graph_root: Path, capsys: Printed) -> None:
    assert main(["route", "--data", str(graph_root), "Amirabat", "Sisha"]) == 4
    assert "did you mean place/amirabad" in capsys.readouterr().err


def test_without_a_graph_the_command_says_to_build_one(tmp_path: Path, capsys: Printed) -> None:
    assert main(["route", "--data", str(tmp_path), "Amirabad", "Sisha"]) == 5
    assert "caspian build" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml"])
def test_two_exports_are_the_same_bytes(graph_root: Path, tmp_path: Path, form: str) -> None:
    outs = [tmp_path / "a", tmp_path / "b"]
    for out in outs:
        export = ["export", "--data", str(graph_root), "--format", form, "--out", str(out)]
        assert main(export) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert outs[0].stat().st_size > 10_000


def test_one_view_is_exported_by_its_name(graph_root: Path, capfd: Printed) -> None:
    export = ["export", "--data", str(graph_root), "--graph", "view/iran", "--format", "turtle"]
    assert main(export) == 0
    assert "cas:supplier" in capfd.readouterr().out
    assert main([*export[:4], "view/irna"]) == 4
    assert "view/iran" in capfd.readouterr().err


def test_doctor_tells_what_stands_and_what_is_missing(
    graph_root: Path, tmp_path: Path, capsys: Printed
) -> None:
    assert main(["doctor", "--data", str(graph_root)]) == 0
    assert "graph" in capsys.readouterr().out
    assert main(["doctor", "--data", str(tmp_path)]) == 1
    assert "fault" in capsys.readouterr().out


def test_doctor_counts_the_texts(graph_root: Path, small: Small, capsys: Printed) -> None:
    assert main(["doctor", "--data", str(graph_root), "--texts", str(small.texts)]) == 0
    assert "1 in " in capsys.readouterr().out


def test_doctor_notices_a_missing_package(
    graph_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setattr("kg.doctor._PACKAGES", ("no-such-package",))
    assert main(["doctor", "--data", str(graph_root)]) == 1
    assert "not installed" in capsys.readouterr().out


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.cli.ask.run", interrupted)
    assert main(["ask"]) == 130
    assert capsys.readouterr().err == "caspian: interrupted\n"


def test_a_reader_that_stops_early_is_no_error() -> None:
    script = "import sys; from kg.cli import main; sys.exit(main(['compile']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(60) == 0


@pytest.mark.parametrize("verb", ["build", "check"])
def test_progress_is_shown_where_somebody_watches(
    verb: str, small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    data = [] if verb == "check" else ["--data", str(tmp_path / "data")]
    assert main([verb, "--seeds", str(small.anchored().seeds), *data]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("articles " if verb == "build" else "1 articles, ")
    assert printed.err


def test_a_long_compilation_counts_articles(
    small: Small, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["compile", "--seeds", str(small.anchored().seeds)]) == 0
    assert b"1 articles" in capsysbinary.readouterr().err


def test_a_pipe_that_breaks_ends_quietly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("kg.cli.ask.run", broken)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["ask"]) == 0


def test_an_endpoint_that_is_not_there_is_exit_code_six(capsys: Printed) -> None:
    assert main(["ask", "--endpoint", "http://127.0.0.1:9/sparql", "ASK {}"]) == 6
    assert "http://127.0.0.1:9/sparql" in capsys.readouterr().err


def test_a_word_changed_in_a_quote_is_noticed_without_the_text(
    small: Small, capsys: Printed
) -> None:
    small.anchored().change("quote: early next year", "quote: early next yeas")
    line = 1 + small.mapping.read_text("utf-8").splitlines().index("- quote: early next yeas")
    assert main(["check", "--seeds", str(small.seeds)]) == 2
    printed = capsys.readouterr().out
    assert f"{line:>5}  error  claims.3.quote: " in printed
    assert "the quote is not what stood at its offsets" in printed


def test_a_mapping_is_named_as_its_article(small: Small, capsys: Printed) -> None:
    small.anchored().mapping.rename(small.seeds / "other.yaml")
    assert main(["check", "--seeds", str(small.seeds)]) == 2
    assert "kites is not its name" in capsys.readouterr().out


def test_one_text_is_mapped_once(small: Small, capsys: Printed) -> None:
    source = small.anchored().mapping.read_text("utf-8")
    (small.seeds / "again.yaml").write_text(
        source.replace("article: kites", "article: again"), "utf-8"
    )
    assert main(["check", "--seeds", str(small.seeds)]) == 2
    assert "sha256: this article is mapped twice" in capsys.readouterr().out


def test_a_folder_without_the_texts_is_an_error(
    small: Small, tmp_path: Path, capsys: Printed
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    check = ["check", "--seeds", str(small.anchored().seeds), "--texts", str(other)]
    assert main(check) == 2
    assert f"{other}: holds no text of these articles" in capsys.readouterr().err


def test_a_folder_that_holds_no_seeds_is_an_error(tmp_path: Path, capsys: Printed) -> None:
    assert main(["check", "--seeds", str(tmp_path)]) == 2
    assert f"{tmp_path}: is no folder of seeds" in capsys.readouterr().err


def test_an_empty_folder_name_is_refused(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", "--data", ""])
    assert ended.value.code == 2
    assert "the name is empty" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(
    graph_root: Path, tmp_path: Path, capsys: Printed
) -> None:
    out = tmp_path / "nowhere" / "x.ttl"
    assert main(["export", "--data", str(graph_root), "--out", str(out)]) == 1
    assert capsys.readouterr().err == f"caspian: {out}: No such file or directory\n"


def test_a_query_file_that_is_not_there_is_named(graph_root: Path, capsys: Printed) -> None:
    assert main(["ask", "--data", str(graph_root), "nosuch.rq"]) == 2
    assert "nosuch.rq: cannot be read" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told() -> None:
    script = "import sys; from kg.cli import main; sys.exit(main(['ask']))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", script],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "caspian: No space left on device\n"


def test_output_that_fails_is_told_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Printed
) -> None:
    def full(_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kg.cli.ask.run", full)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["ask"]) == 1
    assert capsys.readouterr().err == "caspian: No space left on device\n"
