"""Port `Contacts` over the notifier's gRPC."""

from __future__ import annotations

from datetime import time

from chassis.channel import Peer
from hark.notifier.v1.notifier_service_pb2 import SetContactPreferencesRequest
from hark.notifier.v1.notifier_service_pb2_grpc import NotifierServiceStub
from services.scheduler.domain.preferences import Preferences

_TIMEOUT = 5.0


class ContactsClient:
    """Port `Contacts`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stub = NotifierServiceStub(peer.channel)

    async def tell(self, user_id: str, preferences: Preferences, *, request_id: str) -> None:
        """Says how the person wants to be reached. Raises RemoteError."""
        request = SetContactPreferencesRequest(
            user_id=user_id, locale=preferences.locale, request_id=request_id
        )
        # notifier guesses as well as we do; only what the person said is worth telling.
        if not preferences.is_guess:
            request.time_zone = preferences.time_zone
        # Empty times mean that there are none.
        request.quiet_hours.SetInParent()
        if preferences.quiet_hours is not None:
            request.quiet_hours.start_time = _text(preferences.quiet_hours.start)
            request.quiet_hours.end_time = _text(preferences.quiet_hours.end)
        await self._peer.call(self._stub.SetContactPreferences, request, timeout=_TIMEOUT)


def _text(at: time) -> str:
    return at.isoformat(timespec="minutes")
