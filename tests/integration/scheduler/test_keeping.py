"""The trace of notices, and erasure."""

from __future__ import annotations

import pytest

from chassis.errors import RemoteError
from chassis.ids import new_id
from hark.scheduler.v1.scheduler_service_pb2 import (
    EraseUserRequest,
    GetPreferencesRequest,
    ListNoticesRequest,
    ListTasksRequest,
    Notice,
)
from tests.integration.scheduler.conftest import Person, World
from tests.integration.scheduler.said import cancel, task, zone

OPERATOR = "o" * 32


def erasure(person: Person, generation: int = 1) -> EraseUserRequest:
    return EraseUserRequest(user_id=person.user_id, generation=generation, request_id=new_id())


async def test_the_notice_that_answers_a_message_is_found_by_it(world: World) -> None:
    scheduler = await world.scheduler()
    ada, operator = world.person(scheduler), world.person(scheduler, OPERATOR)
    request = ada.request(task("secret", after=60))
    answer = await ada.call(ada.stub.Apply, request)
    await world.settled(1)

    found = await operator.call(
        operator.stub.ListNotices, ListNoticesRequest(message_id=request.message_id)
    )

    (notice,) = found.notices
    assert notice.kind == "reply"
    assert notice.state == Notice.STATE_HANDED_OVER
    assert notice.notification_request_id == answer.confirmation_request_id
    assert b"secret" not in found.SerializeToString()


async def test_a_persons_notices_come_page_by_page_newest_first(world: World) -> None:
    scheduler = await world.scheduler()
    ada, operator = world.person(scheduler), world.person(scheduler, OPERATOR)
    await ada.says(task("one", after=60))
    await ada.says(cancel(is_last=True))
    await world.settled(3)
    request = ListNoticesRequest(user_id=ada.user_id, page_size=2)
    first = await operator.call(operator.stub.ListNotices, request)
    request.page_token = first.next_page_token
    second = await operator.call(operator.stub.ListNotices, request)
    kinds = [notice.kind for notice in (*first.notices, *second.notices)]
    assert sorted(kinds) == ["reply", "reply", "task_due"]
    (withdrawn,) = [n for n in (*first.notices, *second.notices) if n.kind == "task_due"]
    assert (withdrawn.state, withdrawn.reason) == (Notice.STATE_WITHDRAWN, "CHANGED")
    assert withdrawn.item.startswith("task:")
    assert second.next_page_token == ""


async def test_an_erased_person_leaves_nothing_and_what_comes_late_is_refused(
    world: World,
) -> None:
    scheduler = await world.scheduler()
    ada, operator = world.person(scheduler), world.person(scheduler, OPERATOR)
    bob = world.person(scheduler)
    await bob.says(task("bob's"))
    await ada.says(zone("Europe/Lisbon"))
    await ada.says(task("secret", after=600))
    late = ada.request(task("late"))

    answer = await operator.call(operator.stub.EraseUser, erasure(ada))
    assert answer.erased_row_count > 0
    assert (await operator.call(operator.stub.EraseUser, erasure(ada))).erased_row_count == 0

    for table in ("tasks", "events", "notices", "changes", "person_keys"):
        query = f"SELECT 1 FROM scheduler.{table} WHERE user_id = $1"
        assert await world.query(query, ada.user_id) == []
    with pytest.raises(RemoteError) as refused:
        await ada.call(ada.stub.Apply, late)
    assert refused.value.remote_reason == "USER_ERASED"
    guess = GetPreferencesRequest(user_id=ada.user_id, time_zone_guess="Europe/Lisbon")
    assert (await ada.call(ada.stub.GetPreferences, guess)).preferences.time_zone == "UTC"
    listed = await bob.call(bob.stub.ListTasks, ListTasksRequest(user_id=bob.user_id))
    assert len(listed.tasks) == 1


async def test_a_reminder_on_its_way_while_its_person_is_erased_leaves_nothing(
    world: World,
) -> None:
    scheduler = await world.scheduler("2026-11-22T08:00:00Z")
    ada, operator = world.person(scheduler), world.person(scheduler, OPERATOR)
    await ada.says(task("pills", local_time="2026-11-22T09:00:00", recurrence="FREQ=DAILY"))
    await world.settled(1)
    world.notifier.answers.clear()
    world.move(hours=1)
    await world.notifier.wait_for(2)

    await operator.call(operator.stub.EraseUser, erasure(ada))
    world.notifier.answers.set()
    await ada.says(task("new life", after=60))
    world.move(minutes=1)
    await world.notifier.wait_for(4)

    query = "SELECT kind FROM scheduler.notices WHERE user_id = $1 ORDER BY id"
    assert [row["kind"] for row in await world.query(query, ada.user_id)] == ["task_due", "reply"]


async def test_who_comes_back_after_erasure_begins_anew_at_every_replica(world: World) -> None:
    one, two = await world.scheduler(), await world.scheduler()
    here, operator = world.person(one), world.person(one, OPERATOR)
    there = world.person(two)
    there.user_id, there._said = here.user_id, 100
    await here.says(task("old"))
    await there.says(task("old too"))
    await operator.call(operator.stub.EraseUser, erasure(here))

    await here.says(task("new"))
    await there.says(task("newer", after=60))
    world.move(minutes=1)
    await world.notifier.wait_for(5)

    for person in (here, there):
        listed = await person.call(person.stub.ListTasks, ListTasksRequest(user_id=here.user_id))
        assert [each.title for each in listed.tasks] == ["new", "newer"]
