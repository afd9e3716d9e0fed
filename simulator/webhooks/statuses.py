"""What becomes of a message that the business sent: sent, delivered, read, or failed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chassis.clock import Clock
from simulator.domain.fault import Faults
from simulator.domain.graph_error import webhook_error
from simulator.domain.message import Message, State
from simulator.domain.part import status_part
from simulator.phones import Phones
from simulator.webhooks.dispatch import Dispatch
from simulator.webhooks.sender import Delivery, WebhookSender

_UNDER_WAY = 200_000


@dataclass(frozen=True, slots=True)
class Step:
    """One status, and how long after the one before it is told, in seconds."""

    state: State
    gap: float
    errors: tuple[dict[str, Any], ...] = ()


class _Waiting:
    """A step that waits for its time."""

    __slots__ = ("handle",)

    def __init__(self) -> None:
        self.handle: asyncio.TimerHandle | None = None


class Statuses:
    """Moves each message along its steps; the next one begins when the last was told once."""

    def __init__(
        self,
        *,
        clock: Clock,
        phones: Phones,
        dispatch: Dispatch,
        sender: WebhookSender,
        faults: Faults,
    ) -> None:
        self._clock = clock
        self._phones = phones
        self._dispatch = dispatch
        self._sender = sender
        self._faults = faults
        self._waiting: set[_Waiting] = set()
        self.skipped = 0

    def follow(self, message: Message, *, at_once: bool = False) -> Delivery | None:
        """Begins to tell what becomes of the message; `at_once` tells the first step now."""
        if len(self._waiting) >= _UNDER_WAY:
            self.skipped += 1
            return None
        steps = self._steps(message)
        if at_once:
            return self._tell(message, steps)
        self._plan(message, steps)
        return None

    def _steps(self, message: Message) -> list[Step]:
        dials = self._sender.dials
        person = self._phones.person(message.wa_id)
        gap = dials.sent_ms / 1000
        if not person.on_whatsapp:
            return [_failed(131026, "Message undeliverable.", gap)]
        steps = [Step("sent", gap), Step("delivered", dials.delivered_ms / 1000)]
        if dials.read_receipts and person.read_receipts:
            steps.append(Step("read", dials.read_ms / 1000))
        if self._faults:
            return self._disturbed(steps, person.wa_id)
        return steps

    def _disturbed(self, steps: list[Step], wa_id: str) -> list[Step]:
        strikes = self._faults.strikes
        if (options := strikes("failed_after_sent", wa_id)) is not None:
            steps = [steps[0], _failed(options["code"], "Switched on by hand.", steps[1].gap)]
        if len(steps) > 2 and strikes("read_before_delivered", wa_id) is not None:
            steps = [steps[0], steps[2], steps[1]]
        if strikes("status_doubled", wa_id) is not None:
            steps = [twice for step in steps for twice in (step, replace(step, gap=0.0))]
        return steps

    def _plan(self, message: Message, steps: Sequence[Step]) -> None:
        if not steps:
            return
        if steps[0].gap <= 0:
            self._tell(message, steps)
            return
        waiting = _Waiting()
        waiting.handle = asyncio.get_running_loop().call_later(
            steps[0].gap, self._later, waiting, message, steps
        )
        self._waiting.add(waiting)

    def _later(self, waiting: _Waiting, message: Message, steps: Sequence[Step]) -> None:
        self._waiting.discard(waiting)
        self._tell(message, steps)

    def _tell(self, message: Message, steps: Sequence[Step]) -> Delivery | None:
        step = steps[0]
        person = self._phones.person(message.wa_id)
        if message.rise(step.state):
            message.error = step.errors[0] if step.errors else None
            self._phones.changed(message)
        if self._faults.strikes("status_lost", message.wa_id) is not None:
            self._plan(message, steps[1:])
            return None
        part = status_part(message, person, step.state, self._clock.now(), step.errors)
        delivery = self._dispatch.send(part, message.wa_id)
        delivery.first.add_done_callback(lambda _: self._plan(message, steps[1:]))
        return delivery

    def forget(self) -> None:
        """Tells nothing more about anything sent so far."""
        for waiting in self._waiting:
            if waiting.handle is not None:
                waiting.handle.cancel()
        self._waiting.clear()


def _failed(code: int, details: str, gap: float) -> Step:
    return Step("failed", gap, (webhook_error(code, details),))
