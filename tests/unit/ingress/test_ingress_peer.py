"""A peer that is slow, one that is down, and one that cannot handle this very request."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from services.ingress.clients.peer import Caller
from services.ingress.ports import Rejected


class ScriptedPeer:
    """Answers "quick" at once and fails everything else, once `fails` is set, with `code`."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self.fails = asyncio.Event()

    async def call(self, _method: object, request: str, *, timeout: float) -> str:
        """Answers, or fails."""
        del timeout
        if request == "quick":
            return "answer"
        await self.fails.wait()
        raise RemoteError("no", remote_code=self._code, remote_reason=self._code.name, domain="")


async def _failing_while_another_is_answered(code: Code) -> None:
    peer = ScriptedPeer(code)
    caller = Caller(cast(Peer, peer))
    method = cast(Any, None)
    slow = asyncio.create_task(caller.call(method, "slow", timeout=5.0))
    await asyncio.sleep(0)
    assert await caller.call(method, "quick", timeout=5.0) == "answer"
    peer.fails.set()
    await slow


async def test_a_timeout_is_an_outage_even_while_others_are_answered() -> None:
    # Two replicas, one of them slow, or one lock that many wait for: it is nobody's fault, and
    # counting it as poison buried healthy parts when the machine was overloaded.
    with pytest.raises(RemoteError) as caught:
        await _failing_while_another_is_answered(Code.DEADLINE_EXCEEDED)
    assert caught.value.is_outage


async def test_a_peer_that_stumbles_over_a_request_has_rejected_it() -> None:
    with pytest.raises(Rejected):
        await _failing_while_another_is_answered(Code.INTERNAL)
