"""What has been kept long enough goes; what is open or may be asked about again stays."""

from __future__ import annotations

from datetime import timedelta

from db.engine import open_engine
from services.scheduler.storage.retention import Retention
from tests.integration.scheduler.conftest import World
from tests.integration.scheduler.said import done, event, task


async def counts(world: World) -> dict[str, int]:
    found = {}
    for table in ("changes", "notices", "tasks", "events"):
        query = f"SELECT count(*) FROM scheduler.{table}"
        (row,) = await world.query(query)
        found[table] = row["count"]
    return found


async def test_old_answers_and_notices_go_and_what_is_open_stays(world: World) -> None:
    scheduler = await world.scheduler("2026-11-22T08:00:00Z")
    ada = world.person(scheduler)
    await ada.says(task("done"), task("open"), event("Far", local_time="2027-03-01T09:00:00"))
    await ada.says(done(words="done"))
    await world.settled(2)
    engine = open_engine(world.database_url, application_name="test", pool_size=1)
    retention = Retention(
        engine, clock=scheduler.clock, keep=timedelta(days=8), keep_tasks=timedelta(days=30)
    )
    try:
        assert await retention.sweep() == 0
        # The reminder of the far event is neither due nor settled.
        scheduler.clock.move(timedelta(days=9))
        assert await retention.sweep() == 4
        assert await counts(world) == {"changes": 0, "notices": 1, "tasks": 2, "events": 1}
        scheduler.clock.move(timedelta(days=30))
        assert await retention.sweep() == 1
        assert await retention.sweep() == 0
        assert await counts(world) == {"changes": 0, "notices": 1, "tasks": 1, "events": 1}
    finally:
        await engine.dispose()


async def test_more_than_a_batch_goes_in_one_sweep_and_the_look_goes_round(world: World) -> None:
    scheduler = await world.scheduler("2026-11-22T08:00:00Z")
    await world.query(
        "INSERT INTO scheduler.notices (due_time, settled_time, notice_id, user_id, kind,"
        " item_version, lead_seconds, reply_to_message_id)"
        " SELECT t, CASE WHEN n % 3 = 0 THEN t END, gen_random_uuid(), 'nobody', 'reply', 0, 0, ''"
        " FROM generate_series(1, 1600) AS n,"
        " (SELECT timestamptz '2030-01-01' AS t) AS one"
    )
    engine = open_engine(world.database_url, application_name="test", pool_size=1)
    retention = Retention(
        engine, clock=scheduler.clock, keep=timedelta(days=8), keep_tasks=timedelta(days=30)
    )
    try:
        assert await retention.sweep() == 0
        scheduler.clock.move(timedelta(days=2000))
        assert await retention.sweep() >= 533
        query = "SELECT 1 FROM scheduler.notices WHERE settled_time = timestamptz '2030-01-01'"
        assert await world.query(query) == []
    finally:
        await engine.dispose()
