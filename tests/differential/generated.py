"""Queries made by chance, the same ones every time: a dataset, a join, and clauses that hang on it.

They keep to what all three engines do alike, so that a difference is a fault: every clause shares
one variable with the join, and what is bound in an OPTIONAL is used nowhere else.
"""

from collections.abc import Iterator
from random import Random

from tests.differential.cases import Case

__all__ = ["generated"]

_HOW_MANY = 200
_SEED = 4
_PREFIXES = "PREFIX : <urn:ex:>\nPREFIX g: <urn:g:>\n"
_GRAPHS = ("one", "two", "three", "unknown")
_THINGS = {
    "transfer": (":kites", ":balloons", ":lanterns", ":ropes"),
    "state": (":ruritania", ":freedonia", ":sylvania", ":nobody"),
    "place": (":a", ":b", ":c", ":e"),
}
_KEYS = {
    "transfer": (":supplier", ":recipient", ":quantity", ":price", "a", "a", "^:says"),
    "state": (":near", ":rank", ":label", "a", "^:supplier", "^:recipient", ":near+"),
    "place": (":next", "^:next", ":next+", ":next/:next", "^:next+"),
}
_ENDS = {
    ":supplier": "state",
    ":recipient": "state",
    "^:supplier": "transfer",
    "^:recipient": "transfer",
}
"""What a key leads to, where that is of another kind."""


def generated() -> Iterator[Case]:
    """The cases, each with its number."""
    for number in range(_HOW_MANY):
        yield _case(Random(_SEED * 10_000 + number), number)  # noqa: S311 -- no secret


def _case(chance: Random, number: int) -> Case:
    default, named = _dataset(chance)
    pattern, variables = _pattern(chance)
    head, tail = _projection(chance, variables)
    name = f"generated/{number:03}"
    if chance.random() < 1 / 2:
        query = f"{_PREFIXES}{head} WHERE {{ {pattern} }} {tail}"
        return Case(name, query, default=default, named=named)
    clauses = [*(f"FROM <{each}>" for each in default), *(f"FROM NAMED <{each}>" for each in named)]
    return Case(name, f"{_PREFIXES}{head} {' '.join(clauses)} WHERE {{ {pattern} }} {tail}")


def _dataset(chance: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Graphs for the default graph, some of them twice, and named graphs; often none of both."""
    if chance.random() < 1 / 3:
        return (), ()
    default = chance.choices(_GRAPHS, k=chance.choice((0, 1, 2, 3, 3)))
    # Jena refuses to name a graph twice
    named = chance.sample(_GRAPHS, k=chance.choice((0, 2, 3, 4)))
    return tuple(f"urn:g:{name}" for name in default), tuple(f"urn:g:{name}" for name in named)


def _projection(chance: Random, variables: list[str]) -> tuple[str, str]:
    one = chance.choice(variables)
    return chance.choice(
        (
            (f"SELECT {' '.join(variables)}", ""),
            ("SELECT (COUNT(*) AS ?n)", ""),
            (f"SELECT DISTINCT {one}", ""),
            (f"SELECT (COUNT(DISTINCT {one}) AS ?n)", ""),
            # rdflib has a row for no group, which HAVING takes away
            (f"SELECT {one} (COUNT(*) AS ?n)", f"GROUP BY {one} HAVING(COUNT(*) > 0)"),
            (f"SELECT {one} (COUNT(*) AS ?n)", f"GROUP BY {one} HAVING(COUNT(*) > 1)"),
            ("ASK", ""),
            (f"CONSTRUCT {{ :it :found {one} }}", ""),
        )
    )


def _pattern(chance: Random) -> tuple[str, list[str]]:
    kind = chance.choice([*_THINGS])
    variables = ["?v0"]
    joined = [_triple(chance, kind, variables) for _ in range(chance.choice((1, 1, 2, 2, 2)))]
    if chance.random() < 1 / 3:
        joined = ["GRAPH ?g {", *joined, "}"]
        variables.append("?g")
    clauses = [_clause(chance, kind) for _ in range(chance.choice((0, 1, 1, 2)))]
    return " ".join([*joined, *clauses]), variables


def _triple(chance: Random, kind: str, variables: list[str]) -> str:
    """What a thing of the kind, ?v0, has to do with another, most often a new variable."""
    key = chance.choice(_KEYS[kind])
    if chance.random() < 1 / 12:
        return f"?v0 {key} {chance.choice(_THINGS[_ENDS.get(key, kind)])} ."
    variables.append(f"?v{len(variables)}")
    return f"?v0 {key} {variables[-1]} ."


def _clause(chance: Random, kind: str) -> str:
    first, second = (_inside(chance, kind) for _ in range(2))
    things = chance.sample(_THINGS[kind], k=2)
    return chance.choice(
        (
            f"OPTIONAL {{ {first} }}",
            f"MINUS {{ {first} }}",
            f"FILTER EXISTS {{ {first} }}",
            f"FILTER NOT EXISTS {{ {first} }}",
            f"FILTER EXISTS {{ GRAPH ?h {{ {first} }} }}",
            f"{{ {first} }} UNION {{ {second} }}",
            f"GRAPH g:{chance.choice(_GRAPHS)} {{ {first} }}",
            f"GRAPH ?h {{ {first} }}",
            f"VALUES ?v0 {{ {' '.join(things)} }}",
            f"FILTER(?v0 != {things[0]})",
            f"FILTER(?v0 IN ({', '.join(things)}))",
        )
    )


def _inside(chance: Random, kind: str) -> str:
    """A pattern on ?v0 whose other variable has a name of its own."""
    return _triple(chance, kind, ["?v0"]).replace("?v1", f"?i{chance.randrange(1_000_000)}")
