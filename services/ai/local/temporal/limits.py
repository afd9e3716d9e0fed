"""How often, from when, until when and except when something repeats."""

from __future__ import annotations

from services.ai.local.temporal.almanac import unit as one
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.resolve import place
from services.ai.local.temporal.run import UNITS, Slots, Words
from services.ai.local.temporal.values import Day, Length


class Limits:
    """Reads the phrases that bound a repetition; each returns where it stopped."""

    _words: Words
    _context: Context

    def _count(self, at: int, slots: Slots) -> int:
        step = at
        while self._words.is_word(step, "for", "up", "to", "only", "exactly", "a", "total", "of"):
            step += 1
        if item := self._words.get(step, "TIMES"):
            if self._per_unit(item.last, slots) is None and slots.triggered:
                slots.repeat = slots.repeat.having(count=item.value)
            reached = self._per_unit(item.last, slots)
            return reached if reached is not None else (item.last if slots.triggered else at)
        number = self._words.get(step, "num")
        if number is None:
            return at
        counted = self._words.get(number.last, "COUNTED")
        if counted is None:
            return at
        reached = self._per_unit(counted.last, slots)
        if reached is not None:
            return reached
        if not slots.triggered or not 1 <= number.value.n <= 10_000:
            return at
        slots.repeat = slots.repeat.having(count=number.value.n)
        return counted.last

    def _per_unit(self, at: int, slots: Slots) -> int | None:
        """ "twice a week", "3 times per day"."""
        if not self._words.is_word(at, "a", "per", "an", "each", "every"):
            return None
        item = self._words.get(at + 1, "UNIT")
        if item is None:
            return None
        slots.triggered = True
        slots.repeat = slots.repeat.having(frequency=UNITS.get(item.value[0], "DAILY"))
        return item.last

    def _start(self, at: int, slots: Slots) -> int:
        head = self._words.get(at, "SINCE") or self._words.get(at, "FROM")
        if head is None:
            return at
        for step in (head.last, head.last + 1):
            for item in self._words.every(step, "day") + self._words.every(step, "t"):
                if self._words.is_word(item.last, "of") and self._words.get(item.last + 1, "EACH"):
                    continue
                placed = place(self._context, item.value)
                if placed is not None and placed.start is not None:
                    slots.repeat = slots.repeat.having(start=placed.start)
                    return item.last
            if not self._words.is_word(step, "in", "on", "the"):
                break
        return at

    def _until(self, at: int, slots: Slots) -> int:
        head = self._words.get(at, "BEFORE") or self._words.get(at, "TO")
        if head is None or not (slots.triggered or slots.repeat.start):
            return at
        for step in (head.last, head.last + 1):
            for item in self._words.every(step, "day") + self._words.every(step, "t"):
                context = self._context
                if slots.repeat.start is not None:
                    context = context._replace(now=slots.repeat.start)
                placed = place(context, item.value)
                if placed is not None and placed.start is not None:
                    last = placed.start
                    if placed.grain == "day" and isinstance(item.value, Day):
                        last = last.replace(hour=23, minute=59, second=59)
                    slots.repeat = slots.repeat.having(until=last)
                    return item.last
            if not self._words.is_word(step, "the", "end", "in"):
                break
        return at

    def _lasting(self, at: int, slots: Slots) -> int:
        """ "for the next three weeks", "for up to 14 months"."""
        if not self._words.is_word(at, "for", "over", "during") or not slots.triggered:
            return at
        step = at + 1
        for _ in range(4):
            if not self._words.is_word(step, "the", "next", "following", "coming", "up", "to"):
                break
            step += 1
        length: Length | None = None
        last = at
        if item := self._words.get(step, "dur"):
            length, last = item.value, item.last
        elif (unit := self._words.get(step, "UNIT")) and step > at + 1:
            length, last = one(unit.value[0], unit.value[1]), unit.last
        if length is None:
            return at
        if not length.days and not length.months and slots.repeat.frequency in ("DAILY", "WEEKLY"):
            slots.repeat = slots.repeat.having(length=length)
        else:
            slots.repeat = slots.repeat.lasting(self._context.now, length)
        return last

    def _exception(self, at: int, slots: Slots) -> int:
        """ "except in June", "except Mondays", "but not on weekends"."""
        head = self._words.get(at, "EXCEPT")
        if head is None or not slots.triggered:
            return at
        step = last = head.last
        for _ in range(12):
            while self._words.is_word(step, "in", "on", "for", "the", "and", ",", "or"):
                step += 1
            item = self._words.get(step, "MONTH", "DOW", "WEEKEND", "BUSINESSDAY")
            if item is None:
                break
            slots.repeat = slots.repeat.without(item.category, item.value)
            step = last = item.last
        return last if last > head.last else at
