"""One message's way through the services, for the page."""

from __future__ import annotations

from typing import Any

from console.sessions import Services
from console.trail import follow


async def trace_view(services: Services, wanted: str) -> dict[str, Any]:
    """The steps in time, and the verdict. Who did not answer is named, not raised."""
    found = await follow(wanted.strip(), services)
    mood, words = found.verdict
    return {
        "message_id": found.wanted,
        "steps": [
            {
                "time": step.time.isoformat(),
                "service": step.service,
                "what": step.what,
                "mood": step.mood.value,
            }
            for step in found.steps
        ],
        "silent": found.silent,
        "verdict": words,
        "mood": mood.value if mood else None,
    }
