"""What the notebooks share: two ways to ask a running Caspian, tables, pictures, colours."""

import io
import os
from collections.abc import Iterable
from typing import Any

import httpx
import matplotlib.pyplot as plt
import pandas as pd
import PIL.Image
from IPython.display import HTML, Image
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from SPARQLWrapper import CSV, SPARQLWrapper

CASPIAN = os.environ.get("CASPIAN_URL", "http://127.0.0.1:8000").rstrip("/")
"""Where the service is."""

PREFIXES = """
PREFIX cas: <https://w3id.org/caspian/ontology#>
PREFIX c: <https://w3id.org/caspian/claim/>
PREFIX v: <https://w3id.org/caspian/value/>
PREFIX transfer: <https://w3id.org/caspian/id/transfer/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
"""

# Colours of Okabe and Ito; shapes say the same to those who see or print no colour.
SIDES = {"United States": ("#0072B2", "o"), "Iran": ("#009E73", "s"), "Russia": ("#D55E00", "D")}
OTHERS = ("#767676", "^")


def ask(query: str) -> pd.DataFrame:
    """The rows that a SPARQL query gets, as a table; the prefixes are put before it."""
    client = SPARQLWrapper(f"{CASPIAN}/sparql")
    client.setQuery(PREFIXES + query)
    client.setReturnFormat(CSV)
    # an empty cell is a variable without a value; the words "NA" or "None" are words
    rows = io.BytesIO(client.query().convert())
    return pd.read_csv(rows, keep_default_na=False, na_values=[""])


def get(path: str, **parameters: str | int) -> dict[str, Any]:
    """The JSON that a page of the service answers, such as `get("origins", thing="Su-35")`."""
    answer = httpx.get(f"{CASPIAN}/{path}", params=parameters, timeout=60)
    if answer.is_error:
        raise RuntimeError(answer.json()["detail"])
    return answer.json()


def short(iri: str) -> str:
    """The last part of an IRI: `002_823e27110d85d8d8` of an article's."""
    return iri.rsplit("/", 1)[-1]


def table(rows: pd.DataFrame) -> HTML:
    """The rows for reading: text to the left, empty cells empty."""
    left = 'style="text-align: left; vertical-align: top"'
    text = rows.astype(object).where(rows.notna(), "").to_html(index=False, border=0)
    return HTML(text.replace("<td>", f"<td {left}>").replace("<th>", f"<th {left}>"))


def name_sides(drawing: Axes | Figure, sides: Iterable[str], **options: Any) -> None:
    """Put a legend of these sides' colours and shapes there; all that are no states share one."""
    looks = {side: SIDES[side] for side in SIDES if side in {*sides}}
    if {*sides} - {*SIDES}:
        looks["press and others"] = OTHERS
    handles = [
        Line2D([], [], color=color, marker=marker, linestyle="", markersize=9, label=side)
        for side, (color, marker) in looks.items()
    ]
    drawing.legend(handles=handles, **options)


def picture(figure: Figure, words: str) -> Image:
    """The figure, with words for those who cannot see it."""
    drawn, png = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn)
    plt.close(figure)
    # 64 colours are enough for a chart, and a third of the bytes
    PIL.Image.open(drawn).convert("RGB").quantize(64).save(png, "png", optimize=True)
    return Image(png.getvalue(), alt=words)
