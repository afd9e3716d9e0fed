"""Occurrences, compared with two independent oracles: dateutil, and counting by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import InvalidArgument
from services.scheduler.domain.recurrence import instants, wall_times
from services.scheduler.domain.rule import parsed
from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_instant
from tests.unit.scheduler import recurrence_oracle

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/London",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
)

starts = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, fold=0)
)


def numbers(low: int, high: int, most: int) -> st.SearchStrategy[str]:
    found = st.lists(st.integers(low, high).filter(bool), min_size=1, max_size=most, unique=True)
    return found.map(lambda each: ",".join(str(number) for number in sorted(each)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    ordinals = frequency in ("MONTHLY", "YEARLY")
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True))
        if ordinals and draw(st.booleans()):
            ordinal = draw(st.sampled_from([1, 2, 3, 4, -1, -2]))
            days = [f"{ordinal}{day}" for day in days]
        parts.append(f"BYDAY={','.join(days)}")
    if frequency != "WEEKLY" and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYMONTHDAY={draw(numbers(-5, 31, 3))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"BYMONTH={draw(numbers(1, 12, 3))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"BYHOUR={draw(numbers(1, 23, 2))}")
    if ordinals and draw(st.integers(0, 3)) == 0 and any("BYDAY" in part for part in parts):
        parts.append(f"BYSETPOS={draw(numbers(-2, 3, 2))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"COUNT={draw(st.integers(1, 20))}")
    return ";".join(parts)


@settings(max_examples=400, deadline=None)
@given(text=rules(), start=starts)
def test_occurrences_are_those_of_dateutil(text: str, start: datetime) -> None:
    until = start + timedelta(days=6 * 366)
    ours = [m for m in islice(wall_times(parsed(text, time_zone="UTC"), start), 30) if m < until]
    theirs = list(islice(rrulestr(text, dtstart=start).between(start, until, inc=True), 30))
    assert ours == theirs[: len(ours)]
    assert len(ours) == len([moment for moment in theirs if moment < until])


@settings(max_examples=200, deadline=None)
@given(text=rules(), start=starts, later=st.timedeltas(timedelta(), timedelta(days=2500)))
def test_looking_from_later_on_finds_the_same(text: str, start: datetime, later: timedelta) -> None:
    rule = parsed(text, time_zone="UTC")
    after = start + later
    direct = list(islice(wall_times(rule, start, after=after), 5))
    limit = direct[-1] if direct else after + timedelta(days=4000)
    walked = []
    for moment in wall_times(rule, start):
        if moment > limit:
            break
        if moment > after:
            walked.append(moment)
    assert direct == walked[:5]


@settings(max_examples=200, deadline=None)
@given(text=rules(), start=starts, zone=st.sampled_from(ZONES))
def test_a_series_keeps_its_wall_clock_time_in_every_zone(
    text: str, start: datetime, zone: str
) -> None:
    schedule = Schedule(
        instant=to_instant(start, zone), local_start=start, time_zone=zone, recurrence=text
    )
    rule = parsed(text, time_zone=zone)
    expected = [
        moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for moment in islice(wall_times(rule, start), 20)
    ]
    assert list(islice(schedule.starts(), 20)) == expected
    for before, following in pairwise(expected):
        assert schedule.next_start(before) == following or following <= before


@settings(max_examples=250, deadline=None)
@given(rule=recurrence_oracle.rules, start=recurrence_oracle.starts, zone=recurrence_oracle.zones)
def test_occurrences_are_those_of_an_oracle_in_every_zone(
    rule: str, start: datetime, zone: str
) -> None:
    # 10,000 of them: python -m tests.unit.scheduler.recurrence_oracle
    recurrence_oracle.check(rule, start, zone)


def test_sub_daily_rules_run_in_elapsed_time_over_a_change_of_clocks() -> None:
    # Clocks go forward in New York on 2026-03-08 at 02:00.
    start = to_instant(datetime(2026, 3, 7, 22), "America/New_York")
    found = list(
        islice(
            instants(parsed("FREQ=HOURLY;INTERVAL=4", time_zone="UTC"), start, "America/New_York"),
            3,
        )
    )
    assert [each - start for each in found] == [timedelta(hours=h) for h in (0, 4, 8)]


def test_a_wall_time_in_a_gap_uses_the_offset_before_it_and_in_an_overlap_the_first() -> None:
    zone = "America/New_York"
    assert to_instant(datetime(2026, 3, 8, 2, 30), zone) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert to_instant(datetime(2026, 11, 1, 1, 30), zone) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-20T09:00", ["11-20", "11-23", "11-24"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24T09:00", ["11-24", "12-08", "12-22"]),
        ("FREQ=MONTHLY;BYDAY=1TH,3TH", "2026-11-01T09:00", ["11-05", "11-19", "12-03"]),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "2026-10-01T09:00",
            ["10-30", "11-30", "12-31"],
        ),
        ("FREQ=YEARLY", "2024-02-29T09:00", ["02-29", "02-29", "02-29"]),
        ("FREQ=MONTHLY", "2026-01-31T09:00", ["01-31", "03-31", "05-31"]),
    ],
)
def test_what_people_really_say(text: str, start: str, expected: list[str]) -> None:
    rule = parsed(text, time_zone="UTC")
    found = islice(wall_times(rule, datetime.fromisoformat(start)), 3)
    assert [f"{moment:%m-%d}" for moment in found] == expected


def test_a_rule_that_never_takes_place_ends_soon() -> None:
    for text in (
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    ):
        schedule = Schedule(
            instant=datetime(2026, 1, 1, 9, tzinfo=UTC),
            local_start=datetime(2026, 1, 1, 9),
            time_zone="UTC",
            recurrence=text,
        )
        assert schedule.first_start() is None


def test_until_is_the_whole_last_day_and_utc_where_it_says_so() -> None:
    assert parsed("FREQ=DAILY;UNTIL=20261124", time_zone="UTC").until == datetime(
        2026, 11, 24, 23, 59, 59
    )
    zulu = parsed("FREQ=DAILY;UNTIL=20261124T020000Z", time_zone="America/New_York")
    assert zulu.until == datetime(2026, 11, 23, 21)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DAILY",
        "FREQ=SECONDLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=1;UNTIL=20261124",
        "FREQ=DAILY;UNTIL=20261350",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=YEARLY;BYWEEKNO=3",
        "FREQ=MINUTELY",
        "FREQ=DAILY;BYHOUR=x",
        "FREQ=DAILY;" + "BYHOUR=1;" * 200,
    ],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument):
        parsed(text, time_zone="UTC")
