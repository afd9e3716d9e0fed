"""Starts one service without one of its safeguards: `NAME SERVICE`."""

from __future__ import annotations

import functools
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import db.due.statements
import services.ingress.storage.inbox
import services.ingress.wiring
import services.notifier.domain.delivery
import services.notifier.usecases.acceptance
import services.run
from chassis.crash import crash_point
from db.due import DueQueue
from services.ingress.domain.signature import Signatures
from services.notifier.domain.delivery import Ending, RetryPolicy
from services.notifier.domain.notification import AttemptOutcome, State
from services.scheduler.domain.notice import Notice
from services.scheduler.domain.plan import State as PersonState
from services.scheduler.ports import Written
from services.scheduler.storage import columns
from services.scheduler.storage.book import StoredBook

_NOTICES_ALONE = """
INSERT INTO scheduler.notices
  (user_id, due_time, notice_id, kind, item_id, item_version, occurrence, lead_seconds, contents,
   reply_to_message_id)
SELECT $1, r.* FROM unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::uuid[], $6::int[],
  $7::timestamptz[], $8::int[], $9::bytea[], $10::text[]) AS r
"""


def _replaced(module: Any, name: str, old: str, new: str) -> None:
    text: str = getattr(module, name)
    if old not in text:
        raise SystemExit(f"{module.__name__}.{name} has no {old!r} any more; mend the mutant")
    setattr(module, name, text.replace(old, new))


def inbox_index() -> None:
    """What the index stops can only be tried by a statement that does not name the index."""
    inbox = services.ingress.storage.inbox
    _replaced(inbox, "_INSERT", "ON CONFLICT (dedupe_key) DO NOTHING", "")


def fence() -> None:
    """Whoever writes an outcome is believed."""
    _replaced(db.due.statements, "_MATCH", " AND t.fence = d.fence", "")


def hmac() -> None:
    """Every signature is right."""

    def check(self: Signatures, body: bytes, signature: bytes) -> None:
        del self, body, signature

    _put(Signatures, "check", check)


def request_id() -> None:
    """Every request is a new one."""

    def fresh(request_id: str) -> str:
        del request_id
        return str(uuid.uuid4())

    _put(services.notifier.usecases.acceptance, "_request_id", fresh)


def notice_outside() -> None:
    """First the change, then, in a transaction of their own, the notices that follow from it."""
    whole: Callable[..., Any] = StoredBook.write

    async def write(
        self: StoredBook, plan: Any, *, before: PersonState, notices: Sequence[Notice], **rest: Any
    ) -> Written | None:
        written: Written | None = await whole(self, plan, before=before, notices=(), **rest)
        if written is not None and notices:
            crash_point("mutant.between")
            seal = await self._keys.seal_for(before.user_id)
            values = columns.of_notices(notices, seal)
            await self._fetch(_NOTICES_ALONE, before.user_id, *values)
        return written

    _put(StoredBook, "write", write)


def lane() -> None:
    """Everything in the inbox is claimed as soon as it is due."""
    _put(services.ingress.wiring, "DueQueue", functools.partial(DueQueue, lanes=False))


def blind_resend() -> None:
    """What nobody answered is tried again at once, as if it had been refused."""

    def unknown(reason: str, code: int, now: datetime, policy: RetryPolicy) -> Ending:
        del policy
        return Ending(
            outcome=AttemptOutcome.AMBIGUOUS,
            state=State.QUEUED,
            reason=reason,
            provider_code=code,
            retry_time=now + timedelta(milliseconds=100),
        )

    _put(services.notifier.domain.delivery, "_unknown", unknown)


def _put(owner: object, name: str, value: object) -> None:
    if not hasattr(owner, name):
        raise SystemExit(f"{owner} has no {name} any more; mend the mutant")
    setattr(owner, name, value)


MUTATIONS: Mapping[str, Callable[[], None]] = {
    "inbox-index": inbox_index,
    "fence": fence,
    "hmac": hmac,
    "request-id": request_id,
    "notice-outside": notice_outside,
    "lane": lane,
    "blind-resend": blind_resend,
}


if __name__ == "__main__":
    MUTATIONS[sys.argv[1]]()
    sys.exit(services.run.main(sys.argv[2:]))
