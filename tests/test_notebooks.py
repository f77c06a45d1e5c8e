"""The notebooks: each runs against the real service as it was committed, and shows what is there.

They are clients like any other: the graph is built from the five articles, `caspian-api` serves it
on a free port, and the notebook runs in a process of its own.
"""

import ast
import base64
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import numpy as np
import PIL.Image
import pytest
from nbformat import NotebookNode

from kg.store import Store
from scripts.run_notebooks import NOTEBOOKS, copy_to, run, service

CHECKOUT = Path(__file__).parent.parent
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
TOUR, BOARD, REGISTER = "01-first-tour", "02-conflict-board", "03-transfers-register"
AGAIN = "python scripts/run_notebooks.py"

# What the tests ask of a notebook once it has run: expressions over its own names.
FACTS = {
    TOUR: {
        "legs": "[[leg['source']['label'], leg['target']['label']] for leg in legs.values()]",
        "arrows": "sum(getattr(text, 'arrow_patch', None) is not None for text in chart.texts)",
        "radii": "{name: panels[name].patches[0].width * 500 for name in stops}",
        "words": "' '.join(panels['words'].texts[0].get_text().split())",
        "names": "[text.get_text() for text in chart.texts]",
        "bars": "[line[:, 0].tolist() for line in drones_figure.axes[0].collections[0].get_paths()"
        " for line in [line.vertices]]",
        "band": "[drones_figure.axes[0].patches[0].get_x(),"
        " drones_figure.axes[0].patches[0].get_width()]",
        "said": "[text.get_text() for text in drones_figure.axes[0].texts]",
        "rings": "[line.get_xdata().tolist() for line in outlets_figure.axes[0].lines]",
        "chains": "len(chains_figure.axes[0].lines)",
        "claims": "int(sum(bar.get_width() for bar in voices_figure.axes[0].patches))",
        "articles": "articles['claims'].tolist()",
    },
    BOARD: {
        "conflicts": "len(conflicts)",
        "kinds": "board['kind'].value_counts().to_dict()",
        "circles": "sum(int(text.get_text()) for text in sides_figure.axes[0].texts)",
        "bars": "int(sum(bar.get_width() for bar in things_figure.axes[0].patches))",
        "squares": "sum(int(text.get_text()) for text in left.texts)",
        "rules": "int(sum(bar.get_width() for bar in right.patches))",
        "shown": "[board[['one says', 'the other says']].values.tolist()[number]"
        " for number in board.index[board['kind'] == 'contradicts']]",
        "distances": "[line.get_xdata().tolist()[0] for line in far_figure.axes[0].lines[1:]]",
        "by coordinates": "far_figure.axes[0].lines[0].get_xdata()[0]",
        "dates": "[[text.get_text() for text in axes.texts] for axes in when_figure.axes]",
    },
    REGISTER: {
        "claims": "len(claims)",
        "behind rows": "int(register['claims'].sum())",
        "transfers": "sorted(register['transfer'].unique())",
        "rows": "register[['transfer', 'property', 'value', 'says', 'origins', 'evidence']]"
        ".astype(str).values.tolist()",
        "quantities": "register.loc[register['property'] == 'quantity',"
        " ['transfer', 'minimum', 'maximum', 'wording']].astype(str).values.tolist()",
        "marks": "[len(stages_figure.axes[0].lines), len(reached)]",
        "spoken": "[sum(len(axes.lines) for axes in when_figure.axes), 2 * len(spoken)]",
        "read back": "read_back.values.tolist()",
        "written": "register.drop(columns='attested').astype(object)"
        ".where(register.notna(), '').astype(str).values.tolist()",
        "mark": "path.read_bytes()[:3].hex()",
        "formulas": "[as_text(cell) for cell in ('=1+1', '@sum', '-2', '+1', 'a=1', 2, '')]",
    },
}


class Ran(NamedTuple):
    """A notebook as it is committed, as it has run now, and what its names then held."""

    committed: NotebookNode
    fresh: NotebookNode
    facts: dict[str, Any]


Runner = Callable[[str], Ran]


@pytest.fixture(scope="session")
def ran(graph_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs a notebook by its name, once."""
    place = tmp_path_factory.mktemp("notebooks")
    folder = copy_to(place)
    with service(graph_root, place / "log") as address:

        @cache
        def once(name: str) -> Ran:
            committed = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
            fresh = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
            asked = ", ".join(f"{key!r}: {ask}" for key, ask in FACTS[name].items())
            source = f"import json; print(json.dumps({{{asked}}}))"
            fresh.cells.append(nbformat.v4.new_code_cell(source, id="facts"))
            run(fresh, address, folder)
            return Ran(committed, fresh, json.loads(fresh.cells.pop().outputs[0].text))

        yield once


def outputs(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Every output, with the id of its cell."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield cell.id, output


def pictures(notebook: NotebookNode) -> dict[str, str]:
    """The picture each cell draws, by the cell's id."""
    found = {name: output.get("data", {}).get("image/png") for name, output in outputs(notebook)}
    return {name: png for name, png in found.items() if png}


def blocks(png: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The mean colours of a picture's squares of 16 pixels: what shows at a glance."""
    with PIL.Image.open(io.BytesIO(base64.b64decode(png))) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=float)
    high, wide = (side // 16 * 16 for side in pixels.shape[:2])
    squares = pixels[:high, :wide].reshape(high // 16, 16, wide // 16, 16, 3)
    return np.asarray(squares.mean(axis=(1, 3)))


def alike(one: str, other: str) -> bool:
    """Whether two pictures show the same, letters drawn a little otherwise apart."""
    first, second = blocks(one), blocks(other)
    return first.shape == second.shape and float(np.abs(first - second).max()) < 20


def told(notebook: NotebookNode) -> list[tuple[str, Any]]:
    """All that a notebook shows but the pixels of its pictures."""
    shown = []
    for name, output in outputs(notebook):
        plain = json.loads(json.dumps(output))
        plain.get("data", {}).pop("image/png", None)
        shown.append((name, plain))
    return shown


def expected(name: str) -> list[dict[str, str]]:
    """The rows that a stored question must get."""
    text = (CHECKOUT / "tests" / "queries" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def number(store: Store, pattern: str) -> int:
    """How many claims there are for which the pattern holds."""
    prefix = "PREFIX cas: <https://w3id.org/caspian/ontology#>"
    query = f"{prefix} SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {pattern} }}"
    return int(str(store.select(query).rows[0][0]))


every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


# -- as they stand


def test_there_are_three_notebooks_and_the_readme_names_each() -> None:
    assert [path.stem for path in PATHS] == [TOUR, BOARD, REGISTER]
    page = (NOTEBOOKS / "README.md").read_text("utf-8")
    assert set(re.findall(r"\(([\w-]+)\.ipynb\)", page)) == {path.stem for path in PATHS}


@every_notebook
def test_a_notebook_imports_neither_kg_nor_api(path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    client = (NOTEBOOKS / "caspian_client.py").read_text("utf-8")
    imported = set()
    for node in (node for source in [*cells, client] for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
    assert {"pandas", "matplotlib", "SPARQLWrapper"} <= imported
    assert not imported & {"kg", "api"}


@every_notebook
def test_every_cell_is_short_and_every_chart_has_words_before_it(path: Path) -> None:
    before = ""
    for cell in nbformat.read(path, 4).cells:
        assert len(cell.source.splitlines()) <= 42, cell.id
        if cell.cell_type == "markdown":
            before = cell.source
        assert before, f"{cell.id} comes before any words"


@every_notebook
def test_every_picture_has_words_for_those_who_cannot_see_it(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    assert len(pictures(notebook)) >= 3
    for name, output in outputs(notebook):
        if "image/png" in output.get("data", {}):
            assert len(output.metadata["image/png"]["alt"]) > 40, name


# -- as they run


@every_notebook
def test_a_notebook_was_committed_as_it_runs(path: Path, ran: Runner) -> None:
    committed, fresh, _ = ran(path.stem)
    run_in = [cell.execution_count for cell in committed.cells if cell.cell_type == "code"]
    assert run_in == list(range(1, len(run_in) + 1)), f"run it from top to bottom: {AGAIN}"
    assert told(committed) == told(fresh), f"the outputs are out of date: {AGAIN}"
    drawn, now = pictures(committed), pictures(fresh)
    assert drawn.keys() == now.keys()
    for name in drawn:
        assert alike(drawn[name], now[name]), f"{name} is drawn otherwise now: {AGAIN}"


@every_notebook
def test_a_notebook_writes_nothing_to_its_error_stream(path: Path, ran: Runner) -> None:
    assert {output.output_type for _, output in outputs(ran(path.stem).fresh)} <= {
        "execute_result",
        "display_data",
    }


def test_a_picture_with_one_bar_less_is_told_apart() -> None:
    drawn = pictures(nbformat.read(NOTEBOOKS / f"{TOUR}.ipynb", 4))["drones-chart"]
    with PIL.Image.open(io.BytesIO(base64.b64decode(drawn))) as image:
        changed = image.convert("RGB")
    blue = [(x, y) for x in range(changed.width) for y in range(150) if _is_bar(changed, x, y)]
    assert blue
    top = min(y for _, y in blue)
    for x, y in blue:
        if y < top + 15:
            changed.putpixel((x, y), (255, 255, 255))
    out = io.BytesIO()
    changed.save(out, "png")
    assert alike(drawn, drawn)
    assert not alike(drawn, base64.b64encode(out.getvalue()).decode())


def _is_bar(image: PIL.Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    return isinstance(pixel, tuple) and pixel[2] > pixel[0] + 100


# -- what they show


def test_the_tour_draws_each_leg_with_its_quotation_and_where_it_stands(ran: Runner) -> None:
    facts, legs = ran(TOUR).facts, expected("route-legs")
    assert sorted(facts["legs"]) == sorted([leg["fromName"], leg["toName"]] for leg in legs)
    assert facts["arrows"] == len(legs)
    for leg in legs:
        assert f"“{leg['quotation']}”" in facts["words"]
        assert f"characters {leg['start']}–{leg['end']}" in facts["words"]


def test_the_tour_draws_each_stop_as_large_as_it_is_uncertain(ran: Runner) -> None:
    stops = expected("places-with-coordinates")
    assert ran(TOUR).facts["radii"] == {
        stop["placeName"]: float(stop["accuracyMetres"]) for stop in stops
    }


def test_the_tour_marks_a_stop_that_is_only_judged_to_be_that_place(ran: Runner) -> None:
    judged = [row for row in expected("uncertain-identities") if row["written"]]
    assert judged
    for row in judged:
        assert f"{row['thingName']}\n(“{row['written']}”?)" in ran(TOUR).facts["names"]


def test_the_tour_draws_the_range_of_each_speaker_and_the_common_one(ran: Runner) -> None:
    facts, said = ran(TOUR).facts, expected("how-many-drones")
    assert facts["bars"] == [[float(row["minimum"]), float(row["maximum"])] for row in said]
    assert facts["said"] == [f"“{row['wording']}”" for row in said]
    (fits,) = expected("range-that-fits-all")
    assert facts["band"] == [float(fits["from"]), float(fits["to"]) - float(fits["from"])]


def test_the_tour_counts_every_claim_once(ran: Runner, graph: Store) -> None:
    claims = number(graph, "?claim a cas:Claim")
    assert ran(TOUR).facts["claims"] == claims
    assert sum(ran(TOUR).facts["articles"]) == claims


def test_the_tour_tells_outlets_from_origins(ran: Runner) -> None:
    outlets, origins = ran(TOUR).facts["rings"]
    assert max(outlets) == 5
    assert max(origins) == 2  # the United States, and Iran against its own interest
    assert all(few <= many for few, many in zip(origins, outlets, strict=True))
    assert ran(TOUR).facts["chains"] >= 11


def test_the_board_has_every_conflict_once_in_each_picture(ran: Runner, graph: Store) -> None:
    facts = ran(BOARD).facts
    kinds = " ".join(f"relation-kind:{kind}" for kind in facts["kinds"])
    prefix = "PREFIX relation-kind: <https://w3id.org/caspian/id/relation-kind/> "
    query = f"""{prefix} PREFIX cas: <https://w3id.org/caspian/ontology#>
      SELECT (COUNT(DISTINCT ?relation) AS ?n) WHERE {{
        VALUES ?kind {{ {kinds} }} ?relation cas:relationKind ?kind }}"""
    total = int(str(graph.select(query).rows[0][0]))
    assert set(facts["kinds"]) == {"contradicts", "internal-conflict", "reverses-roles", "drifts"}
    assert facts["conflicts"] == facts["circles"] == facts["bars"] == total
    assert facts["squares"] == facts["rules"] == facts["kinds"]["drifts"]


def test_the_board_keeps_both_sides_with_their_words(ran: Runner) -> None:
    (denied,) = expected("who-denies-what")
    sides = ran(BOARD).facts["shown"]
    assert any(f"“{denied['quotation']}”" in other and one != other for one, other in sides)
    assert all("“" in one and "“" in other for one, other in sides)


def test_the_board_sets_distances_beside_what_coordinates_say(ran: Runner) -> None:
    facts, rows = ran(BOARD).facts, expected("impossible-distances")
    for row in rows:
        assert float(row["saidMetres"]) / 1000 in facts["distances"]
        assert float(row["computedMetres"]) / 1000 == facts["by coordinates"]
    assert 1100 in facts["distances"]


def test_the_board_draws_every_date_that_is_in_dispute(ran: Runner) -> None:
    panels = ran(BOARD).facts["dates"]
    for question in ("when-drones-sent", "when-su-35-deal-announced"):
        words = sorted(f"“{row['wording']}”" for row in expected(question))
        assert words in [sorted(panel) for panel in panels]


def test_the_register_has_every_claim_on_a_transfer_once(ran: Runner, graph: Store) -> None:
    facts = ran(REGISTER).facts
    claims = number(
        graph,
        "?transfer a cas:Transfer . ?claim cas:about ?transfer ; cas:form ?form "
        "FILTER (?form != <https://w3id.org/caspian/id/form/inference>)",
    )
    assert facts["claims"] == facts["behind rows"] == claims
    assert len(facts["transfers"]) >= 11


def test_every_row_of_the_register_has_who_says_it_and_where(ran: Runner) -> None:
    rows = ran(REGISTER).facts["rows"]
    assert rows
    for *_, says, origins, evidence in rows:
        assert says
        assert int(origins) >= 1
        assert re.search(r"“.+” \(.+, \d{3}_[0-9a-f]{16}, \d+–\d+\)", evidence)


def test_the_register_keeps_each_quantity_with_its_wording(ran: Runner) -> None:
    said = {(row["minimum"], row["maximum"], row["wording"]) for row in expected("how-many-drones")}
    kept = {tuple(row[1:]) for row in ran(REGISTER).facts["quantities"] if row[0] == "uav-ir-ru"}
    assert kept == said


def test_the_register_draws_every_stage_that_a_side_names(ran: Runner) -> None:
    marks, reached = ran(REGISTER).facts["marks"]
    assert marks == reached >= 12
    lines, twice = ran(REGISTER).facts["spoken"]  # a bar and a mark each
    assert lines == twice >= 20


def test_the_register_comes_back_from_a_spreadsheet_as_it_went(ran: Runner) -> None:
    facts = ran(REGISTER).facts
    assert facts["read back"] == facts["written"]
    assert len(facts["written"]) >= 90
    assert facts["mark"] == "efbbbf"
    assert facts["formulas"] == ["'=1+1", "'@sum", "'-2", "'+1", "a=1", 2, ""]
