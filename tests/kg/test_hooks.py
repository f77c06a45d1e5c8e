"""The hooks of pre-commit: each runs as it is written, on the files that it asks for."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kg.resources import folder

HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((folder("seeds").parent / ".pre-commit-hooks.yaml").read_text())
}
BIN = Path(sys.executable).parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("seeds", "ontology", "shapes"):
        shutil.copytree(folder(name), tmp_path / name, ignore=shutil.ignore_patterns("texts"))
    return tmp_path


def run(hook: str, checkout: Path) -> subprocess.CompletedProcess[str]:
    """The hook run as pre-commit does: from the top, with the files whose names it asks for."""
    row = HOOKS[hook]
    assert row["language"] == "python"
    names = sorted(str(path.relative_to(checkout)) for path in checkout.rglob("*"))
    wanted = [name for name in names if re.search(row["files"], name)]
    unwanted = row.get("exclude", "(?!)")
    given = [name for name in wanted if not re.search(unwanted, name)]
    assert given
    files = given if row.get("pass_filenames", True) else []
    command, *rest = shlex.split(row["entry"])
    return subprocess.run(
        [str(BIN / command), *rest, *files],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_a_hook_passes_what_is_sound(hook: str, checkout: Path) -> None:
    done = run(hook, checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_is_given_the_mappings_and_finds_a_broken_one(checkout: Path) -> None:
    (path,) = checkout.glob("seeds/002*.yaml")
    text = path.read_text("utf-8")
    path.write_text(text.replace("order: 2", "order: 3", 1), "utf-8")
    done = run("caspian-check", checkout)
    assert done.returncode == 3
    assert done.stdout.startswith(f"seeds/{path.name}\n")
    assert done.stdout.count("\n") < 8


def test_the_hook_of_the_seeds_finds_what_mappings_name_no_more(checkout: Path) -> None:
    places = checkout / "seeds" / "entities" / "places.yaml"
    text = places.read_text("utf-8")
    places.write_text(text.replace("place/seshcha:", "place/sescha:"), "utf-8")
    done = run("caspian-check-seeds", checkout)
    assert done.returncode == 2
    assert "did you mean place/sescha?" in done.stdout


def test_the_hook_of_lint_finds_a_misspelt_term(checkout: Path) -> None:
    shapes = checkout / "shapes" / "transfers.ttl"
    text = shapes.read_text("utf-8")
    shapes.write_text(text.replace("sh:targetClass cas:Deal ", "sh:targetClass cas:Dael "), "utf-8")
    done = run("caspian-lint", checkout)
    assert done.returncode == 2
    assert "did you mean cas:Deal?" in done.stdout
