"""Who a person is, over a real database."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import asyncpg
import pytest

from chassis.errors import InvalidArgument
from tests.integration.notifier.graph import ScriptedGraph
from tests.integration.notifier.house import House, a_request

BSUID = "US.13491208655302741918"
PARENT = "US.ENT.11815799212886844830"


async def test_a_person_is_always_the_same_and_new_only_once(house: House) -> None:
    first = await house.record("4915112345678", message_id="m_1")
    again = await house.record("4915112345678", message_id="m_1")
    later = await house.record("4915112345678", message_id="m_2")
    assert first.user_id == again.user_id == later.user_id
    assert (first.is_first_contact, again.is_first_contact) == (True, True)
    assert not later.is_first_contact
    assert (first.time_zone_guess, first.locale_guess) == ("Europe/Berlin", "de-DE")
    assert first.generation == 1


async def test_first_messages_that_arrive_together_make_one_person(house: House) -> None:
    people = await asyncio.gather(
        *(
            house.record("15550100007", message_id=f"m_{i}", business_user_id=BSUID)
            for i in range(12)
        )
    )
    assert len({person.user_id for person in people}) == 1
    assert sum(person.is_first_contact for person in people) == 1


async def test_one_message_with_both_names_links_them(house: House) -> None:
    by_phone = await house.record("15550100001", message_id="m_1")
    both = await house.record("15550100001", message_id="m_2", business_user_id=BSUID)
    hidden = await house.record("", message_id="m_3", business_user_id=BSUID, parent_user_id=PARENT)
    by_parent = await house.record("", message_id="m_4", parent_user_id=PARENT)
    ids = {each.user_id for each in (by_phone, both, hidden, by_parent)}
    assert len(ids) == 1


async def test_a_business_id_in_the_wrong_field_is_told_by_its_shape(house: House) -> None:
    one = await house.record(BSUID, message_id="m_1")
    two = await house.record("", message_id="m_2", business_user_id=BSUID)
    assert one.user_id == two.user_id


async def test_names_of_two_people_in_one_message_do_not_merge_them(
    house: House, database_url: str
) -> None:
    phone = await house.record("15550100001", message_id="m_1")
    business = await house.record("", message_id="m_2", business_user_id=BSUID)
    for number in (3, 4):
        torn = await house.record("15550100001", message_id=f"m_{number}", business_user_id=BSUID)
        assert torn.user_id == phone.user_id
    after = await house.record("", message_id="m_5", business_user_id=BSUID)
    assert after.user_id == business.user_id != phone.user_id
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT * FROM notifier.identity_conflicts")
    await connection.close()
    assert [(row["user_id"], row["other_user_id"]) for row in rows] == [
        (phone.user_id, business.user_id)
    ]


async def test_someone_without_a_phone_number_is_answered_by_business_id(
    house: House, graph: ScriptedGraph
) -> None:
    person = await house.record("", business_user_id=BSUID)
    await house.call("SendNotification", a_request(person.user_id))
    await graph.sent(1)
    assert graph.sends[0]["recipient"] == BSUID
    assert "to" not in graph.sends[0]


async def test_the_read_mark_goes_out_in_the_background(house: House, graph: ScriptedGraph) -> None:
    await house.record(wamid="wamid.hello", mark_read="yes")
    await graph.read(1)
    assert graph.reads[0]["message_id"] == "wamid.hello"


async def test_a_sender_without_a_name_is_refused(house: House) -> None:
    with pytest.raises(InvalidArgument):
        await house.record("")
    with pytest.raises(InvalidArgument):
        await house.record("not a number")


async def test_nothing_that_names_a_person_is_readable_at_rest(
    house: House, graph: ScriptedGraph, database_url: str
) -> None:
    number = "15550109876"
    wamid = "wamid." + base64.b64encode(f"\x1c\x15{number}".encode()).decode()
    person = await house.record(number, wamid=wamid, display_name="Ada Lovelace")
    await house.call("SendNotification", a_request(person.user_id))
    await graph.sent(1)
    house.clock.offset = timedelta(seconds=1)
    connection = await asyncpg.connect(database_url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'notifier'")
    everything = ""
    for table in tables:
        rows = await connection.fetch(f"SELECT t::text AS row FROM notifier.{table['tablename']} t")
        everything += "\n".join(row["row"] for row in rows)
    await connection.close()
    assert person.user_id in everything
    for secret in (number, wamid, "Lovelace", "Reminder", "Ada"):
        assert secret not in everything
        assert secret.encode().hex() not in everything
