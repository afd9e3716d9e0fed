"""I15, I16, I18 and I19: what goes out is sent once, kept, never blindly repeated, and followed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from services.notifier.domain.kind import KINDS, AmbiguousPolicy
from tests.chaos.checkers.inbound import GIVEN_UP
from tests.chaos.checkers.verdict import Verdict
from tests.chaos.history import AUDIT, CALL, TASK, History, Json, moment

_REFUSED, _CANCELLED = 2, 10
# How far each state is, by the words of the provider; a failure outweighs only what was sent.
_RANK = {"sent": 3, "failed": 9, "delivered": 4, "read": 5}
_ORDER = (3, 9, 4, 5, 6)
_CLOCK_SKEW = timedelta(seconds=1)


def same_request_same_answer(history: History) -> Verdict:
    """I15: same request id and body, same answer and one send; another body is an error."""
    verdict = Verdict("I15", "same request, same answer, one send; another body, an error")
    arrived = Counter(
        send.plain for send in history.sends if send.is_accepted and not send.is_marked
    )
    made = Counter(task["title"] for task in history.of(TASK))
    groups: dict[str, list[Json]] = {}
    for call in history.of(CALL):
        groups.setdefault(call["request_id"], []).append(call)
    for request_id, calls in groups.items():
        good = [call for call in calls if call["made"]]
        verdict.count("requests")
        verdict.count("calls", len(calls))
        verdict.count("answered alike", len(good))
        verdict.count(
            "refused for another body",
            sum(call["reason"] == "REQUEST_ID_REUSED" for call in calls),
        )
        answers = {call["made"] for call in good}
        verdict.expect(len(answers) <= 1, f"{request_id} has {len(answers)} different answers")
        bodies = {call["body"] for call in good}
        verdict.expect(len(bodies) <= 1, f"{request_id} was accepted with two bodies")
        titles = {call["title"] for call in calls}
        effects = sum(made[title] + arrived[title] for title in titles)
        verdict.expect(effects <= 1, f"{request_id} had {effects} effects")
    return verdict


def accepted_is_durable(history: History) -> Verdict:
    """I16: what was accepted is there, and was sent or has its failure on record."""
    verdict = Verdict("I16", "accepted is durable")
    notifications = {row["notification_id"]: row for row in history.table("notifier.notifications")}
    tasks = {task["task_id"] for task in history.of(TASK)}
    for call in history.of(CALL):
        if not call["made"]:
            continue
        verdict.count("accepted calls")
        known = notifications if call["method"] == "SendNotification" else tasks
        verdict.expect(call["made"] in known, f"{call['made']} was accepted and is gone")
    for name, row in notifications.items():
        verdict.count("notifications")
        sent = any(send.is_accepted for send in history.sends_of.get(name, []))
        over = row["state"] in GIVEN_UP or row["state"] == _CANCELLED
        verdict.count("sent", sent)
        verdict.expect(sent or over, f"{name} was accepted, and is neither sent nor given up")
        verdict.expect(
            row["settled_time"] is not None, f"{name} is still open in state {row['state']}"
        )
        verdict.expect(row["buried_reason"] is None, f"{name} was buried: {row['buried_reason']}")
    return verdict


def no_blind_resend(history: History) -> Verdict:
    """I18: no blind resend of an ambiguous attempt; declared repeats are counted and marked."""
    verdict = Verdict("I18", "no blind resend; every repeat is declared, waited for and marked")
    tokens = Counter(send.token for send in history.sends)
    for token, number in tokens.items():
        verdict.expect(number == 1, f"attempt {token} called the provider {number} times")
    known = {row["token"] for row in history.table("notifier.attempts")}
    for send in history.sends:
        verdict.count("provider calls")
        verdict.count("accepted without an answer", send.is_accepted and not send.is_answered)
        verdict.expect(send.token in known, f"a call with token {send.token} is on no record")
    for row in history.table("notifier.notifications"):
        _check_attempts(history, row, verdict)
    return verdict


def statuses_merge(history: History) -> Verdict:
    """I19: whatever the order of statuses, states only rise, and end where the statuses say."""
    verdict = Verdict("I19", "statuses merge monotonely, in any order")
    for entry in history.of(AUDIT):
        if entry["name"] != "notifier.notifications" or entry["old_state"] == entry["new_state"]:
            continue
        verdict.count("moves")
        verdict.expect(
            _rises(entry["old_state"], entry["new_state"]),
            f"notification row {entry['row_id']} went from {entry['old_state']}"
            f" to {entry['new_state']}",
        )
    told = _told(history)
    for row in history.table("notifier.notifications"):
        expected = _proven(history, row, told)
        if expected is None:
            continue
        verdict.count("notifications followed")
        verdict.expect(
            row["state"] == expected,
            f"{row['notification_id']} stands at {row['state']}, its statuses say {expected}",
        )
    return verdict


def _check_attempts(history: History, row: Json, verdict: Verdict) -> None:
    attempts = history.attempts_of.get(row["notification_id"], [])
    sends = {send.token: send for send in history.sends_of.get(row["notification_id"], [])}
    name = row["notification_id"]
    for before, attempt in pairwise(attempts):
        if before["outcome"] == _REFUSED:
            continue
        verdict.count("repeats by policy")
        send = sends.get(attempt["token"])
        declared = KINDS[row["kind"]].policy is AmbiguousPolicy.AT_LEAST_ONCE
        verdict.expect(declared, f"{name} ({row['kind']}) was sent again against its policy")
        verdict.expect(attempt["is_repeat"], f"{name} was sent again and not recorded as a repeat")
        verdict.expect(send is None or send.is_marked, f"{name} was sent again unmarked")
        _check_waited(history, name, before, attempt, verdict)
    arrived = [send for send in sends.values() if send.is_accepted]
    verdict.count("arrived twice by policy", max(len(arrived) - 1, 0))
    unmarked = sum(not send.is_marked for send in arrived)
    verdict.expect(unmarked <= 1, f"{name} arrived {unmarked} times unmarked")


def _check_waited(
    history: History, name: str, before: Json, attempt: Json, verdict: Verdict
) -> None:
    start = moment(attempt["start_time"])
    window = timedelta(seconds=history.meta["probe_seconds"])
    waited = before["end_time"] is not None and start - moment(before["end_time"]) >= (
        window - _CLOCK_SKEW
    )
    verdict.expect(waited, f"{name} was sent again before a status could have told")
    for event in history.table("notifier.provider_events"):
        if event["token"] == before["token"] and event["status"] != "failed":
            known = moment(event["record_time"]) < start - _CLOCK_SKEW
            verdict.expect(
                not known, f"{name} was sent again, though known to be {event['status']}"
            )


def _told(history: History) -> dict[str, set[str]]:
    """What authentic webhooks that were answered 200 said of each attempt."""
    told: dict[str, set[str]] = {}
    for post in history.posts:
        if post.is_authentic and post.status == 200:
            for part in post.parts:
                if part.state and part.token:
                    told.setdefault(part.token, set()).add(part.state)
    return told


def _proven(history: History, row: Json, told: dict[str, set[str]]) -> int | None:
    """The state that the statuses of all attempts prove together; None where they say nothing."""
    attempts = history.attempts_of.get(row["notification_id"], [])
    standings = []
    for position, attempt in enumerate(attempts, start=1):
        states = [_RANK[state] for state in told.get(attempt["token"], ()) if state in _RANK]
        if attempt["outcome"] == 1:
            states.append(_RANK["sent"])
        if states:
            best = max(states, key=_ORDER.index)
            if best != _RANK["failed"] or position == len(attempts):
                standings.append(best)
    return max(standings, key=_ORDER.index, default=None)


def _rises(old: int, new: int) -> bool:
    if old in _ORDER:
        return new in _ORDER and _ORDER.index(new) > _ORDER.index(old)
    # What was given up may still turn out to have arrived.
    return old not in (11, 12) or new in _ORDER
