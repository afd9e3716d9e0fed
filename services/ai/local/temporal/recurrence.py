"""Recurrence: "every other Tuesday at 9 until May" to an RFC 5545 rule.

A request's recurring part is said as a run of small phrases in almost any order. The reader walks
over the run, each phrase fills a slot, and the slots together make the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from services.ai.local.temporal.chart import Item
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.counts import Counts
from services.ai.local.temporal.rule import Repeat
from services.ai.local.temporal.run import UNITS, Slots, Words
from services.ai.local.temporal.values import Clock, Moment, Part

_WORK = (0, 1, 2, 3, 4)
_WEEKEND = (5, 6)
_TRIGGERS = frozenset({"EACH", "FREQ", "DOWS", "PARTS", "PERUNIT", "WEEKEND", "BUSINESSDAY"})


class Recurring(NamedTuple):
    """A rule and the words `first`…`last` (exclusive, token indices) that said it."""

    repeat: Repeat
    first: int
    last: int


def detect(items: Sequence[Item], words: Sequence[str], context: Context) -> Recurring | None:
    """The recurring time of a text, if any."""
    if not any(item.category in _TRIGGERS for item in items):
        return None
    reader = _Reader(Words(items, words), context)
    starts = sorted({item.first for item in items})
    for first in starts:
        slots = Slots()
        last = reader.read(first, slots)
        if slots.triggered and last > first:
            repeat = slots.repeat.finished(tuple(slots.ordinals))
            if repeat is not None:
                return Recurring(repeat, first, last)
    return None


_FILLERS = frozenset(
    [
        "on",
        "in",
        "of",
        "the",
        "for",
        "and",
        "at",
        ",",
        "-",
        "during",
        "&",
        "by",
        "from",
        ":",
        "day",
        "days",
        "time",
        "is",
        "(",
        ")",
        "&",
    ]
)


class _Reader(Counts):
    def __init__(self, words: Words, context: Context) -> None:
        self._words = words
        self._context = context
        self._phrases: tuple[Callable[[int, Slots], int], ...] = (
            self._frequency,
            self._each,
            self._count,
            self._start,
            self._until,
            self._lasting,
            self._exception,
            self._weeks,
            self._edges,
            self._of_each,
            self._parts,
            self._clock,
            self._months,
            self._ordinal,
            self._days,
        )

    def read(self, at: int, slots: Slots) -> int:
        """Reads phrases from `at` on; returns the end of the last one that meant something."""
        end = at
        for _ in range(40):
            reached = self._phrase(at, slots)
            if reached == at:
                step = at
                while step < at + 3 and self._words.is_word(step, *_FILLERS):
                    step += 1
                    reached = self._phrase(step, slots)
                    if reached > step:
                        break
                if reached <= step:
                    break
            at = end = reached
        return end

    def _phrase(self, at: int, slots: Slots) -> int:
        if at >= len(self._words.words):
            return at
        for phrase in self._phrases:
            reached = phrase(at, slots)
            if reached > at:
                return reached
        return at

    def _frequency(self, at: int, slots: Slots) -> int:
        item = self._words.get(at, "FREQ")
        if item is None:
            return at
        name, interval, days = item.value
        repeat = slots.repeat
        if not repeat.frequency or repeat.frequency == "WEEKLY":
            slots.repeat = repeat.having(
                frequency=name, interval=interval, weekdays=repeat.weekdays or days
            )
        slots.triggered = True
        return item.last

    def _each(self, at: int, slots: Slots) -> int:
        each = self._words.get(at, "EACH")
        if each is None:
            return at
        at, interval, ordinal = each.last, 1, False
        if other := self._words.get(at, "OTHER"):
            at, interval = other.last, 2
        elif number := self._words.get(at, "num"):
            at, interval = number.last, number.value.n
        elif nth := self._words.get(at, "ORD"):
            after = self._after_ordinal(nth.last, nth.value)
            if after == "interval":
                at, interval, ordinal = nth.last, nth.value, True
        if not 1 <= interval <= 1000:
            return each.first
        reached = self._repeated(at, interval, slots)
        if reached > at:
            slots.triggered = slots.each = True
            return reached
        if ordinal or interval > 1:
            return each.first
        follows = self._words.get(at, "ORD", "MONTH", "EDGE")
        if follows is None and not self._words.is_word(at, "the", "day"):
            return each.first
        before = (slots.repeat, tuple(slots.ordinals))
        reached = self._phrase(at, slots)
        if reached > at and (slots.repeat, tuple(slots.ordinals)) != before:
            slots.triggered = slots.each = True
            return reached
        return each.first

    def _after_ordinal(self, at: int, value: int) -> str:
        """Whether "every 3rd Friday" counts weeks ("interval") or names a day of the month."""
        unit = self._words.get(at, "UNIT", "WEEKEND")
        day = self._words.get(at, "DOW")
        target = unit or day
        if target is None or value <= 1:
            return "day"
        if self._monthly_after(target.last):
            return "day"
        return "interval"

    def _monthly_after(self, at: int) -> bool:
        if not self._words.is_word(at, "of", "in", "each", "every", "a"):
            return False
        for step in range(at + 1, at + 4):
            item = self._words.get(step, "UNIT", "MONTH")
            if item is not None:
                return item.category == "MONTH" or item.value[0] in ("month", "year")
        return False

    def _repeated(self, at: int, interval: int, slots: Slots) -> int:
        """The unit or the days after "every"."""
        repeat = slots.repeat
        if item := self._words.get(at, "UNIT"):
            name, count = item.value
            if name == "quarter":
                name, count = "month", 3
            if count * interval > 1000:
                return at
            slots.repeat = repeat.having(frequency=UNITS[name], interval=interval * count)
            return item.last
        if item := self._words.get(at, "BUSINESSDAY"):
            slots.repeat = repeat.having(frequency="WEEKLY", interval=interval, weekdays=_WORK)
            return item.last
        if item := self._words.get(at, "WEEKEND"):
            slots.repeat = repeat.having(frequency="WEEKLY", interval=interval, weekdays=_WEEKEND)
            return item.last
        days, last = self._weekdays(at)
        if days:
            name = repeat.frequency if repeat.frequency in ("MONTHLY", "YEARLY") else "WEEKLY"
            slots.repeat = repeat.having(frequency=name, interval=interval, weekdays=days)
            return last
        if item := self._words.get(at, "PART"):
            part = Part(item.value)
            slots.repeat = repeat.having(frequency="DAILY", interval=interval, part=part)
            return item.last
        return at

    def _days(self, at: int, slots: Slots) -> int:
        plural = self._words.get(at, "DOWS")
        days, last = self._weekdays(at)
        if days:
            plain = not plural and not self._plural_follows(at, last)
            if plain and not slots.triggered and not slots.ordinals:
                return at
            slots.triggered = slots.triggered or not plain
            name = slots.repeat.frequency
            if slots.ordinals or name in ("MONTHLY", "YEARLY"):
                slots.repeat = slots.repeat.having(weekdays=days)
            else:
                slots.repeat = slots.repeat.having(
                    frequency="WEEKLY",
                    interval=slots.repeat.interval if name == "WEEKLY" else 1,
                    weekdays=days,
                )
            return last
        for category, which in (("WEEKEND", _WEEKEND), ("BUSINESSDAY", _WORK)):
            item = self._words.get(at, category)
            if item is None:
                continue
            is_plural = self._words.words[item.last - 1].endswith("s")
            if not is_plural and not slots.triggered:
                continue
            if is_plural and at and self._words.get(at - 1, "num", "NEXT", "LAST", "THIS"):
                continue
            slots.triggered = True
            slots.repeat = slots.repeat.having(frequency="WEEKLY", weekdays=which)
            return item.last
        return at

    def _plural_follows(self, at: int, last: int) -> bool:
        return self._words.get(last, "PARTS") is not None or any(
            self._words.get(step, "DOWS") is not None for step in range(at, last)
        )

    def _parts(self, at: int, slots: Slots) -> int:
        item = self._words.get(at, "PARTS")
        if item is not None and not (at and self._words.get(at - 1, "num")):
            slots.triggered = True
            name = slots.repeat.frequency or "DAILY"
            slots.repeat = slots.repeat.having(frequency=name, part=Part(item.value))
            return item.last
        item = self._words.get(at, "PART", "TONIGHT")
        if item is None or not slots.triggered:
            return at
        slots.repeat = slots.repeat.having(part=Part(item.value))
        return item.last

    def _of_each(self, at: int, slots: Slots) -> int:
        """ "of each month", "of every 3rd month", "of the month", "in the month", "a month"."""
        if not self._words.is_word(at, "of", "in", "the", "a", "per", "each", "every"):
            return at
        step = at
        while self._words.is_word(step, "of", "in", "the"):
            step += 1
        if step == at or not (slots.ordinals or slots.repeat.weekdays or slots.each):
            return at
        each = self._words.get(step, "EACH")
        if each is not None:
            reached = self._each(step, slots)
            return reached if reached > step else at
        item = self._words.get(step, "UNIT")
        if item is None or item.value[0] not in ("month", "year", "week") or not slots.each:
            return at
        slots.repeat = slots.repeat.having(frequency=UNITS[item.value[0]])
        return item.last

    def _edges(self, at: int, slots: Slots) -> int:
        """ "at the end", "start of each month"."""
        step = at
        while self._words.is_word(step, "at", "on", "the"):
            step += 1
        item = self._words.get(step, "EDGE")
        if item is None:
            return at
        after = self._words.get(item.last, "EACH")
        if self._words.is_word(item.last, "of"):
            after = self._words.get(item.last + 1, "EACH")
            if after is None and self._words.is_word(item.last + 1, "the") and slots.each:
                after = item
        if after is None and not (slots.triggered and slots.repeat.frequency == "MONTHLY"):
            return at
        slots.repeat = slots.repeat.having(month_days=(item.value,))
        return item.last

    def _weeks(self, at: int, slots: Slots) -> int:
        """ "in week 12 and 14"."""
        head = self._words.get(at + self._words.is_word(at, "in"), "WEEKNO")
        if head is None:
            return at
        weeks: list[int] = []
        step = last = head.last
        while number := self._words.get(step, "num"):
            if not 1 <= number.value.n <= 53 or len(weeks) > 20:
                break
            weeks.append(number.value.n)
            step = last = number.last
            while self._words.is_word(step, ",", "and", "&"):
                step += 1
        if not weeks:
            return at
        slots.repeat = slots.repeat.having(weeks=tuple(weeks), frequency="YEARLY")
        return last

    def _clock(self, at: int, slots: Slots) -> int:
        if at_item := self._words.get(at, "tr"):
            moment = at_item.value
            if isinstance(moment, Moment) and moment.clock:
                slots.repeat = slots.repeat.having(clocks=(moment.clock,), until_clock=moment.until)
                return at_item.last
        clocks: list[Clock] = []
        last = at
        for _ in range(12):
            item = self._words.get(at, "tod")
            if item is None and clocks and slots.triggered:
                number = self._words.get(at, "num")
                if number is not None and number.value.n <= 24:
                    clocks.append(Clock(number.value.n % 24, open_half=clocks[0].open_half))
                    last = at = number.last
                    item = number
                    step = at
                    while self._words.is_word(step, ",", "and", "&"):
                        step += 1
                    if step == at:
                        break
                    at = step
                    continue
            if item is None or not isinstance(item.value, Clock):
                break
            clocks.append(item.value)
            last = at = item.last
            step = at
            while self._words.is_word(step, ",", "and", "&"):
                step += 1
            if step == at:
                break
            at = step
        if clocks:
            slots.repeat = slots.repeat.having(clocks=(*slots.repeat.clocks, *clocks))
        return last
