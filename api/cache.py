"""What is kept, what was asked for last, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

__all__ = ["Cache"]

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Cache(Generic[_Key, _Value]):
    """Values by their keys; `weigh` says how many bytes a pair of them takes.

    >>> cache = Cache[str, bytes](most=10, weigh=lambda key, value: len(key) + len(value))
    >>> cache.put("a", b"12345678"); cache.put("b", b"1")
    >>> cache.get("a"), cache.get("b"), cache.bytes
    (None, b'1', 2)
    """

    def __init__(self, *, most: int, weigh: Callable[[_Key, _Value], int]) -> None:
        self._most, self._weigh, self.bytes = most, weigh, 0
        self._kept = OrderedDict[_Key, _Value]()

    def get(self, key: _Key) -> _Value | None:
        """What is kept under this key; None where nothing is."""
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    def put(self, key: _Key, value: _Value) -> None:
        """Keep the value, and let go of those asked for longest ago where there is no room."""
        if key in self._kept:
            return
        self._kept[key] = value
        self.bytes += self._weigh(key, value)
        while self.bytes > self._most:
            self.bytes -= self._weigh(*self._kept.popitem(last=False))
