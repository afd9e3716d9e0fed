"""Reading database URLs, and telling an outage from a mistake."""

from __future__ import annotations

import asyncpg
import pytest
import sqlalchemy as sa

from db.engine import checked_dsn, is_outage, open_engine


@pytest.mark.parametrize(
    ("given", "dsn"),
    [
        ("postgresql://u:p@h:5432/d", "postgresql://u:p@h:5432/d"),
        ("postgres://u@h/d?sslmode=require", "postgresql://u@h/d?sslmode=require"),
        (" postgresql+asyncpg://u@/d?host=/run/pg\n", "postgresql://u@/d?host=/run/pg"),
    ],
)
def test_every_usual_form_of_a_url_is_taken(given: str, dsn: str) -> None:
    assert checked_dsn(given) == dsn


@pytest.mark.parametrize(
    "wrong",
    ["", "mysql://u:secret@h/d", "postgresql:u:secret", "postgresql+psycopg://u:secret@h/d"],
)
def test_a_wrong_url_is_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(ValueError, match="starts with postgresql://") as refused:
        checked_dsn(wrong)
    assert "secret" not in str(refused.value)


def test_a_port_that_is_no_number_is_named() -> None:
    with pytest.raises(ValueError, match="port") as refused:
        checked_dsn("postgresql://u:secret@h:http/d")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("size", [0, 101])
def test_the_pool_is_bounded(size: int) -> None:
    with pytest.raises(ValueError, match="pool_size"):
        open_engine("postgresql://h/d", application_name="t", pool_size=size)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.AdminShutdownError("bye"),
        asyncpg.DeadlockDetectedError("again"),
        asyncpg.SerializationError("again"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.LockNotAvailableError("locked"),
        asyncpg.QueryCanceledError("slow"),
        asyncpg.DiskFullError("full"),
        asyncpg.InterfaceError("connection is closed"),
        sa.exc.TimeoutError("pool"),
    ],
)
def test_a_database_in_trouble_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        asyncpg.UniqueViolationError("twice"),
        asyncpg.UndefinedTableError("none"),
        asyncpg.exceptions.DataError("wrong"),
        None,
    ],
)
def test_a_mistake_is_not(error: Exception | None) -> None:
    assert not is_outage(error)
