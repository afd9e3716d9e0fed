"""Questions back: which one, what "it" is, and the buttons that go along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.ai.domain.intent import (
    Cancel,
    CompleteTask,
    EditItem,
    Intent,
    ItemReference,
    Move,
    ReopenTask,
    Snooze,
)
from services.ai.domain.payload import Payload
from services.ai.domain.plan import Plan
from services.ai.domain.turn import Item, Option, Question, Slot
from services.ai.domain.wording import Wording
from services.ai.ports import Button

_LONGEST_TITLE = 20
_Pointing = CompleteTask | ReopenTask | Cancel | Move | Snooze | EditItem


def which(
    made: Plan, candidates: Sequence[str], titles: Sequence[str], wording: Wording
) -> Question:
    """Which one is meant; each answer carries all changes, with this reference filled in."""
    options = tuple(
        Option(title=title, intents=_with_reference(made.changes, candidate))
        for candidate, title in zip(candidates, titles, strict=False)
    )
    if len(options) < 2:
        return Question(slot=Slot.CHOICE, text=wording("ask_which_one"), options=options)
    text = wording("ask_which", options=wording.any_of([each.title for each in options]))
    return Question(slot=Slot.CHOICE, text=text, options=options)


def _with_reference(changes: Sequence[Intent], candidate: str) -> Sequence[Intent]:
    filled: list[Intent] = []
    open_reference = True
    for change in changes:
        if open_reference and isinstance(change, _Pointing) and not change.item.id:
            filled.append(replace(change, item=ItemReference(id=candidate)))
            open_reference = False
        else:
            filled.append(change)
    return tuple(filled)


def about(question: Question, items: Sequence[Item]) -> Question:
    """The question with "it" as the thing that was just made."""
    if len(items) != 1:
        return question
    item = ItemReference(id=items[0].id)
    return replace(
        question,
        intents=tuple(
            replace(each, item=item) if isinstance(each, _Pointing) and each.item.is_last else each
            for each in question.intents
        ),
    )


def buttons(message_id: str, question: Question | None) -> Sequence[Button]:
    """What can be tapped in answer to the question that this message led to."""
    if question is None:
        return ()
    if question.slot is Slot.CONFIRM:
        return [
            Button(
                title=option.title, payload=str(Payload(action=action, kind="turn", id=message_id))
            )
            for action, option in zip(("yes", "no"), question.options, strict=True)
        ]
    titles = [option.title for option in question.options]
    if any(len(title) > _LONGEST_TITLE for title in titles):
        titles = [f"{number} {title}" for number, title in enumerate(titles, 1)]
    return [
        Button(
            title=title[:_LONGEST_TITLE].strip(),
            payload=str(Payload(action="pick", kind="turn", id=message_id, extra=str(number))),
        )
        for number, title in enumerate(titles, 1)
    ]


def city(zone: str) -> str:
    """How people call a time zone: "Lisbon"."""
    return zone.rpartition("/")[2].replace("_", " ")
