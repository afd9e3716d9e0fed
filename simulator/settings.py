"""What the simulator reads from the environment, once, at the start."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The addresses, secrets and bounds of one simulator; everything else is a dial (see dials)."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    listen: str = Field(default="127.0.0.1:8090", validation_alias="SIMULATOR_LISTEN")
    webhook_url: str = Field(
        default="http://127.0.0.1:8080/webhook", validation_alias="SIMULATOR_WEBHOOK_URL"
    )
    app_secrets: str = Field(default="test_app_secret", validation_alias="WHATSAPP_APP_SECRET")
    verify_token: str = Field(default="test_verify_token", validation_alias="WHATSAPP_VERIFY_TOKEN")
    # The address under which others reach this program, for media links; empty: the listener's.
    public_url: str = Field(default="", validation_alias="SIMULATOR_PUBLIC_URL")
    gemini_key: str = Field(default="test_gemini_key", validation_alias="SIMULATOR_GEMINI_KEY")

    # The one business number there is; fixed, so that everybody can rely on it.
    phone_number_id: ClassVar[str] = "test_phone_id"
    auth_token: ClassVar[str] = "test_auth_token"  # noqa: S105 - it opens nothing but this program
    display_phone_number: ClassVar[str] = "15550000000"
    account_id: ClassVar[str] = "102290129340398"

    # Bounds: what is older than this is forgotten, oldest first.
    journal_entries: int = Field(
        default=200_000, ge=100, validation_alias="SIMULATOR_JOURNAL_ENTRIES"
    )
    journal_bytes: int = Field(
        default=256 * 1024**2, ge=1024**2, validation_alias="SIMULATOR_JOURNAL_BYTES"
    )
    messages: int = Field(default=100_000, ge=100, validation_alias="SIMULATOR_MESSAGES")
    people: int = Field(default=50_000, ge=1, validation_alias="SIMULATOR_PEOPLE")
    media_bytes: int = Field(
        default=256 * 1024**2, ge=1024**2, validation_alias="SIMULATOR_MEDIA_BYTES"
    )
    webhook_queue: int = Field(default=50_000, ge=1, validation_alias="SIMULATOR_WEBHOOK_QUEUE")
    webhook_concurrency: int = Field(
        default=16, ge=1, le=256, validation_alias="SIMULATOR_WEBHOOK_CONCURRENCY"
    )

    @field_validator("listen")
    @classmethod
    def _has_a_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ValueError("give host:port, for example 127.0.0.1:8090")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give a URL that begins with http:// or https://")
        return value

    @field_validator("app_secrets")
    @classmethod
    def _signs(cls, value: str) -> str:
        if not value.split(",", maxsplit=1)[0].strip():
            raise ValueError("the first secret signs every webhook and must not be empty")
        return value

    @property
    def app_secret(self) -> str:
        """The secret that signs webhooks: the first of the list."""
        return self.app_secrets.split(",", maxsplit=1)[0].strip()

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.listen.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port to listen on."""
        return int(self.listen.rpartition(":")[2])

    @property
    def base_url(self) -> str:
        """Where others reach this program, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.listen}"
