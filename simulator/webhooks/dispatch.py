"""What happens to a webhook between Meta and the business, good and bad."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from chassis.clock import Clock
from simulator.domain.fault import Faults
from simulator.domain.identity import inbound_wamid
from simulator.domain.part import Part, change, envelope
from simulator.domain.wire import escaped, signature
from simulator.journal import Entry, Journal, monotonic
from simulator.webhooks.sender import Attempt, Delivery, WebhookSender


class Dispatch:
    """Sends each event as a webhook of its own, unless a fault is switched on."""

    def __init__(
        self, *, sender: WebhookSender, faults: Faults, journal: Journal, clock: Clock
    ) -> None:
        self._sender = sender
        self._faults = faults
        self._journal = journal
        self._clock = clock
        self._held: list[Part] = []
        self._batch: list[Part] = []
        self._batch_options: dict[str, Any] = {}
        self._timers: set[asyncio.TimerHandle] = set()

    def send(self, part: Part, to: str | None = None) -> Delivery:
        """Queues the event; `to` is the number of the person whom it is about."""
        if not self._sender.subscribed:
            return _kept_back(part, "not subscribed")
        if not self._faults:
            return self._sender.post((part,))
        if self._faults.strikes("webhook_lost", to, part.sort) is not None:
            return self._lost(part)
        self._odd_ones(part, to)
        if (options := self._faults.strikes("webhook_batched", to, part.sort)) is not None:
            return self._batched(part, options)
        if (options := self._faults.strikes("webhook_reordered", to, part.sort)) is not None:
            return self._hold(part, options["hold_ms"] / 1000)
        if (options := self._faults.strikes("webhook_delayed", to, part.sort)) is not None:
            late = options["delay_ms"] / 1000
            return self._sender.post((part,), fault="webhook_delayed", after=late)
        delivery = self._sender.post((part,))
        self._again(part, to)
        self._let_go()
        return delivery

    def _lost(self, part: Part) -> Delivery:
        self._journal.add(
            Entry(
                kind="webhook",
                time=self._clock.now(),
                monotonic=monotonic(),
                method="POST",
                path=self._sender.url,
                body=self._body([[part]]),
                wamids=(part.wamid,),
                fault="webhook_lost",
                error="lost",
            )
        )
        return _kept_back(part, "lost")

    def _body(self, groups: Sequence[Sequence[Part]]) -> bytes:
        return escaped(envelope(self._sender.account, groups))

    def _again(self, part: Part, to: str | None) -> None:
        if (options := self._faults.strikes("webhook_doubled", to, part.sort)) is not None:
            for copy in range(max(options["copies"], 1)):
                after = (copy + 1) * options["after_ms"] / 1000
                self._sender.post((part,), fault="webhook_doubled", after=after)
        if (options := self._faults.strikes("webhook_rebatched", to, part.sort)) is not None:
            # Beside an event that nobody knows: the bytes differ, the message is the same.
            stranger = Part(
                sort="statuses",
                payload={"id": inbound_wamid("15550199999"), "status": "sent", "timestamp": "1"},
            )
            body = self._body([[stranger], [part]])
            after = options["after_ms"] / 1000
            self._sender.post((part,), body, fault="webhook_rebatched", after=after)

    def _odd_ones(self, part: Part, to: str | None) -> None:
        post = self._sender.post
        if self._faults.strikes("webhook_unknown_type", to, part.sort) is not None:
            post((), self._body([[_other(part, type="hologram", hologram={"depth": 3})]]))
        if self._faults.strikes("webhook_malformed", to, part.sort) is not None:
            post((), self._body([[part]])[:-7], fault="webhook_malformed", retried=False)
        if (options := self._faults.strikes("webhook_huge", to, part.sort)) is not None:
            filler = "x" * max(options["bytes"] - 1_000, 1)
            body = self._body([[_other(part, type="hologram", hologram={"data": filler})]])
            post((), body, fault="webhook_huge", retried=False)
        if (options := self._faults.strikes("webhook_nested", to, part.sort)) is not None:
            depth = options["depth"]
            body = b'{"object":"whatsapp_business_account","entry":' + b"[" * depth + b"]" * depth
            post((), body + b"}", fault="webhook_nested", retried=False)
        for name in ("webhook_forged", "webhook_old_secret"):
            if (options := self._faults.strikes(name, to, part.sort)) is not None:
                body = self._body([[_other(part)]])
                secret = options.get("secret", "not the secret")
                post((), body, signed=signature(secret, body), fault=name, retried=False)

    def _hold(self, part: Part, seconds: float) -> Delivery:
        self._held.append(part)
        self._in(seconds, self._let_go)
        return _kept_back(part, "held")

    def _let_go(self) -> None:
        held, self._held = self._held, []
        for part in held:
            self._sender.post((part,), fault="webhook_reordered", after=0.02)

    def _batched(self, part: Part, options: dict[str, Any]) -> Delivery:
        self._batch.append(part)
        self._batch_options = options
        if len(self._batch) >= options["parts"]:
            self._send_batch()
        elif len(self._batch) == 1:
            self._in(options["within_ms"] / 1000, self._send_batch)
        return _kept_back(part, "batched")

    def _send_batch(self) -> None:
        parts, self._batch = self._batch, []
        if not parts:
            return
        account = self._sender.account
        size = -(-len(parts) // max(self._batch_options["entries"], 1))
        entries = [
            {
                "id": account.account_id,
                "changes": [change(account, group) for group in _groups(parts[at : at + size])],
            }
            for at in range(0, len(parts), size)
        ]
        body = escaped({"object": "whatsapp_business_account", "entry": entries})
        self._sender.post(parts, body, fault="webhook_batched")

    def _in(self, seconds: float, action: Callable[[], None]) -> None:
        self._timers = {timer for timer in self._timers if not timer.cancelled()}
        self._timers.add(asyncio.get_running_loop().call_later(seconds, action))

    def forget(self) -> None:
        """Drops what is held back."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._held.clear()
        self._batch.clear()


def _kept_back(part: Part, why: str) -> Delivery:
    """A delivery that was not posted now; who waits for it is told why."""
    first: asyncio.Future[Attempt] = asyncio.get_running_loop().create_future()
    delivery = Delivery(number=0, parts=(part,), first=first)
    delivery.settle(Attempt(None, why))
    return delivery


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """Messages in one change, statuses in another, everything else each on its own."""
    messages = [part for part in parts if part.sort == "messages"]
    statuses = [part for part in parts if part.sort == "statuses"]
    others = [[part] for part in parts if part.sort == "other"]
    return [group for group in (messages, statuses, *others) if group]


def _other(part: Part, **changes: Any) -> Part:
    """The same event with another id, so that taking it for real would show."""
    payload = {**part.payload, "id": inbound_wamid("15550199999"), **changes}
    return dataclasses.replace(part, payload=payload)
