"""Occurrences compared with an oracle that shares no code with what is tested.

    python -m tests.unit.scheduler.recurrence_oracle [CASES]      # 10,000 where not given

Rules are expanded by `dateutil`; wall-clock times become instants by a search among the offsets
that the zone has around them, read off in the direction in which there is no doubt (UTC to local);
sub-daily rules are counted out step by step. All rules that the generator makes, in all zones that
there are, over the years 2024 to 2030.
"""

from __future__ import annotations

import datetime as datetime_module
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

import dateutil.rrule
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.scheduler.domain.schedule import Schedule
from services.scheduler.domain.zone import to_instant

FIRST, END = datetime(2024, 1, 1), datetime(2031, 1, 1)
MOST = 60
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith("posix")
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CASES = 10_000


class _Calendar:
    """`datetime` with an end: dateutil looks for what never comes until the year 9999."""

    MAXYEAR = 2100

    def __getattr__(self, name: str) -> object:
        return getattr(datetime_module, name)


dateutil.rrule.datetime = _Calendar()


def _some(low: int, high: int, most: int) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high).filter(lambda number: number != 0 or low == 0)
    return st.lists(numbers, min_size=1, max_size=most, unique=True).map(
        lambda found: ",".join(str(number) for number in found)
    )


def _weekdays(*, numbered: bool) -> st.SearchStrategy[str]:
    plain = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
    if not numbered:
        return plain
    nth = st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(DAYS))
    named = nth.map(lambda each: f"{each[0]}{each[1]}")
    # Never "every Monday and the first Tuesday": dateutil then gives what is both, and RFC 5545
    # what is either.
    return plain | st.lists(named, min_size=1, max_size=3, unique=True).map(",".join)


def _rarely(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(("", "", "x")).flatmap(lambda wanted: part if wanted else st.just(""))


def _ending(count: int, until: datetime, which: str) -> str:
    if which == "COUNT":
        return f"COUNT={count}"
    return f"UNTIL={until:%Y%m%dT%H%M%S}" if which == "UNTIL" else ""


def _rule(frequency: str, ending: str, **parts: str) -> str:
    by_month_or_year = frequency in ("MONTHLY", "YEARLY")
    if frequency in ("HOURLY", "WEEKLY"):
        parts["BYMONTHDAY"] = ""
    if frequency == "HOURLY":
        parts["BYMINUTE"] = ""
    parts["BYDAY"] = parts.pop("numbered" if by_month_or_year else "plain")
    parts.pop("plain" if by_month_or_year else "numbered")
    if not by_month_or_year or not (parts["BYDAY"] or parts["BYMONTHDAY"]):
        parts["BYSETPOS"] = ""
    named = [f"{key}={value}" for key, value in sorted(parts.items()) if value]
    return ";".join(filter(None, [f"FREQ={frequency}", *named, ending]))


# Rules as Hark takes them.
rules = st.builds(
    _rule,
    frequency=st.sampled_from(("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    ending=st.builds(
        _ending,
        count=st.integers(1, 30),
        until=st.datetimes(FIRST, END),
        which=st.sampled_from(("", "", "COUNT", "UNTIL")),
    ),
    INTERVAL=st.integers(1, 6).map(str),
    BYMONTH=_rarely(_some(1, 12, 3)),
    BYMONTHDAY=_rarely(_some(-31, 31, 3)),
    BYHOUR=_rarely(_some(0, 23, 2)),
    BYMINUTE=_rarely(_some(0, 59, 2)),
    BYSETPOS=_rarely(_some(-2, 3, 2)),
    plain=_rarely(_weekdays(numbered=False)),
    numbered=_rarely(_weekdays(numbered=True)),
)
starts = st.datetimes(FIRST, datetime(2030, 6, 1)).map(lambda m: m.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES)


def local(instant: datetime, zone: str) -> datetime:
    """The wall clock at an instant."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def instant_of(wall: datetime, zone: str) -> datetime:
    """The instant of a wall-clock time: the first there is; in a gap, by the offset before it."""
    near = wall.replace(tzinfo=UTC)
    # No zone changes twice within 60 hours.
    moments = (near - timedelta(hours=30), near + timedelta(hours=30))
    offsets = [local(moment, zone) - moment.replace(tzinfo=None) for moment in moments]
    found = sorted(near - offset for offset in set(offsets) if local(near - offset, zone) == wall)
    return found[0] if found else near - offsets[0]


def expected(rule: str, start: datetime, zone: str) -> list[datetime]:
    """What the oracle says, up to the end of 2030 and at most 60."""
    end = instant_of(END, zone)
    if "HOURLY" in rule:
        found = _stepwise(rule, start, zone, end)
    else:
        walls = takewhile(lambda wall: wall < END, rrulestr(rule, dtstart=start))
        found = [instant_of(wall, zone) for wall in islice(walls, MOST)]
    return [moment for moment in found if moment < end]


def _stepwise(rule: str, start: datetime, zone: str, end: datetime) -> list[datetime]:
    parts = dict(part.split("=") for part in rule.split(";"))
    step = timedelta(hours=int(parts["INTERVAL"]))
    moment, found = instant_of(start, zone), []
    until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S") if "UNTIL" in parts else None  # noqa: DTZ007
    most = min(MOST, int(parts.get("COUNT", MOST)))
    while moment < end and len(found) < most:
        wall = local(moment, zone)
        if until is not None and wall > until:
            break
        if (
            str(wall.month) in parts.get("BYMONTH", str(wall.month)).split(",")
            and DAYS[wall.weekday()] in parts.get("BYDAY", DAYS[wall.weekday()]).split(",")
            and str(wall.hour) in parts.get("BYHOUR", str(wall.hour)).split(",")
        ):
            found.append(moment)
        moment += step
    return found


def check(rule: str, start: datetime, zone: str) -> int:
    """Compares one rule in one zone; how many occurrences it has."""
    schedule = Schedule(
        instant=to_instant(start, zone), local_start=start, time_zone=zone, recurrence=rule
    )
    end = instant_of(END, zone)
    ours = list(islice(takewhile(lambda moment: moment < end, schedule.starts()), MOST))
    theirs = expected(rule, start, zone)
    assert ours == theirs, (rule, start, zone, ours[:5], theirs[:5])
    return len(ours)


def main(cases: int) -> None:
    """Compares so many, and prints what was compared."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(rule=rules, start=starts, zone=zones)
    def compare(rule: str, start: datetime, zone: str) -> None:
        seen["occurrences"] += check(rule, start, zone)
        seen["cases"] += 1
        seen[rule.split(";")[0]] += 1
        seen[f"zone {zone}"] += 1

    began = time.monotonic()
    compare()
    zones_seen = sum(1 for key in seen if key.startswith("zone "))
    shown = {key: count for key, count in seen.items() if not key.startswith("zone ")}
    print(f"{shown}, {zones_seen} zones, {time.monotonic() - began:.0f} s, no difference")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
