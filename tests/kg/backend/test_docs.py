"""The page for analysts says what happens."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "paths-networkx.md"


def test_every_example_of_the_page_runs() -> None:
    ran = doctest.testfile(str(PAGE), module_relative=False)
    assert ran.failed == 0
    assert ran.attempted >= 20
