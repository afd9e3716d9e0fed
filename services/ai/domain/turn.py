"""One message as it was heard and understood, how far it got, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from services.ai.domain.intent import Intent, Interpretation


class TurnState(Enum):
    """How far a message got; the values are stored."""

    INTERPRETED = 1
    APPLIED = 2
    ANSWERED = 3
    ASKED = 4


class Slot(Enum):
    """What a question asks for; the values are stored."""

    WHEN = "when"
    WHAT = "what"
    TIME_ZONE = "time_zone"
    CHOICE = "choice"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that is offered: its button, and what follows when it is chosen (or nothing)."""

    title: str
    intents: Sequence[Intent] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What Hark asked and waits for: at most ten minutes, and only in the very next message.

    `intents` wait for their slot; in a CONFIRM the first option is yes, the second no. `text` is
    what was asked, so that it can be asked again.
    """

    slot: Slot
    text: str
    intents: Sequence[Intent] = ()
    options: Sequence[Option] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A task or event that a turn was about; `id` is "task:…" or "event:…"."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a turn: what was asked back, what it was about, what was said."""

    question: Question | None = None
    items: Sequence[Item] = ()
    said: str = ""
    change: str = ""  # the request id of what was applied, for undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How one message was understood. Written once, before it is acted on; then it is finished."""

    message_id: str
    user_id: str
    state: TurnState
    interpretation: Interpretation
    message_time: datetime
    interpret_time: datetime
    heard: str = ""
    finish_time: datetime | None = None
    outcome: Outcome = field(default_factory=Outcome)

    def finish(self, state: TurnState, now: datetime, outcome: Outcome) -> Turn:
        """The same turn in a final state."""
        return replace(self, state=state, finish_time=now, outcome=outcome)
