"""What repeats, as RFC 5545 rules."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.ai.domain.intent import Language
from services.ai.local.languages.catalog import LEXICONS
from services.ai.local.temporal.find import survey
from services.ai.local.temporal.select import timed
from services.ai.local.text import read

NOW = datetime(2026, 11, 18, 9)


def rule(text: str) -> str | None:
    repeat = timed(survey(read(text), NOW, LEXICONS[Language.ENGLISH]))
    return repeat.rule(clocks=True) if repeat else None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("every weekday at 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0"),
        ("every other Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("the first Monday of every month", "FREQ=MONTHLY;BYDAY=1MO"),
        ("on the last Friday of each month", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("Mondays and Thursdays at 7:30", "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=7;BYMINUTE=30"),
        ("6am everyday", "FREQ=DAILY;BYHOUR=6;BYMINUTE=0"),
        ("every evening at 7:13", "FREQ=DAILY;BYHOUR=19;BYMINUTE=13"),
        ("twice a week", "FREQ=WEEKLY"),
        ("every two hours", "FREQ=HOURLY;INTERVAL=2"),
        ("on the 1st and 15th of every month", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
        ("every year on 12 October", "FREQ=YEARLY;BYMONTHDAY=12;BYMONTH=10"),
        ("daily for 5 times", "FREQ=DAILY;COUNT=5"),
        ("every Friday until December", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261201T000000"),
        ("every day except Sundays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
    ],
)
def test_a_repetition_becomes_a_rule(said: str, meant: str) -> None:
    assert rule(said) == meant


@pytest.mark.parametrize("said", ["on Friday at 9", "all day tomorrow", "the first Monday in May"])
def test_a_single_time_has_no_rule(said: str) -> None:
    assert rule(said) is None


def test_the_first_occurrence_is_ahead() -> None:
    repeat = timed(survey(read("every Wednesday at 8"), NOW, LEXICONS[Language.ENGLISH]))
    assert repeat is not None
    assert repeat.first(NOW) == datetime(2026, 11, 25, 8)
