"""What the ingress service reads from the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import Field, SecretStr, field_validator

from chassis.settings import ListenAddress, Settings
from services.ingress.domain.access import EVERYBODY, Guests

_MEBIBYTE = 1024 * 1024
# The phone id of the simulator, whose people are nobody's expense.
_SIMULATED_PHONE = "test_phone_id"


class IngressSettings(Settings):
    """Where ingress listens, whom it calls, and what it may keep in memory."""

    ingress_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 8080), description="HTTP of ingress, host:port."
    )
    ingress_grpc_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50050), description="gRPC of ingress, host:port."
    )
    ingress_admin_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 9050),
        description="Metrics and probes of ingress, host:port.",
    )
    ai_address: str = Field(default="127.0.0.1:50051", description="Where ai's gRPC is, host:port.")
    scheduler_address: str = Field(
        default="127.0.0.1:50052", description="Where the scheduler's gRPC is, host:port."
    )
    notifier_address: str = Field(
        default="127.0.0.1:50053", description="Where the notifier's gRPC is, host:port."
    )
    whatsapp_app_secret: SecretStr = Field(
        description="The app secret that signs webhooks; several, comma-separated, while rotating."
    )
    whatsapp_verify_token: SecretStr = Field(
        description="The word that WhatsApp repeats when the webhook is set up; choose any."
    )
    whatsapp_phone_id: str = Field(
        pattern=r"^\S+$",
        description="The id (not the number) of the phone number that Hark speaks as.",
    )
    whatsapp_api_url: str = Field(
        default="https://graph.facebook.com/v26.0",
        pattern=r"^https?://[^\s]+$",
        description="The Graph API with its version; the simulator's while there is no account.",
    )
    whatsapp_auth_token: SecretStr = Field(
        description="System-user token with whatsapp_business_messaging."
    )
    hark_allowed: str | None = Field(
        default=None,
        description="Who may use it: numbers with country code and user ids, comma-separated, or *"
        " for everybody (the default with the simulator, and only there).",
    )
    ingress_messages_per_minute: int = Field(
        default=30,
        ge=1,
        le=6000,
        description="Messages of one person that are handled in a minute; more are handled later.",
    )
    ingress_message_burst: int = Field(
        default=10, ge=1, le=1000, description="Of those, how many are handled all at once."
    )
    ingress_late_after_seconds: int = Field(
        default=3600,
        ge=60,
        le=604800,
        description="A message that comes this long after it was written is told to be a late one.",
    )
    ingress_media_slots: int = Field(
        default=4,
        ge=1,
        le=16,
        description="Voice notes and images that are fetched and understood at the same time.",
    )
    ingress_queue_bytes: int = Field(
        default=32 * _MEBIBYTE,
        ge=4 * _MEBIBYTE,
        description="Bytes of webhooks that may wait to be stored; beyond, callers are sent away.",
    )
    ingress_slots: int = Field(
        default=64, ge=1, le=500, description="Parts that are handled at the same time."
    )

    ingress_retention_days: int = Field(
        default=8,
        ge=8,
        le=3650,
        description="Days for which handled parts are kept; WhatsApp delivers again for seven.",
    )

    @field_validator("whatsapp_app_secret")
    @classmethod
    def _refuse_blank_among_several(cls, value: SecretStr) -> SecretStr:
        if not all(secret.strip() for secret in value.get_secret_value().split(",")):
            raise ValueError("has a blank entry between its commas")
        return value

    @field_validator("hark_allowed")
    @classmethod
    def _refuse_nobody(cls, value: str | None, info: Any) -> str:
        if value is not None and value.strip(" ,"):
            Guests.parse(value)
            return value
        if info.data.get("whatsapp_phone_id") == _SIMULATED_PHONE:
            return EVERYBODY
        raise ValueError("is not set: nobody would be answered")

    @property
    def guests(self) -> Guests:
        """Who may use it."""
        return Guests.parse(self.hark_allowed or "")

    @property
    def late_after(self) -> timedelta:
        """From what age on a message is a late one."""
        return timedelta(seconds=self.ingress_late_after_seconds)

    @property
    def app_secrets(self) -> list[str]:
        """The live app secrets."""
        return [secret.strip() for secret in self.whatsapp_app_secret.get_secret_value().split(",")]
