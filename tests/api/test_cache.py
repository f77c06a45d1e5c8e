"""What is kept, and for how long."""

from api.cache import Cache


def cache(most: int) -> Cache[str, bytes]:
    return Cache(most=most, weigh=lambda key, value: len(key) + len(value))


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = cache(5_000)
    kept.put("a", b"x" * 2_000)
    kept.put("b", b"x" * 2_000)
    assert kept.get("a") is not None
    kept.put("c", b"x" * 2_000)
    assert [kept.get(key) is not None for key in "abc"] == [True, False, True]
    assert kept.bytes == 4_002


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    kept = cache(1_000)
    kept.put("a", b"x" * 5_000)
    assert (kept.get("a"), kept.bytes) == (None, 0)


def test_the_same_is_kept_once() -> None:
    kept = cache(10_000)
    kept.put("a", b"first")
    kept.put("a", b"second")
    assert (kept.get("a"), kept.bytes) == (b"first", 6)
