"""How far and in which direction one place lies from another, on the WGS 84 ellipsoid."""

from functools import lru_cache
from typing import NamedTuple

from kg.known import Point

__all__ = ["BEARINGS", "METHOD", "Line", "apart", "line"]

METHOD = "geodesic on WGS 84 (geographiclib, Karney 2013)"
BEARINGS = {
    "N": ("north", 0),
    "NE": ("north-east", 45),
    "E": ("east", 90),
    "SE": ("south-east", 135),
    "S": ("south", 180),
    "SW": ("south-west", 225),
    "W": ("west", 270),
    "NW": ("north-west", 315),
}
"""The eight directions: their names, and their degrees clockwise from north."""
_FULL = 360


class Line(NamedTuple):
    """The shortest line from one point to another."""

    metres: float
    azimuth: float
    """Its direction where it starts, in degrees from 0 to 360 clockwise from north."""


@lru_cache(maxsize=4096)
def line(start: Point, end: Point) -> Line:
    """The line from the first point to the second.

    >>> round(line(Point(55.75204, 37.61781, 0), Point(55.76232, 52.04425, 0)).metres / 1000)
    904
    """
    from geographiclib.geodesic import Geodesic  # noqa: PLC0415 -- only builds measure

    found = Geodesic.WGS84.Inverse(start.lat, start.lon, end.lat, end.lon)
    return Line(found["s12"], found["azi1"] % _FULL)


def apart(one: float, other: float) -> float:
    """The degrees between two directions, from 0 to 180.

    >>> apart(350, 10)
    20
    """
    turned = abs(one - other) % _FULL
    return min(turned, _FULL - turned)
