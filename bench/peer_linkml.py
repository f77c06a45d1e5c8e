"""Loads instance data of a LinkML schema and writes it as N-Triples: run by compile.py in a venv.

    peer_linkml.py schema.yaml instances.jsonl out.nt {documented|favoured}

documented: as LinkML's manual has it: classes of gen-python, an article loaded as one container,
    `rdflib_dumper.dumps`. The container's own triples are not counted.
favoured: what a reader of its source would do for speed: pydantic classes, no container, objects
    put into one rdflib graph an article by `inject_triples`, no canonicalisation when written.

Making the classes from the schema is not measured, loading and dumping are.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from linkml.generators.pydanticgen import PydanticGenerator
from linkml.generators.pythongen import PythonGenerator
from linkml_runtime import SchemaView
from linkml_runtime.dumpers import rdflib_dumper
from linkml_runtime.loaders import json_loader
from measured import peak
from rdflib import Graph

Article = dict[str, list[dict[str, Any]]]


def documented(schema: str) -> Callable[[Article], tuple[str, int]]:
    """A function from an article's objects to N-Triples and their count."""
    module, view = PythonGenerator(schema).compile_module(), SchemaView(schema)

    def dump(article: Article) -> tuple[str, int]:
        objects = sum(map(len, article.values()))
        loaded = json_loader.load({"id": "id:all", **article}, target_class=module.Container)
        text = rdflib_dumper.dumps(loaded, view, fmt="nt")
        return text, text.count("\n") - objects - 1

    return dump


def favoured(schema: str) -> Callable[[Article], tuple[str, int]]:
    """The same, the fast way."""
    module, view = PydanticGenerator(schema).compile_module(), SchemaView(schema)

    def dump(article: Article) -> tuple[str, int]:
        graph = Graph()
        for kind, objects in article.items():
            for one in objects:
                loaded = json_loader.load(one, target_class=getattr(module, kind))
                rdflib_dumper.inject_triples(loaded, view, graph, kind)
        return graph.serialize(format="nt"), len(graph)

    return dump


def main(schema: str, instances: str, out: str, way: str) -> None:
    """Prints what was measured as one JSON object."""
    dump = {"documented": documented, "favoured": favoured}[way](schema)
    triples = 0
    began = time.process_time()
    with Path(out).open("w", encoding="utf-8") as written:
        for article in _articles(instances):
            text, count = dump(article)
            written.write(text)
            triples += count
    seconds = time.process_time() - began
    print(json.dumps({"triples": triples, "seconds": seconds, "mebibytes": peak()}))


def _articles(instances: str) -> Iterator[Article]:
    with Path(instances).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
