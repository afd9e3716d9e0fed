"""The simulator as a child of `hark up`: the outside world while there are no credentials."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import time

import httpx2

CREDENTIALS = ("WHATSAPP_AUTH_TOKEN", "WHATSAPP_PHONE_ID", "WHATSAPP_APP_SECRET")
ADDRESS = os.environ.get("SIMULATOR_LISTEN") or "127.0.0.1:8090"
SIMULATED = {
    "WHATSAPP_AUTH_TOKEN": "test_auth_token",
    "WHATSAPP_VERIFY_TOKEN": "test_verify_token",
    "WHATSAPP_PHONE_ID": "test_phone_id",
    "WHATSAPP_APP_SECRET": "test_app_secret",
    "WHATSAPP_API_URL": f"http://{ADDRESS}/v26.0",
    "HARK_ALLOWED": "*",
}
_START_SECONDS = 15.0
_STOP_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1


class Simulator:
    """A component: starts `python -m simulator`, waits until it answers, and ends it."""

    name = "simulator"

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def spawn(self) -> None:
        """Starts the process, without waiting until it answers."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "simulator",
            stdin=asyncio.subprocess.DEVNULL,
            # Ctrl-C in the terminal is for `hark up`, which ends its child in its turn.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    async def start(self) -> None:
        """Returns once the simulator answers; raises RuntimeError where it does not."""
        if self._process is None:
            await self.spawn()
        process = self._process
        deadline = time.monotonic() + _START_SECONDS
        async with httpx2.AsyncClient(timeout=1.0) as client:
            while process and process.returncode is None and time.monotonic() < deadline:
                if await _answers(client):
                    return
                await asyncio.sleep(0.05)
        await self.stop()
        raise RuntimeError(f"the simulator does not answer on {ADDRESS}; is the port taken?")

    async def run(self) -> None:
        """Ends when the simulator does."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """Ends the simulator."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _answers(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get(f"http://{ADDRESS}/healthz")).status_code == 200
    except httpx2.TransportError:
        return False


def _die_with_parent() -> None:
    # After a kill -9 of `hark up` nothing may be left on the port; Linux can promise that.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
