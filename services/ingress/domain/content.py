"""What a message holds, as ingress hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.ingress.domain.sender import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words that were typed. 1 to 4,096 characters."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button or a line of a list that was tapped; `payload` (256 characters at most) is ours."""

    payload: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place that was shared, in degrees north and east."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji under the quoted message; empty where it was taken away."""

    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """New words (1 to 4,096 characters) for the person's message `original_wamid`."""

    text: str
    original_wamid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """The person's message `original_wamid` was taken back."""

    original_wamid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file at WhatsApp's, to be fetched. `kind` is "voice", "audio" or "image"."""

    kind: str
    media_id: str
    mime_type: str
    sha256: str
    caption: str = ""
    is_voice: bool = False


class Failure(StrEnum):
    """Why a file cannot be understood."""

    TOO_LARGE = "TOO_LARGE"
    WRONG_TYPE = "WRONG_TYPE"
    CORRUPT = "CORRUPT"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFailure:
    """A file that could not be had; the person is told so."""

    kind: str
    reason: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """Something that cannot be read; the person is told so."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChange:
    """WhatsApp says that a person has other ids now; what is not said stays as it was."""

    old: Sender
    new: Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing that waits for an answer; recorded with an UPPER_SNAKE reason."""

    reason: str


# What the assistant is told, as it stands.
Said = Text | Button | Location | Reaction | Edit | Revoke | MediaFailure | Unsupported
Content = Said | Media | IdentityChange | Ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The message that one replies or reacts to; empty where there is none."""

    wamid: str = ""
    is_forwarded: bool = False
