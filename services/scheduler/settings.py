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
    scheduler_person_daily_reminders: int = Field(
        default=24,
        ge=1,
        le=1000,
        description="Reminders a day from which a person is told that the day is full, 1 to 1000.",
    )
    scheduler_retention_days: int = Field(
        default=8,
        ge=8,
        le=365,
        description="Days that handed-over notices and answers to requests are kept, 8 to 365.",
    )
    scheduler_done_task_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="Days that completed and deleted tasks are kept, 1 to 3650.",
    )
    calendar_url: str = Field(
        default="http://127.0.0.1:8080/calendar/",
        pattern=r"^https?://\S+/$",
        description="Where the world reaches ingress's calendar feeds, with a slash at the end.",
    )
    scheduler_database_connections: int = Field(
        default=10,
        ge=4,
        le=50,
        description="Postgres connections of scheduler, 4 to 50; the worker holds two.",
    )
