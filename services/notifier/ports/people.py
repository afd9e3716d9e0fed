"""What the notifier needs to know of people, of what goes along, and of the account, by role."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from services.notifier.domain.account import AccountChange, Effect, Standing
from services.notifier.domain.contact import (
    Changed,
    Erasure,
    Person,
    Preferences,
    PreferencesChange,
    Quoted,
    Renamed,
    Renaming,
    Sender,
)
from services.notifier.ports import Attachment, Inbound


class Correspondence(Protocol):
    """What people wrote, by the names that the provider has for it."""

    async def wamid(self, message_id: str) -> str:
        """The provider's id of a message that somebody sent. Raises MessageNotFound."""
        ...

    async def quoted(self, user_id: str, wamid: str) -> Quoted | None:
        """The notification of this person that the provider knows as `wamid`, if it is one."""
        ...


class Names(Protocol):
    """The names that WhatsApp has for people."""

    async def rename(self, renaming: Renaming, now: datetime) -> Renamed:
        """Gives a person new names. Idempotent. Raises UserNotFound.

        Where the new ones belong to somebody else the conflict is recorded and nothing changes.
        """
        ...

    async def opt_out(self, sender: Sender, stop_time: datetime | None) -> bool:
        """Records that they want no marketing (None: that they do); whether they are known."""
        ...


class Erasures(Protocol):
    """Forgetting people for good."""

    async def erase(self, erasure: Erasure) -> int:
        """Destroys the key and all that leads to the person; how much was cancelled.

        Idempotent. Raises GenerationOutdated.
        """
        ...


class Account(Protocol):
    """What the provider lets the account do."""

    async def record(self, change: AccountChange, effect: Effect) -> bool:
        """Keeps the change and what follows from it; False where it is known already."""
        ...

    async def standing(self, now: datetime) -> Standing:
        """What is in force."""
        ...


class AccountEvents(Protocol):
    """What is counted and said about the account."""

    def account_changed(self, field: str, effect: Effect) -> None:
        """The provider said something about the account, a number or a template."""
        ...

    def stopped(self, reasons: Collection[str]) -> None:
        """Why nothing is sent at present; empty where all is well."""
        ...


class Profiles(Protocol):
    """How people are written to."""

    async def of(self, user_ids: Collection[str], now: datetime) -> Mapping[str, Preferences]:
        """The preferences of those who are known; may be up to 30 s old."""
        ...

    async def change(
        self, user_id: str, change: PreferencesChange, *, request_id: str, now: datetime
    ) -> Changed:
        """Changes them. Raises UserNotFound."""
        ...


class Documents(Protocol):
    """The files that go along with notifications."""

    async def uploaded(self, attachment: Attachment, now: datetime) -> str:
        """The provider's id of an upload that is still there; empty where there is none."""
        ...

    async def content(self, attachment: Attachment) -> bytes | None:
        """The file; None where its person was erased."""
        ...

    async def record(self, attachment: Attachment, media_id: str, now: datetime) -> None:
        """Remembers an upload."""
        ...


class Contacts(Protocol):
    """People who wrote, and where to reach them."""

    async def record_inbound(self, inbound: Inbound, now: datetime) -> Person:
        """Finds or makes the person; opens their window; remembers the message. Idempotent."""
        ...

    async def user_ids(self, phones: Collection[str]) -> Mapping[str, str]:
        """Who has these numbers (digits); numbers of nobody are left out."""
        ...

    async def set_stopped(self, user_id: str, stop_time: datetime | None) -> None:
        """From `stop_time` on they get replies only (None: everything again).

        What is queued is cancelled when it falls due; an earlier time that is set already stays.
        Raises UserNotFound.
        """
        ...


class ReadMarks(Protocol):
    """Marks messages as read in the background."""

    def offer(self, wamid: str, *, is_typing: bool = False) -> None:
        """Queues it; left out (and counted) where too many wait."""
        ...
