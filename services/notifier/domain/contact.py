"""Who a person is: the names WhatsApp has for them, and whom a set of names belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum

from chassis.errors import Code, InvalidArgument, ServiceError

# Free-form messages go out for 24 hours after the person wrote; a margin, because Meta's clock
# decides and not ours.
WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(minutes=5)
# An answer quotes a message, and is exempt from caps, only while the message is this fresh.
REPLY_HORIZON = timedelta(hours=24)
# WhatsApp said that a message can't reach them (they left, blocked us, have an old phone): for so
# long nothing is tried, unless they write.
UNREACHABLE_FOR = timedelta(hours=6)

_PHONE = re.compile(r"\+?([1-9][0-9]{5,14})")
_BUSINESS_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_PARENT_USER_ID = re.compile(r"[A-Z]{2}\.ENT\.[A-Za-z0-9]{1,128}")
_LONGEST_NAME = 256


class UserNotFound(ServiceError):
    """Nobody with this id or number has written to Hark."""

    code = Code.NOT_FOUND
    reason = "USER_NOT_FOUND"


class UserStopped(ServiceError):
    """They asked not to be written to; only replies to what they write go out."""

    code = Code.FAILED_PRECONDITION
    reason = "USER_STOPPED"


class UserErased(ServiceError):
    """They were erased after this was written; it must not make them known again."""

    code = Code.FAILED_PRECONDITION
    reason = "USER_ERASED"


class GenerationOutdated(ServiceError):
    """The person is of a later generation than the one to erase; nothing was changed."""

    code = Code.FAILED_PRECONDITION
    reason = "GENERATION_OUTDATED"


class MessageNotFound(ServiceError):
    """No message of this id was recorded, or not lately; it cannot be answered."""

    code = Code.NOT_FOUND
    reason = "MESSAGE_NOT_FOUND"


class AliasKind(IntEnum):
    """The kinds of names WhatsApp has for a person."""

    PHONE = 1
    BUSINESS_USER_ID = 2
    PARENT_USER_ID = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The names that one message shows; at least one of the three ids is there."""

    aliases: Mapping[AliasKind, str]
    display_name: str = ""

    @property
    def phone(self) -> str:
        """The digits, with country code; empty where WhatsApp hides them."""
        return self.aliases.get(AliasKind.PHONE, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact as the other services know them."""

    user_id: str
    generation: int
    is_first_contact: bool
    time_zone_guess: str
    locale_guess: str
    is_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person is written to; texts are empty where nothing is known. Times are local."""

    is_stopped: bool = False
    time_zone: str = ""
    locale: str = ""
    quiet_hours: tuple[time, time] | None = None
    is_spoken: bool = False
    window_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Who a person is; for those who may know."""

    user_id: str
    generation: int
    sender: Sender
    preferences: Preferences
    create_time: datetime
    last_inbound_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesChange:
    """What is to be different; None leaves it, an empty text or pair takes it away."""

    is_stopped: bool | None = None
    time_zone: str | None = None
    locale: str | None = None
    quiet_hours: tuple[time, time] | tuple[()] | None = None
    is_spoken: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes: the literal digits where they are known, else the business id."""

    phone: str = ""
    business_user_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The preferences after a change; `has_moved` is whether this request stopped or started us."""

    preferences: Preferences
    has_moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The notification that a message replies or reacts to."""

    notification_id: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """A person's names before and after a change."""

    old: Sender
    new: Sender
    change_time: datetime
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """Whose names changed, or could not because they are somebody else's too."""

    user_id: str
    generation: int
    is_conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who is to be forgotten, and what asks for it; written until `erase_time` is void."""

    user_id: str
    generation: int
    request_id: str
    erase_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the names belong to (None: a new person), and what follows from it."""

    user_id: str | None
    unlinked: frozenset[AliasKind]
    conflicting_user_ids: frozenset[str]


def sender(*, wa_id: str, business_user_id: str, parent_user_id: str, display_name: str) -> Sender:
    """The names in a message, told apart by their shape: WhatsApp has mixed up the fields before.

    Raises InvalidArgument where none of them is an id.
    """
    aliases: dict[AliasKind, str] = {}
    for value in (wa_id, business_user_id, parent_user_id):
        if match := _PHONE.fullmatch(value):
            aliases.setdefault(AliasKind.PHONE, match[1])
        elif _PARENT_USER_ID.fullmatch(value):
            aliases.setdefault(AliasKind.PARENT_USER_ID, value)
        elif _BUSINESS_USER_ID.fullmatch(value):
            aliases.setdefault(AliasKind.BUSINESS_USER_ID, value)
    if not aliases:
        raise InvalidArgument(
            "the sender has no id that can be used",
            violations={"sender": "has neither a phone number nor a business-scoped user id"},
        )
    return Sender(aliases=aliases, display_name=display_name[:_LONGEST_NAME])


def phone_digits(phone_number: str) -> str:
    """The digits of an E.164 number. Raises InvalidArgument where it is none."""
    match = _PHONE.fullmatch(phone_number)
    if match is None or not phone_number.startswith("+"):
        raise InvalidArgument(
            "the phone number is not in E.164 form",
            violations={"phone_number": "is '+', the country code and the number, digits only"},
        )
    return match[1]


def identify(shown: Sender, owners: Mapping[AliasKind, str]) -> Identity:
    """Whom `shown` belongs to, given who owns the names that are known already.

    The business id leads; where it and the number belong to two people, the one with the phone's
    history is chosen, nothing is linked, and the conflict is told: people are never merged.
    """
    phone = owners.get(AliasKind.PHONE)
    chosen = phone or owners.get(AliasKind.BUSINESS_USER_ID) or owners.get(AliasKind.PARENT_USER_ID)
    others = frozenset(owner for owner in owners.values() if owner != chosen)
    unlinked = frozenset() if others else frozenset(shown.aliases.keys() - owners.keys())
    return Identity(user_id=chosen, unlinked=unlinked, conflicting_user_ids=others)


def window_until(message_time: datetime) -> datetime:
    """Until when free-form messages go out after a message of `message_time`."""
    return message_time + WINDOW - WINDOW_MARGIN
