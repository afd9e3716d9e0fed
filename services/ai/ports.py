"""What the ai service needs from outside, named by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import Interpretation, Utterance
from services.ai.domain.plan import Change
from services.ai.domain.turn import Turn, TurnState


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person likes to be served."""

    time_zone: str
    locale: str


class Understanding(Protocol):
    """An engine that turns words into intents: the local one, or a model."""

    async def interpret(self, utterance: Utterance) -> Interpretation:
        """What the utterance means; never raises for odd text, answers `Unknown` instead."""
        ...


class Turns(Protocol):
    """Where it is kept how messages were understood."""

    async def get(self, message_id: str) -> Turn | None:
        """The turn of a message, if it was interpreted before."""
        ...

    async def remember(self, turn: Turn, *, heard: str) -> Turn:
        """Stores a turn; where one is stored already, that one wins and is returned."""
        ...

    async def finish(self, message_id: str, state: TurnState, now: datetime) -> None:
        """Records the final state of a turn."""
        ...

    async def list(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        """Turns, newest first; empty filters match everything."""
        ...


class Planner(Protocol):
    """Who keeps events and tasks: the scheduler."""

    async def preferences(self, user_id: str, *, time_zone: str, locale: str) -> Preferences:
        """The person's preferences; the guesses are kept where nothing is known."""
        ...

    async def apply(
        self,
        *,
        user_id: str,
        message_id: str,
        message_time: datetime,
        changes: Sequence[Change],
        answer: str,
    ) -> None:
        """Applies all changes in one transaction; the confirmation follows by itself.

        Raises `TimePassed`, `TimeZoneUnknown`, `ItemNotFound`, `ItemAmbiguous`.
        """
        ...

    async def agenda(
        self, user_id: str, start: date, end: date
    ) -> tuple[Sequence[AgendaLine], bool]:
        """What stands between two days (inclusive), and whether there is more."""
        ...

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        """Open tasks, all of them or those on one list."""
        ...

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        """How the candidates of an `ItemAmbiguous` are called."""
        ...


class Mouth(Protocol):
    """Who speaks to the person: the notifier."""

    async def answer(self, user_id: str, message_id: str, text: str) -> None:
        """Answers a message, once however often it is asked to."""
        ...
