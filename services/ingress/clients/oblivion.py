"""Port `Services`: the three others, asked to forget a person."""

from __future__ import annotations

from typing import Any

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from hark.ai.v1.ai_service_pb2 import EraseUserRequest as EraseTurns
from hark.ai.v1.ai_service_pb2_grpc import AiServiceStub
from hark.notifier.v1.notifier_service_pb2 import EraseUserRequest as EraseContact
from hark.notifier.v1.notifier_service_pb2 import GetContactRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from hark.scheduler.v1.scheduler_service_pb2 import EraseUserRequest as ErasePlans
from hark.scheduler.v1.scheduler_service_pb2_grpc import SchedulerServiceStub
from services.ingress.domain.erasure import Erasure, Known, Stage

_TIMEOUT = 20.0


class OblivionClients:
    """Port `Services`; what a peer refuses is a `RemoteError`."""

    def __init__(self, *, ai: Peer, scheduler: Peer, notifier: Peer) -> None:
        self._ai, self._ai_stub = ai, AiServiceStub(ai.channel)
        self._scheduler, self._scheduler_stub = scheduler, SchedulerServiceStub(scheduler.channel)
        self._notifier, self._notifier_stub = notifier, NotifierServiceStub(notifier.channel)

    async def known(self, user_id: str) -> Known | None:
        """Who the person is; None where nobody knows them (any more)."""
        request = GetContactRequest(user_id=user_id)
        try:
            answer = await self._notifier.call(
                self._notifier_stub.GetContact, request, timeout=_TIMEOUT
            )
        except RemoteError as error:
            if error.remote_code is Code.NOT_FOUND:
                return None
            raise
        sender = answer.contact.sender
        ids = (sender.wa_id, sender.business_user_id, sender.parent_user_id)
        return Known(
            generation=answer.contact.generation, sender_ids=[each for each in ids if each]
        )

    async def erase_contact(self, erasure: Erasure) -> int:
        """The notifier forgets; how many notifications it cancelled."""
        request = _asked(EraseContact, erasure)
        request.erase_time.FromDatetime(erasure.erase_time)
        answer = await self._notifier.call(self._notifier_stub.EraseUser, request, timeout=_TIMEOUT)
        return answer.cancelled_count

    async def erase_plans(self, erasure: Erasure) -> int:
        """The scheduler forgets; how many rows went."""
        request = _asked(ErasePlans, erasure)
        # It erases a generation once. Nobody will ever be this person again, so that the second
        # round may be of the next, and all that comes late is void whenever it was written.
        request.generation += erasure.stage is not Stage.REQUESTED
        answer = await self._scheduler.call(
            self._scheduler_stub.EraseUser, request, timeout=_TIMEOUT
        )
        return answer.erased_row_count

    async def erase_turns(self, erasure: Erasure) -> int:
        """ai forgets; how many turns went."""
        request = _asked(EraseTurns, erasure)
        answer = await self._ai.call(self._ai_stub.EraseUser, request, timeout=_TIMEOUT)
        return answer.turn_count


def _asked(kind: Any, erasure: Erasure) -> Any:
    return kind(
        user_id=erasure.user_id,
        generation=erasure.generation or 1,
        request_id=erasure.request_id,
    )
