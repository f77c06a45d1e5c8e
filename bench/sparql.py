"""How fast SPARQL queries are answered over HTTP: caspian-api beside five other servers.

    python bench/sparql.py [--quick] [--sizes 100k 1m 5m] [--peers NAME …] [--data DIR]

asks twelve shapes of query (shapes.toml) of every server at each size, by 1 client and by 8, and
prints tables in Markdown: what the servers are and take, how long queries last as ratios to
`oxigraph serve` on disk (D) and in memory (M), what 100,000 rows cost, and what a cache gives.

All servers of a size run at once and hold the same quads: those of the snapshot, with the merge of
all graphs in the default graph. Before anything is timed they answer the same instances, and where
one answers otherwise than D it is left out for that shape, which is said. Then they are asked by
turns, a small batch each, so that whatever else the machine does hits all alike (rounds.py). The
client is one process for all (client.py); on a machine of two cores it takes one of them while it
reads and sends, and that is part of every figure.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from agreement import Answer, answer, difference
from client import Client, Done, client
from graphs import ARTICLES, Graph, graph
from measured import forget_peak, peak, resident
from peers import PEERS, Peer, Running, started
from rounds import Entrant, Plan, Timing, by_turns, geometric_mean, ratio

from shapes import Shape, shapes

OUT = Path(__file__).parent / "out" / "sparql"
D, M, CACHED = "oxigraph-disk", "oxigraph-memory", "caspian-cached"
ROWS = "100,000 rows"
POINT = "point"
CLIENTS = (1, 8)
FULL, QUICK = Plan(0.25, 8, 3, 40), Plan(0.06, 4, 1, 4)
COMPARING = {FULL: 1.5, QUICK: 0.2}  # seconds a shape and server, for answers to be compared
INSTANCES = 100
LEAST, UNUSUAL = 5, 5
OK = 200
SPARE = 1.5  # GiB of memory left alone
FIGURES = (("p50", "p50"), ("p99", "p99"), ("rate", "throughput"))


class Contest(NamedTuple):
    """One size while it is measured."""

    graph: Graph
    servers: list[Running]
    drawn: dict[str, list[str]]
    client: Client
    plan: Plan

    def names(self) -> list[str]:
        """The servers that run."""
        return [server.name for server in self.servers]


class Measured(NamedTuple):
    """What came of one size: timings by number of clients, shape and server."""

    graph: Graph
    names: list[str]
    timings: dict[tuple[int, str], dict[str, Timing]]


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table, and an empty line."""
    print(f"| {' | '.join(head)} |")
    print(f"|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def figure(value: float) -> str:
    """A number with about three digits that count."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{digits}f}"


def many(clients: int) -> str:
    """So many clients, in words."""
    return f"{clients} client{'s'[: clients > 1]}"


def say(words: str) -> None:
    """Tells on standard error what is being done."""
    sys.stderr.write(f"{datetime.now(tz=UTC):%H:%M:%S} {words}\n")


# ── answers ─────────────────────────────────────────────────────────────────────────────────────


def requests(server: Running, shape: Shape, queries: Iterable[str]) -> list[bytes]:
    """The queries as that server is asked them."""
    return [server.peer.request(query, shape.accept) for query in queries]


class Compared(NamedTuple):
    """Answers to one shape: how large, how many were compared, and who may be timed."""

    size: float
    count: int
    estimates: dict[str, float]
    """Seconds a query, of those that answer as the first server does."""
    notes: list[str]


def compared(contest: Contest, shape: Shape) -> Compared:
    """Asks every server the same instances and holds the answers against those of the first."""
    first, *others = contest.servers
    done = _asked(contest, first, shape, contest.drawn[shape.name][:INSTANCES])
    estimates, notes = {first.peer.name: _estimate(done)}, []
    wanted = [answer(shape, each) for each in done]
    for server in others:
        done = _asked(contest, server, shape, contest.drawn[shape.name][: len(wanted)])
        if reason := _apart(shape, wanted, done):
            notes.append(f"{server.name} is left out of “{shape.name}”: {reason}")
        else:
            estimates[server.name] = _estimate(done)
    return Compared(median(one.size for one in wanted), len(wanted), estimates, notes)


def _asked(contest: Contest, server: Running, shape: Shape, queries: Sequence[str]) -> list[Done]:
    """What the server answers, one query after the other; as many as it manages in some seconds."""
    began, done = time.monotonic(), []
    asked = requests(server, shape, queries)
    while len(done) < len(asked):
        # a few at least, unless each takes long
        usual = COMPARING[contest.plan] * (1 if len(done) > LEAST else UNUSUAL)
        if done and time.monotonic() - began > usual:
            break
        some = asked[len(done) : 2 * len(done) + 1]  # one, then as many again as there were
        done += contest.client.batch(server.target, some, keep=True).done
    return done


def _estimate(done: Sequence[Done]) -> float:
    """Seconds a query takes once what can be warm is warm."""
    return median(each.whole for each in done[len(done) // 2 :])


def _apart(shape: Shape, wanted: Sequence[Answer], done: Sequence[Done]) -> str:
    """How the answers differ from those wanted; empty where they are the same."""
    failed = [each for each in done if each.status != OK]
    if failed:
        said = failed[0].body[:200].decode(errors="replace").replace("\n", " ")
        return f"status {failed[0].status} for {len(failed)} of {len(done)}: {said}"
    pairs = zip(wanted, (answer(shape, each) for each in done), strict=False)
    differing = [what for pair in pairs if (what := difference(*pair))]
    if differing:
        return f"{len(differing)} of {len(done)} answers differ: {differing[0]}"
    return ""


# ── the stages of one size ──────────────────────────────────────────────────────────────────────


def measure(contest: Contest) -> tuple[Measured, list[str]]:
    """Every shape of every server by each number of clients, and the sentences to be told of it."""
    timings, notes, rows = {}, [], []
    for shape in shapes():
        say(f"{contest.graph.name}: {shape.name}")
        agreed = compared(contest, shape)
        notes += agreed.notes
        queries = contest.drawn[shape.name]
        rows.append(
            (shape.name, shape.asks, f"{len(queries)}", f"{agreed.size:,.0f}", f"{agreed.count}")
        )
        entrants = [
            Entrant(server, requests(server, shape, queries), agreed.estimates[server.name])
            for server in contest.servers
            if server.name in agreed.estimates
        ]
        for clients in CLIENTS:
            found = by_turns(contest.client, entrants, contest.plan, clients)
            timings[clients, shape.name] = found
            notes += [
                f"{name} is left out of “{shape.name}” by {many(clients)}: {timing.reason}"
                for name, timing in found.items()
                if timing.reason
            ]
    table(("shape", "asks", "instances", "rows", "answers compared"), rows)
    return Measured(contest.graph, contest.names(), timings), notes


def print_ratios(measured: Measured, clients: int, of: str, title: str) -> None:
    """The table of one figure: seconds or rates of D and M, and the others as ratios to them."""
    others = [name for name in measured.names if name not in {D, M}]
    unit = "a second" if of == "rate" else "ms"
    print(f"**{title}, {many(clients)}** (each server: ÷ D · ÷ M)\n")
    rows, ratios = [], {name: ([], []) for name in others}
    for shape in shapes():
        timings = measured.timings[clients, shape.name]
        absolute = [_absolute(timings.get(name), of) for name in (D, M)]
        cells = []
        for name in others:
            pair = [_ratio(timings, name, base, of) for base in (D, M)]
            for values, value in zip(ratios[name], pair, strict=True):
                values.extend([value] if value else [])
            mark = "*" if name in timings and timings[name].reduced else ""
            cells.append(" · ".join(figure(value) if value else "–" for value in pair) + mark)
        rows.append([shape.name, *absolute, *cells])
    rows.append(["geometric mean", "", "", *(_means(*ratios[name]) for name in others)])
    table(["", f"D, {unit}", f"M, {unit}", *others], rows)


def _absolute(timing: Timing | None, of: str) -> str:
    if timing is None or timing.reason:
        return "–"
    if of == "p99":
        return figure(timing.p99 * 1000)
    value = timing.overall(getattr(timing, of))
    return figure(value if of == "rate" else value * 1000)


def _ratio(timings: Mapping[str, Timing], name: str, base: str, of: str) -> float | None:
    if name not in timings or base not in timings:
        return None
    return ratio(timings[name], timings[base], of)


def _means(to_disk: Sequence[float], to_memory: Sequence[float]) -> str:
    shown = " · ".join(
        figure(geometric_mean(values)) if values else "–" for values in (to_disk, to_memory)
    )
    few = min(len(to_disk), len(to_memory))
    return f"**{shown}**" + (f" ({few} of {len(shapes())})" if few < len(shapes()) else "")


def print_rows(contest: Contest, measured: Measured) -> None:
    """What the shape of 100,000 rows costs: time to the first byte, and the front's memory."""
    (shape,) = (one for one in shapes() if one.name == ROWS)
    rows = []
    for server in contest.servers:
        name = server.name
        timing = measured.timings[1, ROWS].get(name)
        if timing is None or timing.reason:
            continue
        (request,) = requests(server, shape, contest.drawn[ROWS])
        before = resident(server.process)
        peaks = []
        for clients in CLIENTS:
            forget_peak(server.process)
            some = clients if timing.p50(0) < 2 else 1  # seconds
            contest.client.batch(server.target, [request] * some, clients=some)
            peaks.append(f"+{max(0, peak(server.process) - before):,.0f}")
        rows.append(
            (
                name,
                figure(timing.overall(timing.first) * 1000),
                figure(timing.overall(timing.p50) * 1000),
                _versus(measured, name, D),
                _versus(measured, name, M),
                f"{timing.rounds[0].done[0].size / 1e6:.1f}",
                f"{before:,.0f}",
                *peaks,
            )
        )
    print(f"**{ROWS}**: the answer, and the memory (MiB) of the process that listens\n")
    head = ("first byte ms", "last byte ms", "times as fast as D", "as M", "MB")
    table(("", *head, "memory before", "with 1 client", "with 8"), rows)


def _versus(measured: Measured, name: str, base: str) -> str:
    value = _ratio(measured.timings[1, ROWS], base, name, "p50")
    return figure(value) if value else "–"


def print_cache(contest: Contest) -> None:
    """Point look-ups that no cache can know, and the same again."""
    (shape,) = (one for one in shapes() if one.name == POINT)
    queries = contest.drawn[POINT]
    rows = []
    for turn, clients in enumerate(CLIENTS):
        half = queries[turn::2]
        size = len(half) // contest.plan.rounds
        timings = {(one.name, again): Timing() for one in contest.servers for again in (0, 1)}
        for number in range(contest.plan.rounds):
            fresh = half[number * size : (number + 1) * size]
            for server in contest.servers:
                name = server.name
                asked = requests(server, shape, fresh)
                for again in (0, 1):
                    batch = contest.client.batch(server.target, asked, clients=clients)
                    timings[name, again].rounds[number] = batch
                    timings[name, again].places[number] = [*range(len(asked))]
        for (name, again), timing in timings.items():
            rows.append(
                (
                    name,
                    "again" if again else "first time",
                    str(clients),
                    figure(timing.overall(timing.p50) * 1000),
                    figure(timing.p99 * 1000),
                    figure(timing.overall(timing.rate)),
                    *(
                        figure(value) if (value := ratio(timing, timings[base, again], of)) else "–"
                        for of in ("p50", "rate")
                        for base in (D, M)
                        if (base, again) in timings
                    ),
                )
            )
    print(f"**Point look-ups, {size} new ones a round, then the same again**\n")
    bases = [base for base in (D, M) if base in contest.names()]
    head = [f"{of} ÷ {'DM'[base == M]}" for of in ("p50", "throughput") for base in bases]
    table(("", "asked", "clients", "p50 ms", "p99 ms", "a second", *head), rows)


# ── one size, all sizes ─────────────────────────────────────────────────────────────────────────


def run(size: str, names: Sequence[str], data: Path, plan: Plan) -> Measured:
    """Measures one size and prints its tables."""
    say(f"{size}: the graph")
    found = graph(size, data)
    print(
        f"## {size}: {found.quads:,} quads in named graphs and {found.merged:,} in their merge\n\n"
        f"{found.articles:,} articles, {found.claims:,} claims; built in {found.seconds:.0f} s.\n"
    )
    with ExitStack() as stack:
        asked = stack.enter_context(client())
        servers, told = _start(stack, [PEERS[name] for name in names if name != CACHED], found)
        contest = Contest(found, servers, found.drawn(), asked, plan)
        measured, notes = measure(contest)
        for note in notes:
            print(f"- {note}")
        print("\n* fewer requests than the others, for it takes much longer\n")
        for of, title in FIGURES:
            for clients in CLIENTS:
                print_ratios(measured, clients, of, title)
        _print_client(measured)
        print_rows(contest, measured)
        for server in servers:
            told[server.name][-1] = f"{server.memory():,.0f}"
    if CACHED in names:
        told |= _cache(found, names, plan)
    _print_servers(told)
    return measured


def _cache(found: Graph, names: Sequence[str], plan: Plan) -> dict[str, list[str]]:
    """The stage of its own for the service with its cache, beside D and M alone."""
    say(f"{found.name}: the cache")
    with ExitStack() as stack:
        asked = stack.enter_context(client())
        chosen = [PEERS[name] for name in (D, M, CACHED) if name in names]
        servers, told = _start(stack, chosen, found)
        if CACHED in {server.name for server in servers}:
            print_cache(Contest(found, servers, found.drawn(), asked, plan))
        for server in servers:
            told[server.name][-1] = f"{server.memory():,.0f}"
        return {CACHED: told[CACHED]}


def _start(
    stack: ExitStack, peers: Iterable[Peer], found: Graph
) -> tuple[list[Running], dict[str, list[str]]]:
    """The servers that run, and a line of the table for each, the others included."""
    servers, told = [], {}
    for peer in peers:
        say(f"{found.name}: {peer.name} starts")
        line = [peer.title]
        try:
            line.append(peer.version())
            _see_room(peer, found)
            server = stack.enter_context(started(peer, found))
        except (FileNotFoundError, MemoryError, RuntimeError, TimeoutError) as error:
            line += ["–"] * (2 - len(line))
            told[peer.name] = [*line, f"absent: {error}", "", "", "", ""]
            continue
        servers.append(server)
        told[peer.name] = [
            *line,
            f"{server.loaded:.1f}" if server.loaded else "–",
            f"{server.started:.1f}",
            f"{server.disk / 1e6:,.0f}" if server.disk > 1e6 else "–",
            f"{server.memory():,.0f}",
            "",
        ]
    return servers, told


def _see_room(peer: Peer, found: Graph) -> None:
    """MemoryError where the server would not have room for the graph, or not the patience."""
    if found.quads > peer.largest:
        raise MemoryError(f"tried up to {peer.largest:,} quads only, it takes too long")
    meminfo = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    (free,) = (int(line.split()[1]) / 2**20 for line in meminfo if line[:12] == "MemAvailable")
    wanted = SPARE + (found.quads + found.merged) / 2e6
    if free < wanted:
        raise MemoryError(f"it may need {wanted:.1f} GiB with what is left alone; {free:.1f} free")


def _print_servers(told: Mapping[str, Sequence[str]]) -> None:
    head = ("", "what", "version", "load s", "start s", "disk MB", "MiB at start", "MiB at the end")
    table(head, ([name, *line] for name, line in told.items()))


def _print_client(measured: Measured) -> None:
    """How much of its time the client itself worked: near 1 it would be what is measured."""
    shares = {
        (batch.client_seconds / batch.seconds, name, shape, clients)
        for (clients, shape), timings in measured.timings.items()
        for name, timing in timings.items()
        for batch in timing.rounds.values()
    }
    most, name, shape, clients = max(shares)
    print(
        f"The client worked {median(share for share, *_ in shares):.0%} of the time (median of all "
        f"batches), at most {most:.0%}: {name}, “{shape}”, {many(clients)}.\n"
    )


def print_summary(all_measured: Sequence[Measured]) -> None:
    """Geometric means of every server, at each size and number of clients."""
    print("## Geometric means over the shapes, ÷ D · ÷ M\n")
    rows = []
    for measured in all_measured:
        others = [name for name in measured.names if name not in {D, M}]
        rows += [
            [measured.graph.name, str(clients), name, *_all_means(measured, clients, name)]
            for clients in CLIENTS
            for name in others
        ]
    table(("size", "clients", "", *(title for _, title in FIGURES)), rows)


def _all_means(measured: Measured, clients: int, name: str) -> list[str]:
    return [
        _means(*(_all(measured, clients, name, base, of) for base in (D, M))) for of, _ in FIGURES
    ]


def _all(measured: Measured, clients: int, name: str, base: str, of: str) -> list[float]:
    found = (_ratio(measured.timings[clients, shape.name], name, base, of) for shape in shapes())
    return [value for value in found if value]


def print_machine(names: Sequence[str], plan: Plan) -> None:
    """Where and how this was measured."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    print(
        f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"Python {platform.python_version()}; load average {os.getloadavg()[0]:.1f} at the start. "
        f"Rounds of {plan.slice} s a server and shape, up to {plan.rounds} of them.\n"
    )
    for name in names:
        if PEERS[name].settings:
            given = " ".join(f"{key}={value}" for key, value in PEERS[name].settings.items())
            print(f"- `{name}`: `{given} caspian-api --log-level warning`")
    print()


def main() -> None:
    """Runs the bench."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="The servers are " + ", ".join(PEERS) + ".",
    )
    parser.add_argument("--sizes", nargs="+", choices=ARTICLES, metavar="SIZE")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=[*PEERS], metavar="NAME")
    parser.add_argument("--data", type=Path, default=OUT, metavar="DIR", help="keeps the graphs")
    parser.add_argument("--quick", action="store_true", help="three minutes at 100k, roughly")
    given = parser.parse_args()
    plan = QUICK if given.quick else FULL
    sizes = given.sizes or (["100k"] if given.quick else [*ARTICLES])
    names = [name for name in PEERS if name in given.peers]
    began = time.monotonic()
    print_machine(names, plan)
    done = [run(size, names, given.data.resolve(), plan) for size in sizes]
    print_summary(done)
    print(f"{(time.monotonic() - began) / 60:.0f} minutes in all")


if __name__ == "__main__":
    main()
