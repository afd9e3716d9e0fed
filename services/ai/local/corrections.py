"""What changes the time of something: "make it 7", "no, Thursday", "push lunch back an hour"."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.ai.domain.intent import Amend, ItemReference, Language, Move, When
from services.ai.local.analysis import Analysis, analyse
from services.ai.local.commands import clues
from services.ai.local.commands.extras import another, length_in_minutes
from services.ai.local.conventions import Conventions
from services.ai.local.meaning import references, when_of

_SORRY = r"(?:no|nope|nah|sorry|wait|actually|oops|not that|hmm|oh|ah|my mistake|correction|i'm wrong|nein|nee|sino|perd[oó]n|non|pardon|n[aã]o|desculpa|entschuldigung|quatsch)"
_RATHER = r"(?:make (?:it|that|this)|i (?:mean|meant|said)(?: to say)?|change (?:it|that|this) to|change to|let's (?:say|do|make it)|(?:it )?should be|it's|it is|that's|rather|better|try|set it (?:to|for)|lieber|besser|mejor|plut[oô]t|melhor|quise decir|ich meine?|ich meinte|je voulais dire|quis dizer|mach(?:e)? (?:es|das)?|que sea)"
_LEAD = re.compile(
    rf"\W*(?P<sorry>(?:{_SORRY}\b[\s,.!:;-]*)*)(?P<rather>(?:{_RATHER}\b[\s,:]*)?)", re.I
)
_TRAIL = re.compile(
    r"[\s,]*\b(?:instead|please|then|rather|not \S+(?: \S+)?|bitte|por favor|s'il te plait)\W*$|[\s.!,]+$",
    re.I,
)
_HOUR = re.compile(
    r"(?:at |um |a las |[aà] |[aà]s )?(?P<hour>\d{1,2}(?:[:.]\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?:ish)?",
    re.I,
)
_FILLERS = frozenset(
    [
        "at",
        "on",
        "in",
        "for",
        "the",
        "please",
        "then",
        "instead",
        "around",
        "about",
        "by",
        "a",
        "maybe",
        "say",
    ]
)
_SHORTEST_TITLE = 2
_LONGEST = 120


class Correction(NamedTuple):
    """What was said instead, and whether it was said to be a correction."""

    intent: Amend | Move
    confidence: float


def correction(
    text: str, now: datetime, language: Language, settings: Conventions
) -> Correction | None:
    """A text that says it corrects: "no, Thursday", "make it 7", "I meant the vet"."""
    if len(text) > _LONGEST:
        return None
    lead = _LEAD.match(text)
    if lead is None or not (lead["sorry"] or lead["rather"]):
        return None
    rest = _TRAIL.sub("", text[lead.end() :])
    if not rest:
        return None
    if (minutes := shifted(rest)) is not None:
        return Correction(Move(item=ItemReference(is_last=True), by_minutes=minutes), 0.9)
    if match := _HOUR.fullmatch(rest):
        rest = f"{_AT[language]} {match['hour']}"
    found = analyse(rest, now, language, settings)
    when = bare_time(found, now)
    if when is not None:
        return Correction(Amend(when=when), 0.95)
    if not found.spans and _MEANT.match(lead["rather"]):
        title = _ARTICLE.sub("", rest).strip()
        if len(title) >= _SHORTEST_TITLE and found.verdict.intent in (clues.OTHER, clues.EVENT):
            return Correction(Amend(title=title), 0.8)
    return None


def bare_time(found: Analysis, now: datetime) -> When | None:
    """The time of a text that says nothing else."""
    if not found.spans or set(found.bare.split()) - _FILLERS:
        return None
    return when_of(found, now)


_AT = {
    Language.ENGLISH: "at",
    Language.GERMAN: "um",
    Language.SPANISH: "a las",
    Language.FRENCH: "à",
    Language.PORTUGUESE: "às",
}
_MEANT = re.compile(
    r"(?:i (?:mean|meant|said)|ich mein|quise decir|je voulais dire|quis dizer)", re.I
)
_ARTICLE = re.compile(r"^(?:an?|the|my|our|el|la|der|die|das|le|o|a)\s+", re.I)
_SHIFT = re.compile(
    r"(?:(?:to|by|back|forward|up|out|for)\s+)*(?P<length>.+?)\s+(?P<way>later|earlier|sooner|back|forward|ahead)",
    re.I,
)
_BY = re.compile(
    r"\b(?:(?P<way>back|forward|up|ahead|out)\s+)?(?:by|for)\s+(?P<length>(?:an?|half|\d+|\w+)\s.{2,24})$|\b(?P<far>back|forward|up|ahead|out)\s+(?P<long>(?:an?|half|\d+|\w+)\s.{2,24})$",
    re.I,
)
_LATER = re.compile(
    r"\b(?P<length>(?:an?|half an?|\d+|\w+)\s+\w+(?: and a half)?)\s+(?P<way>later|earlier|sooner)\W*$",
    re.I,
)
_EARLIER = frozenset({"earlier", "sooner", "forward", "ahead", "up"})
_DELAYS = re.compile(
    r"^\W*(?:postpone|delay|defer|push|put off|move|shift|slide|bump|bring|advance)\b", re.I
)


def shifted(text: str) -> int | None:
    """ "30 minutes later" in minutes, negative for earlier; None for anything else."""
    match = _SHIFT.fullmatch(text.strip())
    minutes = length_in_minutes(match["length"]) if match else None
    if match is None or minutes is None:
        return None
    return -minutes if match["way"].lower() in _EARLIER else minutes


def move(text: str, now: datetime, settings: Conventions) -> Move | None:
    """A move that says how far, or that speaks of an old time and a new one."""
    if not _DELAYS.match(text) and " to " not in text.lower():
        return None
    return _by(text, now, settings) or _from_to(text, now, settings)


def _by(text: str, now: datetime, settings: Conventions) -> Move | None:
    plain = _TRAIL.sub("", text)
    match = _LATER.search(plain) or _BY.search(plain)
    if match is None or not _DELAYS.match(plain):
        return None
    groups = match.groupdict()
    length = groups.get("length") or groups.get("long") or ""
    minutes = length_in_minutes(length)
    if minutes is None:
        return None
    way = (groups.get("way") or groups.get("far") or "").lower()
    early = way in _EARLIER or bool(re.match(r"\W*(?:bring|advance)\b", plain, re.I))
    item = _item(plain[: match.start()], now, settings)
    return Move(item=item, by_minutes=-minutes if early else minutes)


_JOINT_LIMIT = 3
_TO = re.compile(r"\s+(?:to|until|till|for|on)\s+", re.I)


def _from_to(text: str, now: datetime, settings: Conventions) -> Move | None:
    """ "move tomorrow's standup to Friday": what is moved keeps its own time as a description."""
    for joint in list(_TO.finditer(text))[-_JOINT_LIMIT:][::-1]:
        before, after = text[: joint.start()], text[joint.end() :]
        target = analyse(after, now, Language.ENGLISH, settings)
        when, bare = when_of(target, now), False
        if when is None or set(target.bare.split()) - _FILLERS:
            hour = _HOUR.fullmatch(_TRAIL.sub("", after))
            if hour is None:
                continue
            bare = True
            when = when_of(analyse(f"at {hour['hour']}", now, Language.ENGLISH, settings), now)
        item = _item(before, now, settings)
        if when is not None and (item.when is not None or bare):
            return Move(item=item, when=when)
        return None
    return None


_PREPOSITIONS = re.compile(r"\s+(?:from|to|by|back|forward|up|out|ahead|for)\s*$", re.I)


_FROM_HOUR = re.compile(r"\s+from\s+(?=\d{1,2}(?::\d\d)?\s*$)", re.I)
_UNTIL = re.compile(r"\b(?:until|till|to)\s+(?:the\s+)?(?P<rest>.+)$", re.I)


def snoozed(text: str, now: datetime, settings: Conventions) -> When | None:
    """How long or until when: "for 20 minutes", "until 5", "ten more minutes"."""
    if until := _UNTIL.search(text):
        rest = _TRAIL.sub("", until["rest"])
        hour = _HOUR.fullmatch(rest)
        rest = f"at {hour['hour']}" if hour else rest
        if when := when_of(analyse(rest, now, Language.ENGLISH, settings), now):
            return when
    minutes = another(text)
    if minutes is None:
        return None
    by = timedelta(minutes=minutes)
    return When(start=now + by, instant_offset=by)


def _item(text: str, now: datetime, settings: Conventions) -> ItemReference:
    text = _FROM_HOUR.sub(" at ", text)
    for _ in range(3):
        text = _PREPOSITIONS.sub("", text)
    found = analyse(text, now, Language.ENGLISH, settings)
    item = references(found)[0]
    when = when_of(found, now)
    if when is None or item.number is not None:
        return item
    return replace(item, when=when, is_last=False)
