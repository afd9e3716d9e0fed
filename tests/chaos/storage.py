"""The Postgres of a run: started, watched by an audit, restarted and crashed on purpose."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import sqlalchemy as sa

import db.tables
from db.embedded import EmbeddedPostgres
from db.engine import open_engine

# Written by triggers in the transaction of the change itself: what is rolled back leaves nothing.
AUDIT = """
CREATE SCHEMA chaos;
CREATE TABLE chaos.audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, row_id bigint NOT NULL,
  holder text NOT NULL, old_fence bigint, new_fence bigint, is_leased boolean, is_settled boolean,
  old_state smallint, new_state smallint, withdrawn text
);
CREATE FUNCTION chaos.watch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was jsonb := to_jsonb(OLD); is_now jsonb := to_jsonb(NEW);
BEGIN
  IF OLD.fence IS DISTINCT FROM NEW.fence OR was->'state' IS DISTINCT FROM is_now->'state' THEN
    INSERT INTO chaos.audit (name, row_id, holder, old_fence, new_fence, is_leased, is_settled,
      old_state, new_state, withdrawn)
    VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, NEW.id, current_setting('application_name'),
      OLD.fence, NEW.fence, NEW.lease_until IS NOT NULL, NEW.settled_time IS NOT NULL,
      (was->>'state')::smallint, (is_now->>'state')::smallint, is_now->>'withdrawn_reason');
  END IF;
  RETURN NULL;
END $$;
"""
# What a server that goes away makes the driver raise; the last is its own confusion about it.
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
WATCHED = ("ingress.inbox", "scheduler.notices", "notifier.notifications")


class Storage:
    """One embedded Postgres with all tables and the audit on top."""

    def __init__(self, home: Path) -> None:
        self._postgres = EmbeddedPostgres(home)
        self.url = ""
        self._looker: asyncpg.Connection | None = None
        self._looking = asyncio.Lock()

    @property
    def folder(self) -> Path:
        """Where its socket is."""
        return Path(parse_qs(urlsplit(self.url).query)["host"][0])

    async def start(self) -> None:
        """Starts it and makes the tables."""
        self.url = await self._postgres.start()
        engine = open_engine(self.url, application_name="chaos", pool_size=1)
        async with engine.begin() as connection:
            for schema in db.tables.SCHEMAS:
                await connection.execute(sa.schema.CreateSchema(schema))
            await connection.run_sync(db.tables.metadata.create_all)
        await engine.dispose()
        await self.execute(AUDIT)
        for table in WATCHED:
            await self.execute(
                f"CREATE TRIGGER watch AFTER UPDATE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION chaos.watch()"
            )

    async def stop(self) -> None:
        """Stops it."""
        if self._looker is not None:
            self._looker.terminate()
        await self._postgres.stop()

    async def restart(self) -> None:
        """Stops it in the middle of everything, and starts it again."""
        await self._postgres.stop()
        self.url = await self._postgres.start()

    async def crash(self) -> None:
        """Kills one of its backends, upon which it throws everybody out and recovers."""
        connection = await self.connect()
        try:
            victim = await connection.fetchval("SELECT pg_backend_pid()")
            os.kill(victim, signal.SIGKILL)
        finally:
            connection.terminate()
        await self._answers()

    async def connect(self) -> asyncpg.Connection:
        """A connection of the harness itself, past all links."""
        return await asyncpg.connect(self.url, server_settings={"application_name": "chaos"})

    async def ask(self, statement: str, *arguments: Any) -> Any:
        """The one value that a query gives, as of now; None while Postgres is away."""
        async with self._looking:
            try:
                async with asyncio.timeout(5):
                    if self._looker is None or self._looker.is_closed():
                        self._looker = await self.connect()
                    return await self._looker.fetchval(statement, *arguments)
            except (*AWAY, TimeoutError):
                if self._looker is not None:
                    self._looker.terminate()
                self._looker = None
                return None

    async def execute(self, statement: str) -> None:
        """Runs statements."""
        connection = await self.connect()
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def url_through(self, folder: Path) -> str:
        """The same database through a link that listens in `folder`."""
        return f"postgresql://hark@/hark?host={quote(str(folder), safe='/')}"

    async def _answers(self) -> None:
        async with asyncio.timeout(30):
            while True:
                try:
                    await self.execute("SELECT 1")
                    return
                except AWAY:
                    await asyncio.sleep(0.1)
