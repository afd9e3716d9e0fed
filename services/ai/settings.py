"""What the ai service reads from the environment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from chassis.settings import ListenAddress, Settings


class AiSettings(Settings):
    """Where ai listens, where its peers are, and who understands what people say."""

    ai_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50051), description="gRPC of ai, host:port."
    )
    ai_admin_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 9051),
        description="Metrics and probes of ai, host:port.",
    )
    ingress_address: str = Field(
        default="127.0.0.1:50050", description="Where ingress's gRPC is, host:port."
    )
    scheduler_address: str = Field(
        default="127.0.0.1:50052", description="Where the scheduler's gRPC is, host:port."
    )
    notifier_address: str = Field(
        default="127.0.0.1:50053", description="Where the notifier's gRPC is, host:port."
    )
    hark_understanding: Literal["auto", "local", "gemini"] = Field(
        default="auto",
        description=(
            "auto: the local engine where it is sure, else Gemini; local: never Gemini; "
            "gemini: always, where there is a key."
        ),
    )
    ai_local_confidence: float = Field(
        default=0.975,
        ge=0.0,
        le=1.0,
        description="From this confidence on the local engine is believed in auto; see docs/ai.md.",
    )
    gemini_api_key: SecretStr | None = Field(
        default=None,
        description="A key of Google AI Studio; unset: the local engine works alone.",
    )
    gemini_model: str = Field(
        default="gemini-3.5-flash", description="Which model understands.", min_length=1
    )
    gemini_api_url: str = Field(
        default="https://generativelanguage.googleapis.com",
        description="Where Gemini is, without a version; the simulator's for tests.",
    )
    gemini_input_price: float = Field(
        default=0.5, ge=0.0, description="Dollars for a million tokens that go in; see your bill."
    )
    gemini_output_price: float = Field(
        default=3.0, ge=0.0, description="Dollars for a million tokens that come out."
    )
    gemini_user_daily_dollars: float = Field(
        default=0.25, ge=0.0, description="What one person may cost a day (UTC) at Gemini."
    )
    gemini_daily_dollars: float = Field(
        default=10.0, ge=0.0, description="What all people together may cost a day (UTC) at Gemini."
    )
    ai_retention_days: int = Field(
        default=30,
        ge=8,
        le=3650,
        description="Days for which it is kept how messages were understood.",
    )
