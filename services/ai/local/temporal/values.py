"""What the grammar's parts stand for, before and after they are placed on the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR = (
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
)


class Span(NamedTuple):
    """A stretch of the calendar, `end` exclusive, said with the precision `grain`."""

    start: datetime
    end: datetime
    grain: str


class Num(NamedTuple):
    """A cardinal; `digits` is how many it was written with, 0 when spelled out."""

    n: int
    digits: int = 0


class Clock(NamedTuple):
    """A time of day; `open_half` when 7 may be 07:00 or 19:00."""

    hour: int
    minute: int = 0
    second: int = 0
    grain: str = MINUTE
    open_half: bool = False
    zone: str = ""


class Part(NamedTuple):
    """A part of the day by its name in `Conventions.parts`; `today` for "tonight"."""

    name: str
    today: bool = False


class Length(NamedTuple):
    """A duration in calendar units; `grain` is the smallest unit that was said."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    grain: str = DAY

    @property
    def negative(self) -> Length:
        """The same length backwards."""
        return Length(-self.months, -self.days, -self.seconds, self.grain)


class Day(NamedTuple):
    """A date as far as it was said: a span that is known, or fields that a date must have.

    `within` bounds the search ("Wednesday" of "next week"); `mod` is this, next or last.
    """

    span: Span | None = None
    year: int | None = None
    month: int | None = None
    dom: int | None = None
    dow: int | None = None
    mod: str = ""
    within: Span | None = None


class Moment(NamedTuple):
    """A date and a time of day, or one of them; `until` ends a range of clock times."""

    day: Day | None = None
    clock: Clock | None = None
    part: Part | None = None
    until: Clock | None = None
    length: Length | None = None


class Between(NamedTuple):
    """From one expression to another, each a Day, Moment, Clock or Part."""

    first: Day | Moment | Clock | Part | Fixed
    last: Day | Moment | Clock | Part | Fixed


class Bound(NamedTuple):
    """Before or after something: `side` is "after", "before" (exclusive) or "by"."""

    of: Day | Moment | Clock | Part | Between | Fixed
    side: str


class Fixed(NamedTuple):
    """Already on the calendar; `end` None for a moment. `elapsed` for "in 20 minutes"."""

    start: datetime | None
    end: datetime | None
    grain: str
    elapsed: bool = False
    has_time: bool = False


class Found(NamedTuple):
    """A time expression of a text, placed. `first` and `last` are character offsets."""

    start: datetime | None
    end: datetime | None
    grain: str
    has_date: bool
    has_time: bool
    kind: str
    first: int
    last: int
    elapsed: bool = False
    assumed: tuple[str, ...] = ()
    length: Length | None = None
    value: object = None


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall-clock time is naive here
