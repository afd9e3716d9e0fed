"""A message's steps in order, and where it died."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from cli.trace import _show
from console.steps import Mood, Step, of_notice, of_notification, of_part, of_turn
from console.trail import Trail, message_id_in, verdict_of
from hark.ai.v1.turn_pb2 import Intent, Turn
from hark.ingress.v1.part_pb2 import Part
from hark.notifier.v1.notification_pb2 import Attempt, Notification, ProviderEvent
from hark.scheduler.v1.scheduler_service_pb2 import Notice

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


def a_part(state: Part.State.ValueType, **more: object) -> Part:
    made = Part(part_id=7, type="text", state=state, **more)
    made.receive_time.FromDatetime(at(0))
    made.due_time.FromDatetime(at(0))
    if state != Part.STATE_OPEN:
        made.settle_time.FromDatetime(at(40))
    return made


def a_turn() -> Turn:
    made = Turn(
        state=Turn.STATE_APPLIED,
        engine="local",
        confidence=0.98,
        intents=[Intent(kind="remind_me")],
        path="local",
    )
    made.interpret_time.FromDatetime(at(10))
    made.finish_time.FromDatetime(at(30))
    return made


def a_notice() -> Notice:
    made = Notice(kind="reply", state=Notice.STATE_HANDED_OVER)
    made.settle_time.FromDatetime(at(32))
    return made


def a_notification(state: Notification.State.ValueType, reason: str = "") -> Notification:
    made = Notification(notification_id="n-1", kind="reply", state=state, state_reason=reason)
    made.create_time.FromDatetime(at(33))
    made.due_time.FromDatetime(at(33))
    attempt = Attempt(number=1, outcome=Attempt.OUTCOME_ACCEPTED)
    attempt.start_time.FromDatetime(at(34))
    attempt.end_time.FromDatetime(at(45))
    made.attempts.append(attempt)
    for status, when in (("sent", 300), ("delivered", 900)):
        event = ProviderEvent(status=status)
        event.record_time.FromDatetime(at(when))
        made.events.append(event)
    return made


def test_a_message_is_followed_from_the_webhook_to_the_person() -> None:
    steps = [
        *of_part(a_part(Part.STATE_HANDLED)),
        *of_turn(a_turn()),
        *of_notice(a_notice()),
        *of_notification(a_notification(Notification.STATE_DELIVERED)),
    ]
    steps.sort(key=lambda step: step.time)
    assert [(step.service, step.what) for step in steps] == [
        ("ingress", "received: text"),
        ("ai", "understood: remind_me (local, 0.98)"),
        ("ai", "applied: scheduler confirms"),
        ("scheduler", "handed over: reply"),
        ("notifier", "reply: taken on (n-1)"),
        ("notifier", "reply: attempt 1"),
        ("ingress", "handled"),
        ("notifier", "reply: accepted"),
        ("WhatsApp", "reply: sent"),
        ("WhatsApp", "reply: delivered"),
    ]
    assert verdict_of(steps, is_whole=True) == (
        Mood.DONE,
        "Done 900 ms later: reply: delivered",
    )


@pytest.mark.parametrize(
    ("part", "verdict"),
    [
        (
            a_part(Part.STATE_BURIED, reason="INTERNAL", attempts=3),
            (Mood.TROUBLE, "Died in ingress: given up: INTERNAL (part 7), 3 failed"),
        ),
        (
            a_part(Part.STATE_SKIPPED, reason="GROUP_MESSAGE"),
            (Mood.DONE, "Ended in ingress: skipped: GROUP_MESSAGE"),
        ),
        (
            a_part(Part.STATE_OPEN, reason="UNAVAILABLE", postponements=4),
            (Mood.WAITS, "Waits in ingress: due: UNAVAILABLE, put off 4 times"),
        ),
    ],
)
def test_it_says_where_a_message_ended(part: Part, verdict: tuple[Mood, str]) -> None:
    assert verdict_of(list(of_part(part)), is_whole=True) == verdict


def test_a_dead_notification_is_where_it_died() -> None:
    dead = a_notification(Notification.STATE_FAILED, "WINDOW_CLOSED")
    steps = [*of_part(a_part(Part.STATE_HANDLED)), *of_notification(dead)]
    steps.sort(key=lambda step: step.time)
    assert verdict_of(steps, is_whole=True) == (
        Mood.TROUBLE,
        "Died in notifier: reply is FAILED, WINDOW_CLOSED",
    )
    assert next(step for step in steps if step.is_end).mood is Mood.TROUBLE


def test_a_message_that_was_skipped_and_answered_is_done() -> None:
    skipped = a_part(Part.STATE_SKIPPED, reason="MEDIA_WRONG_TYPE")
    answer = a_notification(Notification.STATE_DELIVERED)
    steps = sorted([*of_part(skipped), *of_notification(answer)], key=lambda step: step.time)
    mood, words = verdict_of(steps, is_whole=True)
    assert (mood, words) == (Mood.DONE, "Done 900 ms later: reply: delivered")


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        (Notice.STATE_SCHEDULED, "", ("due: task_due task:7", Mood.WAITS)),
        (Notice.STATE_WITHDRAWN, "MOVED", ("withdrawn: task_due task:7, MOVED", Mood.DONE)),
        (Notice.STATE_BURIED, "REFUSED", ("given up: task_due task:7, REFUSED", Mood.TROUBLE)),
    ],
)
def test_a_notice_tells_what_it_waits_for_or_why_it_ended(
    state: Notice.State.ValueType, reason: str, expected: tuple[str, Mood]
) -> None:
    notice = Notice(kind="task_due", item="task:7", state=state, reason=reason)
    (step,) = of_notice(notice)
    assert (step.what, step.mood) == expected


def test_a_notification_that_waits_says_so_and_an_attempt_without_end_too() -> None:
    unknown = Notification(kind="reply", state=Notification.STATE_UNKNOWN, state_reason="TIMEOUT")
    unknown.attempts.append(Attempt(number=1))
    whats = [step.what for step in of_notification(unknown)]
    assert whats[-2:] == ["reply: no outcome yet", "reply is UNKNOWN, TIMEOUT"]


def test_an_id_that_nobody_knows_is_answered_with_what_to_give() -> None:
    mood, words = verdict_of([], is_whole=True)
    assert mood is None
    assert "m_ and 26 letters" in words


def test_whatsapps_own_id_leads_to_ours_where_the_key_is_at_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HARK_HASH_KEY", raising=False)
    assert message_id_in("wamid.1") == ""
    monkeypatch.setenv("HARK_HASH_KEY", "aGg" + "A" * 40 + "=")
    found = message_id_in("wamid.1")
    assert message_id_in(found) == found
    assert message_id_in("m_1") == ""


def test_the_table_is_whole_on_a_narrow_terminal() -> None:
    console = Console(width=80, record=True, color_system=None)
    found = Trail("m_1")
    found.steps = [
        Step(time=at(0), service="ingress", what="received: text"),
        Step(time=at(61_500), service="notifier", what="accepted: reply (n-1)"),
    ]
    found.silent = ["ai did not say: UNAVAILABLE (down)"]
    _show(console, found)
    shown = console.export_text()
    for text in ("12:00:00.000", "61,500 ms", "received: text", "ai did not say", "Done"):
        assert text in shown
