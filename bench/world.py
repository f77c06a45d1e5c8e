"""The invented world the synthetic articles report on: its stories, its names, its outlets.

Everything is a function of a seed and a number: nothing is kept but small caches.
"""

import random
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

__all__ = ["OUTLETS", "Slots", "outlet", "relay", "story"]

Slots = dict[str, str]

OUTLETS = 400
COMPASS = {"N": "north", "NE": "north-east", "E": "east", "S": "south", "SW": "south-west"}
ROLES = ("National Security Council spokesman", "Foreign Ministry spokeswoman", "press secretary")
SYLLABLES = (
    *("bar", "dov", "gul", "hel", "kar", "lem", "mir", "nos", "par", "ques"),
    *("rin", "sar", "tov", "ul", "ven", "wer", "yar", "zem", "ost", "dal"),
)


class Pool(NamedTuple):
    """A kind of thing: how many there are, how they are called, and who of them a story needs."""

    prefix: str
    size: int
    named: str
    letters: str  # small letters are slots of ids; capitals, of labels, in the same order
    capitals: str


POOLS = {
    "state": Pool("actor", 60, "{}ia", "s r g e", "S R G E"),
    "place": Pool("place", 4000, "{}sk", "a b d w c", "A B D W C"),
    "model": Pool("system", 300, "{}-{:02d} drones", "i j", "I J"),
    "firm": Pool("actor", 200, "{} Works", "firm", "F"),
    "person": Pool("person", 2000, "A. {}ov", "spokes", "SP"),
    "zone": Pool("place", 500, "{} Zone", "z", "Z"),
    "outlet": Pool("outlet", OUTLETS, "The {} Post", "wire", "WIRE"),
}


@lru_cache(maxsize=64)
def story(number: int, *, seed: int) -> Slots:
    """What there is to tell in one story, as slots for the templates of corpus.toml."""
    rng = random.Random(f"{seed}/story/{number}")
    low, bearing = rng.randrange(60, 300), rng.choice(list(COMPASS))
    return (
        _cast(rng)
        | _dates(rng)
        | {
            "n": str(number),
            "low": str(low),
            "high": str(low + rng.randrange(20, 150)),
            "wrong_low": str(low * 10),
            "wrong_high": str(low * 10 + 99),
            "price": str(rng.randrange(20, 900)),
            "far": str(rng.randrange(40, 1500, 10)),
            "unit": "km",
            "units": "km",
            "wrong_unit": "miles",
            "wrong_units": "miles",
            "bearing": bearing,
            "compass": COMPASS[bearing],
            "role": rng.choice(ROLES),
            "N": f"Resolution {rng.randrange(1000, 2999)}",
        }
    )


def _cast(rng: random.Random) -> Slots:
    """Who and where."""
    slots = {}
    for kind, pool in POOLS.items():
        letters = pool.letters.split()
        numbers = rng.sample(range(pool.size), len(letters))
        for letter, capital, number in zip(letters, pool.capitals.split(), numbers, strict=True):
            slots[letter], slots[capital] = named(kind, number)
    return slots | {
        "ministry": f"{slots['r']}-trade",
        "MI": f"the trade ministry of {slots['R']}",
        "office": f"{slots['r']}-office",
        "OF": f"The government of {slots['R']}",
        "sources": f"{slots['g']}-officials",
    }


@lru_cache(maxsize=8192)
def named(kind: str, number: int) -> tuple[str, str]:
    """The id and the label of a thing; every number has a name of its own."""
    # 3659 shares no factor with 20 cubed: neighbours get unlike names, and no two the same
    rest, last = divmod(number * 3659 % len(SYLLABLES) ** 3, len(SYLLABLES))
    first, middle = divmod(rest, len(SYLLABLES))
    name = f"{SYLLABLES[first]}{SYLLABLES[middle]}{SYLLABLES[last]}".capitalize()
    pool = POOLS[kind]
    return f"{pool.prefix}/{kind}-{number}", pool.named.format(name, number % 90 + 10)


def _dates(rng: random.Random) -> Slots:
    day = date(2022, 1, 1) + timedelta(days=rng.randrange(1000))
    since = day - timedelta(days=rng.randrange(200, 500))
    asof = day - timedelta(days=40)
    announced = day - timedelta(days=rng.randrange(60, 180))
    wrong = announced - timedelta(days=70)
    return {
        "day": day.isoformat(),
        "weekday": f"{day:%A}",
        "said": f"{day:%B} {day.day}",
        "since": f"{since:%Y-%m}",
        "sincewords": f"{since:%B} {since.year}",
        "asof": f"{asof:%Y-%m}",
        "asofwords": f"{asof:%B}",
        "announced": f"{announced:%Y-%m}",
        "annwords": f"{announced:%B}",
        "wrong_announced": f"{wrong:%Y-%m}",
        "wrong_annwords": f"{wrong:%B}",
    }


def outlet(number: int) -> tuple[str, str]:
    """The id and the label of a news organisation."""
    return named("outlet", number)


@lru_cache(maxsize=OUTLETS)
def relay(number: int, *, seed: int) -> tuple[int, ...]:
    """The outlets the words passed to reach this one, itself the last: one to four of them.

    An outlet only copies from one of a lower number, so no chain returns to itself.
    """
    rng = random.Random(f"{seed}/outlet/{number}")
    if number < 4 or rng.random() < 0.25:
        return (number,)
    return (*relay(rng.randrange(number // 2), seed=seed), number)[-4:]
