"""What is planted in an article: contradictions, drifting words, and errors of the editor."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from telling import Entry, Scene, Told, Tree, filled, templates

__all__ = ["contradicting", "drifting", "spoil"]


def _row_names() -> list[str]:
    """The statements of an article that makes all of them, in its order."""
    return [row["name"] for row in templates()["statement"] if "only_as_conflict" not in row]


def contradicting(told: list[Told], scene: Scene) -> Iterator[Entry]:
    """What the article contradicts, and where the first article of the story says it."""
    if not scene.conflict:
        return
    planted = templates()["conflict"][scene.conflict]
    here = [one.row["name"] for one in told].index(planted["statement"])
    there = _row_names().index(planted.get("against", planted["statement"]))
    (thing,) = (key for key in told[here].entry if "/" in key)
    claimed = f"{thing}.{planted['property']}"
    yield {
        "plant": "conflict",
        "kind": scene.conflict,
        "path": f"claims.{here}.{claimed}",
        "against": {"article": scene.first, "path": f"claims.{there}.{claimed}"},
    }


def drifting(told: list[Told], scene: Scene) -> Iterator[Entry]:
    """Where words stand in quotation marks that the first article of the story quotes otherwise."""
    for at, one in enumerate(told):
        if "drift" in one.row and one.wording:
            there = _row_names().index(one.row["name"])
            yield {
                "plant": "drift",
                "kind": "wording",
                "path": f"claims.{at}.quote",
                "against": {"article": scene.first, "path": f"claims.{there}.quote"},
            }


def spoil(mapping: Entry, scene: Scene) -> str:
    """Plants the mistake in the mapping; gives the key path where it stands then."""
    path = filled(scene.mistake.get("path", []), scene.slots)
    if "statement" in scene.mistake:
        path = ["claims", _row_names().index(scene.mistake["statement"]), *path]
    if not path:
        return ""
    *above, last = path
    node: Tree = mapping
    for key in above:
        node = node[key]
    for edit in EDITS.keys() & scene.mistake.keys():
        EDITS[edit](node, last, filled(scene.mistake[edit], scene.slots))
    return ".".join(map(str, [*above, scene.mistake.get("rename", last)]))


def _rename(node: Entry, key: str, new: str) -> None:
    entries = [(new if name == key else name, item) for name, item in node.items()]
    node.clear()
    node.update(entries)


def _swap(node: Entry, key: str, words: list[str]) -> None:
    node[key] = node[key].replace(*words)
    node["sum"] = sha256(node[key].encode()).hexdigest()[:16]


def _forget(node: Entry, _: str, nth: str) -> None:
    del node[nth]  # the sentence stands twice; which of them is meant, is no longer said


EDITS: dict[str, Callable[[Entry, str, Tree], None]] = {
    "set": dict.__setitem__,
    "rename": _rename,
    "swap": _swap,
    "repeat": _forget,
}
