"""All people's phones, and what their chats show."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from simulator.domain.message import Message
from simulator.domain.person import Person
from simulator.domain.problem import Problem
from simulator.feed import Feed
from simulator.signal import Signal

TYPING_SECONDS = 25.0


class Phones:
    """Keeps people and messages, the newest `messages` of them; tells who watches what changed.

    Every change takes the next number of one sequence, so that "what is new since N" is one
    comparison: a reader never needs the history of changes, only the state.
    """

    def __init__(self, *, messages: int, people: int, feed: Feed) -> None:
        self._limit = messages
        self._people_limit = people
        self._feed = feed
        self._people: dict[str, Person] = {}
        self._by_user_id: dict[str, Person] = {}
        self._messages: OrderedDict[str, Message] = OrderedDict()
        # Ids of reactions, edits and the like: nothing to show, but they can be marked as read.
        self._events: OrderedDict[str, str] = OrderedDict()
        self._signals: dict[str, Signal] = {}
        self.sequence = 0

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def person(self, wa_id: str) -> Person:
        """The person with this number, met now if never before."""
        found = self._people.get(wa_id)
        if found is None:
            if len(self._people) >= self._people_limit:
                raise Problem(f"there are {self._people_limit} people already", status=507)
            found = self._people[wa_id] = Person.new(wa_id)
            self._by_user_id[found.user_id] = found
            self._feed.publish("person", found.view())
        return found

    def by_user_id(self, user_id: str) -> Person | None:
        """The person whom the business knows by this id, if there is one."""
        return self._by_user_id.get(user_id)

    def renamed(self, person: Person, *, wa_id: str, user_id: str) -> None:
        """Files the person under a new number and id; the old id leads nowhere."""
        if wa_id != person.wa_id and wa_id in self._people:
            raise Problem(f"+{wa_id} belongs to somebody else")
        del self._people[person.wa_id]
        self._by_user_id.pop(person.user_id, None)
        for message in person.messages.values():
            message.wa_id = wa_id
        person.wa_id, person.user_id = wa_id, user_id
        self._people[wa_id] = self._by_user_id[user_id] = person
        self.person_changed(person)

    def message(self, wamid: str) -> Message | None:
        """The message with this id, unless it is unknown or forgotten."""
        return self._messages.get(wamid)

    def note(self, wamid: str, person: Person) -> None:
        """Remembers the id of something that a person did, other than writing a message."""
        self._events[wamid] = person.wa_id
        if len(self._events) > self._limit:
            self._events.popitem(last=False)

    def newest_before(self, wamid: str) -> Message | None:
        """The message with this id; for the id of an event, that person's newest message."""
        wa_id = self._events.get(wamid)
        if wa_id is None:
            return self._messages.get(wamid)
        own = [m for m in self.person(wa_id).messages.values() if m.author == "person"]
        return own[-1] if own else None

    def add(self, message: Message) -> None:
        """Shows a new message; the oldest of all is forgotten where there are too many."""
        person = self.person(message.wa_id)
        person.messages[message.wamid] = self._messages[message.wamid] = message
        if len(self._messages) > self._limit:
            _, oldest = self._messages.popitem(last=False)
            self.person(oldest.wa_id).messages.pop(oldest.wamid, None)
        if message.author == "business":
            person.typing_until = 0.0
        message.created = self.sequence + 1
        self.changed(message)

    def changed(self, message: Message) -> None:
        """Tells who watches that the message looks different now."""
        self.sequence += 1
        message.changed = self.sequence
        person = self._people.get(message.wa_id)
        if person is not None:
            person.changed = self.sequence
        if self._feed.watched:
            self._feed.publish("message", {"number": "+" + message.wa_id, **message.view()})
        self._wake(message.wa_id)

    def typing(self, person: Person) -> None:
        """Shows "typing…" until an answer or for 25 s."""
        loop = asyncio.get_running_loop()
        person.typing_until = loop.time() + TYPING_SECONDS
        loop.call_later(TYPING_SECONDS + 0.01, self._typing_ended, person, person.typing_until)
        self._feed.publish("typing", {"number": "+" + person.wa_id, "typing": True})
        self.sequence += 1
        person.changed = self.sequence
        self._wake(person.wa_id)

    def _typing_ended(self, person: Person, until: float) -> None:
        if person.typing_until == until:
            self._feed.publish("typing", {"number": "+" + person.wa_id, "typing": False})

    def person_changed(self, person: Person) -> None:
        """Tells who watches that the person is described differently now."""
        self.sequence += 1
        person.changed = self.sequence
        self._feed.publish("person", person.view())
        self._wake(person.wa_id)

    async def transcript(self, wa_id: str, *, after: int, wait: float) -> dict[str, Any]:
        """What the phone shows that is newer than `after`; waits up to `wait` s if nothing is."""
        person = self.person(wa_id)
        if person.changed <= after:
            signal = self._signals.setdefault(wa_id, Signal())
            await signal.wait(wait)
        return {
            "next": self.sequence,
            "typing": is_typing(person),
            "messages": [m.view() for m in person.messages.values() if m.changed > after],
        }

    def _wake(self, wa_id: str) -> None:
        signal = self._signals.pop(wa_id, None)
        if signal is not None:
            signal.fire()

    def clear(self) -> None:
        """Forgets everybody and everything; the sequence goes on, so that readers notice."""
        self._people.clear()
        self._by_user_id.clear()
        self._messages.clear()
        self._events.clear()
        self.sequence += 1
        self._feed.publish("reset", {})


def is_typing(person: Person) -> bool:
    """Whether the phone shows "typing…" right now."""
    return person.typing_until > asyncio.get_running_loop().time()
