"""The keeper: what it keeps for workers, where, and what it says when it can keep nothing."""

import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from api import keeper
from api.crew import Crew, CrewError
from api.errors import NoPathsError
from api.jobs import Held
from api.settings import Settings
from kg.errors import SnapshotError
from kg.snapshot import Snapshot, current_snapshot, write
from tests.api.test_pool import quads
from tests.claimed import chain, lines
from tests.conftest import CHECKOUT
from tests.running import get, served


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return write(tmp_path, quads("one"))


@pytest.mark.parametrize(
    ("endpoint", "port"),
    [
        ("http://there.test/sparql", 80),
        ("https://there.test/sparql", 443),
        ("http://there.test:7878/query", 7878),
    ],
)
def test_workers_of_an_endpoint_reach_its_port_and_names(endpoint: str, port: int) -> None:
    kept = keeper._endpoint(Settings(endpoint=endpoint))  # noqa: SLF001 -- it runs elsewhere
    assert kept.rights.ports == (port, 53)
    assert Path("/etc") in kept.rights.read
    assert kept.told == {"snapshot": None, "quads": None, "store": "remote"}


def test_a_graph_that_memory_does_not_hold_stays_on_disk(snapshot: Snapshot) -> None:
    settings = Settings(workers=4)
    place = keeper._place  # noqa: SLF001
    assert place(snapshot, settings) == "memory"
    assert place(replace(snapshot, quads=10**10), settings) == "disk"
    assert place(replace(snapshot, quads=10**6), Settings(workers=1)) == "memory"


@pytest.fixture
def opened(snapshot: Snapshot, tmp_path: Path) -> dict[str, keeper._Kept]:
    def kept(store: str) -> keeper._Kept:
        settings = Settings.model_validate({"data": tmp_path, "store": store})
        return keeper._snapshot(settings)  # noqa: SLF001

    return {store: kept(store) for store in ("memory", "disk", "auto")}


def test_a_graph_is_kept_where_it_is_wanted(opened: dict[str, keeper._Kept]) -> None:
    assert {name: each.told["store"] for name, each in opened.items()} == {
        "memory": "memory",
        "disk": "disk",
        "auto": "memory",
    }
    for each in opened.values():
        store = each.open()
        assert store.ask("ASK { <urn:one:7> <urn:p> 'one 7' }")
        store.close()


def test_workers_read_the_store_only_where_it_is_on_disk(
    opened: dict[str, keeper._Kept], snapshot: Snapshot
) -> None:
    assert snapshot.store in opened["disk"].rights.read
    assert snapshot.store not in opened["memory"].rights.read
    assert all(each.rights.ports == () for each in opened.values())


def test_a_snapshot_that_cannot_be_read_is_told(snapshot: Snapshot) -> None:
    shutil.rmtree(snapshot.store)
    with pytest.raises(SnapshotError, match=r"cannot be read; run `caspian build`"):
        keeper._in_memory(snapshot)  # noqa: SLF001


def test_workers_share_the_paths_of_a_graph_wherever_it_is(tmp_path: Path) -> None:
    write(tmp_path, lines(chain("a", "b", "c")))
    edges = {}
    for store in ("memory", "disk"):
        settings = Settings.model_validate({"data": tmp_path, "store": store})
        kept = keeper._snapshot(settings)  # noqa: SLF001
        assert kept.network is not None
        edges[store] = [*kept.network.routes.edges(keys=True, data=True)]
    assert edges["memory"] == edges["disk"]
    assert len(edges["disk"]) == 2


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_of_a_graph_that_is_too_large_no_paths_are_kept(tmp_path: Path, store: str) -> None:
    write(tmp_path, lines(chain("a", "b")))
    settings = Settings.model_validate({"data": tmp_path, "store": store, "paths_quads": 10})
    kept = keeper._snapshot(settings)  # noqa: SLF001
    assert kept.network is None
    held = Held(settings, kept.open(), (), kept.network, kept.quads)
    with pytest.raises(NoPathsError, match=r"10 statements at most \(setting CASPIAN_PATHS_QUADS"):
        _ = held.network


def test_a_snapshot_whose_paths_cannot_be_read_is_told(snapshot: Snapshot) -> None:
    shutil.rmtree(snapshot.store)
    with pytest.raises(SnapshotError, match=r"cannot be read; run `caspian build`"):
        keeper._network_of(snapshot)  # noqa: SLF001


def test_a_damaged_snapshot_is_told_by_the_crew(snapshot: Snapshot, tmp_path: Path) -> None:
    file = next(each for each in snapshot.store.iterdir() if each.suffix == ".sst")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(CrewError, match=rf"{file.name} is damaged") as caught:
        Crew(Settings(data=tmp_path))
    assert caught.value.code == 5
    with pytest.raises(SnapshotError):
        current_snapshot(tmp_path)


def test_seeds_that_cannot_be_read_keep_no_graph_from_being_served(
    graph_root: Path, tmp_path: Path
) -> None:
    for name in ("kg", "api", "ontology", "shapes", "seeds", "queries"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    with (tmp_path / "seeds" / "entities" / "actors.yaml").open("a") as seeds:
        seeds.write("\n  broken: [\n")
    with served(graph_root, tmp_path / "log", tmp_path) as service:
        assert get(f"{service.sparql}?query=ASK%20%7B%7D") == {"head": {}, "boolean": True}
        answer = httpx.get(f"{service.url}/ontology")
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/no-ontology")
    assert "actors.yaml" in (tmp_path / "log").read_text("utf-8")
