"""The forms in which findings are written: for people, for RDF tools, and for machines.

A form is a row of FORMS: to add one, write its function and a row.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg import __version__
from kg.checking.findings import Finding, Findings
from kg.rdf import Triple, rewritten
from kg.shacl import Result
from kg.shacl.paths import written
from kg.terms import XSD, literal
from kg.vocab import CAS, DCTERMS, SH, TYPE

__all__ = ["FORMS", "Form", "coloured"]

_RED, _YELLOW, _BLUE, _BOLD, _DIM, _PLAIN = (f"\x1b[{n}m" for n in (31, 33, 34, 1, 2, 0))
_COLOURS = {"error": _RED, "warning": _YELLOW, "info": _BLUE}


@dataclass(frozen=True)
class Form:
    """A way to write findings."""

    media_type: str
    write: Callable[[Findings], str]


# -- for people


def _text(findings: Findings) -> str:
    return "".join(_lines(findings, {}))


def coloured(findings: Findings) -> str:
    """The text with colours, for a terminal."""
    return "".join(_lines(findings, _COLOURS))


def _lines(findings: Findings, colours: Mapping[str, str]) -> Iterator[str]:
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colours else ("", "", "")
    for file, found in groupby(findings.all, key=lambda each: each.file):
        yield f"{bold}{file}{plain}\n"
        for each in found:
            line = f"{each.line:>5}" if each.line else "     "
            key = f"{each.key}: " if each.key else ""
            level = f"{colours.get(each.level, '')}{each.level}{plain}"
            yield f"{line}  {level}  {key}{each.message}  {dim}[{each.rule}]{plain}\n"
            if each.hint:
                yield f"       {each.hint}\n"
        yield "\n"
    for shape, why in ((each.shape, each.why) for each in findings.referrals):
        yield f"by the reference engine: {shape}: {why}\n"
    yield from (f"{note}\n" for note in findings.notes)
    yield f"{findings.summary}: {_counted(findings)}\n"


def _counted(findings: Findings) -> str:
    if not findings.all:
        return "no problem found"
    counts = ((findings.named(level), level) for level in _COLOURS)
    return ", ".join(f"{count:,} {level}{'s' * (count > 1)}" for count, level in counts if count)


# -- RDF


def _graph(findings: Findings) -> Iterator[Triple]:
    """SHACL's graph of a report; a result says where it came from as dcterms:source."""
    report = "_:report"
    yield Triple(report, TYPE, f"<{SH}ValidationReport>")
    conforms = "false" if findings.all else "true"
    yield Triple(report, f"<{SH}conforms>", f'"{conforms}"^^<{XSD}boolean>')
    for number, each in enumerate(findings.all):
        node = f"_:result{number}"
        yield Triple(report, f"<{SH}result>", node)
        yield Triple(node, TYPE, f"<{SH}ValidationResult>")
        yield Triple(node, f"<{SH}resultSeverity>", f"<{SH}{_SEVERITIES[each.level]}>")
        yield from (Triple(node, f"<{SH}{name}>", term) for name, term in _parts(each))
        if each.result and each.result.route:
            path, triples = written(each.result.route, f"{node}-path")
            yield Triple(node, f"<{SH}resultPath>", path)
            yield from triples
        place = f"{each.file}:{each.line}" if each.line else each.file
        yield Triple(node, f"<{DCTERMS}source>", literal(place))
        if each.key:
            yield Triple(node, f"<{DCTERMS}identifier>", literal(each.key))


_SEVERITIES = {"error": "Violation", "warning": "Warning", "info": "Info"}
_UNSHAPED = Result("", component=f"<{CAS}MappingConstraint>")


def _parts(finding: Finding) -> Iterator[tuple[str, str]]:
    result = finding.result or _UNSHAPED
    terms = {
        "focusNode": result.focus,
        "value": result.value,
        "sourceShape": result.shape,
        "sourceConstraintComponent": result.component,
        "sourceConstraint": result.constraint,
        "resultMessage": literal(finding.message),
    }
    yield from ((name, term) for name, term in terms.items() if term)
    if finding.hint:
        yield "resultMessage", literal(finding.hint)


_PREFIXES = {"sh": SH}  # one: the engine writes several in any order


def _rdf(media_type: str) -> Callable[[Findings], str]:
    def write(findings: Findings) -> str:
        triples = "".join(f"{s} {p} {o} .\n" for s, p, o in _graph(findings))
        return rewritten(triples.encode(), media_type, _PREFIXES).decode("utf-8")

    return write


# -- JSON


def _json(findings: Findings) -> str:
    return _dumped(
        {
            "conforms": not findings.all,
            "checked": findings.summary,
            "files": findings.files,
            "notes": findings.notes,
            "referrals": [{"shape": r.shape, "why": r.why} for r in findings.referrals],
            "findings": [_described(each) for each in findings.all],
        }
    )


def _described(finding: Finding) -> dict[str, Any]:
    names = ("file", "line", "key", "level", "rule", "message", "hint")
    said = {name: getattr(finding, name) for name in names}
    if result := finding.result:
        of_result = ("focus", "path", "value", "shape", "component", "engine")
        said |= {name: getattr(result, name) for name in of_result}
    return said


def _dumped(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"


def _sarif(findings: Findings) -> str:
    rules = sorted({each.rule for each in findings.all})
    driver = {
        "name": "caspian",
        "semanticVersion": __version__,
        "informationUri": "https://w3id.org/caspian/",
        "rules": [{"id": rule, "shortDescription": {"text": rule}} for rule in rules],
    }
    results = [
        {
            "ruleId": each.rule,
            "ruleIndex": rules.index(each.rule),
            "level": {"info": "note"}.get(each.level, each.level),
            "message": {"text": _sentence(each)},
            "locations": [_location(each)],
        }
        for each in findings.all
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return _dumped({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _location(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.file)}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    location: dict[str, Any] = {"physicalLocation": place}
    if finding.key:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.key}]
    return location


def _uri(file: str) -> str:
    """A file's name as a relative reference, or as file: where it is absolute."""
    if "://" in file:
        return file
    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    from urllib.parse import quote  # noqa: PLC0415 -- only here

    return quote(path.as_posix())


def _sentence(finding: Finding) -> str:
    key = f"{finding.key}: " if finding.key else ""
    return f"{key}{finding.message}{f' ({finding.hint})' if finding.hint else ''}"


# -- machines that build


def _junit(findings: Findings) -> str:
    by_file = {
        file: [each for each in findings.all if each.file == file] for file in _files(findings)
    }
    total, bad = sum(max(1, len(found)) for found in by_file.values()), len(findings.all)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="caspian" tests="{total}" failures="{bad}" errors="0">',
    ]
    for file, found in by_file.items():
        counts = f'tests="{max(1, len(found))}" failures="{len(found)}" errors="0"'
        lines.append(f"  <testsuite name={_attribute(file)} {counts}>")
        lines += [_case(each) for each in found] or [
            f'    <testcase classname={_attribute(file)} name="caspian check"/>'
        ]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _case(finding: Finding) -> str:
    name = f"{finding.rule}: {finding.key or finding.message}"
    return (
        f"    <testcase classname={_attribute(finding.file)} name={_attribute(name)}"
        f' file={_attribute(finding.file)} line="{finding.line}">\n'
        f"      <failure type={_attribute(finding.level)} message={_attribute(finding.message)}>"
        f"{escape(_printable(str(finding)))}</failure>\n    </testcase>"
    )


def _files(findings: Findings) -> list[str]:
    return sorted({*findings.files, *(each.file for each in findings.all)})


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, however they are escaped."""
    return "".join(c if c >= " " or c in "\t\n\r" else "�" for c in text)


def _github(findings: Findings) -> str:
    lines = []
    for each in findings.all:
        kind = {"info": "notice"}.get(each.level, each.level)
        line = f",line={each.line}" if each.line else ""
        title = _property(each.rule)
        said = _escaped(_sentence(each))
        lines.append(f"::{kind} file={_property(each.file)}{line},title={title}::{said}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


FORMS: Mapping[str, Form] = {
    "text": Form("text/plain", _text),
    "turtle": Form("text/turtle", _rdf("text/turtle")),
    "jsonld": Form("application/ld+json", _rdf("application/ld+json")),
    "json": Form("application/json", _json),
    "sarif": Form("application/sarif+json", _sarif),
    "junit": Form("application/xml", _junit),
    "github": Form("text/plain", _github),
}
