"""What is too long is refused before it costs anything."""

from collections.abc import Iterator

import pytest

from api.protocol import _pairs
from api.settings import Settings
from tests.api.conftest import ServiceOver

DIRECT = {"Content-Type": "application/sparql-query"}


def test_a_body_at_the_limit_is_read(service_over: ServiceOver) -> None:
    service = service_over(body_bytes=20)
    assert service.post("/sparql", content=b"ASK {}".ljust(20), headers=DIRECT).status_code == 200
    answer = service.post("/sparql", content=b"ASK {}".ljust(21), headers=DIRECT)
    assert answer.status_code == 413
    assert answer.json()["limit"] == 20
    assert answer.headers["connection"] == "close"


def test_a_body_of_no_stated_length_is_read_to_the_limit(service_over: ServiceOver) -> None:
    sent = []

    def chunks() -> Iterator[bytes]:
        for _ in range(1_000):
            sent.append(1)
            yield b" " * 10

    async def stream():  # noqa: ANN202 -- an asynchronous iterator of the above
        for chunk in chunks():
            yield chunk

    service = service_over(body_bytes=100)
    answer = service.post("/sparql", content=stream(), headers=DIRECT)
    assert answer.status_code == 413
    assert len(sent) < 20


@pytest.mark.parametrize("path", ["/sparql?query=", "/nowhere?", "/paths?from="])
def test_a_url_past_the_limit_is_refused_anywhere(service_over: ServiceOver, path: str) -> None:
    service = service_over(url_bytes=100)
    url = path.ljust(101, "a")
    assert service.get(url[:100]).status_code != 414
    answer = service.get(url)
    assert answer.status_code == 414
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["limit"] == 100
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_million_digits_are_refused(service_over: ServiceOver) -> None:
    query = f"SELECT ({'9' * 1_000_000} AS ?x) {{}}".encode()
    assert service_over().post("/sparql", content=query, headers=DIRECT).status_code == 413
    half = f"SELECT ({'9' * 200_000} AS ?x) {{}}".encode()
    answer = service_over().post("/sparql", content=half, headers=DIRECT)
    assert answer.status_code == 400
    assert "limit" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/sparql", "/paths", "/timeline", "/things/leg", "/nowhere"])
def test_too_many_parameters_are_refused_anywhere(service_over: ServiceOver, path: str) -> None:
    service = service_over(parameters=20)
    told = "at most 20 parameters (setting CASPIAN_PARAMETERS)"
    assert told not in service.get(f"{path}?{'&'.join('a' * 20)}").text
    answer = service.get(f"{path}?{'&'.join('a' * 21)}")
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/malformed-request")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize("escapes", ["%2", "%", "%%%2"])
def test_a_form_of_signs_that_begin_no_escape_is_refused(
    service_over: ServiceOver, escapes: str
) -> None:
    body = f"query={escapes * (200_000 // len(escapes))}".encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = service_over().post("/sparql", content=body, headers=form)
    assert answer.status_code == 400
    assert "percent-encoded" in answer.json()["detail"]


@pytest.mark.parametrize("text", ["100%", "%zz%4", "a%2Bb+c%26d%3D", "%E2%82%ac", "", "=", "%41%4"])
def test_a_form_is_read_as_the_standard_library_reads_it(text: str) -> None:
    from urllib.parse import parse_qsl

    for form in (f"q={text}&r={text}", f"{text}=1&&", text):
        wanted = parse_qsl(form, keep_blank_values=True)
        assert [*_pairs(form.encode(), Settings())] == wanted
