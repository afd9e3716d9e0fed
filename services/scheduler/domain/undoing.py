"""Taking a change back, and what it takes to do so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.scheduler.domain.inverse import Inverse
from services.scheduler.domain.item import Item, item_id, restored
from services.scheduler.domain.ledger import Ledger
from services.scheduler.domain.notice import Withdrawal


def inverse(ledger: Ledger) -> Inverse:
    """What takes back all that the ledger holds."""
    before = {item_id(item): item for item in ledger.before.items}
    is_set = ledger.state.preferences != ledger.before.preferences
    return Inverse(
        version=ledger.before.version,
        items=[before[key] for key in ledger.changed if key in before],
        created=[key for key in ledger.changed if key not in before],
        touched=sorted({each.item_id for each in ledger.withdrawals}),
        notice_ids=tuple(ledger.snoozes),
        preferences=ledger.before.preferences if is_set else None,
    )


def restore(ledger: Ledger, given: Inverse) -> None:
    """Has everything be as it was; reminders that the change had withdrawn hold again."""
    for key, notice_id in given.notice_ids:
        ledger.withdraw(Withdrawal(item_id=key, notice_id=notice_id))
    for key in given.created:
        if key in ledger.known and ledger.known[key].is_open:
            ledger.retime(ledger.gone(ledger.known[key]), since=ledger.now)
    for before in given.items:
        key = item_id(before)
        ledger.withdraw(Withdrawal(item_id=key, keep_version=before.version))
        ledger.keep(restored(before, ledger.known.get(key, before), ledger.now))
    if given.preferences is not None:
        ledger.state = replace(ledger.state, preferences=given.preferences)


def about(ledger: Ledger, given: Inverse) -> Sequence[Item]:
    """The items that a change was about, as they are now."""
    return [ledger.known[key] for key in given.ids if key in ledger.known]
