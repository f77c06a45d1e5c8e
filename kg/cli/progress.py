"""Progress on standard error, where somebody is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["telling", "ticking"]


@contextmanager
def ticking(unit: str) -> Iterator[Callable[[], None]]:
    """A function to call once for each thing done; it shows the count and the time."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 -- only for people who watch
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 -- as above

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} " + unit), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(unit, total=None)
        yield lambda: progress.advance(task)


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """A function to call with what is being done; it shows the latest."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 -- only for people who watch

    with Console(stderr=True).status("…") as status:
        yield status.update
