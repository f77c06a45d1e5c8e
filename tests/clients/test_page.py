"""docs/clients.md: every example is run, and tells of the legs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kg.store import OxigraphStore
from tests.clients import comunica
from tests.clients.conftest import LEG, LEGS
from tests.jena import class_path, java
from tests.jena import missing as jena_missing
from tests.kg.conftest import serving
from tests.running import Running

PAGE = (Path(__file__).parents[2] / "docs" / "clients.md").read_text("utf-8")
SECTIONS = {
    name: code
    for text in PAGE.split("\n## ")[1:]
    for name, code in re.findall(r"\A(.+)\n[\s\S]*?```\w+\n([\s\S]*?)```", text)
}
PYTHON = ("pandas", "SPARQLWrapper", "rdflib")
MISSING = {
    "curl": "" if shutil.which("curl") else "curl is not installed: apt install curl",
    "Comunica": comunica.missing(),
    "Jena": jena_missing(),
}


def example(section: str, service: Running) -> str:
    return SECTIONS[section].replace("http://127.0.0.1:8000", service.url)


@pytest.mark.parametrize("section", PYTHON)
def test_an_example_in_python_prints_the_legs(service: Running, section: str) -> None:
    command = [sys.executable, "-c", example(section, service)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert {leg for leg in LEGS if leg in done.stdout} == LEGS, done.stdout


@pytest.mark.parametrize("section", MISSING)
def test_an_example_in_the_shell_prints_the_legs(
    service: Running, section: str, tmp_path: Path
) -> None:
    if MISSING[section]:
        pytest.skip(MISSING[section])
    if section == "Jena":  # Debian has the classes of Jena's commands, and not the commands
        command = f'#!/bin/sh\nexec {java()} -cp {class_path(tmp_path)} arq.rsparql "$@"\n'
        (tmp_path / "rsparql").write_text(command, "utf-8")
        (tmp_path / "rsparql").chmod(0o755)
    path = f"{tmp_path}:{comunica.FOLDER}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", example(section, service)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert {leg for leg in LEGS if leg in done.stdout} == LEGS, done.stdout


def test_the_example_for_another_endpoint_is_answered_there(
    service: Running, tmp_path: Path
) -> None:
    OxigraphStore.build(tmp_path / "store", []).close()
    with serving(tmp_path / "store") as elsewhere:
        query = example("From another endpoint", service)
        answer = httpx.post(elsewhere, data={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text.splitlines()[1:] == [f"{LEG}amirabad-makhachkala,Amirabad to Makhachkala"]


def test_every_client_has_its_example() -> None:
    assert SECTIONS.keys() == {*PYTHON, *MISSING, "From another endpoint"}
