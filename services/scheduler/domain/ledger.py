"""What the changes of one utterance have come to so far: items, reminders, what goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from services.scheduler.domain import part
from services.scheduler.domain.change import Part
from services.scheduler.domain.item import Item, Task, TaskState, item_id
from services.scheduler.domain.notice import Notice, Withdrawal, reminders
from services.scheduler.domain.part import Chosen
from services.scheduler.domain.reference import Reference, best
from services.scheduler.domain.state import State


class Ledger:
    """Keeps the books of one utterance; `said` is when the person spoke, `now` when it is done."""

    def __init__(
        self, state: State, *, said: datetime, now: datetime, new_id: Callable[[], str]
    ) -> None:
        self.before = self.state = state
        self.said, self.now, self.new_id = said, now, new_id
        self.known: dict[str, Item] = {item_id(item): item for item in state.items}
        # In the order in which they changed; their new reminders by id.
        self.changed: dict[str, None] = {}
        self.notices: dict[str, dict[str, Notice]] = {}
        self.withdrawals: list[Withdrawal] = []
        self.snoozes: list[tuple[str, str]] = []

    @property
    def zone(self) -> str:
        """Where the person is."""
        return self.state.preferences.time_zone

    def keep(self, item: Item) -> Item:
        """Takes an item in its new form."""
        key = item_id(item)
        self.known[key] = item
        self.changed[key] = None
        self.state = replace(self.state, last_item_id=key)
        return item

    def retime(self, item: Item, *, since: datetime) -> Item:
        """Takes an item whose reminders are others from now on."""
        self.withdraw(Withdrawal(item_id=item_id(item)))
        self.remind(item, reminders(item, since=since))
        return self.keep(item)

    def remind(self, item: Item, notices: Iterable[Notice]) -> None:
        """Adds reminders of an item."""
        mine = self.notices.setdefault(item_id(item), {})
        mine.update((notice.notice_id, notice) for notice in notices)

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Has reminders go away, also ones that this utterance made."""
        self.withdrawals.append(withdrawal)
        mine = self.notices.get(withdrawal.item_id, {})
        for key in [key for key, notice in mine.items() if withdrawal.takes(notice)]:
            del mine[key]

    def stamped(self, item: Item) -> Item:
        """A new item, made now."""
        return replace(item, create_time=self.now, update_time=self.now)

    def next_number(self) -> int:
        """The number of one more task."""
        number = self.state.last_task_number + 1
        self.state = replace(self.state, last_task_number=number)
        return number

    def gone(self, item: Item) -> Item:
        """The item, deleted or called off."""
        if isinstance(item, Task):
            return item.deleted(self.now)
        return item.cancelled(self.now)

    def found(
        self,
        reference: Reference,
        *,
        tasks_only: bool = False,
        completed: bool = False,
        deleted: bool = False,
    ) -> Item:
        """The item that is meant. Raises ItemNotFound, ItemAmbiguous."""
        by_name = bool(reference.number or reference.task_id or reference.event_id)
        pool = [
            item
            for item in self.known.values()
            if (isinstance(item, Task) or not tasks_only)
            and (deleted or not _is_gone(item))
            and (by_name or _is_in_question(item, completed=completed))
        ]
        return best(
            reference,
            pool,
            last_id=self.state.last_item_id,
            time_zone=self.zone,
        )

    def chosen(self, item: Item, wanted: Part, reference: Reference) -> Chosen:
        """How much of an item a change is about. Raises OccurrenceNotFound."""
        return part.chosen(
            item,
            wanted,
            reference.when,
            said=self.said,
            zone=self.zone,
        )


def _is_gone(item: Item) -> bool:
    if isinstance(item, Task):
        return item.state is TaskState.DELETED
    return not item.is_open


def _is_in_question(item: Item, *, completed: bool) -> bool:
    """Whether words can mean it: open things, or completed tasks."""
    if isinstance(item, Task) and completed:
        return item.state is TaskState.COMPLETED
    return item.is_open
