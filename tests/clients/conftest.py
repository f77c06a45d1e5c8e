"""Fixtures: the command `caspian-api`, running over the five articles, for clients to ask.

The clients are programs we did not write, in their released form. One that is not installed is
skipped, and says what to install.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.vocab import CAS
from tests.running import Running, served

LEG = "https://w3id.org/caspian/id/leg/"
VIEW = "https://w3id.org/caspian/graph/view/"
LEGS = frozenset(
    f"{LEG}{name}"
    for name in (
        "amirabad-makhachkala",
        "makhachkala-primorsko-akhtarsk",
        "makhachkala-seshcha",
    )
)
"""The legs of supply routes the five articles tell of."""

SELECT = f"SELECT ?leg {{ ?leg a <{CAS}RouteLeg> }} ORDER BY ?leg"
ASK = f"ASK {{ ?leg a <{CAS}RouteLeg> }}"
CONSTRUCT = f"CONSTRUCT {{ ?leg a <{CAS}RouteLeg> }} WHERE {{ ?leg a <{CAS}RouteLeg> }}"
DESCRIBE = f"DESCRIBE <{LEG}amirabad-makhachkala>"
UPDATE = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="session")
def service(graph_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(graph_root, tmp_path_factory.mktemp("clients") / "log") as running:
        yield running
