"""A key per person: made once whoever races, gone when erased, never used unless kept."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.crypto import Keyring, Unreadable, new_key
from db.rotation import columns_of, reseal, sealed_by
from db.sealed import PersonKeys, Sealed, ServiceSeal, context, person_keys_table

metadata = sa.MetaData()
person_keys = person_keys_table(metadata, "people")
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("body", Sealed),
    schema="people",
)
PLACE = context("people.notes", "body", "1")


def a_keyring(*ids: str) -> Keyring:
    return Keyring([(id_, KEYS.setdefault(id_, new_key())) for id_ in ids])


KEYS: dict[str, bytes] = {}


@pytest_asyncio.fixture(loop_scope="session")
async def people(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        await connection.execute(sa.text("DROP SCHEMA IF EXISTS people CASCADE"))
        await connection.execute(sa.schema.CreateSchema("people"))
        await connection.run_sync(metadata.create_all)
    return engine


def keys_of(
    engine: AsyncEngine, *, cache_size: int = 100, ring: Keyring | None = None
) -> PersonKeys:
    return PersonKeys(engine, person_keys, ring or a_keyring("k1"), cache_size=cache_size)


async def stored(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        select = sa.select(person_keys.c.user_id).order_by(person_keys.c.user_id)
        return list((await connection.execute(select)).scalars())


async def test_what_is_sealed_for_a_person_opens_in_another_process(people: AsyncEngine) -> None:
    seal = await keys_of(people).seal_for("ada")
    sealed = seal.seal("Call Ada", PLACE)
    async with people.begin() as connection:
        await connection.execute(sa.insert(notes).values(user_id="ada", body=sealed))
    async with people.connect() as connection:
        body = (await connection.execute(sa.select(notes.c.body))).scalar_one()

    again = await keys_of(people).seal_for("ada")
    assert again.open_text(body, PLACE) == "Call Ada"
    assert b"Call Ada" not in body
    with pytest.raises(Unreadable):
        again.open(body, context("people.notes", "body", "2"))
    other = await keys_of(people).seal_for("bob")
    with pytest.raises(Unreadable):
        other.open(body, PLACE)


async def test_processes_that_race_for_one_person_end_up_with_one_key(people: AsyncEngine) -> None:
    users = [f"user{n}" for n in range(20)]
    found = await asyncio.gather(
        *(keys_of(people).seals_for(users[n:] + users[:n]) for n in range(6))
    )
    for user in users:
        sealed = found[0][user].seal("x", PLACE)
        assert all(seals[user].open(sealed, PLACE) == b"x" for seals in found)
    assert len(await stored(people)) == 20


async def test_nothing_is_sealed_under_a_key_that_was_rolled_back(people: AsyncEngine) -> None:
    keys = keys_of(people)
    async with people.connect() as connection:
        lost = (await keys.seal_for("ada", connection=connection)).seal("x", PLACE)
        assert (await keys.seal_for("ada", connection=connection)).open(lost, PLACE) == b"x"
        await connection.rollback()
    assert await keys.existing(["ada"]) == {}
    with pytest.raises(Unreadable):
        (await keys.seal_for("ada")).open(lost, PLACE)


async def test_a_key_made_in_a_transaction_is_cached_once_that_commits(people: AsyncEngine) -> None:
    keys = keys_of(people)
    async with people.begin() as connection:
        sealed = (await keys.seal_for("ada", connection=connection)).seal("x", PLACE)
    async with people.begin() as connection:
        # From the cache: the table is empty by now.
        await connection.execute(sa.delete(person_keys))
    assert (await keys.seal_for("ada")).open(sealed, PLACE) == b"x"


async def test_erasing_a_person_destroys_the_key_and_a_new_one_does_not_open_the_old(
    people: AsyncEngine,
) -> None:
    keys = keys_of(people)
    sealed = (await keys.seal_for("ada")).seal("x", PLACE)
    assert await keys.erase("ada")
    assert not await keys.erase("ada")
    assert await keys.existing(["ada"]) == {}
    with pytest.raises(Unreadable):
        (await keys.seal_for("ada")).open(sealed, PLACE)


async def test_an_erasure_that_is_rolled_back_erases_nothing(people: AsyncEngine) -> None:
    keys = keys_of(people)
    sealed = (await keys.seal_for("ada")).seal("x", PLACE)
    async with people.connect() as connection:
        assert await keys.erase("ada", connection=connection)
        await connection.rollback()
    assert (await keys.seal_for("ada")).open(sealed, PLACE) == b"x"


async def test_the_cache_is_bounded_and_keeps_what_was_used_last(people: AsyncEngine) -> None:
    keys = keys_of(people, cache_size=2)
    for user in ("ada", "bob", "ada", "eve"):
        await keys.seal_for(user)
    async with people.begin() as connection:
        await connection.execute(sa.delete(person_keys))
    assert set(await keys.existing(["ada", "bob", "eve"])) == {"ada", "eve"}


async def test_rotation_wraps_keys_anew_and_leaves_what_they_sealed(people: AsyncEngine) -> None:
    sealed = (await keys_of(people).seal_for("ada")).seal("x", PLACE)
    await keys_of(people).seals_for(["bob", "eve"])

    (column,) = columns_of(metadata)
    assert await sealed_by(people, column) == {"k1": 3}
    done = [count async for count in reseal(people, column, a_keyring("k2", "k1"))]
    assert sum(done) == 3
    assert [count async for count in reseal(people, column, a_keyring("k2", "k1"))] == []
    assert await sealed_by(people, column) == {"k2": 3}

    only_new = keys_of(people, ring=a_keyring("k2"))
    seals = await only_new.seals_for(["ada", "bob", "eve"])
    assert seals["ada"].open(sealed, PLACE) == b"x"


def test_a_service_seal_opens_with_every_key_of_its_ring() -> None:
    sealed = ServiceSeal(a_keyring("k1")).seal("x", PLACE)
    assert ServiceSeal(a_keyring("k2", "k1")).open_text(sealed, PLACE) == "x"
    with pytest.raises(Unreadable):
        ServiceSeal(a_keyring("k2")).open(sealed, PLACE)
