"""A file of what comes in pieces: in memory, on disk, or in the kernel's memory."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.spool import anonymous, spooled


def test_a_little_stays_in_memory_and_much_goes_to_a_file() -> None:
    with spooled([b"a" * 5, b"b" * 5], small=10) as little:
        assert isinstance(little, io.BytesIO)
        assert little.read() == b"aaaaabbbbb"
    with spooled([b"a" * 5, b"b" * 6, b"c"], small=10) as much:
        assert much.fileno() > 2
        assert much.read() == b"aaaaabbbbbbc"


def test_a_failure_of_the_source_closes_the_file() -> None:
    def breaks() -> Iterator[bytes]:
        yield b"a" * 20
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 -- the one raised above
        spooled(breaks(), small=10)


def test_a_process_that_may_write_nowhere_keeps_it_in_the_kernels_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is" / "not" / "there"))
    with anonymous() as file:
        assert "memfd:caspian" in str(Path(f"/proc/self/fd/{file.fileno()}").readlink())
        file.write(b"kite")
        file.seek(0)
        assert file.read() == b"kite"
