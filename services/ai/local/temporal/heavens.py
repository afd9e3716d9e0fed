"""Where sun and moon stand, to some minutes: what lunar and sidereal calendars are counted by.

Truncated series (the largest periodic terms of the standard theories). Times are Julian dates of
universal time; good to about ten minutes between 1900 and 2100, which decides a calendar day in all
but a handful of years.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from math import radians, sin

_J2000 = 2451545.0
_ORDINAL_EPOCH = 1721424.5
_SYNODIC = 29.530588861
_DELTA_T = 69 / 86400
"""Terrestrial minus universal time around now, in days."""

# (degrees, multiples of elongation D, sun's anomaly M, moon's anomaly M', latitude argument F)
_MOON = (
    (6.288774, 0, 0, 1, 0),
    (1.274027, 2, 0, -1, 0),
    (0.658314, 2, 0, 0, 0),
    (0.213618, 0, 0, 2, 0),
    (-0.185116, 0, 1, 0, 0),
    (-0.114332, 0, 0, 0, 2),
    (0.058793, 2, 0, -2, 0),
    (0.057066, 2, -1, -1, 0),
    (0.053322, 2, 0, 1, 0),
    (0.045758, 2, -1, 0, 0),
    (-0.040923, 0, 1, -1, 0),
    (-0.034720, 1, 0, 0, 0),
    (-0.030383, 0, 1, 1, 0),
    (0.015327, 2, 0, 0, -2),
    (0.010980, 0, 0, 1, -2),
    (0.010675, 4, 0, -1, 0),
    (0.010034, 0, 0, 3, 0),
)


def julian(day: date, hour: float = 0) -> float:
    """The Julian date of an hour (universal time) of a day."""
    return day.toordinal() + _ORDINAL_EPOCH + hour / 24


def day_of(moment: float, hours_east: float = 0) -> date:
    """The calendar day of a moment at a place so many hours ahead of universal time."""
    return date.fromordinal(int(moment + hours_east / 24 - _ORDINAL_EPOCH))


def _centuries(moment: float) -> float:
    return (moment + _DELTA_T - _J2000) / 36525


def sun(moment: float) -> float:
    """The sun's apparent ecliptic longitude in degrees."""
    t = _centuries(moment)
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly)
    node = radians(125.04 - 1934.136 * t)
    return (280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * sin(node)) % 360


def moon(moment: float) -> float:
    """The moon's ecliptic longitude in degrees."""
    t = _centuries(moment)
    elongation = 297.8501921 + 445267.1114034 * t
    solar = 357.5291092 + 35999.0502909 * t
    lunar = 134.9633964 + 477198.8675055 * t
    latitude = 93.2720950 + 483202.0175233 * t
    longitude = 218.3164477 + 481267.88123421 * t
    for size, d, m, n, f in _MOON:
        longitude += size * sin(radians(d * elongation + m * solar + n * lunar + f * latitude))
    return longitude % 360


def sidereal(longitude: float, moment: float) -> float:
    """A longitude counted from the fixed stars, as Indian calendars do (Lahiri)."""
    return (longitude - 23.853 - 0.0139688 * (moment - _J2000) / 365.25) % 360


def phase(moment: float) -> float:
    """How far the moon is ahead of the sun: 0 new, 180 full."""
    return (moon(moment) - sun(moment)) % 360


def crossing(angle: Callable[[float], float], target: float, near: float, per_day: float) -> float:
    """When an angle that grows by `per_day` reaches `target`, close to a moment."""
    for _ in range(8):
        off = (angle(near) - target + 180) % 360 - 180
        near -= off / per_day
        if abs(off) < 1e-4:
            break
    return near


@lru_cache(maxsize=512)
def new_moon(number: int) -> float:
    """The moment of a new moon, counted from the one of 6 January 2000."""
    return crossing(phase, 0, 2451550.1 + _SYNODIC * number, 360 / _SYNODIC)


def new_moon_after(moment: float) -> int:
    """The number of the first new moon at or after a moment."""
    number = int((moment - 2451550.1) / _SYNODIC) - 2
    while new_moon(number) < moment:
        number += 1
    return number
