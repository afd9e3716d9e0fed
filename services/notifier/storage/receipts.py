"""Delivery statuses over SQL: found by token or by the provider's id, joined under a row lock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from chassis.crypto import keyed_hash
from services.notifier.domain.notification import AttemptOutcome, State
from services.notifier.domain.provider_error import ErrorClass, rule_for
from services.notifier.domain.reconciliation import (
    Evidence,
    arrivals,
    joined,
    moved_state,
    observed,
    proven_state,
    together,
)
from services.notifier.ports import StatusReport, StatusSummary
from services.notifier.storage import evidence as sql
from services.notifier.storage.database import Database


@dataclass(slots=True, kw_only=True)
class _Attempt:
    token: uuid.UUID
    number: int
    outcome: AttemptOutcome
    reason: str
    template: str
    wamid_hash: bytes | None
    evidence: Evidence
    before: Evidence


@dataclass(slots=True, kw_only=True)
class _Standing:
    """One notification with all its attempts, oldest first, while statuses are joined to it."""

    row: int
    notification_id: uuid.UUID
    user_id: str
    state: State
    state_reason: str
    is_open: bool
    attempts: list[_Attempt] = field(default_factory=list)


class SqlReceipts:
    """See `ports.Receipts`."""

    def __init__(self, database: Database, *, hash_key: bytes) -> None:
        self._database = database
        self._hash_key = hash_key

    async def record(self, reports: Sequence[StatusReport], now: datetime) -> StatusSummary:
        """See `ports.Receipts`. The queue finds what it opened again at its next poll.

        One transaction; the notifications are locked in one order.
        """
        hashes = [keyed_hash(self._hash_key, report.wamid.encode()) for report in reports]
        tokens = [_uuid(report.token) for report in reports]
        async with self._database.transaction() as (_, driver):
            locked = await driver.fetch(sql.LOCK, [t for t in tokens if t], hashes)
            rows = await driver.fetch(sql.STANDINGS, [row["id"] for row in locked])
            standings = _standings(rows)
            found = _index(standings)
            matched = []
            for report, hash_, token in zip(reports, hashes, tokens, strict=True):
                hit = found.get(token) or found.get(hash_)
                if hit is None:
                    continue
                standing, attempt = hit
                attempt.evidence = joined(attempt.evidence, observed(report.observation))
                attempt.wamid_hash = attempt.wamid_hash or hash_
                matched.append((standing, attempt, report))
            summary = _summary(standings.values(), matched=len(matched), all_=len(reports))
            if matched:
                await _write(driver, standings.values(), matched, now)
        return summary


async def _write(
    driver: asyncpg.Connection,
    standings: Iterable[_Standing],
    matched: Sequence[tuple[_Standing, _Attempt, StatusReport]],
    now: datetime,
) -> None:
    attempts = [
        (a.token, a.wamid_hash, *_times(a.evidence), a.evidence.failed_code)
        for standing in standings
        for a in standing.attempts
    ]
    moved = [_moved(standing) for standing in standings]
    events = [
        (
            standing.notification_id,
            attempt.token,
            report.observation.status,
            report.observation.event_time,
            report.observation.provider_code,
        )
        for standing, attempt, report in matched
    ]
    await driver.fetch(
        sql.JOIN,
        *zip(*attempts, strict=True),
        *zip(*moved, strict=True),
        *zip(*events, strict=True),
        now,
    )
    gone = _gone(matched)
    if gone:
        await driver.execute(sql.UNREACHABLE, *zip(*gone, strict=True))
    if closed := _closed_windows(matched):
        await driver.execute(sql.CLOSE_WINDOWS, *zip(*closed, strict=True))
    if again := [standing.row for standing in standings if _needs_template(standing)]:
        await driver.execute(sql.REOPEN, again, now)
    if revived := [standing.row for standing in standings if _is_revived(standing)]:
        await driver.execute(sql.REVIVE, revived, now)


def _needs_template(standing: _Standing) -> bool:
    """Whether these statuses are the first to say that its plain form found the window closed."""
    last = standing.attempts[-1]
    return (
        proven_state([attempt.evidence for attempt in standing.attempts]) is State.FAILED
        and last.before.failed_time is None
        and not last.template
        and rule_for(last.evidence.failed_code or None).error_class is ErrorClass.NEEDS_TEMPLATE
    )


def _moved(standing: _Standing) -> tuple[object, ...]:
    """The notification's row: where the evidence puts it, where it has any."""
    evidences = [attempt.evidence for attempt in standing.attempts]
    whole = together(evidences)
    state, reason = _state(standing), standing.state_reason
    if state is not standing.state:
        reason = _reason(standing, state)
    return (
        standing.row,
        int(state),
        reason,
        whole.sent_time,
        whole.delivered_time,
        whole.read_time,
    )


def _state(standing: _Standing) -> State:
    return moved_state(
        standing.state,
        [attempt.before for attempt in standing.attempts],
        [attempt.evidence for attempt in standing.attempts],
        last=standing.attempts[-1].outcome,
        is_open=standing.is_open,
    )


def _reason(standing: _Standing, state: State) -> str:
    last = standing.attempts[-1]
    if state is State.FAILED:
        # What the provider said of the newest attempt, at once or later.
        later = rule_for(last.evidence.failed_code or None).reason
        return later if last.evidence.failed_time else last.reason
    return last.reason if state in (State.UNKNOWN, State.QUEUED) else ""


def _is_revived(standing: _Standing) -> bool:
    """Whether it was taken out of the queue as sent, and is not."""
    return (
        not standing.is_open
        and _state(standing) in (State.SENDING, State.UNKNOWN)
        and (standing.state is State.SENT)
    )


def _summary(standings: Iterable[_Standing], *, matched: int, all_: int) -> StatusSummary:
    settled = repeats = 0
    for standing in standings:
        before = [attempt.before for attempt in standing.attempts]
        after = [attempt.evidence for attempt in standing.attempts]
        settled += standing.state is State.UNKNOWN and proven_state(after) is not None
        repeats += arrivals(before) < 2 <= arrivals(after)
    return StatusSummary(
        matched=matched,
        unmatched=all_ - matched,
        settled_unknown=settled,
        repeats_arrived=repeats,
    )


def _standings(rows: Sequence[asyncpg.Record]) -> Mapping[int, _Standing]:
    standings: dict[int, _Standing] = {}
    for row in rows:
        standing = standings.get(row["id"])
        if standing is None:
            standing = standings[row["id"]] = _Standing(
                row=row["id"],
                notification_id=row["notification_id"],
                user_id=row["user_id"],
                state=State(row["state"]),
                state_reason=row["state_reason"],
                is_open=row["is_open"],
            )
        evidence = Evidence(
            sent_time=row["sent_time"],
            delivered_time=row["delivered_time"],
            read_time=row["read_time"],
            played_time=row["played_time"],
            failed_time=row["failed_time"],
            failed_code=row["failed_code"],
        )
        standing.attempts.append(
            _Attempt(
                token=row["token"],
                number=row["number"],
                outcome=AttemptOutcome(row["outcome"]),
                reason=row["reason"],
                template=row["template"],
                wamid_hash=row["wamid_hash"],
                evidence=evidence,
                before=evidence,
            )
        )
    for standing in standings.values():
        standing.attempts.sort(key=lambda attempt: attempt.number)
    return standings


def _index(
    standings: Mapping[int, _Standing],
) -> Mapping[uuid.UUID | bytes | None, tuple[_Standing, _Attempt]]:
    found: dict[uuid.UUID | bytes | None, tuple[_Standing, _Attempt]] = {}
    for standing in standings.values():
        for attempt in standing.attempts:
            found[attempt.token] = (standing, attempt)
            if attempt.wamid_hash is not None:
                found[attempt.wamid_hash] = (standing, attempt)
    return found


def _times(evidence: Evidence) -> tuple[datetime | None, ...]:
    return (
        evidence.sent_time,
        evidence.delivered_time,
        evidence.read_time,
        evidence.played_time,
        evidence.failed_time,
    )


def _failures(
    matched: Sequence[tuple[_Standing, _Attempt, StatusReport]], error_class: ErrorClass
) -> Mapping[str, StatusReport]:
    return {
        standing.user_id: report
        for standing, _attempt, report in matched
        if report.observation.status == "failed"
        and rule_for(report.observation.provider_code or None).error_class is error_class
    }


def _gone(
    matched: Sequence[tuple[_Standing, _Attempt, StatusReport]],
) -> list[tuple[str, datetime, int]]:
    return sorted(
        (user_id, report.observation.event_time, report.observation.provider_code)
        for user_id, report in _failures(matched, ErrorClass.PERSON).items()
    )


def _closed_windows(
    matched: Sequence[tuple[_Standing, _Attempt, StatusReport]],
) -> list[tuple[str, datetime]]:
    return sorted(
        (user_id, report.observation.event_time)
        for user_id, report in _failures(matched, ErrorClass.NEEDS_TEMPLATE).items()
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
