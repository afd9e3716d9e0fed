"""What a request says beside its main clause: early warnings, nagging, priority, which of a series."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import NamedTuple

_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty five": 45, "forty-five": 45, "half an": 0.5, "a couple of": 2, "couple of": 2, "a few": 5,
}  # fmt: skip
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_COUNT = r"(\d{1,3}|" + "|".join(sorted(map(re.escape, _COUNTS), key=len, reverse=True)) + ")"
_UNIT = r"(minutes?|mins?|hours?|hrs?|days?|weeks?)"
_LEAD = re.compile(
    rf"[\s,;.]*(?:\b(?:and|with|also|please)\s+)*\b(?:(?:remind|alert|notify|warn|ping|tell) me|(?:with )?an? (?:reminder|alert|notification|heads[ -]up)|reminder|alert me)\s+(?:of it\s+|about it\s+)?{_COUNT}\s*{_UNIT}(?:\s+(?:and|,)\s+{_COUNT}\s*{_UNIT})?\s+(?:before(?:hand)?|earlier|ahead(?: of time)?|prior|in advance)(?:\s+(?:it|the event|it starts|that))?\b(?!\s+\w)",
    re.I,
)
_NAG = re.compile(
    rf"[\s,;]*(?:\b(?:and|nag me(?: about it)?|keep (?:reminding|nagging|bugging) me(?: about it)?|bug me|remind me again)\s*)*(?:\b(?:every|each)\s+(?:{_COUNT}\s+)?{_UNIT}\s+)(?:until|till)\s+(?:i(?:'ve|'m| have| am)?\s+(?:do|did|done|finish(?:ed)?|complete[d]?|confirm(?:ed)?|mark(?:ed)?|tick(?:ed)?|say)(?: (?:it|so|that|with it|it done|done|it off))*|it(?:'s| is)\s+(?:done|finished|complete)|done)\b",
    re.I,
)
_AFTER_DONE = re.compile(
    r"\s*,?\s*\bafter (?:i(?:'ve| have)? (?:finish(?:ed)?|do|did|done|complete[d]?|tick(?:ed)?)(?: (?:it|that|them|it off))?|completion|it(?:'s| is| gets) (?:done|completed|finished)|completing it|i'm done(?: with it)?|the last time)\b",
    re.I,
)
_HIGH = re.compile(
    r"[\s,;(-]*\b(?:(?:it's|this is|that's|with|as|at)\s+)?(?:(?:very |really )?urgent|(?:high|top|highest) priority|(?:very |really )?important|asap|!{2,}|p1)\)?[\s.!]*$|^\W*(?:urgent(?:ly)?|important|high priority)\s*[:,-]+\s*",
    re.I,
)
_LOW = re.compile(
    r"[\s,;(-]*\b(?:(?:it's|with|as|at)\s+)?(?:low(?:est)? priority|not urgent|no rush|whenever)\)?[\s.!]*$|^\W*low priority\s*[:,-]+\s*",
    re.I,
)
_URGENT_TASK = re.compile(
    r"\b(an?|the) (?:urgent|high[- ]priority|important)(?= (?:task|to-?do|reminder|item)\b)", re.I
)
_SERIES = re.compile(
    r"[\s,]*\b(?:(?P<following>(?:this|it) and (?:all )?(?:the )?(?:following|future|later|next)(?: (?:ones|events|occurrences|meetings))?|(?:all|every)(?: the)? (?:following|future|upcoming|remaining) (?:ones?|occurrences?|events?|instances?)|from (?:now|then|this one|there) on(?:wards?)?)|(?P<all>(?:for )?(?:the )?(?:whole|entire|full) series|all (?:of )?(?:the )?(?:occurrences|instances|them|events in the series)|every (?:occurrence|instance|single one)|the series|all of them)|(?P<this>(?:but )?(?:just|only) (?:for )?(?:this|the next|today's|tomorrow's|that) (?:one|time|occurrence|week|instance|once)|(?:just|only) (?:this|that) (?:one|once|time)|this (?:one )?(?:only|time only|occurrence)|(?:just|only) (?:this )?once|this time))\b",
    re.I,
)


_PRIORITY_EDIT = re.compile(
    r"^\W*(?:please )?(?:(?:can|could|would) you )?(?:please )?(?:mark|make|set|flag|give|prioriti|show|list|what|which|are|is)|(?<!it)(?<!this)(?<!that)\s(?:is|are|has)\s+(?:an?\s+|now\s+|very\s+|really\s+)*(?:high|top|low|urgent|important|not|highest|lowest)",
    re.I,
)


class Extras(NamedTuple):
    """What was said beside the main clause, and the text without it."""

    text: str
    leads: tuple[int, ...] = ()
    nag_minutes: int = 0
    priority: str = ""
    after_completion: bool = False
    scope: str = ""


def _minutes(count: str | None, unit: str) -> int:
    number = float(count) if count and count.isdecimal() else _COUNTS.get((count or "a").lower(), 1)
    return round(number * _MINUTES[unit[0].lower()])


_LENGTH = re.compile(
    rf"(?:(?P<count>{_COUNT[1:-1]}|half an?|\w+)\s+)?(?P<unit>{_UNIT[1:-1]})(?P<half> and a half)?",
    re.I,
)
_TENS = ("four", "six", "seven", "eight", "nine", "forty", "fifty", "ninety")
_MORE = dict(zip(_TENS, (4, 6, 7, 8, 9, 40, 50, 90), strict=True)) | {"half a": 0.5, "half": 0.5}


def length_in_minutes(text: str) -> int | None:
    """ "an hour and a half", "90 minutes", "two days" in minutes; None for anything else."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    count = (match["count"] or "a").lower()
    number = float(count) if count.isdecimal() else (_COUNTS | _MORE).get(count)
    if number is None:
        return None
    return round((number + (0.5 if match["half"] else 0)) * _MINUTES[match["unit"][0].lower()])


_LEAD_WORDS = ("before", "earlier", "ahead", "prior", "advance")
_PRIORITY_WORDS = ("urgent", "priorit", "important", "asap", "!!", "p1", "rush", "whenever")


def extras(text: str) -> Extras:
    """Takes the asides of a request out of it."""
    found, lower = Extras(text), text.lower()
    if _holds(lower, _LEAD_WORDS) and (match := _LEAD.search(found.text)):
        pairs = [(match[1], match[2]), *([(match[3], match[4])] if match[4] else [])]
        leads = tuple(_minutes(count, unit) for count, unit in pairs)
        found = _cut(found, match)._replace(leads=leads)
    if "til" in lower and (match := _NAG.search(found.text)):
        found = _cut(found, match)._replace(nag_minutes=max(1, _minutes(match[1], match[2])))
    if "after " in lower and (match := _AFTER_DONE.search(found.text)):
        found = _cut(found, match)._replace(after_completion=True)
    return _prioritised(found) if _holds(lower, _PRIORITY_WORDS) else found


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _prioritised(found: Extras) -> Extras:
    if _PRIORITY_EDIT.search(found.text):
        return found
    if match := _HIGH.search(found.text):
        found = _cut(found, match)._replace(priority="high")
    elif match := _LOW.search(found.text):
        found = _cut(found, match)._replace(priority="low")
    elif match := _URGENT_TASK.search(found.text):
        kept = f"{found.text[: match.start()]}{match[1]}{found.text[match.end() :]}"
        found = found._replace(text=kept, priority="high")
    return found


def _cut(found: Extras, match: re.Match[str]) -> Extras:
    return found._replace(text=f"{found.text[: match.start()]} {found.text[match.end() :]}".strip())


def series(text: str) -> tuple[str, str]:
    """The text without the words for which of a series is meant, and "this", "following", "all"."""
    match = _SERIES.search(text)
    if match is None or not match.lastgroup:
        return text, ""
    rest = f"{text[: match.start()]} {re.sub(r'^ of (?=[a-z])', ' ', text[match.end() :])}".strip()
    # "cancel all of them" alone is about what was just shown.
    return (rest, match.lastgroup) if len(rest.split()) > 1 else (text, "")


_GAP = re.compile(
    r"^\W*(?:can you |could you |please )*(?:find|get|do i have|is there|have i got|show)(?: me)?(?: any| some| my)?(?: free)? ?(?:an?|half an|\d+|some|one|two|time|the next)?(?: \w+)?(?: free)? ?(?:hours?|minutes?|mins|slots?|time|gaps?|openings?)\b(?!.*\b(?:to|with) (?!tomorrow|today|the|this|next|\w+day)\w)(?!.*\bfor (?!tomorrow|today|the|this|next|\w+day|an?\b|\d|half)\w)(?!.*\b(?:meet|meeting|lunch|dinner|call|appointment|coffee)\b)"
)
_SOME_LENGTH = rf"(?:{_COUNT[1:-1]})[ -]*(?:{_UNIT[1:-1]})(?: and a half)?"
_FOR_LENGTH = re.compile(
    rf"\s*\b(?:for|of|lasting)\s+(?P<length>{_SOME_LENGTH})\b"
    rf"|\b(?P<first>{_SOME_LENGTH})(?=\s+(?:slot|gap|opening|window))",
    re.I,
)
_ANOTHER = re.compile(
    rf"\b(?:another |an extra )?(?P<count>{_COUNT[1:-1]})\s*(?:more |extra )?(?P<unit>{_UNIT[1:-1]})(?: more)?\b",
    re.I,
)


def another(text: str) -> int | None:
    """ "ten more minutes", "for half an hour": the length in minutes."""
    match = _ANOTHER.search(text)
    return _minutes(match["count"], match["unit"]) if match else None


_FREE = re.compile(
    r"\b(?:my|our) availability\b|\bfree time\b|\bfree slots?\b|^\W*any (?:openings?|gaps?)\b|\bhow free\b|\bwhen (?:i'm|i am|am i|are we|will i be) (?:free|available)\b|\bwhen do i have (?:free )?time\b|\bis there a (?:gap|free slot)\b"
)
_MAKES = re.compile(
    r"^\W*(?:please )?(?:add|schedule|book|put|block|create|set|make|remind|mark|need|i need)\b"
)


def asks_for_gap(lower: str) -> bool:
    """Whether a text asks for free time, not for an appointment in it."""
    if _GAP.match(lower):
        return True
    return _FREE.search(lower) is not None and _MAKES.match(lower) is None


def gap_length(text: str) -> tuple[str, int]:
    """The text without "for 30 minutes", and how long that is in minutes; 0 for unsaid."""
    match = _FOR_LENGTH.search(text)
    minutes = (
        length_in_minutes((match["length"] or match["first"]).replace("-", " ")) if match else None
    )
    if match is None or not minutes:
        return text, 0
    return f"{text[: match.start()]} {text[match.end() :]}".strip(), minutes
