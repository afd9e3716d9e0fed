"""What is stored comes back as it was."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from db.sealed import PersonSeal
from services.scheduler.domain.inverse import Inverse
from services.scheduler.domain.item import Event, EventState, Priority, Task, TaskState
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.remark import Overlap, Remark
from services.scheduler.domain.schedule import Schedule
from services.scheduler.storage.codec import decode, decode_inverse, encode, encode_inverse
from services.scheduler.storage.rows import (
    event_content,
    event_of,
    schedule_values,
    task_content,
    task_of,
)

walls = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)).map(lambda w: w.replace(fold=0))
stamps = walls.map(lambda moment: moment.replace(tzinfo=UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
leads = st.lists(st.integers(0, 2_000_000), max_size=5).map(
    lambda found: tuple(timedelta(seconds=each) for each in found)
)
schedules = st.builds(
    Schedule,
    instant=stamps,
    local_start=walls,
    local_end=st.none() | walls,
    time_zone=st.sampled_from(["UTC", "Asia/Kathmandu"]),
    all_day=st.booleans(),
    recurrence=st.sampled_from(["", "FREQ=DAILY"]),
    excluded=st.lists(stamps, max_size=2).map(tuple),
)
events = st.builds(
    Event,
    event_id=texts,
    user_id=texts,
    title=texts,
    schedule=schedules,
    leads=leads,
    create_time=stamps,
    update_time=stamps,
    place=texts,
    participants=st.lists(texts, max_size=3).map(tuple),
    notes=texts,
    series_id=texts,
    series_start=st.none() | stamps,
    state=st.sampled_from(EventState),
    version=st.integers(1, 9),
    revision=st.integers(1, 99),
)
tasks = st.builds(
    Task,
    task_id=texts,
    user_id=texts,
    number=st.integers(1, 9),
    title=texts,
    create_time=stamps,
    update_time=stamps,
    list_name=texts,
    schedule=st.none() | schedules,
    due_time=st.none() | stamps,
    notes=texts,
    priority=st.sampled_from(Priority),
    after_completion=st.booleans(),
    nag=st.integers(0, 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    series_id=texts,
    series_start=st.none() | stamps,
    state=st.sampled_from(TaskState),
    version=st.integers(1, 9),
    revision=st.integers(1, 99),
)
preferences = st.builds(
    Preferences, time_zone=texts, is_guess=st.booleans(), locale=texts, reminder_leads=leads
)


remarks = st.builds(
    Remark,
    position=st.integers(0, 19),
    overlaps=st.lists(
        st.builds(Overlap, event_id=texts, title=texts, start_time=stamps, time_text=texts),
        max_size=2,
    ).map(tuple),
    is_day_full=st.booleans(),
    reminder_time=st.none() | stamps,
)


@given(
    results=st.lists(st.none() | events | tasks, max_size=4),
    known=preferences,
    said=st.lists(remarks, max_size=2),
)
def test_an_answer_to_a_request_is_given_again_as_it_was(
    results: list[Event | Task | None], known: Preferences, said: list[Remark]
) -> None:
    assert decode(encode(results, known, said)) == (results, known, said)


@given(items=st.lists(events | tasks, max_size=3), ids=st.lists(texts, max_size=2))
def test_what_takes_a_change_back_is_kept_as_it_was(
    items: list[Event | Task], ids: list[str]
) -> None:
    inverse = Inverse(
        items=items, created=ids, touched=ids, notice_ids=[(each, each) for each in ids]
    )
    assert decode_inverse(encode_inverse(inverse)) == inverse


@given(item=events | tasks)
def test_a_row_comes_back_as_it_was(item: Event | Task) -> None:
    seal = PersonSeal(b"k" * 32, 1)
    schedule = dict(zip(_SCHEDULE, schedule_values(item.schedule), strict=True))
    if isinstance(item, Event):
        row = vars_of(item) | schedule | {"content": event_content(item, seal)}
        row["reminder_lead_seconds"] = [int(lead.total_seconds()) for lead in item.leads]
        assert event_of(row, seal) == item
        return
    # A task without a time has nothing that could be left out of it.
    row = vars_of(item) | schedule | {"content": task_content(item, seal)}
    assert task_of(row, seal) == item


_SCHEDULE = (
    *("start_time", "over_time", "local_start", "local_end", "all_day", "time_zone"),
    "recurrence",
)


def vars_of(item: Event | Task) -> dict[str, object]:
    return {field.name: getattr(item, field.name) for field in fields(item)}
