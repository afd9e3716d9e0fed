"""What the ai service does with a message."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.ai.domain.answer import AgendaLine, TaskLine
from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Cancel,
    Help,
    Intent,
    ItemReference,
    RemindMe,
    SetTimeZone,
    ShowAgenda,
    ShowTasks,
    SmallTalk,
    Unknown,
    When,
)
from services.ai.domain.message import FailureReason, MediaFailure, Unsupported
from services.ai.domain.refusal import ItemNotFound, NothingToUndo, TimePassed, TimeZoneUnknown
from services.ai.domain.turn import TurnState
from services.ai.domain.wording import Wording
from services.ai.ports import Agenda
from tests.unit.ai.fakes import RecordingMouth, RecordingPlanner
from tests.unit.ai.scene import Scene

AT_SIX = When(start=datetime(2026, 11, 22, 18, 0))
CALL_ADA = RemindMe(title="call Ada", when=AT_SIX)
SAYS = Wording()


async def test_a_reminder_is_applied_and_ai_itself_says_nothing() -> None:
    scene = Scene(intents=(CALL_ADA,))
    assert (await scene.hears("some words")).state is TurnState.APPLIED
    assert scene.planner.applied == [("m_1", (CALL_ADA,), "")]
    assert scene.mouth.said == []


async def test_the_words_are_read_in_the_persons_own_time_zone() -> None:
    scene = Scene(intents=(CALL_ADA,), planner=RecordingPlanner(time_zone="Asia/Tokyo"))
    await scene.hears("some words")
    assert scene.understanding.asked[0].now == datetime(2026, 11, 22, 21, 0)


async def test_a_repeated_message_is_not_understood_or_applied_again() -> None:
    scene = Scene(intents=(CALL_ADA,))
    await scene.hears("some words", message_id="m_1")
    assert (await scene.hears("some words", message_id="m_1")).state is TurnState.APPLIED
    assert len(scene.understanding.asked) == 1
    assert len(scene.planner.applied) == 1


async def test_a_retry_after_an_outage_acts_on_the_stored_interpretation() -> None:
    scene = Scene(intents=(CALL_ADA,), planner=RecordingPlanner(raises=[ConnectionError()]))
    with pytest.raises(ConnectionError):
        await scene.hears("some words", message_id="m_1")
    assert scene.turns.stored["m_1"].state is TurnState.INTERPRETED
    assert scene.turns.stored["m_1"].heard == "some words"
    scene.understands(Unknown(), confidence=0.1)
    assert (await scene.hears("some words", message_id="m_1")).state is TurnState.APPLIED
    assert scene.planner.applied == [("m_1", (CALL_ADA,), "")]
    assert len(scene.understanding.asked) == 1


async def test_an_answer_beside_a_change_rides_in_the_same_bubble() -> None:
    planner = RecordingPlanner(task_lines=[TaskLine(number=1, title="milk", time_text="")])
    scene = Scene(intents=(AddTask(title="eggs"), ShowTasks()), planner=planner)
    assert (await scene.hears("some words")).state is TurnState.APPLIED
    assert planner.applied == [("m_1", (AddTask(title="eggs"),), "There is 1, milk on your list.")]
    assert scene.mouth.said == []


async def test_an_agenda_is_read_out_in_the_schedulers_words() -> None:
    scene = Scene(
        intents=(ShowAgenda(start=date(2026, 11, 22), end=date(2026, 11, 22)),),
        planner=RecordingPlanner(agenda_found=Agenda(text="You have one thing today.")),
    )
    assert (await scene.hears("some words")).state is TurnState.ANSWERED
    assert scene.mouth.said == [("m_1", "You have one thing today.")]


async def test_an_agenda_without_words_is_read_out_line_by_line() -> None:
    lines = [AgendaLine(title="Dentist", time_text="at 9 AM", is_task=False)]
    scene = Scene(
        intents=(ShowAgenda(),), planner=RecordingPlanner(agenda_found=Agenda(lines=lines))
    )
    await scene.hears("some words")
    assert scene.said == "You have Dentist at 9 AM."


async def test_an_agenda_without_days_is_todays_in_the_persons_zone() -> None:
    scene = Scene(intents=(ShowAgenda(),), planner=RecordingPlanner(time_zone="Pacific/Kiritimati"))
    await scene.hears("some words")
    assert scene.planner.agenda_asked == [(date(2026, 11, 23), date(2026, 11, 23))]


@pytest.mark.parametrize(
    ("refusal", "said", "state"),
    [
        (TimePassed(), "time_passed", TurnState.ASKED),
        (TimeZoneUnknown(), "zone_unknown", TurnState.ASKED),
        (ItemNotFound(), "not_found", TurnState.ANSWERED),
        (NothingToUndo(), "nothing_to_undo", TurnState.ANSWERED),
    ],
)
async def test_a_refusal_becomes_an_answer(refusal: Exception, said: str, state: TurnState) -> None:
    scene = Scene(intents=(CALL_ADA,), planner=RecordingPlanner(raises=[refusal]))
    assert (await scene.hears("some words")).state is state
    assert scene.mouth.said == [("m_1", SAYS(said))]


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (Help(), SAYS("help")),
        (Unknown(), SAYS("unknown")),
        (SmallTalk(kind="thanks"), "You're welcome."),
        (SmallTalk(kind="nobody knows this kind"), "All right."),
        (AddEvent(title="lunch"), "When is it?"),
        (AddTask(title=""), "What shall I put on the list?"),
        (SetTimeZone(time_zone=""), SAYS("zone_unknown")),
    ],
)
async def test_where_nothing_is_to_be_changed_something_is_said(intent: Intent, said: str) -> None:
    scene = Scene(intents=(intent,))
    await scene.hears("some words")
    assert scene.mouth.said == [("m_1", said)]
    assert scene.planner.applied == []


async def test_an_interpretation_without_intents_is_not_met_with_silence() -> None:
    scene = Scene(intents=())
    await scene.hears("some words")
    assert scene.mouth.said == [("m_1", SAYS("unknown"))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (Unsupported(type="video"), "unsupported_video"),
        (Unsupported(type="contacts"), "unsupported_contacts"),
        (Unsupported(type="holograms"), "unsupported"),
        (MediaFailure(kind="image", reason=FailureReason.TOO_LARGE), "failed_too_large"),
        (MediaFailure(kind="voice", reason=FailureReason.CORRUPT), "failed_corrupt"),
        (MediaFailure(kind="voice", reason=FailureReason.UNKNOWN), "unsupported_audio"),
    ],
)
async def test_what_cannot_be_read_is_answered_kindly_and_not_understood(content, said) -> None:
    scene = Scene()
    assert (await scene.hears(content)).state is TurnState.ANSWERED
    assert scene.mouth.said == [("m_1", SAYS(said))]
    assert scene.understanding.asked == []


async def test_an_answer_that_failed_is_given_at_the_retry() -> None:
    scene = Scene(intents=(Help(),), mouth=RecordingMouth(raises=[ConnectionError()]))
    with pytest.raises(ConnectionError):
        await scene.hears("some words", message_id="m_1")
    await scene.hears("some words", message_id="m_1")
    assert scene.mouth.said == [("m_1", SAYS("help"))]


async def test_cancelling_something_unknown_changes_nothing() -> None:
    scene = Scene(
        intents=(Cancel(item=ItemReference(words="dentist")),),
        planner=RecordingPlanner(raises=[ItemNotFound()]),
    )
    await scene.hears("some words")
    assert scene.planner.applied == []
    assert scene.said == SAYS("not_found")
