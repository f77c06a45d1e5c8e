"""Options that several verbs share, and the corpus or store they lead to."""

import argparse
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, Problem
from kg.resources import folder

if TYPE_CHECKING:
    from kg.corpus import Corpus
    from kg.remote import RemoteStore
    from kg.store import Store

PATIENCE = 600.0
"""Seconds an endpoint may say nothing; a person can interrupt sooner."""

__all__ = [
    "corpus",
    "data",
    "files",
    "folder_name",
    "remote",
    "seeds",
    "store",
    "store_options",
    "texts",
    "texts_folder",
]


def folder_name(text: str) -> Path:
    """The folder of that name; an empty one is most likely a variable nobody set."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def data(verb: argparse.ArgumentParser) -> None:
    """Add --data: where built graphs stand."""
    what = "folder of the built graph (default: data)"
    verb.add_argument("--data", type=folder_name, default=Path("data"), metavar="DIR", help=what)


def seeds(verb: argparse.ArgumentParser) -> None:
    """Add the mappings to read, and where what they name is declared."""
    what = "mappings to read, .yaml or .jsonl (default: all of the seeds)"
    verb.add_argument("files", nargs="*", type=Path, metavar="FILE", help=what)
    what = "folder of mappings, entities, lexicon and views (default: the ones shipped)"
    verb.add_argument("--seeds", type=Path, default=folder("seeds"), metavar="DIR", help=what)


def texts(verb: argparse.ArgumentParser) -> None:
    """Add --texts: where the article texts are, if they are at hand."""
    what = "folder of article texts to hold quotes against (default: SEEDS/texts where it is)"
    verb.add_argument("--texts", type=Path, metavar="DIR", help=what)


def store_options(verb: argparse.ArgumentParser) -> None:
    """Add --data and --endpoint: the graph to ask, here or elsewhere."""
    data(verb)
    what = "ask this SPARQL 1.1 endpoint instead of the graph built here"
    verb.add_argument("--endpoint", metavar="URL", help=what)


def corpus(options: argparse.Namespace) -> "Corpus":
    """The corpus the options name."""
    from kg.corpus import read_corpus  # noqa: PLC0415 -- `caspian --help` reads no ontology

    if not (options.seeds / "entities").is_dir():
        hint = "it has entities/, lexicon.yaml and views.yaml"
        raise InputError(Problem(str(options.seeds), 0, "", "is no folder of seeds", hint))
    return read_corpus(options.seeds, folder("ontology"))


def files(options: argparse.Namespace) -> tuple[Path, ...]:
    """The mappings the options name; all of the seeds where they name none."""
    from kg.corpus import mapping_files  # noqa: PLC0415 -- as above

    found = tuple(options.files) or mapping_files(options.seeds)
    if not found:
        hint = "name a mapping, or another folder with --seeds"
        raise InputError(Problem(str(options.seeds), 0, "", "holds no mapping", hint))
    return found


def texts_folder(options: argparse.Namespace) -> Path | None:
    """The folder of article texts; None where there is none."""
    if options.texts is not None:
        if not options.texts.is_dir():
            raise InputError(Problem(str(options.texts), 0, "", "is no folder"))
        return Path(options.texts)
    usual = Path(options.seeds) / "texts"
    return usual if usual.is_dir() else None


@contextmanager
def store(options: argparse.Namespace) -> "Iterator[Store]":
    """The store the options name, closed again at the end."""
    opened = _open(options)
    try:
        yield opened
    finally:
        opened.close()


def _open(options: argparse.Namespace) -> "Store":
    if options.endpoint is not None:
        return remote(options.endpoint)
    from kg.snapshot import open_snapshot  # noqa: PLC0415 -- brings the engine

    return open_snapshot(options.data)[1]


def remote(url: str) -> "RemoteStore":
    """The store behind that endpoint, for a person who waits and can interrupt."""
    from kg.cli.environment import known, merge  # noqa: PLC0415 -- an HTTP client nobody else needs
    from kg.remote import RemoteStore  # noqa: PLC0415 -- as above
    from kg.wire import Limits  # noqa: PLC0415 -- as above

    limits = Limits(silence=PATIENCE, total=math.inf, most=sys.maxsize)
    return RemoteStore(url, credentials=known(), limits=limits, merge=merge())
