"""The command `caspian-api`, as a process on this machine; tests/clients has those who ask it."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from rdflib import Graph, URIRef

from api.cli import main, parser
from kg import __version__
from tests.running import COMMAND, Running, free_port, get, served, wait


@pytest.fixture(scope="module")
def running(graph_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(graph_root, tmp_path_factory.mktemp("service") / "log") as service:
        yield service


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: caspian.test", "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.mark.parametrize("host", ["127.0.0.1", "evil.example"])
def test_the_endpoint_is_where_it_listens_whatever_host_is_named(
    running: Running, host: str
) -> None:
    lines = request("GET", "/sparql").replace(b"caspian.test", host.encode())
    status, headers, body = running.raw(lines)
    assert status == 200
    found = Graph().parse(data=body, format="turtle")
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert [*found.objects(None, endpoint)] == [URIRef(f"{running.url}/sparql")]
    assert headers["link"].startswith(f"<{running.url}/")
    assert b"evil" not in body


def test_rdflib_reads_a_graph_from_its_place(running: Running) -> None:
    found = Graph().parse(f"{running.url}/graph/view/us")
    listed = get(f"{running.url}/graph")
    assert isinstance(listed, dict)
    sizes = {each["url"]: each["triples"] for each in listed["graphs"]}
    assert len(found) == sizes[f"{running.url}/graph/view/us"] > 400


def test_the_wire_says_no_more_than_it_must(running: Running) -> None:
    status, headers, body = running.raw(request("GET", "/sparql?query=ASK%20%7B%7D"))
    assert status == 200
    assert json.loads(body)["boolean"] is True
    assert "server" not in headers


def test_head_has_the_length_and_no_body(running: Running) -> None:
    target = "/sparql?query=ASK%20%7B%7D"
    _, _, body = running.raw(request("GET", target))
    status, headers, nothing = running.raw(request("HEAD", target))
    assert (status, nothing) == (200, b"")
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize("length", [20_000, 70_000, 300_000])
def test_a_url_too_long_is_414_whatever_its_length(running: Running, length: int) -> None:
    status, headers, body = running.raw(request("GET", f"/sparql?query={'a' * length}"))
    assert status == 414
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["limit"] == 16_384


def test_a_body_too_long_is_413_before_it_is_sent(running: Running) -> None:
    kind = "Content-Type: application/sparql-query"
    head = request("POST", "/sparql", kind, "Content-Length: 50000000")
    status, headers, body = running.raw(head)
    assert status == 413
    assert headers["connection"] == "close"
    assert json.loads(body)["limit"] == 262_144


def test_a_body_in_pieces_is_413_where_it_grows_too_long(running: Running) -> None:
    kind = "Content-Type: application/sparql-query"
    head = request("POST", "/sparql", kind, "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    status, _, _ = running.raw(head + piece * 5)
    assert status == 413


def test_the_host_header_writes_nothing(running: Running) -> None:
    evil = request("GET", "/docs/").replace(b"caspian.test", b"evil.example")
    status, headers, body = running.raw(evil)
    assert status == 404
    assert b"evil" not in body
    assert "location" not in headers


def test_it_stops_when_told(graph_root: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--data", graph_root, "--port", str(port), "--log-level", "warning"],
        stderr=subprocess.PIPE,
    )
    wait(port)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said == b""


def test_it_serves_in_this_process_until_interrupted(graph_root: Path) -> None:
    port = free_port()
    answered: list[int] = []

    def ask() -> None:
        wait(port)
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            answered.append(answer.status)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=ask)
    thread.start()
    code = main(["--data", str(graph_root), "--port", str(port), "--log-level", "error"])
    thread.join()
    assert (code, answered) == (0, [200])


def test_a_port_in_use_is_an_error(graph_root: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--data", str(graph_root), "--port", port, "--log-level", "critical"]) == 1


def test_without_a_graph_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)]) == 5
    said = capsys.readouterr().err
    assert said.startswith("caspian-api: ")
    assert "caspian build" in said
    assert str(tmp_path) in said


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASPIAN_URL_BYTES", "lots")
    assert main(["--port", "99999"]) == 2
    said = capsys.readouterr().err
    assert "CASPIAN_URL_BYTES: " in said
    assert "CASPIAN_PORT: " in said
    assert "Traceback" not in said


def test_an_endpoint_elsewhere_is_asked_instead(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    """One service in front of another: both speak the same protocol."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--endpoint", f"{running.url}/sparql", "--port", str(port)],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(port)
        there = get(f"{running.url}/queries/route-legs")
        assert get(f"http://127.0.0.1:{port}/queries/route-legs") == there
        health = get(f"http://127.0.0.1:{port}/healthz")
        assert isinstance(health, dict)
        assert health["snapshot"] is None
    finally:
        process.terminate()
        process.wait(20)


def test_an_endpoint_is_opened_as_the_settings_say(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ["--endpoint", "http://127.0.0.1:9/sparql", "--port", port]
        assert main([*arguments, "--log-level", "critical"]) == 1


def test_help_and_version_need_no_graph(capsys: pytest.CaptureFixture[str]) -> None:
    for option, said in (("--help", "CASPIAN_PORT"), ("--version", __version__)):
        with pytest.raises(SystemExit, match="0"):
            main([option])
        assert said in capsys.readouterr().out


def test_every_option_is_a_setting() -> None:
    from api.settings import Settings

    options = {action.dest for action in parser()._actions}  # noqa: SLF001 -- there is no other way
    assert options - {"help", "version", "print_completion", "settings"} <= set(
        Settings.model_fields
    )


def test_what_the_system_refuses_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_: object) -> int:
        raise PermissionError(13, "Permission denied", "data/current")

    monkeypatch.setattr("api.cli._serve", refused)
    assert main([]) == 1
    assert capsys.readouterr().err == "caspian-api: data/current: Permission denied\n"
