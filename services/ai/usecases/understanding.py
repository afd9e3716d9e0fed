"""Which engine understands a message: the local one where it is sure, the model, or both in turn.

Whatever the model does (down, slow, over budget, talking nonsense, refusing), the local engine's
best is there within the time that a message has.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from chassis.clock import Clock
from services.ai.domain import proposal
from services.ai.domain.intent import Interpretation, Unknown, Utterance
from services.ai.domain.message import Medium
from services.ai.domain.model import Circuit, ModelFailure, Prompt, Reply, Surroundings, Trouble
from services.ai.domain.prompt import prompt as prompt_for
from services.ai.domain.prompt import repaired
from services.ai.ports import Allowance, Figures, Model, Understanding

# Of the 5 s that a text has, what is left for storing, acting and answering.
TEXT_SECONDS = 4.0
TEXT_ATTEMPT_SECONDS = 3.6
MEDIUM_SECONDS = 24.0
MEDIUM_ATTEMPT_SECONDS = 14.0
_LEAST_SECONDS = 0.8
# One more try: after a passing failure, or to repair an answer of the wrong shape.
_TRIES = 2
_PAUSE_SECONDS = 0.25
# What a call costs at most, before it has said what it cost: orders, surroundings and an answer.
_OVERHEAD_TOKENS = 3000
_BYTES_PER_TOKEN = 64
_CHARACTERS_PER_TOKEN = 3
NOTHING = Interpretation(intents=(), confidence=0.0, engine="none")


class Mode(Enum):
    """Who understands: see `HARK_UNDERSTANDING`."""

    AUTO = "auto"
    LOCAL = "local"
    GEMINI = "gemini"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is to be understood, and what the model may be told beside it."""

    user_id: str
    utterance: Utterance
    surroundings: Callable[[], Awaitable[Surroundings]]
    is_forwarded: bool = False
    medium: Medium | None = None


class Understander:
    """Routes each message to an engine. `model` is None without a key."""

    def __init__(
        self,
        *,
        local: Understanding,
        model: Model | None,
        allowance: Allowance,
        figures: Figures,
        clock: Clock,
        mode: Mode = Mode.AUTO,
        threshold: float,
        circuit: Circuit | None = None,
    ) -> None:
        self._local = local
        self._model = None if mode is Mode.LOCAL else model
        self._allowance = allowance
        self._figures = figures
        self._clock = clock
        self._mode = mode
        self._threshold = threshold
        self._circuit = circuit or Circuit()

    @property
    def has_model(self) -> bool:
        """Whether sound, images and files can be understood at all."""
        return self._model is not None

    async def local(self, utterance: Utterance) -> Interpretation:
        """What the local engine makes of it; asks no model and costs nothing."""
        return await self._local.interpret(utterance)

    async def words(self, heard: Heard, found: Interpretation) -> Interpretation:
        """What words mean of which the local engine makes `found`."""
        if self._model is None:
            return self.counted(found, "local_only")
        if self._mode is Mode.AUTO and self.is_sure(found):
            return self.counted(found, "local")
        return await self._with_model(heard, fallback=found)

    async def medium(self, heard: Heard) -> Interpretation:
        """What a medium means; its path says why, where nobody could tell."""
        if self._model is None:
            return self.counted(NOTHING, "local_only")
        return await self._with_model(heard, fallback=NOTHING)

    def is_sure(self, found: Interpretation) -> bool:
        """Whether the local engine is believed without asking anybody else."""
        known = bool(found.intents) and not any(isinstance(each, Unknown) for each in found.intents)
        return known and not found.missing and found.confidence >= self._threshold

    async def _with_model(self, heard: Heard, *, fallback: Interpretation) -> Interpretation:
        try:
            return await self._ask(heard)
        except ModelFailure as failure:
            return self.counted(fallback, f"local_{failure.trouble.value}")

    async def _ask(self, heard: Heard) -> Interpretation:
        ends = time.monotonic() + (MEDIUM_SECONDS if heard.medium else TEXT_SECONDS)
        attempt = MEDIUM_ATTEMPT_SECONDS if heard.medium else TEXT_ATTEMPT_SECONDS
        if not self._circuit.allows(time.monotonic()):
            raise ModelFailure(Trouble.OPEN)
        try:
            asked = await self._prompt(heard)
            path = "gemini"
            last = ModelFailure(Trouble.NONSENSE)
            for _ in range(_TRIES):
                answered = await self._attempt(heard, asked, min(attempt, _left(ends)))
                if isinstance(answered, ModelFailure):
                    last = answered
                    if not answered.is_passing or _left(ends) < _LEAST_SECONDS + _PAUSE_SECONDS:
                        break
                    await _pause()
                    continue
                try:
                    found = proposal.read(answered.text, heard.utterance.now)
                except proposal.Nonsense as nonsense:
                    last = ModelFailure(Trouble.NONSENSE)
                    asked = repaired(asked, answered.text, str(nonsense))
                    path = "gemini_repaired"
                    if _left(ends) < _LEAST_SECONDS:
                        break
                    continue
                return self.counted(found, path)
            raise last
        finally:
            self._circuit.undecided()

    async def _prompt(self, heard: Heard) -> Prompt:
        made = prompt_for(
            heard.utterance.text,
            await heard.surroundings(),
            is_forwarded=heard.is_forwarded,
            medium_kind=heard.medium.kind if heard.medium else "",
        )
        return replace(made, medium=heard.medium)

    async def _attempt(self, heard: Heard, asked: Prompt, timeout: float) -> Reply | ModelFailure:
        """One call: paid for, counted, and its failure weighed."""
        if self._model is None or timeout < _LEAST_SECONDS:
            raise ModelFailure(Trouble.TIMED_OUT)
        now = self._clock.now()
        reserved = await self._allowance.reserve(heard.user_id, now, _estimate(asked))
        if reserved is None:
            raise ModelFailure(Trouble.OVER_BUDGET)
        started = time.monotonic()
        try:
            reply = await self._model.ask(asked, timeout=timeout)
        except ModelFailure as failure:
            self._figures.asked(failure.trouble.value, time.monotonic() - started)
            if failure.is_sickness:
                self._circuit.failed(time.monotonic(), retry_after=failure.retry_after)
            # What timed out may have been paid for: its share stays set aside.
            if failure.trouble is not Trouble.TIMED_OUT:
                await self._settle(heard.user_id, now, reserved, failure.tokens, 0)
            return failure
        self._figures.asked("answered", time.monotonic() - started)
        self._circuit.worked()
        await self._settle(heard.user_id, now, reserved, reply.input_tokens, reply.output_tokens)
        return reply

    async def _settle(
        self, user_id: str, now: datetime, reserved: int, input_tokens: int, output_tokens: int
    ) -> None:
        self._figures.spent(input_tokens=input_tokens, output_tokens=output_tokens)
        await self._allowance.settle(
            user_id,
            now,
            reserved=reserved,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
        )

    def counted(self, found: Interpretation, path: str) -> Interpretation:
        """The same with the way it went, which is counted."""
        self._figures.understood(path)
        return replace(found, path=path)


def _left(ends: float) -> float:
    return ends - time.monotonic()


async def _pause() -> None:
    await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS))  # noqa: S311 - spreads callers


def _estimate(asked: Prompt) -> int:
    words = len(asked.message) + len(asked.surroundings) + len(asked.rejected)
    sound = len(asked.medium.data) // _BYTES_PER_TOKEN if asked.medium else 0
    return _OVERHEAD_TOKENS + words // _CHARACTERS_PER_TOKEN + sound
