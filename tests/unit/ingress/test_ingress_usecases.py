"""Parts handed on, with peers that write down what they are told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.errors import Code, RemoteError
from chassis.outcome import Bury, Settle
from services.ingress.domain.message import Text, Unsupported
from services.ingress.domain.part import Kind
from services.ingress.domain.sender import Sender
from services.ingress.domain.status import Status
from services.ingress.ports import Person, Rejected, StoredPart
from services.ingress.usecases import Handling
from tests.unit.ingress.bodies import PHONE_ID, text

RECEIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DOWN = RemoteError("down", remote_code=Code.UNAVAILABLE, remote_reason="UNAVAILABLE", domain="")


@dataclass
class RecordingNotifier:
    """Knows everybody as "u1"."""

    calls: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    fails: Exception | None = None

    async def record_inbound(
        self, sender: Sender, *, message_id: str, wamid: str, message_time: datetime
    ) -> Person:
        self.calls.append(f"inbound {sender.wa_id} {wamid} {message_id}")
        if self.fails:
            raise self.fails
        return Person(user_id="u1", time_zone_guess="Europe/Berlin", locale_guess="de")

    async def record_status(self, status: Status) -> None:
        self.statuses.append(status)

    async def apologise(self, user_id: str, message_id: str) -> None:
        self.calls.append(f"sorry {user_id} {message_id}")


@dataclass
class RecordingAssistant:
    """Handles everything, unless `fails`."""

    handled: list[tuple[Text | Unsupported, str, datetime]] = field(default_factory=list)
    fails: Exception | None = None

    async def handle(
        self,
        person: Person,
        content: Text | Unsupported,
        *,
        message_id: str,
        message_time: datetime,
    ) -> None:
        if self.fails:
            raise self.fails
        self.handled.append((content, message_id, message_time))


def a_part(kind: Kind = Kind.MESSAGE, kind_of: str = "text", **payload: Any) -> StoredPart:
    return StoredPart(
        kind=kind,
        type=kind_of,
        message_id="m_1",
        payload=json.dumps(payload).encode(),
        receive_time=RECEIVED,
        is_last_attempt=False,
    )


@pytest.fixture
def notifier() -> RecordingNotifier:
    return RecordingNotifier()


@pytest.fixture
def assistant() -> RecordingAssistant:
    return RecordingAssistant()


@pytest.fixture
def handling(notifier: RecordingNotifier, assistant: RecordingAssistant) -> Handling:
    return Handling(assistant=assistant, notifier=notifier, phone_id=PHONE_ID)


async def test_a_text_is_known_to_the_notifier_before_ai_hears_of_it(
    handling: Handling, notifier: RecordingNotifier, assistant: RecordingAssistant
) -> None:
    assert await handling.handle(a_part(message=text())) == Settle()
    assert notifier.calls == ["inbound 15550100001 wamid.1 m_1"]
    ((content, message_id, message_time),) = assistant.handled
    assert (content, message_id) == (Text(text="hello"), "m_1")
    assert message_time == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


async def test_what_cannot_be_read_is_told_about_and_skipped(
    handling: Handling, assistant: RecordingAssistant
) -> None:
    part = a_part(message=text() | {"type": "sticker"})
    outcome = await handling.handle(part)
    assert outcome == Settle(values={"skipped_reason": "UNSUPPORTED_STICKER"})
    assert assistant.handled[0][0] == Unsupported(type="sticker")


async def test_what_waits_for_no_answer_reaches_nobody(
    handling: Handling, notifier: RecordingNotifier, assistant: RecordingAssistant
) -> None:
    part = a_part(message=text() | {"type": "reaction"})
    assert await handling.handle(part) == Settle(values={"skipped_reason": "REACTION"})
    assert (notifier.calls, assistant.handled) == ([], [])


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("account_update", "NOT_HANDLED_YET"),
        ("message_echoes", "ECHO"),
        ("history", "HISTORY"),
    ],
)
async def test_changes_of_the_account_are_recorded(
    handling: Handling, kind: str, reason: str
) -> None:
    outcome = await handling.handle(a_part(Kind.ACCOUNT, kind))
    assert outcome == Settle(values={"skipped_reason": reason})


async def test_what_could_not_be_split_is_buried_with_its_reason(handling: Handling) -> None:
    outcome = await handling.handle(a_part(Kind.UNREADABLE, "NOT_JSON"))
    assert outcome == Bury(reason="NOT_JSON")


async def test_a_status_goes_to_the_notifier(
    handling: Handling, notifier: RecordingNotifier
) -> None:
    part = a_part(Kind.STATUS, "read", status={"id": "wamid.out", "status": "read"})
    assert await handling.handle(part) == Settle()
    assert [status.status for status in notifier.statuses] == ["read"]


async def test_an_empty_status_is_skipped(handling: Handling) -> None:
    outcome = await handling.handle(a_part(Kind.STATUS, "unknown", status={}))
    assert outcome == Settle(values={"skipped_reason": "STATUS_INCOMPLETE"})


async def test_an_outage_is_left_to_the_queue_even_at_the_last_attempt(
    handling: Handling, notifier: RecordingNotifier, assistant: RecordingAssistant
) -> None:
    assistant.fails = DOWN
    part = replace(a_part(message=text()), is_last_attempt=True)
    with pytest.raises(RemoteError):
        await handling.handle(part)
    assert not any(call.startswith("sorry") for call in notifier.calls)


async def test_poison_is_tried_again_before_anybody_is_told(
    handling: Handling, notifier: RecordingNotifier, assistant: RecordingAssistant
) -> None:
    assistant.fails = Rejected("INTERNAL")
    with pytest.raises(Rejected):
        await handling.handle(a_part(message=text()))
    assert not any(call.startswith("sorry") for call in notifier.calls)


async def test_at_the_last_attempt_the_person_is_told_and_the_part_buried(
    handling: Handling, notifier: RecordingNotifier, assistant: RecordingAssistant
) -> None:
    assistant.fails = Rejected("INTERNAL")
    part = replace(a_part(message=text()), is_last_attempt=True)
    assert await handling.handle(part) == Bury(reason="INTERNAL")
    assert notifier.calls[-1] == "sorry u1 m_1"
