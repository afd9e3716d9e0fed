"""The embedded Postgres as its owner sees it: start, a URL, stop."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import asyncpg

from chassis.log import get_logger
from db.embedded import config
from db.embedded.account import Account, user_name
from db.embedded.binaries import programs, version
from db.embedded.home import RUN_FILE, HomeLock, read_run, update_run, write_private
from db.embedded.server import (
    FAST_STOP,
    IMMEDIATE_STOP,
    EmbeddedPostgresFailed,
    data_argument,
    end_orphan,
    finished,
    is_ready,
    spawn,
)

INITDB_TIMEOUT_SECONDS = 50.0
START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 10.0

_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # macOS; Linux takes 107
_SHORT, _SHORT_PREFIX = Path("/tmp"), "hark-socket-"  # noqa: S108 - mkdtemp makes it ours
_LARGEST_LOG = 10_000_000

# What a server says that meets the remains of another on its data.
_LINGERING = ("shared memory", "lock file", "is another postmaster")

log = get_logger()


class EmbeddedPostgres:
    """One Postgres under one home, for as long as its owner lives. Fits `chassis.process`.

    `settings` go into `postgresql.conf`, over those of `db.embedded.config`.
    """

    name = "postgres"

    def __init__(
        self, home: Path | str, *, settings: Mapping[str, str | int] | None = None
    ) -> None:
        self._settings = dict(settings or {})
        self.home = Path(home).absolute()
        self._folder = self.home / "postgres"
        self._data = self._folder / "data"
        self._log = self._folder / "postgres.log"
        self._lock = HomeLock(self.home)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_folder = self._folder / "run"

    async def start(self) -> str:
        """Takes the home, starts the server and makes the database; its URL.

        The first start in a home makes the data (a second or two). Must be called from a thread
        that lives as long as the server shall (the main thread). Raises `AlreadyRunning`, or
        `EmbeddedPostgresFailed` with what to do.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        await self._lock.acquire()
        try:
            return await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stops the server cleanly (within 10 s, else at once) and gives the home back."""
        process, self._process = self._process, None
        if process is not None:
            for number in (FAST_STOP, IMMEDIATE_STOP):
                process.send_signal(number)
                if await finished(process, STOP_TIMEOUT_SECONDS) is not None:
                    break
            else:
                process.kill()
                process.wait()
            (self.home / RUN_FILE).unlink(missing_ok=True)
            self._remove_short_socket_folder(str(self._socket_folder))
        self._lock.release()

    async def _start(self) -> str:
        try:
            account = Account.choose(self._folder)
            owner_name = user_name()
            folder = programs(account)
        except (LookupError, OSError) as error:
            raise EmbeddedPostgresFailed(
                f"The embedded Postgres cannot run here: {error}. Set DATABASE_URL to use another."
            ) from error
        self._prepare(account)
        if await end_orphan(self._data):
            log.info("orphaned postgres replaced")
        if not (self._data / "PG_VERSION").exists():
            await self._make_data(folder, account)
        self._check_version(folder)
        self._configure(account, {owner_name})
        self._process = await self._launch(folder / "postgres", account)
        return await self._open()

    def _prepare(self, account: Account) -> None:
        account.own(self._folder)
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".log.1"))
        self._remove_short_socket_folder(str(read_run(self.home).get("socket_folder", "")))
        own = self._folder / "run"
        if len(str(own / _SOCKET_NAME).encode()) <= _LONGEST_SOCKET_PATH and "," not in str(own):
            self._socket_folder = own
        else:
            # A Unix socket's path is short by nature; this one is removed at stop or next start.
            self._socket_folder = Path(tempfile.mkdtemp(prefix=_SHORT_PREFIX, dir=_SHORT))
        account.own(self._socket_folder)

    async def _make_data(self, folder: Path, account: Account) -> None:
        # Made aside and moved when finished: a killed first start leaves nothing half made.
        new = self._folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        account.own(new)
        arguments = ["-D", data_argument(new), *config.INITDB_OPTIONS]
        if self._settings.get("fsync") == "off":
            arguments.append("--no-sync")
        process = spawn(folder / "initdb", arguments, data=new, account=account, log=self._log)
        try:
            code = await finished(process, INITDB_TIMEOUT_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if code != 0:
            raise self._failed("could not make its data")
        new.rename(self._data)

    def _check_version(self, folder: Path) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        major = version(folder).split(".")[0]
        if made_by != major:
            raise EmbeddedPostgresFailed(
                f"The data in {self._data} was made by Postgres {made_by}; this is {major}. Dump it"
                " with the old version and restore it, or set HARK_HOME to an empty directory."
            )

    def _configure(self, account: Account, user_names: set[str]) -> None:
        relative = self._socket_folder == self._folder / "run"
        files = {
            "postgresql.conf": config.settings(
                "../run" if relative else str(self._socket_folder), self._settings
            ),
            "pg_hba.conf": config.HBA,
            "pg_ident.conf": config.ident(user_names),
        }
        for name, text in files.items():
            write_private(self._data / name, text)
            if account.switch:
                os.chown(self._data / name, account.uid, account.gid)

    async def _launch(self, program: Path, account: Account) -> subprocess.Popen[bytes]:
        deadline = asyncio.get_running_loop().time() + START_TIMEOUT_SECONDS
        arguments = ["-D", data_argument(self._data)]
        while True:
            process = spawn(program, arguments, data=self._data, account=account, log=self._log)
            while process.poll() is None:
                if is_ready(self._data, process.pid):
                    return process
                if asyncio.get_running_loop().time() >= deadline:
                    process.send_signal(IMMEDIATE_STOP)
                    await finished(process, STOP_TIMEOUT_SECONDS)
                    raise self._failed("is not ready after 30 s")
                await asyncio.sleep(0.01)
            # What a killed server leaves (its own children, its memory) goes within moments.
            late = asyncio.get_running_loop().time() >= deadline - START_TIMEOUT_SECONDS + 5
            if late or not any(sign in self._last_words() for sign in _LINGERING):
                raise self._failed("ended while starting")
            await asyncio.sleep(0.2)

    async def _open(self) -> str:
        host = quote(str(self._socket_folder), safe="/")
        admin = await asyncpg.connect(f"postgresql://{config.NAME}@/postgres?host={host}")
        try:
            known = "SELECT 1 FROM pg_database WHERE datname = $1"
            if await admin.fetchval(known, config.NAME) is None:
                await admin.execute(f'CREATE DATABASE "{config.NAME}"')
        finally:
            await admin.close()
        url = f"postgresql://{config.NAME}@/{config.NAME}?host={host}"
        process = self._process
        update_run(
            self.home,
            {
                "database_url": url,
                "pid": os.getpid(),
                "postgres_pid": process.pid if process else None,
                "socket_folder": str(self._socket_folder),
            },
        )
        return url

    def _remove_short_socket_folder(self, folder: str) -> None:
        path = Path(folder)
        if path.parent == _SHORT and path.name.startswith(_SHORT_PREFIX):
            shutil.rmtree(path, ignore_errors=True)

    def _failed(self, what: str) -> EmbeddedPostgresFailed:
        said = self._last_words()
        return EmbeddedPostgresFailed(f"The embedded Postgres {what}. {self._log} says: {said}")

    def _last_words(self) -> str:
        try:
            return " / ".join(self._log.read_text(errors="replace").splitlines()[-3:])
        except OSError:
            return ""
