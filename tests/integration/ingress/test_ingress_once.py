"""Once, in order, and nobody waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
import orjson

from hark.ingress.v1.part_pb2 import Part
from tests.integration.ingress.house import House, status, text_message, webhook
from tests.integration.ingress.waiting import until


async def test_a_redelivery_has_no_second_effect_in_whatever_batch_it_comes(house: House) -> None:
    first, second = text_message("one", wamid="wamid.1"), text_message("two", wamid="wamid.2")
    await house.post(webhook(first))
    await house.settled()
    await house.post(webhook(first))
    await house.post(webhook(second, first, status("wamid.9")))
    await house.post(webhook(status("wamid.9"), first, second))
    await house.settled()

    assert house.serving.ai.texts() == ["one", "two"]
    assert len(house.serving.notifier.inbound) == 2
    assert len(house.serving.notifier.statuses) == 1
    assert await house.count() == 3


async def test_fifty_mixed_parts_over_three_entries_are_each_handled_once(house: House) -> None:
    messages = [
        text_message(str(n), wamid=f"wamid.{n}", sender=f"1555010{n:04}") for n in range(25)
    ]
    statuses = [status(f"wamid.out.{n}", "read" if n % 2 else "delivered") for n in range(25)]
    mixed = [part for pair in zip(messages, statuses, strict=True) for part in pair]
    for some in (mixed, mixed[::-1]):
        entries = [orjson.loads(webhook(*some[start::3]))["entry"][0] for start in range(3)]
        body = orjson.dumps({"object": "whatsapp_business_account", "entry": entries})
        assert (await house.post(body)).status_code == 200
    await house.settled()
    assert sorted(map(int, house.serving.ai.texts())) == list(range(25))
    told = sorted(each.provider_message_id for each in house.serving.notifier.statuses)
    assert told == sorted(f"wamid.out.{n}" for n in range(25))
    assert await house.count() == 50


async def test_the_same_message_fifty_times_at_once_is_one_message(house: House) -> None:
    body = webhook(text_message("once"))
    answers = await asyncio.gather(*(house.post(body) for _ in range(50)))
    await house.settled()
    assert {answer.status_code for answer in answers} == {200}
    assert house.serving.ai.texts() == ["once"]
    assert await house.count() == 1


async def test_one_persons_messages_are_handled_in_the_order_they_came(house: House) -> None:
    texts = [str(number) for number in range(30)]
    # All in one commit as well as in commits of their own.
    batch = [text_message(text, wamid=f"wamid.{text}") for text in texts[:15]]
    await house.post(webhook(*batch))
    await house.say(*texts[15:], first=100)
    await house.settled()
    assert house.serving.ai.texts() == texts


async def test_a_slow_message_delays_its_own_person_only(house: House) -> None:
    gate = house.serving.ai.gates["slow"] = asyncio.Event()
    await house.say("slow", "after the slow one", sender="15550100001")
    await house.say("mine", sender="15550100002")
    await house.settled(open_left=2)
    assert house.serving.ai.texts() == ["mine"]
    gate.set()
    await house.settled()
    assert house.serving.ai.texts() == ["mine", "slow", "after the slow one"]


async def test_a_poisoned_message_is_tried_three_times_and_the_person_is_told(
    house: House,
) -> None:
    def stumbles(request: Any) -> grpc.StatusCode | None:
        return grpc.StatusCode.INTERNAL if request.text.text == "poison" else None

    house.serving.ai.fails = stumbles
    await house.say("poison", "and then this")
    await house.settled()

    assert house.serving.ai.texts() == ["and then this"]
    assert len(house.serving.ai.asked) == 4
    (apology,) = house.serving.notifier.sent
    assert apology.contents[0].template == "message_failed"
    assert apology.reply_to_message_id == house.serving.ai.asked[0]
    (buried,) = (await house.list(states=[Part.STATE_BURIED])).parts
    assert (buried.reason, buried.attempts) == ("INTERNAL", 3)


async def test_an_outage_uses_no_attempt_and_loses_nothing(house: House) -> None:
    await house.serving.stop("ai")
    await house.say("said while ai was down", "and this")

    async def is_postponed() -> bool:
        return await house.count("postponements >= 1") == 1

    await until(is_postponed)
    assert await house.count("attempts > 0 OR buried_reason IS NOT NULL") == 0

    await house.serving.start("ai")
    await house.connection.execute("UPDATE ingress.inbox SET due_time = receive_time")
    await house.settled()
    assert house.serving.ai.texts() == ["said while ai was down", "and this"]


async def test_a_message_that_never_gets_an_answer_ends_and_the_next_one_proceeds(
    house: House,
) -> None:
    def is_slow(request: Any) -> grpc.StatusCode | None:
        return grpc.StatusCode.DEADLINE_EXCEEDED if request.text.text == "stuck" else None

    house.serving.ai.fails = is_slow
    await house.say("stuck", "and then this")
    await _long_after(house, 12, lambda: False)

    assert house.serving.ai.texts() == ["and then this"]
    (apology,) = house.serving.notifier.sent
    assert apology.contents[0].template == "message_failed"
    (buried,) = (await house.list(states=[Part.STATE_BURIED])).parts
    assert (buried.reason, buried.attempts) == ("NO_ANSWER", 3)


async def test_a_peer_that_answers_nobody_buries_nothing_however_long_it_takes(
    house: House,
) -> None:
    house.serving.ai.fails = lambda _request: grpc.StatusCode.DEADLINE_EXCEEDED
    people = [f"1555010000{number}" for number in range(3)]
    for person in people:
        await house.say(f"from {person}", sender=person)
    await _long_after(house, 1000, lambda: len(house.serving.ai.asked) >= 15)
    assert await house.count("attempts > 0 OR settled_time IS NOT NULL") == 0

    house.serving.ai.fails = lambda _request: None
    await house.connection.execute("UPDATE ingress.inbox SET due_time = receive_time")
    await house.settled()
    assert sorted(house.serving.ai.texts()) == [f"from {person}" for person in people]
    assert house.serving.notifier.sent == []


async def _long_after(house: House, rounds: int, is_so: Callable[[], bool]) -> None:
    """Until it is so, or nothing is open, what was put off is due again, as if rounds later."""

    async def is_over() -> bool:
        # Only what was put off: a row that is being handled is its holder's.
        await house.connection.execute(
            "UPDATE ingress.inbox SET due_time = receive_time, postponements = greatest("
            "postponements, $1) WHERE settled_time IS NULL AND lease_until IS NULL"
            " AND postponed_reason IS NOT NULL AND due_time > receive_time",
            rounds,
        )
        return is_so() or await house.count("settled_time IS NULL") == 0

    await until(is_over)


async def test_a_status_that_the_notifier_stumbles_over_fails_alone(house: House) -> None:
    def stumbles(request: Any) -> grpc.StatusCode | None:
        bad = any(each.provider_message_id == "wamid.7" for each in request.statuses)
        return grpc.StatusCode.INVALID_ARGUMENT if bad else None

    house.serving.notifier.fails = stumbles
    await house.post(webhook(*(status(f"wamid.{number}") for number in range(20))))
    await house.settled()
    assert len(house.serving.notifier.statuses) == 19
    assert await house.count("buried_reason IS NOT NULL") == 1
