"""What is due for one person at one instant goes out as one message, and stays several things."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

from services.notifier.domain.cap import Caps, RateLimited
from services.notifier.domain.delivery import Refused, RetryPolicy, ending
from services.notifier.domain.notification import State
from services.notifier.ports import Started
from tests.integration.notifier.replica import (
    MIDNIGHT,
    NO_CAPS,
    SECOND,
    START,
    is_started,
    replica,
)


async def test_what_is_due_at_one_instant_goes_out_as_one_message(database_url: str) -> None:
    async with replica(database_url, NO_CAPS) as one:
        user_id = await one.meet(1)
        due = START + 60 * SECOND
        claims = [await one.claim(user_id, due_time=due) for _ in range(3)]
        alone = await one.claim(user_id, due_time=due + SECOND)
        answers = await asyncio.gather(*(one.begin(claimed, due) for claimed in claims))
        (started,) = [answer for answer in answers if isinstance(answer, Started)]
        assert started.text.splitlines() == ["Reminder: Ada"] * 3
        leader = claims[answers.index(started)]
        await one.end(leader, started, due)
        for claimed in claims:
            shown = await one.ledger.get(notification_id=claimed.notification_id)
            assert (shown.state, shown.sent_time) == (State.SENT, due)
            assert len(shown.attempts) == 1
            own = claimed.notification_id == leader.notification_id
            assert shown.bubble_id == ("" if own else leader.notification_id)
        assert is_started(await one.begin(alone, due + SECOND))


async def test_what_does_not_fit_into_one_message_goes_out_in_the_next(database_url: str) -> None:
    async with replica(database_url, NO_CAPS) as one:
        user_id = await one.meet(1)
        due = START + 60 * SECOND
        claims = [await one.claim(user_id, due_time=due) for _ in range(60)]
        told = 0
        for claimed in claims:
            held = await one.claimed(claimed.notification_id)
            # What has gone out in a bubble is out of the queue.
            answer = await one.begin(held, due) if held.state is State.QUEUED else None
            if isinstance(answer, Started):
                assert len(answer.text) <= 4096
                told += len(answer.text.splitlines())
        assert told == 60


async def test_whoever_leads_a_bubble_that_is_refused_leads_it_again(database_url: str) -> None:
    async with replica(database_url, NO_CAPS) as one:
        user_id = await one.meet(1)
        due = START + 60 * SECOND
        leader, member = [await one.claim(user_id, due_time=due) for _ in range(2)]
        started = await one.begin(leader, due)
        assert isinstance(started, Started)
        refused = Refused(code=130429, http_status=429)
        end = ending(refused, tries=1, now=due, policy=RetryPolicy(), rng=Random(1))
        await one.deliveries.finish(leader, started, refused, end, due)
        shown = await one.ledger.get(notification_id=member.notification_id)
        assert (shown.state, shown.state_reason) == (State.QUEUED, "NUMBER_RATE_LIMITED")
        again = await one.begin(await one.claimed(leader.notification_id), due)
        assert isinstance(again, Started)
        assert again.text == started.text
        assert again.number == 2


async def test_what_shares_a_bubble_and_lives_longer_outlives_it(database_url: str) -> None:
    async with replica(database_url, NO_CAPS) as one:
        user_id = await one.meet(1)
        due = START + 60 * SECOND
        leader, member = [
            await one.claim(user_id, kind, due_time=due) for kind in ("event_due", "task_due")
        ]
        started = await one.begin(leader, due)
        assert isinstance(started, Started)
        refused = Refused(code=130429, http_status=429)
        end = ending(refused, tries=1, now=due, policy=RetryPolicy(), rng=Random(1))
        await one.deliveries.finish(leader, started, refused, end, due)
        later = due + timedelta(hours=13)
        expired = await one.claimed(leader.notification_id)
        await one.deliveries.close(expired, State.EXPIRED, reason="EXPIRED", now=later)
        freed = await one.claimed(member.notification_id)
        assert (freed.state, freed.due_time) == (State.QUEUED, later)
        assert is_started(await one.begin(freed, later))


async def test_the_last_message_of_a_persons_day_lists_what_else_is_due_that_day(
    database_url: str,
) -> None:
    caps = Caps(
        minute_limit=0, day_limit=0, outside_limit=0, pair_burst=0, person_limit=3, system_limit=3
    )
    async with replica(database_url, caps) as one:
        user_id = await one.meet(1)
        for second in (1, 2):
            at = START + second * SECOND
            assert is_started(await one.begin(await one.claim(user_id, due_time=at), at))
        evening = START.replace(hour=20)
        # Two that were handed in at once, before anybody could know that the day would be full.
        third, fourth = await asyncio.gather(
            one.claim(user_id, due_time=START + 3 * SECOND), one.claim(user_id, due_time=evening)
        )
        await one.database.fetch(
            "UPDATE notifier.notifications SET state = 1, due_time = $1 WHERE id = $2",
            evening,
            fourth.row,
        )
        answer = await one.begin(third, START + 3 * SECOND)
        assert isinstance(answer, Started)
        assert answer.text == (
            "Reminder: Ada\n\nThat was the last message for today. Also due today:\n"
            "15:00 Reminder: Ada"
        )
        shown = await one.ledger.get(notification_id=fourth.notification_id)
        assert shown.bubble_id == third.notification_id
        # Creating one beyond says so at once.
        beyond = await one.accept(user_id, "task_due", evening, holds=False)
        assert isinstance(beyond, RateLimited)
        assert beyond.retry_delay == MIDNIGHT - evening
