"""Looking at notifications, and taking one back before it has started."""

from __future__ import annotations

import re
import uuid

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from services.notifier.domain.notification import Notification
from services.notifier.ports import Ledger, Page, Query

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
_TOKEN = re.compile(r"[0-9]{1,18}")


class Reading:
    """Reads, lists and cancels notifications."""

    def __init__(self, ledger: Ledger, *, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def get(self, *, notification_id: str, request_id: str) -> Notification:
        """One, with attempts and events. Raises InvalidArgument, NotificationNotFound."""
        notification_id, request_id = _which(notification_id, request_id)
        return await self._ledger.get(notification_id=notification_id, request_id=request_id)

    async def cancel(self, *, notification_id: str, request_id: str) -> Notification:
        """Cancels one; no attempt starts after the answer.

        Raises InvalidArgument, NotificationNotFound, NotificationStarted.
        """
        notification_id, request_id = _which(notification_id, request_id)
        return await self._ledger.cancel(
            notification_id=notification_id, request_id=request_id, now=self._clock.now()
        )

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


def _which(notification_id: str, request_id: str) -> tuple[str, str]:
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
