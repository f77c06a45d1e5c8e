"""The wheel holds what the checkout holds, and both its commands start from it."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(out), str(CHECKOUT)], check=True)
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(place),
    ]
    subprocess.run([*command, str(wheel)], check=True)
    return place


@pytest.mark.parametrize("folder", ["ontology", "shapes", "seeds", "queries"])
def test_the_wheel_holds_every_data_file(wheel: Path, folder: str) -> None:
    ignored = {"texts"}
    here = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and not ignored & set(path.parts)
    }
    names = ZipFile(wheel).namelist()
    there = {
        name.removeprefix("kg/data/") for name in names if name.startswith(f"kg/data/{folder}/")
    }
    assert there == here
    assert here


def test_the_wheel_holds_no_tests(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg", "api"}


@pytest.mark.parametrize("command", ["caspian", "caspian-api"])
def test_each_command_starts_from_the_wheel(installed: Path, command: str) -> None:
    done = _run(installed, command, "--help")
    assert done.returncode == 0, done.stderr
    assert command in done.stdout


def test_the_graph_is_built_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "caspian", "build", "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "violations          0" in done.stdout
    done = _run(installed, "caspian", "route", "Amirabad", "Sisha", "--data", str(tmp_path))
    assert done.stdout.startswith("Amirabad → Makhachkala → Seshcha")


def _run(place: Path, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, str(place / "bin" / command), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env=environment,
        timeout=120,
    )
