"""The keys that seal what is kept, replaced while everything runs (`hark keys`)."""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import keyfile
from chassis.crypto import Keyring, Unreadable, encoded_key, new_key, parsed_keys
from chassis.settings import DatabaseSettings, load
from db.embedded import find
from db.engine import is_outage, open_engine
from db.rotation import SealedColumn, columns_of, reseal, sealed_by
from db.tables import metadata

REFUSED = 1
# Whole passes over everything before it is given up; the second finds nothing, as a rule.
_MOST_PASSES = 20
_MOST_TRIES = 5
_BETWEEN_TRIES = 2.0

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


class Refused(Exception):
    """It cannot be done; the text says why and what to do."""


def fresh_key() -> str:
    """A new entry for HARK_KEYS, named by its day."""
    return f"k{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(3)}:{encoded_key(new_key())}"


def status(home: Path) -> int:
    """Prints how many values each key has sealed, and where."""
    return _run(_status(home))


def rewrap(home: Path) -> int:
    """Seals again what older keys sealed, with the keys as they are."""
    return _run(_rewrap(home))


def rotate(home: Path, *, settle: float) -> int:
    """Puts a new key in the place of the one in use, or finishes what was begun.

    `settle` seconds after the new key is in its place, nothing may arrive any more that the old
    one sealed: processes read the file again within a second, and a statement takes at most 20.
    """
    try:
        path = _file(home)
        with _alone(path):
            return _run(_rotate(home, path, settle))
    except (Refused, OSError) as problem:
        _errors.print(str(problem), style="red")
        return REFUSED


async def _rotate(home: Path, path: Path, settle: float) -> None:
    entries = [entry.strip() for entry in keyfile.read(path).split(",") if entry.strip()]
    parsed_keys(",".join(entries))
    if len(entries) == 1:
        entries.insert(0, fresh_key())
        keyfile.write(path, ",".join(entries))
        _console.print(f"{_id(entries[0])} seals from now on.")
    else:
        _console.print(f"Going on with the rotation to {_id(entries[0])}.")
    in_place = time.monotonic()
    keyring = Keyring(parsed_keys(",".join(entries)))
    async with _database(home) as engine:
        await _pass(engine, keyring)
        # Until then a process may still bring what the old key sealed.
        await asyncio.sleep(max(0.0, in_place + settle - time.monotonic()))
        for _ in range(_MOST_PASSES):
            if await _pass(engine, keyring) == 0:
                break
        else:
            raise Refused("Something still seals with the old key; is it given by HARK_KEYS?")
    keyfile.write(path, entries[0])
    old = ", ".join(_id(entry) for entry in entries[1:])
    _console.print(f"Nothing is sealed by {old} any more; backups made until now still are.")


async def _rewrap(home: Path) -> None:
    keyring = _keyring(home)
    async with _database(home) as engine:
        count = await _pass(engine, keyring)
        for _ in range(_MOST_PASSES):
            if await _pass(engine, keyring) == 0:
                break
    _console.print(f"{count} values are sealed by {keyring.newest} now.")


async def _status(home: Path) -> None:
    keyring = _keyring(home)
    table = Table("column", "key", "values", "state")
    async with _database(home) as engine:
        for column in columns_of(metadata):
            for key_id, count in sorted((await sealed_by(engine, column)).items()):
                state = "current" if key_id == keyring.newest else "to be sealed again"
                table.add_row(column.name, key_id, str(count), state)
    _console.print(table)


async def _pass(engine: AsyncEngine, keyring: Keyring) -> int:
    total = 0
    for column in columns_of(metadata):
        total += await _patiently(engine, column, keyring)
    if total:
        _console.print(f"{total} values sealed again.")
    return total


async def _patiently(engine: AsyncEngine, column: SealedColumn, keyring: Keyring) -> int:
    """One column, begun anew where the database fails; what is done stays done."""
    total = 0
    for tries_left in range(_MOST_TRIES - 1, -1, -1):
        try:
            async for count in reseal(engine, column, keyring):
                total += count
        except Exception as error:
            if not is_outage(error) or not tries_left:
                raise
            await asyncio.sleep(_BETWEEN_TRIES)
        else:
            break
    return total


@asynccontextmanager
async def _database(home: Path) -> AsyncIterator[AsyncEngine]:
    """The database that the services use. Raises Refused."""
    (settings,) = load(DatabaseSettings)
    url = settings.database_url.get_secret_value() if settings.database_url else find(home)
    if url is None:
        raise Refused("There is no DATABASE_URL, and no embedded Postgres runs (`hark up`).")
    engine = open_engine(url, application_name="hark-keys", pool_size=2)
    try:
        yield engine
    finally:
        await engine.dispose()


def _file(home: Path) -> Path:
    """The file that the services follow. Raises Refused."""
    given = os.environ.get("HARK_KEYS_FILE")
    path = Path(given) if given else home / "secrets.env"
    if not path.exists():
        raise Refused(f"There is no {path.name}: set HARK_KEYS_FILE, or see docs/security.md.")
    if not given and os.environ.get("HARK_KEYS", keyfile.read(path)) != keyfile.read(path):
        raise Refused(
            "HARK_KEYS comes from the environment: put `hark keys new` before it, start the "
            "services anew, run `hark keys rewrap`, and take the old key away."
        )
    return path


def _keyring(home: Path) -> Keyring:
    given = os.environ.get("HARK_KEYS_FILE")
    if not given and (keys := os.environ.get("HARK_KEYS")):
        return Keyring.from_setting(keys)
    return Keyring.from_setting(keyfile.read(_file(home)))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keeps a second rotation away. Raises Refused."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("A rotation is under way already.") from error
        yield


def _id(entry: str) -> str:
    return entry.partition(":")[0]


def _run(work: Coroutine[Any, Any, None]) -> int:
    try:
        asyncio.run(work)
    except Unreadable as problem:
        _errors.print(f"A key is missing ({problem}); nothing was changed there.", style="red")
        return REFUSED
    except (Refused, OSError, ValueError) as problem:
        _errors.print(str(problem), style="red")
        return REFUSED
    return 0
