"""How long replies took, to the millisecond: from each message's receipt to the accepted attempt.

A notification's own `sent_time` may be that of a status of WhatsApp's, in whole seconds.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chassis.channel import Peer
from hark.notifier.v1.notification_pb2 import Attempt, Notification
from hark.notifier.v1.notifier_service_pb2 import GetNotificationRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub

_TIMEOUT = 3.0
# So many are asked for at a time, and remembered: what was once accepted stays so.
_MOST_ASKED = 40
_MOST_KNOWN = 1000
_REPLY = "reply"


class ReplyTimes:
    """What is known about replies; one a session."""

    def __init__(self, notifier: Peer) -> None:
        self._notifier = notifier
        self._accepted: OrderedDict[str, datetime] = OrderedDict()

    async def seconds(
        self, received: Mapping[str, datetime], notifications: Sequence[Notification]
    ) -> Sequence[float]:
        """One for each reply to a message in `received` (by message id). Raises RemoteError."""
        replies = [
            each
            for each in notifications
            if each.kind == _REPLY
            and each.reply_to_message_id in received
            and each.HasField("sent_time")
        ]
        unknown = [each for each in replies if each.notification_id not in self._accepted]
        await asyncio.gather(*(self._ask(each.notification_id) for each in unknown[:_MOST_ASKED]))
        return [
            (
                self._accepted[each.notification_id] - received[each.reply_to_message_id]
            ).total_seconds()
            for each in replies
            if each.notification_id in self._accepted
        ]

    async def _ask(self, notification_id: str) -> None:
        stub = NotifierServiceStub(self._notifier.channel)
        request = GetNotificationRequest(notification_id=notification_id)
        answer = await self._notifier.call(stub.GetNotification, request, timeout=_TIMEOUT)
        for attempt in answer.notification.attempts:
            if attempt.outcome == Attempt.OUTCOME_ACCEPTED:
                self._accepted[notification_id] = attempt.end_time.ToDatetime(UTC)
                break
        while len(self._accepted) > _MOST_KNOWN:
            self._accepted.popitem(last=False)
