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
    `has_date` is False for "at 7": the day of `start` was not said, so a change keeps the old one.
    """

    start: datetime
    end: datetime | None = None
    grain: Grain = Grain.MINUTE
    time_of_day: bool = True
    rrule: str = ""
    instant_offset: timedelta | None = None
    assumed: Sequence[str] = ()
    has_date: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindMe:
    """ "remind me to call Ada at six": a task that reminds at its due time.

    `nag_minutes` > 0 asks to be reminded again that often until it is done ("every 10 minutes until
    I do it"); `priority` is "high", "low" or "" for unsaid.
    """

    title: str
    when: When | None = None
    list_name: str = ""
    priority: str = ""
    nag_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """ "add milk to the shopping list": one task each, no time or a due time.

    `priority` is "high", "low" or "" for unsaid; `repeats_after_completion` means that the rule in
    `when` counts from the day the task is done ("every 3 days after I finish it").
    """

    title: str
    when: When | None = None
    list_name: str = ""
    priority: str = ""
    notes: str = ""
    repeats_after_completion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """ "lunch with Ada on Thursday at noon at Nopa": something that takes place.

    `reminder_minutes` are leads before the start ("remind me 30 minutes before"), 0 at the start.
    """

    title: str
    when: When | None = None
    place: str = ""
    people: Sequence[str] = ()
    reminder_minutes: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReference:
    """Which task or event: its number ("task 3"), words of its title, its time, or "it"."""

    number: int | None = None
    words: str = ""
    when: When | None = None
    is_last: bool = False  # "it", "that", "the last one"
    id: str = ""  # "task:…" or "event:…": known from a button or from what was spoken of before


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
    """ "cancel the dentist", "delete task 3": an event or a task goes away.

    `scope` says how much of a series is meant: "this", "following", "all", or "" for unsaid.
    """

    item: ItemReference
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """ "move the dentist to Friday at 10", "push it back by 2 hours".

    `when` is a new time (its `has_date` is False for "move it to 5"); `by_minutes` is set instead
    for a shift, negative for earlier. `scope` as in `Cancel`.
    """

    item: ItemReference
    when: When | None = None
    by_minutes: int | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditItem:
    """ "rename the dentist to checkup", "the meeting is at Nopa", "add Bob to lunch", "task 3 is
    urgent": other things than times change. Every empty field stays as it is.
    """

    item: ItemReference
    title: str = ""
    place: str = ""
    notes: str = ""
    list_name: str = ""
    priority: str = ""
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """ "make it 7", "no, Thursday", "I meant 8 pm": what was just said or made, corrected.

    The day counts only if `when.has_date`, the clock time only if `when.time_of_day`; what was not
    said again stays. `title` is set for "I meant the vet".
    """

    when: When | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """ "yes" or "no" by itself: the answer to a question that Hark asked."""

    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """ "the second one", "2", "the last one": one of the things that Hark offered.

    `number` counts from 1; -1 is the last, 0 all of them.
    """

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """ "snooze", "remind me again in ten minutes".

    "for 10 minutes" is a `when` with `instant_offset`; "until 5" one without; None for unsaid.
    """

    item: ItemReference = field(default_factory=lambda: ItemReference(is_last=True))
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAgenda:
    """ "what's on tomorrow?", "when am I free on Friday?"; dates are inclusive, wall-clock."""

    start: date | None = None
    end: date | None = None
    free_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindFreeTime:
    """ "when am I free on Friday afternoon?", "find me an hour tomorrow": gaps of the diary.

    The window is wall clock, `end` exclusive, both None for unsaid; `length_minutes` 0 for unsaid.
    """

    start: datetime | None = None
    end: datetime | None = None
    length_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTasks:
    """ "what's on my shopping list?"."""

    list_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimeZone:
    """ "I'm in Lisbon": an IANA zone name."""

    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """ "send my summary at 7", "quiet hours from 22 to 7", "answer in German", "use 24h".

    Only what was said is set. Clock times are "HH:MM"; "off" switches the thing off. `language` is
    a BCP 47 tag, `hour_cycle` 12 or 24, `first_day_of_week` "monday" to "sunday".
    """

    digest_time: str = ""
    weekly_digest: str = ""  # "on" or "off"
    quiet_from: str = ""  # "22:00", or "off"
    quiet_until: str = ""
    language: str = ""
    hour_cycle: int = 0
    first_day_of_week: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportData:
    """ "export my data", "send me my calendar file". `what` is "everything" or "calendar"."""

    what: str = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteData:
    """ "delete all my data", "forget me": needs a confirmation, always.

    `confirmed` is set by Hark's own question and by no engine.
    """

    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLink:
    """ "give me a calendar link": an address to subscribe to; `revoked` takes it away again."""

    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StopMessages:
    """ "stop messaging me": nothing more is sent until `StartMessages`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMessages:
    """ "start again"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """ "undo", "take that back". `change` is the request that made the change; "" for the last."""

    change: str = ""


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
    | EditItem
    | Amend
    | Confirm
    | Choose
    | Snooze
    | ShowAgenda
    | FindFreeTime
    | ShowTasks
    | SetTimeZone
    | SetPreferences
    | ExportData
    | DeleteData
    | CalendarLink
    | StopMessages
    | StartMessages
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
    `transcript` is what a voice note said, `answer` what a model would say by itself (about an
    image, or to a question that is no command), `path` how the engines were gone through,
    `answers` the message whose question this one answers.
    """

    intents: Sequence[Intent]
    confidence: float
    language: Language = Language.ENGLISH
    missing: Sequence[str] = ()
    engine: str = "local"
    transcript: str = ""
    answer: str = ""
    path: str = ""
    answers: str = ""
