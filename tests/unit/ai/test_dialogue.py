"""What a message means after what was said before it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Amend,
    Cancel,
    Choose,
    CompleteTask,
    Confirm,
    DeleteData,
    EditItem,
    Interpretation,
    ItemReference,
    Move,
    RemindMe,
    ReopenTask,
    SetTimeZone,
    ShowTasks,
    Snooze,
    Undo,
    Unknown,
    When,
)
from services.ai.domain.message import Edit, Place, Reaction, Revocation, Tap
from services.ai.domain.refusal import ItemAmbiguous, TimePassed, TimeZoneUnknown
from services.ai.domain.turn import Item, TurnState
from services.ai.domain.wording import Wording
from services.ai.ports import Applied, Quoted
from tests.unit.ai.fakes import RecordingPlanner
from tests.unit.ai.scene import Scene

SAYS = Wording()
TASK = Item(id="task:7", title="call Ada")
EVENT = Item(id="event:9", title="lunch")
AT_EIGHT = When(start=datetime(2026, 11, 26, 20, 0))
SEVEN = When(start=datetime(2026, 11, 22, 7, 0), has_date=False, assumed=("am",))
THE_TASK = ItemReference(id="task:7")
IT = ItemReference(is_last=True)


def made(*items: Item) -> Applied:
    return Applied(items=items, change="change-1")


async def after_a_reminder(scene: Scene) -> None:
    scene.planner.leads_to = made(TASK)
    scene.understands(RemindMe(title="call Ada", when=AT_EIGHT))
    await scene.hears("remind me to call Ada on Thursday at eight in the evening")


async def test_make_it_seven_moves_what_was_just_made_and_keeps_its_day_and_evening() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.understands(Amend(when=SEVEN))
    await scene.hears("make it 7")
    (move,) = scene.changes
    assert isinstance(move, Move)
    assert (move.item, move.when.start) == (THE_TASK, datetime(2026, 11, 26, 19, 0))


async def test_no_thursday_moves_the_day() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    day = When(start=datetime(2026, 11, 27), time_of_day=False)
    scene.understands(Amend(when=day))
    await scene.hears("no, Friday")
    assert scene.changes == (Move(item=THE_TASK, when=day),)


async def test_another_name_for_what_was_just_made() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.understands(Amend(title="call Eva"))
    await scene.hears("I meant call Eva")
    assert scene.changes == (EditItem(item=THE_TASK, title="call Eva"),)


async def test_it_is_the_very_thing_that_was_spoken_of() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.understands(Cancel(item=IT))
    await scene.hears("cancel it")
    assert scene.changes == (Cancel(item=THE_TASK),)


async def test_after_ten_minutes_nothing_is_remembered() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.later(minutes=10, seconds=1)
    scene.understands(Amend(when=SEVEN))
    await scene.hears("make it 7")
    assert scene.said == SAYS("unknown")


async def test_and_milk_too_goes_on_the_same_list() -> None:
    scene = Scene(intents=(AddTask(title="eggs", list_name="shopping"),))
    scene.planner.leads_to = made(Item(id="task:1", title="eggs"))
    await scene.hears("add eggs to my shopping list")
    scene.understands(Unknown())
    await scene.hears("and milk too")
    assert scene.changes == (AddTask(title="milk", list_name="shopping"),)


@pytest.mark.parametrize(
    ("accepted", "changes"), [(True, (Cancel(item=ItemReference(words="dentist")),)), (False, None)]
)
async def test_a_doubtful_wish_is_asked_about_and_yes_or_no_decides(accepted, changes) -> None:
    scene = Scene()
    scene.understands(Cancel(item=ItemReference(words="dentist")), confidence=0.7)
    assert (await scene.hears("dentist no more")).state is TurnState.ASKED
    assert scene.said == "Did I get that right? Cancel: dentist."
    assert [each.payload for each in scene.mouth.buttons[-1]] == [
        "v1:yes:turn:m_1",
        "v1:no:turn:m_1",
    ]
    scene.understands(Confirm(accepted=accepted))
    await scene.hears("yes" if accepted else "no")
    assert (scene.planner.applied[-1][1] if scene.planner.applied else None) == changes
    if not accepted:
        assert scene.said == SAYS("dismissed")


async def test_no_after_a_change_takes_it_back() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.understands(Confirm(accepted=False))
    await scene.hears("no")
    assert scene.changes == (Undo(),)


async def test_seven_tomorrow_is_asked_about_and_evening_is_understood() -> None:
    seven = When(start=datetime(2026, 11, 23, 7, 0), assumed=("am",))
    scene = Scene(intents=(AddEvent(title="run", when=seven),))
    await scene.hears("run tomorrow at 7")
    assert scene.said == "Do you mean 7 in the morning or 7 in the evening?"
    titles = [each.title for each in scene.mouth.buttons[-1]]
    assert titles == ["7 in the morning", "7 in the evening"]
    scene.understands(Unknown())
    await scene.hears("in the evening")
    (event,) = scene.changes
    assert event.when.start == datetime(2026, 11, 23, 19, 0)


async def test_seven_today_in_the_afternoon_is_not_asked_about() -> None:
    seven = When(start=datetime(2026, 11, 22, 19, 0), assumed=("pm",))
    scene = Scene(intents=(AddEvent(title="run", when=seven),))
    assert (await scene.hears("run at 7")).state is TurnState.APPLIED


async def test_a_missing_time_is_asked_for_and_filled_in() -> None:
    scene = Scene(intents=(AddEvent(title="lunch"),))
    await scene.hears("lunch with Ada")
    assert scene.said == SAYS("ask_event_time")
    scene.understands(Unknown(), confidence=0.3)
    noon = When(start=datetime(2026, 11, 26, 12, 0))
    scene.understanding.by_text["remind me to do it Thursday at noon"] = Interpretation(
        intents=(RemindMe(title="do it", when=noon),), confidence=0.99
    )
    await scene.hears("Thursday at noon")
    assert scene.changes == (AddEvent(title="lunch", when=noon),)


async def test_a_new_wish_instead_of_an_answer_is_a_new_wish() -> None:
    scene = Scene(intents=(AddEvent(title="lunch"),))
    await scene.hears("lunch with Ada")
    scene.understands(ShowTasks())
    await scene.hears("what's on my list?")
    assert scene.said == "There is nothing on your list."


async def test_a_missing_title_is_filled_with_the_words_of_the_answer() -> None:
    scene = Scene(intents=(RemindMe(title="", when=AT_EIGHT),))
    await scene.hears("remind me on Thursday at eight")
    assert scene.said == SAYS("ask_reminder_title")
    scene.understands(Unknown())
    await scene.hears("Water the plants.")
    assert scene.changes == (RemindMe(title="Water the plants", when=AT_EIGHT),)


async def test_a_reminder_without_a_time_is_kept_and_its_time_asked_for() -> None:
    scene = Scene(intents=(RemindMe(title="call Ada"),))
    scene.planner.leads_to = made(TASK)
    await scene.hears("remind me to call Ada")
    assert scene.planner.applied[-1][2] == SAYS("ask_reminder_time")
    scene.understands(Amend(when=AT_EIGHT))
    await scene.hears("Thursday at eight")
    assert scene.changes == (Move(item=THE_TASK, when=AT_EIGHT),)


async def test_of_several_one_is_chosen_by_number_by_button_or_by_its_words() -> None:
    for answer in (Choose(number=2), Tap(payload="v1:pick:turn:m_1:2"), "the event:9 please"):
        scene = Scene(
            intents=(Cancel(item=ItemReference(words="dentist")),),
            planner=RecordingPlanner(raises=[ItemAmbiguous(["task:7", "event:9"])]),
        )
        await scene.hears("cancel the dentist")
        assert scene.said == "Which one do you mean: the task:7 or the event:9?"
        scene.understands(answer if isinstance(answer, Choose) else Unknown())
        await scene.hears("the second one" if isinstance(answer, Choose) else answer)
        assert scene.changes == (Cancel(item=ItemReference(id="event:9")),)


async def test_a_time_that_has_passed_is_asked_for_again() -> None:
    scene = Scene(planner=RecordingPlanner(raises=[TimePassed()]))
    event = AddEvent(title="lunch", when=When(start=datetime(2026, 11, 20, 12, 0)))
    scene.understands(event)
    await scene.hears("lunch on the 20th")
    scene.understands(Amend(when=AT_EIGHT))
    await scene.hears("I meant Thursday at eight")
    assert scene.changes == (AddEvent(title="lunch", when=AT_EIGHT),)


async def test_a_city_answers_the_question_for_the_zone() -> None:
    scene = Scene(
        intents=(SetTimeZone(time_zone="Nowhere/Here"),),
        planner=RecordingPlanner(raises=[TimeZoneUnknown()]),
    )
    await scene.hears("I'm in Kleinkleckersdorf")
    scene.understands(Unknown())
    scene.understanding.by_text["I'm in Berlin"] = Interpretation(
        intents=(SetTimeZone(time_zone="Europe/Berlin"),), confidence=0.9
    )
    await scene.hears("Berlin")
    assert scene.changes == (SetTimeZone(time_zone="Europe/Berlin"),)


async def test_a_reply_to_a_reminder_is_about_that_reminder() -> None:
    scene = Scene(intents=(CompleteTask(item=IT),))
    scene.mouth.about["r1"] = Quoted(ids=("task:7",))
    await scene.hears("done", replies_to="r1")
    assert scene.changes == (CompleteTask(item=THE_TASK),)


async def test_a_reply_to_an_own_message_is_about_what_it_made() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    scene.understands(AddTask(title="milk"))
    scene.planner.leads_to = made(Item(id="task:8", title="milk"))
    await scene.hears("add milk")
    scene.understands(Cancel(item=IT))
    await scene.hears("cancel it", quotes="m_1")
    assert scene.changes == (Cancel(item=THE_TASK),)


@pytest.mark.parametrize(
    ("payload", "change"),
    [
        ("v1:done:task:7", CompleteTask(item=THE_TASK)),
        ("v1:undo:change:abc", Undo(change="abc")),
    ],
)
async def test_a_button_does_what_it_says(payload: str, change: object) -> None:
    scene = Scene()
    await scene.hears(Tap(payload=payload))
    assert scene.changes == (change,)
    assert scene.understanding.asked == []


@pytest.mark.parametrize(("extra", "seconds"), [(":3600", 3600), ("", 600)])
async def test_the_snooze_button_snoozes(extra: str, seconds: int) -> None:
    scene = Scene()
    await scene.hears(Tap(payload=f"v1:snooze:event:9{extra}"))
    (snooze,) = scene.changes
    assert isinstance(snooze, Snooze)
    assert snooze.item.id == "event:9"
    assert snooze.when.instant_offset == timedelta(seconds=seconds)


async def test_a_question_is_answered_once_however_often_its_button_is_tapped() -> None:
    scene = Scene()
    scene.understands(DeleteData())
    await scene.hears("delete all my data")
    assert scene.said == SAYS("ask_delete_data")
    await scene.hears(Tap(payload="v1:yes:turn:m_1"))
    await scene.hears(Tap(payload="v1:yes:turn:m_1"))
    assert scene.oblivion.erased == ["u1"]
    assert scene.said == SAYS("question_over")


@pytest.mark.parametrize(
    "payload", ["v1:yes:turn:m_99", "v1:pick:turn:m_1:9", "v1:pick:turn:m_1:x", "v1:yes:turn:m_1"]
)
async def test_a_button_of_no_open_question_does_nothing(payload: str) -> None:
    scene = Scene(intents=(ShowTasks(),))
    await scene.hears("my tasks")
    await scene.hears(Tap(payload=payload))
    assert (scene.said, scene.planner.applied) == (SAYS("question_over"), [])


async def test_a_button_is_over_after_ten_minutes() -> None:
    scene = Scene()
    scene.understands(DeleteData())
    await scene.hears("delete all my data")
    scene.later(minutes=11)
    await scene.hears(Tap(payload="v1:yes:turn:m_1"))
    assert (scene.oblivion.erased, scene.said) == ([], SAYS("question_over"))


async def test_a_foreign_quick_reply_counts_by_its_words() -> None:
    scene = Scene(intents=(ShowTasks(),))
    await scene.hears(Tap(payload="whatever", title="my tasks"))
    assert scene.understanding.asked[0].text == "my tasks"


@pytest.mark.parametrize("emoji", ["👍", "✅", "👍🏽", "✔️"])
async def test_thumbs_up_on_a_reminder_is_done_and_without_a_word(emoji: str) -> None:
    scene = Scene()
    scene.mouth.about["r1"] = Quoted(ids=("task:7",))
    await scene.hears(Reaction(emoji=emoji), replies_to="r1")
    assert scene.changes == (CompleteTask(item=THE_TASK),)


async def test_a_reaction_taken_away_undoes_it() -> None:
    scene = Scene()
    scene.mouth.about["r1"] = Quoted(ids=("task:7",))
    await scene.hears(Reaction(), replies_to="r1")
    assert scene.changes == (ReopenTask(item=THE_TASK),)


@pytest.mark.parametrize("emoji", ["❤️", "😂"])
async def test_other_reactions_are_met_with_silence(emoji: str) -> None:
    scene = Scene()
    scene.mouth.about["r1"] = Quoted(ids=("task:7",))
    assert (await scene.hears(Reaction(emoji=emoji), replies_to="r1")).state is TurnState.ANSWERED
    assert (scene.planner.applied, scene.mouth.said) == ([], [])


async def test_thumbs_up_answers_a_question() -> None:
    scene = Scene()
    scene.understands(DeleteData())
    await scene.hears("delete all my data")
    scene.mouth.about["r1"] = Quoted(message_id="m_1")
    await scene.hears(Reaction(emoji="👍"), replies_to="r1")
    assert scene.oblivion.erased == ["u1"]


async def test_an_edit_of_what_was_done_offers_to_undo_it() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    await scene.hears(Edit(text="remind me to call Eva", original_message_id="m_1"))
    assert scene.said == SAYS("ask_undo", what="call Ada")
    await scene.hears(Tap(payload="v1:yes:turn:m_2"))
    assert scene.changes == (Undo(change="change-1"),)


async def test_an_edit_of_what_led_to_nothing_is_understood_anew() -> None:
    scene = Scene()
    await scene.hears("rmnd me")
    scene.understands(RemindMe(title="call Ada", when=AT_EIGHT))
    await scene.hears(Edit(text="remind me to call Ada", original_message_id="m_1"))
    assert scene.changes == (RemindMe(title="call Ada", when=AT_EIGHT),)


async def test_a_message_taken_back_offers_to_undo_what_it_did() -> None:
    scene = Scene()
    await after_a_reminder(scene)
    await scene.hears(Revocation(original_message_id="m_1"))
    assert scene.said == SAYS("ask_undo", what="call Ada")


async def test_a_message_taken_back_that_did_nothing_is_met_with_silence() -> None:
    scene = Scene(intents=(ShowTasks(),))
    await scene.hears("my tasks")
    await scene.hears(Revocation(original_message_id="m_1"))
    assert len(scene.mouth.said) == 1


async def test_a_place_elsewhere_may_become_the_time_zone() -> None:
    scene = Scene()
    await scene.hears(Place(latitude=52.52, longitude=13.40, name="Berlin"))
    assert scene.said == SAYS("ask_zone", zone="Berlin")
    scene.understands(Confirm(accepted=True))
    await scene.hears("yes")
    assert scene.changes == (SetTimeZone(time_zone="Europe/Berlin"),)


async def test_a_place_after_an_event_may_be_where_it_is() -> None:
    scene = Scene(intents=(AddEvent(title="lunch", when=AT_EIGHT),))
    scene.planner.leads_to = made(EVENT)
    await scene.hears("lunch on Thursday at eight")
    await scene.hears(Place(latitude=52.52, longitude=13.40, name="Café Einstein"))
    await scene.hears(Tap(payload="v1:pick:turn:m_2:1"))
    assert scene.changes == (EditItem(item=ItemReference(id="event:9"), place="Café Einstein"),)


async def test_a_place_at_home_changes_nothing() -> None:
    scene = Scene()
    await scene.hears(Place(latitude=38.72, longitude=-9.14))
    assert scene.said == SAYS("zone_is", zone="Lisbon")
