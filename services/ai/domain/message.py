"""What a person sent, as ingress hands it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that the person wrote; 1 to 4,096 characters."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A voice note, sound, image or file, whole in memory; never stored."""

    mime_type: str
    data: bytes = field(repr=False)
    caption: str = ""
    file_name: str = ""
    is_voice: bool = False

    @property
    def kind(self) -> str:
        """ "audio", "image", "document": as WhatsApp spells it."""
        major = self.mime_type.partition("/")[0]
        return major if major in ("audio", "image", "video") else "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A button, a line of a list, or a quick reply of a template."""

    payload: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A location that was shared; degrees north and east."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji under the quoted message; empty where it was taken away."""

    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """New words for a message that was sent before."""

    text: str
    original_message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A message that was taken back."""

    original_message_id: str


class FailureReason(Enum):
    """Why a medium is not there; the values are those of the contract."""

    UNKNOWN = 0
    TOO_LARGE = 1
    WRONG_TYPE = 2
    CORRUPT = 3
    UNAVAILABLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFailure:
    """A medium that could not be had or may not be read."""

    kind: str
    reason: FailureReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Something that cannot be read; `type` as WhatsApp spells it."""

    type: str


Content = Words | Medium | Tap | Place | Reaction | Edit | Revocation | MediaFailure | Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """What a message stands in: whose word it is, what it replies to, and whether it came late."""

    is_forwarded: bool = False
    quoted_request_id: str = ""
    quoted_message_id: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of one person. The guesses come from their number and may be empty."""

    user_id: str
    message_id: str
    message_time: datetime
    content: Content
    circumstance: Circumstance = field(default_factory=Circumstance)
    time_zone_guess: str = ""
    locale_guess: str = ""

    @property
    def is_own_word(self) -> bool:
        """Whether the person themselves said it: typed, spoken or tapped, and not forwarded.

        What stands in an image or a file, or was forwarded, is somebody else's word.
        """
        if self.circumstance.is_forwarded:
            return False
        return not isinstance(self.content, Medium) or self.content.is_voice
