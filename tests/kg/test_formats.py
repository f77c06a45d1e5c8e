"""The table of formats, held against the engine that writes them."""

import pyoxigraph as ox
import pytest

from kg.errors import UnknownNameError
from kg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, named

ALL = (*RESULT_FORMATS, *GRAPH_FORMATS)


def test_every_format_of_the_contract_is_there() -> None:
    assert [form.name for form in RESULT_FORMATS] == ["json", "xml", "csv", "tsv"]
    assert [form.name for form in GRAPH_FORMATS] == [
        *("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml")
    ]


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_the_engine_writes_every_result_format(form: Format) -> None:
    engines = ox.QueryResultsFormat.from_media_type(form.media_type)
    assert engines is not None
    assert form.extension == f".{engines.file_extension}"
    assert form.holds == "solutions"


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.name)
def test_the_engine_writes_every_graph_format(form: Format) -> None:
    engines = ox.RdfFormat.from_media_type(form.media_type)
    assert engines is not None
    assert form.extension == f".{engines.file_extension}"
    assert form.holds == ("quads" if engines.supports_datasets else "triples")


def test_names_media_types_and_extensions_are_each_used_once() -> None:
    for column in zip(*(form[:3] for form in ALL), strict=True):
        assert len(set(column)) == len(ALL)


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_a_format_is_found_by_its_name(form: Format) -> None:
    assert named(form.name) == form


def test_an_unknown_format_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="nothing is called “turtel”; did you mean turtle"):
        named("turtel")
