"""From a message and what was said before it to what the person wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.ai.domain import followup, gesture
from services.ai.domain.intent import (
    EditItem,
    Intent,
    Interpretation,
    ItemReference,
    Language,
    Move,
    SetTimeZone,
    SmallTalk,
    Unknown,
    Utterance,
)
from services.ai.domain.message import (
    Edit,
    Medium,
    Message,
    Place,
    Reaction,
    Tap,
    Words,
)
from services.ai.domain.model import Surroundings
from services.ai.domain.payload import Payload, parse
from services.ai.domain.thread import MEMORY, Thread
from services.ai.domain.turn import Outcome, Slot, TurnState
from services.ai.domain.wording import language_of
from services.ai.ports import Planner, Preferences, Turns
from services.ai.usecases.understanding import NOTHING, Heard, Understander

_AGENDA_DAYS = timedelta(days=7)
_AGENDA_LINES = 12
_YESTERDAY = timedelta(days=1)
_TURNS_TOLD = 4
# By Hark itself: buttons, reactions and places need no engine.
_DIRECT = Interpretation(intents=(), confidence=1.0, engine="none", path="direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A message, where its person is in time, and what was said before."""

    message: Message
    preferences: Preferences
    thread: Thread
    now: datetime

    @property
    def wall(self) -> datetime:
        """The person's wall-clock time when they said it, naive."""
        zone = ZoneInfo(self.preferences.time_zone)
        return self.message.message_time.astimezone(zone).replace(tzinfo=None)

    @property
    def language(self) -> Language:
        """The language of the person's locale."""
        return language_of(self.preferences.locale)


class Interpreter:
    """Finds out what a message asks for. Changes nothing."""

    def __init__(
        self,
        *,
        understander: Understander,
        turns: Turns,
        planner: Planner,
        zone_at: Callable[[float, float], str],
    ) -> None:
        self._understander = understander
        self._turns = turns
        self._planner = planner
        self._zone_at = zone_at

    @property
    def has_model(self) -> bool:
        """Whether sound, images and files can be understood at all."""
        return self._understander.has_model

    async def interpret(self, scene: Scene) -> tuple[Interpretation, str]:
        """What is wanted, and in which words it was said (for a voice note, its transcript)."""
        match scene.message.content:
            case Words(text=text):
                return await self._words(scene, text), text
            case Medium() as medium:
                return await self._medium(scene, medium)
            case Tap() as tap:
                return await self._tap(scene, tap), tap.title
            case Reaction(emoji=emoji):
                return self._reaction(scene, emoji), emoji
            case Place() as place:
                return self._place(scene, place), place.name
            case Edit(text=text, original_message_id=original):
                turn = await self._turns.get(scene.message.user_id, original)
                if turn is not None and turn.state is TurnState.APPLIED:
                    return _DIRECT, text
                return await self._words(scene, text), text
        return _DIRECT, ""

    async def _words(self, scene: Scene, text: str) -> Interpretation:
        utterance = _utterance(scene, text)
        thread = scene.thread if scene.message.is_own_word else Thread()
        local = await self._understander.local(utterance)
        local = await self._read_bare_answer(local, utterance, thread)
        settled = followup.resolve(local, text, thread)
        if followup.is_settled(local, settled):
            found = self._understander.counted(settled, "local")
        else:
            asked = await self._understander.words(self._heard(scene, utterance), local)
            found = followup.resolve(asked, text, thread)
        return await self._with_shifts(scene, found)

    async def _with_shifts(self, scene: Scene, found: Interpretation) -> Interpretation:
        """ "Push it back by two hours": from when it stands to when it shall stand."""
        intents: list[Intent] = []
        for intent in found.intents:
            if isinstance(intent, Move) and intent.when is None and intent.by_minutes:
                intents.append(await self._shifted(scene, intent, intent.by_minutes))
            else:
                intents.append(intent)
        return replace(found, intents=tuple(intents))

    async def _shifted(self, scene: Scene, move: Move, minutes: int) -> Move:
        now = await self._planner.time_of(
            scene.message.user_id, move.item, scene.wall.date() - _YESTERDAY
        )
        if now is None:
            return replace(move, by_minutes=None)
        start = now.start + timedelta(minutes=minutes)
        return replace(move, when=replace(now, start=start), by_minutes=None)

    async def _read_bare_answer(
        self, found: Interpretation, utterance: Utterance, thread: Thread
    ) -> Interpretation:
        """ "Tomorrow at five", "Lisbon": read inside the sentence that the question wants."""
        if followup.has_command(found.intents) and not found.missing:
            return found
        for language in dict.fromkeys((utterance.language or Language.ENGLISH, Language.ENGLISH)):
            sentence = followup.carried(thread.question, utterance.text, language)
            if not sentence:
                break
            inner = await self._understander.local(
                replace(utterance, text=sentence, language=language)
            )
            if answer := followup.from_carried(inner):
                return replace(found, intents=tuple(answer), missing=(), confidence=1.0)
        return found

    async def _medium(self, scene: Scene, medium: Medium) -> tuple[Interpretation, str]:
        utterance = _utterance(scene, medium.caption)
        heard = replace(self._heard(scene, utterance), medium=medium)
        found = await self._understander.medium(heard)
        if found.engine == NOTHING.engine and medium.caption:
            by_caption = await self._words(scene, medium.caption)
            if not any(isinstance(each, Unknown) for each in by_caption.intents):
                return by_caption, medium.caption
        text = found.transcript or medium.caption
        thread = scene.thread if scene.message.is_own_word else Thread()
        resolved = followup.resolve(found, text, thread)
        return await self._with_shifts(scene, resolved), text

    async def _tap(self, scene: Scene, tap: Tap) -> Interpretation:
        payload = parse(tap.payload)
        if payload is None:
            # A quick reply of a template, or of somebody else's making: its words count.
            return await self._words(scene, tap.title or tap.payload)
        if payload.kind == "turn":
            return await self._answer(scene, payload)
        return _direct(gesture.tapped(payload, scene.wall) or Unknown())

    async def _answer(self, scene: Scene, payload: Payload) -> Interpretation:
        """A tapped answer; a question is answered once, and only while it is fresh."""
        turn = await self._turns.get(scene.message.user_id, payload.id)
        question = turn.outcome.question if turn else None
        if turn is None or question is None or turn.finish_time is None:
            return _direct(SmallTalk(kind="question_over"))
        over = scene.now - turn.finish_time > MEMORY or scene.thread.is_answered(turn.message_id)
        chosen = None if over else gesture.picked(payload, question)
        if chosen is None:
            return _direct(SmallTalk(kind="question_over"))
        return replace(_direct(*chosen), answers=turn.message_id)

    def _reaction(self, scene: Scene, emoji: str) -> Interpretation:
        intent = gesture.reacted(emoji, scene.thread)
        if intent is None:
            return _DIRECT
        return followup.resolve(_direct(intent), emoji, scene.thread)

    def _place(self, scene: Scene, place: Place) -> Interpretation:
        """A zone, or the place of the event that was just spoken of; which one is asked."""
        found: list[Intent] = []
        events = [each for each in scene.thread.items if each.id.startswith("event:")]
        if events and (name := place.name or place.address):
            found.append(EditItem(item=ItemReference(id=events[-1].id), place=name[:500]))
        zone = self._zone_at(place.latitude, place.longitude)
        question = scene.thread.question
        if question is not None and question.slot is Slot.TIME_ZONE and zone:
            return _direct(SetTimeZone(time_zone=zone))
        if zone and zone != scene.preferences.time_zone:
            found.append(SetTimeZone(time_zone=zone))
        return _direct(*found)

    def _heard(self, scene: Scene, utterance: Utterance) -> Heard:
        return Heard(
            user_id=scene.message.user_id,
            utterance=utterance,
            surroundings=lambda: self._surroundings(scene),
            is_forwarded=scene.message.circumstance.is_forwarded,
        )

    async def _surroundings(self, scene: Scene) -> Surroundings:
        today = scene.wall.date()
        agenda = await self._planner.agenda(scene.message.user_id, today, today + _AGENDA_DAYS)
        lines = [f"{each.title} {each.time_text}".strip() for each in agenda.lines]
        told = [(turn.heard, _said(turn.outcome)) for turn in scene.thread.turns[:_TURNS_TOLD]]
        question = scene.thread.question
        return Surroundings(
            now=scene.wall,
            time_zone=scene.preferences.time_zone,
            locale=scene.preferences.locale,
            turns=tuple(reversed(told)),
            agenda=lines[:_AGENDA_LINES],
            question=question.text if question else "",
            options=[each.title for each in question.options] if question else (),
        )


def _said(outcome: Outcome) -> str:
    return outcome.said or "; ".join(each.title for each in outcome.items if each.title)


def _direct(*intents: Intent) -> Interpretation:
    return replace(_DIRECT, intents=tuple(intents))


def _utterance(scene: Scene, text: str) -> Utterance:
    return Utterance(
        text=text,
        now=scene.wall,
        time_zone=scene.preferences.time_zone,
        language=scene.language,
    )
