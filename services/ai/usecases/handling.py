"""What becomes of one message: understood once, stored, acted on, answered, finished."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis import log
from chassis.clock import Clock
from chassis.crash import crash_point
from services.ai.domain.intent import Interpretation, Utterance
from services.ai.domain.message import Medium, Message, Reaction, Words
from services.ai.domain.thread import MEMORY, Thread
from services.ai.domain.turn import Turn, TurnState
from services.ai.domain.wording import Wording, language_of
from services.ai.ports import Mouth, Planner, Turns
from services.ai.usecases.acting import Actor
from services.ai.usecases.interpreting import Interpreter, Scene
from services.ai.usecases.understanding import Understander

# A voice note or an image is worked on for longer than this only with a word about it.
SIGN_SECONDS = 4.0


class UseCases:
    """Understands messages and acts on them."""

    def __init__(
        self,
        *,
        interpreter: Interpreter,
        actor: Actor,
        understander: Understander,
        turns: Turns,
        planner: Planner,
        mouth: Mouth,
        clock: Clock,
        sign_seconds: float = SIGN_SECONDS,
    ) -> None:
        self._interpreter = interpreter
        self._actor = actor
        self._understander = understander
        self._turns = turns
        self._planner = planner
        self._mouth = mouth
        self._clock = clock
        self._sign_seconds = sign_seconds
        self._log = log.get_logger()

    async def handle(self, message: Message) -> Turn:
        """Understands a message and acts on it; a repeat goes on where the first call stopped.

        The interpretation is stored before it is acted on, so that a retry neither asks a model
        twice nor decides differently; what follows is idempotent by the message's id.
        """
        since = self._clock.now() - MEMORY
        loaded = await self._turns.load(message.user_id, message.message_id, since)
        turn = loaded.turn
        if turn is not None and turn.finish_time is not None:
            return turn
        scene = await self._scene(message, loaded.recent)
        if turn is None:
            turn = await self._understand(scene)
        state, outcome = await self._actor.act(scene, turn)
        now = self._clock.now()
        crash_point("ai.before_finish")
        await self._turns.finish(turn, state, now, outcome)
        return turn.finish(state, now, outcome)

    async def interpret(self, text: str, *, time_zone: str, said: datetime) -> Interpretation:
        """What the local engine would make of a text; changes nothing, costs nothing."""
        wall = said.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
        return await self._understander.local(Utterance(text=text, now=wall, time_zone=time_zone))

    async def turns(
        self, *, user_id: str, message_id: str, limit: int, before: tuple[datetime, str] | None
    ) -> Sequence[Turn]:
        """How messages were understood, newest first."""
        return await self._turns.list(
            user_id=user_id, message_id=message_id, limit=limit, before=before
        )

    async def erase(self, user_id: str) -> int:
        """Destroys everything ai keeps of a person; how many turns that were."""
        return await self._turns.erase(user_id)

    async def _scene(self, message: Message, recent: Sequence[Turn]) -> Scene:
        preferences = await self._planner.preferences(
            message.user_id, time_zone=message.time_zone_guess, locale=message.locale_guess
        )
        return Scene(
            message=message,
            preferences=preferences,
            thread=await self._thread(message, recent),
            now=self._clock.now(),
        )

    async def _thread(self, message: Message, recent: Sequence[Turn]) -> Thread:
        thread = Thread(turns=tuple(recent))
        about = message.circumstance
        if not isinstance(message.content, Words | Medium | Reaction):
            return thread
        if about.quoted_message_id:
            quoted = await self._turns.get(message.user_id, about.quoted_message_id)
            return Thread(turns=thread.turns, quoted_turn=quoted)
        if not about.quoted_request_id:
            return thread
        found = await self._mouth.quoted(about.quoted_request_id)
        answered = None
        if found.message_id:
            answered = await self._turns.get(message.user_id, found.message_id)
        return Thread(turns=thread.turns, quoted_turn=answered, quoted_ids=found.ids)

    async def _understand(self, scene: Scene) -> Turn:
        found, heard = await self._signing(scene, self._interpreter.interpret(scene))
        crash_point("ai.after_interpret")
        message = scene.message
        turn = Turn(
            message_id=message.message_id,
            user_id=message.user_id,
            state=TurnState.INTERPRETED,
            interpretation=found,
            message_time=message.message_time,
            interpret_time=self._clock.now(),
            heard=heard,
        )
        return await self._turns.remember(turn)

    async def _signing(
        self, scene: Scene, work: Coroutine[Any, Any, tuple[Interpretation, str]]
    ) -> tuple[Interpretation, str]:
        """Awaits `work`; where a medium takes long, the person hears that it is being worked on."""
        if not isinstance(scene.message.content, Medium) or not self._interpreter.has_model:
            return await work
        sign = asyncio.create_task(self._give_sign(scene, scene.message.content))
        try:
            return await work
        finally:
            sign.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sign

    async def _give_sign(self, scene: Scene, medium: Medium) -> None:
        await asyncio.sleep(self._sign_seconds)
        wording = Wording(language_of(scene.preferences.locale))
        text = wording("listening" if medium.kind == "audio" else "looking")
        try:
            await self._mouth.give_sign(scene.message.user_id, scene.message.message_id, text)
        except Exception as error:
            # The answer itself is still being worked on, and matters more than this word.
            self._log.warning("sign of life failed", **log.describe(error))
