"""One message as it was heard and understood, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from services.ai.domain.intent import Interpretation


class TurnState(Enum):
    """How far a message got; the values are stored."""

    INTERPRETED = 1
    APPLIED = 2
    ANSWERED = 3
    ASKED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person sent, as ingress hands it over.

    Exactly one of `text` and `unsupported_type` is set.
    """

    user_id: str
    message_id: str
    message_time: datetime
    text: str = ""
    unsupported_type: str = ""
    time_zone_guess: str = ""
    locale_guess: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How one message was understood. Written once, before it is acted on; only `state` moves."""

    message_id: str
    user_id: str
    state: TurnState
    interpretation: Interpretation
    message_time: datetime
    interpret_time: datetime
    finish_time: datetime | None = None

    def finish(self, state: TurnState, now: datetime) -> Turn:
        """The same turn in a final state."""
        return replace(self, state=state, finish_time=now)
