"""HARK_HOME: who owns it now (a lock) and how to reach what runs in it (`run.json`)."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCK_FILE = "lock"
RUN_FILE = "run.json"

# A killed process holds its lock until the kernel has taken it apart.
LOCK_PATIENCE_SECONDS = 3.0


class AlreadyRunning(Exception):
    """Another process owns this home; its pid stands in the message, and in `pid` if known."""

    def __init__(self, home: Path, pid: int | None) -> None:
        self.pid = pid
        who = f"process {pid}" if pid else "another process"
        super().__init__(
            f"Hark already runs in {home} ({who}). Stop that one, or set HARK_HOME to another"
            " directory."
        )


class HomeLock:
    """The lock on one home, held from `acquire` to `release` or the end of the process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._descriptor: int | None = None

    async def acquire(self, patience: float = LOCK_PATIENCE_SECONDS) -> None:
        """Takes the lock. Raises `AlreadyRunning` after `patience` seconds."""
        descriptor = os.open(self._home / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if asyncio.get_running_loop().time() >= deadline:
                    owner = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
                    os.close(descriptor)
                    pid = int(owner) if owner.isdecimal() else None
                    raise AlreadyRunning(self._home, pid) from None
                await asyncio.sleep(0.05)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; does nothing if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_owned(home: Path) -> bool:
    """Whether some process holds the lock of this home."""
    try:
        descriptor = os.open(home / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def find(home: Path | str) -> str | None:
    """The URL of the embedded Postgres that runs in this home; None if none does."""
    home = Path(home)
    url = read_run(home).get("database_url") if is_owned(home) else None
    return url if isinstance(url, str) else None


def read_run(home: Path | str) -> Mapping[str, Any]:
    """What `run.json` says; empty if there is none. It may be left over: see `is_owned`."""
    try:
        content = json.loads((Path(home) / RUN_FILE).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def update_run(home: Path | str, fields: Mapping[str, Any]) -> None:
    """Adds fields to `run.json` (mode 600), at once or not at all. Only the owner calls this."""
    write_private(Path(home) / RUN_FILE, json.dumps({**read_run(home), **fields}, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads, at once or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
