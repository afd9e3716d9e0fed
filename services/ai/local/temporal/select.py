"""Which of a text's time expressions is meant, when it has several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from services.ai.local.temporal.almanac import floor
from services.ai.local.temporal.clocks import in_part
from services.ai.local.temporal.find import Reading
from services.ai.local.temporal.resolve import clock_on
from services.ai.local.temporal.rule import Repeat
from services.ai.local.temporal.values import DAY, Clock, Found


class Chosen(NamedTuple):
    """The time of a text, and the parts of the text that it was said in."""

    time: Found
    spans: tuple[tuple[int, int], ...]


_EVENING = re.compile(
    r"\b(?:dinners?|supper|drinks|part(?:y|ies)|concert|movies?|cinema|theat(?:er|re)|date|club|"
    r"clubbing|game|match|practice|practise|contest|tournament|training|bbq|barbecue|poker|dance|"
    r"show|opera|happy hour|quiz|bar|pub)\b"
)
_MORNING = re.compile(r"\b(?:breakfast|brunch|wake|alarm|school run|sunrise)\b")
_WORK = re.compile(
    r"\b(?:meeting|meet(?:ing)? with|call|review|interview|appointment) .*\b(?:to|about|for)\b"
)
_QUOTED = re.compile(r"\"[^\"]{2,80}\"")


def in_context(found: Sequence[Found], text: str) -> list[Found]:
    """Bare hours as their purpose suggests ("dinner at 8"), without times in quoted titles."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    outside = [one for one in found if not any(a <= one.first and one.last <= b for a, b in quotes)]
    found = outside if any(one.start for one in outside) else list(found)
    evening, morning = _EVENING.search(text), _MORNING.search(text)
    if evening and _WORK.search(text):
        evening = None  # a meeting about the party is no party
    if not evening and not morning:
        return list(found)
    return [_moved(one, evening=bool(evening)) for one in found]


def _moved(one: Found, *, evening: bool) -> Found:
    if one.start is None or not {"am", "pm"} & set(one.assumed):
        return one
    hours = 0
    if evening and "am" in one.assumed and 5 <= one.start.hour <= 10:
        hours = 12
    elif (
        not evening
        and "pm" in one.assumed
        and one.start.hour in (17, 18)
        and "tomorrow" in one.assumed
    ):
        hours = -12
    if not hours:
        return one
    by = timedelta(hours=hours)
    assumed = tuple(
        "pm" if word == "am" else "am" if word == "pm" else word for word in one.assumed
    )
    return one._replace(
        start=one.start + by, end=one.end + by if one.end else None, assumed=assumed
    )


def choose(found: Sequence[Found]) -> Chosen | None:
    """The first time, joined with a date or a time of day that stands apart from it."""
    times = [one for one in found if one.kind != "duration" and (one.start or one.end)]
    if not times:
        return None
    main = min(times, key=_rank)
    spans = [(main.first, main.last)]
    for other in times:
        joined = None if other is main else _join(main, other)
        if joined is not None:
            main = joined
            spans.append((other.first, other.last))
    lengths = [one for one in found if one.kind == "duration" and one.length]
    if lengths and main.end is None and main.start is not None and main.has_time:
        length = lengths[0].length
        if length is not None and length.seconds and not length.months and not length.days:
            main = main._replace(end=main.start + timedelta(seconds=length.seconds))
            spans.append((lengths[0].first, lengths[0].last))
    return Chosen(main, tuple(sorted(spans)))


def timed(reading: Reading) -> Repeat | None:
    """The repetition with the halves of the day decided, and a time of day said apart from it."""
    if reading.recurring is None:
        return None
    repeat, context = reading.recurring.repeat, reading.context
    if not repeat.clocks:
        clock = next(
            (one for one in reading.found if one.has_time and not one.has_date and one.start), None
        )
        if clock is not None and clock.start is not None:
            at = clock.start
            repeat = repeat.having(clocks=(Clock(at.hour, at.minute),))
    clocks = []
    for one in repeat.clocks:
        decided = in_part(one, repeat.part, context) if repeat.part else one
        later = floor(context.now, DAY) + timedelta(days=1)
        at, _ = clock_on(context, later, decided)
        clocks.append(Clock(at.hour, at.minute))
    if not clocks and repeat.part is not None:
        first = context.rules.parts[repeat.part.name][0]
        return repeat.having(part_hour=first)
    return repeat.having(clocks=tuple(clocks))


def _rank(one: Found) -> tuple[bool, int]:
    return (one.kind == "interval" and not one.has_date, one.first)


def _join(main: Found, other: Found) -> Found | None:
    if main.start is None or other.start is None:
        return None
    if main.has_date and not main.has_time and other.has_time and not other.has_date:
        return _on(main, other)
    if main.has_time and not main.has_date and other.has_date and not other.has_time:
        return _on(other, main)
    return None


def _on(date: Found, clock: Found) -> Found | None:
    if date.start is None or clock.start is None or date.grain not in ("day", "hour"):
        return None
    start = date.start.replace(
        hour=clock.start.hour, minute=clock.start.minute, second=clock.start.second
    )
    end = start + (clock.end - clock.start) if clock.end else None
    assumed = tuple(one for one in clock.assumed if one != "tomorrow")
    return clock._replace(start=start, end=end, has_date=True, assumed=assumed)
