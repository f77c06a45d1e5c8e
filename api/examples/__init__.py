"""Answers of the real graph, kept as files for the reference; a test holds them to the service."""

import json
from importlib.resources import files

__all__ = ["example"]


def example(name: str) -> object:
    """The answer of that name."""
    return json.loads(files("api.examples").joinpath(f"{name}.json").read_text(encoding="utf-8"))
