"""What the console reads from the environment."""

from __future__ import annotations

from pydantic import Field

from chassis.settings import ListenAddress, TlsSettings


class ConsoleSettings(TlsSettings):
    """Where it listens, and where the services are."""

    console_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 8070), description="HTTP of the console, host:port."
    )
    ingress_address: str = Field(
        default="127.0.0.1:50050", description="Where ingress's gRPC is, host:port."
    )
    ai_address: str = Field(default="127.0.0.1:50051", description="Where ai's gRPC is, host:port.")
    scheduler_address: str = Field(
        default="127.0.0.1:50052", description="Where the scheduler's gRPC is, host:port."
    )
    notifier_address: str = Field(
        default="127.0.0.1:50053", description="Where the notifier's gRPC is, host:port."
    )
