"""The way from the command line to a service: the operator's token, and TLS where it is set."""

from __future__ import annotations

import asyncio
import os

from chassis.channel import Peer
from chassis.settings import TlsSettings, load
from chassis.tls import Tls
from cli.home import token_of

# The variable that names each service's address, and where it is on a machine of one's own.
INGRESS = ("INGRESS_ADDRESS", "127.0.0.1:50050")
AI = ("AI_ADDRESS", "127.0.0.1:50051")
SCHEDULER = ("SCHEDULER_ADDRESS", "127.0.0.1:50052")
NOTIFIER = ("NOTIFIER_ADDRESS", "127.0.0.1:50053")


def peer_at(address: tuple[str, str]) -> Peer:
    """A service as the operator reaches it; to be made inside the event loop that will use it.

    Raises SettingsProblems, OSError or ValueError where the TLS settings are wrong.
    """
    variable, default = address
    (settings,) = load(TlsSettings)
    return Peer(
        os.environ.get(variable) or default,
        token=token_of("operator"),
        tls=Tls.from_settings(settings),
    )


class OperatorPeers:
    """All four, as the operator reaches them; to be made inside the event loop, and closed."""

    def __init__(self) -> None:
        self.ingress, self.ai = peer_at(INGRESS), peer_at(AI)
        self.scheduler, self.notifier = peer_at(SCHEDULER), peer_at(NOTIFIER)

    async def close(self) -> None:
        """Closes the channels."""
        peers = (self.ingress, self.ai, self.scheduler, self.notifier)
        await asyncio.gather(*(peer.close() for peer in peers))
