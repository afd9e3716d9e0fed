"""A peer that is slow, one that is down, and one that cannot handle this very request."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from chassis import context
from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from services.ingress.clients.peer import Caller
from services.ingress.domain.blame import Blame, Evidence
from services.ingress.ports import NoAnswer, Rejected

METHOD = cast(Any, None)


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


async def _asked(caller: Caller, message_id: str, request: str = "slow") -> str:
    with context.bind(message_id=message_id):
        return await caller.call(METHOD, request, timeout=5.0)


async def _failing_while_another_is_answered(code: Code) -> None:
    peer = ScriptedPeer(code)
    caller = Caller(cast(Peer, peer))
    slow = asyncio.create_task(_asked(caller, "m_slow"))
    await asyncio.sleep(0)
    assert await _asked(caller, "m_quick", "quick") == "answer"
    peer.fails.set()
    await slow


async def test_a_timeout_is_an_outage_even_while_others_are_answered() -> None:
    # Two replicas, one of them slow, or one lock that many wait for: it is nobody's fault, and
    # counting it as poison at once buried healthy parts when the machine was overloaded.
    with pytest.raises(NoAnswer) as caught:
        await _failing_while_another_is_answered(Code.DEADLINE_EXCEEDED)
    assert caught.value.is_outage
    assert caught.value.blame is Blame.SINGLED_OUT


async def test_a_timeout_of_everybody_is_the_peers_fault() -> None:
    peer = ScriptedPeer(Code.DEADLINE_EXCEEDED)
    peer.fails.set()
    caller = Caller(cast(Peer, peer))
    with pytest.raises(NoAnswer) as first:
        await _asked(caller, "m_1")
    with pytest.raises(NoAnswer) as second:
        await _asked(caller, "m_2")
    with pytest.raises(NoAnswer) as again:
        await _asked(caller, "m_1")
    blames = [caught.value.blame for caught in (first, second, again)]
    assert blames == [Blame.ALONE, Blame.PEER, Blame.PEER]


async def test_a_peer_that_is_down_gives_no_evidence_against_a_request() -> None:
    with pytest.raises(RemoteError) as caught:
        await _failing_while_another_is_answered(Code.UNAVAILABLE)
    assert not isinstance(caught.value, NoAnswer)


async def test_a_peer_that_stumbles_over_a_request_has_rejected_it() -> None:
    with pytest.raises(Rejected):
        await _failing_while_another_is_answered(Code.INTERNAL)


def test_failures_of_others_speak_for_a_request_for_a_while_only() -> None:
    evidence = Evidence()
    evidence.failed("m_2", 100.0)
    assert evidence.blame("m_1", since=190.0, now=200.0) is Blame.PEER
    assert evidence.blame("m_1", since=1190.0, now=1200.0) is Blame.ALONE
    assert evidence.blame("m_2", since=190.0, now=200.0) is Blame.ALONE


def test_an_answer_from_before_the_call_says_nothing() -> None:
    evidence = Evidence()
    evidence.answered(100.0)
    evidence.failed("m_2", 150.0)
    assert evidence.blame("m_1", since=101.0, now=160.0) is Blame.PEER
    assert evidence.blame("m_1", since=99.0, now=160.0) is Blame.SINGLED_OUT
