"""Ask rdflib every query of a file; run by test_differential.py, with ask_jena.py's JSON.

The dataset of a query is put together here, as SPARQL 1.1 §13.2 describes it: rdflib itself fetches
what FROM names, and adds it to the default graph instead of replacing that. A process of its own,
since some of rdflib's answers depend on the order of a set, and so on PYTHONHASHSEED.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result

Names = tuple[str, ...]


def main() -> None:
    """Answer the cases of the file named first into the file named second."""
    warnings.simplefilter("ignore")
    asked = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sources = {name: Source(file, asked["base"]) for name, file in asked["data"].items()}
    answers = {case["name"]: sources[case["data"]].answer(case) for case in asked["cases"]}
    Path(sys.argv[2]).write_text(json.dumps(answers), "utf-8")


class Source:
    """The quads of a file, and the datasets that are made of its graphs."""

    def __init__(self, file: str, base: str) -> None:
        quads = Dataset().parse(file, format="nquads")
        self._graphs = {str(each.identifier): each for each in quads.graphs() if len(each)}
        self._base = base
        self._made: dict[tuple[Names, Names], Dataset] = {}

    def answer(self, case: dict[str, Any]) -> dict[str, str]:
        """The answer as SPARQL's JSON or N-Triples, or what went wrong."""
        try:
            query = prepareQuery(case["query"], base=self._base)
            clauses = query.algebra.datasetClause or ()
            default = tuple(str(each.default) for each in clauses if each.default)
            named = tuple(str(each.named) for each in clauses if each.named)
            if case["default"] or case["named"]:
                default, named = tuple(case["default"]), tuple(case["named"])
            query.algebra["datasetClause"] = None
            return written(self._dataset(default, named).query(query))
        except Exception as error:  # noqa: BLE001 -- whatever it raises is its answer
            return {"error": f"{type(error).__name__}: {error}"}

    def _dataset(self, default: Names, named: Names) -> Dataset:
        if (default, named) not in self._made:
            every = tuple(self._graphs)
            chosen = (default, named) if default or named else (every, every)
            self._made[default, named] = self._dataset_of(*chosen)
        return self._made[default, named]

    def _dataset_of(self, default: Names, named: Names) -> Dataset:
        dataset = Dataset()
        for name in default:
            for triple in self._graphs.get(name, Graph()):
                dataset.default_graph.add(triple)
        for name in named:
            for triple in self._graphs.get(name, Graph()):
                dataset.graph(URIRef(name)).add(triple)
        return dataset


def written(result: Result) -> dict[str, str]:
    """The answer in bytes, by the kind of query."""
    if result.graph is not None:
        return {"graph": result.graph.serialize(format="nt")}
    if result.type == "ASK":
        return {"ask": str(result.askAnswer).lower()}
    return {"select": (result.serialize(format="json") or b"").decode()}


if __name__ == "__main__":
    main()
