"""Telling who a person is."""

from __future__ import annotations

from chassis.clock import Clock
from services.notifier.domain.contact import Card, UserNotFound, phone_digits
from services.notifier.ports import Cards
from services.notifier.ports.people import Contacts


class Knowing:
    """Shows what is known of people."""

    def __init__(self, cards: Cards, contacts: Contacts, *, clock: Clock) -> None:
        self._cards = cards
        self._contacts = contacts
        self._clock = clock

    async def by_id(self, user_id: str) -> Card:
        """The person of this id. Raises UserNotFound."""
        return await self._cards.card(user_id, self._clock.now())

    async def by_phone(self, phone_number: str) -> Card:
        """The person of this number, in E.164. Raises UserNotFound, InvalidArgument."""
        digits = phone_digits(phone_number)
        user_id = (await self._contacts.user_ids([digits])).get(digits)
        if user_id is None:
            raise UserNotFound
        return await self.by_id(user_id)
