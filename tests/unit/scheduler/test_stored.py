"""What is stored comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.item import Event, EventState, Task, TaskState
from services.scheduler.domain.preferences import Preferences
from services.scheduler.domain.schedule import Schedule
from services.scheduler.storage.codec import decode, encode

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
    state=st.sampled_from(EventState),
    version=st.integers(1, 9),
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
    state=st.sampled_from(TaskState),
    version=st.integers(1, 9),
)
preferences = st.builds(
    Preferences, time_zone=texts, is_guess=st.booleans(), locale=texts, reminder_leads=leads
)


@given(results=st.lists(st.none() | events | tasks, max_size=4), known=preferences)
def test_an_answer_to_a_request_is_given_again_as_it_was(
    results: list[Event | Task | None], known: Preferences
) -> None:
    assert decode(encode(results, known)) == (results, known)
