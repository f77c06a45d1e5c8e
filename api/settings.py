"""The service's settings: read from the environment once, then frozen."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """What an operator can set, each by an environment variable of its name after CASPIAN_.

    >>> Settings(port=9000).port
    9000
    """

    model_config = SettingsConfigDict(env_prefix="CASPIAN_", frozen=True, extra="forbid")

    data: Path = Field(
        default=Path("data"),
        description="Folder of the built graph, as `caspian build` writes it.",
    )
    endpoint: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="URL of a SPARQL 1.1 endpoint to ask instead of a graph built here.",
    )
    endpoint_seconds: float = Field(
        default=30.0,
        gt=0,
        description="How long that endpoint may take to answer, in seconds.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on; 0.0.0.0 is every address of the machine.",
    )
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        description="Port to listen on; 0 takes any that is free.",
    )
    # what could leave an IRI, or begin a query or a fragment, stays out
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"{}|\\^`?#]+)?$",
        description="URL under which clients reach the service, such as "
        "`https://example.org/caspian`, for the links it gives; where empty, the address and port "
        "that a request came in at.",
    )
    # a form may escape each byte of the longest query (kg/guard.py) with three
    body_bytes: int = Field(
        default=262_144,
        gt=0,
        description="Longest body of a request, in bytes; a longer one is refused with 413.",
    )
    # the server keeps 65,000 bytes of a URL (api/server.py), so the limit must lie below that
    url_bytes: int = Field(
        default=16_384,
        gt=0,
        le=60_000,
        description="Longest URL, path and query, in bytes; a longer one is refused with 414.",
    )
    parameters: int = Field(
        default=100,
        gt=0,
        description="Most parameters a request to /sparql may have; more are refused with 400.",
    )
    answer_bytes: int = Field(
        default=50_000_000,
        gt=0,
        description="Longest answer to a query, in bytes; a longer one is refused, never cut off.",
    )
    threads: int = Field(
        default=4,
        gt=0,
        description="Most questions put to the store at once; others wait their turn. About the "
        "number of processors: more leave too little of them to take and answer requests.",
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="info",
        description="What goes to the log: `critical`, `error`, `warning`, `info` (each request "
        "too) or `debug`.",
    )
