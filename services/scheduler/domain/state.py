"""What is known of a person before a change, and all that must be written after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.scheduler.domain.inverse import Inverse, Undoable
from services.scheduler.domain.item import Item
from services.scheduler.domain.notice import Content, Notice, Withdrawal
from services.scheduler.domain.preferences import Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a person before a change; `version` 0 is nothing at all.

    `items` are those that the changes may be about, `undoable` is the change that may be taken
    back.
    """

    user_id: str
    preferences: Preferences = field(default_factory=Preferences)
    last_task_number: int = 0
    last_item_id: str = ""
    version: int = 0
    # What they wrote until then was erased.
    erase_time: datetime | None = None
    items: Sequence[Item] = ()
    undoable: Undoable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that must be written, in one transaction.

    `results` has the item of each change after it (None for preferences; of an undo, each item
    that it took back), `items` every changed item once, in its final form. Open notices that a
    withdrawal takes go away, and `notices` take their place; those that the change `undone` had
    withdrawn hold again. `contents` has what to tell the person about each change, `timed` the
    places in `contents` of those that gave an item a time, `put_off` those of snoozes. `inverse` is
    None for an undo.
    """

    state: State
    results: Sequence[Item | None]
    items: Sequence[Item]
    notices: Sequence[Notice]
    contents: Sequence[Content]
    withdrawals: Sequence[Withdrawal] = ()
    timed: Sequence[tuple[int, Item]] = ()
    put_off: Sequence[tuple[int, datetime]] = ()
    inverse: Inverse | None = None
    undone: str = ""
    reopened: Sequence[str] = ()
