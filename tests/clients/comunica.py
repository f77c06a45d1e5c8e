"""Comunica's command, as scripts/peers-npm installs it."""

import shutil
import subprocess
from pathlib import Path

__all__ = ["FOLDER", "comunica", "missing"]

FOLDER = Path(__file__).parent / "node_modules" / ".bin"
_COMMAND = FOLDER / "comunica-sparql"


def missing() -> str:
    """Why Comunica cannot be run here; empty where it can."""
    if shutil.which("node") is None:
        return "Node is not installed: Comunica needs Node 20.18.1 or later"
    if not _COMMAND.exists():
        return "Comunica is not installed: sh scripts/peers-npm"
    return ""


def comunica(query: str, *sources: str, form: str | None = None) -> str:
    """What the command writes for a query of these sources; an error where it fails."""
    options = ("-t", form) if form else ()
    done = subprocess.run(
        [_COMMAND, *sources, "-q", query, *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
