"""What ambiguous words mean: "next Friday", "evening", "at 7". Settable, one value per question.

The corpora that the engine is measured on contradict each other in exactly these points, so each of
them has a profile here; people get `DEFAULT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

Hours = tuple[float, float]


def _parts(**hours: Hours) -> Mapping[str, Hours]:
    return MappingProxyType(hours)


ASSISTANT_PARTS = _parts(
    early_morning=(6, 9),
    morning=(9, 12),
    late_morning=(10, 12),
    mid_morning=(9, 11),
    day=(9, 17),
    breakfast=(7, 9),
    brunch=(10, 12),
    noon=(12, 13),
    lunch=(12, 14),
    early_afternoon=(12, 14),
    afternoon=(13, 17),
    mid_afternoon=(14, 16),
    late_afternoon=(15, 17),
    teatime=(16, 17),
    after_work=(17, 21),
    after_lunch=(13, 17),
    after_school=(15, 21),
    dinner=(18, 21),
    early_evening=(17, 19),
    evening=(18, 22),
    late_evening=(20, 22),
    tonight=(19, 24),
    late_tonight=(21, 24),
    night=(20, 24),
    late_night=(22, 24),
    end_of_day=(17, 24),
    start_of_day=(6, 10),
    mid_day=(11, 16),
    before_lunch=(10, 12),
)
"""Part of the day -> (first hour, end hour), 24 meaning the following midnight."""

DUCKLING_PARTS = _parts(
    early_morning=(0, 9),
    morning=(0, 12),
    late_morning=(9, 12),
    mid_morning=(9, 11),
    day=(9, 17),
    breakfast=(7, 9),
    brunch=(10, 12),
    noon=(12, 13),
    lunch=(12, 14),
    early_afternoon=(12, 15),
    afternoon=(12, 19),
    mid_afternoon=(14, 16),
    late_afternoon=(16, 19),
    teatime=(16, 17),
    after_work=(17, 21),
    after_lunch=(13, 17),
    after_school=(15, 21),
    dinner=(18, 21),
    early_evening=(18, 20),
    evening=(18, 24),
    late_evening=(21, 24),
    tonight=(18, 24),
    late_tonight=(21, 24),
    night=(18, 24),
    late_night=(21, 24),
    end_of_day=(17, 24),
    start_of_day=(6, 10),
    mid_day=(11, 16),
    before_lunch=(10, 12),
)

RECOGNIZERS_PARTS = _parts(
    early_morning=(8, 10),
    morning=(8, 12),
    late_morning=(10, 12),
    mid_morning=(9, 11),
    day=(8, 18),
    breakfast=(8, 12),
    brunch=(8, 12),
    noon=(12, 12),
    lunch=(11, 13),
    early_afternoon=(12, 14),
    afternoon=(12, 16),
    mid_afternoon=(13, 15),
    late_afternoon=(14, 16),
    teatime=(16, 17),
    after_work=(17, 21),
    after_lunch=(13, 17),
    after_school=(15, 21),
    dinner=(16, 20),
    early_evening=(16, 18),
    evening=(16, 20),
    late_evening=(18, 20),
    tonight=(20, 24),
    late_tonight=(22, 24),
    night=(20, 24),
    late_night=(22, 24),
    end_of_day=(23.99972, 24),
    start_of_day=(6, 10),
    mid_day=(11, 16),
    before_lunch=(10, 12),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conventions:
    """One answer to each question that speakers of a language disagree on."""

    name: str = "hark"
    # 2/3: February 3rd ("mdy") or March 2nd ("dmy"); `dotted_order` for 2.3.
    date_order: Literal["mdy", "dmy"] = "mdy"
    dotted_order: Literal["mdy", "dmy"] = "dmy"
    # "next Friday" said on a Monday: the coming one, or the one of next week.
    next_weekday: Literal["coming", "of_next_week"] = "coming"
    # "this Tuesday" said on a Thursday: the coming one, or the day before yesterday.
    this_weekday: Literal["coming", "of_this_week"] = "coming"
    # "at 7": the half of the day people usually mean, the next 7 o'clock, or 07:00.
    bare_hour: Literal["usual", "next", "literal"] = "usual"
    # How many days ahead to look for a Sunday that is a 31st before the weekday is disbelieved.
    weekday_search_days: int = 70
    parts: Mapping[str, Hours] = field(default_factory=lambda: ASSISTANT_PARTS)
    # "next 3 weeks": from the next Monday ("unit"), from tomorrow ("day") or from now ("now").
    rolling: Literal["unit", "day"] = "day"
    # "tomorrow lunch" names a time; in "lunch tomorrow" people name what they do.
    meals_are_times: bool = False
    # Whether "the sales of 2018", "the 90s", "Q3" are taken for times.
    calendar_spans: bool = True
    # Whether "the 21st" is a date without "on" before it.
    lone_day_of_month: bool = True
    # A clock time without a date that has passed today means tomorrow.
    passed_time_is_tomorrow: bool = True
    # Whether a weekday named without more may mean today.
    weekday_may_be_today: bool = False


def for_language(settings: Conventions, *, english: bool) -> Conventions:
    """The conventions among speakers of another language: the day stands before the month."""
    return settings if english else _continental(settings)


@lru_cache(maxsize=32)
def _continental(settings: Conventions) -> Conventions:
    parts = settings.parts
    if settings.name == "duckling":
        parts = MappingProxyType({**parts, "morning": (4, 12), "early_morning": (7, 9)})
    return replace(settings, date_order="dmy", dotted_order="dmy", parts=parts)


DEFAULT = Conventions()

DUCKLING = Conventions(
    name="duckling",
    next_weekday="of_next_week",
    bare_hour="next",
    dotted_order="mdy",
    weekday_search_days=3660,
    parts=DUCKLING_PARTS,
    rolling="unit",
    meals_are_times=True,
)
RECOGNIZERS = Conventions(
    name="recognizers",
    next_weekday="of_next_week",
    this_weekday="of_this_week",
    bare_hour="literal",
    dotted_order="mdy",
    weekday_search_days=3660,
    parts=RECOGNIZERS_PARTS,
    rolling="day",
    lone_day_of_month=False,
    passed_time_is_tomorrow=False,
)
RECOGNIZERS_TASKS = replace(
    RECOGNIZERS,
    name="recognizers_tasks",
    calendar_spans=False,
    passed_time_is_tomorrow=True,
)
CTPARSE = Conventions(
    name="ctparse",
    date_order="dmy",
    dotted_order="dmy",
    bare_hour="literal",
    weekday_search_days=70,
)

PROFILES: Mapping[str, Conventions] = MappingProxyType(
    {
        profile.name: profile
        for profile in (DEFAULT, DUCKLING, RECOGNIZERS, RECOGNIZERS_TASKS, CTPARSE)
    }
)
"""What `--profile` takes."""
