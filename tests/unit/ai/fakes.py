"""Stand-ins for what the ai service needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import Interpretation, Utterance
from services.ai.domain.plan import Change
from services.ai.domain.turn import Turn, TurnState
from services.ai.ports import Preferences


@dataclass
class ScriptedUnderstanding:
    """Answers with what the test wrote, and keeps what it was asked."""

    interpretation: Interpretation
    asked: list[Utterance] = field(default_factory=list)

    async def interpret(self, utterance: Utterance) -> Interpretation:
        self.asked.append(utterance)
        return self.interpretation


@dataclass
class InMemoryTurns:
    """Turns in a dictionary."""

    stored: dict[str, Turn] = field(default_factory=dict)
    heard: dict[str, str] = field(default_factory=dict)

    async def get(self, message_id: str) -> Turn | None:
        return self.stored.get(message_id)

    async def remember(self, turn: Turn, *, heard: str) -> Turn:
        self.heard.setdefault(turn.message_id, heard)
        return self.stored.setdefault(turn.message_id, turn)

    async def finish(self, message_id: str, state: TurnState, now: datetime) -> None:
        self.stored[message_id] = self.stored[message_id].finish(state, now)

    async def list(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        return list(self.stored.values())[:limit]


@dataclass
class RecordingPlanner:
    """Keeps what it was asked to apply; raises what the test wants raised, once each."""

    time_zone: str = "Europe/Lisbon"
    raises: list[Exception] = field(default_factory=list)
    applied: list[tuple[str, tuple[Change, ...], str]] = field(default_factory=list)
    agenda_lines: Sequence[AgendaLine] = ()
    task_lines: Sequence[TaskLine] = ()
    agenda_asked: list[tuple[date, date]] = field(default_factory=list)

    async def preferences(self, user_id: str, *, time_zone: str, locale: str) -> Preferences:
        return Preferences(time_zone=self.time_zone, locale="en")

    async def apply(
        self,
        *,
        user_id: str,
        message_id: str,
        message_time: datetime,
        changes: Sequence[Change],
        answer: str,
    ) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.applied.append((message_id, tuple(changes), answer))

    async def agenda(
        self, user_id: str, start: date, end: date
    ) -> tuple[Sequence[AgendaLine], bool]:
        self.agenda_asked.append((start, end))
        return self.agenda_lines, False

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        return self.task_lines

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        return [f"the {candidate}" for candidate in candidates]


@dataclass
class RecordingMouth:
    """Keeps what was said; raises what the test wants raised, once each."""

    said: list[tuple[str, str]] = field(default_factory=list)
    raises: list[Exception] = field(default_factory=list)

    async def answer(self, user_id: str, message_id: str, text: str) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.said.append((message_id, text))


@dataclass
class FixedClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
