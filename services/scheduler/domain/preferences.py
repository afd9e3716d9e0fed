"""How a person likes to be served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.scheduler.domain.zone import UNKNOWN_ZONE

DEFAULT_LEADS = (timedelta(minutes=10),)
DEFAULT_LOCALE = "en"
MOST_LEADS = 5
LONGEST_LEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What is known of a person; `is_guess` while they have not said their zone themselves."""

    time_zone: str = UNKNOWN_ZONE
    is_guess: bool = True
    locale: str = DEFAULT_LOCALE
    reminder_leads: tuple[timedelta, ...] = DEFAULT_LEADS
