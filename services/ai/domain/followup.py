"""What a message means after what was said before it: "make it 7", "the second one", "and milk"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.ai.domain.intent import (
    AddEvent,
    AddTask,
    Amend,
    Cancel,
    Choose,
    CompleteTask,
    Confirm,
    EditItem,
    Intent,
    Interpretation,
    ItemReference,
    Language,
    Move,
    RemindMe,
    ReopenTask,
    SetTimeZone,
    SmallTalk,
    Snooze,
    Undo,
    Unknown,
    When,
)
from services.ai.domain.thread import Thread
from services.ai.domain.turn import Option, Question, Slot

_Pointing = CompleteTask | ReopenTask | Cancel | Move | Snooze | EditItem
_ALSO = re.compile(
    r"^\W*(?:and|also|plus|y|también|tambien|und|auch|noch|e|também|tambem|mais|et|aussi)\s+(?:also\s+)?"
    r"(?P<what>[^.?!]{1,80}?)(?:\s+(?:too|as well|también|tambien|auch|também|tambem|aussi))?\W*$",
    re.I,
)
_TOO = re.compile(r"^\W*(?P<what>[^.?!]{1,80}?)\s+(?:too|as well)\W*$", re.I)
_LONGEST_TITLE = 200


def resolve(found: Interpretation, text: str, thread: Thread) -> Interpretation:
    """The interpretation with everything put in that only the conversation knows."""
    asking = thread.asking
    if asking is not None and asking.outcome.question is not None:
        answered = _answered(found, text, asking.outcome.question)
        if answered is not None:
            pointed = tuple(_pointed(each, thread) for each in answered)
            return replace(found, intents=pointed, answers=asking.message_id)
    intents: list[Intent] = []
    for intent in found.intents:
        intents += _one(intent, text, thread)
    return replace(found, intents=tuple(_pointed(each, thread) for each in intents))


def is_settled(before: Interpretation, after: Interpretation) -> bool:
    """Whether the conversation alone made sense of it, so that no model needs to be asked."""
    if after.answers:
        return True
    changed = tuple(before.intents) != tuple(after.intents)
    return changed and not any(isinstance(each, Unknown) for each in after.intents)


def has_command(intents: Sequence[Intent]) -> bool:
    """Whether something is asked for that stands by itself."""
    return not all(
        isinstance(each, Unknown | Amend | Confirm | Choose | SmallTalk) for each in intents
    )


def _answered(found: Interpretation, text: str, question: Question) -> Sequence[Intent] | None:
    """What the answer to the question leads to; None where it is no answer to it."""
    chosen = _chosen(found.intents, text, question)
    if chosen is not None:
        return chosen.intents or (SmallTalk(kind="dismissed"),)
    declined = any(isinstance(each, Confirm) and not each.accepted for each in found.intents)
    if declined and not any(_time_of(each) for each in found.intents):
        return (SmallTalk(kind="dismissed"),)
    if question.slot is Slot.WHEN:
        when = next((time for each in found.intents if (time := _time_of(each))), None)
        if when is not None and not _stands_alone(found):
            return [_with_time(each, when) for each in question.intents]
    if question.slot is Slot.WHAT and not has_command(found.intents):
        title = text.strip().rstrip(".!")[:_LONGEST_TITLE]
        return [_with_title(each, title) for each in question.intents]
    return None


def _stands_alone(found: Interpretation) -> bool:
    # "lunch with Ada tomorrow" after "when is it?" is a new event; "tomorrow at 5" is the answer.
    return any(
        isinstance(each, AddEvent | RemindMe | AddTask) and each.title for each in found.intents
    ) or any(
        isinstance(each, Move) and not each.item.is_last and not each.when for each in found.intents
    )


def _chosen(intents: Sequence[Intent], text: str, question: Question) -> Option | None:
    options = question.options
    if not options:
        return None
    for intent in intents:
        match intent:
            case Confirm(accepted=accepted) if question.slot is Slot.CONFIRM:
                return options[0 if accepted else 1]
            case Choose(number=number) if question.slot is Slot.CHOICE:
                index = number - 1 if number > 0 else number
                return options[index] if -len(options) <= index < len(options) else None
    if has_command(intents) and question.slot is not Slot.CHOICE:
        return None
    said = _words(text)
    fitting = [each for each in options if said and said <= _words(each.title)]
    return fitting[0] if len(fitting) == 1 else None


_LITTLE = frozenset(
    "the a an one please in at on el la los las uno der die das le les o os um".split()  # noqa: SIM905
)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold())) - _LITTLE


def _one(intent: Intent, text: str, thread: Thread) -> Sequence[Intent]:
    match intent:
        case Amend():
            return _amended(intent, thread)
        case Confirm(accepted=True):
            return (SmallTalk(kind="okay"),)
        case Confirm():
            changed = thread.turns and thread.turns[0] is thread.changed
            return (Undo(),) if changed else (SmallTalk(kind="okay"),)
        case Choose(number=number):
            return (Unknown(),) if number else (intent,)
        case Unknown():
            return _also(text, thread) or (intent,)
    return (intent,)


def _amended(amend: Amend, thread: Thread) -> Sequence[Intent]:
    """ "make it 7", "I meant the vet": what was just made gets another time or name."""
    if not thread.items:
        return (Unknown(),)
    item = ItemReference(id=thread.items[-1].id)
    made: list[Intent] = []
    if amend.when is not None:
        made.append(Move(item=item, when=_merged(amend.when, _last_time(thread))))
    if amend.title:
        made.append(EditItem(item=item, title=amend.title))
    return made or (Unknown(),)


def _last_time(thread: Thread) -> When | None:
    turn = thread.changed
    if turn is None:
        return None
    return next((time for each in turn.interpretation.intents if (time := _time_of(each))), None)


def _merged(new: When, old: When | None) -> When:
    """The new time, with the day or the clock time of the old one where it says none."""
    if old is None or new.instant_offset is not None or new.rrule:
        return new
    if not new.has_date and new.time_of_day:
        start = datetime.combine(old.start.date(), new.start.time())
        start = _same_half(start, old, new)
        length = old.end - old.start if old.end and old.time_of_day else None
        end = start + length if length else None
        assumed = () if old.time_of_day else new.assumed
        return replace(new, start=start, end=end, has_date=True, assumed=assumed)
    return new


def _same_half(start: datetime, old: When, new: When) -> datetime:
    # "make it 7" after "at 8 pm" stays in the evening, where nobody said morning.
    guessed = "am" in new.assumed or "pm" in new.assumed
    if guessed and old.time_of_day and (start.hour < 12) != (old.start.hour < 12):
        return start.replace(hour=(start.hour + 12) % 24)
    return start


def _also(text: str, thread: Thread) -> Sequence[Intent]:
    """ "and milk too": one more on the list that was just added to."""
    turn = thread.changed
    if turn is None or not thread.turns or thread.turns[0] is not turn:
        return ()
    added = [each for each in turn.interpretation.intents if isinstance(each, AddTask)]
    found = _ALSO.match(text) or _TOO.match(text)
    if not added or found is None:
        return ()
    things = re.split(r"\s*,\s*|\s+(?:and|y|und|e|et)\s+", found["what"].strip())
    return [AddTask(title=each, list_name=added[-1].list_name) for each in things if each]


def _time_of(intent: Intent) -> When | None:
    if isinstance(intent, AddEvent | RemindMe | AddTask | Move | Amend | Snooze):
        return intent.when
    return None


def _with_time(intent: Intent, when: When) -> Intent:
    if isinstance(intent, AddEvent | RemindMe | AddTask | Move | Snooze):
        return replace(intent, when=when)
    return intent


def _with_title(intent: Intent, title: str) -> Intent:
    if isinstance(intent, AddEvent | RemindMe | AddTask):
        return replace(intent, title=title)
    return intent


def _pointed(intent: Intent, thread: Thread) -> Intent:
    """ "it" as the very item that was spoken of, where that is known."""
    if not isinstance(intent, _Pointing):
        return intent
    item = intent.item
    bare = not (item.words or item.number or item.when or item.id)
    if (item.is_last or bare) and len(thread.items) == 1:
        return replace(intent, item=ItemReference(id=thread.items[0].id))
    return intent


CARRIERS: Mapping[Language, str] = {
    Language.ENGLISH: "remind me to do it {}",
    Language.SPANISH: "recuérdame hacerlo {}",
    Language.GERMAN: "erinnere mich {} daran",
    Language.FRENCH: "rappelle-moi de le faire {}",
    Language.PORTUGUESE: "lembra-me de fazer isso {}",
}
"""A bare time ("tomorrow at five") is read inside a sentence that wants one."""
_ZONE_CARRIER = "I'm in {}"
_LONGEST_ANSWER = 60


def carried(question: Question | None, text: str, language: Language) -> str:
    """The sentence in which a bare answer is read; empty where the question wants none."""
    answer = text.strip().strip(".!,")
    if question is None or len(answer) > _LONGEST_ANSWER:
        return ""
    if question.slot is Slot.WHEN:
        return CARRIERS[language].format(answer)
    return _ZONE_CARRIER.format(answer) if question.slot is Slot.TIME_ZONE else ""


def from_carried(found: Interpretation) -> Sequence[Intent]:
    """What the bare answer was, read inside its sentence."""
    for intent in found.intents:
        when = _time_of(intent)
        if when is not None:
            return (Amend(when=when),)
        if isinstance(intent, SetTimeZone) and intent.time_zone:
            return (intent,)
    return ()
