"""Titles, people, places and lists: what is left of a request when the asking and the time are gone."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from services.ai.local.commands.phrases import politeness

_MARK = "\x00"


class Slots(NamedTuple):
    """What a request is about."""

    title: str
    people: tuple[str, ...] = ()
    place: str = ""


_PREPOSITIONS = re.compile(
    r"(?:\b(?:on|at|for|by|in|from|around|about|until|till|before|after|due|starting|beginning|"
    r"this|the|of|to|sometime|is|it's|its|to be|scheduled|during|and|set for|that is|that's|which is|lasting|"
    r"any ?time|starts|begins|start time|start date|at the time|starts? at)\b|[,@(-])\s*$"
)


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans, and the prepositions that lead to them, turned into one mark each."""
    out = text
    for first, last in sorted(spans, reverse=True):
        before = out[:first]
        for _ in range(4):
            match = _PREPOSITIONS.search(before)
            if match is None:
                break
            before = before[: match.start()]
        out = f"{before} {_MARK} {out[last:]}"
    return out


_REMIND = re.compile(
    r"\b(?:remind|reminder|reminders|alert|notify|ping|nudge|tell|text|message|prompt|wake|remain|alarm|timer|reminded)s?\b"
    r"(?:\s+(?:me|us|myself|everyone|him|her|them|up|again|my [a-z]+|[A-Za-z]+(?=\s+(?:to|that|about|of)\b)))*\s*"
    r"(?:\x00\s*)*[,:-]?\s*(?:(?:to|that|about|of|for|saying|on|so i|so that i|regarding|called|titled|named|labeled|says|i have|when)\b\s*)*",
    re.I,
)
_REMEMBER = re.compile(
    r"\b(?:remember|don't (?:let me )?forget|do not forget|make sure)(?:\s+me)?(?:\s+(?:to|that|about|i|you))*\s+",
    re.I,
)
_EVENT_HEAD = re.compile(
    r"^(?:\s*\x00)*\s*(?:(?:add|create|creat|make|set|set ?up|setup|schedule|book|put|plan|enter|arrange|organi[sz]e|mark|"
    r"block|reserve|save|slot|pencil|get|place|input|need|want|have|do|find|log|new|insert|give|block off|set aside|confirm|"
    r"remind me (?:of|about)|show|i have|i've got|i(?:'ll| will) (?:be|have)|"
    r"i(?:'m| am)(?: going)?|we have|there(?:'s| is)|it's|schedule in|make it)\b\s*(?:\b(?:up|me|us|in|off|out|down|for me|aside|as busy)\b\s*)*)+",
    re.I,
)
_CONTAINER = re.compile(
    r"^\s*(?:\b(?:an?|the|my|another|new|this|some|that|one|our|out)\b\s*)*(?:\b(?:calendar|all[- ]day|recurring|quick|new)\b\s*)*"
    r"\b(?:events?|entry|entries|appointments?|apointment|items?|reminders?|tasks?|slots?|time|something|calendar event|meetings?|block|hold)\b"
    r"(?=\s*(?:\x00|called|named|titled|for|to|of|with|about|that|in|on|at|where|saying|,|:|\"|'|$))"
    r"(?:\s*\x00)*\s*(?:,|:)?\s*(?:(?:for me|on my calendar|to my calendar)\s*(?:\x00\s*)*)?"
    r"(?:(?:called|named|titled|for|to|of|about|that|which|on|where|saying|says|is)\b\s*)*",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:called|named|titled|entitled|title it|name it|call it|with the title|labeled|labelled|with the name|with title|title)\b\s*(?:of|as|is|it|:)?\s*",
    re.I,
)
_QUOTED = re.compile(r"[\"“]([^\"”\x00]{2,80})[\"”]|(?<!\w)'([^'\x00]{2,80})'(?!\w)")
_CALENDAR = re.compile(
    r"\s*\b(?:(?:be )?(?:added|put|placed|scheduled|entered) )?(?:to|on|in|into|onto|for)\s+(?:my|the|our)\s+(?:work |personal |google |outlook )?"
    r"(?:calendar|calender|schedule|agenda|diary|planner)\b|\s+added\b(?=\s*(?:\x00|$|for|to|on))",
    re.I,
)
_ASIDE = re.compile(
    r"(?:\s*[,.;]\s*|\s+and\s+|\s+so\s+)(?:it(?:'s|s| is| will| usually| should)|its|i (?:need|want|have)|i'll|both|that|they|"
    r"we(?:'ll| will)|location|please|put|add|can you|could you|lets|let's|the location|my|which|who)\b.*$",
    re.I | re.S,
)
_ROOM_FOR = re.compile(
    r"^.*\b(?:slot|room|rooms|time|break|block|hours?|minutes|space|table)\b(?:\s*\x00|\s+(?:at|in) [\w' ]+?)*\s+(?:for|to)\s+(?:an?\s+|the\s+|my\s+)?(?=\w)",
    re.I | re.S,
)
_GREETING = re.compile(r"^\s*(?:hi|hey|hello|yes|yeah|ok|okay|oh|thanks|sure|so)\b[\s,.!-]*", re.I)
_SELF = re.compile(
    r"^\s*(?:i(?:'d| would)? (?:want|need|like|have|love|plan|am going|got)(?: to)?(?: (?:go|see|be)\b(?: to)?)?|i(?:'m| am) going(?: to)?(?: the)?|i(?:'ll| will)(?: be| have)?|i gotta|"
    r"i'm|i am|i can|we(?:'re| are)(?: going)?(?: to)?|we have|we need|starts?|begins?)\s+(?:an?\s+|the\s+)?",
    re.I,
)
_TAIL = re.compile(
    r"(?:\s*\b(?:(?:to|on|in|into|onto|for|from)\s+(?:my|the|our)\s+(?:[a-z]+\s+)?(?:calendar|calender|schedule|agenda|diary|planner)s?"
    r"|please|pls|thanks|thank you|for me|on it|as well|too|put that|put it|add that|add it|and|please add it|please add|"
    r"(?:to|on) (?:calendar|schedule)|asap|can you (?:add|put|schedule) (?:it|that)(?: (?:to|on|in) my calendar)?)\b[\s,.!?]*|[\s,.!?:;-]+)+$",
    re.I,
)
_LEAD = re.compile(
    r"^(?:[\s,.!?:;@-]+|(?:\b(?:for|to|on|at|of|about|that|my|an?|the|our|is|and|with|in|as|i have|i need to|please|be)\b)(?=\s|$))+",
    re.I,
)
_ARTICLE = re.compile(r"^(?:an?|the|my|our|some)\s+", re.I)
_WITH = re.compile(
    r"\s*\b(?:with|w/)\s+((?:my |the |dr\.? |mr\.? |mrs\.? |ms\.? )?[^\s,.;!?\x00]+(?:(?:\s+|\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
    r"(?!(?:at|on|in|for|to|about|from|by|this|next|tomorrow|is|every|please|before|after|regarding|re|it|will)\b)[^\s,.;!?\x00]+){0,12})",
    re.I,
)
_AT = re.compile(r"\s*\b(?:at|@|in)\s+((?!\x00)[^,;!?\x00]+)", re.I)


def _plain(text: str) -> str:
    """The text without greeting and asking; times marked before it stay out of the way."""
    start = re.match(r"[\s\x00]*", text)
    rest = text[start.end() :] if start else text
    return rest[politeness(rest.lower()) :]


def _tidy(text: str) -> str:
    text = re.sub(r"\s*\x00\s*", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = _TAIL.sub("", text)
    return text.strip(' \t,.;:!?-"')


def reminder_title(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """What to be reminded of."""
    rest = without(text, spans)
    named = _NAMED.search(rest)
    match = None
    for match in _REMIND.finditer(rest):
        if rest[match.end() :].strip(" \x00.?!,"):
            break
    if named and match and named.start() >= match.start():
        rest = rest[named.end() :]
    elif match is not None:
        after = rest[match.end() :]
        before = rest[: match.start()]
        rest = after if after.strip(" \x00.?!,") else _EVENT_HEAD.sub("", _plain(before))
    elif remember := _REMEMBER.search(rest):
        rest = rest[remember.end() :]
    rest = re.sub(r"^\s*(?:\x00\s*)*(?:(?:to|that|about|of|for|i|i have|i need)\b\s*)*", "", rest)
    return _tidy(rest)


def event_slots(text: str, spans: Sequence[tuple[int, int]]) -> Slots:
    """Title, people and place of something that takes place."""
    rest = without(text, spans)
    quoted = _QUOTED.search(rest)
    title = ""
    if quoted:
        title = quoted.group(1) or quoted.group(2)
        rest = rest[: quoted.start()] + " " + rest[quoted.end() :]
    rest = _CALENDAR.sub(" ", _GREETING.sub("", rest))
    if not title:
        rest = re.split(r"(?<=[a-z\x00 ])[.!?]\s+(?=[A-Z])", rest)[0]
        if cut := _ASIDE.search(rest):
            rest = rest[: cut.start()] if cut.start() > 8 else rest
    rest = _TAIL.sub("", rest)
    rest = _EVENT_HEAD.sub("", _plain(rest))
    rest = re.sub(r"^\s*(?:my |the )?calendar (?:for|as|with)\b", "", rest, flags=re.I)
    rest = _CONTAINER.sub("", rest.strip())
    if not title:
        if match := _ROOM_FOR.match(rest):
            rest = rest[match.end() :]
        rest = _SELF.sub("", rest)
    named = _NAMED.search(rest)
    if named:
        rest = rest[named.end() :]
    people: tuple[str, ...] = ()
    if with_match := _WITH.search(rest):
        people = _names(with_match.group(1))
        rest = f"{rest[: with_match.start()]} {_MARK} {rest[with_match.end() :]}"
    place = ""
    if at_match := _AT.search(rest):
        candidate = _tidy(at_match.group(1))
        if candidate and not candidate[0].isdigit():
            place = re.sub(r"^(?:the|my)\s+", "", candidate)
            rest = f"{rest[: at_match.start()]} {_MARK} {rest[at_match.end() :]}"
    if not title:
        title = _tidy(_LEAD.sub("", rest.strip()))
    title = re.sub(r"(?<=\w)\s+(?:event|starting|start)$", "", _ARTICLE.sub("", title), flags=re.I)
    return Slots(title, people, place)


def _names(text: str) -> tuple[str, ...]:
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*", text)
    return tuple(part.strip(" .'\"") for part in parts if part.strip(" .'\""))[:12]


_LIST_NAME = re.compile(
    r"\b(?:to|on|onto|in|into|of|from|under|off)\s+(?:my\s+|the\s+|our\s+|a\s+)?((?:[\w'-]+\s+){0,2}?[\w'-]+?)(?:\s+lists?)\b|"
    r"\b(?:to|on|onto|in|into|from)\s+(?:my\s+|the\s+|our\s+)?(shopping|groceries|grocery|to-?dos?|chores)\b|"
    r"\b(?:my|the|our)\s+((?:[\w'-]+\s+){0,1}?[\w'-]+?)\s+lists?\b",
    re.I,
)
_ADD_HEAD = re.compile(
    r"^(?:add|put|place|insert|append|include|throw|note|jot|write|need|buy|save|tack|get|i need|i want|make sure|create|make|new|start|task|todo|to-do)\b\s*"
    r"(?:(?:down|on|in|an?|new|the|item|task|todo|called|to|:)\b\s*)*[:\-]?\s*",
    re.I,
)


_DEFAULT_LIST = re.compile(
    r"\s+(?:to|on|onto|in|into)\s+(?:my|the|our)\s+(?:tasks?|to-?\s?dos?|todo|to[ -]do|things to do)(?:\s+lists?)?(?=\s*(?:[,.!?]|please|$))"
    r"|^\s*(?:(?:to|on|onto)\s+)?(?:my|the)\s+(?:tasks?|to-?dos?)\s+lists?\s*[:,]\s*",
    re.I,
)
_PLAIN_NAMES = frozenset(
    {"task", "tasks", "to-do", "todo", "to do", "to-dos", "todos", "my", "the", "do"}
)


def list_items(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, ...], str]:
    """The items to put on a list, and the list's name, "" when none was named."""
    rest = _DEFAULT_LIST.sub(" ", without(text, spans))
    name = ""
    if match := _LIST_NAME.search(rest):
        name = next(group for group in match.groups() if group).strip().lower()
        rest = rest[: match.start()] + " " + rest[match.end() :]
    if name in _PLAIN_NAMES:
        name = ""
    buys = re.match(r"buy\b", _plain(rest), re.I)
    rest = _ADD_HEAD.sub("", _plain(rest.strip()))
    rest = re.sub(r"^(?:to|that|i|need to)\s+", "", _tidy(rest), flags=re.I)
    if name or buys:
        parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+plus\s+", rest)
    else:
        parts = [rest]
    items = [
        re.sub(r"^(?:an?|the|some|my)\s+", "", part.strip(" .,!?\"'"), flags=re.I) for part in parts
    ]
    return tuple(item for item in items if item)[:20], name


_NUMBERED = re.compile(r"(?:\b(?:task|item|number|no\.?|todo|reminder|event)\s*)?#?\b(\d{1,4})\b")
_REFERENCE_HEAD = re.compile(
    r"^(?:cancel|cancle|delete|remove|erase|clear|drop|scrap|get rid of|take (?:out|off)?|call off|move|reschedule|postpone|push(?: back)?|shift|"
    r"delay|change|update|bring forward|bring|mark|check(?: off)?|tick(?: off)?|cross(?: off)?|complete|finish|finished|done(?: with)?|completed|snooze|edit|"
    r"snooze|(?:remind|tell|ask|ping|nudge|alert|wake) me(?: about| of)?(?: again| later| once more)?|not now|later|ask again|i(?:'ve| have)?(?: just| already)? (?:done|did|finished|bought|paid|called|sent|picked up)|reopen|stop|turn off|forget)\b\s*"
    r"(?:(?:about|the|my|our|that|this|all|an?|it)\b\s*)*",
    re.I,
)
_NO_MORE = re.compile(
    r"^(?:(?:don't|dont|do not|stop|no longer|never|no need to)\s+)*(?:be\s+)?(?:remind(?:ing)?|alert(?:ing)?|notify(?:ing)?|wak(?:e|ing)|send(?:ing)?)\s+(?:me|us)\s*"
    r"(?:(?:up|about|of|to|for|on|that|the|my|a|an|reminders?|any)\b\s*)*",
    re.I,
)
_REFERENCE_TAIL = re.compile(
    r"\s*\b(?:from|off|out|to|on|in|as)\b(?: of)?(?: (?:my|the|our))? *(?:[\w-]+ )?(?:calendar|list|schedule|agenda|done|complete|completed|finished)\b.*$"
    r"|\s*\b(?:is|are|was|were)? ?(?:done|off|finished|complete|completed)\W*$|\s+(?:to|by|until|from|back|forward)\s*(?:\x00.*)?$",
    re.I,
)
_IT = re.compile(
    r"^(?:it|that|this|them|those|(?:all )?of them|them all|the last one|last one|the last|one|the reminder|that one|this one|again|later|please|again please|for|until|till)?$",
    re.I,
)


class Reference(NamedTuple):
    """Which item is meant."""

    numbers: tuple[int, ...]
    words: str
    is_last: bool


def reference(text: str, spans: Sequence[tuple[int, int]]) -> Reference:
    """The item that a request to change something speaks about."""
    rest = without(text, spans)
    rest = _NO_MORE.sub("", _REFERENCE_HEAD.sub("", _plain(rest.strip())))
    rest = re.sub(r"^'s\s+", "", rest.replace("\x00", " ").strip())
    rest = _REFERENCE_TAIL.sub("", rest)
    rest = _tidy(rest)
    numbers = tuple(int(number) for number in _NUMBERED.findall(rest))
    bare = re.sub(
        r"\b(?:tasks?|items?|numbers?|no|todos?|reminders?|events?|and|the)\b|[#\d,&\s.]+", "", rest
    )
    if numbers and not bare:
        return Reference(numbers[:20], "", False)
    if _IT.match(rest):
        return Reference((), "", True)
    return Reference((), _ARTICLE.sub("", rest), False)
