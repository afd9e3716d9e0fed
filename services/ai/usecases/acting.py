"""From what the person wants to its effect and the one answer to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.crash import crash_point
from services.ai.domain.intent import (
    Cancel,
    CompleteTask,
    EditItem,
    Interpretation,
    Language,
    Move,
    ReopenTask,
    SetTimeZone,
    Snooze,
    Undo,
    Unknown,
    When,
)
from services.ai.domain.message import (
    Edit,
    MediaFailure,
    Medium,
    Place,
    Reaction,
    Revocation,
    Unsupported,
)
from services.ai.domain.plan import Hearing, Plan, confirmation, plan
from services.ai.domain.refusal import (
    ItemAmbiguous,
    ItemNotFound,
    NothingToUndo,
    Refusal,
    TimePassed,
    TimeZoneUnknown,
)
from services.ai.domain.turn import Option, Outcome, Question, Slot, Turn, TurnState
from services.ai.domain.wording import Wording, language_of
from services.ai.ports import Mouth, Oblivion, Planner, Turns
from services.ai.usecases.asking import about, buttons, city, which
from services.ai.usecases.errands import Done, Errands
from services.ai.usecases.interpreting import Scene

_HISTORY = 500
_LARGEST_EXPORT = 1_000_000
_Pointing = CompleteTask | ReopenTask | Cancel | Move | Snooze | EditItem


class Actor:
    """Acts on a stored turn; every effect is idempotent by the message's id."""

    def __init__(
        self, *, turns: Turns, planner: Planner, mouth: Mouth, oblivion: Oblivion, has_model: bool
    ) -> None:
        self._turns = turns
        self._planner = planner
        self._mouth = mouth
        self._errands = Errands(turns=turns, planner=planner, mouth=mouth, oblivion=oblivion)
        self._has_model = has_model

    async def act(self, scene: Scene, turn: Turn) -> tuple[TurnState, Outcome]:
        """Carries out what was understood, and answers."""
        wording = _wording(scene, turn.interpretation)
        if (told := await self._beside(scene, turn, wording)) is not None:
            return told
        found = turn.interpretation
        if not found.intents and isinstance(scene.message.content, Reaction):
            return TurnState.ANSWERED, Outcome()
        hearing = Hearing(wording=wording, now=scene.wall, is_own_word=scene.message.is_own_word)
        made = plan(found, hearing)
        done = await self._errands.run(scene, turn, made, wording)
        texts = [*done.texts, *_notes(scene, turn, made, wording)]
        if made.changes:
            return await self._apply(scene, turn, made, replace(done, texts=texts), wording)
        return await self._answer(turn, made.question, replace(done, texts=texts))

    async def _beside(
        self, scene: Scene, turn: Turn, wording: Wording
    ) -> tuple[TurnState, Outcome] | None:
        """Messages that are answered without an interpretation."""
        text = ""
        question: Question | None = None
        match scene.message.content:
            case Unsupported(type=kind):
                text = _unsupported(kind, wording)
            case MediaFailure(kind=kind, reason=reason):
                key = f"failed_{reason.name.lower()}"
                text = wording(key) if wording.has(key) else _unsupported(kind, wording)
            case Medium() as medium if turn.interpretation.engine == "none":
                text = self._not_understood(medium, turn.interpretation.path, wording)
            case Place() as place:
                return await self._place(scene, turn, place, wording)
            case Revocation(original_message_id=original):
                question = await self._too_late(turn, original, wording)
                if question is None:
                    return TurnState.ANSWERED, Outcome()
            case Edit(original_message_id=original) if not turn.interpretation.intents:
                question = await self._too_late(turn, original, wording)
                text = "" if question else wording("unknown")
            case _:
                return None
        return await self._answer(turn, question, Done(texts=[question.text if question else text]))

    def _not_understood(self, medium: Medium, path: str, wording: Wording) -> str:
        kind = medium.kind if medium.kind != "video" else "document"
        if not self._has_model:
            return _unsupported(medium.kind, wording)
        if path == "local_over_budget":
            return f"{wording('over_budget')} {wording(f'model_down_{kind}')}"
        if path == "local_timed_out":
            return wording("late")
        if path == "local_refused":
            return wording("nothing_seen")
        return wording(f"model_down_{kind}")

    async def _too_late(self, turn: Turn, original: str, wording: Wording) -> Question | None:
        """An edit or a revocation of what was acted on: shall that be undone?"""
        before = await self._turns.get(turn.user_id, original)
        if before is None or before.state is not TurnState.APPLIED:
            return None
        titles = wording.all_of([each.title for each in before.outcome.items])
        text = wording("ask_undo", what=titles) if titles else wording("ask_undo_untitled")
        return confirmation(text, (Undo(change=before.outcome.change),), wording)

    async def _place(
        self, scene: Scene, turn: Turn, place: Place, wording: Wording
    ) -> tuple[TurnState, Outcome] | None:
        intents = turn.interpretation.intents
        waiting = scene.thread.question
        if waiting is not None and waiting.slot is Slot.TIME_ZONE and intents:
            return None
        zones = [each for each in intents if isinstance(each, SetTimeZone)]
        if not intents:
            text = wording("zone_is", zone=city(scene.preferences.time_zone))
            return await self._answer(turn, None, Done(texts=[text]))
        if len(intents) == 1 and zones:
            asked = wording("ask_zone", zone=city(zones[0].time_zone))
            question = confirmation(asked, intents, wording)
        else:
            question = Question(
                slot=Slot.CHOICE,
                text=wording("ask_place", place=place.name or place.address),
                options=tuple(
                    Option(
                        title=wording("my_zone" if each in zones else "place_of"), intents=(each,)
                    )
                    for each in intents
                ),
            )
        return await self._answer(turn, question, Done(texts=[question.text]))

    async def _apply(
        self, scene: Scene, turn: Turn, made: Plan, done: Done, wording: Wording
    ) -> tuple[TurnState, Outcome]:
        """One `Apply`; what else there is to say rides in its bubble, a file apart."""
        text = "\n".join(filter(None, done.texts))
        crash_point("ai.before_apply")
        try:
            applied = await self._planner.apply(
                user_id=turn.user_id,
                message_id=turn.message_id,
                message_time=turn.message_time,
                changes=made.changes,
                answer="" if done.document else text,
            )
        except Refusal as refusal:
            if isinstance(scene.message.content, Reaction):
                return TurnState.ANSWERED, Outcome()
            said, question = await self._explain(turn, made, refusal, wording)
            return await self._answer(turn, question, replace(done, texts=[said]))
        crash_point("ai.after_apply")
        if done.document:
            await self._mouth.answer(turn.user_id, turn.message_id, text, document=done.document)
        question = made.question and about(made.question, applied.items)
        return TurnState.APPLIED, Outcome(
            question=question, items=applied.items, said=text, change=applied.change
        )

    async def _explain(
        self, turn: Turn, made: Plan, refusal: Refusal, wording: Wording
    ) -> tuple[str, Question | None]:
        match refusal:
            case ItemAmbiguous(candidates=candidates):
                titles = await self._planner.titles(turn.user_id, candidates)
                question = which(made, candidates, titles, wording)
                return question.text, question
            case ItemNotFound():
                return wording("not_found"), None
            case NothingToUndo():
                return wording("nothing_to_undo"), None
            case TimeZoneUnknown():
                text = wording("zone_unknown")
                return text, Question(slot=Slot.TIME_ZONE, text=text)
            case TimePassed():
                text = wording("time_passed")
                return text, Question(slot=Slot.WHEN, text=text, intents=made.changes)
        return wording("refused"), None

    async def _answer(
        self, turn: Turn, question: Question | None, done: Done
    ) -> tuple[TurnState, Outcome]:
        text = "\n".join(filter(None, done.texts))
        if text:
            await self._mouth.answer(
                turn.user_id,
                turn.message_id,
                text,
                buttons=buttons(turn.message_id, question) if done.document is None else (),
                document=done.document,
            )
        crash_point("ai.after_answer")
        state = TurnState.ANSWERED if question is None else TurnState.ASKED
        return state, Outcome(question=question, items=done.items, said=text)


def _wording(scene: Scene, found: Interpretation) -> Wording:
    """In the language that was understood; where nothing was, in that of the person's locale."""
    understood = found.engine != "none" and not any(
        isinstance(each, Unknown) for each in found.intents
    )
    if understood and found.intents and found.language is not Language.ENGLISH:
        return Wording(found.language)
    if understood and found.intents and found.engine == "local" and found.confidence >= 0.9:
        return Wording(found.language)
    return Wording(language_of(scene.preferences.locale))


def _notes(scene: Scene, turn: Turn, made: Plan, wording: Wording) -> Sequence[str]:
    """What is said behind the answer: what was heard, and why less was understood."""
    notes = []
    found = turn.interpretation
    if scene.message.circumstance.is_late:
        said = When(start=scene.wall)
        notes.append(wording("came_late", when=wording.when(said)))
    if isinstance(scene.message.content, Medium) and found.transcript:
        notes.append(wording("heard", text=found.transcript[:500]))
    unknown = any(isinstance(each, Unknown) for each in found.intents)
    if found.path == "local_over_budget" and (unknown or made.question):
        notes.append(wording("over_budget"))
    return notes


def _unsupported(kind: str, wording: Wording) -> str:
    key = f"unsupported_{'audio' if kind == 'voice' else kind}"
    return wording(key if wording.has(key) else "unsupported")
