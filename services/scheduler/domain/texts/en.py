"""English."""

from __future__ import annotations

from types import MappingProxyType

from services.scheduler.domain.texts.form import Agenda, Calendar, Days, Series, Settings, Texts

_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")

_DAYS = Days(
    today="today",
    tomorrow="tomorrow",
    yesterday="yesterday",
    at="at {time}",
    at_one="at {time}",
    until="until {time}",
    until_one="until {time}",
    on=("on {day}",) * 7,
    point="{day}",
    within="in {span}",
    lengths=(
        ("{n} day", "{n} days"),
        ("{n} hour", "{n} hours"),
        ("{n} minute", "{n} minutes"),
        ("{n} second", "{n} seconds"),
    ),
    span="from {first} to {last}",
    this_week="this week",
    next_days="in the next seven days",
)

_SERIES = Series(
    minutes=("every minute", "every other minute", "every {n} minutes"),
    hours=("every hour", "every other hour", "every {n} hours"),
    days=("every day", "every other day", "every {n} days"),
    weekly=("every {days}", "every other {days}", "every {n} weeks on {days}"),
    weekly_days=_WEEK,
    spaced_days=_WEEK,
    workdays="every weekday",
    nth=("on the {ordinals} {day}", "on the {ordinals} {day}"),
    ordinals=(_ORDINALS, _ORDINALS),
    nth_days=_WEEK,
    feminine_days=frozenset(),
    day_of_month="on day {n}",
    first_of_month="on the 1st",
    last_of_month="on the last day",
    months=("of every month", "of every other month", "of every {n} months"),
    years=("every year on {day}", "every other year on {day}", "every {n} years on {day}"),
)

_AGENDA = Agenda(
    nothing="You have nothing {days}.",
    things=("You have one thing {days}.", "You have {n} things {days}."),
    all_day="{title}, all day",
    more=("And one more.", "And {n} more."),
    morning="Good morning.",
    afternoon="Good afternoon.",
    evening="Good evening.",
    free_until="You are free {time}, {until}.",
    not_free="You have no free time of that length then.",
)

_SETTINGS = Settings(
    locale="I speak English with you now.",
    leads="I'll remind you of events {leads}.",
    no_leads="I won't remind you of new events unless you ask me to.",
    at_start="when they start",
    before="{span} before",
    first_day="Your week begins {on} now.",
    hours_12="I'll say times like {time}.",
    hours_24="I'll say times like {time}.",
    hours_usual="I'll say times as is usual where you live.",
    quiet="Quiet hours are from {start} to {end}. Reminders you time yourself still come.",
    no_quiet="You have no quiet hours now.",
    digest="You'll get an overview of each day {time}.",
    no_digest="You won't get an overview of the day any more.",
    weekly="You'll get an overview of the week {often} {time}.",
    no_weekly="You won't get an overview of the week any more.",
)

_CALENDAR = Calendar(
    imported=("I added one event.", "I added {n} events."),
    updated=("One event has changed.", "{n} events have changed."),
    nothing_new="There was nothing new in that calendar.",
    skipped=MappingProxyType(
        {
            "OVER": ("One is over.", "{n} are over."),
            "MALFORMED": ("One can't be read.", "{n} can't be read."),
            "RULE_UNSUPPORTED": (
                "One repeats in a way I don't know.",
                "{n} repeat in a way I don't know.",
            ),
            "TIME_ZONE_UNKNOWN": (
                "One is in a time zone I don't know.",
                "{n} are in a time zone I don't know.",
            ),
            "NOT_AN_EVENT": ("One is no event.", "{n} are no events."),
            "CANCELLED": ("One was cancelled.", "{n} were cancelled."),
            "TOO_MANY": ("One is too many for one file.", "{n} are too many for one file."),
            "DUPLICATE": ("One was in the file twice.", "{n} were in the file twice."),
        }
    ),
    name="Hark",
    untitled="Event without a title",
)

TEXTS = Texts(
    days=_DAYS,
    series=_SERIES,
    agenda=_AGENDA,
    settings=_SETTINGS,
    calendar=_CALENDAR,
    more_changes=("And one more change.", "And {n} more changes."),
    usual_list="tasks",
)
