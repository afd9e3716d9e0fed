"""What the notifier's use cases lean on, in memory."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.errors import ServiceError
from services.notifier.domain.approved import Filled, Unusable
from services.notifier.domain.breaker import CLOSED, Breaker, BreakerPolicy
from services.notifier.domain.cap import Scope
from services.notifier.domain.contact import (
    Address,
    Changed,
    Person,
    Preferences,
    PreferencesChange,
    UserNotFound,
)
from services.notifier.domain.delivery import Accepted, Ending, SendResult
from services.notifier.domain.document import Document
from services.notifier.domain.notification import (
    AttemptOutcome,
    Notification,
    NotificationNotFound,
    State,
)
from services.notifier.ports import (
    Claimed,
    Inbound,
    Judged,
    NotStarted,
    Outgoing,
    Page,
    PersonalUsage,
    Query,
    Started,
    StatusSummary,
    Usage,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = "00000000-0000-4000-8000-00000000000a"


class FakeClock:
    """Time that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def move(self, **how: float) -> None:
        self.time += timedelta(**how)


@dataclass
class FakeEvents:
    """Everything that was counted, in order."""

    counted: list[tuple[Any, ...]] = field(default_factory=list)

    def accepted(self, kind: str, count: int = 1) -> None:
        self.counted += [("accepted", kind)] * count

    def attempted(self, outcome: str, reason: str) -> None:
        self.counted.append(("attempted", outcome, reason))

    def replied(self, kind: str, seconds: float) -> None:
        self.counted.append(("replied", kind, seconds))

    def closed(self, state: State, kind: str) -> None:
        self.counted.append(("closed", state.name, kind))

    def put_off(self, reason: str) -> None:
        self.counted.append(("put off", reason))

    def repeated(self, kind: str) -> None:
        self.counted.append(("repeated", kind))

    def statuses(self, summary: StatusSummary) -> None:
        self.counted.append(("statuses", summary.matched))


@dataclass
class FakeProvider:
    """Answers from the script, then accepts; keeps what was sent."""

    script: deque[SendResult] = field(default_factory=deque)
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> SendResult:
        self.sent.append(outgoing)
        return self.script.popleft() if self.script else Accepted(wamid=f"w{len(self.sent)}")

    # Files that were uploaded; the script says what becomes of one.
    uploads: list[Document] = field(default_factory=list)
    upload_script: deque[SendResult] = field(default_factory=deque)

    async def mark_read(self, wamid: str, *, is_typing: bool = False) -> bool:
        return True

    async def upload(self, document: Document) -> str | SendResult:
        self.uploads.append(document)
        if self.upload_script:
            return self.upload_script.popleft()
        return f"media-{len(self.uploads)}"


@dataclass
class FakeBreakers:
    """One number's breaker, in memory."""

    policy: BreakerPolicy = field(default_factory=lambda: BreakerPolicy(threshold=2))
    breaker: Breaker = CLOSED

    async def failed(self, now: datetime, *, reason: str, at_once: bool) -> Breaker:
        self.breaker = self.breaker.failed(now, self.policy, at_once=at_once, reason=reason)
        return self.breaker

    async def state(self) -> Breaker:
        return self.breaker

    def closed_by(self, ending: Ending) -> None:
        if not ending.is_outage and ending.outcome is not AttemptOutcome.AMBIGUOUS:
            self.breaker = CLOSED


@dataclass
class FakePauses:
    """Templates that are left alone, in memory."""

    known: Unusable = field(default_factory=Unusable)

    def names(self, now: datetime) -> frozenset[str]:
        return self.known.names(now)

    async def add(self, template: str, now: datetime, pause: timedelta, *, reason: str) -> None:
        self.known = self.known.adding(template, now, pause)


@dataclass
class FakeQuotas:
    """Grants come back at `times`; there is room for more as often as `growths` says."""

    times: list[datetime] = field(default_factory=list)
    growths: int = 0
    looks: int = 0

    async def grow(self) -> bool:
        self.growths -= 1
        return self.growths >= 0

    async def next_times(
        self, scope: Scope, now: datetime, *, is_urgent: bool
    ) -> Sequence[datetime]:
        self.looks += 1
        return self.times

    async def usage(self, now: datetime) -> Sequence[Usage]:
        return [Usage(scope=scope, used=0, free_time=None) for scope in Scope]

    async def personal(self, user_id: str, now: datetime) -> PersonalUsage:
        raise UserNotFound

    async def held(self) -> Mapping[str, int]:
        return {}


@dataclass
class FakeDeliveries:
    """One notification's attempts. Without a window it offers the `forms` that are left."""

    heard_time: datetime | None = None
    is_window_open: bool = True
    forms: Sequence[str] = ("hark_task_due", "hark_message")
    refusal: str | None = None
    until: datetime | None = None
    breakers: FakeBreakers = field(default_factory=FakeBreakers)
    tries: int = 0
    state: State = State.QUEUED
    reason: str = ""
    repeats: list[bool] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    suspected: list[str] = field(default_factory=list)

    async def begin(
        self,
        claimed: Claimed,
        *,
        is_repeat: bool,
        now: datetime,
        without: Collection[str] = (),
    ) -> Started | NotStarted:
        if self.refusal is not None:
            return NotStarted(refusal=self.refusal, until=self.until)
        if not self.breakers.breaker.admits(now):
            return NotStarted(refusal="BREAKER_OPEN", until=self.breakers.breaker.open_until)
        assert claimed.state is self.state
        left = [name for name in self.forms if a_form(name).key not in without]
        if not self.is_window_open and not left:
            return NotStarted(refusal="WINDOW_CLOSED")
        self.tries += 1
        self.state = State.SENDING
        self.repeats.append(is_repeat)
        return Started(
            token=f"t{self.tries}",
            number=self.tries,
            address=Address(phone="15550100001"),
            text="Reminder: Ada",
            template=None if self.is_window_open else a_form(left[0]),
            heard_time=self.heard_time,
        )

    async def finish(
        self, claimed: Claimed, started: Started, result: SendResult, ending: Ending, now: datetime
    ) -> None:
        self.breakers.closed_by(ending)
        self.endings.append(ending)
        self.state = ending.state
        if ending.is_window_closed:
            self.is_window_open = False

    async def suspect(
        self, claimed: Claimed, *, reason: str, now: datetime, retry_time: datetime
    ) -> None:
        self.suspected.append(reason)
        self.state = State.UNKNOWN

    async def close(self, claimed: Claimed, state: State, *, reason: str, now: datetime) -> None:
        self.state, self.reason = state, reason


@dataclass
class FakeContacts:
    """Who has which number."""

    phones: dict[str, str] = field(default_factory=dict)

    async def record_inbound(self, inbound: Inbound, now: datetime) -> Person:
        raise NotImplementedError

    async def user_ids(self, phones: Collection[str]) -> Mapping[str, str]:
        return {phone: self.phones[phone] for phone in phones if phone in self.phones}

    async def set_stopped(self, user_id: str, stop_time: datetime | None) -> None:
        raise NotImplementedError


@dataclass
class FakeProfiles:
    """How people are written to."""

    known: dict[str, Preferences] = field(default_factory=dict)
    # The requests that have stopped or started us.
    moved: dict[str, str] = field(default_factory=dict)

    async def of(self, user_ids: Collection[str], now: datetime) -> Mapping[str, Preferences]:
        return {each: self.known[each] for each in user_ids if each in self.known}

    async def change(
        self, user_id: str, change: PreferencesChange, *, request_id: str, now: datetime
    ) -> Changed:
        if user_id not in self.known:
            raise UserNotFound
        before = self.known[user_id]
        has_moved = change.is_stopped is not None and (
            change.is_stopped is not before.is_stopped or self.moved.get(user_id) == request_id
        )
        if has_moved:
            self.moved[user_id] = request_id
        given = {
            "is_stopped": change.is_stopped,
            "time_zone": change.time_zone,
            "locale": change.locale,
            "is_spoken": change.is_spoken,
        }
        after = replace(before, **{k: v for k, v in given.items() if v is not None})
        self.known[user_id] = after
        return Changed(preferences=after, has_moved=has_moved)


@dataclass
class FakeLedger:
    """Keeps what is judged good; `refusals` stand in the way of those of a person."""

    refusals: dict[str, ServiceError] = field(default_factory=dict)
    kept: list[Judged] = field(default_factory=list)

    async def accept(self, judged: Sequence[Judged]) -> Sequence[Notification | ServiceError]:
        answers: list[Notification | ServiceError] = []
        for each in judged:
            if each.user_id in self.refusals:
                answers.append(self.refusals[each.user_id])
                continue
            self.kept.append(each)
            answers.append(shown(each))
        return answers

    async def get(self, *, notification_id: str = "", request_id: str = "") -> Notification:
        raise NotificationNotFound

    async def glance(self, notification_ids: Collection[str]) -> Mapping[str, Notification]:
        raise NotImplementedError

    async def redrive(self, notification_id: str, *, now: datetime) -> Notification:
        raise NotImplementedError

    async def list(self, query: Query) -> Page:
        raise NotImplementedError

    async def cancel(
        self, *, notification_id: str = "", request_id: str = "", now: datetime
    ) -> Notification:
        raise NotImplementedError


def a_form(name: str) -> Filled:
    return Filled(name=name, language="en", parameters=(("text", "Ada"),), text="Ada")


def a_claim(**fields: Any) -> Claimed:
    claimed = Claimed(
        row=1,
        fence=1,
        notification_id=str(uuid.uuid4()),
        user_id=ADA,
        kind="task_due",
        state=State.QUEUED,
        body=b"",
        ambiguous=0,
        due_time=NOW,
        create_time=NOW,
        send_time=NOW,
        expire_time=NOW + timedelta(hours=24),
    )
    return replace(claimed, **fields)


def shown(judged: Judged) -> Notification:
    return Notification(
        notification_id=str(uuid.uuid4()),
        user_id=judged.user_id,
        type=judged.kind.type,
        kind=judged.kind.name,
        state=State.QUEUED,
        state_reason="",
        contents=judged.draft.contents,
        reply_to_message_id=judged.draft.reply_to_message_id,
        request_id=judged.request_id,
        create_time=judged.create_time,
        due_time=judged.send_time,
        expire_time=judged.expire_time,
    )
