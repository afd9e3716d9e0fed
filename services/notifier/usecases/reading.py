"""Looking at notifications, taking one back before it has started, trying one again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from services.notifier.domain.notification import Notification
from services.notifier.ports import Ledger, Page, Query

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
_TOKEN = re.compile(r"[0-9]{1,18}")


class Reading:
    """Reads, lists, cancels and redrives notifications."""

    def __init__(self, ledger: Ledger, *, ring: Callable[[], None], clock: Clock) -> None:
        self._ledger = ledger
        self._ring = ring
        self._clock = clock

    async def get(self, *, notification_id: str, request_id: str) -> Notification:
        """One, with attempts and events. Raises InvalidArgument, NotificationNotFound."""
        notification_id, request_id = which(notification_id, request_id)
        return await self._ledger.get(notification_id=notification_id, request_id=request_id)

    async def cancel(self, *, notification_id: str, request_id: str) -> Notification:
        """Cancels one; no attempt starts after the answer.

        Raises InvalidArgument, NotificationNotFound, NotificationStarted.
        """
        notification_id, request_id = which(notification_id, request_id)
        return await self._ledger.cancel(
            notification_id=notification_id, request_id=request_id, now=self._clock.now()
        )

    async def redrive(self, notification_id: str) -> Notification:
        """Sends a dead or failed one once more; any other is answered as it stands.

        Raises InvalidArgument, NotificationNotFound, NotificationNotRedrivable, UserNotFound.
        """
        notification_id, _ = which(notification_id, "")
        redriven = await self._ledger.redrive(notification_id, now=self._clock.now())
        self._ring()
        return redriven

    async def list(self, query: Query) -> Page:
        """Those that match. Raises InvalidArgument for a page size outside 1 to 200."""
        if not 1 <= query.limit <= MAX_PAGE_SIZE:
            raise _invalid("page_size", f"is 1 to {MAX_PAGE_SIZE}, or 0 for {PAGE_SIZE}")
        return await self._ledger.list(query)


def page_start(token: str) -> int | None:
    """The row that a page token names; None for the first page. Raises InvalidArgument."""
    if not token:
        return None
    if not _TOKEN.fullmatch(token):
        raise _invalid("page_token", "is not one that a page before has given")
    return int(token)


def which(notification_id: str, request_id: str) -> tuple[str, str]:
    """One of the two ids, in its canonical form. Raises InvalidArgument."""
    field, value = (
        ("notification_id", notification_id) if notification_id else ("request_id", request_id)
    )
    try:
        canonical = str(uuid.UUID(value))
    except ValueError:
        raise _invalid(field, "is not a UUID") from None
    return (canonical, "") if notification_id else ("", canonical)


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
