"""The caps as rows: many connections take grants at once, and no window ever holds too many."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from db.engine import open_engine
from db.sealed import PersonKeys
from db.tables.notifier import person_keys
from services.notifier import catalogue
from services.notifier.domain.cap import Caps, RateLimited
from services.notifier.domain.contact import Sender, sender
from services.notifier.domain.delivery import Accepted, Refused, RetryPolicy, ending
from services.notifier.domain.habit import Habits
from services.notifier.domain.kind import KINDS
from services.notifier.domain.notification import Content, Draft, Notification, State
from services.notifier.domain.plan import plan
from services.notifier.ports import Claimed, Inbound, Judged, NotStarted, Started
from services.notifier.storage.database import Database
from services.notifier.storage.deliveries import SqlDeliveries
from services.notifier.storage.ledger import SqlLedger
from services.notifier.storage.people import People
from services.notifier.storage.quotas import SqlQuotas
from tests.integration.notifier.house import HASH_KEY, KEYRING

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
# Where numbers that begin with 1 555 are taken to be; their day ends five hours later.
HOME = "America/New_York"
MIDNIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
NO_CAPS = Caps(minute_limit=0, day_limit=0, outside_limit=0, person_limit=0, pair_burst=0)


@dataclass
class Replica:
    """What one process has of the delivery path, without its worker."""

    caps: Caps
    database: Database
    deliveries: SqlDeliveries
    ledger: SqlLedger
    people: People
    quotas: SqlQuotas
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def meet(self, number: int, *, at: datetime = START) -> str:
        """A person who wrote at that time."""
        inbound = Inbound(
            sender=_sender(number),
            message_id=f"m_{number}",
            wamid=f"wamid.{number}",
            message_time=at,
        )
        return (await self.people.record_inbound(inbound, at)).user_id

    async def claim(
        self,
        user_id: str,
        kind: str = "task_due",
        *,
        now: datetime = START,
        due_time: datetime | None = None,
        reply_to: str = "",
        holds: bool = True,
    ) -> Claimed:
        """An accepted notification as a worker would hold it."""
        accepted = await self.accept(user_id, kind, now, due_time, reply_to, holds)
        assert isinstance(accepted, Notification), accepted
        return await self.claimed(accepted.notification_id)

    async def accept(
        self,
        user_id: str,
        kind: str,
        now: datetime,
        due_time: datetime | None = None,
        reply_to: str = "",
        holds: bool = True,
    ) -> object:
        row = KINDS[kind]
        send_time = max(due_time or now, now)
        judged = Judged(
            request_id=str(uuid.uuid4()),
            draft=Draft(
                request_id="",
                user_id=user_id,
                contents=(Content(template="task_due", parameters={"title": "Ada"}),),
                reply_to_message_id=reply_to,
                holds_overflow=holds,
            ),
            user_id=user_id,
            kind=row,
            text="Reminder: Ada",
            locale="en",
            buttons=(),
            request_hash=b"h",
            create_time=now,
            send_time=send_time,
            expire_time=send_time + row.expiry,
            plan=plan(
                row,
                Habits(time_zone=HOME),
                self.caps,
                send_time=send_time,
                due_time=due_time,
                extends=True,
                has_document=False,
            ),
        )
        return (await self.ledger.accept([judged]))[0]

    async def claimed(self, notification_id: str) -> Claimed:
        rows = await self.database.fetch(
            "SELECT * FROM notifier.notifications WHERE notification_id = $1::uuid",
            notification_id,
        )
        row = rows[0]
        return Claimed(
            row=row["id"],
            fence=row["fence"],
            notification_id=str(row["notification_id"]),
            user_id=row["user_id"],
            kind=row["kind"],
            state=State(row["state"]),
            body=row["body"],
            ambiguous=row["ambiguous"],
            due_time=row["due_time"],
            create_time=row["create_time"],
            send_time=row["send_time"],
            expire_time=row["expire_time"],
        )

    async def begin(self, claimed: Claimed, now: datetime = START) -> Started | NotStarted:
        return await self.deliveries.begin(claimed, is_repeat=False, now=now)

    async def end(self, claimed: Claimed, started: Started, now: datetime) -> None:
        result = Accepted(wamid=f"wamid.{started.token}")
        end = ending(result, tries=1, now=now, policy=RetryPolicy(), rng=Random(1))
        await self.deliveries.finish(claimed, started, result, end, now)


def _sender(number: int) -> Sender:
    return sender(
        wa_id=f"155501{number:05}", business_user_id="", parent_user_id="", display_name=""
    )


@asynccontextmanager
async def replica(database_url: str, caps: Caps) -> AsyncIterator[Replica]:
    engine = open_engine(database_url, application_name="test", pool_size=8)
    database = Database(engine)
    keys = PersonKeys(engine, person_keys, KEYRING)
    deliveries = SqlDeliveries(
        database,
        keys,
        catalogue.load_all(),
        catalogue.load_all_approved(),
        hash_key=HASH_KEY,
        caps=caps,
        phone_id="test_phone_id",
    )
    ledger = SqlLedger(database, keys)
    people = People(database, keys, hash_key=HASH_KEY)
    made = Replica(caps, database, deliveries, ledger, people, SqlQuotas(database, caps))
    groups = (deliveries.beginning, deliveries.accepting, ledger.single)
    made.tasks = [asyncio.create_task(group.run()) for group in groups]
    try:
        while await made.quotas.grow():
            continue
        yield made
    finally:
        for group in groups:
            await group.stop()
        await asyncio.gather(*made.tasks)
        await engine.dispose()


def most_in_a_window(times: Sequence[datetime], window: timedelta) -> int:
    """The most of these in any half-open window, looked at by itself."""
    ordered = sorted(times)
    most = first = 0
    for last, time in enumerate(ordered):
        while time - ordered[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def is_started(answer: Started | NotStarted) -> bool:
    return isinstance(answer, Started)


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
            Inbound(sender=_sender(2), message_id="m_new", wamid="wamid.new", message_time=later),
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
