"""What the ai service reads from the environment."""

from __future__ import annotations

from pydantic import Field

from chassis.settings import ListenAddress, Settings


class AiSettings(Settings):
    """Where ai listens, and where its peers do."""

    ai_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50051), description="gRPC of ai, host:port."
    )
    ai_admin_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 9051),
        description="Metrics and probes of ai, host:port.",
    )
    scheduler_address: str = Field(
        default="127.0.0.1:50052", description="Where the scheduler's gRPC is, host:port."
    )
    notifier_address: str = Field(
        default="127.0.0.1:50053", description="Where the notifier's gRPC is, host:port."
    )
