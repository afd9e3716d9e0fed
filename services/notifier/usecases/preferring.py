"""How people want to be written to, and who wants to be forgotten."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ids import derived_id
from services.notifier.domain.contact import Erasure, Preferences, PreferencesChange
from services.notifier.domain.notification import Content, Draft, Type
from services.notifier.ports.people import Erasures, Profiles
from services.notifier.usecases.acceptance import Acceptance


class Preferring:
    """Changes preferences and forgets people."""

    def __init__(
        self, profiles: Profiles, erasures: Erasures, acceptance: Acceptance, *, clock: Clock
    ) -> None:
        self._profiles = profiles
        self._erasures = erasures
        self._acceptance = acceptance
        self._clock = clock

    async def change(
        self, user_id: str, change: PreferencesChange, *, request_id: str, reply_to: str
    ) -> Preferences:
        """Changes what is set. Where that stops or starts us, and `reply_to` is the message that
        asked for it, they are told so: once, and in answer to it.

        Raises UserNotFound.
        """
        changed = await self._profiles.change(
            user_id, change, request_id=request_id, now=self._clock.now()
        )
        if reply_to and changed.has_moved:
            await self._acceptance.send(
                Draft(
                    # Of the request that moved it: a repeat after a crash meets the same one.
                    request_id=derived_id("preference", request_id),
                    user_id=user_id,
                    type=Type.CONFIRMATION,
                    contents=(Content(template="stopped" if change.is_stopped else "started"),),
                    reply_to_message_id=reply_to,
                )
            )
        return changed.preferences

    async def erase(self, erasure: Erasure) -> int:
        """Forgets a person for good; how much was cancelled. Raises GenerationOutdated."""
        return await self._erasures.erase(erasure)
