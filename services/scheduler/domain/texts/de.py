"""German."""

from __future__ import annotations

from types import MappingProxyType

from services.scheduler.domain.texts.form import Agenda, Calendar, Days, Series, Settings, Texts

_WEEK = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_ORDINALS = ("ersten", "zweiten", "dritten", "vierten", "fünften", "letzten")

_DAYS = Days(
    today="heute",
    tomorrow="morgen",
    yesterday="gestern",
    at="um {time}",
    at_one="um {time}",
    until="bis {time}",
    until_one="bis {time}",
    on=("am {day}",) * 7,
    point="{day}",
    within="in {span}",
    lengths=(
        ("{n} Tag", "{n} Tage"),
        ("{n} Stunde", "{n} Stunden"),
        ("{n} Minute", "{n} Minuten"),
        ("{n} Sekunde", "{n} Sekunden"),
    ),
    span="von {first} bis {last}",
    this_week="diese Woche",
    next_days="in den nächsten sieben Tagen",
)

_SERIES = Series(
    minutes=("jede Minute", "alle zwei Minuten", "alle {n} Minuten"),
    hours=("jede Stunde", "alle zwei Stunden", "alle {n} Stunden"),
    days=("jeden Tag", "jeden zweiten Tag", "alle {n} Tage"),
    weekly=("jeden {days}", "jeden zweiten {days}", "alle {n} Wochen am {days}"),
    weekly_days=_WEEK,
    spaced_days=_WEEK,
    workdays="Montag bis Freitag",
    nth=("am {ordinals} {day}", "am {ordinals} {day}"),
    ordinals=(_ORDINALS, _ORDINALS),
    nth_days=_WEEK,
    feminine_days=frozenset(),
    day_of_month="am {n}.",
    first_of_month="am 1.",
    last_of_month="am letzten Tag",
    months=("jedes Monats", "jedes zweiten Monats", "alle {n} Monate"),
    years=("jedes Jahr am {day}", "jedes zweite Jahr am {day}", "alle {n} Jahre am {day}"),
)

_AGENDA = Agenda(
    nothing="Du hast {days} nichts vor.",
    things=("Du hast {days} einen Eintrag.", "Du hast {days} {n} Einträge."),
    all_day="{title}, ganztägig",
    more=("Und noch einer.", "Und {n} weitere."),
    morning="Guten Morgen.",
    afternoon="Guten Tag.",
    evening="Guten Abend.",
    free_until="Du hast {time} Zeit, {until}.",
    not_free="Da hast du nicht so lange am Stück Zeit.",
)

_SETTINGS = Settings(
    locale="Ich spreche jetzt Deutsch mit dir.",
    leads="Ich erinnere dich an Termine {leads}.",
    no_leads="Ich erinnere dich an neue Termine nur, wenn du es sagst.",
    at_start="zum Beginn",
    before="{span} vorher",
    first_day="Deine Woche beginnt jetzt {on}.",
    hours_12="Ich sage Uhrzeiten jetzt so: {time}.",
    hours_24="Ich sage Uhrzeiten jetzt so: {time}.",
    hours_usual="Ich sage Uhrzeiten jetzt so, wie es bei dir üblich ist.",
    quiet=(
        "Ruhezeit ist von {start} bis {end}. "
        "Erinnerungen, die du selbst gestellt hast, kommen trotzdem."
    ),
    no_quiet="Du hast jetzt keine Ruhezeit.",
    digest="Du bekommst jeden Tag {time} einen Überblick.",
    no_digest="Du bekommst keinen Tagesüberblick mehr.",
    weekly="Du bekommst {often} {time} einen Überblick über die Woche.",
    no_weekly="Du bekommst keinen Wochenüberblick mehr.",
)

_CALENDAR = Calendar(
    imported=(
        "Ich habe einen Termin übernommen.",
        "Ich habe {n} Termine übernommen.",
    ),
    updated=("Ein Termin hat sich geändert.", "{n} Termine haben sich geändert."),
    nothing_new="In diesem Kalender war nichts Neues.",
    skipped=MappingProxyType(
        {
            "OVER": ("Einer ist vorbei.", "{n} sind vorbei."),
            "MALFORMED": ("Einer ist nicht lesbar.", "{n} sind nicht lesbar."),
            "RULE_UNSUPPORTED": (
                "Einer wiederholt sich auf eine Art, die ich nicht kenne.",
                "{n} wiederholen sich auf eine Art, die ich nicht kenne.",
            ),
            "TIME_ZONE_UNKNOWN": (
                "Einer hat eine Zeitzone, die ich nicht kenne.",
                "{n} haben eine Zeitzone, die ich nicht kenne.",
            ),
            "NOT_AN_EVENT": ("Ein Eintrag ist kein Termin.", "{n} Einträge sind keine Termine."),
            "CANCELLED": ("Einer wurde abgesagt.", "{n} wurden abgesagt."),
            "TOO_MANY": (
                "Einer ist zu viel für eine Datei.",
                "{n} sind zu viele für eine Datei.",
            ),
            "DUPLICATE": ("Einer stand doppelt darin.", "{n} standen doppelt darin."),
        }
    ),
    name="Hark",
    untitled="Termin ohne Titel",
)

TEXTS = Texts(
    days=_DAYS,
    series=_SERIES,
    agenda=_AGENDA,
    settings=_SETTINGS,
    calendar=_CALENDAR,
    more_changes=("Und noch eine Änderung.", "Und {n} weitere Änderungen."),
    usual_list="Aufgaben",
)
