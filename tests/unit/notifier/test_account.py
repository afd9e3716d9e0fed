"""What WhatsApp says about the account, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chassis.outcome import Outcome, Postpone, Settle
from services.notifier.domain.account import (
    AccountChange,
    Effect,
    Standing,
    Stop,
    TemplatePause,
    effect_of,
)
from services.notifier.domain.contact import Renamed, Renaming, Sender
from services.notifier.domain.notification import State
from services.notifier.ports import Claimed
from services.notifier.usecases.accounting import LOOK, Accounting
from tests.unit.notifier.fakes import NOW, FakeClock, a_claim

TEMPLATE = {
    "message_template_id": 1,
    "message_template_name": "hark_task_due",
    "message_template_language": "pt-BR",
}


def status(event: str, title: str = "") -> Effect:
    value: dict[str, Any] = TEMPLATE | {"event": event}
    if title:
        value["other_info"] = {"title": title}
    return effect_of("message_template_status_update", value, NOW)


@pytest.mark.parametrize(
    ("event", "title", "effect", "pause"),
    [
        ("PAUSED", "FIRST_PAUSE", "TEMPLATE_PAUSED", timedelta(hours=3, minutes=5)),
        ("PAUSED", "SECOND_PAUSE", "TEMPLATE_PAUSED", timedelta(hours=6, minutes=5)),
        ("PAUSED", "RATE_LIMITING_PAUSE", "TEMPLATE_PAUSED", timedelta(minutes=30)),
        ("PAUSED", "", "TEMPLATE_PAUSED", timedelta(hours=6, minutes=5)),
        ("DISABLED", "DISABLED", "TEMPLATE_DISABLED", timedelta(days=7)),
        ("REJECTED", "", "TEMPLATE_DISABLED", timedelta(days=7)),
        ("APPROVED", "", "TEMPLATE_RESUMED", None),
        ("REINSTATED", "", "TEMPLATE_RESUMED", None),
        ("PAUSED", "UNPAUSE", "TEMPLATE_RESUMED", None),
    ],
)
def test_a_template_is_left_alone_for_as_long_as_meta_pauses_it(
    event: str, title: str, effect: str, pause: timedelta | None
) -> None:
    followed = status(event, title)
    assert followed.name == effect
    assert followed.subject == "hark_task_due/pt_BR"
    (only,) = followed.pauses
    assert (only.name, only.language) == ("hark_task_due", "pt_BR")
    assert only.until == (None if pause is None else NOW + pause)


@pytest.mark.parametrize("event", ["FLAGGED", "PENDING", "IN_APPEAL", "SOMETHING_NEW", ""])
def test_what_does_not_keep_a_template_from_being_sent_is_only_noted(event: str) -> None:
    followed = status(event)
    assert (followed.name, followed.pauses) == ("NOTED", ())


def account(**value: Any) -> Effect:
    return effect_of("account_update", value, NOW)


def test_a_restricted_account_stops_sending_until_the_restriction_ends() -> None:
    ends = int((NOW + timedelta(days=3)).timestamp())
    info = [{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": ends}]
    followed = account(event="ACCOUNT_RESTRICTION", restriction_info=info)
    assert followed.name == "SENDING_STOPPED"
    assert followed.stops == [Stop(reason="ACCOUNT_RESTRICTED", until=NOW + timedelta(days=3))]


def test_an_account_that_may_only_answer_uses_no_template() -> None:
    info = [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}]
    followed = account(event="ACCOUNT_RESTRICTION", restriction_info=info)
    assert (followed.name, followed.stops) == ("TEMPLATES_STOPPED", ())
    assert followed.pauses[0].name == ""


def test_a_disabled_account_stops_until_it_is_reinstated() -> None:
    stopped = account(event="DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"})
    assert stopped.stops == (Stop(reason="ACCOUNT_DISABLED"),)
    lifted = account(event="DISABLED_UPDATE", ban_info={"waba_ban_state": "REINSTATE"})
    assert lifted.stops == (Stop(reason="ACCOUNT_DISABLED", is_lifted=True),)
    warned = account(event="DISABLED_UPDATE", ban_info={"waba_ban_state": "SCHEDULE_FOR_DISABLE"})
    assert warned.stops == ()


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"event": 7},
        {"event": "ACCOUNT_RESTRICTION", "restriction_info": "all"},
        {"event": "ACCOUNT_RESTRICTION", "restriction_info": [None, 3]},
        {"event": "DISABLED_UPDATE", "ban_info": []},
        {"user_preferences": {"wa_id": "1"}},
        {"user_preferences": [None, {"category": "marketing_messages", "value": 5}]},
        {"other_info": "x", "event": "PAUSED", "message_template_name": 5},
    ],
)
@pytest.mark.parametrize(
    "field", ["account_update", "message_template_status_update", "user_preferences", "security"]
)
def test_nothing_that_comes_in_another_shape_is_an_error(field: str, value: dict[str, Any]) -> None:
    assert effect_of(field, value, NOW).name


def test_who_wants_no_marketing_is_recorded_and_named_nowhere_else() -> None:
    value = {
        "user_preferences": [
            {
                "wa_id": "15550100001",
                "category": "marketing_messages",
                "value": "stop",
                "timestamp": int(NOW.timestamp()),
            },
            {"user_id": "US.1", "category": "marketing_messages", "value": "resume"},
        ]
    }
    followed = effect_of("user_preferences", value, NOW)
    assert [(each.wa_id, each.stop_time) for each in followed.opt_outs] == [
        ("15550100001", NOW),
        ("", None),
    ]
    assert "15550100001" not in followed.subject + followed.detail


class FakeAccount:
    """Keeps changes in memory."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.now_in_force = Standing()

    async def record(self, change: AccountChange, effect: Effect) -> bool:
        if change.change_id in self.known:
            return False
        self.known.add(change.change_id)
        stops = [stop for stop in effect.stops if not stop.is_lifted]
        self.now_in_force = Standing(stops=stops, pauses=effect.pauses)
        return True

    async def standing(self, now: Any) -> Standing:
        return self.now_in_force


class FakeNames:
    """Remembers who opted out."""

    def __init__(self) -> None:
        self.opted_out: list[Sender] = []

    async def rename(self, renaming: Renaming, now: Any) -> Renamed:
        raise NotImplementedError

    async def opt_out(self, sender: Sender, stop_time: Any) -> bool:
        self.opted_out.append(sender)
        return True


class Said:
    """What was said about the account."""

    def __init__(self) -> None:
        self.changes: list[str] = []
        self.reasons: list[str] = []

    def account_changed(self, field: str, effect: Effect) -> None:
        self.changes.append(effect.name)

    def stopped(self, reasons: Any) -> None:
        self.reasons = list(reasons)


def an_accounting() -> tuple[Accounting, FakeClock, Said]:
    clock, said = FakeClock(), Said()

    async def nothing_more() -> None:
        return None

    accounting = Accounting(
        FakeAccount(),
        FakeNames(),
        on_change=nothing_more,
        events=said,
        clock=clock,
        rng=Random(1),
    )
    return accounting, clock, said


def a_change(change_id: str, **value: Any) -> AccountChange:
    return AccountChange(change_id=change_id, field="account_update", value=value, receive_time=NOW)


async def test_while_the_account_is_stopped_nothing_starts_and_nothing_is_lost() -> None:
    accounting, clock, said = an_accounting()
    delivered: list[Claimed] = []

    async def deliver(claimed: Claimed) -> Outcome:
        delivered.append(claimed)
        return Settle()

    guarded = accounting.guarded(deliver)
    assert await accounting.record(a_change("1", event="ACCOUNT_DELETED")) == "SENDING_STOPPED"
    assert said.reasons == ["ACCOUNT_DISABLED"]
    put_off = await guarded(a_claim())
    assert isinstance(put_off, Postpone)
    assert put_off.reason == "ACCOUNT_DISABLED"
    assert NOW + LOOK <= put_off.due_time <= NOW + 2 * LOOK
    # What is over is settled, and what became of an attempt is found out, all the same.
    await guarded(a_claim(state=State.SENDING))
    await guarded(a_claim(expire_time=NOW))
    assert len(delivered) == 2
    assert await accounting.record(a_change("2", event="ACCOUNT_RECONNECTED")) == "SENDING_RESUMED"
    assert said.reasons == []
    assert isinstance(await guarded(a_claim()), Settle)
    del clock


async def test_a_change_that_comes_again_changes_nothing() -> None:
    accounting, _, said = an_accounting()
    await accounting.record(a_change("1", event="ACCOUNT_DELETED"))
    await accounting.record(a_change("2", event="ACCOUNT_RECONNECTED"))
    assert await accounting.record(a_change("1", event="ACCOUNT_DELETED")) == "REPEATED"
    assert said.changes == ["SENDING_STOPPED", "SENDING_RESUMED"]
    assert accounting.standing.stop(NOW) is None


def test_the_stop_that_lasts_longest_counts() -> None:
    soon = Stop(reason="A", until=NOW + timedelta(hours=1))
    assert Standing(stops=[soon, Stop(reason="B")]).stop(NOW) == Stop(reason="B")
    assert Standing(stops=[soon]).stop(NOW + timedelta(hours=1)) is None


def test_a_pause_without_a_language_is_for_all_of_them() -> None:
    pause = TemplatePause(name="x", language="", until=NOW + timedelta(hours=1))
    standing = Standing(pauses=[pause])
    assert standing.is_paused("x", "pt_BR", NOW)
    assert not standing.is_paused("y", "pt_BR", NOW)
    assert not standing.is_paused("x", "pt_BR", NOW + timedelta(hours=1))
