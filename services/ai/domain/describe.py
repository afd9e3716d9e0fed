"""What would be done, in a few words, for a question back."""

from __future__ import annotations

from collections.abc import Sequence

from services.ai.domain.codec import kind_of
from services.ai.domain.intent import AddEvent, AddTask, Intent, ItemReference, When
from services.ai.domain.wording import Wording

_LONGEST = 120


def described(intents: Sequence[Intent], wording: Wording) -> str:
    """ "Reminder: call Ada, Thursday, November 26, 6:00 PM; Cancel: dentist"."""
    return "; ".join(_one(each, wording) for each in intents)


def _one(intent: Intent, wording: Wording) -> str:
    key = f"do_{kind_of(intent)}"
    said = wording(
        key if wording.has(key) else "do_set_preferences",
        title=_title(intent)[:_LONGEST],
        item=_item(getattr(intent, "item", None), wording)[:_LONGEST],
        list=list_name(getattr(intent, "list_name", ""), wording),
        zone=getattr(intent, "time_zone", ""),
    )
    when = getattr(intent, "when", None)
    return f"{said}, {wording.when(when)}" if isinstance(when, When) else said


def _title(intent: Intent) -> str:
    title = str(getattr(intent, "title", ""))
    if isinstance(intent, AddEvent) and intent.people:
        return event_title(intent)
    return title


def event_title(event: AddEvent) -> str:
    """ "dinner with Grace": what the person called it, not what is left without the people."""
    missing = [name for name in event.people if name not in event.title]
    if not missing:
        return event.title
    *others, last = missing
    people = f"{', '.join(others)} and {last}" if others else last
    return f"{event.title} with {people}".strip()


def _item(item: ItemReference | None, wording: Wording) -> str:
    if item is None:
        return ""
    if item.words:
        return item.words
    if item.number:
        return wording("task_number", number=item.number)
    return wording("last_item")


def list_name(name: str, wording: Wording) -> str:
    """How a list is called in a sentence."""
    return wording("list_named", name=name) if name else wording("list_default")


def is_addition(intent: Intent) -> bool:
    """Whether it only adds to a list: nothing that is there can be hurt by it."""
    return isinstance(intent, AddTask) and intent.when is None
