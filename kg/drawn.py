"""An answer of paths in other forms: as a map, a network, a table, a graph of RDF, a report."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from kg.answers import Iri, Literal, Term, graph_answer
from kg.formats import named
from kg.paths import Answer, Found
from kg.routing import Evidence, Hop
from kg.vocab import ID, PREFIXES, PROV, RDF, RDFS, SCHEMA, XSD

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["FORMS", "Form", "csv_of", "geojson_of", "markdown_of"]


class Form(NamedTuple):
    """A form: what it is called, how HTTP calls it, and what writes it."""

    name: str
    media_type: str
    write: Callable[[Answer], bytes]


def geojson_of(answer: Answer) -> bytes:
    """A feature collection (RFC 7946): a point for each stop, a line for each hop.

    What has no coordinates is there without a geometry.
    """
    features = [
        *(_stop(answer, each) for each in _stops(answer)),
        *(_line(hop, *which) for hop, *which in _hops(answer)),
    ]
    told = {"complete": answer.complete, "why": answer.why, "reason": answer.reason}
    collection = {"type": "FeatureCollection", "features": features, **told}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _stops(answer: Answer) -> list[str]:
    return sorted({stop.id for path in answer.paths for stop in path.stops})


def _stop(answer: Answer, name: str) -> dict[str, object]:
    stop = next(each for path in answer.paths for each in path.stops if each.id == name)
    geometry = {"type": "Point", "coordinates": [stop.lon, stop.lat]} if stop.lat else None
    told = {"label": stop.label, "kind": stop.kind, "accuracy_metres": stop.accuracy_metres}
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": told}


def _line(hop: Hop, path: int, number: int) -> dict[str, object]:
    ends = [[each.lon, each.lat] for each in (hop.source, hop.target) if each.lat]
    known = len(ends) == len((hop.source, hop.target))
    told = {
        "path": path,
        "hop": number,
        **_told(hop),
        "quotations": list(dict.fromkeys(each.quotation for each in hop.evidence)),
    }
    return {
        "type": "Feature",
        "id": f"{path}.{number}",
        "geometry": {"type": "LineString", "coordinates": ends} if known else None,
        "properties": told,
    }


def _told(hop: Hop) -> dict[str, str | float]:
    """A hop in plain values."""
    return {
        "source": hop.source.id,
        "target": hop.target.id,
        "relation": hop.relation,
        "direction": hop.direction,
        "thing": hop.thing,
        "label": hop.label,
        "transport": hop.transport,
        "cargo": ", ".join(hop.cargo),
        "status": ", ".join(hop.status),
        "dates": hop.dates,
        "confidence": hop.confidence,
        "origins": ", ".join(hop.origins),
        "denied_by": ", ".join(
            dict.fromkeys(each.evidence.principal_label for each in hop.denials)
        ),
        **({} if hop.kilometres is None else {"kilometres": hop.kilometres}),
    }


def _hops(answer: Answer) -> Iterator[tuple[Hop, int, int]]:
    """Each hop, with the number of its path and its own, from 1."""
    for path, found in enumerate(answer.paths, start=1):
        for number, hop in enumerate(found.hops, start=1):
            yield hop, path, number


def graphml_of(answer: Answer) -> bytes:
    """GraphML, as networkx writes it: the nodes and edges of all paths."""
    import networkx as nx  # noqa: PLC0415 -- a tenth of a second

    lines = nx.generate_graphml(_network(answer), named_key_ids=True)
    return "\n".join(lines).encode()


def gexf_of(answer: Answer) -> bytes:
    """GEXF, as networkx writes it, without the day on which it was written."""
    import networkx as nx  # noqa: PLC0415 -- as above

    text = "\n".join(nx.generate_gexf(_network(answer)))
    return re.sub(r' lastmodifieddate="[^"]*"', "", text).encode()


def _network(answer: Answer) -> "nx.MultiDiGraph[str]":
    import networkx as nx  # noqa: PLC0415 -- as above

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for found in answer.paths:
        for stop in found.stops:
            placed = {} if stop.lat is None else {"lat": stop.lat, "lon": stop.lon}
            graph.add_node(stop.id, label=stop.label, kind=stop.kind, **placed)
    paths: dict[tuple[str, str, str], list[str]] = {}
    for hop, path, _ in _hops(answer):
        edge = (hop.source.id, hop.target.id, f"{hop.relation} {hop.thing}")
        paths.setdefault(edge, []).append(str(path))
        graph.add_edge(*edge, **{**_told(hop), "paths": ", ".join(paths[edge])})
    return graph


_COLUMNS = (
    *("path", "hop", "source", "target", "relation", "direction", "thing", "transport", "cargo"),
    *("status", "dates", "kilometres", "confidence", "origins", "role", "claim", "key", "value"),
    *("polarity", "certainty", "speaker", "chain", "article", "start", "end", "quotation"),
)


def csv_of(answer: Answer) -> bytes:
    """CSV (RFC 4180): a row for each claim of each hop, with what it is to the hop."""
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, _COLUMNS, restval="", extrasaction="ignore")
    rows.writeheader()
    for hop, path, number in _hops(answer):
        told = {"path": path, "hop": number, **_told(hop)}
        words = [{**vars(claim), "role": role} for role, claim in _claims(hop)]
        for row in words or [{}]:
            rows.writerow({**told, **row, "thing": hop.thing})
    return out.getvalue().encode()


def _claims(hop: Hop) -> list[tuple[str, Evidence]]:
    """Every claim told of a hop, with what it is to it."""
    return [
        *(("evidence" if each.rests else "besides", each) for each in hop.evidence),
        *(("corroboration", each.evidence) for each in hop.corroboration),
        *(("denial", each.evidence) for each in hop.denials),
    ]


_PREFIXES = {name: PREFIXES[name] for name in ("id", "prov", "rdfs", "schema", "xsd")}


def turtle_of(answer: Answer) -> bytes:
    """Turtle: each path a list of the things it leads over, and the claims it is derived from.

    Nothing of the world is asserted: what a path says stands in the claims.
    """
    triples = [triple for path in answer.paths for triple in _triples(path)]
    text = graph_answer(triples).serialize(named("turtle"), prefixes=_PREFIXES).decode()
    # the engine writes the prefixes in any order
    lines = text.splitlines(keepends=True)
    heads = sum(line.startswith("@prefix") for line in lines)
    return "".join([*sorted(lines[:heads]), *lines[heads:]]).encode()


def _triples(path: Found) -> Iterator[tuple[Iri, Iri, Term]]:
    way = " ".join(f"{hop.source.id} {hop.thing} {hop.target.id}" for hop in path.hops)
    node = f"{ID}path/{blake2b(way.encode(), digest_size=8).hexdigest()}"
    kind, schema = Iri(RDF + "type"), SCHEMA
    yield Iri(node), kind, Iri(schema + "ItemList")
    yield Iri(node), Iri(schema + "description"), Literal(path.sentence, RDF + "langString", "en")
    for number, hop in enumerate(path.hops, start=1):
        item = Iri(f"{node}/{number}")
        yield Iri(node), Iri(schema + "itemListElement"), item
        yield item, kind, Iri(schema + "ListItem")
        yield item, Iri(schema + "position"), Literal(str(number), XSD + "integer", "")
        yield item, Iri(schema + "item"), Iri(ID + hop.thing)
        yield item, Iri(schema + "fromLocation"), Iri(ID + hop.source.id)
        yield item, Iri(schema + "toLocation"), Iri(ID + hop.target.id)
        for each in (hop.source, hop.target):
            yield (
                Iri(ID + each.id),
                Iri(RDFS + "label"),
                Literal(each.label, RDF + "langString", "en"),
            )
        for claim in hop.evidence:
            if claim.rests and claim.counts:
                yield item, Iri(PROV + "wasDerivedFrom"), Iri(ID + claim.claim)


def mermaid_of(answer: Answer) -> bytes:
    """A flowchart of Mermaid: stops and, on the arrows, what each hop is and who says so."""
    stops = {name: f"n{number}" for number, name in enumerate(_stops(answer))}
    labels = {each.id: each.label for path in answer.paths for each in path.stops}
    lines = ["flowchart LR", *(f'  {key}["{_plain(labels[name])}"]' for name, key in stops.items())]
    arrows = (
        f"  {stops[hop.source.id]} {_arrow(hop)}|"
        f'"{_plain(", ".join(hop.cargo) or hop.relation)}: {_plain(", ".join(hop.origins))}"| '
        f"{stops[hop.target.id]}"
        for hop, *_ in _hops(answer)
    )
    return "\n".join([*lines, *dict.fromkeys(arrows), ""]).encode()


def _arrow(hop: Hop) -> str:
    """Solid, or dotted where somebody denies what touches it."""
    return "-.->" if hop.denials else "-->"


def _plain(text: str) -> str:
    """The text without what Mermaid would read.

    >>> _plain('say "x"; <b>')
    'say #34;x#34;#59; #60;b#62;'
    """
    return re.sub(r'["#;<>|\[\]{}`\\\n]', lambda found: f"#{ord(found[0])};", text)


def markdown_of(answer: Answer) -> bytes:
    """A report in Markdown: each path in a sentence, its hops in a table, and their words."""
    lines = [f"# {_names(answer.sources)} to {_names(answer.targets)}", ""]
    if not answer.paths:
        lines += [_text(answer.reason), ""]
        lines += [
            f"- without `{each.given}`: {' → '.join(map(_text, each.stops))}"
            for each in answer.would_give
        ]
    if answer.why:
        lines += [f"**Not complete.** {_text(answer.why)}", ""]
    for number, path in enumerate(answer.paths, start=1):
        lines += [*_path(number, path), ""]
    return ("\n".join(lines).rstrip() + "\n").encode()


def _names(things: Sequence[object]) -> str:
    return " or ".join(dict.fromkeys(_text(str(getattr(each, "label", each))) for each in things))


def _path(number: int, path: Found) -> Iterator[str]:
    yield f"## {number}. {' → '.join(_text(stop.label) for stop in path.stops)}"
    yield ""
    yield _text(path.sentence)
    yield ""
    pieces = "1 piece" if path.units == 1 else f"{path.units} pieces"
    yield f"Confidence {path.confidence} from {pieces} of evidence; {path.time_order}."
    yield ""
    yield "| hop | what | transport | when | km | confidence | origins | denied by |"
    yield "|---|---|---|---|---|---|---|---|"
    for hop in path.hops:
        told = _told(hop)
        cells = (
            f"{hop.source.label} → {hop.target.label}",
            ", ".join(hop.cargo) or hop.relation,
            *(str(told[key]) for key in ("transport", "dates")),
            str(told.get("kilometres", "")),
            *(str(told[key]) for key in ("confidence", "origins", "denied_by")),
        )
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""
    quotations = {
        (each.article, each.start, each.end): each.quotation
        for hop in path.hops
        for _, each in _claims(hop)
    }
    for each in path.citations:
        words = _text(quotations.get((each.article, each.start, each.end), ""))
        where = f"article {each.article}, characters {each.start} to {each.end}"
        yield f"{each.number}. {f'“{words}” ' if words else ''}{_text(each.said_by)}; {where}"


def _text(text: str) -> str:
    r"""The text as Markdown that reads as it stands.

    >>> print(_text("a*b|c [d]"))
    a\*b\|c \[d\]
    """
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text.replace("\n", " "))


def _cell(text: str) -> str:
    return _text(text) or " "


FORMS = (
    Form("geojson", "application/geo+json", geojson_of),
    Form("graphml", "application/graphml+xml", graphml_of),
    Form("gexf", "application/gexf+xml", gexf_of),
    Form("csv", "text/csv", csv_of),
    Form("turtle", "text/turtle", turtle_of),
    Form("mermaid", "text/vnd.mermaid", mermaid_of),
    Form("markdown", "text/markdown", markdown_of),
)
"""What an answer can be had as, besides JSON."""
