"""The queries to compare: those of corpus/*.rq, a theme a file, and the stored questions.

In a file the prefixes come first, then each query under a line `### name`. Lines `#@ …` say what
holds of it: `default IRI` and `named IRI` are graphs given beside the query, `ordered` that its
rows have one order only. Before the first query, `data caspian` means the five articles.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["CORPUS", "Case", "corpus"]

CORPUS = Path(__file__).parent / "corpus"


class Case(NamedTuple):
    """A query, the data it is put to, and the graphs given beside it."""

    name: str
    query: str
    data: str = "small"
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    ordered: bool = False


def corpus() -> Iterator[Case]:
    """Every query of the files."""
    for file in sorted(CORPUS.glob("*.rq")):
        prologue, *queries = re.split(r"^### ", file.read_text("utf-8"), flags=re.MULTILINE)
        data = [each for key, each in _marks(prologue) if key == "data"]
        for text in queries:
            name, _, query = text.partition("\n")
            marks = _marks(query)
            yield Case(
                f"{file.stem}/{name}",
                f"{prologue}{query}",
                *data,
                default=tuple(value for key, value in marks if key == "default"),
                named=tuple(value for key, value in marks if key == "named"),
                ordered=("ordered", "") in marks,
            )


def _marks(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^#@ (\w+) ?(.*)$", text, flags=re.MULTILINE)
