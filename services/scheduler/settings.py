"""What the scheduler reads from the environment."""

from __future__ import annotations

from pydantic import Field

from chassis.settings import ListenAddress, Settings


class SchedulerSettings(Settings):
    """Where scheduler listens, and where its peer does."""

    scheduler_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50052), description="gRPC of scheduler, host:port."
    )
    scheduler_admin_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 9052),
        description="Metrics and probes of scheduler, host:port.",
    )
    notifier_address: str = Field(
        default="127.0.0.1:50053", description="Where the notifier's gRPC is, host:port."
    )
    scheduler_database_connections: int = Field(
        default=10,
        ge=4,
        le=50,
        description="Postgres connections of scheduler, 4 to 50; the worker holds two.",
    )
