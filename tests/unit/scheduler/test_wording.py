"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.series import series
from services.scheduler.domain.wording import adverb, point, soon, voice

NOW = datetime(2026, 11, 22, 12, 0)
EVERY_LANGUAGE = frozenset({"en", "de", "es", "fr", "pt"})


@pytest.mark.parametrize(
    ("when", "all_day", "as_point", "as_adverb"),
    [
        ("2026-11-22T18:05", False, "today at 6:05 PM", "at 6:05 PM"),
        ("2026-11-23T09:00", False, "tomorrow at 9 AM", "tomorrow at 9 AM"),
        ("2026-11-21T09:00", False, "yesterday at 9 AM", "yesterday at 9 AM"),
        (
            "2026-11-26T12:00",
            False,
            "Thursday, November 26 at 12 PM",
            "on Thursday, November 26 at 12 PM",
        ),
        (
            "2027-01-04T00:00",
            False,
            "Monday, January 4, 2027 at 12 AM",
            "on Monday, January 4, 2027 at 12 AM",
        ),
        ("2026-11-22T00:00", True, "today", "today"),
        ("2026-11-26T00:00", True, "Thursday, November 26", "on Thursday, November 26"),
    ],
)
def test_times_are_said_for_the_ear(
    when: str, all_day: bool, as_point: str, as_adverb: str
) -> None:
    local, by = datetime.fromisoformat(when), voice("en-US")
    assert point(local, NOW, all_day=all_day, by=by) == as_point
    assert adverb(local, NOW, all_day=all_day, by=by) == as_adverb


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en-US", "on Thursday, November 26 at 6:05 PM"),
        ("en-GB", "on Thursday, 26 November at 18:05"),
        ("de-DE", "am Donnerstag, 26. November um 18:05"),
        ("fr-FR", "le jeudi 26 novembre à 18:05"),
        ("es-ES", "el jueves, 26 de noviembre a las 18:05"),
        ("pt-BR", "quinta-feira, 26 de novembro às 18:05"),
    ],
)
def test_each_language_has_its_own_pattern(tag: str, said: str) -> None:
    by = voice(tag, spoken=EVERY_LANGUAGE)
    assert adverb(datetime(2026, 11, 26, 18, 5), NOW, all_day=False, by=by) == said


def test_where_a_language_is_not_spoken_english_keeps_the_clock_of_the_region() -> None:
    local = datetime(2026, 11, 23, 18, 0)
    assert adverb(local, NOW, all_day=False, by=voice("de-DE")) == "tomorrow at 18:00"
    assert adverb(local, NOW, all_day=False, by=voice("es-MX")) == "tomorrow at 6 PM"
    assert adverb(local, NOW, all_day=False, by=voice("nonsense")) == "tomorrow at 6 PM"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (60, "in 1 minute"),
        (1, "in 1 second"),
        (150, "in 2 minutes and 30 seconds"),
        (1200, "in 20 minutes"),
        (3600, ""),
        (0, ""),
    ],
)
def test_what_is_soon_is_said_as_a_delay(seconds: int, said: str) -> None:
    assert soon(timedelta(seconds=seconds), voice("en-US")) == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day at 9 AM"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days at 9 AM"),
        ("FREQ=WEEKLY", "every Thursday at 9 AM"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday at 9 AM"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other Tuesday at 9 AM"),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "every Saturday and Sunday at 9 AM"),
        ("FREQ=MONTHLY;BYDAY=1TH,3TH", "on the first and third Thursday of every month at 9 AM"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month at 9 AM"),
        ("FREQ=MONTHLY", "on the 26th of every month at 9 AM"),
        ("FREQ=YEARLY", "every year on November 26 at 9 AM"),
        ("FREQ=HOURLY;INTERVAL=2", "every other hour"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ""),
    ],
)
def test_a_series_is_said_as_people_say_it(rule: str, said: str) -> None:
    schedule = Schedule(
        instant=datetime(2026, 11, 26, 9, tzinfo=UTC),
        local_start=datetime(2026, 11, 26, 9),
        time_zone="UTC",
        recurrence=rule,
    )
    assert series(schedule, voice("en-US")) == said
