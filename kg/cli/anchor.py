"""Write the offsets and the checksum of every quote into the mappings, from the article texts."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.errors import InputError, Problem

if TYPE_CHECKING:
    from kg.corpus import Corpus

HELP = "write the offsets of quotes into mappings"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.seeds(verb)
    shared.texts(verb)


def run(options: argparse.Namespace) -> int:
    """Anchor each mapping whose text is at hand; one that has a problem is left as it was."""
    texts = shared.texts_folder(options)
    if texts is None:
        hint = f"put the texts in {options.seeds}/texts/, or name their folder with --texts"
        raise InputError(Problem(str(options.seeds), 0, "", "no article texts at hand", hint))
    corpus = shared.corpus(options)
    for path in shared.files(options):
        _anchor(corpus, path, texts)
    return 0


def _anchor(corpus: "Corpus", path: Path, texts: Path) -> None:
    from kg.anchor import anchor, article_text, check_text, quoted_share  # noqa: PLC0415 -- brings YAML
    from kg.mapping_reader import read_mapping  # noqa: PLC0415 -- as above
    from kg.source import read_yaml, yaml_document  # noqa: PLC0415 -- as above

    mapping = read_mapping(read_yaml(path), corpus.vocabulary)
    text = article_text(texts, mapping.article)
    if text is None:
        raise InputError(Problem(str(path), 1, "article", f"no {mapping.article}.txt in {texts}"))
    source = path.read_bytes().decode("utf-8")
    written = anchor(source, mapping, text)
    again = read_mapping(yaml_document(written, str(path)), corpus.vocabulary)
    if problems := check_text(again, text):
        raise InputError(*problems)
    if written != source:
        _replace(path, written)
    quotes = sum(1 for _ in again.quoted())
    share = quoted_share(again, text)
    state = "written" if written != source else "unchanged"
    sys.stdout.write(f"{path}: {quotes} quotes, {share:.1%} of the body quoted, {state}\n")


def _replace(path: Path, text: str) -> None:
    """Write beside and rename: a mapping is never half-written."""
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as out:
        out.write(text.encode("utf-8"))
    Path(out.name).chmod(path.stat().st_mode)
    os.replace(out.name, path)  # noqa: PTH105 -- the atomic one, said by name
