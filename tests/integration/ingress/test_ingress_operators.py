"""What an operator sees of the inbox, and may do to it."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from chassis.channel import Peer
from chassis.errors import Code, RemoteError
from hark.ingress.v1.ingress_service_pb2 import GetInboxRequest, RedrivePartsRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from hark.ingress.v1.part_pb2 import Part
from tests.integration.ingress.house import INGRESS_TOKEN, House, status, text_message, webhook


async def test_parts_are_listed_newest_first_page_by_page(house: House) -> None:
    await house.post(webhook(*(status(f"wamid.{number}") for number in range(5))))
    await house.settled()
    first = await house.list(page_size=3)
    rest = await house.list(page_size=3, page_token=first.next_page_token)
    ids = [part.part_id for part in [*first.parts, *rest.parts]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), rest.next_page_token) == (5, "")


async def test_what_is_about_one_message_is_found_by_its_id(house: House) -> None:
    await house.say("hello", "and more")
    await house.settled()
    wanted = house.serving.ai.handled[0].message_id
    (part,) = (await house.list(message_id=wanted)).parts
    assert part.message_id == wanted
    assert part.HasField("settle_time")


async def test_parts_are_listed_by_state(house: House) -> None:
    await house.say("hello")
    await house.post(webhook(text_message("x", wamid="wamid.r") | {"type": "reaction"}))
    await house.post(b"{")
    await house.settled()
    for state, reason in (
        (Part.STATE_HANDLED, ""),
        (Part.STATE_SKIPPED, "REACTION_TO_NOTHING_OF_OURS"),
        (Part.STATE_BURIED, "NOT_JSON"),
    ):
        (part,) = (await house.list(states=[state])).parts
        assert (part.state, part.reason) == (state, reason)
    assert not (await house.list(states=[Part.STATE_OPEN])).parts
    inbox = await house.inbox()
    assert (inbox.open_count, inbox.buried_count) == (0, 1)


async def test_a_buried_part_can_be_redriven_and_is_then_handled(house: House) -> None:
    def stumbles(_request: Any) -> grpc.StatusCode:
        return grpc.StatusCode.INTERNAL

    house.serving.ai.fails = stumbles
    await house.say("hello")
    await house.settled()
    (buried,) = (await house.list(states=[Part.STATE_BURIED])).parts
    house.serving.ai.fails = lambda _request: None

    assert (await house.redrive(buried.part_id, 10**15)).redriven_count == 1
    await house.settled()
    assert house.serving.ai.texts() == ["hello"]
    assert (await house.redrive(buried.part_id)).redriven_count == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {"page_size": -1},
        {"page_size": 201},
        {"page_token": "x"},
        {"page_token": "9" * 30},
        {"message_id": "wamid.1"},
        {"states": [9]},
        {"states": [0]},
    ],
)
async def test_a_question_out_of_bounds_is_told_which_field(
    house: House, wanted: dict[str, Any]
) -> None:
    with pytest.raises(RemoteError) as error:
        await house.list(**wanted)
    assert error.value.remote_code is Code.INVALID_ARGUMENT
    assert list(error.value.violations) == list(wanted)


@pytest.mark.parametrize("count", [0, 501])
async def test_a_redrive_has_bounds(house: House, count: int) -> None:
    with pytest.raises(RemoteError) as error:
        await house.redrive(*range(count))
    assert list(error.value.violations) == ["part_ids"]


async def test_only_operators_may_look(house: House) -> None:
    peer = Peer(house.grpc_address, token=INGRESS_TOKEN)
    stub = IngressServiceStub(peer.channel)
    for method, request in (
        (stub.GetInbox, GetInboxRequest()),
        (stub.RedriveParts, RedrivePartsRequest(part_ids=[1])),
    ):
        with pytest.raises(RemoteError) as error:
            await peer.call(method, request, timeout=5)
        assert error.value.remote_code is Code.PERMISSION_DENIED
    await peer.close()
