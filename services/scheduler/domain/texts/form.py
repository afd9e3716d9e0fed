"""The texts that every language has. Places are named, `{n}`; ours alone, never people's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# A text for one and a text for any other number; both may say `{n}`.
Counted = tuple[str, str]
# A text for each day of the week, Monday first.
Week = tuple[str, str, str, str, str, str, str]
# A text for every one, for every other, and for every n-th.
Steps = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What stands around dates and times.

    `at_one` is for one o'clock, `on` for a verb ("starts on …"), `point` for a preposition
    ("scheduled for …"); `lengths` are of days, hours, minutes and seconds.
    """

    today: str
    tomorrow: str
    yesterday: str
    at: str
    at_one: str
    until: str
    until_one: str
    on: Week
    point: str
    within: str
    lengths: tuple[Counted, Counted, Counted, Counted]
    span: str
    this_week: str
    next_days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """How often something recurs.

    The three of `weekly` take `{days}`, made of `weekly_days` for the first and `spaced_days` for
    the others. `ordinals` are first to fifth and last, for a masculine and a feminine day; `nth`
    takes `{ordinals}` and `{day}`, `nth_days` says which day is feminine. `months` follows a day
    of the month.
    """

    minutes: Steps
    hours: Steps
    days: Steps
    weekly: Steps
    weekly_days: Week
    spaced_days: Week
    workdays: str
    nth: tuple[str, str]
    ordinals: tuple[tuple[str, ...], tuple[str, ...]]
    nth_days: Week
    feminine_days: frozenset[int]
    day_of_month: str
    first_of_month: str
    last_of_month: str
    months: Steps
    years: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is planned. `{days}` is "today" or "from Monday, … to Sunday, …"."""

    nothing: str
    things: Counted
    all_day: str
    more: Counted
    morning: str
    afternoon: str
    evening: str
    free_until: str
    not_free: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is said when preferences are set."""

    locale: str
    leads: str
    no_leads: str
    at_start: str
    before: str
    first_day: str
    hours_12: str
    hours_24: str
    hours_usual: str
    quiet: str
    no_quiet: str
    digest: str
    no_digest: str
    weekly: str
    no_weekly: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What is said about calendars."""

    imported: Counted
    updated: Counted
    nothing_new: str
    skipped: Mapping[str, Counted]
    name: str
    untitled: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All of a language."""

    days: Days
    series: Series
    agenda: Agenda
    settings: Settings
    calendar: Calendar
    more_changes: Counted
    usual_list: str
