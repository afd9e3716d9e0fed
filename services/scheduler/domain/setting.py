"""What a person is told when they set how they like to be served."""

from __future__ import annotations

from datetime import date, datetime, time

from babel.dates import get_timezone_location

from services.scheduler.domain.notice import Content
from services.scheduler.domain.preferences import HourCycle, Preferences
from services.scheduler.domain.series import every_week_on
from services.scheduler.domain.wording import Voice, voice_of

# A time of day that tells 12 from 24 hours.
_EXAMPLE = time(18)
_DAY = date(2001, 1, 1)


def setting(names: frozenset[str], preferences: Preferences) -> Content:
    """What to say about the named preferences, as they are now."""
    by = voice_of(preferences)
    if names == {"time_zone"}:
        return Content(template="time_zone_set", parameters={"time_zone": _city(preferences, by)})
    said = [text for name in sorted(names) if (text := _said(name, preferences, by))]
    return Content(template="reply", parameters={"text": " ".join(said)})


def _city(preferences: Preferences, by: Voice) -> str:
    """The city of the zone, as it is called in the person's language."""
    place = get_timezone_location(preferences.time_zone, return_city=True, locale=by.locale)
    return str(place).rpartition("/")[2]


def _said(name: str, preferences: Preferences, by: Voice) -> str:
    texts = by.texts.settings
    match name:
        case "locale":
            return texts.locale
        case "reminder_leads":
            return _leads(preferences, by)
        case "first_day":
            day = by.first_day if preferences.first_day is None else preferences.first_day
            on = by.texts.days.on[day].format(day=by.texts.series.nth_days[day])
            return texts.first_day.format(on=on)
        case "hour_cycle":
            text = {HourCycle.H12: texts.hours_12, HourCycle.H24: texts.hours_24}
            usual = texts.hours_usual
            return text.get(preferences.hour_cycle, usual).format(time=by.clock(_moment(_EXAMPLE)))
        case "quiet_hours":
            quiet = preferences.quiet_hours
            if quiet is None:
                return texts.no_quiet
            start, end = by.clock(_moment(quiet.start)), by.clock(_moment(quiet.end))
            return texts.quiet.format(start=start, end=end)
        case _:
            return _overview(name, preferences, by)


def _overview(name: str, preferences: Preferences, by: Voice) -> str:
    texts = by.texts.settings
    if name == "digest_time":
        if preferences.digest_time is None:
            return texts.no_digest
        return texts.digest.format(time=by.at(_moment(preferences.digest_time)))
    if name == "weekly_digest":
        weekly = preferences.weekly_digest
        if weekly is None:
            return texts.no_weekly
        often = every_week_on(weekly.day, by)
        return texts.weekly.format(often=often, time=by.at(_moment(weekly.at)))
    # Along with others, the zone shows in their times.
    return ""


def _leads(preferences: Preferences, by: Voice) -> str:
    texts = by.texts.settings
    if not preferences.reminder_leads:
        return texts.no_leads
    said = [
        texts.before.format(span=by.length(lead)) if lead else texts.at_start
        for lead in preferences.reminder_leads
    ]
    return texts.leads.format(leads=by.joined(said))


def _moment(at: time) -> datetime:
    return datetime.combine(_DAY, at)
