"""What the ai service does with a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from services.ai.domain import answer
from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    Help,
    Intent,
    Interpretation,
    ItemReference,
    RemindMe,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Unknown,
    When,
)
from services.ai.domain.refusal import ItemAmbiguous, ItemNotFound, TimePassed, TimeZoneUnknown
from services.ai.domain.turn import Message, TurnState
from services.ai.usecases import UseCases
from tests.unit.ai.fakes import (
    FixedClock,
    InMemoryTurns,
    RecordingMouth,
    RecordingPlanner,
    ScriptedUnderstanding,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT_SIX = When(start=datetime(2026, 11, 22, 18, 0))
CALL_ADA = RemindMe(title="call Ada", when=AT_SIX)


@dataclass
class Scene:
    """The use cases between their fakes."""

    intents: tuple[Intent, ...] = (CALL_ADA,)
    turns: InMemoryTurns = field(default_factory=InMemoryTurns)
    planner: RecordingPlanner = field(default_factory=RecordingPlanner)
    mouth: RecordingMouth = field(default_factory=RecordingMouth)

    def __post_init__(self) -> None:
        self.understanding = ScriptedUnderstanding(
            Interpretation(intents=self.intents, confidence=0.9)
        )
        self.usecases = UseCases(
            understanding=self.understanding,
            turns=self.turns,
            planner=self.planner,
            mouth=self.mouth,
            clock=FixedClock(NOW),
        )

    async def hears(self, text: str = "some words", unsupported_type: str = "") -> TurnState:
        message = Message(
            user_id="u1",
            message_id="m_1",
            message_time=NOW,
            text=text,
            unsupported_type=unsupported_type,
        )
        return (await self.usecases.handle(message)).state


async def test_a_reminder_is_applied_and_ai_itself_says_nothing() -> None:
    scene = Scene()
    assert await scene.hears() is TurnState.APPLIED
    assert scene.planner.applied == [("m_1", (CALL_ADA,), "")]
    assert scene.mouth.said == []


async def test_the_words_are_read_in_the_persons_own_time_zone() -> None:
    scene = Scene(planner=RecordingPlanner(time_zone="Asia/Tokyo"))
    await scene.hears()
    assert scene.understanding.asked[0].now == datetime(2026, 11, 22, 21, 0)


async def test_a_repeated_message_is_not_understood_or_applied_again() -> None:
    scene = Scene()
    await scene.hears()
    assert await scene.hears() is TurnState.APPLIED
    assert len(scene.understanding.asked) == 1
    assert len(scene.planner.applied) == 1


async def test_a_retry_after_an_outage_acts_on_the_stored_interpretation() -> None:
    scene = Scene(planner=RecordingPlanner(raises=[ConnectionError()]))
    with pytest.raises(ConnectionError):
        await scene.hears()
    scene.understanding.interpretation = Interpretation(intents=(Unknown(),), confidence=0.1)
    assert await scene.hears() is TurnState.APPLIED
    assert scene.planner.applied == [("m_1", (CALL_ADA,), "")]
    assert len(scene.understanding.asked) == 1


async def test_the_interpretation_is_stored_before_anything_is_applied() -> None:
    scene = Scene(planner=RecordingPlanner(raises=[ConnectionError()]))
    with pytest.raises(ConnectionError):
        await scene.hears()
    assert scene.turns.stored["m_1"].state is TurnState.INTERPRETED
    assert scene.turns.heard["m_1"] == "some words"


async def test_an_answer_beside_a_change_rides_in_the_same_bubble() -> None:
    planner = RecordingPlanner(task_lines=[TaskLine(number=1, title="milk", time_text="")])
    scene = Scene(intents=(AddTask(title="eggs"), ShowTasks()), planner=planner)
    assert await scene.hears() is TurnState.APPLIED
    assert planner.applied == [("m_1", (AddTask(title="eggs"),), "There is 1, milk on your list.")]
    assert scene.mouth.said == []


async def test_an_agenda_is_read_out() -> None:
    lines = [AgendaLine(title="Dentist", time_text="at 9 AM", is_task=False)]
    scene = Scene(
        intents=(ShowAgenda(start=date(2026, 11, 22), end=date(2026, 11, 22)),),
        planner=RecordingPlanner(agenda_lines=lines),
    )
    assert await scene.hears() is TurnState.ANSWERED
    assert scene.mouth.said == [("m_1", "You have one thing today: Dentist at 9 AM.")]


async def test_an_agenda_without_days_is_todays_in_the_persons_zone() -> None:
    scene = Scene(intents=(ShowAgenda(),), planner=RecordingPlanner(time_zone="Pacific/Kiritimati"))
    await scene.hears()
    assert scene.planner.agenda_asked == [(date(2026, 11, 23), date(2026, 11, 23))]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (TimePassed(), answer.TIME_PASSED),
        (TimeZoneUnknown(), answer.TIME_ZONE_UNKNOWN),
        (ItemNotFound(), answer.NOT_FOUND),
        (
            ItemAmbiguous(["task:1", "event:2"]),
            "Which one do you mean: the task:1 or the event:2?",
        ),
    ],
)
async def test_a_refusal_becomes_an_answer(refusal: Exception, said: str) -> None:
    scene = Scene(planner=RecordingPlanner(raises=[refusal]))
    assert await scene.hears() is TurnState.ASKED
    assert scene.mouth.said == [("m_1", said)]


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (Help(), answer.HELP),
        (Unknown(), answer.UNKNOWN),
        (SmallTalk(kind="thanks"), "You're welcome."),
        (AddEvent(title="lunch"), "When is it?"),
        (SetTimeZone(time_zone=""), answer.TIME_ZONE_UNKNOWN),
    ],
)
async def test_where_nothing_is_to_be_changed_something_is_said(intent: Intent, said: str) -> None:
    scene = Scene(intents=(intent,))
    await scene.hears()
    assert scene.mouth.said == [("m_1", said)]
    assert scene.planner.applied == []


async def test_an_interpretation_without_intents_is_not_met_with_silence() -> None:
    scene = Scene(intents=())
    await scene.hears()
    assert scene.mouth.said == [("m_1", answer.UNKNOWN)]


async def test_what_cannot_be_read_is_answered_kindly_and_not_understood() -> None:
    scene = Scene()
    assert await scene.hears(text="", unsupported_type="video") is TurnState.ANSWERED
    assert scene.mouth.said == [("m_1", answer.UNSUPPORTED["video"])]
    assert scene.understanding.asked == []


async def test_an_answer_that_failed_is_given_at_the_retry() -> None:
    scene = Scene(intents=(Help(),), mouth=RecordingMouth(raises=[ConnectionError()]))
    with pytest.raises(ConnectionError):
        await scene.hears()
    await scene.hears()
    assert scene.mouth.said == [("m_1", answer.HELP)]


async def test_cancelling_something_unknown_changes_nothing() -> None:
    scene = Scene(
        intents=(Cancel(item=ItemReference(words="dentist")),),
        planner=RecordingPlanner(raises=[ItemNotFound()]),
    )
    await scene.hears()
    assert scene.planner.applied == []
    assert scene.turns.stored["m_1"].state is TurnState.ASKED
