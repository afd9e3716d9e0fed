"""Changes of what stands in the book other than its time: names, places, people, priorities."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re

from services.ai.domain.intent import EditItem, ItemReference
from services.ai.local.commands.phrases import THING, politeness

_REFERRED = r"(?:(?:the|my|our|task|item|number|event|reminder|meeting|no\.?|#)\s+)*"
_RENAME = re.compile(
    r"(?:rename|retitle|call|change (?:the )?(?:name|title|text|wording) (?:of|for)|change|edit)\s+(?P<what>.+?)\s+(?:to say|to read|to be called|to|as|into)\s+(?P<title>.+)",
    re.I,
)
_CALL = re.compile(
    r"(?:call|name|title)\s+(?P<what>it|that|this|(?:task|item|event) #?\d+)\s+(?P<title>.+?)(?:\s+instead)?",
    re.I,
)
_PLACE = re.compile(
    r"(?:change|set|update|move|edit|add)\s+(?:the\s+)?(?:location|place|venue|address|room)\s+(?:of|for|on|to)\s+(?P<what>.+?)\s*(?:\s+(?:to|as|is|at)|:)\s+(?P<place>.+)",
    re.I,
)
_TAKES_PLACE = re.compile(
    rf"(?P<what>(?:the|my|our)\s+(?:\w+\s+){{0,2}}?{THING}(?:\s+with \w+)?)\s+(?:is|will be|takes place|has moved|moved|happens)\s+(?:now\s+)?(?:at|in|to)\s+(?P<place>[^?]+)",
    re.I,
)
_PEOPLE = re.compile(
    rf"(?:invite|add|include)\s+(?P<people>(?:my )?[\w'.-]+(?:(?:\s*,\s*|\s+and\s+|\s+)[\w'.-]+){{0,5}}?)\s+(?:to|in|for|as attendees? (?:to|of))\s+(?P<what>(?:the|my|our|that|this)\s+(?:[\w':]+\s+){{0,4}}?{THING}(?:\s+with \w+)?|it)",
    re.I,
)
_CONTAINERS = re.compile(
    r"\b(?:calend[ae]rs?|schedules?|agenda|planner|diary|lists?|plans?|itinerary)\b", re.I
)
_PRIORITY = re.compile(
    r"(?:(?:mark|make|set|flag|give)\s+(?P<what>.+?)\s+(?:as\s+|to\s+|a\s+)*|(?P<is>(?:task|item|the|my|number)\s.+?)\s+(?:is|are|has)\s+(?:a\s+|now\s+|very\s+|really\s+)*)(?P<level>(?:high|top|highest|low|lowest)(?:est)?[ -]?priority|urgent|important|critical|unimportant|not (?:urgent|important))",
    re.I,
)
_PRIORITISE = re.compile(r"(?:prioriti[sz]e)\s+(?P<what>.+)", re.I)
_NOTE = re.compile(
    r"(?:add|put|attach|write)\s+(?:an?\s+|the\s+)?(?:note|comment|description)s?\s+(?:to|on|for|in)\s+(?P<what>.+?)\s*(?::|,|\s+(?:saying|that says|that|with))\s*(?P<notes>.+)",
    re.I,
)
_LIST = re.compile(
    r"(?:move|shift|transfer)\s+(?P<what>.+?)\s+(?:to|onto|on|into|in)\s+(?:my|the|our)\s+(?P<list>[\w' -]{2,30}?)\s+list",
    re.I,
)
_GATE = re.compile(
    r"(?:rename|retitle|call|name|title|change|edit|set|update|move|add|invite|include|bring|mark|make|flag|give|prioriti[sz]e|put|attach|write|shift|transfer|the|my|our|task|item|number)\b",
    re.I,
)
_FIELDS = re.compile(r"\b(?:time|date|day|hour|status)\b", re.I)
_NAMING = (
    "rename",
    "retitle",
    *(f"change {the}{it}" for the in ("the ", "") for it in ("name", "title", "text", "wording")),
)
_LONGEST = 200


def edit(text: str, *, has_time: bool) -> EditItem | None:
    """What is to change of an item besides its time, if a text asks for that."""
    said = text.strip()
    if len(said) > _LONGEST:
        return None
    said = said[politeness(said.lower()) :].strip(" .!")
    if not _GATE.match(said):
        return None
    if match := _NOTE.fullmatch(said):
        return EditItem(item=item(match["what"]), notes=match["notes"].strip())
    if match := _PLACE.fullmatch(said):
        return EditItem(item=item(match["what"]), place=match["place"].strip())
    if match := _PRIORITY.fullmatch(said) or _PRIORITISE.fullmatch(said):
        return _prioritised(match)
    if match := _LIST.fullmatch(said):
        return EditItem(item=item(match["what"]), list_name=match["list"].strip().lower())
    if (match := _RENAME.fullmatch(said)) and said.lower().startswith(_NAMING):
        return EditItem(item=item(match["what"]), title=match["title"].strip(" \"'"))
    if has_time:
        return None
    return _named(said) or _joined(said)


def _named(said: str) -> EditItem | None:
    if match := _CALL.fullmatch(said):
        return EditItem(item=item(match["what"]), title=match["title"].strip(" \"'"))
    if (match := _TAKES_PLACE.fullmatch(said)) and not _FIELDS.search(match["place"]):
        return EditItem(item=item(match["what"]), place=match["place"].strip())
    return None


def _joined(said: str) -> EditItem | None:
    match = _PEOPLE.fullmatch(said)
    if match is None or _CONTAINERS.search(match["what"]):
        return None
    names = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["people"])
    people = tuple(name.strip() for name in names if name.strip())
    # "add an appointment to my meeting" names a thing, not a person.
    if any(re.match(rf"(?:an?|the|some|(?:my )?{THING})\b", name, re.I) for name in people):
        return None
    return EditItem(item=item(match["what"]), people=people)


def _prioritised(match: re.Match[str]) -> EditItem | None:
    groups = match.groupdict()
    level = (groups.get("level") or "high").lower()
    low = level.startswith(("low", "un", "not"))
    what = groups.get("what") or groups.get("is") or ""
    if not what or re.search(r"\b(?:reminder|alarm|timer|note|list)s?\b", what):
        return None
    return EditItem(item=item(what), priority="low" if low else "high")


def item(said: str) -> ItemReference:
    """The item that some words name: "task 3", "it", "the dentist appointment"."""
    words = re.sub(rf"^{_REFERRED}", "", said.strip(" .,!?\"'"), flags=re.I).strip()
    if re.fullmatch(r"#?\d{1,4}", words):
        return ItemReference(number=int(words.lstrip("#")))
    if not words or re.fullmatch(r"(?:it|that|this|the last one|last one|that one)", words, re.I):
        return ItemReference(is_last=True)
    return ItemReference(words=words)
