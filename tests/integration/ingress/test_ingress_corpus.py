"""Bodies from public sources, and our own of the shapes that those lack."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from hark.ingress.v1.part_pb2 import Part
from tests.integration.ingress.house import PHONE_ID, House
from tests.integration.ingress.peers import Serving

OWN = Path(__file__).parents[2] / "fixtures" / "webhooks"
# What says nothing that could be acted on, by the sources' own account.
_SAY_NOTHING = {"NO_ENTRY", "OTHER_OBJECT", "NO_CHANGES", "NO_VALUE"}


def corpus() -> list[Path]:
    shared = os.environ.get("HARK_SHARED")
    if not shared:
        pytest.skip("HARK_SHARED is not set: the shared webhooks are not at hand")
    found = sorted(Path(shared, "whatsapp", "webhooks").rglob("*.json"))
    assert len(found) == 129
    return found


async def post_all(house: House, files: Sequence[Path]) -> None:
    for file in files:
        answer = await house.post(orjson.dumps(orjson.loads(file.read_bytes())))
        assert (answer.status_code, answer.json()) == (200, {"status": "processing"}), file


async def parts(house: House) -> list[Part]:
    found: list[Part] = []
    token = ""
    while True:
        page = await house.list(page_size=200, page_token=token)
        found += page.parts
        token = page.next_page_token
        if not token:
            return found


async def test_every_body_is_taken_and_every_part_of_it_ends_with_a_reason(house: House) -> None:
    await post_all(house, corpus())
    await house.settled()
    found = await parts(house)
    # Fewer than files: several sources use the same ids for different messages.
    assert len(found) > 100
    for part in found:
        if part.state == Part.STATE_BURIED:
            assert part.reason in _SAY_NOTHING
        else:
            assert part.state in (Part.STATE_HANDLED, Part.STATE_SKIPPED)
        assert bool(part.reason) == (part.state != Part.STATE_HANDLED)
    assert sum(part.state == Part.STATE_BURIED for part in found) == 3


async def test_the_same_bodies_again_have_no_second_effect(house: House) -> None:
    notifier, ai = house.serving.notifier, house.serving.ai
    await post_all(house, corpus())
    await house.settled()
    rows = await house.connection.fetch("SELECT * FROM ingress.inbox ORDER BY id")
    effects = (len(notifier.inbound), len(notifier.statuses), len(ai.handled))
    assert all(effects)
    await post_all(house, corpus())
    await house.settled()
    assert await house.connection.fetch("SELECT * FROM ingress.inbox ORDER BY id") == rows
    assert (len(notifier.inbound), len(notifier.statuses), len(ai.handled)) == effects


async def test_every_body_is_understood_when_its_number_is_ours(
    database_url: str, serving: Serving
) -> None:
    """With each source's own number as ours, and ids that no two sources share."""
    async with House(database_url, serving) as house:
        for file in corpus():
            assert (await house.post(_as_ours(file))).status_code == 200
        await house.settled()
        found = await parts(house)
    assert "NOT_OUR_NUMBER" not in {part.reason for part in found}
    told = {request.unsupported.type for request in serving.ai.handled} - {""}
    assert {"video", "document", "contacts", "sticker", "order", "flow"} <= told
    assert not {"reaction", "system", "revoke"} & told
    contents = {request.WhichOneof("content") for request in serving.ai.handled}
    # The sources' files are not at our stand-in for Meta, which is told; nor are their reactions
    # under messages of ours, which is not.
    assert contents == {
        "text",
        "unsupported",
        "button",
        "location",
        "edit",
        "revoke",
        "media_failure",
    }
    assert serving.notifier.identities
    assert {change.field for change in serving.notifier.accounts} >= {
        "account_update",
        "message_template_status_update",
        "user_preferences",
        "phone_number_quality_update",
        "business_capability_update",
    }
    assert "UNKNOWN_FIELD" in {part.reason for part in found}
    assert {status.status for status in serving.notifier.statuses} >= {
        "sent",
        "delivered",
        "read",
        "failed",
        "played",
    }


def _as_ours(file: Path) -> bytes:
    root = orjson.loads(file.read_bytes())
    entries = root.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        for change in entry.get("changes", []):
            value = change.get("value", {})
            if "phone_number_id" in value.get("metadata", {}):
                value["metadata"]["phone_number_id"] = PHONE_ID
            for item in value.get("messages", []) + value.get("statuses", []):
                if "id" in item:
                    item["id"] += f" {file.stem}"
    return orjson.dumps(root)


EXPECTED = {
    "audio_voice_note": ["SKIPPED MEDIA_UNAVAILABLE"],
    "batch_two_entries": [
        "HANDLED",
        "HANDLED",
        "HANDLED",
        "HANDLED",
        "SKIPPED REACTION_TO_NOTHING_OF_OURS",
    ],
    "button_reply": ["HANDLED"],
    "echo_from_the_phone_app": ["SKIPPED ECHO"],
    "group_message": ["SKIPPED GROUP_MESSAGE"],
    "mixed_value": ["HANDLED", "HANDLED", "SKIPPED ERRORS_ONLY"],
    "other_number": ["SKIPPED NOT_OUR_NUMBER"],
    "own_number": ["SKIPPED OWN_MESSAGE"],
    "status_failed_lean": ["HANDLED"],
    "template_paused": ["HANDLED"],
    "text_username_only": ["HANDLED"],
    "unavailable": ["SKIPPED UNSUPPORTED_UNAVAILABLE"],
    "user_changed_number": ["HANDLED"],
}


def test_every_fixture_has_an_expectation() -> None:
    assert {file.stem for file in OWN.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_each_shape_ends_as_a_person_would_expect(house: House, name: str) -> None:
    await post_all(house, [OWN / f"{name}.json"])
    await house.settled()
    ends = [
        f"{Part.State.Name(part.state).removeprefix('STATE_')} {part.reason}".strip()
        for part in reversed(await parts(house))
    ]
    assert ends == EXPECTED[name]
