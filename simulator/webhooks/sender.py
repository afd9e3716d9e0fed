"""Posts webhooks until they are answered 200, or for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx2
import structlog

from chassis.clock import Clock
from simulator.domain.dials import Dials
from simulator.domain.part import Account, Part, envelope
from simulator.domain.wire import escaped, signature
from simulator.journal import Entry, Journal, monotonic

log = structlog.get_logger(__name__)

_ANSWER_SHOWN = 4096


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one POST went: the HTTP status, or why there is none."""

    status: int | None
    error: str | None = None


# Not frozen: a delivery counts its own attempts, and is known by identity.
@dataclass(slots=True, kw_only=True, eq=False)
class Delivery:
    """One body on its way; `first` is done when it was tried once, or cannot be."""

    number: int
    parts: tuple[Part, ...]
    first: asyncio.Future[Attempt]
    # Built at the first try where it is None.
    body: bytes | None = None
    # Replaces the right signature; empty: no header at all.
    signature: str | None = None
    attempts: int = 0
    fault: str | None = None
    retried: bool = True
    # Those that ride along in this one's body.
    members: tuple[Delivery, ...] = ()

    def settle(self, attempt: Attempt) -> None:
        """Tells who waits how the first try went."""
        if not self.first.done():
            self.first.set_result(attempt)
        for member in self.members:
            member.settle(attempt)


class WebhookSender:
    """Owns the queue of deliveries and the tasks that post them.

    Anything but 200 is tried again with growing gaps, `retry_attempts` times at most. What does not
    fit into the queue is dropped, counted and logged: a receiver that is down for long must not
    fill this program's memory.
    """

    def __init__(
        self,
        *,
        account: Account,
        url: str,
        secret: str,
        clock: Clock,
        journal: Journal,
        queue: int,
        concurrency: int,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.account = account
        self.url = url
        self.secret = secret
        self.dials = Dials()
        self.dropped = 0
        # Without a subscription of the account, Meta never posts anything.
        self.subscribed = True
        # Told about the parts of each webhook that was answered 200.
        self.on_delivered: Callable[[Sequence[Part]], None] = lambda parts: None
        self._clock = clock
        self._journal = journal
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue(queue)
        self._waiting: dict[Delivery, asyncio.TimerHandle] = {}
        self._concurrency = concurrency
        self._numbers = 0
        self._tasks: list[asyncio.Task[None]] = []
        limits = httpx2.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
        self._client = httpx2.AsyncClient(transport=transport, trust_env=False, limits=limits)

    def start(self, owner: asyncio.TaskGroup) -> None:
        """Starts posting; the tasks belong to `owner` and end with `stop`."""
        for number in range(self._concurrency):
            self._tasks.append(owner.create_task(self._work(), name=f"webhooks-{number}"))

    async def stop(self) -> None:
        """Ends the tasks; what is still queued is lost, as when Meta gives up."""
        self.forget()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        await self._client.aclose()

    def forget(self) -> None:
        """Drops everything that still waits to be posted."""
        for handle in self._waiting.values():
            handle.cancel()
        waiting = list(self._waiting)
        self._waiting.clear()
        while not self._queue.empty():
            waiting.append(self._queue.get_nowait())
        for delivery in waiting:
            delivery.settle(Attempt(None, "forgotten"))

    @property
    def backlog(self) -> dict[str, int]:
        """How many deliveries are queued, wait for another try, and were dropped."""
        return {
            "queued": self._queue.qsize(),
            "retrying": len(self._waiting),
            "dropped": self.dropped,
        }

    def post(
        self,
        parts: Sequence[Part] = (),
        body: bytes | None = None,
        *,
        signed: str | None = None,
        fault: str | None = None,
        retried: bool = True,
        after: float = 0.0,
    ) -> Delivery:
        """Queues one webhook, `after` seconds from now; without a body, the parts make one."""
        self._numbers += 1
        delivery = Delivery(
            number=self._numbers,
            parts=tuple(parts),
            first=asyncio.get_running_loop().create_future(),
            body=body,
            signature=signed,
            fault=fault,
            retried=retried,
        )
        if after > 0:
            self._later(delivery, after)
            delivery.settle(Attempt(None, "delayed"))
        else:
            self._enqueue(delivery)
        return delivery

    def _later(self, delivery: Delivery, gap: float) -> None:
        if len(self._waiting) >= self._queue.maxsize:
            self._drop(delivery)
            return
        loop = asyncio.get_running_loop()
        self._waiting[delivery] = loop.call_later(gap, self._enqueue, delivery)

    def _enqueue(self, delivery: Delivery) -> None:
        self._waiting.pop(delivery, None)
        try:
            self._queue.put_nowait(delivery)
        except asyncio.QueueFull:
            self._drop(delivery)

    def _drop(self, delivery: Delivery) -> None:
        self.dropped += 1
        log.warning("webhook dropped", row_id=delivery.number, attempts=delivery.attempts)
        delivery.settle(Attempt(None, "dropped"))

    async def _work(self) -> None:
        while True:
            delivery = self._joined(await self._queue.get())
            attempt = await self._try(delivery)
            if attempt.status == httpx2.codes.OK:
                self.on_delivered(delivery.parts)
            else:
                self._try_again(delivery)
            delivery.settle(attempt)

    def _joined(self, delivery: Delivery) -> Delivery:
        """The delivery together with plain ones that wait, where the dial allows it."""
        room = self.dials.webhook_batch - 1
        if room <= 0 or delivery.body is not None:
            return delivery
        members = [delivery]
        while room > 0 and not self._queue.empty():
            members.append(self._queue.get_nowait())
            room -= 1
            if members[-1].body is not None:
                # Bytes that are fixed travel alone; it was the next in line, so it stays that.
                self._later(members.pop(), 0)
                break
        if len(members) == 1:
            return delivery
        self._numbers += 1
        return Delivery(
            number=self._numbers,
            parts=tuple(part for member in members for part in member.parts),
            first=asyncio.get_running_loop().create_future(),
            members=tuple(members),
        )

    def _try_again(self, delivery: Delivery) -> None:
        if not delivery.retried:
            return
        if delivery.attempts >= self.dials.retry_attempts:
            self._drop(delivery)
            return
        gap = self.dials.retry_first_ms * self.dials.retry_factor ** (delivery.attempts - 1)
        self._later(delivery, gap / 1000)

    async def _try(self, delivery: Delivery) -> Attempt:
        if delivery.body is None:
            delivery.body = escaped(envelope(self.account, [[part] for part in delivery.parts]))
        if delivery.signature is None:
            delivery.signature = signature(self.secret, delivery.body)
        delivery.attempts += 1
        entry = Entry(
            kind="webhook",
            time=self._clock.now(),
            monotonic=monotonic(),
            method="POST",
            path=self.url,
            body=delivery.body,
            fault=delivery.fault,
            delivery=delivery.number,
            attempt=delivery.attempts,
            wamids=tuple(part.wamid for part in delivery.parts),
            signature=delivery.signature,
        )
        attempt = await self._posted(delivery.body, delivery.signature, entry)
        entry.status, entry.error = attempt.status, attempt.error
        entry.duration_ms = (monotonic() - entry.monotonic) * 1000
        self._journal.add(entry)
        return attempt

    async def get(self, query: dict[str, str]) -> tuple[int | None, str]:
        """Asks the webhook's address by GET; status and text, or nothing where nobody answers."""
        try:
            response = await self._client.get(
                self.url, params=query, timeout=self.dials.webhook_timeout_ms / 1000
            )
        except httpx2.HTTPError:
            return None, ""
        return response.status_code, response.text[:_ANSWER_SHOWN]

    async def _posted(self, body: bytes, signed: str, entry: Entry) -> Attempt:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if signed:
            headers["X-Hub-Signature-256"] = signed
        timeout = self.dials.webhook_timeout_ms / 1000
        try:
            response = await self._client.post(
                self.url, content=body, headers=headers, timeout=timeout
            )
        except httpx2.HTTPError as error:
            return Attempt(None, type(error).__name__)
        entry.answer = response.content[:_ANSWER_SHOWN]
        return Attempt(response.status_code)
