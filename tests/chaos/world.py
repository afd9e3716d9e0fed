"""The simulator's control API, as the harness uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx2

Json = dict[str, Any]
# Speed of the world: Meta's pauses, scaled down so that a run is short.
DIALS: Json = {
    "sent_ms": 40,
    "delivered_ms": 120,
    "read_ms": 200,
    "pair_burst": 0,
    "throughput_per_second": 0,
    "retry_first_ms": 300,
    "retry_factor": 1.3,
    "retry_attempts": 40,
    "webhook_timeout_ms": 6000,
}


class World:
    """Everything outside Hark."""

    def __init__(self, address: str) -> None:
        self._client = httpx2.AsyncClient(base_url=address, timeout=30.0, trust_env=False)

    async def close(self) -> None:
        """Lets go."""
        await self._client.aclose()

    async def prepare(self) -> None:
        """Sets its speed."""
        await self._ask("PATCH", "/control/settings", DIALS)

    async def says(self, number: str, text: str) -> Json:
        """A person writes; answers once the webhook was tried."""
        return await self._ask(
            "POST", f"/control/people/{number}/messages", {"type": "text", "text": text}
        )

    async def post(self, body: Json, signed: str) -> Json:
        """Posts a webhook that nobody of ours would send."""
        return await self._ask("POST", "/control/webhooks", {"body": body, "signed": signed})

    async def misbehave(self, faults: Sequence[Json]) -> None:
        """Switches faults on."""
        await self._ask("POST", "/control/faults", {"faults": list(faults)})

    async def behave(self) -> Json:
        """Switches all faults off; what there was."""
        return await self._ask("DELETE", "/control/faults")

    async def is_quiet(self) -> bool:
        """Whether no webhook is on its way or waits for another try."""
        state = await self._ask("GET", "/control/state")
        return not state["webhooks"]["queued"] and not state["webhooks"]["retrying"]

    async def state(self) -> Json:
        """Its clock, and what it dropped."""
        return await self._ask("GET", "/control/state")

    async def log(self) -> tuple[list[Json], int]:
        """Everything it saw and did, and how much of that was pushed out of the log."""
        entries: list[Json] = []
        after = missed = 0
        while True:
            page = await self._ask("GET", f"/control/log?after={after}&limit=1000")
            missed += page["missed"]
            if page["next"] == after:
                return entries, missed
            entries += page["entries"]
            after = page["next"]

    async def _ask(self, method: str, path: str, body: Json | None = None) -> Json:
        answer = await self._client.request(method, path, json=body)
        answer.raise_for_status()
        found: Json = answer.json()
        return found
