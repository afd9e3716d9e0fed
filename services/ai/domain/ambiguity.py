""" "at 7": morning or evening? Asked only where both lie ahead and either is likely."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from services.ai.domain.intent import AddEvent, AddTask, Intent, Move, RemindMe, When
from services.ai.domain.turn import Option, Question, Slot
from services.ai.domain.wording import Wording

# Earlier is hardly ever meant before noon, later hardly ever after dark.
_EITHER = range(6, 10)
# What says by itself whether it is morning or evening.
_TELLING = re.compile(
    r"breakfast|brunch|lunch|dinner|supper|drinks|pub|party|concert|theat|movie|cinema|bedtime|"
    r"sunset|sunrise|wake|desayuno|cena|fiesta|frühstück|abendessen|feier|kino|petit[- ]déj|dîner|"
    r"souper|fête|pequeno[- ]almoço|jantar|festa",
    re.I,
)
_GUESSES = frozenset({"am", "pm"})
_HALF_DAY = timedelta(hours=12)


def half_of_day(intent: Intent, now: datetime, wording: Wording) -> Question | None:
    """The question back, where the half of the day was guessed and both are likely.

    `now` is the person's wall-clock time.
    """
    if not isinstance(intent, AddEvent | RemindMe | AddTask | Move) or intent.when is None:
        return None
    when = intent.when
    if not _is_open(when, now) or _TELLING.search(getattr(intent, "title", "")):
        return None
    morning, evening = _halves(when)
    names = (
        wording("morning", time=_hour(morning.start)),
        wording("evening", time=_hour(evening.start)),
    )
    return Question(
        slot=Slot.CHOICE,
        text=wording("ask_half", morning=names[0], evening=names[1]),
        options=(
            Option(title=names[0], intents=(replace(intent, when=morning),)),
            Option(title=names[1], intents=(replace(intent, when=evening),)),
        ),
    )


def _is_open(when: When, now: datetime) -> bool:
    if not when.time_of_day or when.instant_offset is not None or when.end is not None:
        return False
    if not _GUESSES & set(when.assumed) or when.start.hour % 12 not in _EITHER:
        return False
    return _halves(when)[0].start > now


def _halves(when: When) -> tuple[When, When]:
    early = when.start if when.start.hour < 12 else when.start - _HALF_DAY
    said = tuple(each for each in when.assumed if each not in _GUESSES)
    return (
        replace(when, start=early, assumed=said),
        replace(when, start=early + _HALF_DAY, assumed=said),
    )


def _hour(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02}" if moment.minute else str(hour)
