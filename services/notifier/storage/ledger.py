"""Notifications over SQL: taken on, read, listed, cancelled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import asyncpg

from chassis.errors import ServiceError
from chassis.ids import new_id
from db.sealed import Ciphertext, PersonKeys, Seal
from services.notifier.domain.cap import DAILY_LIMIT, limited
from services.notifier.domain.contact import UserNotFound, UserStopped
from services.notifier.domain.kind import KINDS, Priority
from services.notifier.domain.notification import (
    Notification,
    NotificationNotFound,
    NotificationNotRedrivable,
    NotificationStarted,
    State,
)
from services.notifier.ports import Judged, Page, Query
from services.notifier.storage import queries, reading, statements
from services.notifier.storage.database import Database
from services.notifier.storage.group import GroupCommit
from services.notifier.storage.sealing import Body, document_place, sealed_body

_ENDED_OTHERWISE = frozenset({State.CANCELLED, State.EXPIRED})


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
            statements.ACCEPT,
            *_columns(judged, known, seals),
            judged[0].create_time,
            *_documents(judged, known, seals),
            *_plans(judged, known),
        )
        late: dict[str, list[int]] = {}
        for row in rows:
            index = row["position"]
            if row["is_new"]:
                answers[index] = reading.fresh(judged[index], known[index], row)
            elif row["notification_id"] is not None:
                answers[index] = reading.answered(judged[index], row)
            elif row["is_stopped"]:
                answers[index] = UserStopped()
            elif row["is_known"] and row["is_refused"]:
                plan, now = judged[index].plan, judged[index].create_time
                answers[index] = limited(DAILY_LIMIT, plan.day_limit, plan.next_day, now)
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
        # What went out in another's bubble has that one's attempts.
        sent_as = row["bubble_id"] or row["notification_id"]
        attempts = await self._database.fetch(queries.ATTEMPTS, sent_as)
        events = await self._database.fetch(queries.EVENTS, sent_as)
        seals = await self._keys.existing([row["user_id"]])
        return reading.notification(
            row, seals.get(row["user_id"]), attempts=attempts, events=events
        )

    async def glance(self, notification_ids: Collection[str]) -> Mapping[str, Notification]:
        """See `ports.Ledger`."""
        rows = await self._database.fetch(queries.GLANCE, list(notification_ids))
        seals = await self._keys.existing({row["user_id"] for row in rows})
        return {
            str(row["notification_id"]): reading.notification(row, seals.get(row["user_id"]))
            for row in rows
        }

    async def redrive(self, notification_id: str, *, now: datetime) -> Notification:
        """See `ports.Ledger`."""
        found = await self.get(notification_id=notification_id)
        if found.state in _ENDED_OTHERWISE:
            raise NotificationNotRedrivable(metadata={"state": found.state.name})
        if found.state not in (State.DEAD, State.FAILED):
            return found
        if found.user_id not in await self._keys.existing([found.user_id]):
            raise UserNotFound
        expire_time = max(found.expire_time, now + KINDS[found.kind].expiry)
        await self._database.fetch(statements.REDRIVE, notification_id, now, expire_time)
        return await self.get(notification_id=notification_id)

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
        if notification_id:
            cancelled = await self._database.fetch(statements.CANCEL, notification_id, now)
            found = await self.get(notification_id=notification_id)
        else:
            cancelled = await self._cancel_request(request_id, now)
            found = await self.get(request_id=request_id)
        if not cancelled and found.state is not State.CANCELLED:
            raise NotificationStarted(metadata={"state": found.state.name})
        return found

    async def _cancel_request(self, request_id: str, now: datetime) -> Sequence[asyncpg.Record]:
        """What was cancelled: one that is there, or one that may still come."""
        cancelled = await self._database.fetch(statements.CANCEL_REQUEST, request_id, now)
        if not cancelled:
            cancelled = await self._database.fetch(
                statements.CANCEL_AHEAD, request_id, now, new_id()
            )
        if not cancelled:
            # It came in between, or was there already.
            cancelled = await self._database.fetch(statements.CANCEL_REQUEST, request_id, now)
        return cancelled


def _columns(
    judged: Sequence[Judged], known: Mapping[int, str], seals: Mapping[str, Seal]
) -> Sequence[Sequence[object]]:
    rows = []
    for index, notification_id in known.items():
        item = judged[index]
        draft = item.draft
        body = Body(
            contents=draft.contents,
            text=item.text,
            locale=item.locale,
            buttons=item.buttons,
            document=draft.document,
        )
        rows.append(
            (
                index,
                notification_id,
                item.request_id,
                item.request_hash,
                item.user_id,
                int(item.kind.type),
                item.kind.name,
                sealed_body(seals[item.user_id], notification_id, body),
                draft.reply_to_message_id,
                draft.holds_overflow,
                item.send_time,
                item.expire_time,
                item.kind.priority is Priority.REPLY,
            )
        )
    return list(zip(*rows, strict=True))


def _documents(
    judged: Sequence[Judged], known: Mapping[int, str], seals: Mapping[str, Seal]
) -> tuple[list[str], list[str], list[Ciphertext]]:
    """The files of those that have one: notification, person, content."""
    ids: list[str] = []
    users: list[str] = []
    contents: list[Ciphertext] = []
    for index, notification_id in known.items():
        item = judged[index]
        if item.draft.document is not None:
            place = document_place("content", notification_id)
            ids.append(notification_id)
            users.append(item.user_id)
            contents.append(seals[item.user_id].seal(item.draft.document.content, place))
    return ids, users, contents


def _plans(judged: Sequence[Judged], known: Mapping[int, str]) -> list[list[object]]:
    rows = []
    for index in known:
        kind, plan = judged[index].kind, judged[index].plan
        rows.append(
            (
                kind.is_urgent,
                plan.is_mergeable,
                plan.counted_day,
                plan.day_limit,
                plan.next_day,
                plan.hold_until,
                plan.hold_reason,
                plan.extends,
                plan.queue_time,
            )
        )
    return [list(column) for column in zip(*rows, strict=True)]
