"""What the ingress service reads from the environment."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from chassis.settings import ListenAddress, Settings

_MEBIBYTE = 1024 * 1024


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
    ingress_queue_bytes: int = Field(
        default=32 * _MEBIBYTE,
        ge=4 * _MEBIBYTE,
        description="Bytes of webhooks that may wait to be stored; beyond, callers are sent away.",
    )
    ingress_slots: int = Field(
        default=64, ge=1, le=500, description="Parts that are handled at the same time."
    )

    @field_validator("whatsapp_app_secret")
    @classmethod
    def _refuse_blank_among_several(cls, value: SecretStr) -> SecretStr:
        if not all(secret.strip() for secret in value.get_secret_value().split(",")):
            raise ValueError("has a blank entry between its commas")
        return value

    @property
    def app_secrets(self) -> list[str]:
        """The live app secrets."""
        return [secret.strip() for secret in self.whatsapp_app_secret.get_secret_value().split(",")]
