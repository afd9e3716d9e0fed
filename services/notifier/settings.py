"""What the notifier reads from the environment."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, SecretStr

from chassis.settings import ListenAddress, Settings
from services.notifier.domain.cap import Caps


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
    notifier_messages_per_minute: int = Field(
        default=250,
        ge=0,
        le=1_000_000,
        description="Messages in any NOTIFIER_MINUTE_SECONDS; 0: no cap.",
    )
    notifier_minute_seconds: float = Field(
        default=60.0, ge=0.1, le=3600, description="Length of that sliding window."
    )
    notifier_messages_per_day: int = Field(
        default=100_000,
        ge=0,
        le=10_000_000,
        description="Messages in any NOTIFIER_DAY_SECONDS; 0: no cap.",
    )
    notifier_day_seconds: float = Field(
        default=86_400.0, ge=0.1, le=604_800, description="Length of that sliding window."
    )
    notifier_people_outside_window: int = Field(
        default=250,
        ge=0,
        le=10_000_000,
        description="People written to outside their 24-hour window in any NOTIFIER_DAY_SECONDS, "
        "over all numbers of the business portfolio; 0: no cap.",
    )
    notifier_user_notifications_per_day: int = Field(
        default=24,
        ge=0,
        le=10_000,
        description="Notifications to one person in their local day, replies aside; 0: no cap.",
    )
    notifier_user_system_notifications_per_day: int = Field(
        default=18,
        ge=0,
        le=10_000,
        description="Where those that the system started stop, so that reminders have room.",
    )
    notifier_pair_seconds: float = Field(
        default=6.0, ge=0.001, le=3600, description="One message to one person in so many seconds."
    )
    notifier_pair_burst: int = Field(
        default=45,
        ge=0,
        le=10_000,
        description="How many messages WhatsApp lends ahead of that pace; Hark stays two short of "
        "it. 0: no pace.",
    )

    def caps(self) -> Caps:
        """The caps that these settings describe."""
        day = timedelta(seconds=self.notifier_day_seconds)
        return Caps(
            minute_limit=self.notifier_messages_per_minute,
            minute=timedelta(seconds=self.notifier_minute_seconds),
            day_limit=self.notifier_messages_per_day,
            day=day,
            outside_limit=self.notifier_people_outside_window,
            outside=day,
            person_limit=self.notifier_user_notifications_per_day,
            system_limit=self.notifier_user_system_notifications_per_day,
            pair_gap=timedelta(seconds=self.notifier_pair_seconds),
            pair_burst=self.notifier_pair_burst,
        )
