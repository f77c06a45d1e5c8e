"""Check mappings, or RDF, without building: names and values, quotes against texts, shapes.

Exit codes: 0 nothing found at the level of --fail-on or above; 1 the check itself failed; 2 a file
cannot be read as what it is, or a quote is not in its text; 3 all can be read, and a shape is
broken; 4 --since names no revision.
"""

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import options as shared
from kg.cli.findings import code_of, report_options, tell_findings
from kg.cli.progress import telling
from kg.errors import InputError, Problem
from kg.rdf import SUFFIXES
from kg.resources import folder

if TYPE_CHECKING:
    from kg.checking.findings import Findings
    from kg.corpus import Corpus
    from kg.shacl import Shapes

HELP = "check mappings or RDF without building"


def arguments(verb: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    shared.seeds(verb)
    shared.texts(verb)
    report_options(verb, least="info")
    what = "mappings that changed since this revision of git; all where something else changed"
    verb.add_argument("--since", metavar="REV", help=what)
    what = "shapes to check files of RDF by, in place of ours; may be given several times"
    verb.add_argument("--shapes", type=Path, action="append", metavar="FILE", help=what)
    what = "take the named mappings alone, without the rest of the seeds beside them"
    verb.add_argument("--alone", action="store_true", help=what)
    what = "read in this many processes"
    verb.add_argument("--jobs", type=_jobs, default=1, metavar="N", help=what)
    what = "check the K-th of N shares of the files, told apart by their names"
    verb.add_argument("--shard", type=_shard, default=(1, 1), metavar="K/N", help=what)
    what = "stay, and check again what is saved"
    verb.add_argument("--watch", action="store_true", help=what)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_JOBS}")
    return int(text)


_MOST_JOBS = 256


def _shard(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise argparse.ArgumentTypeError(f"{text!r} is no share: write 2/4 for the second of four")
    return int(number), int(of)


def run(options: argparse.Namespace) -> int:
    """Check, and print what was found in the form asked for."""
    rdf = [path for path in options.files if path.suffix in SUFFIXES]
    if rdf and len(rdf) < len(options.files):
        other = next(path for path in options.files if path not in rdf)
        hint = "check mappings and RDF one after the other"
        raise InputError(Problem(str(other), 0, "", "is no RDF, and the others are", hint))
    if options.shapes and not rdf:
        hint = "name a file of RDF as well; mappings are checked by ours"
        raise InputError(Problem(str(options.shapes[0]), 0, "", "are shapes for RDF", hint))
    _refuse_what_is_not_heard(options, rdf)
    if rdf:
        return _done(_of_rdf(options, rdf), options)
    if options.watch:
        return _watch(options)
    return _done(_of_mappings(options), options)


_OF_MAPPINGS = {"since": None, "shard": (1, 1), "jobs": 1, "alone": False}
"""Options of a check of mappings that ends, and what they are where nobody gives them."""


def _refuse_what_is_not_heard(options: argparse.Namespace, rdf: Sequence[Path]) -> None:
    """Raises InputError where an option would be given in vain."""
    alone = str(rdf[0]) if rdf else "--watch"
    given = [f"--{name}" for name, usual in _OF_MAPPINGS.items() if getattr(options, name) != usual]
    if options.watch:
        given += ["--watch"] if rdf else map(str, options.files)
    if given and (rdf or options.watch):
        message = f"does not go with {given[0]}"
        raise InputError(Problem(alone, 0, "", message, "leave one of them out"))


def _done(findings: "Findings", options: argparse.Namespace) -> int:
    tell_findings(findings, options)
    return code_of(findings, options.fail_on)


def _of_rdf(options: argparse.Namespace, files: Sequence[Path]) -> "Findings":
    from kg.checking.rdf_files import check_rdf, read_rdf  # noqa: PLC0415 -- brings the engine
    from kg.checking.reading import standing  # noqa: PLC0415 -- as above
    from kg.validation import folder_triples  # noqa: PLC0415 -- as above

    with telling() as tell:
        tell("reading RDF")
        read = [read_rdf(path, f"d{n}-") for n, path in enumerate(files)]
        if options.shapes:
            read_shapes = [read_rdf(path, f"s{n}-") for n, path in enumerate(options.shapes)]
            given = [triple for file in read_shapes for triple in file.triples]
            return check_rdf(read, given)
        ours = folder_triples(folder("shapes"))
        return check_rdf(read, ours, standing(shared.corpus(options)))


def _of_mappings(options: argparse.Namespace) -> "Findings":
    from kg.checking.whole import How, Shard, check  # noqa: PLC0415 -- `caspian --help` checks nothing

    with telling() as tell:
        corpus = _corpus(options)
        if isinstance(corpus, tuple):
            return _unread(corpus)
        files = _files(options)
        how = How(
            beside=_beside(options, files),
            texts=shared.texts_folder(options),
            shard=Shard(*options.shard),
            jobs=options.jobs,
        )
        return check(corpus, files, _shapes, how, tell)


def _corpus(options: argparse.Namespace) -> "Corpus | tuple[Problem, ...]":
    """The corpus; what is wrong with what it declares, where it cannot be read."""
    if not (options.seeds / "entities").is_dir():
        return shared.corpus(options)  # which says so
    try:
        return shared.corpus(options)
    except InputError as error:
        return error.problems


def _unread(problems: tuple[Problem, ...]) -> "Findings":
    from kg.checking.findings import Finding, Findings  # noqa: PLC0415 -- as above

    found = tuple(map(Finding.of, problems))
    note = "the mappings wait until what they name can be read"
    files = tuple(sorted({each.file for each in found}))
    return Findings(found, files, "the seeds", notes=(note,))


def _shapes() -> "Shapes":
    from kg.validation import shapes_in  # noqa: PLC0415 -- as above

    return shapes_in(folder("shapes"))


def _files(options: argparse.Namespace) -> tuple[Path, ...]:
    files = shared.files(options)
    if options.since is None:
        return files
    from kg.checking.revisions import changed_since  # noqa: PLC0415 -- only here

    seeds = options.seeds
    beside = (seeds.absolute().parent / name for name in ("ontology", "shapes"))
    if any(changed_since(options.since, place) for place in beside if place.is_dir()):
        return files
    changed = {path.resolve() for path in changed_since(options.since, seeds)}
    # what mappings name is another, or one of them is gone: all others are to be looked at
    rest = changed - {path.resolve() for path in files}
    if any(path.suffix in {".yaml", ".jsonl", ".ttl"} for path in rest):
        return files
    return tuple(path for path in files if path.resolve() in changed)


def _beside(options: argparse.Namespace, files: Sequence[Path]) -> tuple[Path, ...]:
    """The rest of the seeds, where the files are a part of them."""
    from kg.corpus import mapping_files  # noqa: PLC0415 -- as above

    named = {path.resolve() for path in files}
    every = mapping_files(options.seeds)
    within = named <= {path.resolve() for path in every}
    if not files or options.alone or not within or options.shard != (1, 1):
        return ()
    return tuple(path for path in every if path.resolve() not in named)


# -- watching


def _watch(options: argparse.Namespace) -> int:
    """Checks after every save, until somebody interrupts."""
    from kg.checking.session import Session  # noqa: PLC0415 -- as above
    from kg.checking.watching import watching  # noqa: PLC0415 -- as above
    from kg.corpus import mapping_files  # noqa: PLC0415 -- as above

    shapes, texts = _shapes(), shared.texts_folder(options)
    folders = [options.seeds, options.seeds / "entities"]
    with watching(folders) as changes:
        session: Session | None = None
        changed: frozenset[Path] = frozenset()
        while True:
            began = time.perf_counter()
            mappings = {*mapping_files(options.seeds)}
            if session is None or not _only_mappings(changed, mappings, options.seeds):
                corpus = _corpus(options)
                session = None
                if isinstance(corpus, tuple):
                    tell_findings(_unread(corpus), options)
                else:
                    session = Session(corpus, sorted(mappings), shapes, texts=texts)
                    gc.freeze()  # the collector need not walk the graph after every save
            else:
                for path in sorted(changed):
                    session.change(path)
            if session is not None:
                tell_findings(session.findings(), options)
            sys.stderr.write(f"checked in {1e3 * (time.perf_counter() - began):,.0f} ms\n")
            sys.stderr.flush()
            changed = _saved(next(changes))
            while not changed:
                changed = _saved(next(changes))


def _saved(changed: frozenset[Path]) -> frozenset[Path]:
    """What matters of what changed; editors leave other files beside."""
    return frozenset(path for path in changed if path.suffix in {".yaml", ".jsonl", ".ttl"})


def _only_mappings(changed: frozenset[Path], mappings: set[Path], seeds: Path) -> bool:
    """Whether nothing changed but mappings, some of which may be gone."""
    others = {"identities.yaml", "lexicon.yaml", "relations.yaml", "views.yaml"}
    return all(
        path in mappings or (path.parent == seeds and path.name not in others and not path.exists())
        for path in changed
    )
