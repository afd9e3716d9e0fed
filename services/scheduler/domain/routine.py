"""What follows from a person's preferences by itself: overviews, and what notifier must know.

An overview names an instant at which the preferences ask for one. If they do not any more when it
falls due, it says nothing, and the next one they do ask for takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from chassis.ids import derived_id
from services.scheduler.domain.notice import Notice, NoticeKind
from services.scheduler.domain.preferences import Preferences

# An overview that comes later than this is not worth a message any more.
STALE = timedelta(hours=3)
_TICK = timedelta(microseconds=1)
_NEXT: Mapping[NoticeKind, Callable[[Preferences, datetime], datetime | None]] = MappingProxyType(
    {
        NoticeKind.DIGEST: Preferences.next_digest,
        NoticeKind.WEEKLY_DIGEST: Preferences.next_weekly_digest,
    }
)
OVERVIEWS = frozenset(_NEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Notices to write, and the ids under which open ones go away."""

    notices: Sequence[Notice]
    withdrawn: Sequence[str]


def of_preferences(
    user_id: str, *, before: Preferences, after: Preferences, version: int, now: datetime
) -> Routine:
    """What a change of preferences leads to; `version` is the person's before it."""
    notices: list[Notice] = []
    withdrawn: list[str] = []
    for kind in _NEXT:
        if _asked(kind, before) == _asked(kind, after):
            continue
        withdrawn.append(_key(kind, user_id))
        # Not the same id as that of a time that was set before, taken back, and set again.
        notices.extend(_overviews(kind, user_id, after, now, salt=str(version)))
    if _told(before) != _told(after):
        notices.append(_contact(user_id, version, now))
    return Routine(notices=notices, withdrawn=withdrawn)


def is_asked_for(notice: Notice, preferences: Preferences) -> bool:
    """Whether the preferences ask for an overview at its time."""
    at = notice.occurrence
    return at is not None and _NEXT[notice.kind](preferences, at - _TICK) == at


def next_overview(fired: Notice, preferences: Preferences, now: datetime) -> Iterator[Notice]:
    """The overview after one that fell due; what was missed is skipped."""
    after = max(now, fired.occurrence or fired.due_time)
    for found in _overviews(fired.kind, fired.user_id, preferences, after):
        yield replace(found, parent_id=fired.notice_id)


def _overviews(
    kind: NoticeKind, user_id: str, preferences: Preferences, after: datetime, *, salt: str = ""
) -> Iterator[Notice]:
    moment = _NEXT[kind](preferences, after)
    if moment is None:
        return
    key = _key(kind, user_id)
    yield Notice(
        notice_id=derived_id("overview", key, moment.isoformat(), salt),
        user_id=user_id,
        kind=kind,
        due_time=moment,
        item_id=key,
        occurrence=moment,
    )


def _contact(user_id: str, version: int, now: datetime) -> Notice:
    key = derived_id("contact", user_id)
    return Notice(
        notice_id=derived_id("contact", key, str(version)),
        user_id=user_id,
        kind=NoticeKind.CONTACT,
        due_time=now,
        item_id=key,
    )


def _key(kind: NoticeKind, user_id: str) -> str:
    """What stands where a reminder has its item."""
    return derived_id(kind.value, user_id)


def _asked(kind: NoticeKind, preferences: Preferences) -> object:
    asked = preferences.digest_time if kind is NoticeKind.DIGEST else preferences.weekly_digest
    return (asked, preferences.time_zone) if asked is not None else None


def _told(preferences: Preferences) -> object:
    """What notifier goes by."""
    return (preferences.time_zone, preferences.locale, preferences.quiet_hours)
