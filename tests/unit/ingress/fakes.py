"""Peers that write down what they are told, and parts as the inbox gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.ingress.domain.access import Guests
from services.ingress.domain.account import AccountChange
from services.ingress.domain.content import IdentityChange, Media, Said
from services.ingress.domain.flood import FloodControl
from services.ingress.domain.part import Kind
from services.ingress.domain.sender import Sender
from services.ingress.domain.status import Status
from services.ingress.ports import File, Person, StoredPart, Told
from services.ingress.usecases import Handling
from services.ingress.usecases.conversation import Conversation
from services.ingress.usecases.floods import Floods
from services.ingress.usecases.listening import Listening
from services.ingress.usecases.typing import Typing
from tests.unit.ingress.bodies import PHONE_ID

RECEIVED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA = Person(user_id="u1", time_zone_guess="Europe/Berlin", locale_guess="de")


@dataclass
class RecordingNotifier:
    """Knows everybody as `person`; `fails` is raised by the calls it names."""

    person: Person = ADA
    calls: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    identities: list[IdentityChange] = field(default_factory=list)
    accounts: list[tuple[AccountChange, str]] = field(default_factory=list)
    welcomes: list[datetime] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)

    def _called(self, call: str, about: str = "") -> None:
        self.calls.append(f"{call} {about}".strip())
        if error := self.fails.get(call):
            raise error

    async def record_inbound(
        self,
        sender: Sender,
        *,
        message_id: str,
        wamid: str,
        message_time: datetime,
        quoted_wamid: str = "",
    ) -> Person:
        self._called("inbound", f"{sender.wa_id} {wamid} {message_id} {quoted_wamid}".strip())
        return self.person

    async def record_status(self, status: Status) -> None:
        self.statuses.append(status)

    async def record_identity(
        self, change: IdentityChange, *, message_id: str, change_time: datetime
    ) -> None:
        self._called("identity", message_id)
        self.identities.append(change)

    async def record_account(
        self, change: AccountChange, *, change_id: str, receive_time: datetime
    ) -> None:
        self.accounts.append((change, change_id))

    async def show_typing(self, message_id: str) -> None:
        self._called("typing", message_id)

    async def set_stopped(self, user_id: str, message_id: str, *, is_stopped: bool) -> None:
        self._called("stop" if is_stopped else "start", f"{user_id} {message_id}")

    async def welcome(self, person: Person, message_id: str, *, due_time: datetime) -> None:
        self._called("welcome", f"{person.user_id} {message_id}")
        self.welcomes.append(due_time)

    async def slow_down(self, person: Person, message_id: str) -> None:
        self._called("slow", f"{person.user_id} {message_id}")

    async def apologise(self, user_id: str, message_id: str) -> None:
        self._called("sorry", f"{user_id} {message_id}")


@dataclass
class RecordingAssistant:
    """Handles everything, unless `fails`."""

    handled: list[tuple[Said | Media, Told]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    fails: Exception | None = None

    async def handle(self, content: Said, told: Told) -> None:
        if self.fails:
            raise self.fails
        self.handled.append((content, told))

    async def handle_media(self, media: Media, file: File, told: Told) -> None:
        if self.fails:
            raise self.fails
        self.handled.append((media, told))
        self.files.append(file)


@dataclass
class ScriptedFiles:
    """Gives the same file to everybody, or fails."""

    fails: Exception | None = None

    async def fetch(self, media: Media) -> File:
        if self.fails:
            raise self.fails
        return File(content=b"OggS", mime_type=media.mime_type, sha256="00")


@dataclass
class RecordingLanes:
    """Writes down which lanes were spaced out."""

    spaced: list[tuple[int, datetime]] = field(default_factory=list)

    async def space_out(self, lane: bytes, *, after: int, start: datetime, gap: timedelta) -> int:
        self.spaced.append((after, start))
        return 0


@dataclass
class MovedClock:
    """Stands still until it is moved."""

    time: datetime = RECEIVED

    def now(self) -> datetime:
        return self.time


@dataclass
class Desk:
    """A `Handling` and everything it talks to."""

    notifier: RecordingNotifier = field(default_factory=RecordingNotifier)
    assistant: RecordingAssistant = field(default_factory=RecordingAssistant)
    files: ScriptedFiles = field(default_factory=ScriptedFiles)
    lanes: RecordingLanes = field(default_factory=RecordingLanes)
    clock: MovedClock = field(default_factory=MovedClock)
    fields: list[str] = field(default_factory=list)

    def handling(
        self, *, allowed: str = "*", burst: int = 10, typing: Typing | None = None
    ) -> Handling:
        conversation = Conversation(
            assistant=self.assistant,
            notifier=self.notifier,
            floods=Floods(FloodControl(per_minute=30, burst=burst), self.lanes, self.clock),
            listening=Listening(self.files, self.assistant),
            typing=typing or Typing(self.notifier),
            guests=Guests.parse(allowed),
            clock=self.clock,
            message_id_of=lambda wamid: f"m({wamid})",
            phone_id=PHONE_ID,
            late_after=timedelta(hours=1),
        )
        return Handling(conversation, self.notifier, phone_id=PHONE_ID, counted=self.fields.append)


def a_part(kind: Kind = Kind.MESSAGE, kind_of: str = "text", **payload: Any) -> StoredPart:
    return StoredPart(
        part_id=1,
        kind=kind,
        type=kind_of,
        message_id="m_1",
        change_id="m_change",
        lane=b"lane",
        payload=json.dumps(payload).encode(),
        receive_time=RECEIVED,
        is_last_attempt=False,
        rounds=0,
        put_off="",
    )
