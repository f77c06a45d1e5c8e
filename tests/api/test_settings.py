"""The settings: from the environment, checked, frozen, and documented to the letter."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from api.settings import Settings

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = (CHECKOUT / "docs" / "settings.md").read_text("utf-8")
VALUES = {
    "data": ("elsewhere", Path("elsewhere")),
    "endpoint": ("http://db:7878/query", "http://db:7878/query"),
    "endpoint_merge": ("named", "named"),
    "endpoint_auth": ("digest", "digest"),
    "endpoint_user": ("kite", SecretStr("kite")),
    "endpoint_password": ("secret", SecretStr("secret")),
    "endpoint_token": ("secret", SecretStr("secret")),
    "endpoint_connect_seconds": ("0.5", 0.5),
    "endpoint_silence_seconds": ("1", 1.0),
    "endpoint_seconds": ("2.5", 2.5),
    "host": ("0.0.0.0", "0.0.0.0"),
    "port": ("0", 0),
    "public_url": ("https://example.org/kg", "https://example.org/kg"),
    "body_bytes": ("1", 1),
    "url_bytes": ("60000", 60_000),
    "validate_bytes": ("1000", 1_000),
    "parameters": ("7", 7),
    "answer_bytes": ("9", 9),
    "store": ("disk", "disk"),
    "workers": ("3", 3),
    "query_seconds": ("0.5", 0.5),
    "query_bytes": ("67108864", 67_108_864),
    "waiting": ("5", 5),
    "waiting_per_client": ("2", 2),
    "waiting_seconds": ("1.5", 1.5),
    "paths_quads": ("0", 0),
    "cache_bytes": ("0", 0),
    "untaken_bytes": ("9000", 9000),
    "sandbox": ("require", "require"),
    "client_seconds": ("3", 3.0),
    "connections": ("50", 50),
    "trusted_proxies": ("10.0.0.1,10.0.0.2", "10.0.0.1,10.0.0.2"),
    "reload_seconds": ("0.2", 0.2),
    "access_log": ("false", False),
    "log_level": ("error", "error"),
}
WRONG = {
    "endpoint": ("file:///etc/passwd", "db"),
    "endpoint_merge": ("graph/merge",),
    "endpoint_auth": ("ntlm",),
    "endpoint_connect_seconds": ("0",),
    "endpoint_silence_seconds": ("-1",),
    "endpoint_seconds": ("0", "soon"),
    "port": ("-1", "65536", "http"),
    "public_url": ("example.org", "http://a b", "http://a?b", "http://a#b", "http://a>", "ftp://a"),
    "body_bytes": ("0", "1 MB"),
    "url_bytes": ("0", "65000"),
    "validate_bytes": ("0",),
    "parameters": ("0",),
    "answer_bytes": ("0",),
    "store": ("cloud",),
    "workers": ("-1", "257", "many"),
    "query_seconds": ("0",),
    "query_bytes": ("1000",),
    "waiting": ("0",),
    "waiting_per_client": ("0",),
    "waiting_seconds": ("0",),
    "paths_quads": ("-1",),
    "cache_bytes": ("-1",),
    "untaken_bytes": ("0",),
    "sandbox": ("maybe",),
    "client_seconds": ("0",),
    "connections": ("0",),
    "reload_seconds": ("0",),
    "access_log": ("perhaps",),
    "log_level": ("loud",),
}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_comes_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, value = VALUES[name]
    monkeypatch.setenv(f"CASPIAN_{name.upper()}", text)
    assert getattr(Settings(), name) == value


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts]
)
def test_a_wrong_setting_is_refused(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CASPIAN_{name.upper()}", text)
    with pytest.raises(ValidationError, match=name):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1


def test_secrets_are_shown_nowhere() -> None:
    told = Settings(endpoint_user="kite", endpoint_password="s3cret", endpoint_token="t0ken")
    assert not re.search("s3cret|t0ken|kite", f"{told!r} {told} {told.model_dump_json()}")


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASPIAN_PORT", "1")
    monkeypatch.setenv("CASPIAN_HOST", "0.0.0.0")
    found = Settings.model_validate({"port": 2})
    assert (found.port, found.host) == (2, "0.0.0.0")


def test_importing_reads_no_setting_and_builds_nothing(tmp_path: Path) -> None:
    wrong = {**os.environ, "CASPIAN_PORT": "wrong", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-c", "import api.app, api.cli, api.server"]
    assert subprocess.run(command, env=wrong, cwd=tmp_path, check=False).returncode == 0
    assert not [*tmp_path.iterdir()]


def test_help_needs_neither_the_web_framework_nor_the_engine() -> None:
    code = (
        "import sys, api.cli; api.cli.parser().format_help();"
        "print({'fastapi', 'pydantic', 'pyoxigraph', 'uvicorn'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "set()"


def test_the_page_has_every_setting_as_it_is() -> None:
    written = re.findall(r"^\| `(CASPIAN_\w+)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    expected = [
        (
            f"CASPIAN_{name.upper()}",
            f"`{field.default}`" if str(field.default) else "none",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    ]
    assert written == expected


def test_the_page_names_no_setting_that_is_none() -> None:
    named = set(re.findall(r"CASPIAN_\w+", PAGE))
    assert named == {f"CASPIAN_{name.upper()}" for name in Settings.model_fields}
