"""The service's settings: read from the environment once, then frozen."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
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
    endpoint_merge: Literal["auto", "default", "named"] = Field(
        default="auto",
        description="Where the merge of all graphs stands there: in its `default` graph, or in the "
        "graph `named` graph/merge; `auto` goes by the engine.",
    )
    endpoint_auth: Literal["", "basic", "digest", "bearer"] = Field(
        default="",
        description="How the endpoint is told who asks: `basic`, `digest` or `bearer`; by itself "
        "`bearer` with a token and `basic` with a user.",
    )
    endpoint_user: SecretStr = Field(
        default=SecretStr(""),
        description="User that endpoint knows us by.",
    )
    endpoint_password: SecretStr = Field(
        default=SecretStr(""),
        description="Password of that user.",
    )
    endpoint_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token that endpoint knows us by, instead of a user.",
    )
    endpoint_connect_seconds: float = Field(
        default=5.0,
        gt=0,
        description="How long a connection to that endpoint may take, in seconds.",
    )
    endpoint_silence_seconds: float = Field(
        default=30.0,
        gt=0,
        description="How long that endpoint may say nothing, in seconds.",
    )
    endpoint_seconds: float = Field(
        default=60.0,
        gt=0,
        description="How long its whole answer may take, further tries included, in seconds.",
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
    validate_bytes: int = Field(
        default=4_194_304,
        gt=0,
        description="Longest body of a request to /validate, in bytes; a longer one is refused "
        "with 413.",
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
        description="Most parameters a request may have; more are refused with 400.",
    )
    answer_bytes: int = Field(
        default=50_000_000,
        gt=0,
        description="Longest answer to a query, in bytes; a longer one is refused, never cut off.",
    )
    store: Literal["auto", "memory", "disk"] = Field(
        default="auto",
        description="Where workers have the graph: `memory`, `disk`, or `auto`: in memory where "
        "half of what is free holds it, about 0.7 kB a statement for each worker and one more.",
    )
    paths_quads: int = Field(
        default=5_000_000,
        ge=0,
        description="Statements a graph may have of which paths are kept, in memory that all "
        "workers share: about 30 bytes a statement; of a larger one they are refused with 503.",
    )
    workers: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Processes that answer questions; 0 is two for each processor, at least 4.",
    )
    query_seconds: float = Field(
        default=10.0,
        gt=0,
        description="How long a question may be worked on, in seconds; then it is stopped.",
    )
    query_bytes: int = Field(
        default=1_073_741_824,
        ge=67_108_864,
        description="Memory a worker may take beyond the graph, in bytes.",
    )
    waiting: int = Field(
        default=2_000,
        gt=0,
        description="Most questions that wait for a worker; more are refused with 503.",
    )
    waiting_per_client: int = Field(
        default=1_000,
        gt=0,
        description="Most questions of one client that wait for a worker; more get 429.",
    )
    waiting_seconds: float = Field(
        default=10.0,
        gt=0,
        description="How long a question waits for a worker, in seconds, before it gets 503.",
    )
    untaken_bytes: int = Field(
        default=1_000_000_000,
        gt=0,
        description="Long answers that clients have not taken yet, in bytes; where there are more, "
        "a further one gets 503, and one client has half of them at most.",
    )
    cache_bytes: int = Field(
        default=67_108_864,
        ge=0,
        description="Answers kept for those who ask the same again, in bytes; 0 keeps none.",
    )
    sandbox: Literal["require", "prefer", "off"] = Field(
        default="prefer",
        description="Whether the kernel confines workers (Landlock, seccomp): `require` it, "
        "`prefer` it where there is one, or `off`.",
    )
    client_seconds: float = Field(
        default=8.0,
        gt=0,
        description="How long a client may take to send a request, or to take what is sent, in "
        "seconds; then it is disconnected.",
    )
    connections: int = Field(
        default=10_000,
        gt=0,
        description="Most connections open at once; one more is answered 503.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses of proxies, with commas, whose X-Forwarded-For names the client.",
    )
    reload_seconds: float = Field(
        default=1.0,
        gt=0,
        description="How often to look whether a new graph was built, in seconds.",
    )
    access_log: bool = Field(
        default=True,
        description="Whether each request is told to the log, in a line of JSON.",
    )
    log_level: Literal["critical", "error", "warning", "info", "debug"] = Field(
        default="info",
        description="What goes to the log: `critical`, `error`, `warning`, `info` or `debug`.",
    )

    @property
    def worker_count(self) -> int:
        """How many workers to have.

        >>> Settings(workers=3).worker_count
        3
        """
        return self.workers or max(4, 2 * (os.cpu_count() or 1))
