"""How well and how fast relations and origins are found, where conflicts are planted.

    PYTHONPATH=. python bench/relations.py [--claims 10000 100000 1000000] [--articles 2000]

prints three tables in one run: (a) precision and recall by kind of planted conflict, beside a
baseline that flags any two different values of one property; (b) same-origin F1 on random relay
graphs, beside counting publishers; (c) what it costs by the number of claims, and what it costs to
add one article to that many.
"""

import argparse
import gc
import itertools
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from corpus import Article, articles
from measured import peak

from kg.corpus import Corpus, read_corpus
from kg.derive import Index
from kg.mapping import ArticleMapping
from kg.mapping_reader import read_mapping
from kg.measures import Same, same
from kg.origins import Origins
from kg.records import Record
from kg.relations import Relation
from kg.resources import folder
from kg.source import Document

SEED = 7
RULES = {
    "number": {"disjoint"},
    "date": {"disjoint"},
    "polarity": {"polarity"},
    "role-reversal": {"roles"},
    "unit-confusion": {"unit", "distance"},
}
KEYS = {
    "number": "quantity",
    "date": "announced",
    "polarity": "status",
    "role-reversal": "supplier",
    "unit-confusion": "distanceFrom",
}
CONFLICTS = {"contradicts", "internal-conflict", "reverses-roles"}


def mapping_of(article: Article, corpus: Corpus) -> ArticleMapping:
    """The article's mapping, as it is read from a line of JSON."""
    document = Document("corpus.jsonl", json.loads(article.line), {})
    return read_mapping(document, corpus.vocabulary)


# -- (a) planted conflicts


class Planted(NamedTuple):
    """A conflict somebody planted: the claim, and what the story's first article says."""

    kind: str
    claim: str
    against: Same


def planted(
    plants: Iterable[dict[str, object]], index: Index, said: dict[str, ArticleMapping]
) -> list[Planted]:
    """The planted conflicts, with the claims that hold them."""
    found = []
    for plant in plants:
        if plant["plant"] == "conflict":
            against = plant["against"]
            there = _claim(against["article"], against["path"], index, said)
            here = _claim(plant["article"], plant["path"], index, said)
            found.append(Planted(str(plant["kind"]), here.claim, same(there.value)))
    return found


def _claim(article: str, path: str, index: Index, said: dict[str, ArticleMapping]) -> Record:
    _, at, rest = path.split(".", 2)
    thing, _, key = rest.rpartition(".")
    passage = said[article].said[int(at)].quoted.passage
    (found,) = (
        record
        for record in index.articles[article]
        if (record.thing, record.key, record.passage) == (thing, key, passage)
    )
    return found


def conflicts(
    relations: Iterable[Relation], records: dict[str, Record]
) -> dict[str, list[Relation]]:
    """What was found, by the kind of conflict it would be."""
    found = defaultdict(list)
    for relation in relations:
        key = records[relation.first].key
        for kind, rules in RULES.items():
            fits = key == KEYS[kind] or kind == "role-reversal"
            if fits and relation.kind in CONFLICTS and relation.rule in rules:
                found[kind].append(relation)
    return found


def quality(corpus: Corpus, count: int) -> None:
    """Prints table (a)."""
    index, said, plants = Index(corpus.rules), {}, []
    for article in articles(count, seed=SEED):
        said[article.name] = mapping_of(article, corpus)
        plants.extend(article.planted)
        index.learn(said[article.name])
    records = {r.claim: r for held in index.articles.values() for r in held}
    keyed = planted(plants, index, said)
    by_kind = conflicts(index.relations(), records)
    other = {relation.rule for relation in index.relations() if relation.kind in CONFLICTS}
    rows = []
    for kind in RULES:
        wanted = [plant for plant in keyed if plant.kind == kind]
        ours = _ours(by_kind[kind], wanted, records)
        base = _baseline(KEYS[kind], wanted, index)
        rows.append([kind, len(wanted), *ours, *base])
    head = [
        "planted",
        "n",
        "found",
        "precision",
        "recall",
        "flagged by baseline",
        "precision",
        "recall",
    ]
    print(f"\n(a) conflicts planted in {count:,} articles, {len(records):,} claims")
    print(table(head, rows))
    print("rules that found conflicts:", ", ".join(sorted(other)))


def _ours(found: list[Relation], wanted: list[Planted], records: dict[str, Record]) -> list[object]:
    claims = {plant.claim for plant in wanted}
    right = [r for r in found if {r.first, r.second} & claims]
    unplanted = [r for r in found if not {r.first, r.second} & claims and _apart(r, records)]
    hit = set()
    for relation in found:
        for here, there in itertools.permutations((relation.first, relation.second)):
            hit.add((here, same(records[there].value)))
    recalled = sum((plant.claim, plant.against) in hit for plant in wanted)
    shown = f"{len(found)} ({len(unplanted)} unplanted)" if unplanted else str(len(found))
    return [shown, _share(len(right) + len(unplanted), len(found)), _share(recalled, len(wanted))]


def _apart(relation: Relation, records: dict[str, Record]) -> bool:
    """Whether the corpus itself holds two numbers that cannot both be, though nobody planted it.

    So it is with “hundreds” by an unnamed official, where the story has fewer than two hundred.
    """
    one, other = records[relation.first].value, records[relation.second].value
    ends = [getattr(each, "minimum", None) for each in (one, other)]
    tops = [getattr(each, "maximum", None) for each in (one, other)]
    if None in ends or None in tops:
        return False
    return max(ends) > min(tops)


def _baseline(key: str, wanted: list[Planted], index: Index) -> list[object]:
    """Any two different values of one property of one thing, in two articles, are a conflict."""
    flagged = right = 0
    claims = {plant.claim: plant for plant in wanted}
    recalled = set()
    for held in index.things.values():
        values = [r for r in held.values() if r.key == key]
        for one, other in itertools.combinations(values, 2):
            if one.article != other.article and same(one.value) != same(other.value):
                flagged += 1
                right += one.claim in claims or other.claim in claims
                for here, there in ((one, other), (other, one)):
                    plant = claims.get(here.claim)
                    if plant and plant.against == same(there.value):
                        recalled.add(here.claim)
    return [flagged, _share(right, flagged), _share(len(recalled), len(wanted))]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "—"


# -- (b) origins


def relay_graph(
    count: int, rng: random.Random, joining: float
) -> tuple[dict[int, list[int]], dict[int, str], dict[int, int]]:
    """Utterances and relays: what each hears, the principal of each root, the publisher of each."""
    hears: dict[int, list[int]] = {}
    principals, publishers = {}, {}
    for node in range(count):
        publishers[node] = rng.randrange(count // 8)
        if node < 20 or rng.random() < 0.15:
            hears[node] = []
            principals[node] = f"actor/p{rng.randrange(count // 20)}"
        else:
            hears[node] = [rng.randrange(node)]
            if rng.random() < joining:
                hears[node].append(rng.randrange(node))
    return hears, principals, publishers


def origins(count: int, joining: float) -> list[object]:
    """A row of table (b)."""
    rng = random.Random(SEED)
    hears, principals, publishers = relay_graph(count, rng, joining)
    made, truth = Origins(), {}
    for node in hears:
        made.add(str(node), [str(each) for each in hears[node]], principals.get(node, ""))
        own = {principals[node]} if node in principals else set()
        truth[node] = own.union(*(truth[each] for each in hears[node]))
    score = {"ours": Counter(), "publishers": Counter()}
    for _ in range(200_000):
        one, other = rng.sample(range(count), 2)
        # two claims share an origin where they share an ancestor, or a principal at their roots
        really = bool(truth[one] & truth[other])
        guesses = {
            "ours": bool(made.of(str(one)) & made.of(str(other))),
            "publishers": publishers[one] == publishers[other],
        }
        for name, guess in guesses.items():
            score[name][guess, really] += 1
    return [f"{joining:.0%}", *(each for name in score for each in _f1(score[name]))]


def _f1(score: Counter[tuple[bool, bool]]) -> Iterator[str]:
    right, wrong, missed = score[True, True], score[True, False], score[False, True]
    yield f"{right / (right + wrong):.3f}" if right + wrong else "—"
    yield f"{right / (right + missed):.3f}" if right + missed else "—"
    yield f"{2 * right / (2 * right + wrong + missed):.3f}"


# -- (c) cost


def cost(corpus: Corpus, claims: int) -> list[object]:
    """A row of table (c)."""
    gc.collect()
    index, held = Index(corpus.rules), 0
    reading = indexing = 0.0
    made = articles(10**9, seed=SEED)
    while held < claims:
        started = time.perf_counter()
        mapping = mapping_of(next(made), corpus)
        read = time.perf_counter()
        index.learn(mapping)
        indexing += time.perf_counter() - read
        reading += read - started
        held += len(index.articles[mapping.article])
    started = time.perf_counter()
    relations = sum(1 for _ in index.relations())
    relating = time.perf_counter() - started
    adding, touched = [], set[str]()
    for mapping in [mapping_of(each, corpus) for each in itertools.islice(made, 9)]:
        started = time.perf_counter()
        touched = index.learn(mapping)
        index.relations_of(touched)
        adding.append(time.perf_counter() - started)
    return [
        f"{held:,}",
        f"{len(index.things):,}",
        f"{relations:,}",
        f"{reading:.1f}",
        f"{indexing:.1f}",
        f"{relating:.1f}",
        f"{(indexing + relating) / held * 1e6:.0f}",
        f"{median(adding) * 1000:.0f} ({len(touched)} things)",
        f"{peak():,.0f}",
    ]


def table(head: list[str], rows: list[list[object]]) -> str:
    """The rows under their heads, in columns as wide as what stands in them."""
    cells = [head, *([str(each) for each in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in cells
    )


def main() -> None:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=2000, help="for table (a)")
    parser.add_argument("--claims", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    corpus = read_corpus(folder("seeds"), folder("ontology"))
    quality(corpus, given.articles)
    print("\n(b) same origin or not, of 200,000 pairs in random relay graphs of 2,000 nodes")
    head = ["hear two", "precision", "recall", "F1", "by publisher: precision", "recall", "F1"]
    print(table(head, [origins(2000, joining) for joining in (0.0, 0.01, 0.05, 0.2)]))
    head = [
        "claims",
        "things",
        "relations",
        "read s",
        "index s",
        "relate s",
        "µs a claim",
        "add an article, ms",
        "peak MB",
    ]
    print("\n(c) cost, one process")
    print(table(head, [cost(corpus, claims) for claims in given.claims]))


if __name__ == "__main__":
    main()
