"""Who is served next: of the clients who wait, the one who has had least of the service."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from api.errors import OverloadedError, ThrottledError

__all__ = ["Line"]

T = TypeVar("T")

_REMEMBERED = 1_000


class Line(Generic[T]):
    """A queue for each client, and how many seconds of work each has had.

    Whoever comes new, or back, begins where the one served last stands, so nobody saves up.

    >>> line = Line[str](most=10, most_per_client=5)
    >>> for who, what in ("a", "a1"), ("a", "a2"), ("b", "b1"):
    ...     line.put(who, what)
    >>> line.take(lambda _: True)
    'a1'
    >>> line.charge("a", 2.0)
    >>> line.take(lambda _: True)
    'b1'
    """

    def __init__(self, *, most: int, most_per_client: int) -> None:
        self._most, self._most_per_client = most, most_per_client
        self._waiting = dict[str, deque[T]]()
        self._had = dict[str, float]()
        self._now = 0.0
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, client: str, item: T) -> None:
        """Have the item wait; OverloadedError or ThrottledError where too many do."""
        if self._length >= self._most:
            raise OverloadedError
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= self._most_per_client:
            raise ThrottledError(self._most_per_client)
        queue.append(item)
        self._length += 1
        self._had[client] = max(self._had.get(client, 0.0), self._now)

    def take(self, may: Callable[[str], bool]) -> T | None:
        """The first item of the client who is next, of those who may; None where there is none."""
        clients = [client for client in self._waiting if may(client)]
        if not clients:
            return None
        client = min(clients, key=self._had.__getitem__)
        self._now = self._had[client]
        item = self._waiting[client].popleft()
        self._left(client)
        return item

    def remove(self, client: str, item: T) -> None:
        """Have the item wait no longer, if it still does."""
        queue = self._waiting.get(client, ())
        if item in queue:
            self._waiting[client].remove(item)
            self._left(client)

    def charge(self, client: str, seconds: float) -> None:
        """Note that work was done for the client, for so long."""
        self._had[client] = max(self._had.get(client, 0.0), self._now) + seconds
        if len(self._had) > 2 * _REMEMBERED + len(self._waiting):
            most = sorted(self._had, key=self._had.__getitem__)[-_REMEMBERED:]
            self._had = {each: self._had[each] for each in {*most, *self._waiting}}

    def _left(self, client: str) -> None:
        self._length -= 1
        if not self._waiting[client]:
            del self._waiting[client]
