"""Every error as a problem: the right status, nothing of our inside, the safe headers."""

import logging
from collections.abc import Iterator

import pytest
from starlette.exceptions import HTTPException

from api import errors as wrong
from api.app import create_app
from api.problems import HTTP_KINDS, KINDS, problem
from api.settings import Settings
from kg import errors
from kg.store import AS_THE_QUERY_SAYS, Answer, Dataset, OxigraphStore
from tests.api.conftest import Client, ServiceOver

SAFE = ("x-content-type-options", "content-security-policy", "referrer-policy")


class Failing(OxigraphStore):
    """A store that fails as it is told."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def answer(self, _query: str, _dataset: Dataset = AS_THE_QUERY_SAYS) -> Answer:
        raise self.error


def every(base: type[Exception]) -> Iterator[type[Exception]]:
    for kind in base.__subclasses__():
        yield kind
        yield from every(kind)


@pytest.mark.parametrize("kind", [*every(wrong.RequestError), *every(errors.CaspianError)])
def test_every_error_has_a_kind(kind: type[Exception]) -> None:
    told = next(KINDS[base] for base in kind.__mro__ if base in KINDS)
    # those that a request can cause are the client's to mend
    if issubclass(kind, wrong.RequestError | errors.QueryError | errors.UnknownNameError):
        assert 400 <= told.status < 500


@pytest.mark.parametrize("kind", [*every(wrong.CapacityError)])
def test_what_the_service_has_too_little_of_is_nobodys_mistake(kind: type[Exception]) -> None:
    assert KINDS[kind].status in {429, 503, 504}


def test_kinds_have_names_of_their_own() -> None:
    slugs = [kind.slug for kind in (*KINDS.values(), *HTTP_KINDS.values())]
    assert len(slugs) == len(set(slugs)) >= 14


def test_library_errors_know_no_http() -> None:
    assert not any(hasattr(kind, "status") for kind in every(errors.CaspianError))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.RemoteError("http://inside:7878/ said “secret”"), 502),
        (errors.SnapshotError("/secret/folder is damaged"), 503),
        (errors.StoreError("/secret/folder/000004.sst: checksum mismatch"), 500),
        (errors.CaspianError("secret"), 500),
        (ValueError("secret"), 500),
    ],
)
def test_what_breaks_inside_stays_inside(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    service = Client(create_app(Settings(), Failing(error)))
    with caplog.at_level(logging.ERROR):
        answer = service.query("ASK {}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert all(header in answer.headers for header in SAFE)
    assert answer.headers["access-control-allow-origin"] == "*"
    for inside in ("secret", "inside", "Traceback", "File", ".py"):
        assert inside not in answer.text
    if isinstance(error, errors.CaspianError):
        (record,) = caplog.records
        assert record.exc_info
        assert record.exc_info[1] is error


def test_a_missing_page_is_a_problem_that_echoes_nothing(service_over: ServiceOver) -> None:
    answer = service_over().get("/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/not-found")
    assert "script" not in answer.text


def test_a_method_nobody_answers_is_a_problem(service_over: ServiceOver) -> None:
    answer = service_over().request("DELETE", "/queries/x")
    assert answer.status_code == 405
    assert answer.json()["type"].endswith("/method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_any_other_http_error_is_told_by_its_phrase() -> None:
    told = problem(HTTPException(418))
    assert (told.status, told.title) == (418, "I'm a Teapot")
