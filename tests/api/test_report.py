"""What `caspian-api --settings` says."""

import pytest

from api.cli import main
from api.report import report
from api.settings import Settings
from kg.guard import LIMITS


def test_every_setting_and_limit_is_told_with_its_value() -> None:
    settings = Settings(query_seconds=3)
    lines = [*report(settings)]
    assert max(map(len, lines)) <= 100
    starts = {tuple(line.split()[:2]) for line in lines}
    for name in Settings.model_fields:
        assert any(first == f"CASPIAN_{name.upper()}" for first, *_ in filter(None, starts))
    assert ("CASPIAN_QUERY_SECONDS", "3.0") in starts
    assert {(limit.name, f"{limit.value:,}") for limit in LIMITS} <= starts


def test_a_secret_is_told_to_be_set_and_no_more() -> None:
    told = "\n".join(report(Settings.model_validate({"endpoint_password": "hush"})))
    assert "hush" not in told
    assert "CASPIAN_ENDPOINT_PASSWORD             set " in told
    assert "CASPIAN_ENDPOINT_TOKEN                not set" in told


def test_the_command_prints_it_and_serves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASPIAN_WORKERS", "3")
    assert main(["--settings", "--port", "8123"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[:2] == ["CASPIAN_PORT", "8123"] for line in lines)
    assert any(line.split()[:2] == ["processes", "3"] for line in lines)
    assert any(line.split()[0] == "seccomp" for line in lines if line)
