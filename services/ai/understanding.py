"""The local engine behind the port `Understanding`."""

from __future__ import annotations

from services.ai.domain.intent import Interpretation, Utterance
from services.ai.local.engine import interpret


class LocalUnderstanding:
    """Port `Understanding` over the local engine: no I/O, a millisecond or two."""

    async def interpret(self, utterance: Utterance) -> Interpretation:
        """What the utterance means."""
        return interpret(utterance)
