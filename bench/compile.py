"""How fast, and in how much memory, mappings become RDF: Caspian against LinkML and morph-kgc.

    python bench/compile.py [--articles N] [--linkml N] [--morph N] [--sizes N ...] [--repeats N]

prints two tables: the speed of the three, and the cost of ours at several sizes.

What is compared. Ours reads the mappings (JSON Lines), checks every name, value and quote, works
out ids, EDTF bounds, the words of the lexicon, principals and relay chains, and writes N-Quads,
views included. The peers cannot do that work. They get what it comes to: the same claims as
instance data in the very shape of the target model (instances.py), and only turn it into triples,
the views left out. So the logical claims are the same by construction, and every run checks that a
peer writes as many triples as ours: morph-kgc each once (it merges what two articles share), LinkML
as many an article, without language tags, which its dumper drops. Without the views that is a
fifth fewer lines an article than ours.

What is timed. Ours: the whole process, start and ontology included. The peers: neither their start
nor LinkML's making of classes. Each is one process on one core, so time is processor time, which a
busy machine blurs less than the clock. Runs are interleaved, medians are shown. A peer runs over a
smaller sample, marked *: its speed is that of the sample. Peak memory is the high water mark of the
process's resident set (VmHWM).
"""

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import NamedTuple

import corpus
from instances import Subject, expanded, instances, model, subjects, tables, triples
from schemas import linkml, rml

HERE = Path(__file__).parent
OUT = HERE / "out"
PEERS = {"linkml": "linkml==1.12.1", "morph": "morph-kgc==2.10.0"}
OURS = """
import json, sys, time
from measured import peak
from kg.cli import main
code = main(sys.argv[1:])
sys.stderr.write(json.dumps({"seconds": time.process_time(), "mebibytes": peak()}))
sys.exit(code)
"""
SEED = 1
ONCE = 10_000  # a larger corpus is compiled once, not as often as the others


class Run(NamedTuple):
    """One measured run of a process: processor time, what it wrote, peak memory."""

    seconds: float
    triples: int
    mebibytes: float


class Row(NamedTuple):
    """A line of the table of speeds."""

    name: str
    articles: int
    runs: list[Run]

    @property
    def seconds(self) -> float:
        """The median time."""
        return median(run.seconds for run in self.runs)


# ── what runs ───────────────────────────────────────────────────────────────────────────────────


def ours(path: Path, out: Path | None = None) -> Run:
    """Compiles the corpus, counting the quads as they come; `out` keeps them."""
    command = [sys.executable, "-c", OURS, "compile", str(path)]
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])
    environment = os.environ | {"PYTHONPATH": paths}
    with (out or Path(os.devnull)).open("wb") as kept, TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environment)
        quads = 0
        while block := process.stdout.read(1 << 20):
            quads += block.count(b"\n")
            kept.write(block)
        code = process.wait()
        said.seek(0)
        last = said.read().splitlines()[-1]
    if code:
        raise SystemExit(f"caspian compile {path} ended with {code}: {last}")
    return Run(triples=quads, **json.loads(last))


def peer(name: str, script: str, *arguments: object) -> Run:
    """Runs a peer's script in its venv; the script says what it measured."""
    command = [str(word) for word in (python(name), HERE / script, *arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def python(name: str) -> Path:
    """The Python of the peer's venv, which is made where it is not there yet."""
    home = OUT / "venvs" / name
    found = home / "bin" / "python"
    if not found.exists():
        venv.create(home, with_pip=True)
        subprocess.run([found, "-m", "pip", "install", "--quiet", PEERS[name]], check=True)
    return found


def articles(count: int) -> Path:
    """The corpus of that many articles, made where it is not there yet."""
    folder = OUT / f"corpus-{count}"
    if not (folder / "key.jsonl").exists():
        corpus.write(corpus.articles(count, seed=SEED), folder)
    return folder / "corpus.jsonl"


# ── the same claims for the peers ───────────────────────────────────────────────────────────────


class Sample(NamedTuple):
    """The first articles of the corpus, as each peer needs them."""

    count: int
    triples: int
    files: tuple[Path, ...]


def compiled(count: int) -> list[list[Subject]]:
    """What ours writes of that many articles, as objects."""
    small = OUT / f"corpus-{count}.nq"
    ours(articles(count), small)
    with small.open(encoding="utf-8") as lines:
        return list(subjects(lines))


def linkml_sample(count: int) -> Sample:
    """A LinkML schema and its instance data."""
    found = compiled(count)
    classes = model(found)
    schema, data = OUT / "linkml.yaml", OUT / "linkml.jsonl"
    schema.write_text(linkml(classes), encoding="utf-8")
    with data.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(instances(one, classes)) + "\n" for one in found)
    return Sample(count, sum(map(triples, found)), (schema, data, OUT / "linkml.nt"))


def morph_sample(count: int) -> Sample:
    """An RML mapping and its JSON tables."""
    found = compiled(count)
    classes = model(found)
    mapping, folder = OUT / "morph.ttl", OUT / "morph"
    folder.mkdir(exist_ok=True)
    mapping.write_text(rml(classes, str(folder)), encoding="utf-8")
    for name, rows in tables(found, classes).items():
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    distinct = {triple for one in found for triple in expanded(one)}
    return Sample(count, len(distinct), (mapping, OUT / "morph.nt"))


def check(name: str, wanted: Sample, run: Run) -> None:
    """Ends the bench where a peer did not write what ours did."""
    if run.triples != wanted.triples:
        raise SystemExit(f"{name} wrote {run.triples} triples, ours {wanted.triples}")


# ── the tables ──────────────────────────────────────────────────────────────────────────────────


def speeds(count: int, linkml_count: int, morph_count: int, repeats: int) -> list[Row]:
    """Ours and the peers, run by turns."""
    path, first = articles(count), linkml_sample(linkml_count)
    second = morph_sample(morph_count)
    contestants: list[tuple[str, int, Callable[[], Run], Sample | None]] = [
        ("caspian", count, lambda: ours(path), None),
        *(
            (
                f"{PEERS['linkml']}, {way}",
                linkml_count,
                lambda way=way: peer("linkml", "peer_linkml.py", *first.files, way),
                first,
            )
            for way in ("documented", "favoured")
        ),
        (
            PEERS["morph"],
            morph_count,
            lambda: peer("morph", "peer_morph.py", *second.files),
            second,
        ),
    ]
    rows = [Row(name, size, []) for name, size, _, _ in contestants]
    for _ in range(repeats):
        for row, (name, _, run, wanted) in zip(rows, contestants, strict=True):
            row.runs.append(run())
            if wanted:
                check(name, wanted, row.runs[-1])
    return rows


def print_speeds(rows: list[Row]) -> None:
    """The table of speeds."""
    print("| | articles | CPU s | articles/s | triples/s | ours is faster | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    fastest = rows[0].articles / rows[0].seconds
    for row in rows:
        rate = row.articles / row.seconds
        sample = "" if row.articles == rows[0].articles else "*"
        cells = (
            row.name,
            f"{row.articles:,}{sample}",
            f"{row.seconds:.1f}",
            f"{rate:,.1f}",
            f"{row.runs[0].triples / row.seconds:,.0f}",
            f"{fastest / rate:.1f} times" if sample else "",
            f"{median(run.mebibytes for run in row.runs):,.0f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
    print("\n* a sample of the articles; its speed is taken for that of the whole\n")


def print_costs(sizes: Iterable[int], repeats: int, done: Row) -> None:
    """What ours costs at these sizes; one that is measured already is not run again."""
    print("| articles | CPU s | articles/s | quads | peak MiB |")
    print("|---|---|---|---|---|")
    for size in sizes:
        times = 1 if size > ONCE else repeats
        runs = done.runs if size == done.articles else [ours(articles(size)) for _ in range(times)]
        seconds = median(run.seconds for run in runs)
        peak = median(run.mebibytes for run in runs)
        quads = runs[0].triples
        print(f"| {size:,} | {seconds:,.1f} | {size / seconds:,.1f} | {quads:,} | {peak:,.0f} |")


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000, help="articles ours compiles")
    parser.add_argument("--linkml", type=int, default=40, help="articles LinkML gets")
    parser.add_argument("--morph", type=int, default=200, help="articles morph-kgc gets")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; medians are shown")
    given = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {os.cpu_count()} cores\n")
    rows = speeds(given.articles, given.linkml, given.morph, given.repeats)
    print_speeds(rows)
    print_costs(given.sizes, given.repeats, rows[0])


if __name__ == "__main__":
    main()
