"""Which time zone a place is in: that of the nearest city that names one.

The tz database gives the position of each zone's city; near a border the nearest one may be on the
other side, which is why the person is asked before it is used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_POSITION = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


class _City(NamedTuple):
    latitude: float
    longitude: float
    zone: str


def zone_at(latitude: float, longitude: float) -> str:
    """The IANA zone of the nearest zone's city; degrees north and east."""
    here = _on_sphere(latitude, longitude)
    nearest = max(_cities(), key=lambda city: _closeness(here, city))
    return nearest.zone


@cache
def _cities() -> Sequence[_City]:
    table = files("tzdata").joinpath("zoneinfo", "zone1970.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(_City(*_degrees(row[1]), row[2]) for row in rows)


def _degrees(position: str) -> tuple[float, float]:
    found = _POSITION.fullmatch(position)
    if found is None:
        raise ValueError(f"the tz database has an odd position: {position}")
    north, degrees, minutes, seconds, east, far, more, rest = found.groups()
    latitude = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    longitude = int(far) + int(more) / 60 + int(rest or 0) / 3600
    return (-latitude if north == "-" else latitude, -longitude if east == "-" else longitude)


def _on_sphere(latitude: float, longitude: float) -> tuple[float, float, float]:
    north, east = math.radians(latitude), math.radians(longitude)
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def _closeness(here: tuple[float, float, float], city: _City) -> float:
    there = _on_sphere(city.latitude, city.longitude)
    return sum(a * b for a, b in zip(here, there, strict=True))
