"""What a person wants, as typed values. Every engine (local, Gemini) fills these and no others.

Times in an intent are wall-clock times of the person (naive `datetime` in their zone): the
scheduler alone turns wall time into an instant. An intent says what was understood, not whether it
is possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum


class Grain(Enum):
    """How exactly a time was said: "Thursday" is a day, "at six" a minute."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment or span as said: wall-clock, in the person's zone.

    `end` is None for a moment. `time_of_day` is False for "Thursday" (all day) and True for
    "Thursday at 6". `rrule` is an RFC 5545 rule without the "RRULE:" prefix; empty for one time.
    `assumed` names what was guessed ("pm", "next week"), so that the confirmation can say it.
    `instant_offset` is set for elapsed times ("in 20 minutes"): exact whatever the zone does.
    """

    start: datetime
    end: datetime | None = None
    grain: Grain = Grain.MINUTE
    time_of_day: bool = True
    rrule: str = ""
    instant_offset: timedelta | None = None
    assumed: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindMe:
    """ "remind me to call Ada at six": a task that reminds at its due time."""

    title: str
    when: When | None = None
    list_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """ "add milk to the shopping list": one task each, no time or a due time."""

    title: str
    when: When | None = None
    list_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """ "lunch with Ada on Thursday at noon at Nopa": something that takes place."""

    title: str
    when: When | None = None
    place: str = ""
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReference:
    """Which task or event: its number ("task 3"), words of its title, its time, or "it"."""

    number: int | None = None
    words: str = ""
    when: When | None = None
    is_last: bool = False  # "it", "that", "the last one"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """ "done 3", "I bought the milk"."""

    item: ItemReference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """ "task 3 isn't done after all"."""

    item: ItemReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """ "cancel the dentist", "delete task 3": an event or a task goes away."""

    item: ItemReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """ "move the dentist to Friday at 10"."""

    item: ItemReference
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """ "snooze", "remind me again in ten minutes"."""

    item: ItemReference = field(default_factory=lambda: ItemReference(is_last=True))
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAgenda:
    """ "what's on tomorrow?", "when am I free on Friday?"; dates are inclusive, wall-clock."""

    start: date | None = None
    end: date | None = None
    free_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTasks:
    """ "what's on my shopping list?"."""

    list_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimeZone:
    """ "I'm in Lisbon": an IANA zone name."""

    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """ "undo", "take that back"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """ "what can you do?"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """ "thanks", "hello": something to say. `kind` is greeting, thanks or farewell."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Not understood; the answer says what Hark can do."""


Intent = (
    RemindMe
    | AddTask
    | AddEvent
    | CompleteTask
    | ReopenTask
    | Cancel
    | Move
    | Snooze
    | ShowAgenda
    | ShowTasks
    | SetTimeZone
    | Undo
    | Help
    | SmallTalk
    | Unknown
)


class Language(Enum):
    """Languages that the local engine reads; the value is the BCP 47 tag."""

    ENGLISH = "en"
    SPANISH = "es"
    GERMAN = "de"
    FRENCH = "fr"
    PORTUGUESE = "pt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What was said, and when and where it was said.

    `now` is the person's wall-clock time (naive) when they said it: the message's own timestamp, so
    that a redelivered "tomorrow" still means the right day.
    """

    text: str
    now: datetime
    time_zone: str
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """What an engine makes of an utterance.

    `confidence` is the engine's estimate in [0, 1] that every intent, with its times and titles, is
    what the person meant. `missing` names what must be asked ("when", "which", "what").
    """

    intents: Sequence[Intent]
    confidence: float
    language: Language = Language.ENGLISH
    missing: Sequence[str] = ()
    engine: str = "local"
