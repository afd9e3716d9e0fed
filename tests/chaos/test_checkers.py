"""The checkers find what is wrong in histories made by hand, and nothing in a good one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.domain.wire import escaped, signature
from tests.chaos.checkers import check
from tests.chaos.history import REPEAT_MARK, History

SECRET = "test_app_secret"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE, LATER_TITLE = "polish kovu", "mend zato"
KEY = ("task-1", 1, "2026-11-22T12:05:00+00:00", 0)


def at(seconds: float) -> str:
    """A time of the application."""
    return (NOON + timedelta(seconds=seconds)).isoformat()


def webhook(wamids: Sequence[str], statuses: Sequence[tuple[str, str, str]] = ()) -> Any:
    """A body with messages and with statuses (wamid, status, token)."""
    value = {
        "messages": [{"id": wamid} for wamid in wamids],
        "statuses": [
            {"id": wamid, "status": status, "biz_opaque_callback_data": token}
            for wamid, status, token in statuses
        ],
    }
    return {"entry": [{"changes": [{"value": value}]}]}


def post(
    body: dict[str, Any], start: float, *, status: int | None = 200, secret: str = SECRET
) -> Any:
    """One try of one webhook, as the simulator's log has it."""
    return {
        "kind": "webhook",
        "attempt": 1,
        "body": body,
        "monotonic": start,
        "duration_ms": 100.0,
        "status": status,
        "signature": signature(secret, escaped(body)),
    }


def send(token: str, text: str, seconds: float, **changes: Any) -> dict[str, Any]:
    """One message handed to the provider."""
    made = {
        "kind": "api",
        "type": "text",
        "biz_opaque_callback_data": token,
        "to": "15550100000",
        "body": {"text": {"body": text}, "context": {"message_id": changes.pop("reply_to", "")}},
        "wamid": f"out-{token}",
        "status": 200,
        "time": at(seconds),
        "fault": None,
    }
    return made | changes


def said(wamid: str, kind: str, title: str, start: float) -> dict[str, Any]:
    """One line of a person."""
    return {
        "person": 0,
        "wamid": wamid,
        "message_id": f"m_{wamid}",
        "kind": kind,
        "text": title,
        "title": title,
        "start": start,
        "end": start + 0.2,
        "status": 200,
        "stored": True,
    }


def part(number: int, wamid: str, type_: str = "text", kind: int = 1) -> dict[str, Any]:
    """A row of the inbox."""
    return {
        "id": number,
        "kind": kind,
        "type": type_,
        "message_id": f"m_{wamid}",
        "settled_time": at(1),
        "skipped_reason": None,
        "buried_reason": None,
        "postponed_reason": None,
    }


def notification(name: str, kind: str, reply_to: str, state: int) -> dict[str, Any]:
    """A row of the notifications."""
    return {
        "notification_id": name,
        "request_id": f"r-{name}",
        "kind": kind,
        "state": state,
        "reply_to_message_id": reply_to,
        "settled_time": at(10),
        "buried_reason": None,
    }


def attempt(token: str, owner: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of the attempts."""
    made = {
        "token": token,
        "notification_id": owner,
        "number": number,
        "is_repeat": False,
        "start_time": at(2),
        "end_time": at(3),
        "outcome": 1,
    }
    return made | changes


def notice(number: int, request: str, kind: str, **changes: Any) -> dict[str, Any]:
    """A row of the notices."""
    made = {
        "id": number,
        "kind": kind,
        "request_id": request,
        "item_id": None,
        "item_version": 0,
        "occurrence": None,
        "lead_seconds": 0,
        "due_time": at(1),
        "settled_time": at(2),
        "withdrawn_reason": None,
        "buried_reason": None,
    }
    return made | changes


def audit(name: str, row: int, holder: str, fence: int, *, leased: bool, **changes: Any) -> Any:
    """A row of the audit."""
    made = {
        "name": name,
        "row_id": row,
        "holder": holder,
        "old_fence": fence - 1,
        "new_fence": fence,
        "is_leased": leased,
        "is_settled": not leased,
        "old_state": None,
        "new_state": None,
        "withdrawn": None,
    }
    return made | changes


def good() -> History:
    """Two messages of one person, two replies, one reminder, one call; all as it should be."""
    history = History()
    history.add(
        "meta",
        app_secret=SECRET,
        message_ids={"a": "m_a", "b": "m_b", "out-t1": "m_out-t1", "forged": "m_forged"},
        missed=0,
        dropped=0,
        left={"inbox": 0},
        end=at(600),
        probe_seconds=45.0,
    )
    for line in (said("a", "remind", TITLE, 1.0), said("b", "add", LATER_TITLE, 2.0)):
        history.add("said", **line)
    for entry in (
        post(webhook(["a"]), 1.0),
        post(webhook(["b"]), 2.0),
        post(webhook(["a"]), 3.0),
        post(webhook([], [("out-t1", "read", "t1")]), 4.0),
        post(webhook(["forged"]), 5.0, status=403, secret="another"),
        send("t1", f"I'll remind you to {TITLE}", 2, reply_to="a"),
        send("t2", f"Task 2: {LATER_TITLE} added to tasks", 3, reply_to="b"),
        send("t3", f"Reminder: {TITLE}", 301),
        send("t4", "sort tofu", 5),
    ):
        history.add("log", **entry)
    rows = [part(1, "a"), part(2, "b"), part(3, "out-t1", "read", 2)]
    for row in rows:
        history.add("table:ingress.inbox", **row)
    for name in ("a", "b"):
        history.add("table:ai.turns", message_id=f"m_{name}", finish_time=at(2))
    history.add(
        "task", person=0, task_id="task-1", number=1, title=TITLE, is_done=False, due=at(300)
    )
    history.add(
        "task", person=0, task_id="task-2", number=2, title=LATER_TITLE, is_done=False, due=None
    )
    for row in (
        notification("n1", "reply", "m_a", 5),
        notification("n2", "reply", "m_b", 3),
        notification("n3", "task_due", "", 3),
        notification("n4", "status_update", "", 3),
    ):
        history.add("table:notifier.notifications", **row)
    for number in range(1, 5):
        history.add("table:notifier.attempts", **attempt(f"t{number}", f"n{number}"))
    reminder = dict(
        zip(("item_id", "item_version", "occurrence", "lead_seconds"), KEY, strict=True)
    )
    for row in (
        notice(1, "r-n1", "reply"),
        notice(2, "r-n2", "reply"),
        notice(3, "r-n3", "task_due", **reminder),
    ):
        history.add("table:scheduler.notices", **row)
    history.add(
        "call",
        method="SendNotification",
        request_id="q",
        body="main",
        title="sort tofu",
        made="n4",
        reason="",
    )
    history.add("audit", **audit("ingress.inbox", 1, "ingress-0/1", 1, leased=True))
    history.add("audit", **audit("ingress.inbox", 1, "ingress-0/1", 2, leased=False))
    moved = {"old_fence": 1, "new_fence": 1, "old_state": 3, "new_state": 5}
    history.add("audit", **audit("notifier.notifications", 1, "n", 1, leased=False, **moved))
    return history


def broken(history: History) -> set[str]:
    """The names of the invariants that do not hold."""
    return {verdict.name for verdict in check(history) if not verdict.holds}


def test_a_good_history_breaks_nothing() -> None:
    verdicts = check(good())
    assert [violation for verdict in verdicts for violation in verdict.violations] == []


def test_a_saved_history_says_the_same_when_it_is_loaded(tmp_path: Path) -> None:
    history = good()
    history.save(tmp_path / "history.jsonl")
    loaded = History.load(tmp_path / "history.jsonl")
    assert loaded.records == history.records
    assert check(loaded) == check(history)


def _without_row(history: History, table: str, index: int) -> None:
    del history.records[f"table:{table}"][index]


def _a_call(**changes: Any) -> Callable[[History], None]:
    made = {"method": "SendNotification", "request_id": "q", "reason": ""}
    return lambda history: history.add("call", **made, **changes)


def _complete_in_vain(history: History) -> None:
    history.add("said", **said("c", "done", LATER_TITLE, 8.0))
    history.meta["message_ids"]["c"] = "m_c"
    history.add("log", **post(webhook(["c"]), 8.0))


def _repeat_unmarked(history: History) -> None:
    repeat = attempt("t5", "n3", 2, is_repeat=True, start_time=at(100))
    history.add("table:notifier.attempts", **repeat)
    history.add("log", **send("t5", f"Reminder: {TITLE}", 302))


BREAKAGES: dict[str, tuple[str, Callable[[History], Any]]] = {
    "a part that was answered 200 is not stored": (
        "I1",
        lambda h: _without_row(h, "ingress.inbox", 2),
    ),
    "a part is stored twice": ("I1", lambda h: h.add("table:ingress.inbox", **part(4, "a"))),
    "a part was stored only after its 200": ("I1", lambda h: h.of("said")[0].update(stored=False)),
    "a part stays open": ("I2", lambda h: h.table("ingress.inbox")[0].update(settled_time=None)),
    "a message is buried": (
        "I2",
        lambda h: h.table("ingress.inbox")[0].update(buried_reason="REJECTED"),
    ),
    "a message is settled without a turn": ("I2", lambda h: h.of("table:ai.turns").pop()),
    "a forged post is answered 200": ("I3", lambda h: h.of("log")[4].update(status=200)),
    "a forged part is stored": ("I3", lambda h: h.add("table:ingress.inbox", **part(9, "forged"))),
    "effects are in the wrong order": (
        "I4",
        lambda h: [task.update(number=3 - task["number"]) for task in h.of("task")],
    ),
    "a task is completed in vain": (
        "I4",
        _complete_in_vain,
    ),
    "a message makes two tasks": (
        "I6",
        lambda h: h.add("task", **{**h.of("task")[1], "number": 3}),
    ),
    "a message gets no reply": ("I6", lambda h: h.of("log").pop(6)),
    "a message gets two replies": (
        "I6",
        lambda h: h.add("log", **send("t9", "again", 9, reply_to="a")),
    ),
    "a task is done that nobody named": (
        "I6",
        lambda h: h.of("task")[1].update(is_done=True),
    ),
    "an occurrence has two notices": (
        "I10",
        lambda h: h.add("table:scheduler.notices", **{**h.table("scheduler.notices")[2], "id": 4}),
    ),
    "a due notice is not handed over": (
        "I10",
        lambda h: h.table("scheduler.notices")[2].update(settled_time=None),
    ),
    "a reminder comes twice": (
        "I10",
        lambda h: h.add("log", **send("t8", f"Reminder: {TITLE}", 302)),
    ),
    "a reminder never comes": ("I10", lambda h: h.of("log").pop(7)),
    "a reminder comes early": ("I10", lambda h: h.of("log")[7].update(time=at(290))),
    "somebody writes who lost the row": (
        "I10",
        lambda h: h.of("audit")[1].update(holder="ingress-1/1"),
    ),
    "one request has two answers": ("I15", _a_call(body="main", title="sort tofu", made="n9")),
    "one request is accepted with two bodies": (
        "I15",
        _a_call(body="other", title="fetch bivu", made="n4"),
    ),
    "one request is sent twice": (
        "I15",
        lambda h: h.add("log", **send("t7", "sort tofu", 7)),
    ),
    "something accepted is gone": (
        "I16",
        lambda h: _without_row(h, "notifier.notifications", 3),
    ),
    "something accepted is never sent": ("I16", lambda h: h.of("log").pop(8)),
    "one attempt calls twice": ("I18", lambda h: h.add("log", **send("t4", "sort tofu", 6))),
    "a repeat is not declared by its kind": (
        "I18",
        lambda h: h.add(
            "table:notifier.attempts",
            **attempt("t5", "n4", 2, is_repeat=True, start_time=at(100)),
        ),
    ),
    "a repeat is not recorded as one": (
        "I18",
        lambda h: h.add("table:notifier.attempts", **attempt("t5", "n3", 2, start_time=at(100))),
    ),
    "a repeat did not wait for a status": (
        "I18",
        lambda h: h.add(
            "table:notifier.attempts", **attempt("t5", "n3", 2, is_repeat=True, start_time=at(20))
        ),
    ),
    "a repeat is not marked": (
        "I18",
        _repeat_unmarked,
    ),
    "a state falls back": (
        "I19",
        lambda h: h.of("audit")[2].update(old_state=5, new_state=3),
    ),
    "a state is not what the statuses say": (
        "I19",
        lambda h: h.table("notifier.notifications")[0].update(state=4),
    ),
    "a process ended by itself": (
        "RUN",
        lambda h: h.add("event", name="fell", number="", what="ai-0", code=1),
    ),
    "the log is not whole": ("RUN", lambda h: h.meta.update(missed=1)),
}


@pytest.mark.parametrize("what", BREAKAGES)
def test_what_is_broken_is_found(what: str) -> None:
    name, breaks = BREAKAGES[what]
    history = good()
    breaks(history)
    assert name in broken(history)


def test_a_declared_and_marked_repeat_breaks_nothing_and_is_counted() -> None:
    history = good()
    history.table("notifier.attempts")[2].update(outcome=3)
    history.add(
        "table:notifier.attempts",
        **attempt("t5", "n3", 2, is_repeat=True, start_time=at(100)),
    )
    history.add("log", **send("t5", f"{REPEAT_MARK}Reminder: {TITLE}", 302))
    verdicts = {verdict.name: verdict for verdict in check(history)}
    assert broken(history) == set()
    assert verdicts["I18"].counts["repeats by policy"] == 1
