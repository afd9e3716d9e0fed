"""I10: each due occurrence is handed over once, under any crash and number of replicas."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from tests.chaos.checkers.inbound import GIVEN_UP
from tests.chaos.checkers.verdict import Verdict
from tests.chaos.history import AUDIT, SAID, TASK, History, Json, Send, moment

_REMINDERS = ("task_due", "event_due")
_TOLD = (*_REMINDERS, "task_due_late", "event_due_late")
# Two processes look at the shared offset at most this far apart.
_CLOCK_SKEW = timedelta(seconds=1)
_CANCELLED = 10


def handed_over_once(history: History) -> Verdict:
    """I10, by the tables, by who held which row, and by what people got to hear."""
    verdict = Verdict("I10", "each due occurrence is handed over once, never early")
    _check_notices(history, verdict)
    _check_holders(history, verdict)
    _check_heard(history, verdict)
    return verdict


def _check_notices(history: History, verdict: Verdict) -> None:
    end = moment(history.meta["end"])
    requests = Counter(row["request_id"] for row in history.table("notifier.notifications"))
    seen: Counter[tuple[Any, Any, Any, Any]] = Counter()
    for row in history.table("scheduler.notices"):
        if row["kind"] in _REMINDERS:
            key = (row["item_id"], row["item_version"], row["occurrence"], row["lead_seconds"])
            seen[key] += 1
        if row["settled_time"] is None:
            late = moment(row["due_time"]) <= end
            verdict.expect(not late, f"notice {row['id']} is due and was not handed over")
            continue
        if row["kind"] == "cancel" or row["withdrawn_reason"] is not None:
            verdict.count("withdrawn", row["kind"] != "cancel")
            continue
        verdict.count("notices handed over")
        verdict.count("of them reminders", row["kind"] in _REMINDERS)
        verdict.expect(
            row["buried_reason"] is None, f"notice {row['id']} was buried: {row['buried_reason']}"
        )
        given = requests[row["request_id"]]
        verdict.expect(given == 1, f"notice {row['id']} led to {given} notifications")
    for key, number in seen.items():
        verdict.expect(number == 1, f"an occurrence of {key[0]} has {number} notices")


def _check_holders(history: History, verdict: Verdict) -> None:
    """Nobody who lost a row writes what became of it."""
    holders: dict[tuple[str, int], str] = {}
    for entry in history.of(AUDIT):
        key = (entry["name"], entry["row_id"])
        if entry["old_fence"] == entry["new_fence"]:
            continue
        if entry["is_leased"]:
            taken = holders.get(key)
            verdict.count("claims")
            verdict.count("taken over", taken is not None and taken != entry["holder"])
            holders[key] = entry["holder"]
            continue
        holder = holders.pop(key, None)
        if entry["withdrawn"] is not None or entry["new_state"] == _CANCELLED:
            continue
        verdict.expect(
            holder == entry["holder"],
            f"{key[0]} row {key[1]}: {entry['holder']} wrote an outcome, held by {holder}",
        )


def _check_heard(history: History, verdict: Verdict) -> None:
    done = {said["title"] for said in history.of(SAID) if said["kind"] == "done"}
    kinds = {said["title"]: said["kind"] for said in history.of(SAID) if said["kind"] != "done"}
    reminders: dict[str, list[Send]] = {}
    for send in history.sends:
        if send.is_accepted and send.plain.startswith(("Reminder: ", "Late reminder, ")):
            reminders.setdefault(send.plain.rpartition(": ")[2], []).append(send)
    missed = []
    for task in history.of(TASK):
        if kinds.get(task["title"]) != "remind" or task["due"] is None:
            continue
        heard = reminders.get(task["title"], [])
        _check_reminder(verdict, task, heard)
        if not heard and task["title"] not in done:
            missed.append(task["task_id"])
    given_up = _given_up(history)
    verdict.count("reminders given up on record", len(missed))
    # Which of them a notification was about is sealed; their number is not.
    verdict.expect(len(missed) <= given_up, f"{missed} never reminded, {given_up} given up")


def _check_reminder(verdict: Verdict, task: Json, heard: list[Send]) -> None:
    due = moment(task["due"])
    unmarked = [send for send in heard if not send.is_marked]
    verdict.count("reminders heard", bool(heard))
    verdict.expect(len(unmarked) <= 1, f"task {task['task_id']} reminded {len(unmarked)} times")
    for send in heard:
        early = send.time < due - _CLOCK_SKEW
        verdict.expect(not early, f"task {task['task_id']} reminded {due - send.time} early")


def _given_up(history: History) -> int:
    return sum(
        row["state"] in GIVEN_UP and row["kind"] in _TOLD
        for row in history.table("notifier.notifications")
    )
