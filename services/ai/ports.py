"""What the ai service needs from outside, named by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import (
    FindFreeTime,
    Interpretation,
    ItemReference,
    Utterance,
    When,
)
from services.ai.domain.model import Prompt, Reply
from services.ai.domain.plan import Change
from services.ai.domain.turn import Item, Outcome, Turn, TurnState


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a person likes to be served."""

    time_zone: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a change led to; `change` is the request id by which it can be undone."""

    items: Sequence[Item] = ()
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What stands between two days: in words, where the scheduler worded it, and line by line."""

    text: str = ""
    lines: Sequence[AgendaLine] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to tap under an answer: 1 to 20 characters, and what comes back."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that goes along with an answer."""

    file_name: str
    mime_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What a message of Hark's was about: items ("task:…"), and the message it answered, if any."""

    ids: Sequence[str] = ()
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The turn of a message, if it was interpreted before, and the finished ones before it."""

    turn: Turn | None
    recent: Sequence[Turn] = ()


class Understanding(Protocol):
    """An engine that turns words into intents by itself."""

    async def interpret(self, utterance: Utterance) -> Interpretation:
        """What the utterance means; never raises for odd text, answers `Unknown` instead."""
        ...


class Model(Protocol):
    """A language model that answers in JSON of the schema in `domain.proposal`."""

    async def ask(self, prompt: Prompt, *, timeout: float) -> Reply:
        """One call, at most `timeout` seconds. Raises `domain.model.ModelFailure`."""
        ...


class Allowance(Protocol):
    """What may be spent on the model: a day's sum per person and for all, over all replicas."""

    async def reserve(self, user_id: str, now: datetime, tokens: int) -> int | None:
        """Sets money for about so many tokens aside; None where that is over a cap.

        Answers how much was set aside, in millionths of a dollar. It stays spent unless settled.
        """
        ...

    async def settle(
        self, user_id: str, now: datetime, *, reserved: int, input_tokens: int, output_tokens: int
    ) -> None:
        """Replaces what was set aside by what it really cost."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the model cost on a day; money in millionths of a dollar."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    cap: int = 0


class Usage(Protocol):
    """Where it stands what the model cost."""

    async def spent(self, day: date, user_id: str) -> Spent:
        """What one person, or with "" all of them, cost that day."""
        ...


class Figures(Protocol):
    """Where it is counted how messages were understood."""

    def understood(self, path: str) -> None:
        """One more turn that went this way."""
        ...

    def asked(self, outcome: str, seconds: float) -> None:
        """One call of the model: "answered", or the trouble with it."""
        ...

    def spent(self, *, input_tokens: int, output_tokens: int) -> None:
        """Tokens that the model counted."""
        ...


class Turns(Protocol):
    """Where it is kept how messages were understood."""

    async def load(self, user_id: str, message_id: str, since: datetime) -> Loaded:
        """The turn of a message and the person's finished ones since then, newest first."""
        ...

    async def get(self, user_id: str, message_id: str) -> Turn | None:
        """One turn of this person."""
        ...

    async def remember(self, turn: Turn) -> Turn:
        """Stores a turn; where one is stored already, that one wins and is returned."""
        ...

    async def finish(self, turn: Turn, state: TurnState, now: datetime, outcome: Outcome) -> None:
        """Records the final state of a turn and what came of it."""
        ...

    async def list(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        """Turns, newest first; empty filters match everything."""
        ...

    async def erase(self, user_id: str) -> int:
        """Destroys everything about a person; how many turns that were."""
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
    ) -> Applied:
        """Applies all changes in one transaction; the confirmation follows by itself.

        Raises a `domain.refusal.Refusal`.
        """
        ...

    async def agenda(self, user_id: str, start: date, end: date) -> Agenda:
        """What stands between two days (inclusive)."""
        ...

    async def tasks(self, user_id: str, list_name: str) -> Sequence[TaskLine]:
        """Open tasks, all of them or those on one list."""
        ...

    async def free_time(self, user_id: str, wanted: FindFreeTime) -> str:
        """Free times in words, in the person's language."""
        ...

    async def time_of(self, user_id: str, item: ItemReference, today: date) -> When | None:
        """When an item stands, wall clock; None where nothing or more than one thing fits."""
        ...

    async def titles(self, user_id: str, candidates: Sequence[str]) -> Sequence[str]:
        """How the candidates of an `ItemAmbiguous` are called."""
        ...

    async def calendar(self, user_id: str) -> bytes | None:
        """Everything as iCalendar; None where it is more than can be sent."""
        ...

    async def create_link(self, user_id: str, message_id: str) -> str:
        """The private address of the person's calendar, made anew."""
        ...

    async def revoke_link(self, user_id: str) -> bool:
        """Takes the address away; whether there was one."""
        ...


class Mouth(Protocol):
    """Who speaks to the person: the notifier."""

    async def answer(
        self,
        user_id: str,
        message_id: str,
        text: str,
        *,
        buttons: Sequence[Button] = (),
        document: Document | None = None,
    ) -> None:
        """Answers a message, once however often it is asked to."""
        ...

    async def give_sign(self, user_id: str, message_id: str, text: str) -> None:
        """Says that an answer is on its way, once however often it is asked to."""
        ...

    async def quoted(self, request_id: str) -> Quoted:
        """What one of Hark's own messages was about; nothing where it is not known any more."""
        ...

    async def stop(self, user_id: str, message_id: str) -> None:
        """Writes to them no more, replies apart."""
        ...

    async def start(self, user_id: str, message_id: str) -> None:
        """Writes to them again."""
        ...


class Oblivion(Protocol):
    """Who erases a person in all services."""

    async def erase(self, user_id: str, message_id: str) -> None:
        """Starts the erasure, so late that an answer can still go out."""
        ...
