"""Agendas in words, overviews at their times, and free times, for every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.agenda import MOST_TOLD, Period, days_of, overview, stands, told
from services.scheduler.domain.free import Hours, free_times
from services.scheduler.domain.free import told as free_told
from services.scheduler.domain.item import Event
from services.scheduler.domain.notice import NoticeKind
from services.scheduler.domain.preferences import Preferences, WeeklyDigest
from services.scheduler.domain.routine import is_asked_for, next_overview, of_preferences
from tests.unit.scheduler.calendars import NOW, USER, event, schedule

ZONES = ["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
LOCALES = ["en-US", "de-DE", "es-ES", "fr-FR", "pt-BR"]


def lisbon(locale: str = "en-GB") -> Preferences:
    return Preferences(time_zone="Europe/Lisbon", is_guess=False, locale=locale)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "You have 2 things tomorrow.\nDentist at 9 AM.\nFair, all day."),
        ("de-DE", "Du hast morgen 2 Einträge.\nDentist um 09:00.\nFair, ganztägig."),
        ("es-ES", "Tienes 2 cosas mañana.\nDentist a las 9:00.\nFair, todo el día."),
        ("fr-FR", "Vous avez 2 choses demain.\nDentist à 09:00.\nFair, toute la journée."),
        ("pt-BR", "Você tem 2 coisas amanhã.\nDentist às 09:00.\nFair, o dia todo."),
    ],
)
def test_an_agenda_is_told_in_every_language(locale: str, said: str) -> None:
    items = [
        event("Dentist", schedule("2026-11-23T09:00")),
        event("Fair", schedule("2026-11-23T00:00", all_day=True), number=2),
    ]
    day = date(2026, 11, 23)
    start, end = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
    found = stands(items, start, end, limit=10)
    # By time; what takes all day starts first.
    assert [stand.item.title for stand in found] == ["Fair", "Dentist"]
    lines = sorted(told(found, day, day, lisbon(locale), NOW).split("\n")[1:])
    head = told(found, day, day, lisbon(locale), NOW).split("\n")[0]
    assert "\n".join([head, *lines]) == said


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "You have nothing on Thursday, November 26."),
        ("de-DE", "Du hast am Donnerstag, 26. November nichts vor."),
        ("es-ES", "No tienes nada el jueves, 26 de noviembre."),
        ("fr-FR", "Vous n'avez rien de prévu le jeudi 26 novembre."),
        ("pt-BR", "Você não tem nada na quinta-feira, 26 de novembro."),
    ],
)
def test_an_empty_day_is_told_in_every_language(locale: str, said: str) -> None:
    day = date(2026, 11, 26)
    assert told([], day, day, lisbon(locale), NOW) == said


@pytest.mark.parametrize("locale", LOCALES)
def test_a_long_list_ends_with_how_much_is_left(locale: str) -> None:
    items = [event(f"No {n}", schedule(f"2026-11-22T{13 + n // 6}:{n % 6}0"), n) for n in range(20)]
    found = stands(items, NOW, NOW + timedelta(days=1), limit=100)
    text = overview(found, 1, lisbon(locale), NOW)
    lines = text.split("\n")
    assert len(lines) == 1 + MOST_TOLD + 1
    assert str(20 - MOST_TOLD) in lines[-1]
    assert "20" in lines[0]
    # For the ear: no markup, no list marks.
    assert not set(text) & set("*_#<>[]{}")


@pytest.mark.parametrize(
    ("locale", "first_day", "last"),
    [
        ("en-GB", None, "2026-11-22"),
        ("en-US", None, "2026-11-28"),
        ("pt-BR", None, "2026-11-28"),
        ("en-US", 0, "2026-11-22"),
        ("de-DE", 2, "2026-11-24"),
    ],
)
def test_a_week_ends_before_the_persons_first_day(
    locale: str, first_day: int | None, last: str
) -> None:
    preferences = Preferences(time_zone="UTC", locale=locale, first_day=first_day)
    # A Sunday.
    this = days_of(Period.THIS_WEEK, preferences, NOW)
    assert this == (date(2026, 11, 22), date.fromisoformat(last))
    following = days_of(Period.NEXT_WEEK, preferences, NOW)
    assert following == (this[1] + timedelta(days=1), this[1] + timedelta(days=7))


_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
_TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(_MOMENTS, _TIMES, st.sampled_from(ZONES))
def test_overviews_come_every_day_at_their_wall_clock_time(
    after: datetime, at: time, zone: str
) -> None:
    preferences = Preferences(time_zone=zone, digest_time=at)
    first = preferences.next_digest(after)
    assert first is not None
    second = preferences.next_digest(first)
    assert second is not None
    assert after < first <= after + timedelta(hours=26)
    days = [each.astimezone(ZoneInfo(zone)).date() for each in (first, second)]
    assert days[1] - days[0] == timedelta(days=1)
    for day, moment in zip(days, (first, second), strict=True):
        wanted = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
        # In a gap the offset before it counts: compare instants, not wall clocks.
        assert moment == wanted.astimezone(UTC)


@given(_MOMENTS, st.integers(0, 6), st.sampled_from(ZONES))
def test_weekly_overviews_come_on_their_day(after: datetime, day: int, zone: str) -> None:
    weekly = WeeklyDigest(day=day, at=time(18))
    preferences = Preferences(time_zone=zone, weekly_digest=weekly)
    first = preferences.next_weekly_digest(after)
    assert first is not None
    assert after < first <= after + timedelta(days=7, hours=2)
    assert first.astimezone(ZoneInfo(zone)).weekday() == day


def test_an_overview_that_is_not_asked_for_any_more_makes_room_for_one_that_is() -> None:
    before = lisbon()
    asked = replace(before, digest_time=time(7, 30))
    (notice,) = of_preferences(USER, before=before, after=asked, version=3, now=NOW).notices
    assert notice.kind is NoticeKind.DIGEST
    assert is_asked_for(notice, asked)
    elsewhere = Preferences(time_zone="Asia/Tokyo", digest_time=time(7, 30))
    assert not is_asked_for(notice, elsewhere)
    (following,) = next_overview(notice, elsewhere, NOW)
    assert is_asked_for(following, elsewhere)
    assert list(next_overview(notice, before, NOW)) == []


def test_the_same_wish_leads_to_nothing() -> None:
    asked = Preferences(digest_time=time(7, 30))
    routine = of_preferences(USER, before=asked, after=asked, version=3, now=NOW)
    assert (list(routine.notices), list(routine.withdrawn)) == ([], [])


_SPANS = st.lists(st.tuples(st.integers(0, 47), st.integers(1, 12)), max_size=6)


@given(_SPANS, st.integers(1, 16))
def test_free_times_meet_no_event_and_leave_none_out(
    spans: list[tuple[int, int]], quarters: int
) -> None:
    day, length = date(2026, 11, 24), timedelta(minutes=15 * quarters)
    midnight = datetime(2026, 11, 24)
    items: list[Event] = []
    for number, (start, halves) in enumerate(spans):
        begins = midnight + timedelta(minutes=30 * start)
        ends = begins + timedelta(minutes=30 * halves)
        when = schedule(begins.isoformat(), local_end=ends)
        items.append(event("busy", when, number))
    busy = [(e.schedule.instant, e.schedule.end_of(e.schedule.instant)) for e in items]
    hours = Hours(start=time(9), end=time(18))
    found = list(
        free_times(items, day, day, hours, length=length, time_zone="Europe/Lisbon", now=NOW)
    )
    open_from, open_until = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (9, 18))
    # The oracle: every quarter of an hour at which so long a time is free lies in what was found.
    quarter = timedelta(minutes=15)
    moment = open_from
    while moment + length <= open_until:
        is_free = all(end <= moment or start >= moment + length for start, end in busy if end)
        is_found = any(f.start <= moment and moment + length <= f.end for f in found)
        assert is_free == is_found
        moment += quarter


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en-US", "You are free tomorrow at 9 AM, until 6 PM."),
        ("de-DE", "Du hast morgen um 09:00 Zeit, bis 18:00."),
        ("es-ES", "Estás libre mañana a las 9:00, hasta las 18:00."),
        ("fr-FR", "Vous êtes libre demain à 09:00, jusqu'à 18:00."),
        ("pt-BR", "Você está livre amanhã às 09:00, até as 18:00."),
    ],
)
def test_a_free_time_is_told_in_every_language(locale: str, said: str) -> None:
    day = date(2026, 11, 23)
    hours = Hours(start=time(9), end=time(18))
    (found,) = free_times(
        [], day, day, hours, length=timedelta(hours=1), time_zone="Europe/Lisbon", now=NOW
    )
    assert free_told(found, lisbon(locale), NOW) == said
