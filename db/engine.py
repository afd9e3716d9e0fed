"""One async engine a service: SQLAlchemy Core on asyncpg, with a bound on every wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis import tracing

CONNECT_TIMEOUT = timedelta(seconds=5)
POOL_TIMEOUT = timedelta(seconds=5)
STATEMENT_TIMEOUT = timedelta(seconds=15)
LOCK_TIMEOUT = timedelta(seconds=5)
IDLE_IN_TRANSACTION_TIMEOUT = timedelta(seconds=30)

# SQLSTATE classes (and one code) of a database in trouble: connection, resources, operator
# intervention (restart, statement time-out), serialization and deadlock, lock time-out.
_OUTAGE_STATES = ("08", "53", "57", "40", "55P03")

_OUTAGES = (
    OSError,
    TimeoutError,
    sa.exc.TimeoutError,
    DisconnectionError,
    # What asyncpg calls a statement that meets a connection in the moment it is cut.
    asyncpg.InternalClientError,
)


def open_engine(
    url: str,
    *,
    application_name: str,
    pool_size: int = 10,
    statement_timeout: timedelta = STATEMENT_TIMEOUT,
    lock_timeout: timedelta = LOCK_TIMEOUT,
) -> AsyncEngine:
    """An engine on `postgresql://…` (also `postgresql://user@/hark?host=/socket/directory`).

    The URL is read by asyncpg as libpq reads it (`sslmode`, `sslrootcert`, several hosts …).
    `pool_size` (1 to 100) is a hard bound: there is no overflow, and waiting for a connection ends
    after 5 s. Connecting takes at most 5 s, a statement `statement_timeout`, a lock
    `lock_timeout`, an idle transaction 30 s. Prepared statements are cached per connection.
    Nothing is connected yet. Raises ValueError for a URL that is not one of Postgres.
    """
    dsn = checked_dsn(url)
    if not 1 <= pool_size <= 100:
        raise ValueError("pool_size must be 1 to 100")
    settings = {
        "application_name": application_name,
        "jit": "off",
        "timezone": "UTC",
        "statement_timeout": milliseconds(statement_timeout),
        "lock_timeout": milliseconds(lock_timeout),
        "idle_in_transaction_session_timeout": milliseconds(IDLE_IN_TRANSACTION_TIMEOUT),
    }

    async def connect(*_: Any, **__: Any) -> asyncpg.Connection:
        connection = await asyncpg.connect(
            dsn,
            timeout=CONNECT_TIMEOUT.total_seconds(),
            # The server's own time-out comes first; this one is for a server that is gone.
            command_timeout=statement_timeout.total_seconds() + 5,
            server_settings=settings,
        )
        if (logger := tracing.database_logger()) is not None:
            connection.add_query_logger(logger)
        return connection

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT.total_seconds(),
        pool_use_lifo=True,
    )
    sa.event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


async def raw(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's own connection, for statements whose cost per row counts.

    Inside `engine.begin()` it takes part in that transaction (BEGIN is sent here, if nothing was
    executed yet). It is borrowed: never close it, and don't use it after `connection` is given
    back.
    """
    pooled = await connection.get_raw_connection()
    driver = pooled.driver_connection
    if driver is None:
        raise asyncpg.InterfaceError("the connection is closed")
    if connection.in_transaction() and not driver.is_in_transaction():
        # A no-op, if the connection is in autocommit.
        await connection.exec_driver_sql("SELECT 1")
    return driver


def autocommit(engine: AsyncEngine) -> AsyncEngine:
    """The same engine and pool, every statement its own transaction (no BEGIN, no COMMIT)."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_outage(error: BaseException | None) -> bool:
    """Whether the database, not the statement, failed: worth another try, later or elsewhere.

    Knows what asyncpg raises and what SQLAlchemy makes of it.
    """
    if isinstance(error, sa.exc.DBAPIError):
        return error.connection_invalidated or is_outage(error.orig)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_OUTAGE_STATES)
    if isinstance(error, asyncpg.InterfaceError) or type(error).__name__ == "InterfaceError":
        # Its ValueErrors are arguments of the wrong type, the others a connection that is gone.
        return not isinstance(error, ValueError)
    return isinstance(error, _OUTAGES)


def checked_dsn(url: str) -> str:
    """`url` as asyncpg takes it. Raises ValueError without repeating it: it may hold a password."""
    scheme, separator, rest = url.strip().partition("://")
    dialect, _, driver = scheme.partition("+")
    if not separator or dialect not in ("postgresql", "postgres") or driver not in ("", "asyncpg"):
        raise ValueError("a database URL starts with postgresql://")
    dsn = f"postgresql://{rest}"
    try:
        _ = urlsplit(dsn).port
    except ValueError:
        raise ValueError("the database URL has a port that is not a number") from None
    return dsn


def milliseconds(duration: timedelta) -> str:
    """A duration as Postgres' settings take it."""
    return str(int(duration.total_seconds() * 1000))


def _refuse_closed(driver_connection: Any, _record: Any, _proxy: Any) -> None:
    # A round trip (pool_pre_ping) on every checkout is dear; asyncpg knows of a closed socket.
    if driver_connection.driver_connection.is_closed():
        raise DisconnectionError
