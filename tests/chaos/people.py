"""The driver's people: each says their lines, in order, without waiting for answers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from random import Random
from typing import Any

from chassis.crypto import derive
from chassis.ids import message_id
from tests.chaos.history import EVENT, SAID, History
from tests.chaos.plan import Plan, Utterance, filler
from tests.chaos.storage import Storage
from tests.chaos.world import World


def number_of(person: int) -> str:
    """A person's phone number."""
    return f"+1555010{person:04d}"


class People:
    """Says things, and looks whether what was answered 200 is on disk at that very moment."""

    def __init__(
        self, plan: Plan, world: World, storage: Storage, history: History, hash_key: bytes
    ) -> None:
        self._plan = plan
        self._world = world
        self._storage = storage
        self._history = history
        self._key = derive(hash_key, "message-id")

    async def talk(self) -> None:
        """Everybody says everything that the plan has for them."""
        async with asyncio.TaskGroup() as tasks:
            for person in range(len(self._plan.people)):
                tasks.create_task(self._conversation(person))

    async def chat(self, until: Any) -> None:
        """Goes on with small things until `until()` holds or the time is over."""
        rng = Random(f"hark-chaos-filler:{self._plan.seed}")
        ends = time.monotonic() + self._plan.size.limit
        number = 0
        while not until() and time.monotonic() < ends:
            # Two at a time: a queue is worth nothing to a fault while it is empty.
            async with asyncio.TaskGroup() as tasks:
                for person in rng.sample(range(len(self._plan.people)), 2):
                    tasks.create_task(self.say(person, filler(rng, number)))
                    number += 1
            await asyncio.sleep(0.8)

    async def forge(self, rng: Random) -> None:
        """Somebody who is not Meta knocks, in several disguises."""
        for signed in ("wrong", "none", "sha256=" + "0" * 64, "sha256=" + "zz" * 32):
            person = rng.randrange(len(self._plan.people))
            body = _webhook(number_of(person).removeprefix("+"), f"wamid.FORGED{rng.random()}")
            answer = await self._world.post(body, signed)
            self._history.add(
                EVENT,
                name=f"forged body signed {signed[:8]}",
                number="F7",
                what=str(answer["webhook_status"]),
                at=time.monotonic(),
            )

    async def say(self, person: int, line: Utterance) -> None:
        """One line, written down with what became of its webhook."""
        start = time.monotonic()
        answer = await self._world.says(number_of(person), line.text)
        end = time.monotonic()
        name = message_id(self._key, answer["wamid"])
        stored = await self._is_stored(name) if answer["webhook_status"] == 200 else None
        self._history.add(
            SAID,
            person=person,
            wamid=answer["wamid"],
            message_id=name,
            kind=line.kind,
            text=line.text,
            title=line.title,
            start=start,
            end=end,
            status=answer["webhook_status"],
            stored=stored,
        )

    async def _conversation(self, person: int) -> None:
        for line in self._plan.people[person]:
            await asyncio.sleep(line.wait)
            await self.say(person, line)

    async def _is_stored(self, name: str) -> bool | None:
        """Whether the message is in the inbox right now; None while Postgres is away."""
        found: bool | None = await self._storage.ask(
            "SELECT EXISTS (SELECT FROM ingress.inbox WHERE message_key = $1)", _digest(name)
        )
        return found


def _digest(name: str) -> bytes:
    return base64.b32decode(name.removeprefix("m_").upper() + "======")


def _webhook(sender: str, wamid: str) -> dict[str, Any]:
    message = {
        "from": sender,
        "id": wamid,
        "timestamp": "1700000000",
        "type": "text",
        "text": {"body": f"add task forged {hashlib.sha256(wamid.encode()).hexdigest()[:6]}"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550000000", "phone_number_id": "test_phone_id"},
        "contacts": [{"wa_id": sender, "profile": {"name": "Nobody"}}],
        "messages": [message],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
    }
