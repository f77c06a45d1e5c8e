"""curl: what people try first, and what scripts and health checks are made of."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph

from tests.clients.conftest import CONSTRUCT, COUNT, LEGS, SELECT, UPDATE, VIEW
from tests.running import Running

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl is not installed: apt install curl"
)
DIRECT = ("-H", "Content-Type: application/sparql-query", "--data-binary")


def curl(*options: str | Path) -> bytes:
    done = subprocess.run(["curl", "-sS", *options], capture_output=True, check=True, timeout=60)
    return done.stdout


def rows(body: bytes) -> list[list[str]]:
    return [*csv.reader(io.StringIO(body.decode()))]


def test_the_three_ways_of_the_protocol_give_the_same_bytes(service: Running) -> None:
    accept = ("-H", "Accept: text/csv", service.sparql)
    by_get = curl("-G", "--data-urlencode", f"query={SELECT}", *accept)
    by_form = curl("--data-urlencode", f"query={SELECT}", *accept)
    assert by_get == by_form == curl(*DIRECT, SELECT, *accept)
    assert rows(by_get) == [["leg"], *([leg] for leg in sorted(LEGS))]


def test_without_a_word_on_the_format_it_is_json_or_turtle(service: Running) -> None:
    found = json.loads(curl(service.sparql, "--data-urlencode", f"query={SELECT}"))
    assert [row["leg"]["value"] for row in found["results"]["bindings"]] == sorted(LEGS)
    turtle = curl(service.sparql, "--data-urlencode", f"query={CONSTRUCT}")
    assert len(Graph().parse(data=turtle, format="turtle")) == len(LEGS)


def test_a_query_from_a_file(service: Running, tmp_path: Path) -> None:
    file = tmp_path / "legs.rq"
    file.write_text(f"# the legs\n{SELECT}\n", "utf-8")
    body = curl(*DIRECT, f"@{file}", "-H", "Accept: text/csv", service.sparql)
    assert len(rows(body)) == 1 + len(LEGS)
    form = curl("--data-urlencode", f"query@{file}", "-H", "Accept: text/csv", service.sparql)
    assert form == body


def test_compression_changes_no_byte(service: Running) -> None:
    asked = (service.sparql, "--data-urlencode", f"query={SELECT}")
    assert curl("--compressed", *asked) == curl(*asked)


def test_a_view_beside_the_query(service: Running) -> None:
    asked = ("--data-urlencode", f"query={COUNT}", "-H", "Accept: text/csv", service.sparql)
    view = ("--data-urlencode", f"default-graph-uri={VIEW}iran")
    assert 0 < int(rows(curl(*view, *asked))[1][0]) < int(rows(curl(*asked))[1][0])


def test_the_head_of_a_page(service: Running) -> None:
    assert curl("-I", f"{service.url}/").startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(("query", "status"), [("SELECT * {", "400"), (UPDATE, "403")])
def test_a_script_sees_that_it_failed(service: Running, query: str, status: str) -> None:
    done = subprocess.run(
        ["curl", "-sS", "--fail", service.sparql, "--data-urlencode", f"query={query}"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 22
    assert status in done.stderr.decode()
    assert done.stdout == b""
