"""What describing a graph costs a build, at several sizes: processor time and memory.

    python bench/describe.py [--articles N …]

Each size is compiled and sorted as a build does it; then a process of its own describes the lines.
The share is that of the processor time that compiling, sorting and describing take together.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import corpus
from measured import peak

from kg.build import all_quads
from kg.corpus import mappings, read_corpus
from kg.description import description
from kg.lines import in_order, split
from kg.resources import folder
from kg.terms import line

OUT = Path(__file__).parent / "out"
SEED = 7


def sorted_lines(count: int, where: Path) -> Iterator[bytes]:
    """The lines of the graph that so many articles make, as a build sorts them."""
    corpus.write(corpus.articles(count, seed=SEED), where)
    seeds = read_corpus(folder("seeds"), folder("ontology"))
    quads = all_quads(seeds, mappings(seeds, [where / "corpus.jsonl"]), Counter())
    yield from in_order((line(quad).encode() for quad in quads), where)


def describe(content: Path) -> None:
    """Prints the statements, seconds and MiB that describing these lines takes."""
    with content.open("rb") as lines:
        sizes = Counter(split(each).graph for each in lines)
    started = process_time()
    with content.open("rb") as lines:
        told = description(lines, sizes, content.parent)
    print(len(told), process_time() - started, peak())


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[50, 350, 1_750])
    parser.add_argument("--content", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.content:
        describe(given.content)
        return
    OUT.mkdir(exist_ok=True)
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.cpu_count()} cores\n")
    print("| articles | quads | statements | CPU s | share | peak MiB |\n|---|---|---|---|---|---|")
    for size in given.articles:
        with TemporaryDirectory(dir=OUT) as where:
            content, started = Path(where) / "content.nq", process_time()
            with content.open("wb") as out:
                out.writelines(sorted_lines(size, Path(where)))
            made = process_time() - started
            command = [sys.executable, __file__, "--content", str(content)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            told, seconds, most = map(float, done.stdout.split())
            with content.open("rb") as lines:
                quads = sum(1 for _ in lines)
        share = f"{seconds / (seconds + made):.0%}"
        print(f"| {size:,} | {quads:,} | {told:,.0f} | {seconds:.1f} | {share} | {most:.0f} |")


if __name__ == "__main__":
    main()
