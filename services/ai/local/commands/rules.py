"""What is asked for, by the words that give it away. Ordered: the first pattern that fits decides."""

from __future__ import annotations

import re
from typing import NamedTuple

REMIND, EVENT, TASK = "create_reminder", "create_event", "create_task"
AGENDA, TASKS = "list_agenda", "list_tasks"
CANCEL, MOVE, SNOOZE, DONE, REOPEN = (
    "cancel",
    "reschedule",
    "snooze",
    "complete_task",
    "reopen_task",
)
ZONE, UNDO, HELP, TALK, OTHER = "set_timezone", "undo", "help", "small_talk", "other"


class Verdict(NamedTuple):
    """An intent and how much its pattern can be trusted, 0 to 1."""

    intent: str
    trust: float


_POLITE = (
    r"(?:(?:hey|hi|hello|ok|okay|yes|yeah|so|and|then|also|oh|well|please|pls|kindly|just|hark|"
    r"siri|alexa|google|cortana|olly|computer|assistant)\b[\s,.!:-]*)*"
    r"(?:(?:can|could|would|will|may) (?:you|u|we|i)\b(?: please| kindly| just)?[\s,]*|"
    r"(?:i(?:'d| would)? (?:want|need|like|love)(?: you)? to|i(?:'m| am) going to need you to|"
    r"i wanna|you (?:can|should|need to|have to)|(?:go ahead and|feel free to|let's|lets|help me(?: to)?|be sure to|"
    r"make sure (?:to|you)|do me a favor and|i need help (?:to )?))\b[\s,]*|"
    r"(?:please|pls|kindly|just|now|also|go|to)\b[\s,]*)*"
)
_THING = (
    r"(?:meetings?|appointments?|appts?|events?|calendars?|schedules?|agenda|plans?|planned|"
    r"calls?|conferences?|lunch(?:es)?|dinners?|dates?|part(?:y|ies)|interviews?|classes|class|"
    r"sessions?|bookings?|birthdays?|itinerary|commitments?|engagements?|day|week)"
)
_REMINDER = r"(?:remind(?:er|ers|ing)?|alarms?|timers?|alerts?|stopwatch)"
_LIST = (
    r"(?:(?:to[\s-]?do|shopping|grocer(?:y|ies)|task|chores?|packing|bucket|wish|party|gift|"
    r"christmas|checklist|reading|purchase|errands?)s?(?:[\s-]+lists?)?|lists?)"
)


def _compile(*patterns: tuple[str, float, str]) -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    return tuple((intent, trust, re.compile(pattern)) for intent, trust, pattern in patterns)


_PATTERNS = _compile(
    (UNDO, 0.97, rf"^{_POLITE}(?:undo|take (?:that|it) back|revert|never ?mind that last|put it back)\b"),
    (TALK, 0.97, r"^\W*(?:thanks?(?: you)?|thank u|thx|ty|cheers|hi|hello|hey|good (?:morning|evening|afternoon|night|bye)|"
     r"bye|goodbye|see you|great|cool|nice|perfect|ok(?:ay)?)(?: (?:hark|so much|a lot|very much|there|again|all|everyone|very|you))*\W*$"),
    (HELP, 0.97, r"^\W*(?:help|help me|menu|commands|\?)\W*$"),
    (HELP, 0.9, r"\bwhat (?:can|do|are|could|all can|else can|(?:kind|type|sort)s? of [a-z]+ (?:can|do)|(?:things|tasks|questions|subjects|topics)(?: \w+)? (?:can|do|are)) "
     r"(?:you|i) (?:do|help|able|ask|capable|know|say|handle|understand|assist)\b"),
    (HELP, 0.85, r"\bhow (?:do|can|would|should|does) (?:i|you|one|we) (?:use|set|create|make|delete|cancel|change|add|edit|turn off|review|update|see|view|get|work with)\b.*\b(?:remind|alarm|task|event|list)|\bwhat are you (?:able|capable|programmed)|\bhow (?:do|does) (?:you|this|hark) work\b"),
    (ZONE, 0.95, r"\b(?:time ?zone|timezone)\b(?!.*\bwhat)|^\W*(?:i'?m|i am|we'?re|we are) (?:now |currently |back )?in (?!(?:a|the|an|my|bed|town|need|trouble|charge|love|\d)\b)[a-z .'-]+(?: (?:now|this week|today|for .*))?\W*$|"
     r"^\W*(?:i(?:'ve| have)? (?:just )?(?:moved|landed|arrived|flew)(?: back)? (?:to|in) |i live in |my (?:city|location) is )"),
    (REOPEN, 0.93, r"\b(?:reopen|un-?(?:check|do|mark|tick|complete))\b.*\b(?:task|item|todo|to-do|number|#?\d+)|\b(?:task|number|item)? ?#?\d+ (?:is|was)(?:n't| not) (?:done|finished|complete)"
     r"|\b(?:isn't|is not|wasn't|was not|haven't|not) (?:done|finished|completed?) (?:after all|yet)\b|\bi (?:didn't|did not) (?:actually |really )"),
    (SNOOZE, 0.96, r"\bsnooze|\b(?:remind|tell|ask|nudge|ping) me (?:again|later)\b(?! to)|\bnot now\b.*\blater\b|^\W*(?:later|in) (?:\d+|a few|ten|five) (?:more )?min|\b(?:sleep for|give me|let me sleep) (?:another )?[a-z0-9 ]+ (?:more )?minutes"),
    (SNOOZE, 0.9, r"^(?:please )?(?:pause|silence) (?:the |my |all )?alarms?|\bsleep for (?:[a-z0-9]+ )?(?:more )?min"),
    (DONE, 0.96, rf"^{_POLITE}(?:i(?:'ve|'m| have| am)? )?(?:all )?(?:done|finished|completed?)(?: with)?(?: with)? (?:the |task |number |no\.? |item |todo )*#?\d+(?:\s*(?:,|and|&)\s*#?\d+)*\W*$"),
    (DONE, 0.95, r"^\W*(?:task|number|item|no\.?)? ?#?\d+(?:\s*(?:,|and|&)\s*#?\d+)* (?:is |are |'s )?(?:all )?(?:done|finished|complete[d]?|ready)\W*$"),
    (DONE, 0.93, rf"^{_POLITE}(?:mark|check|tick|cross|set)\b.*\b(?:done|complete|completed|finished|off|off (?:of )?(?:my|the) .*list|as (?:done|complete))\b"),
    (DONE, 0.9, rf"^{_POLITE}(?:complete|finish|check off|tick off|cross off) (?:the |my |task|item|number|#|\d)"),
    (DONE, 0.86, r"^\W*i(?:'ve| have)? (?:just |already |finally )?(?:done|did|finished|completed|bought|paid|called|sent|picked up|mailed|emailed|cleaned|returned|watered|fed|taken|took|washed|booked|ordered|submitted|renewed|signed|fixed|walked|cooked|posted|dropped off|got|gotten|read|written|wrote|filed|handled|sorted|packed|printed|replied|answered|texted|messaged) "),
    (DONE, 0.86, r"\b(?:is|are|'s|has been|have been) (?:now |already )?(?:done|finished|completed|taken care of|sorted)\W*$"),
    (DONE, 0.8, r"^\W*(?:done|finished|completed)(?: with)? (?:the |my )?[a-z]"),
)

_CREATE_VERB = (
    r"(?:add|create|creat|make|set|set ?up|setup|schedule|schedual|book|put|plan|enter|insert|"
    r"place|log|arrange|organi[sz]e|start|initiate|note|jot|write|mark|block|reserve|save|record|"
    r"include|throw|append|tack|slot|new|pencil|give me|get)"
)
_ASKS = (
    r"(?:what|what's|whats|which|when|when's|whens|where|where's|who|who's|how|show|list|tell me|display|view|see|"
    r"read|check|find|look|search|give me|pull up|bring up|open|do i|did i|do we|am i|are there|is there|"
    r"is my|is the|are my|have i|will i|does|any|let me (?:know|see|hear)|fetch|get me|recite|repeat|review|go over|"
    r"are we|is it|run through|remind me what|remind me when|was|were|i want to (?:see|know|hear)|i(?:'d| would) like to (?:see|know|hear)|"
    r"i need to (?:see|know|hear|check))"
)
_KINDS = _compile(
    (CANCEL, 0.9, rf"^{_POLITE}(?:cancel|cancle|delete|remove|erase|clear|drop|discard|scrap|scratch|get rid of|take (?:out|off)|"
     r"call off|nix|eliminate|unschedule|wipe|dump|void|end (?:the |my )?(?:timer|alarm)|stop|turn off|disable|kill|omit|ditch|forget|purge|trash|dismiss|empty|deactivate|undo)\b"),
    (CANCEL, 0.88, r"\b(?:take|get|pull|knock|cross|strike|wipe|kick|leave) (?!.*\b(?:remind)).* (?:off|from|out) (?:of )?(?:my |the |our |this )?(?:.*list|calendar|schedule|agenda)"),
    (CANCEL, 0.86, r"\b(?:cancel|delete|remove|erase|get rid of|call off)(?:led|ed)?\b.*\b(?:" + f"{_THING}|{_REMINDER}|{_LIST}" + r"|it|that|this|item)\b"),
    (CANCEL, 0.85, r"\b(?:don't|do not|no longer|stop|quit) (?:need (?:to be )?)?(?:remind(?:ing|ed)?|alert(?:ing)?|wak(?:e|ing)|want|need)\b|\bno longer need\b|\bi (?:can't|cannot|won't) (?:make|go|attend|be)\b"),
    (MOVE, 0.9, rf"^{_POLITE}(?:move|reschedule|re-schedule|postpone|push|shift|delay|bring|change|update|edit|modify|adjust|extend|shorten|rename|"
     r"switch|swap|alter|amend|revise|correct|fix|prolong|lengthen|advance|bump|defer|slide|replace|restart|invite|convert|add (?:\S+ ){1,3}minutes to|add time|increase|decrease|subtract)\b"),
    (MOVE, 0.85, r"\b(?:move|reschedule|postpone|push|shift|delay|change|update|bump)\b(?: \S+){0,6} (?:to|by|back|forward|until|up|from|till)\b|\b(?:need|needs|has|want) to be (?:moved|changed|rescheduled|updated|pushed|postponed)|\bgot (?:moved|changed|pushed|postponed|rescheduled)|\binstead(?: of)?\b"),
)
_QUESTIONS = _compile(
    (TASKS, 0.9, rf"^{_POLITE}(?:{_ASKS})\b.*\b(?:{_LIST}|{_REMINDER}|tasks?|chores?|things to do|to[\s-]?dos?)\b"),
    (AGENDA, 0.88, rf"^{_POLITE}(?:{_ASKS})\b.*\b{_THING}\b"),
    (AGENDA, 0.88, r"\b(?:am i|are we|will i be|i'm) (?:free|busy|available|doing|booked|supposed|going|scheduled|meeting|open)\b|\bdo i have (?:anything|something|plans|time|any|an?|the|to)\b|\b(?:what|anything|what's|whats)\b.* (?:on|planned|scheduled|going on|coming up|happening|up) (?:for |on |at |my |this |next |in )*(?:today|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weekend|the|month|$)|"
     r"\bwhen (?:am i|is my|are my|do i|will i|is the|is our|can i)\b|\bmy (?:day|week|month|calendar|schedule|agenda)\b.*\?|\bwhat (?:am i|do i have|have i got|is on|do i need)\b"),
)
_CREATES = _compile(
    (REMIND, 0.95, r"\bremind(?:ing|s|ed)? (?:me|us|him|her|them|[a-z]+ (?:to|that|about|of))\b|\bremain me\b|\bremember (?:to|that|me)\b|\bdon't (?:let me )?forget\b|\bwake (?:me|us)\b|\bset (?:an? |the |my |another |me |up )*(?:\S+ ){0,4}(?:alarm|timer|reminder|alert)|"
     r"\b(?:alert|notify|ping|nudge|message|text|tell|prompt|buzz|poke|warn|email|inform) me\b.*\b(?:to|when|about|at|in|on|that|of)\b"),
    (REMIND, 0.92, rf"\b{_CREATE_VERB}\b.*\b{_REMINDER}\b|\b{_REMINDER} (?:for|to|at|in|on|of|about|me|that)\b|\bi need (?:an? |to be )?(?:{_REMINDER}|reminded|woken)|\bto be reminded\b|^{_POLITE}(?:\d+|[a-z-]+) (?:minute|min|hour|second) timer"),
    (TASK, 0.93, rf"\b(?:{_CREATE_VERB}|need|want|buy|remember)\b.*\b(?:to|on|onto|in|into|under|from|for|of|with) (?:my |the |our |a |this |that |today's |[a-z]+'s )?(?:[a-z]+ )?{_LIST}\b"),
    (TASK, 0.9, rf"\b{_CREATE_VERB}\b.*\b{_LIST}\b|\b(?:create|make|start|new|add|begin|set up|open)\b.*\b(?:list|task|todo|to-do|item|note)\b|^\W*(?:task|todo|to-do|to do)\b[\s:-]|\bi (?:need|have) to (?:remember to )?buy\b|\b(?:added|put) (?:to|on|onto) (?:my |the )?(?:[a-z]+ )?list"),
)
_EVENT_CREATES = _compile(
    (EVENT, 0.9, rf"\b(?:add|create|creat|make|set|set ?up|setup|schedule|schedual|book|put|plan|enter|arrange|organi[sz]e|mark|block|reserve|save|slot|pencil|get|invite|include|place|input|need|want|like|have|find|new|do)\b.*\b(?:{_THING}|calender|meet|meeting|meeing|metting|apointment|appointment)\b"),
    (EVENT, 0.85, rf"^{_POLITE}(?:schedule|book|plan|arrange|reserve|organi[sz]e|block (?:off|out)?|pencil|slot)\b"),
)


def first(patterns: tuple[tuple[str, float, re.Pattern[str]], ...], text: str) -> Verdict | None:
    """The first pattern of a table that fits."""
    for intent, trust, pattern in patterns:
        if pattern.search(text):
            return Verdict(intent, trust)
    return None


_QUESTION_START = re.compile(rf"^{_POLITE}(?:{_ASKS})\b")
_EVENTISH = re.compile(rf"\b{_THING}\b")
_STATEMENT = re.compile(
    r"^\W*(?:i(?:'ve| have|'m| am|'ll| will)?(?: got)?|we(?:'re| are|'ll)?|my|there(?:'s| is)|the|our) "
)


def judge(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    """The intent of a lower-case text. `time_only`: nothing but a time expression is left."""
    verdict = first(_PATTERNS, text)
    if verdict is not None:
        return verdict
    verdict = first(_KINDS, text)
    asks = _QUESTION_START.match(text)
    if verdict is not None and not (asks and verdict.trust < 0.9):
        return verdict
    if asks or text.endswith("?"):
        question = first(_QUESTIONS, text)
        creates = first(_CREATES, text)
        if question is not None and not (creates and not asks and creates.trust > question.trust):
            return question
    verdict = first(_CREATES, text) or first(_EVENT_CREATES, text)
    if verdict is not None:
        return verdict
    question = first(_QUESTIONS, text)
    if question is not None:
        return question
    return _fallback(text, has_time=has_time, time_only=time_only)


_ADD = re.compile(rf"^{_POLITE}(?:add|put|note|jot|write|create|buy|get|set|make)\b")


def _fallback(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    if time_only:
        return Verdict(OTHER, 0.5)
    if has_time and _ADD.match(text):
        return Verdict(EVENT, 0.8)
    if _ADD.match(text):
        return Verdict(TASK, 0.6)
    if has_time and (_EVENTISH.search(text) or _STATEMENT.match(text)):
        return Verdict(EVENT, 0.75)
    if has_time:
        return Verdict(EVENT, 0.55)
    return Verdict(OTHER, 0.6)
