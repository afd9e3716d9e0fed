"""One notifier process, brought back when it dies."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.e2e.system import ROOT, free_ports

STOP_SECONDS = 20.0
# Who falls this often does not work at all.
_MOST_LIVES = 60
_CRASHES = "HARK_CRASH_POINTS"


class Replica:
    """Dies at the next of the shared `kills` (a point, after so many passes), and starts again."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        kills: deque[tuple[str, int]],
        folder: Path,
    ) -> None:
        self.name = name
        self.port, self.admin_port = free_ports(2)
        self._environment = dict(environment)
        self._kills = kills
        self._log = folder / f"{name}.log"
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self.killed: list[str] = []
        self.fell: list[int] = []

    async def supervise(self) -> None:
        """Starts it, and again whenever it ends, until stopped."""
        for _life in range(_MOST_LIVES):
            if self._stopping.is_set():
                return
            armed = self._kills.popleft() if self._kills else None
            code = await self._live(armed)
            if self._stopping.is_set():
                return
            if code == -signal.SIGKILL:
                self.killed.append(armed[0] if armed else "kill -9")
            else:
                self.fell.append(code)
                if armed is not None:
                    self._kills.appendleft(armed)

    def kill(self) -> None:
        """kill -9, from outside, whatever it is doing."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL; and no new life."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _live(self, armed: tuple[str, int] | None) -> int:
        own = {
            "NOTIFIER_LISTEN": f"127.0.0.1:{self.port}",
            "NOTIFIER_ADMIN_LISTEN": f"127.0.0.1:{self.admin_port}",
        }
        if armed is not None:
            own[_CRASHES] = f"{armed[0]}@{armed[1]}"
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services",
                "notifier",
                env=self._environment | own,
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return await self._process.wait()
