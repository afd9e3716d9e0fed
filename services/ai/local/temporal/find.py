"""Finds the time expressions of a text: words to lexemes, lexemes to charts, charts to times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.ai.local.conventions import DEFAULT, Conventions
from services.ai.local.languages.lexicon import Lexicon, folded
from services.ai.local.temporal import (
    clocks,
    cycles,
    days,
    holidays,
    lookalikes,
    moments,
    numerals,
    ordinals,
    ranges,
    shifts,
)
from services.ai.local.temporal.almanac import OutOfCalendar
from services.ai.local.temporal.chart import Budget, Chart, Item, RuleSet
from services.ai.local.temporal.context import Context
from services.ai.local.temporal.recurrence import Recurring, detect
from services.ai.local.temporal.resolve import place
from services.ai.local.temporal.values import Found, Length, Num
from services.ai.local.text import Text

_RULES = RuleSet(
    clocks.rules,
    days.rules,
    ordinals.rules,
    holidays.rules,
    cycles.rules,
    shifts.rules,
    moments.rules,
    ranges.rules,
)
_STEPS = 1500
_TIMES = frozenset({"day", "t", "tod", "tr", "rng", "open", "fixed", "part", "dur"})
"""Categories that stand for a time by themselves."""
_WEIGHTLESS = frozenset({"tag"})


def _lexemes(text: Text, words: Sequence[str], lexicon: Lexicon, rules: Conventions) -> list[Item]:
    ends = {token.last: index + 1 for index, token in enumerate(text.tokens)}
    digits = any(map(str.isdigit, text.lower))
    blocked = lookalikes.spans(text.lower) if digits else []
    items: list[Item] = []
    exact: list[Item] = []
    inside = 0
    for index, token in enumerate(text.tokens):
        if any(first <= token.first < last for first, last in blocked):
            continue
        if digits and (token.word[0].isdigit() or token.word in ("q", "h")):
            part = numerals.part_of_year(text.lower, token.first)
            if part is not None and part[0] in ends:
                if rules.calendar_spans:
                    exact.append(Item(index, ends[part[0]], "day", part[1], 0))
                blocked.append((token.first, part[0]))
                continue
        for end, (tag, value) in lexicon.at(words, index):
            if tag == "BLOCK":
                blocked.append((token.first, text.tokens[end - 1].last))
            elif tag != "AMPM" or len(token.word) > 1 or _glued(text, index):
                category, meaning = (tag, value) if tag != "NUM" else ("num", Num(*value))
                items.append(Item(index, end, category, meaning, 0))
        if token.word[0].isdigit() and token.first >= inside and not _code(text, index, items):
            for offset, category, value in numerals.lexemes(
                text.lower,
                token.first,
                rules,
                dotted=lexicon.dotted_ordinals,
                spaced=lexicon.spaced_dates,
            ):
                if category == "mil" and not rules.calendar_spans and _year(text, index):
                    continue
                if offset in ends:
                    end = ends[offset]
                    items.append(Item(index, end, category, value, _cost(text, index, category)))
                    if end - index >= 5 and category == "day":
                        inside = offset
    if not blocked:
        return items
    return exact + [
        item
        for item in items
        if not any(first <= text.tokens[item.first].first < last for first, last in blocked)
    ]


def _glued(text: Text, index: int) -> bool:
    """Whether a token follows a number without a space: the "p" of "7p"."""
    if index == 0:
        return False
    before, token = text.tokens[index - 1], text.tokens[index]
    if index + 1 < len(text.tokens) and text.tokens[index + 1].word in (".", "m"):
        return before.word[-1].isdigit() or before.last < token.first
    return before.last == token.first and before.word[-1].isdigit()


def _code(text: Text, index: int, items: Sequence[Item]) -> bool:
    """Whether a number is glued to a word that is not a month: "A4", "mp3"."""
    if index == 0:
        return False
    before, token = text.tokens[index - 1], text.tokens[index]
    if before.last != token.first or not before.word[-1].isalpha() or before.word == "t":
        return False
    if before.word in ("h", "q", "w"):
        return False
    return not any(
        item.last == index and item.category in ("MONTH", "DOW", "WEEKNO") for item in items
    )


_LIKELY_YEAR = range(1900, 2041)


def _year(text: Text, index: int) -> bool:
    """Whether four digits are rather a year than a clock time: "from 2008", not "at 2015"."""
    likely = int(text.tokens[index].word) in _LIKELY_YEAR
    return likely and not (index and text.tokens[index - 1].word in ("at", "@", "by"))


def _cost(text: Text, index: int, category: str) -> int:
    """2015 is a year rather than a quarter past eight, above all beside another year."""
    if category != "mil" or int(text.tokens[index].word) not in _LIKELY_YEAR:
        return 0
    beside = (text.tokens[at].word for at in (index - 2, index + 2) if 0 <= at < len(text.tokens))
    years = any(
        len(word) == 4 and word.isdecimal() and int(word) in _LIKELY_YEAR for word in beside
    )
    return 6 if years else 3


def _islands(items: Sequence[Item], glue: Sequence[bool], count: int) -> list[tuple[int, int]]:
    """Runs of words that are all known to the lexicon or glue."""
    covered = list(glue)
    for item in items:
        for index in range(item.first, item.last):
            covered[index] = True
    islands: list[tuple[int, int]] = []
    start: int | None = None
    for index in range(count + 1):
        if index < count and covered[index]:
            start = index if start is None else start
        elif start is not None:
            islands.append((start, index))
            start = None
    return islands


class Reading(NamedTuple):
    """A text's times, and its recurring one, if it has one."""

    found: list[Found]
    recurring: Recurring | None
    context: Context


def find(text: Text, now: datetime, lexicon: Lexicon, rules: Conventions = DEFAULT) -> list[Found]:
    """The time expressions of a text in their order, none overlapping."""
    return survey(text, now, lexicon, rules, recurrence=False).found


def survey(
    text: Text,
    now: datetime,
    lexicon: Lexicon,
    rules: Conventions = DEFAULT,
    *,
    recurrence: bool = True,
) -> Reading:
    """The time expressions of a text, recurring ones apart."""
    words = [lexicon.repaired(folded(word)) for word in text.words]
    glue = [word in lexicon.glue for word in words]
    lexemes = _lexemes(text, words, lexicon, rules)
    context = Context(now, rules)
    readings: list[Item] = []
    budget = Budget(_STEPS)
    for first, last in _islands(lexemes, glue, len(words)):
        inside = [item for item in lexemes if first <= item.first and item.last <= last]
        if not inside:
            continue
        chart = Chart(_RULES, context, glue[:last], budget)
        try:
            readings.extend(chart.run(inside))
        except OutOfCalendar:
            readings.extend(inside)
    recurring = _recurring(readings, words, context) if recurrence else None
    if recurring is not None:
        readings = [
            item
            for item in readings
            if item.last <= recurring.first or recurring.last <= item.first
        ]
    return Reading(_best(context, text, readings), recurring, context)


def _recurring(
    readings: Sequence[Item], words: Sequence[str], context: Context
) -> Recurring | None:
    try:
        return detect(readings, words, context)
    except (OutOfCalendar, OverflowError):
        return None


def _best(context: Context, text: Text, readings: Sequence[Item]) -> list[Found]:
    """The longest readings that do not overlap; of equally long ones the cheapest."""
    times = [item for item in readings if item.category in _TIMES]
    times.sort(key=lambda item: (item.first - item.last, item.cost, item.first))
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for item in times:
        if any(item.first < last and first < item.last for first, last in taken):
            continue
        if lookalikes.deceives(text, item, lone_day=context.rules.lone_day_of_month):
            continue
        placed = _place(context, text, item)
        if placed is not None:
            taken.append((item.first, item.last))
            found.append(placed)
    return sorted(found, key=lambda one: one.first)


def _place(context: Context, text: Text, item: Item) -> Found | None:
    first, last = text.tokens[item.first].first, text.tokens[item.last - 1].last
    value = item.value
    if isinstance(value, Length):
        return Found(None, None, value.grain, False, False, "duration", first, last, length=value)
    try:
        placed = place(context, value)
    except (OutOfCalendar, OverflowError):
        return None
    if placed is None:
        return None
    return Found(
        placed.start,
        placed.end,
        placed.grain,
        placed.has_date,
        placed.has_time,
        placed.kind,
        first,
        last,
        elapsed=placed.elapsed,
        assumed=placed.assumed,
        value=value,
    )
