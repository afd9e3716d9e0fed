"""Notifications over SQL: taken on, read, listed, cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from chassis.errors import ServiceError
from chassis.ids import new_id
from db.sealed import PersonKeys, Seal
from services.notifier.domain.contact import UserNotFound, UserStopped
from services.notifier.domain.kind import Priority
from services.notifier.domain.notification import (
    Notification,
    NotificationNotFound,
    NotificationStarted,
    State,
)
from services.notifier.ports import Judged, Page, Query
from services.notifier.storage import queries, reading, statements
from services.notifier.storage.database import Database
from services.notifier.storage.group import GroupCommit
from services.notifier.storage.sealing import sealed_body


class SqlLedger:
    """See `ports.Ledger`."""

    def __init__(self, database: Database, keys: PersonKeys) -> None:
        self._database = database
        self._keys = keys
        self._writing = database.held()
        # A component: what is accepted singly shares its commits.
        self.single: GroupCommit[Judged, Notification | ServiceError] = GroupCommit(
            "notifier acceptance", self._accept
        )

    async def accept(self, judged: Sequence[Judged]) -> Sequence[Notification | ServiceError]:
        """See `ports.Ledger`."""
        if len(judged) == 1:
            return [await self.single.submit(judged[0])]
        return await self._accept(judged)

    async def _accept(self, judged: Sequence[Judged]) -> Sequence[Notification | ServiceError]:
        """One statement for all of them."""
        answers: list[Notification | ServiceError] = [UserNotFound() for _ in judged]
        seals = await self._keys.existing({item.user_id for item in judged})
        known = {i: new_id() for i, item in enumerate(judged) if item.user_id in seals}
        if not known:
            return answers
        # Both ways in, single and batch, take turns on one connection: two writers are slower.
        rows = await self._writing.fetch(
            statements.ACCEPT, *_columns(judged, known, seals), judged[0].create_time
        )
        late: dict[str, list[int]] = {}
        for row in rows:
            index = row["position"]
            if row["is_new"]:
                answers[index] = reading.fresh(judged[index], known[index])
            elif row["notification_id"] is not None:
                answers[index] = reading.answered(judged[index], row)
            elif row["is_stopped"]:
                answers[index] = UserStopped()
            elif row["is_known"]:
                late.setdefault(judged[index].request_id, []).append(index)
        if late:
            for row in await self._database.fetch(statements.ACCEPTED, list(late)):
                for index in late[str(row["request_id"])]:
                    answers[index] = reading.answered(judged[index], row)
        return answers

    async def get(self, *, notification_id: str = "", request_id: str = "") -> Notification:
        """See `ports.Ledger`."""
        rows = await (
            self._database.fetch(queries.GET, notification_id)
            if notification_id
            else self._database.fetch(queries.GET_REQUEST, request_id)
        )
        if not rows:
            raise NotificationNotFound
        row = rows[0]
        attempts = await self._database.fetch(queries.ATTEMPTS, row["notification_id"])
        events = await self._database.fetch(queries.EVENTS, row["notification_id"])
        seals = await self._keys.existing([row["user_id"]])
        return reading.notification(
            row, seals.get(row["user_id"]), attempts=attempts, events=events
        )

    async def list(self, query: Query) -> Page:
        """See `ports.Ledger`."""
        rows = await self._matching(query)
        shown = rows[: query.limit]
        seals = await self._keys.existing({row["user_id"] for row in shown})
        notifications = [reading.notification(row, seals.get(row["user_id"])) for row in shown]
        return Page(
            notifications=notifications,
            before=shown[-1]["id"] if len(rows) > query.limit else None,
        )

    async def _matching(self, query: Query) -> Sequence[asyncpg.Record]:
        """One row more than a page, so that it is known whether there is another."""
        states = [int(state) for state in query.states] or None
        page = (states, query.before, query.limit + 1)
        user, message = query.user_id, query.reply_to_message_id
        if user and message:
            return await self._database.fetch(queries.LIST_OF_USERS_REPLIES, message, *page, user)
        if user:
            return await self._database.fetch(queries.LIST_OF_USER, user, *page)
        if message:
            return await self._database.fetch(queries.LIST_OF_REPLIES, message, *page)
        return await self._database.fetch(queries.LIST, None, *page)

    async def cancel(
        self, *, notification_id: str = "", request_id: str = "", now: datetime
    ) -> Notification:
        """See `ports.Ledger`."""
        cancelled = await (
            self._database.fetch(statements.CANCEL, notification_id, now)
            if notification_id
            else self._database.fetch(statements.CANCEL_REQUEST, request_id, now)
        )
        found = await self.get(notification_id=notification_id, request_id=request_id)
        if not cancelled and found.state is not State.CANCELLED:
            raise NotificationStarted(metadata={"state": found.state.name})
        return found


def _columns(
    judged: Sequence[Judged], known: Mapping[int, str], seals: Mapping[str, Seal]
) -> Sequence[Sequence[object]]:
    rows = []
    for index, notification_id in known.items():
        item = judged[index]
        draft = item.draft
        body = sealed_body(seals[item.user_id], notification_id, draft.contents, item.text)
        rows.append(
            (
                index,
                notification_id,
                item.request_id,
                item.request_hash,
                item.user_id,
                int(item.kind.type),
                item.kind.name,
                body,
                draft.reply_to_message_id,
                draft.holds_overflow,
                item.send_time,
                item.expire_time,
                item.kind.priority is Priority.REPLY,
            )
        )
    return list(zip(*rows, strict=True))
