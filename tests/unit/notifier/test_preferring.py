"""STOP and START are confirmed once; an erasure goes to whoever forgets."""

from __future__ import annotations

import uuid

import pytest

from services.notifier import catalogue
from services.notifier.domain.cap import Caps
from services.notifier.domain.contact import (
    Erasure,
    Preferences,
    PreferencesChange,
    UserNotFound,
)
from services.notifier.usecases.acceptance import Acceptance
from services.notifier.usecases.preferring import Preferring
from tests.unit.notifier.fakes import (
    ADA,
    NOW,
    FakeClock,
    FakeContacts,
    FakeEvents,
    FakeLedger,
    FakeProfiles,
)

STOP = PreferencesChange(is_stopped=True)
START = PreferencesChange(is_stopped=False)


class Erasures:
    """Remembers who was forgotten."""

    def __init__(self) -> None:
        self.erased: list[Erasure] = []

    async def erase(self, erasure: Erasure) -> int:
        self.erased.append(erasure)
        return 3


class Desk:
    """A `Preferring` over an acceptance in memory."""

    def __init__(self) -> None:
        self.ledger, self.erasures = FakeLedger(), Erasures()
        self.profiles = FakeProfiles(known={ADA: Preferences(locale="de")})
        acceptance = Acceptance(
            self.ledger,
            FakeContacts(),
            self.profiles,
            catalogue.load_all(),
            ring=lambda: None,
            events=FakeEvents(),
            clock=FakeClock(),
            hash_key=b"h" * 32,
            caps=Caps(),
        )
        self.preferring = Preferring(self.profiles, self.erasures, acceptance, clock=FakeClock())

    async def change(
        self, change: PreferencesChange, *, request_id: str = "", reply_to: str = "m_1"
    ) -> Preferences:
        return await self.preferring.change(
            ADA, change, request_id=request_id or str(uuid.uuid4()), reply_to=reply_to
        )

    @property
    def told(self) -> list[str]:
        return [judged.text for judged in self.ledger.kept]


async def test_who_stops_is_told_so_in_their_language_and_once() -> None:
    desk = Desk()
    assert (await desk.change(STOP)).is_stopped
    await desk.change(STOP)
    (told,) = desk.told
    assert told.startswith("Hark schreibt dir nicht mehr")
    assert desk.ledger.kept[0].draft.reply_to_message_id == "m_1"
    await desk.change(START)
    assert desk.told[1:] == ["Du hörst wieder von Hark."]


async def test_a_repeated_request_meets_the_same_confirmation() -> None:
    desk = Desk()
    request_id = str(uuid.uuid4())
    for _time in range(2):
        await desk.change(STOP, request_id=request_id)
    ids = {judged.request_id for judged in desk.ledger.kept}
    assert len(ids) == 1


async def test_nobody_is_told_who_did_not_ask_in_the_chat_or_changed_something_else() -> None:
    desk = Desk()
    await desk.change(STOP, reply_to="")
    await desk.change(PreferencesChange(locale="fr", is_spoken=True))
    assert desk.told == []


async def test_who_is_not_known_has_no_preferences() -> None:
    desk = Desk()
    desk.profiles.known.clear()
    with pytest.raises(UserNotFound):
        await desk.change(STOP)


async def test_an_erasure_tells_how_much_was_cancelled() -> None:
    desk = Desk()
    erasure = Erasure(user_id=ADA, generation=1, request_id=str(uuid.uuid4()), erase_time=NOW)
    assert await desk.preferring.erase(erasure) == 3
    assert desk.erasures.erased == [erasure]
