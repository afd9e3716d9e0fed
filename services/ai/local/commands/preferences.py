"""Settings said in words: digest time, quiet hours, language, 12 or 24 hours, first day of a week."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.ai.domain.intent import SetPreferences
from services.ai.local.languages.lexicon import folded
from services.ai.local.temporal.values import Found

_GATE = re.compile(
    r"digest|summar|weekly|briefing|overview|rundown|quiet|disturb|bother|silent|silence|do not|don't|no (?:messages|reminders|notifications)|"
    r"language|speak|answer|reply|talk|respond|write|english|spanish|german|french|portuguese|espanol|deutsch|francais|portugues|24|12|military|"
    r"weeks?\b.*(?:start|begin)|resumen|zusammenfassung|resume\b|resumo|ruhezeit|silencio"
)
_DIGEST = re.compile(
    r"\b(?:digests?|summary|summaries|briefings?|rundown|(?:daily|morning|day's|weekly) (?:agenda|overview|update|review|plan|report|brief)|resumen|zusammenfassung|tagesuberblick|resume (?:du jour|quotidien)|resumo)\b"
)
_WEEKLY = re.compile(r"\bweekly\b|\bsemanal\b|\bwochentlich|\bhebdomadaire\b|\bwochen")
_ASKED = re.compile(
    r"\b(?:send|give|get|want|set|move|change|make|turn|enable|disable|stop|no|at|switch|start|don't|cancel|put|schedule|manda|envia|schick|schicke|envoie|mande|quiero|mochte|every (?:morning|day|evening))\b"
)
_OFF = re.compile(
    r"\b(?:off|stop|no|no more|disable|don't|do not|cancel|without|never|desactiva|keine?|aus|pas de|sem|sin|remove|quit)\b"
)
_QUIET = re.compile(
    r"\bquiet (?:hours|time)\b|\b(?:do not|don't|dont|never|please don't) (?:disturb|bother|message|text|write(?: to)?|notify|remind|ping|contact|send me)\b(?: me)?\b(?: \w+)*? (?:between|from|after|before|until|at night)\b|\bno (?:messages|reminders|notifications) (?:between|from|after|before|at night)\b|\bdo not disturb\b|\bhoras? de silencio\b|\bruhezeit|\bheures? calmes?\b|\bsilent hours\b"
)
_LANGUAGES = {
    "en": "english englisch ingles anglais",
    "es": "spanish espanol spanisch espagnol espanhol castellano",
    "de": "german deutsch aleman allemand alemao",
    "fr": "french francais franzosisch frances",
    "pt": "portuguese portugues portugiesisch portugais",
}
_TAGS = {name: tag for tag, names in _LANGUAGES.items() for name in names.split()}
_LANGUAGE = re.compile(
    r"(?:please |can you |could you |let's )*(?:(?:speak|answer|reply|talk|respond|write|message|text|switch|change|set|use|continue|habla|hablame|responde|contesta|sprich|antworte|schreib|rede|parle|reponds|ecris|fale|responda|escreva|cambia|wechsle|passe|mude)\b(?: (?:to me|with me|me|mir|mit mir|moi|comigo|back|over))*(?: (?:in|to|my language to|the language to|language to|auf|en|em|zu|a|al|au|para|o idioma para|el idioma a|die sprache auf|la langue en))*|(?:my |the )?language(?: is| to|:)?|i (?:speak|prefer)|in|auf|en|em) (?P<name>[a-z]+)(?: (?:from now on|please|with me|bitte|por favor|s'il te plait|instead|ab jetzt|only))*"
)
_NAME_PLEASE = re.compile(
    r"(?:in |auf |en |em )?(?P<name>[a-z]+) (?:please|bitte|por favor|s'il te plait|s'il vous plait)"
)
_CYCLE = re.compile(
    r"\b(?:use|switch|show|set|change|display|prefer|want|give|make|format|clock|time)\b.*\b(12|24)[ -]?(?:h|hours?|hrs?|hour clock)?\b(?:[ -]?(?:clock|format|time|hour))*|^(12|24)[ -]?(?:h|hours?)(?:[ -](?:clock|format|time|please))+$|\b(?:use|switch to|prefer|in|show) (military time|am ?/ ?pm|am and pm|am pm)\b"
)
_CYCLE_GATE = re.compile(
    r"\b(?:clock|format|military|am ?/? ?pm|am and pm)\b|\b(?:use|switch to|prefer) (?:the )?(?:12|24)[ -]?h|\b(?:12|24)[ -]?h(?:ours?)? time\b"
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_FIRST_DAY = re.compile(
    rf"\b(?:weeks?|calendar) (?:should |to )?(?:starts?|begins?) (?:on|with) (?:an? )?({'|'.join(_DAYS)})s?\b|\b(?:start|begin) (?:the|my|weeks?|each week) ?(?:weeks?)? ?on (?:an? )?({'|'.join(_DAYS)})s?\b|\bfirst day of (?:the|my) week\b.*\b({'|'.join(_DAYS)})\b|\b({'|'.join(_DAYS)}) (?:is|as|should be) the first day of (?:the|my) week\b"
)


def preferences(lower: str, found: Sequence[Found]) -> SetPreferences | None:
    """The settings that a lower-case text asks for; `found` are its times."""
    if len(lower) > 160 or not _GATE.search(lower if lower.isascii() else folded(lower)):
        return None
    plain = folded(lower.strip(" .,!?¡¿"))
    if plain.startswith(("remind me", "add ", "what", "when", "show me my")):
        return None
    return (
        _quiet(plain, found)
        or _digest(plain, found)
        or _language(plain)
        or _cycle(plain)
        or _first_day(plain)
    )


def _clock(moment: datetime | None) -> str:
    return moment.strftime("%H:%M") if moment else ""


_AT_HOUR = re.compile(
    r"\b(?:at|to|for|um|a las|as) (?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))? ?(?P<half>am|pm)?(?: please)?$"
)


def _hour(match: re.Match[str]) -> int:
    hour = int(match["hour"])
    return hour % 12 + 12 * (match["half"] == "pm") if match["half"] else hour


def _digest(plain: str, found: Sequence[Found]) -> SetPreferences | None:
    if not _DIGEST.search(plain) or not _ASKED.search(plain):
        return None
    times = [one for one in found if one.start and one.has_time]
    weekly = bool(_WEEKLY.search(plain))
    hour = _AT_HOUR.search(plain)
    if not times and hour and not weekly and int(hour["hour"]) < 24:
        return SetPreferences(digest_time=f"{_hour(hour):02}:{hour['minute'] or '00'}")
    if _OFF.search(plain) and not times:
        return SetPreferences(weekly_digest="off") if weekly else SetPreferences(digest_time="off")
    if weekly:
        return SetPreferences(weekly_digest="on")
    if not times or times[0].start is None:
        return None
    at = times[0].start
    # A digest at seven is read over breakfast, unless the evening is said.
    if "pm" in times[0].assumed and at.hour >= 17:
        at -= timedelta(hours=12)
    return SetPreferences(digest_time=_clock(at))


def _quiet(plain: str, found: Sequence[Found]) -> SetPreferences | None:
    if not _QUIET.search(plain):
        return None
    times = [one for one in found if one.has_time and (one.start or one.end)]
    if not times:
        off = re.search(r"\b(?:off|disable|remove|cancel|stop|no|aus|end)\b", plain)
        return SetPreferences(quiet_from="off") if off and "quiet" in plain else None
    first = times[0]
    begin, end = first.start, first.end
    if len(times) > 1 and end is None:
        end = times[1].start
    if re.search(r"\b(?:before|until)\b", plain) and not (begin and end):
        begin, end = None, begin or end
    if first.kind == "open" and end is None and re.search(r"\bafter\b", plain):
        return SetPreferences(quiet_from=_clock(begin))
    return SetPreferences(quiet_from=_clock(begin), quiet_until=_clock(end))


def _language(plain: str) -> SetPreferences | None:
    match = _LANGUAGE.fullmatch(plain) or _NAME_PLEASE.fullmatch(plain)
    tag = _TAGS.get(match["name"]) if match else None
    return SetPreferences(language=tag) if tag else None


def _cycle(plain: str) -> SetPreferences | None:
    match = _CYCLE.search(plain) if _CYCLE_GATE.search(plain) else None
    if match is None:
        return None
    said = next(group for group in match.groups() if group)
    if said.isdecimal():
        return SetPreferences(hour_cycle=int(said))
    return SetPreferences(hour_cycle=24 if said.startswith("military") else 12)


def _first_day(plain: str) -> SetPreferences | None:
    match = _FIRST_DAY.search(plain)
    if match is None:
        return None
    return SetPreferences(first_day_of_week=next(group for group in match.groups() if group))
