"""Where the files that are data stand: in a checkout at its top, in a wheel under kg/data."""

from pathlib import Path
from typing import Literal

__all__ = ["Folder", "folder"]

Folder = Literal["ontology", "shapes", "seeds", "queries"]


def folder(name: Folder) -> Path:
    """The folder of that name, as shipped with this copy of Caspian.

    >>> (folder("ontology") / "caspian.ttl").is_file()
    True
    """
    package = Path(__file__).parent
    shipped = package / "data" / name
    return shipped if shipped.is_dir() else package.parent / name
