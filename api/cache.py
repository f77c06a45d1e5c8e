"""Answers that are kept, the ones asked for last, up to so many bytes."""

from collections import OrderedDict

from api.wire import Reply

__all__ = ["Cache"]

_OVERHEAD = 500


class Cache:
    """Replies by what they answer; a spooled one is too long to keep.

    >>> cache = Cache(most=2_000)
    >>> cache.put("a", Reply(200, "text/csv", b"x"))
    >>> cache.get("a").body, cache.get("b")
    (b'x', None)
    """

    def __init__(self, *, most: int) -> None:
        self._most, self.bytes = most, 0
        self._kept = OrderedDict[str, Reply]()

    def get(self, key: str) -> Reply | None:
        """The reply kept under this key; None where there is none."""
        reply = self._kept.get(key)
        if reply is not None:
            self._kept.move_to_end(key)
        return reply

    def put(self, key: str, reply: Reply) -> None:
        """Keep the reply, and let go of those asked for longest ago where there is no room."""
        if not isinstance(reply.body, bytes) or key in self._kept:
            return
        self._kept[key] = reply
        self.bytes += _size(reply)
        while self.bytes > self._most:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= _size(gone)


def _size(reply: Reply) -> int:
    return reply.size + _OVERHEAD
