"""What the service would do, said before it does it: settings, limits, what confines workers."""

from collections.abc import Iterator
from textwrap import wrap

from pydantic import SecretStr

from api.sandbox import available
from api.settings import Settings
from kg.guard import LIMITS

__all__ = ["report"]

_NAME, _VALUE, _WIDTH = 38, 22, 100


def report(settings: Settings) -> Iterator[str]:
    """The lines, in 100 columns; a secret is told to be set, and no more.

    >>> next(report(Settings(port=8001)))
    'Settings'
    """
    yield "Settings"
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        yield from _row(f"CASPIAN_{name.upper()}", _told(value), field.description or "")
    yield from ("", "Limits of a query, beside those settings")
    for limit in LIMITS:
        yield from _row(limit.name, f"{limit.value:,}", limit.meaning)
    yield from ("", "Workers")
    yield from _row(
        "processes", str(settings.worker_count), "as CASPIAN_WORKERS says, or by itself"
    )
    for name, there in available().items():
        yield from _row(name, "yes" if there else "no", "whether the kernel of this machine has it")


def _told(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    return str(value) if value not in ("", None) else "not set"


def _row(name: str, value: str, meaning: str) -> Iterator[str]:
    first, *rest = wrap(meaning.replace("`", ""), _WIDTH - _NAME - _VALUE) or [""]
    yield f"{name:<{_NAME - 1}} {value:<{_VALUE - 1}} {first}".rstrip()
    for line in rest:
        yield " " * (_NAME + _VALUE) + line
