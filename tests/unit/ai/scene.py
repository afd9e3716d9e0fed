"""The ai service between its fakes, with the local engine or a scripted one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from services.ai.clients.geography import zone_at
from services.ai.domain.intent import Intent, Interpretation, Unknown
from services.ai.domain.message import Circumstance, Content, Message, Words
from services.ai.domain.turn import Turn
from services.ai.ports import Understanding
from services.ai.usecases.acting import Actor
from services.ai.usecases.handling import UseCases
from services.ai.usecases.interpreting import Interpreter
from services.ai.usecases.understanding import Mode, Understander
from tests.unit.ai.fakes import (
    CountedAllowance,
    FixedClock,
    InMemoryTurns,
    RecordedFigures,
    RecordingMouth,
    RecordingOblivion,
    RecordingPlanner,
    ScriptedModel,
    ScriptedUnderstanding,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USER = "u1"


@dataclass
class Scene:
    """One person and the service; messages are numbered m_1, m_2, …"""

    intents: tuple[Intent, ...] = (Unknown(),)
    confidence: float = 0.99
    engine: Understanding | None = None
    model: ScriptedModel | None = None
    mode: Mode = Mode.AUTO
    allowance: CountedAllowance = field(default_factory=CountedAllowance)
    figures: RecordedFigures = field(default_factory=RecordedFigures)
    turns: InMemoryTurns = field(default_factory=InMemoryTurns)
    planner: RecordingPlanner = field(default_factory=RecordingPlanner)
    mouth: RecordingMouth = field(default_factory=RecordingMouth)
    oblivion: RecordingOblivion = field(default_factory=RecordingOblivion)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    sign_seconds: float = 4.0
    count: int = 0

    def __post_init__(self) -> None:
        self.understanding = ScriptedUnderstanding(
            Interpretation(intents=self.intents, confidence=self.confidence)
        )
        understander = Understander(
            local=self.engine or self.understanding,
            model=self.model,
            allowance=self.allowance,
            figures=self.figures,
            clock=self.clock,
            mode=self.mode,
            threshold=0.95,
        )
        self.usecases = UseCases(
            interpreter=Interpreter(
                understander=understander,
                turns=self.turns,
                planner=self.planner,
                zone_at=zone_at,
            ),
            actor=Actor(
                turns=self.turns,
                planner=self.planner,
                mouth=self.mouth,
                oblivion=self.oblivion,
                has_model=understander.has_model,
            ),
            understander=understander,
            turns=self.turns,
            planner=self.planner,
            mouth=self.mouth,
            clock=self.clock,
            sign_seconds=self.sign_seconds,
        )

    def understands(self, *intents: Intent, confidence: float = 0.99) -> None:
        """What the scripted engine makes of everything from now on."""
        self.understanding.interpretation = Interpretation(intents=intents, confidence=confidence)

    async def hears(
        self,
        what: str | Content,
        *,
        message_id: str = "",
        is_forwarded: bool = False,
        replies_to: str = "",
        quotes: str = "",
    ) -> Turn:
        """Handles a message; `replies_to` is a request id of Hark's, `quotes` an own message."""
        self.count += 1
        content = Words(text=what) if isinstance(what, str) else what
        message = Message(
            user_id=USER,
            message_id=message_id or f"m_{self.count}",
            message_time=self.clock.now(),
            content=content,
            circumstance=Circumstance(
                is_forwarded=is_forwarded,
                quoted_request_id=replies_to,
                quoted_message_id=quotes,
            ),
        )
        return await self.usecases.handle(message)

    def later(self, **span: float) -> None:
        """Moves the clock."""
        self.clock.moment += timedelta(**span)

    @property
    def changes(self) -> tuple[object, ...]:
        """What the last Apply was about."""
        return self.planner.applied[-1][1]

    @property
    def said(self) -> str:
        """The last answer."""
        return self.mouth.said[-1][1]
