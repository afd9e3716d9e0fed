"""One server process: how it is started in its data folder, watched, and stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from db.embedded.account import Account

_LAUNCH = Path(__file__).with_name("launch.py")
_PID_FILE = "postmaster.pid"
# How a folder is named for a server that may not enter those above it.
_HERE = "/proc/self/cwd"

FAST_STOP, IMMEDIATE_STOP = signal.SIGINT, signal.SIGQUIT


class EmbeddedPostgresFailed(Exception):
    """The embedded Postgres did not start or stop; the message says where its log is."""


def data_argument(data: Path) -> str:
    """What `-D` must say for a server whose working folder is `data`."""
    return _HERE if sys.platform == "linux" else str(data)


def command(program: Path, arguments: list[str], account: Account) -> list[str]:
    """What starts a program under `account`.

    By a program in between and never by `subprocess`'s own `user`: that one forks, and a fork of a
    process in which gRPC is busy dies of gRPC's fork handlers now and then.
    """
    start = [sys.executable, "-I", "-S", str(_LAUNCH)]
    return [*start, str(os.getpid()), str(account.uid), str(account.gid), str(program), *arguments]


def spawn(
    program: Path, arguments: list[str], *, data: Path, account: Account, log: Path
) -> subprocess.Popen[bytes]:
    """Starts a program of the wheel under `account`, working in `data`.

    It ends with this thread: start it from one that lives as long as the server shall.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - a program of the wheel, no shell
            command(program, arguments, account),
            cwd=data,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Ctrl-C goes to the owner, which stops its services first.
            start_new_session=True,
        )


async def finished(process: subprocess.Popen[bytes], timeout: float) -> int | None:
    """The exit code of a process of ours, once it has one; None after `timeout` seconds."""
    deadline = asyncio.get_running_loop().time() + timeout
    while (code := process.poll()) is None:
        if asyncio.get_running_loop().time() >= deadline:
            return None
        await asyncio.sleep(0.01)
    return code


def is_ready(data: Path, pid: int) -> bool:
    """Whether the server with this pid says that it takes connections."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def orphan(data: Path) -> int | None:
    """The pid of a server that still runs on this data without an owner."""
    lines = _pid_file(data)
    if not lines or not lines[0].isdecimal() or int(lines[0]) <= 1:
        return None
    pid = int(lines[0])
    try:
        os.kill(pid, 0)
        if sys.platform == "linux" and not Path(f"/proc/{pid}/cwd").samefile(data):
            # The number belongs to somebody else by now.
            return None
    except OSError:
        return None
    return pid


async def end_orphan(data: Path, *, timeout: float = 5.0) -> bool:
    """Stops such a server: cleanly, or, after `timeout` seconds, at once. Whether there was one."""
    found = orphan(data)
    if found is None:
        return False
    for number in (FAST_STOP, IMMEDIATE_STOP):
        os.kill(found, number)
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            if orphan(data) != found:
                return True
            await asyncio.sleep(0.02)
    raise EmbeddedPostgresFailed(f"an earlier Postgres (process {found}) does not stop")


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / _PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return []
