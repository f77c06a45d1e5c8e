"""What is kept of answers."""

from api.cache import Cache
from api.wire import INLINE, Reply, channel, receive_reply, send_reply


def reply(size: int) -> Reply:
    return Reply(200, "text/csv", b"x" * size)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache = Cache(most=5_000)
    cache.put("a", reply(1_500))
    cache.put("b", reply(1_500))
    assert cache.get("a") is not None
    cache.put("c", reply(1_500))
    assert [cache.get(key) is not None for key in "abc"] == [True, False, True]
    assert cache.bytes <= 5_000


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    cache = Cache(most=1_000)
    cache.put("a", reply(5_000))
    assert (cache.get("a"), cache.bytes) == (None, 0)


def test_the_same_is_kept_once() -> None:
    cache = Cache(most=10_000)
    cache.put("a", reply(100))
    size = cache.bytes
    cache.put("a", reply(100))
    assert cache.bytes == size


def test_a_file_is_not_kept() -> None:
    here, there = channel()
    with here, there:
        send_reply(here, reply(INLINE + 1))
        spooled = receive_reply(there)
    assert spooled is not None
    cache = Cache(most=10_000_000)
    cache.put("a", spooled)
    assert cache.get("a") is None
