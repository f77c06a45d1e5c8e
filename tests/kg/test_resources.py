import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import get_args

import pytest

from kg import resources
from kg.resources import Folder, folder

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", get_args(Folder))
def test_a_checkout_reads_its_own_files(name: Folder) -> None:
    assert folder(name) == CHECKOUT / name
    assert any(folder(name).iterdir())


def test_a_wheel_reads_the_files_it_ships(tmp_path: Path) -> None:
    (tmp_path / "kg" / "data" / "ontology").mkdir(parents=True)
    spec = spec_from_file_location(
        "shipped", shutil.copy(resources.__file__, tmp_path / "kg" / "resources.py")
    )
    assert spec
    assert spec.loader
    shipped = module_from_spec(spec)
    spec.loader.exec_module(shipped)
    assert shipped.folder("ontology") == tmp_path / "kg" / "data" / "ontology"
    assert shipped.folder("seeds") == tmp_path / "seeds"
