"""What the notifier reads from the environment."""

from __future__ import annotations

from pydantic import Field, SecretStr

from chassis.settings import ListenAddress, Settings


class NotifierSettings(Settings):
    """Where the notifier listens, how it reaches WhatsApp, and how much it does at a time."""

    notifier_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50053), description="gRPC of notifier, host:port."
    )
    notifier_admin_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 9053),
        description="Metrics and probes of notifier, host:port.",
    )
    whatsapp_api_url: str = Field(
        default="https://graph.facebook.com/v26.0",
        pattern=r"^https?://[^\s]+$",
        description="The Graph API with its version; the simulator's while there is no account.",
    )
    whatsapp_phone_id: str = Field(
        min_length=1,
        pattern=r"^[A-Za-z0-9_]+$",
        description="Id (not number) of the WhatsApp phone that Hark answers from.",
    )
    whatsapp_auth_token: SecretStr = Field(
        description="System-user token with whatsapp_business_messaging."
    )
    notifier_send_slots: int = Field(
        default=32, ge=1, le=500, description="Provider calls under way at the same time."
    )
    notifier_probe_seconds: float = Field(
        default=60.0,
        ge=0.1,
        le=3600,
        description="How long a status may take to tell what became of an unanswered send.",
    )
    notifier_retention_days: int = Field(
        default=30,
        ge=8,
        le=3650,
        description="How long finished notifications and the ids of messages are kept.",
    )
