"""Parts handed on, with peers that write down what they are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.errors import Code, RemoteError
from chassis.outcome import Bury, Postpone, Settle
from services.ingress.domain.blame import Blame
from services.ingress.domain.content import Failure, Media, MediaFailure, Reaction, Text
from services.ingress.domain.content import Unsupported as Unreadable
from services.ingress.domain.part import Kind
from services.ingress.domain.sender import Sender
from services.ingress.ports import MediaUnusable, NoAnswer, Rejected
from services.ingress.usecases.conversation import MOST_ROUNDS
from services.ingress.usecases.floods import FLOOD
from tests.unit.ingress.bodies import text
from tests.unit.ingress.fakes import ADA, RECEIVED, Desk, a_part

DOWN = RemoteError("down", remote_code=Code.UNAVAILABLE, remote_reason="UNAVAILABLE", domain="")
LATE = RemoteError("late", remote_code=Code.DEADLINE_EXCEEDED, remote_reason="D", domain="")
INBOUND = "inbound 15550100001 wamid.1 m_1"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def said(**more: Any) -> dict[str, Any]:
    return text() | {"timestamp": str(int(RECEIVED.timestamp()))} | more


async def test_a_text_is_known_to_the_notifier_before_ai_hears_of_it(desk: Desk) -> None:
    assert await desk.handling().handle(a_part(message=text())) == Settle()
    assert desk.notifier.calls == [INBOUND]
    ((content, told),) = desk.assistant.handled
    assert (content, told.message_id) == (Text(text="hello"), "m_1")
    assert told.message_time == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


async def test_a_message_that_comes_long_after_it_was_written_is_told_to_be_late(
    desk: Desk,
) -> None:
    handling = desk.handling()
    await handling.handle(a_part(message=text()))
    await handling.handle(a_part(message=said()))
    assert [told.is_late for _, told in desk.assistant.handled] == [True, False]


async def test_what_cannot_be_read_is_told_about_and_skipped(desk: Desk) -> None:
    outcome = await desk.handling().handle(a_part(message=text() | {"type": "sticker"}))
    assert outcome == Settle(values={"skipped_reason": "UNSUPPORTED_STICKER"})
    assert desk.assistant.handled[0][0] == Unreadable(type="sticker")


async def test_what_waits_for_no_answer_reaches_nobody(desk: Desk) -> None:
    part = a_part(message=text() | {"type": "request_welcome"})
    outcome = await desk.handling().handle(part)
    assert outcome == Settle(values={"skipped_reason": "WELCOME_REQUEST"})
    assert (desk.notifier.calls, desk.assistant.handled) == ([], [])


async def test_a_reaction_is_understood_only_under_a_message_of_ours(desk: Desk) -> None:
    part = a_part(
        message=text() | {"type": "reaction", "reaction": {"message_id": "w", "emoji": "👍"}}
    )
    outcome = await desk.handling().handle(part)
    assert outcome == Settle(values={"skipped_reason": "REACTION_TO_NOTHING_OF_OURS"})
    assert desk.notifier.calls == [f"{INBOUND} w"]
    desk.notifier.person = replace(ADA, quoted_request_id="r1")
    assert await desk.handling().handle(part) == Settle()
    ((content, told),) = desk.assistant.handled
    assert (content, told.person.quoted_request_id) == (Reaction(emoji="👍"), "r1")


async def test_a_reply_to_a_message_of_their_own_names_it_by_our_name(desk: Desk) -> None:
    part = a_part(message=said(context={"id": "wamid.0", "forwarded": True}))
    await desk.handling().handle(part)
    ((_, told),) = desk.assistant.handled
    assert (told.quoted_message_id, told.is_forwarded) == ("m(wamid.0)", True)


async def test_a_reply_to_a_message_of_ours_names_its_request(desk: Desk) -> None:
    desk.notifier.person = replace(ADA, quoted_request_id="r1")
    await desk.handling().handle(a_part(message=said(context={"id": "wamid.0"})))
    ((_, told),) = desk.assistant.handled
    assert (told.quoted_message_id, told.person.quoted_request_id) == ("", "r1")


async def test_a_first_contact_is_welcomed_after_the_answer_to_what_they_asked(
    desk: Desk,
) -> None:
    desk.notifier.person = replace(ADA, is_first_contact=True)
    await desk.handling().handle(a_part(message=said()))
    assert desk.notifier.calls == [INBOUND, "welcome u1 m_1"]
    assert len(desk.assistant.handled) == 1
    (due_time,) = desk.notifier.welcomes
    assert due_time > desk.clock.now()


async def test_a_welcome_that_is_refused_does_no_harm_to_the_answer(desk: Desk) -> None:
    desk.notifier.person = replace(ADA, is_first_contact=True)
    desk.notifier.fails["welcome"] = Rejected("TEMPLATE_NOT_FOUND")
    part = replace(a_part(message=said()), is_last_attempt=True)
    assert await desk.handling().handle(part) == Settle()
    assert desk.notifier.calls == [INBOUND, "welcome u1 m_1"]


async def test_a_first_contact_who_was_not_answered_yet_is_not_welcomed_yet(desk: Desk) -> None:
    desk.notifier.person = replace(ADA, is_first_contact=True)
    desk.assistant.fails = RuntimeError()
    with pytest.raises(RuntimeError):
        await desk.handling().handle(a_part(message=said()))
    assert desk.notifier.calls == [INBOUND]


async def test_a_person_with_another_number_stays_the_same_person(desk: Desk) -> None:
    system = {"type": "user_changed_number", "wa_id": "15550100002"}
    part = a_part(message=said(type="system", system=system))
    assert await desk.handling().handle(part) == Settle()
    (change,) = desk.notifier.identities
    assert change.new == Sender(wa_id="15550100002")
    assert desk.assistant.handled == []


async def test_a_stranger_with_another_number_is_nobody_we_know(desk: Desk) -> None:
    desk.notifier.fails["identity"] = Rejected("USER_NOT_FOUND")
    part = a_part(message=said(type="system", system={"wa_id": "15550100002"}))
    outcome = await desk.handling().handle(part)
    assert outcome == Settle(values={"skipped_reason": "NOBODY_WE_KNOW"})


@pytest.mark.parametrize("word", ["STOP", "stop!", "Arrêt", "¡Baja!", "Stopp.", "parar"])
async def test_stop_goes_straight_to_the_notifier_whoever_says_it(desk: Desk, word: str) -> None:
    part = a_part(message=said(text={"body": word}))
    assert await desk.handling(allowed="+15550100009").handle(part) == Settle()
    assert desk.notifier.calls == [INBOUND, "stop u1 m_1"]
    assert desk.assistant.handled == []


@pytest.mark.parametrize(
    ("button", "is_wish"),
    [
        ({"text": "Stop", "payload": "marketing-1"}, True),
        ({"text": "No more, please", "payload": "STOP"}, True),
        ({"text": "Stop", "payload": "v1:done:task:1"}, False),
        ({"text": "Done", "payload": "done"}, False),
    ],
)
async def test_a_templates_stop_button_is_a_wish_and_our_own_buttons_are_none(
    desk: Desk, button: dict[str, str], is_wish: bool
) -> None:
    await desk.handling().handle(a_part(message=said(type="button", button=button)))
    assert ("stop u1 m_1" in desk.notifier.calls) is is_wish
    assert len(desk.assistant.handled) == (0 if is_wish else 1)


async def test_start_is_a_wish_only_of_who_had_stopped(desk: Desk) -> None:
    part = a_part(message=said(text={"body": "Start"}))
    await desk.handling().handle(part)
    assert len(desk.assistant.handled) == 1
    desk.notifier.person = replace(ADA, is_stopped=True)
    assert await desk.handling().handle(part) == Settle()
    assert desk.notifier.calls[-1] == "start u1 m_1"
    assert len(desk.assistant.handled) == 1


async def test_a_forwarded_stop_is_somebody_elses_word(desk: Desk) -> None:
    part = a_part(message=said(text={"body": "STOP"}, context={"forwarded": True}))
    await desk.handling().handle(part)
    assert len(desk.assistant.handled) == 1


@pytest.mark.parametrize("words", ["hello", "START"])
async def test_a_stranger_costs_nothing(desk: Desk, words: str) -> None:
    part = a_part(message=said(text={"body": words}))
    outcome = await desk.handling(allowed="+15550100009, US.1").handle(part)
    assert outcome == Settle(values={"skipped_reason": "NOT_ALLOWED"})
    assert desk.assistant.handled == []
    assert not any(call.startswith(("welcome", "slow")) for call in desk.notifier.calls)


async def test_over_the_limit_a_message_waits_and_the_person_hears_of_it_once(desk: Desk) -> None:
    handling = desk.handling(burst=2)
    part = a_part(message=said())
    outcomes = [await handling.handle(replace(part, part_id=number)) for number in range(4)]
    assert outcomes[:2] == [Settle(), Settle()]
    due = RECEIVED + timedelta(seconds=2)
    assert outcomes[2] == outcomes[3] == Postpone(due_time=due, reason=FLOOD)
    assert [call for call in desk.notifier.calls if call.startswith("slow")] == ["slow u1 m_1"]
    assert desk.lanes.spaced[0] == (2, due)
    assert len(desk.assistant.handled) == 2


async def test_a_message_that_waited_for_its_turn_is_handled_and_the_next_ones_spaced_out(
    desk: Desk,
) -> None:
    handling = desk.handling(burst=1)
    await handling.handle(a_part(message=said()))
    waited = replace(a_part(message=said()), put_off=FLOOD, part_id=7)
    assert await handling.handle(waited) == Settle()
    assert desk.lanes.spaced == [(7, RECEIVED)]


def a_voice_note() -> dict[str, Any]:
    return said(
        type="audio", audio={"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": True}
    )


async def test_a_voice_note_is_fetched_and_handed_over(desk: Desk) -> None:
    assert await desk.handling().handle(a_part(message=a_voice_note())) == Settle()
    ((media, _),) = desk.assistant.handled
    assert isinstance(media, Media)
    assert desk.assistant.files[0].content == b"OggS"


@pytest.mark.parametrize("failure", list(Failure))
async def test_a_file_that_cannot_be_had_is_told_about(desk: Desk, failure: Failure) -> None:
    desk.files.fails = MediaUnusable(failure)
    outcome = await desk.handling().handle(a_part(message=a_voice_note()))
    assert outcome == Settle(values={"skipped_reason": f"MEDIA_{failure}"})
    assert desk.assistant.handled[0][0] == MediaFailure(kind="voice", reason=failure)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("message_echoes", "ECHO"),
        ("history", "HISTORY"),
        ("messages", "ERRORS_ONLY"),
        ("group_status_update", "GROUP"),
        ("flows", "OTHER_PRODUCT"),
        ("field_of_tomorrow", "UNKNOWN_FIELD"),
    ],
)
async def test_what_is_nobodys_business_is_recorded(desk: Desk, kind: str, reason: str) -> None:
    outcome = await desk.handling().handle(a_part(Kind.ACCOUNT, kind, value={}))
    assert outcome == Settle(values={"skipped_reason": reason})
    assert desk.fields == ["UNKNOWN_FIELD" if kind == "field_of_tomorrow" else kind]


@pytest.mark.parametrize(
    ("kind", "payload", "passed_on"),
    [
        ("message_template_status_update", {"value": {"event": "PAUSED"}}, {"event": "PAUSED"}),
        ("account_update", {"value": {"event": "X"}}, {"event": "X"}),
        (
            "user_preferences",
            {"user_preferences": {"value": "stop"}},
            {"user_preferences": [{"value": "stop"}]},
        ),
    ],
)
async def test_changes_of_the_account_go_to_the_notifier(
    desk: Desk, kind: str, payload: dict[str, Any], passed_on: dict[str, Any]
) -> None:
    assert await desk.handling().handle(a_part(Kind.ACCOUNT, kind, **payload)) == Settle()
    ((change, change_id),) = desk.notifier.accounts
    assert (change.field, json.loads(change.value)) == (kind, passed_on)
    assert change_id == "m_change"


async def test_a_change_that_is_too_large_to_pass_on_is_kept(desk: Desk) -> None:
    part = a_part(Kind.ACCOUNT, "account_update", value={"x": "x" * 70_000})
    outcome = await desk.handling().handle(part)
    assert outcome == Settle(values={"skipped_reason": "VALUE_TOO_LARGE"})


async def test_a_change_of_user_ids_is_a_change_of_identity(desk: Desk) -> None:
    update = {"wa_id": "15550100001", "user_id": {"previous": "US.1", "current": "US.2"}}
    part = a_part(Kind.ACCOUNT, "user_id_update", value={"user_id_update": [update, 7, {}]})
    assert await desk.handling().handle(part) == Settle()
    (change,) = desk.notifier.identities
    assert (change.old.business_user_id, change.new.business_user_id) == ("US.1", "US.2")


async def test_what_could_not_be_split_is_buried_with_its_reason(desk: Desk) -> None:
    outcome = await desk.handling().handle(a_part(Kind.UNREADABLE, "NOT_JSON"))
    assert outcome == Bury(reason="NOT_JSON")


async def test_a_status_goes_to_the_notifier(desk: Desk) -> None:
    part = a_part(Kind.STATUS, "read", status={"id": "wamid.out", "status": "read"})
    assert await desk.handling().handle(part) == Settle()
    assert [status.status for status in desk.notifier.statuses] == ["read"]


async def test_an_empty_status_is_skipped(desk: Desk) -> None:
    outcome = await desk.handling().handle(a_part(Kind.STATUS, "unknown", status={}))
    assert outcome == Settle(values={"skipped_reason": "STATUS_INCOMPLETE"})


def apologies(desk: Desk) -> list[str]:
    return [call for call in desk.notifier.calls if call.startswith("sorry")]


async def test_an_outage_is_left_to_the_queue_even_at_the_last_attempt(desk: Desk) -> None:
    desk.assistant.fails = DOWN
    part = replace(a_part(message=said()), is_last_attempt=True, rounds=1000)
    with pytest.raises(RemoteError):
        await desk.handling().handle(part)
    assert apologies(desk) == []


@pytest.mark.parametrize("error", [Rejected("INTERNAL"), ValueError("a mistake of ours")])
async def test_poison_is_tried_again_before_anybody_is_told(desk: Desk, error: Exception) -> None:
    desk.assistant.fails = error
    with pytest.raises(type(error)):
        await desk.handling().handle(a_part(message=said()))
    assert apologies(desk) == []


@pytest.mark.parametrize(
    ("error", "reason"), [(Rejected("INTERNAL"), "INTERNAL"), (ValueError("x"), "ValueError")]
)
async def test_at_the_last_attempt_the_person_is_told_and_the_part_buried(
    desk: Desk, error: Exception, reason: str
) -> None:
    desk.assistant.fails = error
    part = replace(a_part(message=said()), is_last_attempt=True)
    assert await desk.handling().handle(part) == Bury(reason=reason)
    assert apologies(desk) == ["sorry u1 m_1"]


async def test_who_may_not_be_told_is_buried_all_the_same(desk: Desk) -> None:
    desk.assistant.fails = Rejected("INTERNAL")
    desk.notifier.fails["sorry"] = Rejected("FAILED_PRECONDITION")
    part = replace(a_part(message=said()), is_last_attempt=True)
    assert await desk.handling().handle(part) == Bury(reason="INTERNAL")


@pytest.mark.parametrize("blame", [Blame.SINGLED_OUT, Blame.ALONE])
async def test_a_message_that_never_gets_an_answer_uses_its_attempts_up_in_the_end(
    desk: Desk, blame: Blame
) -> None:
    desk.assistant.fails = NoAnswer(LATE, blame)
    few = replace(a_part(message=said()), rounds=MOST_ROUNDS[blame] - 1)
    with pytest.raises(NoAnswer):
        await desk.handling().handle(few)
    many = replace(few, rounds=MOST_ROUNDS[blame])
    with pytest.raises(Rejected):
        await desk.handling().handle(many)
    assert apologies(desk) == []
    last = replace(many, is_last_attempt=True)
    assert await desk.handling().handle(last) == Bury(reason="NO_ANSWER")
    assert apologies(desk) == ["sorry u1 m_1"]


async def test_a_message_that_the_notifier_never_answers_for_uses_its_attempts_up_too(
    desk: Desk,
) -> None:
    desk.notifier.fails["inbound"] = NoAnswer(LATE, Blame.SINGLED_OUT)
    few = replace(a_part(message=said()), rounds=MOST_ROUNDS[Blame.SINGLED_OUT] - 1)
    with pytest.raises(NoAnswer):
        await desk.handling().handle(few)
    with pytest.raises(Rejected):
        await desk.handling().handle(replace(few, rounds=few.rounds + 1))


async def test_a_peer_that_answers_nobody_buries_nothing_however_long(desk: Desk) -> None:
    desk.assistant.fails = NoAnswer(LATE, Blame.PEER)
    part = replace(a_part(message=said()), rounds=10_000, is_last_attempt=True)
    with pytest.raises(NoAnswer):
        await desk.handling().handle(part)
    assert apologies(desk) == []
