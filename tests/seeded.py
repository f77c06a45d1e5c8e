"""Mappings with one fault each, of some forty kinds, and the key where the fault stands.

A kind is a row: the keys it may be planted at, and what it does there. Mappings are trees; they are
written as YAML again, so that lines are those of the file that is checked.
"""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import yaml

from kg.schema import Schema
from kg.source import Key, Tree

FIELDS = ("quote", "voice", "certainty", "cue", "polarity", "basis", "asOf", "utterance", "note")


class Kind(NamedTuple):
    """A kind of fault: where it can be, and how it is made; the edit gives the key of the fault."""

    keys: Callable[[Tree, Schema], Iterator[Key]]
    edit: Callable[[Tree, Key, random.Random], Key]
    misspelt: bool = False
    """Whether what stood there before is to be told as the nearest known."""


class Planted(NamedTuple):
    """A mapping with a fault."""

    kind: str
    file: Path
    text: str
    key: Key
    meant: str
    """What stood there before, where it was misspelt."""


def plant(kind: str, files: dict[Path, Tree], schema: Schema, rng: random.Random) -> Planted:
    """A fault of that kind, somewhere in these mappings."""
    row = KINDS[kind]
    places = [(path, key) for path, tree in files.items() for key in row.keys(tree, schema)]
    path, key = rng.choice(places)
    tree = deepcopy(files[path])
    before = at(tree, key) if key else ""
    found = row.edit(tree, key, rng)
    meant = ""
    if row.misspelt:
        meant = before if found == key and isinstance(before, str) else str(key[-1])
    return Planted(kind, path, written(tree), found, meant)


def written(tree: Tree) -> str:
    """The tree as YAML."""
    return yaml.dump(
        tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10**6
    )


def line_of(text: str, key: Key) -> int:
    """The line of a key, by another reading of the file than the one under test."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 1
    for part in key:
        if isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            name, node = next(pair for pair in node.value if pair[0].value == part)
            line = name.start_mark.line + 1
    return line


def at(tree: Tree, key: Key) -> Tree:
    for part in key:
        tree = tree[part]
    return tree


# -- where


def entries(tree: Tree, _: Schema) -> Iterator[Key]:
    yield from (("claims", number) for number in range(len(tree["claims"])))


def frames(tree: Tree, schema: Schema) -> Iterator[Key]:
    for key in entries(tree, schema):
        yield from ((*key, name) for name in at(tree, key) if "/" in name)


def properties(tree: Tree, schema: Schema) -> Iterator[Key]:
    for key in frames(tree, schema):
        yield from ((*key, name) for name in at(tree, key))


def values(tree: Tree, schema: Schema) -> Iterator[Key]:
    for key in properties(tree, schema):
        found = at(tree, key)
        if isinstance(found, list):
            yield from ((*key, number) for number in range(len(found)))
        else:
            yield key


def values_of(*kinds: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """Values of properties of these kinds that are written as a word."""

    def found(tree: Tree, schema: Schema) -> Iterator[Key]:
        for key in values(tree, schema):
            name = next(part for part in reversed(key) if isinstance(part, str))
            if schema.properties[name].kind in kinds and isinstance(at(tree, key), str):
                yield key

    return found


def fields_of(*names: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """These fields of values that are maps."""

    def found(tree: Tree, schema: Schema) -> Iterator[Key]:
        for key in values(tree, schema):
            if isinstance(value := at(tree, key), dict):
                yield from ((*key, name) for name in names if name in value)

    return found


def in_entries(*names: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """These fields of entries."""

    def found(tree: Tree, schema: Schema) -> Iterator[Key]:
        for key in entries(tree, schema):
            yield from ((*key, name) for name in names if name in at(tree, key))

    return found


def in_voices(*names: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """These fields of voices."""

    def found(tree: Tree, _: Schema) -> Iterator[Key]:
        for voice, fields in tree["voices"].items():
            yield from (("voices", voice, name) for name in names if name in fields)

    return found


def relays(tree: Tree, schema: Schema) -> Iterator[Key]:
    for key in in_voices("relay")(tree, schema):
        yield from ((*key, number) for number in range(len(at(tree, key))))


def unbridged(name: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """That field of entries whose quote is its passage."""

    def found(tree: Tree, schema: Schema) -> Iterator[Key]:
        for key in in_entries(name)(tree, schema):
            if "…" not in at(tree, key[:2])["quote"]:
                yield key

    return found


def top(*names: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    return lambda tree, _: ((name,) for name in names if name in tree)


def without_a_note(tree: Tree, schema: Schema) -> Iterator[Key]:
    yield from (key for key in entries(tree, schema) if "note" not in at(tree, key))


def framed(prefix: str) -> Callable[[Tree, Schema], Iterator[Key]]:
    """What is said of things of that prefix."""

    def found(tree: Tree, schema: Schema) -> Iterator[Key]:
        yield from (key for key in frames(tree, schema) if str(key[2]).startswith(prefix))

    return found


def starts(tree: Tree, schema: Schema) -> Iterator[Key]:
    """Where legs start that are not the first."""
    for key in framed("leg/")(tree, schema):
        leg = at(tree, key)
        if isinstance(leg.get("from"), str) and leg.get("order", "1") != "1":
            yield (*key, "from")


# -- what


def misspell(word: str, rng: random.Random) -> str:
    """The word with one letter dropped, doubled or swapped with the next, in its last part."""
    head, slash, tail = word.rpartition("/")
    place = rng.randrange(1, max(2, len(tail) - 1))
    ways = (
        tail[:place] + tail[place + 1 :],
        tail[:place] + tail[place - 1] + tail[place:],
        tail[: place - 1] + tail[place : place + 1] + tail[place - 1] + tail[place + 1 :],
    )
    found = [way for way in ways if way != tail]
    return head + slash + rng.choice(found)


def put(value: Tree) -> Callable[[Tree, Key, random.Random], Key]:
    def edit(tree: Tree, key: Key, _: random.Random) -> Key:
        at(tree, key[:-1])[key[-1]] = deepcopy(value)
        return key

    return edit


def respell(tree: Tree, key: Key, rng: random.Random) -> Key:
    at(tree, key[:-1])[key[-1]] = misspell(at(tree, key), rng)
    return key


def rename(tree: Tree, key: Key, rng: random.Random) -> Key:
    holder = at(tree, key[:-1])
    new = misspell(str(key[-1]), rng)
    fields = [(new if name == key[-1] else name, value) for name, value in holder.items()]
    holder.clear()
    holder.update(fields)
    return (*key[:-1], new)


def drop(tree: Tree, key: Key, _: random.Random) -> Key:
    del at(tree, key[:-1])[key[-1]]
    return key


def add(name: str, value: Tree) -> Callable[[Tree, Key, random.Random], Key]:
    """Another field of what stands there."""

    def edit(tree: Tree, key: Key, _: random.Random) -> Key:
        at(tree, key)[name] = deepcopy(value)
        return (*key, name)

    return edit


def repeat(tree: Tree, key: Key, _: random.Random) -> Key:
    entry = at(tree, key)
    tree["claims"].insert(int(key[1]) + 1, deepcopy(entry))
    thing = next(name for name in entry if "/" in name)
    name, value = next(iter(entry[thing].items()))
    first: Key = ("claims", int(key[1]) + 1, thing, name)
    return (*first, 0) if isinstance(value, list) else first


def say_nothing(tree: Tree, key: Key, _: random.Random) -> Key:
    entry = at(tree, key)
    for name in [name for name in entry if "/" in name]:
        del entry[name]
    return key


def other_letter(tree: Tree, key: Key, rng: random.Random) -> Key:
    quote = at(tree, key)
    place = rng.randrange(len(quote))
    new = "x" if quote[place] != "x" else "y"
    at(tree, key[:-1])[key[-1]] = quote[:place] + new + quote[place + 1 :]
    return key


def backwards(tree: Tree, key: Key, _: random.Random) -> Key:
    start, _, end = at(tree, key).partition("-")
    at(tree, key[:-1])[key[-1]] = f"{end}-{start}"
    return key


def declare(
    thing: str, fields: Tree, said: Tree, part: str
) -> Callable[[Tree, Key, random.Random], Key]:
    """Declares a thing and says something of it, in the words of an entry."""

    def edit(tree: Tree, key: Key, _: random.Random) -> Key:
        tree["things"] = {thing: deepcopy(fields)}
        if said:
            at(tree, key)[thing] = deepcopy(said)
        return ("things", thing) if part == "things" else (*key, thing)

    return edit


LEG = {"type": "RouteLeg", "label": "A leg"}
KINDS = {
    # what the reader of mappings finds
    "a property misspelt": Kind(properties, rename, misspelt=True),
    "a thing misspelt": Kind(frames, rename, misspelt=True),
    "a value misspelt": Kind(values_of("thing"), respell, misspelt=True),
    "a concept misspelt": Kind(values_of("concept"), respell, misspelt=True),
    "a voice misspelt": Kind(in_entries("voice"), respell, misspelt=True),
    "a field of an entry misspelt": Kind(
        in_entries("certainty", "utterance"), rename, misspelt=True
    ),
    "a certainty misspelt": Kind(in_entries("certainty"), respell, misspelt=True),
    "an utterance misspelt": Kind(in_entries("utterance"), respell, misspelt=True),
    "a form misspelt": Kind(in_voices("form"), respell, misspelt=True),
    "a speaker misspelt": Kind(in_voices("speaker"), respell, misspelt=True),
    "a field of a voice misspelt": Kind(in_voices("role", "relay"), rename, misspelt=True),
    "an outlet misspelt": Kind(top("outlet"), respell, misspelt=True),
    "a relaying outlet misspelt": Kind(relays, respell, misspelt=True),
    "a field of the article misspelt": Kind(top("headline", "unmapped"), rename, misspelt=True),
    "no number": Kind(fields_of("count", "min", "max", "km", "miles"), put("some")),
    "a date that is none": Kind(fields_of("edtf"), put("2023-13-45")),
    "a bearing that is none": Kind(fields_of("bearing"), put("NNE")),
    "a currency that is none": Kind(fields_of("currency"), put("dollars")),
    "a field of a value misspelt": Kind(
        fields_of("says", "written", "anchor"), rename, misspelt=True
    ),
    "a letter of a quote": Kind(unbridged("quote"), other_letter),
    "a range backwards": Kind(in_entries("at"), backwards),
    "no checksum": Kind(in_entries("sum"), put("12ab")),
    "a date without a reason": Kind(lambda *_: iter([("published", "because")]), drop),
    "a value of another class": Kind(values_of("thing"), put("norm/icao-none")),
    "a property of another class": Kind(framed("transfer/"), add("from", "place/moscow")),
    "said twice": Kind(entries, repeat),
    "a hash cut short": Kind(top("sha256"), put("c422c272")),
    "counted from nought": Kind(entries, add("nth", "0")),
    "a cue not quoted": Kind(unbridged("cue"), put("perchance")),
    "nothing said of a thing": Kind(frames, put({})),
    "nothing said": Kind(entries, say_nothing),
    "no quote": Kind(in_entries("quote"), drop),
    "a name that is not the file's": Kind(top("article"), put("009_other")),
    "a thing without a label": Kind(
        entries, declare("transfer/new", {"type": "Transfer"}, {}, "things")
    ),
    # what the shapes find
    "a leg from elsewhere": Kind(starts, put("place/alabuga-sez")),
    "a leg without ends": Kind(entries, declare("leg/new", LEG, {"order": "1"}, "claims")),
    "a transfer without ends": Kind(
        entries,
        declare(
            "transfer/new",
            {"type": "Transfer", "label": "A transfer"},
            {"status": "offered"},
            "claims",
        ),
    ),
    "an utterance of nobody": Kind(
        entries,
        declare("utterance/new", {"type": "Utterance", "label": "Words"}, {}, "things"),
    ),
    "a body past the end": Kind(top("body"), put("0-99999")),
    "a conclusion among claims": Kind(without_a_note, add("form", "inference")),
}
