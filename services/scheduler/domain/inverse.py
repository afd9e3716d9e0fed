"""What takes a change back: the things as they were before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.scheduler.domain.errors import NothingToUndo, UndoTooLate
from services.scheduler.domain.item import Item, item_id
from services.scheduler.domain.preferences import Preferences

# For so long a change can be taken back.
UNDO_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse:
    """How to take a change back.

    `items` are the changed items as they were, `created` the ids of new ones. Reminders of
    `touched` items that the change withdrew hold again; `notice_ids` are (item id, notice id) of
    snoozes that it made. `preferences` is None where they did not change.
    """

    # The person's version before the change: it orders changes whatever the clocks say.
    version: int = 0
    items: Sequence[Item] = ()
    created: Sequence[str] = ()
    touched: Sequence[str] = ()
    notice_ids: Sequence[tuple[str, str]] = ()
    preferences: Preferences | None = None

    @property
    def ids(self) -> Sequence[str]:
        """All the items that it is about."""
        mine = [*(item_id(item) for item in self.items), *self.created]
        return list(dict.fromkeys([*mine, *(key for key, _ in self.notice_ids)]))

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.items or self.created or self.notice_ids or self.preferences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """The last change of a person that was not taken back, or the one that they named."""

    request_id: str
    create_time: datetime
    inverse: Inverse
    is_undone: bool = False


def checked(undoable: Undoable | None, change_request_id: str, *, said: datetime) -> Undoable:
    """The change to take back. Raises NothingToUndo, UndoTooLate."""
    if undoable is None:
        raise NothingToUndo
    if change_request_id and undoable.request_id != change_request_id:
        raise NothingToUndo
    if not undoable.is_undone and said - undoable.create_time > UNDO_WINDOW:
        raise UndoTooLate
    return undoable
