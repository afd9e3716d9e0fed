"""The caps as rows: many connections take grants at once, and no window ever holds too many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from services.notifier.domain.cap import Caps
from services.notifier.domain.notification import State
from services.notifier.ports import Claimed, Inbound, NotStarted, Started
from services.notifier.usecases.waiting import Waiting
from tests.integration.notifier.replica import (
    MIDNIGHT,
    NO_CAPS,
    SECOND,
    START,
    Replica,
    a_sender,
    is_started,
    replica,
)
from tests.unit.notifier.fakes import FakeClock


def most_in_a_window(times: Sequence[datetime], window: timedelta) -> int:
    """The most of these in any half-open window, looked at by itself."""
    ordered = sorted(times)
    most = first = 0
    for last, time in enumerate(ordered):
        while time - ordered[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_window_holds_more_calls_than_the_cap_however_many_replicas_take_them(
    database_url: str, seed: int
) -> None:
    rng = Random(seed)
    window, limit = 6 * SECOND, 25
    caps = Caps(
        minute_limit=limit,
        minute=window,
        day_limit=0,
        outside_limit=0,
        person_limit=0,
        pair_burst=0,
    )
    calls: list[tuple[datetime, datetime]] = []
    # One time for all of them, which whoever does something moves on.
    now = START

    def pass_by(seconds: float) -> datetime:
        nonlocal now
        now += timedelta(seconds=seconds)
        return now

    async def hammer(one: Replica, user_id: str) -> None:
        waiting: list[Claimed] = []
        while now < START + 4 * window:
            if not waiting:
                waiting.append(await one.claim(user_id, now=now))
            claimed = waiting.pop()
            answer = await one.begin(claimed, pass_by(rng.uniform(0, 0.05)))
            if not isinstance(answer, Started):
                assert answer.refusal == "MESSAGES_PER_MINUTE"
                waiting.append(claimed)
                continue
            begun = now
            await asyncio.sleep(0)
            end = pass_by(rng.uniform(0, 0.05))
            # One in ten is never heard of again: it counts until its time-out.
            if rng.random() < 0.9:
                await one.end(claimed, answer, end)
            calls.append((begun, end))

    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(replica(database_url, caps)) for _ in "ab"]
        user_id = await replicas[0].meet(1)
        await asyncio.gather(*(hammer(replicas[i % 2], user_id) for i in range(6)))
    assert len(calls) > limit
    # Wherever between its start and its end a call met the provider.
    for place in (0.0, 0.5, 1.0):
        met = [begin + place * (end - begin) for begin, end in calls]
        assert most_in_a_window(met, window) <= limit


async def test_under_a_backlog_two_replicas_use_nearly_all_that_is_allowed(
    database_url: str,
) -> None:
    window, limit, windows = 6 * SECOND, 25, 6
    step, lasts = timedelta(milliseconds=10), timedelta(milliseconds=50)
    caps = replace(NO_CAPS, minute_limit=limit, minute=window)
    clock = FakeClock()
    clock.time = START
    begun: list[datetime] = []
    async with replica(database_url, caps) as one, replica(database_url, caps) as other:
        user_id = await one.meet(1)
        backlog = deque([await one.claim(user_id) for _ in range(limit * (windows + 1))])
        sides = [(each, Waiting(each.quotas, caps, clock=clock)) for each in (one, other)]
        under_way: deque[tuple[datetime, Replica, Claimed, Started]] = deque()
        while clock.time < START + windows * window:
            while under_way and under_way[0][0] <= clock.time:
                ends, each, claimed, started = under_way.popleft()
                await each.end(claimed, started, ends)
            for each, waiting in sides:
                for _ in range(waiting.gates[True].most(8, clock.time)):
                    claimed = backlog.popleft()
                    answer = await each.begin(claimed, clock.time)
                    if isinstance(answer, Started):
                        begun.append(clock.time)
                        under_way.append((clock.time + lasts, each, claimed, answer))
                    else:
                        await waiting.put_off(claimed, answer, clock.time)
                        backlog.appendleft(claimed)
            clock.time += step
    assert most_in_a_window(begun, window) <= limit
    # What a call itself lasts is the only thing that is lost: 50 ms of 6 s, and a step of the test.
    assert len(begun) >= 0.98 * limit * windows


async def test_a_cap_is_used_to_the_last_grant_and_not_one_more(database_url: str) -> None:
    caps = Caps(minute_limit=25, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one, replica(database_url, caps) as other:
        user_id = await one.meet(1)
        claims = [await one.claim(user_id) for _ in range(40)]
        answers = await asyncio.gather(
            *((one, other)[i % 2].begin(claimed) for i, claimed in enumerate(claims))
        )
        # Rows that both look at go to one of them; the other's try finds them a moment later.
        left = [c for c, answer in zip(claims, answers, strict=True) if not is_started(answer)]
        again = [await one.begin(claimed) for claimed in left]
        assert sum(map(is_started, [*answers, *again])) == 25


async def test_a_fifth_of_the_minute_is_kept_for_replies_and_timed_reminders(
    database_url: str,
) -> None:
    caps = Caps(minute_limit=100, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one:
        user_id = await one.meet(1)
        system = [await one.claim(user_id, "status_update") for _ in range(100)]
        answers = await asyncio.gather(*(one.begin(claimed) for claimed in system))
        assert sum(map(is_started, answers)) == 80
        timed = [await one.claim(user_id, "task_due") for _ in range(30)]
        answers = await asyncio.gather(*(one.begin(claimed) for claimed in timed))
        assert sum(map(is_started, answers)) == 20


async def test_nobody_starves_while_what_is_urgent_never_ends(database_url: str) -> None:
    caps = Caps(minute_limit=100, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one:
        user_id = await one.meet(1)
        waiting = await one.claim(user_id, "status_update")
        later = START + 10 * SECOND
        urgent = [await one.claim(user_id, now=later) for _ in range(120)]
        answers = await asyncio.gather(*(one.begin(claimed, later) for claimed in urgent))
        # The rest has its twentieth while something of it waits...
        assert sum(map(is_started, answers)) == 95
        assert is_started(await one.begin(waiting, later))
        left = [c for c, answer in zip(urgent, answers, strict=True) if not is_started(answer)]
        await one.database.fetch(
            "UPDATE notifier.notifications SET settled_time = $1 WHERE id = $2", later, waiting.row
        )
        # ...and where nothing does, all of it is used.
        assert sum([is_started(await one.begin(claimed, later)) for claimed in left]) == 4


async def test_a_call_that_never_ends_counts_until_its_time_out_and_is_not_lost(
    database_url: str,
) -> None:
    caps = Caps(minute_limit=1, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one:
        user_id = await one.meet(1)
        first, second = await one.claim(user_id), await one.claim(user_id)
        assert is_started(await one.begin(first))
        assert not is_started(await one.begin(second, START + 79 * SECOND))
        assert is_started(await one.begin(second, START + 81 * SECOND))


async def test_people_outside_their_window_are_counted_once_each(database_url: str) -> None:
    caps = Caps(minute_limit=0, day_limit=0, outside_limit=2, person_limit=0, pair_burst=0)
    later = START + timedelta(hours=30)
    async with replica(database_url, caps) as one:
        people = [await one.meet(number) for number in range(3)]
        for user_id in (people[0], people[1], people[0]):
            assert is_started(await one.begin(await one.claim(user_id, now=later), later))
        third = await one.claim(people[2], now=later)
        refused = await one.begin(third, later)
        assert isinstance(refused, NotStarted)
        assert refused.refusal == "PEOPLE_OUTSIDE_WINDOW"
        # Who is inside costs nothing.
        await one.people.record_inbound(
            Inbound(sender=a_sender(2), message_id="m_new", wamid="wamid.new", message_time=later),
            later,
        )
        assert is_started(await one.begin(await one.claimed(third.notification_id), later))
        day = later + timedelta(hours=25)
        assert is_started(await one.begin(await one.claim(people[2], now=day), day))


async def test_a_persons_day_is_exact_although_two_replicas_count_it(database_url: str) -> None:
    caps = Caps(minute_limit=0, day_limit=0, outside_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one, replica(database_url, caps) as other:
        user_id = await one.meet(1)
        # Due at times of their own, so that each has a message of its own.
        claims = [await one.claim(user_id, now=START + i * SECOND) for i in range(24)]
        over = await one.claim(user_id, now=START + 30 * SECOND)
        assert over.state is State.HELD
        now = START + 40 * SECOND
        answers = await asyncio.gather(
            *((one, other)[i % 2].begin(claimed, now) for i, claimed in enumerate(claims))
        )
        assert all(map(is_started, answers))
        refused = await other.begin(over, now)
        assert isinstance(refused, NotStarted)
        assert refused.refusal == "DAILY_LIMIT"
        assert refused.until == MIDNIGHT
        assert not is_started(await other.begin(over, MIDNIGHT - SECOND))
        assert is_started(await other.begin(over, MIDNIGHT))


async def test_what_the_system_started_stops_at_18_and_answers_go_on(database_url: str) -> None:
    caps = Caps(minute_limit=0, day_limit=0, outside_limit=0, pair_burst=0)
    async with replica(database_url, caps) as one:
        user_id = await one.meet(1)
        made = [
            await one.claim(user_id, "status_update", now=START + i * SECOND) for i in range(18)
        ]
        now = START + 60 * SECOND
        assert all([is_started(await one.begin(claimed, now)) for claimed in made])
        assert (await one.claim(user_id, "status_update", now=now)).state is State.HELD
        timed = [await one.claim(user_id, now=now + i * SECOND) for i in range(6)]
        assert all([is_started(await one.begin(claimed, now)) for claimed in timed])
        # An answer to what they wrote is exempt; one to nothing is not.
        answer = await one.claim(user_id, "reply", now=now, reply_to="m_1")
        assert is_started(await one.begin(answer, now))
        loose = await one.begin(await one.claim(user_id, "reply", now=now), now)
        assert isinstance(loose, NotStarted)
        assert loose.refusal == "DAILY_LIMIT"


async def test_the_pace_of_one_person_is_kept_with_a_burst_and_others_do_not_wait(
    database_url: str,
) -> None:
    caps = Caps(minute_limit=0, day_limit=0, outside_limit=0, person_limit=0)
    async with replica(database_url, caps) as one:
        user_id, other = await one.meet(1), await one.meet(2)
        claims = [await one.claim(user_id) for _ in range(60)]
        answers = await asyncio.gather(*(one.begin(claimed) for claimed in claims))
        assert sum(map(is_started, answers)) == caps.pair_room == 43
        refused = next(answer for answer in answers if isinstance(answer, NotStarted))
        assert refused.refusal == "PAIR_PACE"
        assert is_started(await one.begin(await one.claim(other)))
        left = [c for c, answer in zip(claims, answers, strict=True) if not is_started(answer)]
        later = START + timedelta(seconds=6.001)
        assert is_started(await one.begin(left[0], later))
        assert not is_started(await one.begin(left[1], later))
