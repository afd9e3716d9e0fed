"""Which days something repeats on: weekdays, ordinals, months and days of months."""

from __future__ import annotations

from services.ai.local.temporal.limits import Limits
from services.ai.local.temporal.run import Slots
from services.ai.local.temporal.values import Num


class Counts(Limits):
    """Reads lists of days; each method returns where it stopped."""

    def _ordinal(self, at: int, slots: Slots) -> int:
        """ "first, second and third", "2nd to the last", "the 4th last", "on day 20 and 30"."""
        ordinals: list[int] = []
        begin = last = at
        counted = self._words.is_word(at - 1, "day", "days") if at else False
        for _ in range(12):
            item = self._words.get(at, "ORD") or (
                self._words.get(at, "num") if counted or ordinals or self._names_month(at) else None
            )
            if item is None:
                break
            value = item.value.n if isinstance(item.value, Num) else item.value
            at = item.last
            from_end = self._words.get(at, "FROMEND")
            if from_end is not None and value > 0:
                value, at = -value, from_end.last
            ordinals.append(value)
            last = at
            step = at
            while self._words.is_word(step, ",", "and", "&", "or", "the", "on"):
                step += 1
            if step == at:
                break
            at = step
        if not ordinals:
            return begin
        slots.ordinals.extend(ordinals)
        if instance := self._words.get(last, "INSTANCE"):
            days, end = self._weekdays(instance.last)
            if days:
                slots.repeat = slots.repeat.having(
                    weekdays=days, positions=tuple(ordinals), frequency=slots.repeat.frequency
                )
                slots.ordinals.clear()
                return end
        return last

    def _names_month(self, at: int) -> bool:
        """ "12 October", "12 of October"."""
        number = self._words.get(at, "num")
        if number is None or number.value.digits > 2:
            return False
        after = number.last + self._words.is_word(number.last, "of")
        return self._words.get(after, "MONTH") is not None

    def _months(self, at: int, slots: Slots) -> int:
        months: list[int] = []
        last = at
        for _ in range(12):
            item = self._words.get(at, "MONTH")
            if item is None or (
                item.last - item.first == 1
                and self._words.is_word(at, "may")
                and (not slots.triggered and not slots.each)
            ):
                break
            months.append(item.value)
            last = at = item.last
            step = at
            while self._words.is_word(step, ",", "and", "&"):
                step += 1
            if step == at:
                break
            at = step
        if not months:
            return last
        slots.repeat = slots.repeat.having(months=tuple(months))
        doms: list[int] = []
        at = last
        for _ in range(12):
            step = at
            while self._words.is_word(step, ",", "and", "&", "the", "on", "day", "days"):
                step += 1
            item = self._words.get(step, "ORD", "num")
            if item is None or self._words.get(item.last, "DOW", "AMPM", "COUNTED"):
                break
            value = item.value.n if isinstance(item.value, Num) else item.value
            if not 1 <= value <= 31:
                break
            doms.append(value)
            at = item.last
        if doms:
            slots.repeat = slots.repeat.having(month_days=tuple(doms))
            return at
        return last

    def _weekdays(self, at: int) -> tuple[tuple[int, ...], int]:
        """A list or range of weekdays: "Mon, Wed and Fri", "Tuesday to Saturday"."""
        days: list[int] = []
        last = at
        while item := self._words.get(at, "DOW"):
            days.append(item.value)
            last = at = item.last
            joint = self._words.get(at, "TO")
            if joint is not None and (end := self._words.get(joint.last, "DOW")):
                begin = days[-1]
                count = (end.value - begin) % 7
                days.extend((begin + step) % 7 for step in range(1, count + 1))
                last = at = end.last
            step = at
            while self._words.is_word(step, ",", "and", "&", "or", "/", "plus"):
                step += 1
            if step == at or len(days) > 20:
                break
            at = step
        return tuple(dict.fromkeys(days)), last
