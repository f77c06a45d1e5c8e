"""A table on standard output that fits the terminal, or 100 columns where there is none."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["WIDTH", "console", "show"]

WIDTH = 100


def console() -> "Console":
    """Where people read: as wide as the terminal, 100 columns elsewhere, colours only on one."""
    from rich.console import Console  # noqa: PLC0415 -- a thirtieth of a second

    return Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)


def show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows under their column names."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 -- as above
    from rich.table import Table  # noqa: PLC0415 -- as above
    from rich.text import Text  # noqa: PLC0415 -- as above

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)
