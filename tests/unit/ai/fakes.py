"""Stand-ins for what the ai service needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.ai.domain.answer import TaskLine
from services.ai.domain.intent import (
    FindFreeTime,
    Interpretation,
    ItemReference,
    Utterance,
    When,
)
from services.ai.domain.model import Prompt, Reply
from services.ai.domain.plan import Change
from services.ai.domain.turn import Outcome, Turn, TurnState
from services.ai.ports import Agenda, Applied, Button, Document, Loaded, Preferences, Quoted


@dataclass
class ScriptedUnderstanding:
    """Answers with what the test wrote, by text or always, and keeps what it was asked."""

    interpretation: Interpretation
    by_text: dict[str, Interpretation] = field(default_factory=dict)
    asked: list[Utterance] = field(default_factory=list)

    async def interpret(self, utterance: Utterance) -> Interpretation:
        self.asked.append(utterance)
        return self.by_text.get(utterance.text, self.interpretation)


@dataclass
class ScriptedModel:
    """Answers with what the test wrote, in order, and keeps what it was asked."""

    answers: list[str | Exception] = field(default_factory=list)
    asked: list[Prompt] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    async def ask(self, prompt: Prompt, *, timeout: float) -> Reply:
        self.asked.append(prompt)
        self.timeouts.append(timeout)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Reply(text=answer, input_tokens=100, output_tokens=10)


@dataclass
class CountedAllowance:
    """So many calls may be made; keeps what was set aside and settled."""

    calls: int = 1_000
    reserved: list[str] = field(default_factory=list)
    settled: list[tuple[int, int]] = field(default_factory=list)

    async def reserve(self, user_id: str, now: datetime, tokens: int) -> int | None:
        if len(self.reserved) >= self.calls:
            return None
        self.reserved.append(user_id)
        return tokens

    async def settle(
        self, user_id: str, now: datetime, *, reserved: int, input_tokens: int, output_tokens: int
    ) -> None:
        self.settled.append((input_tokens, output_tokens))


@dataclass
class RecordedFigures:
    """Keeps what was counted."""

    paths: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    tokens: list[tuple[int, int]] = field(default_factory=list)

    def understood(self, path: str) -> None:
        self.paths.append(path)

    def asked(self, outcome: str, seconds: float) -> None:
        self.calls.append(outcome)

    def spent(self, *, input_tokens: int, output_tokens: int) -> None:
        self.tokens.append((input_tokens, output_tokens))


@dataclass
class InMemoryTurns:
    """Turns in a dictionary."""

    stored: dict[str, Turn] = field(default_factory=dict)

    async def load(self, user_id: str, message_id: str, since: datetime) -> Loaded:
        recent = [
            turn
            for turn in self.stored.values()
            if turn.user_id == user_id
            and turn.message_id != message_id
            and turn.finish_time is not None
            and turn.interpret_time >= since
        ]
        return Loaded(turn=self.stored.get(message_id), recent=recent[::-1])

    async def get(self, user_id: str, message_id: str) -> Turn | None:
        turn = self.stored.get(message_id)
        return turn if turn is not None and turn.user_id == user_id else None

    async def remember(self, turn: Turn) -> Turn:
        return self.stored.setdefault(turn.message_id, turn)

    async def finish(self, turn: Turn, state: TurnState, now: datetime, outcome: Outcome) -> None:
        self.stored[turn.message_id] = turn.finish(state, now, outcome)

    async def list(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        return list(self.stored.values())[:limit]

    async def erase(self, user_id: str) -> int:
        gone = [each for each, turn in self.stored.items() if turn.user_id == user_id]
        for each in gone:
            del self.stored[each]
        return len(gone)


@dataclass
class RecordingPlanner:
    """Keeps what it was asked to apply; raises what the test wants raised, once each."""

    time_zone: str = "Europe/Lisbon"
    locale: str = "en"
    raises: list[Exception] = field(default_factory=list)
    applied: list[tuple[str, tuple[Change, ...], str]] = field(default_factory=list)
    leads_to: Applied = field(default_factory=Applied)
    agenda_found: Agenda = field(default_factory=Agenda)
    task_lines: Sequence[TaskLine] = ()
    agenda_asked: list[tuple[date, date]] = field(default_factory=list)
    free_asked: list[FindFreeTime] = field(default_factory=list)
    stands: When | None = None
    links: list[str] = field(default_factory=list)

    async def preferences(self, user_id: str, *, time_zone: str, locale: str) -> Preferences:
        return Preferences(time_zone=self.time_zone, locale=self.locale)

    async def apply(
        self,
        *,
        user_id: str,
        message_id: str,
        message_time: datetime,
        changes: Sequence[Change],
        answer: str,
    ) -> Applied:
        if self.raises:
            raise self.raises.pop(0)
        self.applied.append((message_id, tuple(changes), answer))
        return self.leads_to

    async def agenda(self, user_id: str, start: date, end: date) -> Agenda:
        self.agenda_asked.append((start, end))
        return self.agenda_found

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        return self.task_lines

    async def free_time(self, user_id: str, wanted: FindFreeTime) -> str:
        self.free_asked.append(wanted)
        return "You are free tomorrow at 2 PM."

    async def time_of(self, user_id: str, item: ItemReference, today: date) -> When | None:
        return self.stands

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        return [f"the {candidate}" for candidate in candidates]

    async def calendar(self, user_id: str) -> bytes | None:
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    async def create_link(self, user_id: str, message_id: str) -> str:
        self.links.append(message_id)
        return "https://hark.example/calendar/token.ics"

    async def revoke_link(self, user_id: str) -> bool:
        found = bool(self.links)
        self.links.clear()
        return found


@dataclass
class RecordingMouth:
    """Keeps what was said; raises what the test wants raised, once each."""

    said: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Sequence[Button]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    stopped: list[bool] = field(default_factory=list)
    about: dict[str, Quoted] = field(default_factory=dict)
    raises: list[Exception] = field(default_factory=list)

    async def answer(
        self,
        user_id: str,
        message_id: str,
        text: str,
        *,
        buttons: Sequence[Button] = (),
        document: Document | None = None,
    ) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.said.append((message_id, text))
        self.buttons.append(buttons)
        if document is not None:
            self.documents.append(document)

    async def give_sign(self, user_id: str, message_id: str, text: str) -> None:
        self.signs.append(text)

    async def quoted(self, request_id: str) -> Quoted:
        return self.about.get(request_id, Quoted())

    async def stop(self, user_id: str, message_id: str) -> None:
        self.stopped.append(True)

    async def start(self, user_id: str, message_id: str) -> None:
        self.stopped.append(False)


@dataclass
class RecordingOblivion:
    """Keeps whom it was asked to erase."""

    erased: list[str] = field(default_factory=list)

    async def erase(self, user_id: str, message_id: str) -> None:
        self.erased.append(user_id)


@dataclass
class FixedClock:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
