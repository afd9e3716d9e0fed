"""How answers sound."""

from __future__ import annotations

from datetime import date

import pytest

from services.ai.domain import answer
from services.ai.domain.answer import AgendaLine, TaskLine

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (SUNDAY, SUNDAY, "today"),
        (date(2026, 11, 23), date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 26), date(2026, 11, 26), "on Thursday"),
        (date(2026, 12, 3), date(2026, 12, 3), "on Thursday, December 3"),
        (
            date(2026, 11, 23),
            date(2026, 11, 29),
            "from Monday, November 23 to Sunday, November 29",
        ),
    ],
)
def test_days_are_called_as_people_call_them(start: date, end: date, said: str) -> None:
    assert answer.day_name(start, end, SUNDAY) == said


def test_an_empty_agenda_is_one_short_sentence() -> None:
    assert answer.agenda([], "today", has_more=False) == "You have nothing today."


def test_a_long_agenda_says_that_there_is_more() -> None:
    lines = [AgendaLine(title="A", time_text="at 9 AM", is_task=False)] * 2
    assert answer.agenda(lines, "today", has_more=True) == (
        "You have 2 things today: A at 9 AM; A at 9 AM. There is more."
    )


def test_tasks_are_said_with_their_numbers() -> None:
    lines = [
        TaskLine(number=1, title="milk", time_text=""),
        TaskLine(number=4, title="eggs", time_text="tomorrow at 9 AM"),
    ]
    assert answer.tasks(lines, "shopping") == (
        "On your shopping list: 1, milk; 4, eggs tomorrow at 9 AM."
    )
    assert answer.tasks([], "") == "There is nothing on your list."


def test_a_question_among_three_is_a_sentence() -> None:
    assert answer.which(["a", "b", "c"]) == "Which one do you mean: a, b or c?"
