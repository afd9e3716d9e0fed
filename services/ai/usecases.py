"""What can be asked of the ai service: understand, remember, act, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from chassis.clock import Clock
from services.ai.domain import answer
from services.ai.domain.intent import Interpretation, ShowAgenda, ShowTasks, Utterance
from services.ai.domain.plan import Plan, Query, plan
from services.ai.domain.refusal import (
    ItemAmbiguous,
    ItemNotFound,
    Refusal,
    TimePassed,
    TimeZoneUnknown,
)
from services.ai.domain.turn import Message, Turn, TurnState
from services.ai.ports import Mouth, Planner, Turns, Understanding

NONE = Interpretation(intents=(), confidence=1.0, engine="none")


class UseCases:
    """Understands messages and acts on them."""

    def __init__(
        self,
        *,
        understanding: Understanding,
        turns: Turns,
        planner: Planner,
        mouth: Mouth,
        clock: Clock,
    ) -> None:
        self._understanding = understanding
        self._turns = turns
        self._planner = planner
        self._mouth = mouth
        self._clock = clock

    async def handle(self, message: Message) -> Turn:
        """Understands a message and acts on it; a repeat goes on where the first call stopped.

        The interpretation is stored before it is acted on, so that a retry neither asks a model
        twice nor decides differently; what follows is idempotent by the message's id.
        """
        turn = await self._turns.get(message.message_id)
        if turn is None:
            turn = await self._understand(message)
        if turn.finish_time is not None:
            return turn
        state = await self._act(message, turn)
        now = self._clock.now()
        await self._turns.finish(message.message_id, state, now)
        return turn.finish(state, now)

    async def interpret(self, text: str, *, time_zone: str, said: datetime) -> Interpretation:
        """What would be made of a text; changes nothing."""
        return await self._understanding.interpret(_utterance(text, time_zone, said))

    async def turns(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        """How messages were understood, newest first."""
        return await self._turns.list(
            user_id=user_id, message_id=message_id, limit=limit, before=before
        )

    async def _understand(self, message: Message) -> Turn:
        interpretation = NONE
        if not message.unsupported_type:
            preferences = await self._planner.preferences(
                message.user_id, time_zone=message.time_zone_guess, locale=message.locale_guess
            )
            interpretation = await self._understanding.interpret(
                _utterance(message.text, preferences.time_zone, message.message_time)
            )
        turn = Turn(
            message_id=message.message_id,
            user_id=message.user_id,
            state=TurnState.INTERPRETED,
            interpretation=interpretation,
            message_time=message.message_time,
            interpret_time=self._clock.now(),
        )
        return await self._turns.remember(turn, heard=message.text)

    async def _act(self, message: Message, turn: Turn) -> TurnState:
        if message.unsupported_type:
            await self._say(turn, answer.unsupported(message.unsupported_type))
            return TurnState.ANSWERED
        made = plan(turn.interpretation)
        text = "\n".join([*made.texts, *[await self._look_up(turn, each) for each in made.queries]])
        if made.changes:
            return await self._apply(turn, made, text)
        await self._say(turn, text)
        return TurnState.ASKED if made.is_question else TurnState.ANSWERED

    async def _apply(self, turn: Turn, made: Plan, text: str) -> TurnState:
        try:
            await self._planner.apply(
                user_id=turn.user_id,
                message_id=turn.message_id,
                message_time=turn.message_time,
                changes=made.changes,
                answer=text,
            )
        except Refusal as refusal:
            await self._say(turn, await self._explain(turn, refusal))
            return TurnState.ASKED
        return TurnState.APPLIED

    async def _explain(self, turn: Turn, refusal: Refusal) -> str:
        match refusal:
            case ItemAmbiguous(candidates=candidates):
                return answer.which(await self._planner.titles(turn.user_id, candidates))
            case ItemNotFound():
                return answer.NOT_FOUND
            case TimeZoneUnknown():
                return answer.TIME_ZONE_UNKNOWN
            case TimePassed():
                return answer.TIME_PASSED
            case _:
                raise refusal

    async def _look_up(self, turn: Turn, query: Query) -> str:
        match query:
            case ShowAgenda():
                return await self._agenda(turn, query)
            case ShowTasks(list_name=list_name):
                lines = await self._planner.tasks(turn.user_id, list_name)
                return answer.tasks(lines, list_name)
            case _:
                assert_never(query)

    async def _agenda(self, turn: Turn, query: ShowAgenda) -> str:
        preferences = await self._planner.preferences(turn.user_id, time_zone="", locale="")
        today = turn.message_time.astimezone(ZoneInfo(preferences.time_zone)).date()
        start = query.start or today
        end = max(query.end or start, start)
        lines, has_more = await self._planner.agenda(turn.user_id, start, end)
        return answer.agenda(lines, answer.day_name(start, end, today), has_more=has_more)

    async def _say(self, turn: Turn, text: str) -> None:
        await self._mouth.answer(turn.user_id, turn.message_id, text)


def _utterance(text: str, time_zone: str, said: datetime) -> Utterance:
    wall = said.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return Utterance(text=text, now=wall, time_zone=time_zone)
