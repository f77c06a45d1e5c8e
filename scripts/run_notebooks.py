"""Run the notebooks against a service over the articles of the seeds, and keep their outputs.

A notebook is committed as it ran; tests/test_notebooks.py holds it against a fresh run. After a
change to a notebook, or to what the graph says: python scripts/run_notebooks.py
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@contextmanager
def service(graph: Path, log: Path) -> Iterator[str]:
    """The address of a caspian-api over the graph, on a free port, which ends with the block."""
    command = Path(sys.executable).with_name("caspian-api")
    with log.open("wb") as out:
        options = ["--data", graph, "--port", "0", "--log-level", "info"]
        process = subprocess.Popen([command, *options], stdout=out, stderr=out)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(20)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The address that the service writes to its log once it listens."""
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", log.read_text("utf-8")):
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the service did not start: {log.read_text('utf-8')}")


def run(notebook: NotebookNode, address: str, folder: Path) -> NotebookNode:
    """The notebook as it runs in that folder, a copy of `notebooks`, against that service."""
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    # nobody's own settings of IPython, and nothing written where they are
    own = {"IPYTHONDIR": str(folder / ".ipython"), "CASPIAN_URL": address}
    client.execute(env={**os.environ, **own})
    # which Python ran it is no part of what it shows
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def copy_to(folder: Path) -> Path:
    """A copy of the notebooks' folder there, so that a run leaves nothing behind."""
    return Path(shutil.copytree(NOTEBOOKS, folder / "notebooks"))


def main() -> None:
    """Build the graph, serve it, and write every notebook with its outputs."""
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        build = Path(sys.executable).with_name("caspian")
        subprocess.run([build, "build", "--data", place / "data"], check=True)
        folder = copy_to(place)
        with service(place / "data", place / "log") as address:
            for path in sorted(NOTEBOOKS.glob("*.ipynb")):
                print(f"{path.name} …", flush=True)
                ran = run(nbformat.read(path, as_version=4), address, folder)
                nbformat.write(ran, path)


if __name__ == "__main__":
    main()
