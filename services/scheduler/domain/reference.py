"""Which item is meant: words of its title, its time, its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.scheduler.domain.errors import ItemAmbiguous, ItemNotFound
from services.scheduler.domain.item import Event, Item, Task, item_id, named
from services.scheduler.domain.schedule import between
from services.scheduler.domain.when import When
from services.scheduler.domain.zone import day_bounds, to_local

MOST_CANDIDATES = 5
_WORD = re.compile(r"[^\W_]+")
# Words that say nothing about which item is meant.
_EMPTY_WORDS = frozenset(
    {"a", "an", "the", "my", "our", "your", "his", "her", "their", "this", "that", "one"}
    | {"to", "for", "of", "on", "in", "at", "with", "and", "about"}
    | {"task", "tasks", "event", "events", "reminder", "reminders", "appointment", "meeting"}
    | {"thing", "item"}
)
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a person said to name an item; what is not said is empty."""

    number: int = 0
    words: str = ""
    when: When | None = None
    is_last: bool = False
    task_id: str = ""
    event_id: str = ""


def words_of(text: str) -> frozenset[str]:
    """The words of a text that tell items apart: folded, without accents and plurals."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # "Ada's" is "Ada".
    found = _WORD.findall(re.sub(r"['’]s\b", "", plain))  # noqa: RUF001 - people type both
    telling = [word for word in found if word not in _EMPTY_WORDS]
    return frozenset(_stem(word) for word in telling or found)


def best(reference: Reference, items: Sequence[Item], *, last_id: str, time_zone: str) -> Item:
    """The one item that fits best. Raises ItemNotFound, or ItemAmbiguous with `candidates`."""
    fitting = [item for item in items if _may_fit(reference, item, last_id, time_zone)]
    if reference.words:
        fitting = _best_by_words(words_of(reference.words), fitting)
    if not fitting:
        raise ItemNotFound
    fitting = _with_series(fitting)
    if len(fitting) > 1:
        candidates = ",".join(named(item) for item in fitting[:MOST_CANDIDATES])
        raise ItemAmbiguous(metadata={"candidates": candidates})
    return fitting[0]


def _with_series(items: Sequence[Item]) -> list[Item]:
    """Without occurrences that were changed for themselves, where their series fits too."""
    ids = {item_id(item) for item in items}
    return [item for item in items if item.series_id not in ids]


def _may_fit(reference: Reference, item: Item, last_id: str, time_zone: str) -> bool:
    if reference.task_id or reference.event_id:
        return item_id(item) in (reference.task_id, reference.event_id)
    if reference.number and not (isinstance(item, Task) and item.number == reference.number):
        return False
    if reference.is_last and not reference.words and item_id(item) != last_id:
        return False
    return reference.when is None or _stands_at(item, reference.when, time_zone)


def _best_by_words(wanted: frozenset[str], items: Sequence[Item]) -> list[Item]:
    """Those that share most words with what was said; an equal title wins.

    An item fits where it has every word that was said, or where its whole title was said. Half of
    the words is not enough: completing or cancelling the wrong thing is worse than asking.
    """
    scored = []
    for item in items:
        title = words_of(item.title)
        if wanted <= words_of(_told(item)) or title <= wanted:
            scored.append(((len(wanted & words_of(_told(item))), title == wanted), item))
    top = max((score for score, _ in scored), default=None)
    return [item for score, item in scored if score == top]


def _told(item: Item) -> str:
    if isinstance(item, Event):
        return " ".join((item.title, item.place, *item.participants))
    return item.title


def _stands_at(item: Item, when: When, time_zone: str) -> bool:
    if item.schedule is None:
        return False
    if when.instant is not None:
        moment = to_local(when.instant, time_zone)
        return moment in _starts_on(item, moment.date(), time_zone)
    if when.local_time is not None:
        return when.local_time in _starts_on(item, when.local_time.date(), time_zone)
    if when.local_date is not None:
        return bool(_starts_on(item, when.local_date, time_zone))
    # A time of day or a delay alone says nothing about a day.
    return True


def _starts_on(item: Item, day: date, time_zone: str) -> list[datetime]:
    """The wall-clock times at which an item stands on a day."""
    start, end = day_bounds(day, day, time_zone)
    if isinstance(item, Task) and item.due_time is not None:
        found = [item.due_time] if start <= item.due_time < end else []
    elif item.schedule is not None:
        found = list(between(item.schedule, start, end))
    return [to_local(moment, time_zone) for moment in found]


def _stem(word: str) -> str:
    if len(word) > _SHORTEST_STEM and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
