"""What checking costs a person who waits: a cold start beside pySHACL's, and after a save.

    python bench/check.py [--runs N]

Processor time and time on the clock, in seconds; other work may share the machine.
"""

import argparse
import gc
import random
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from kg.build import all_quads
from kg.checking.session import Session
from kg.corpus import mapping_files, mappings, read_corpus
from kg.resources import folder
from kg.validation import folder_triples, shapes_in
from kg.vocab import GRAPH

BIN = Path(sys.executable).parent


class Cost(NamedTuple):
    """What a run took."""

    processor: float
    clock: float


def cost(command: list[str]) -> Cost:
    """A process that finds nothing wrong, measured."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(processor, ended - began)


def written(home: Path) -> tuple[str, str]:
    """The graph of the five articles without views, and the shapes, as N-Triples."""
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    read = mappings(corpus, mapping_files(folder("seeds")))
    triples = dict.fromkeys(
        quad[:3]
        for quad in all_quads(corpus, read, Counter())
        if not quad.graph.startswith(f"<{GRAPH}view/")
    )
    data, shapes = home / "data.nt", home / "shapes.nt"
    data.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in triples), "utf-8")
    rules = folder_triples(folder("shapes"))
    shapes.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in rules), "utf-8")
    print(f"{len(triples):,} triples of five articles\n")
    return str(data), str(shapes)


def print_cold(home: Path, runs: int) -> None:
    """Whole processes, from a cold interpreter to the report."""
    data, shapes = written(home)
    mapping = str(mapping_files(folder("seeds"))[2])
    caspian = str(BIN / "caspian")
    commands = {
        "caspian check 002….yaml": [caspian, "check", mapping],
        "caspian check data.nt --shapes shapes.nt": [caspian, "check", data, "--shapes", shapes],
        "pyshacl -s shapes.nt data.nt": [str(BIN / "pyshacl"), "-s", shapes, data],
    }
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(cost(command))
    theirs = [median(each) for each in zip(*taken["pyshacl -s shapes.nt data.nt"], strict=True)]
    print("| command | processor s | clock s | pySHACL ÷ it |\n|---|---:|---:|---:|")
    for name, costs in taken.items():
        processor, clock = (median(each) for each in zip(*costs, strict=True))
        ratio = theirs[0] / processor
        print(f"| `{name}` | {processor:.2f} | {clock:.2f} | {ratio:.1f} |", flush=True)


def print_saves(home: Path, runs: int) -> None:
    """Checks after a save, in the process that watches."""
    seeds = home / "seeds"
    shutil.copytree(folder("seeds"), seeds)
    corpus = read_corpus(seeds, folder("ontology"))
    files = mapping_files(seeds)
    session = Session(corpus, files, shapes_in(folder("shapes")))
    gc.freeze()  # as the command does
    kinds = {
        "a value changed": ("certainty: possible", "certainty: probable"),
        "a leg moved: a shape is broken": ("from: place/makhachkala", "from: place/amirabad"),
        "a name misspelt: it cannot be read": ("near: place/moscow", "near: place/mosco"),
    }
    rng = random.Random(6)
    print("\n| after a save | processor ms, median | p95 | clock ms, median | p95 |")
    print("|---|---:|---:|---:|---:|")
    for kind, (before, after) in kinds.items():
        found: list[Cost] = []
        paths = [path for path in files if before in path.read_text("utf-8")]
        for _ in range(runs * 4):
            path = rng.choice(paths)
            good = path.read_text("utf-8")
            path.write_text(good.replace(before, after, 1), "utf-8")
            began, on_clock = time.process_time(), time.perf_counter()
            session.change(path)
            session.findings()
            found.append(Cost(time.process_time() - began, time.perf_counter() - on_clock))
            path.write_text(good, "utf-8")
            session.change(path)
        cells = []
        for values in zip(*found, strict=True):
            ordered = sorted(1e3 * value for value in values)
            cells += [f"{median(ordered):.0f}", f"{ordered[int(0.95 * len(ordered))]:.0f}"]
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with TemporaryDirectory() as home:
        print_cold(Path(home), given.runs)
        print_saves(Path(home), given.runs)


if __name__ == "__main__":
    main()
