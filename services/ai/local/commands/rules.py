"""What is asked for, by the words that give it away: first the domain, then the action in it."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re

from services.ai.local.commands.alarms import reminder
from services.ai.local.commands.clues import (
    AGENDA,
    CANCEL,
    EVENT,
    HELP,
    MOVE,
    OTHER,
    REMIND,
    SNOOZE,
    TASK,
    TASKS,
    Clue,
    Said,
    Table,
    Verdict,
    leads,
)
from services.ai.local.commands.fixed import FIXED
from services.ai.local.commands.openings import (
    LEADS_ASK,
    LEADS_CANCEL,
    LEADS_CREATE,
    LEADS_MOVE,
    MOVE_SOFT,
    TIMER_QUERY,
)
from services.ai.local.commands.phrases import (
    ASK,
    CANCEL_VERB,
    CREATE_VERB,
    LIST,
    OTHER_TOPIC,
    PERSONAL,
    PUBLIC_EVENT,
    REMINDER,
    STRONG_THING,
    THING,
)

_REMIND_TO = Clue(
    r"^(?:(?:remind|remain|remined|reminde?) (?!me (?:again|later|of (?:all )?(?:my|the) (?:alarms|reminders)|what|when|who|where|how|which)\b)|remember (?:to|that|me)\b|(?:i )?(?:don't|do not|dont) (?:let me |want to )?forget\b|wake (?:me|us)\b)|\bwake (?:me|us) up\b"
    r"|\bremind (?:me|us|him|her|them|myself|everyone|my \w+|\w+(?: and \w+)?) (?:to|that|about|of|at|on|in|when|every|tomorrow|today|tonight|for|by|again at|i|we)\b(?! my (?:alarms|reminders)\b)|\bremain me\b"
    r"|\b(?:alert|notify|ping|nudge|prompt|buzz|poke|warn|page) me\b.*\b(?:to|when|about|at|in|before|on|that|if)\b|\b(?:tell|text|message|call|inform) me (?:to|at \d|in \d|(?:today|tomorrow|tonight|on \w+) (?:to|at)|when it's)\b|\bsend me an? (?:alert|alarm|reminder|alter|notification)\b|\bgive me a (?:shout|nudge|call|ring)\b.*\b(?:to|at|about)\b|\bmake sure i remember\b|^\W*wake[ -]?up (?:at|call)|^(?:start |begin )?(?:time|timing) me\b|^start (?:timing|the clock|clock|the timer|a stopwatch)\b"
)
_NEGATED_REMINDER = Clue(
    r"^\W*(?:please )?(?:don't|do not|dont|stop|quit|no longer|never|you don't have to|no need to) (?:need (?:you )?(?:to )?)?(?:be )?(?:remind|alert|wak|notify|reminding|send)|\bi (?:don't|dont|do not|no longer) (?:need|want|have)\b(?! to (?:miss|forget|be late|oversleep|lose)).*\b(?:remind|alarm|timer|alert)"
)
_HAS_REMINDER = Clue(rf"\b{REMINDER}\b")
_HAS_LIST = Clue(rf"\b{LIST}\b")
_LIST_REMOVE = Clue(
    rf"^(?:{CANCEL_VERB}|take|get|pull|knock|strike|wipe|away|leave)\b.*|\b(?:take|remove|delete|erase|clear|scratch|cross|no longer (?:need|want))\b"
)
_LIST_ADD = Clue(
    rf"^(?:{CREATE_VERB}|need|want|buy|i need|we need)\b|\b(?:add|put|insert|include|added|placed|write|create|make|start|new|append|note|need to go on|should be on|belongs? on|goes on)\b"
)
_TASKISH = Clue(
    r"^\W*(?:task|todo|to-do|to do)\b[\s:-]|^(?:add|create|make|new|note)\b.*\b(?:tasks?|todos?|to-dos?|to do|item|chores)\b|\bi (?:need|have) to (?:remember to )?buy\b|^buy\b|^(?:note|jot down|make a note|take a note)\b"
)
_TASK_ASK = Clue(
    rf"^{ASK}\b.*\b(?:tasks?|chores?|things to do|errands|open items)\b|^\W*(?:my )?(?:open |pending )?tasks\W*$|\bwhat(?:'s| is) (?:due|overdue)\b|\bwhat needs doing\b|\b(?:items|tasks) are (?:still )?(?:open|left|due)\b|\bwhat do i (?:need|have|still have) (?:to )?(?:do|buy|get|pick up)\b"
)
_CREATE_EVENT = Clue(
    rf"\b(?:add|create|creat|make|set|set ?up|setup|schedule|schedual|book|put|plan|enter|arrange|organi[sz]e|mark|block|reserve|save|slot|pencil|get|include|place|input|need|want|like|have|new|do|host|hold)\b.*\b(?:{THING}|room)\b"
)
_LEADS_EVENT = Clue(
    r"^(?:schedule|schedual|book|plan|arrange|reserve|organi[sz]e|block (?:off|out)?|pencil|slot|set aside)\b"
)
_STATEMENT = Clue(
    r"^\W*(?:(?:oh|well|so|hi|hey|hello|yes|yeah|and|also|on \w+|tomorrow|tonight|today)\b[,. ]*)*(?:i(?:'ve|'m|'ll|'d)?|we(?:'re|'ll|'ve|'d)?|my|our|there(?:'s| is)|the|his|her|\w+'s) "
)
_OPEN_SLOT = Clue(
    r"\b(?:find|check|see if|look for|is there|are there)\b.*\b(?:\d+|an?|some|one|two) ?(?:hours?|minutes?|time|slot|open(?:ing)?s?|room)\b.*\b(?:for|to)\b|\bmeeting rooms?\b|\bconference rooms?\b|\bopenings?\b.*\bfor\b"
)
_ASK_SELF = Clue(
    r"\b(?:am i|are we|will i be|i'm|do i have|have i got|do we have|did i have) (?:free|busy|available|doing|booked|supposed|going|scheduled|meeting|open|anything|something|plans|time|any|an?|the|to)\b|"
    r"^(?!.*\bhow (?:do|can|would|should|could) )\b(?:what|anything|what's|whats|what is|how's|how is|hows|how does)\b.* (?:on|planned|scheduled|coming up|up|look|looking|like|for|happening|got|have)(?: for| on| at| my| this| next| in| the)* (?:today|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weekend|month|day|\d)|"
    r"\bwhat's (?:on|next|up next|happening) ?(?:today|tomorrow|tonight|this|next|on|$)|\b(?:when|when's|what time|what day|which day|what date|where|who|how long)\b.*\b(?:my|am i|do i|are we|do we|i have|i'm)\b|^\W*(?:anything|what's left|what's coming) (?:else|up|on)\b|^\W*(?:show|give|tell|read)(?: me)? my (?:day|week|month)\b|\bmy (?:\w+ )?(?:free|busy)\b|\bis (?:my )?\w+ (?:\w+ )?free\b|\bwhat (?:do|did|have|am|will|was) i\b(?! (?:do if|need|say|use|get|cook|eat|wear|owe|spend|spent|make|earn))|\bfree slots?\b|\bdo i work\b|^\W*(?:my |the )?(?:schedule|agenda|calendar)\b"
)
_WH = Clue(
    r"^(?:what|which|when|where|who|whose|how|is|are|was|were|does|did|do|has|have|will|should|can|could|would|any|why|tell me|show)\b|\?\s*$"
)
_CANCEL_SOFT = Clue(
    rf"^.{{0,60}}\b(?:cancel|delete|remove|erase|get rid of|call off|clear)\b.*(?:\b(?:{THING}|it|that|this|them|everything|item|all)\b|$)|\b(?:take|get|pull|knock|wipe|clear) (?!.*\b(?:remind)).* (?:off|from|out) (?:of )?(?:my |the |our |this )?(?:\w+ )?(?:calendar|calender|schedule|agenda)|\bno longer (?:need|want|going|have)\b|\bi (?:can't|cannot|won't) (?:make|go to|attend|be at)\b|\b(?:is|was|are|has been) cancel+ed\b|\bnot going to (?:the|my)\b"
)


def _match(table: Table, text: str) -> Verdict | None:
    for intent, trust, pattern, needs in table:
        if needs and not any(some in text for some in needs):
            continue
        if pattern.search(text):
            return Verdict(intent, trust)
    return None


def judge(lower: str, *, has_time: bool, time_only: bool) -> Verdict:
    """The intent of a lower-case text. `time_only`: nothing but a time expression is left."""
    text = Said(lower)
    verdict = _match(FIXED, text)
    if verdict is not None and not (
        _REMIND_TO.search(text) and verdict.intent not in (SNOOZE, HELP)
    ):
        return verdict
    if _INSTEAD.search(text) and _HAS_REMINDER_WORD.search(text):
        return Verdict(MOVE, 0.93)
    if _NEGATED_REMINDER.search(text):
        return Verdict(CANCEL, 0.9)
    if _REMIND_TO.search(text):
        return Verdict(REMIND, 0.95)
    if _HAS_REMINDER.search(text):
        return reminder(text)
    if _TOWN.search(text) and not _OWN.search(text):
        return Verdict(OTHER, 0.93)
    if _HAS_LIST.search(text):
        return _list(text)
    if TIMER_QUERY.search(text):
        return Verdict(TASKS, 0.93 if len(text) <= _SHORT_QUERY else 0.8)
    if _BUSY.search(text):
        return Verdict(EVENT, 0.95)
    if (
        OTHER_TOPIC.search(text)
        and not _CREATE_EVENT.search(text)
        and not (
            (PERSONAL.search(text) or (has_time and _PLANS.match(text)))
            and LEADS_CREATE.match(text)
        )
    ):
        personal = _ASK_SELF.search(text) and re.search(
            r"\b(?:calend[ae]r|schedule|agenda|my)\b", text
        )
        if not personal:
            return Verdict(OTHER, 0.85)
    return _calendar(text, has_time=has_time, time_only=time_only)


_SHORT_QUERY = 30
"""Characters: "how much longer" can only be about what is running."""
_INSTEAD = Clue(
    r"\b(?:instead of|rather than|not) (?:at |on |for )?(?:\d|mon|tues|wednes|thurs|fri|satur|sun|tomorrow|today|next|noon)"
)
_HAS_REMINDER_WORD = Clue(r"\b(?:remind|alarm|timer|alert)")


_TOWN = Clue(
    r"\b(?:anything|something|things|stuff|what)(?: \w+){0,2} (?:happening|fun|cool|cheap)\b|\bwhat (?:is|are|to|is there to) (?:there to )?do (?:in|on|this|around|at|for|tonight|today|tomorrow)\b|\b(?:anything|something|things|stuff|what)(?: \w+){0,2} (?:to do|going on)\b|^what (?:can|should|could) (?:i|we) do\b|\b(?:have|has) any events\b"
)
_OWN = Clue(r"\b(?:my|list|calendar|to-?do|schedule|agenda|i have|have i|do i|i've|for me|am i)\b")
_BUSY = Clue(
    r"^(?:show|mark|set|list) (?:me|my \w+(?: status)?) (?:as )?(?:busy|out|away|unavailable|free|tentative)\b|^\W*i (?:need|have|want|got|gotta)(?: to)? (?:to )?(?:see|meet(?: with)?|visit) (?!if\b|what\b|my (?:list|calendar|schedule|agenda|reminders)|the (?:list|calendar))"
)


_NEARBY = Clue(
    r"\bin (?:my|our|this|the) (?:town|city|area|neighborhood|region|county)\b|\bnear (?:me|here|my)\b"
)
_PLANS = Clue(r"^(?:add|create|schedule|put|plan|enter|pencil)\b")


_ONTO_LIST = Clue(
    r"^(?:stick|get|pop|throw|put|add|note|remember|write|jot|include) (?!.*\b(?:off|from)\b).* (?:on|onto|to) (?:my |the |our )?(?:[\w']+ )?lists?\b"
)
_LIST_OF = Clue(
    r"\blist of (?!things\b|chores\b|groceries\b|tasks\b|items\b|to\b|my\b|errands\b|reminders\b|alarms\b|events\b|meetings\b|films\b|books\b)|\b(?:mailing|play|contact|email|top|price|waiting|guest) ?lists?\b|\blist (?:some|me|a few|the (?:contents|stock|ingredients))\b|\border (?:all|my|everything)\b"
)


def _list(text: str) -> Verdict:
    """Lists and what stands on them."""
    if _ONTO_LIST.match(text):
        return Verdict(TASK, 0.94)
    if _LIST_OF.search(text):
        return Verdict(OTHER, 0.7)
    if LEADS_ASK.match(text) and not leads(r"^(?:open|see)\b.*\b(?:add|put)\b", text):
        if re.search(r"\b(?:add|put)\b.* (?:to|on|onto)\b", text) and not leads(
            r"^(?:did|is|was|are)\b", text
        ):
            return Verdict(TASK, 0.7)
        return Verdict(TASKS, 0.93)
    if LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.92)
    if LEADS_CREATE.match(text) and not re.search(r"\b(?:off|from|out of)\b.*\blist", text):
        return Verdict(TASK, 0.92)
    if re.search(r"\b(?:off|from|out of)\b (?:of )?(?:my |the |this )?(?:\w+ )?" + LIST, text):
        return Verdict(CANCEL, 0.85)
    if LEADS_MOVE.match(text):
        return Verdict(TASK, 0.5)
    if _LIST_ADD.search(text):
        return Verdict(TASK, 0.85)
    if _LIST_REMOVE.search(text):
        return Verdict(CANCEL, 0.8)
    return Verdict(TASKS, 0.7)


def _calendar(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    """Events, and whatever is left."""
    if MOVE_SOFT.search(text) and not LEADS_ASK.match(text):
        return Verdict(MOVE, 0.85)
    if LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.9)
    if LEADS_MOVE.match(text):
        return Verdict(MOVE, 0.82)
    if _TASK_ASK.search(text):
        return Verdict(TASKS, 0.8)
    if _NEARBY.search(text) and not LEADS_CREATE.match(text):
        return Verdict(OTHER, 0.93)
    if PUBLIC_EVENT.search(text) and not PERSONAL.search(text) and not LEADS_CREATE.match(text):
        return Verdict(OTHER, 0.75)
    if _OPEN_SLOT.search(text):
        return Verdict(EVENT, 0.6)
    if LEADS_ASK.match(text) or _WH.search(text):
        return _question(text, has_time=has_time)
    if _CANCEL_SOFT.search(text):
        return Verdict(CANCEL, 0.82)
    if _TASKISH.search(text) and not (has_time and _CREATE_EVENT.search(text)):
        return Verdict(TASK, 0.88)
    if _CREATE_EVENT.search(text) or _LEADS_EVENT.match(text):
        strong = _STRONG.search(text)
        return Verdict(EVENT, 0.95 if strong else 0.9 if has_time else 0.7)
    return _fallback(text, has_time=has_time, time_only=time_only)


_WANTS = Clue(
    rf"^(?:{CREATE_VERB}|have|get)\b(?!.*\b(?:do i|am i|i have)\b)|\b(?:put|add) (?:it|that|this)\b.*\bcalend[ae]r"
)


_WHEN_THING = Clue(
    r"\b(?:when|what (?:time|day|date|year|month)|where)(?:'s| is| was| are| does| did| will| do| am)? (?:the|my|our|i|we|\w+'s|your)\b.*\b(?:"
    + THING
    + r"|start|end|begin|take place|over)\b|\b(?:did|have|has) (?:i|anyone|\w+) (?:accept|decline|respond|rsvp|confirm|join)|\bwho(?:'s| is| are|se)? (?:all )?(?:leading|hosting|running|coming|going|attending|invited|organi[sz]ing|declining|accepted|declined|responded|started|on the)\b|\b(?:is|are|will) \w+ (?:\w+ )?(?:be at|be in|attending|coming to|going to|included|invited|joining)\b|\bfind(?: me)? (?:the|my) .* with\b|^\W*how(?:'s| is| does) (?:today|tomorrow|my|the week|this week|next week)\b"
)


def _question(text: str, *, has_time: bool) -> Verdict:
    if _WANTS.match(text) and not leads(r"^(?:do|what|how|have) (?:i|we|you|my)\b", text):
        return Verdict(EVENT, 0.95 if _STRONG.search(text) else 0.88 if has_time else 0.75)
    if leads(r"^(?:find|get) (?:me )?(?:\d+|an?) (?:\w+ )?(?:minutes|hours?|time|slot)", text):
        return Verdict(EVENT, 0.7)
    personal = PERSONAL.search(_TO_ME.sub(" ", text))
    thing = re.search(rf"\b{THING}\b", text)
    if re.search(
        r"\bhow (?:do|can|would|should|could|much money|much will) (?:i|you|we|one|it)?\b", text
    ):
        return Verdict(AGENDA, 0.6) if _STRONG.search(text) and personal else Verdict(OTHER, 0.8)
    if personal and _STRONG.search(text):
        return Verdict(AGENDA, 0.93)
    if _ASK_SELF.search(text):
        return Verdict(AGENDA, 0.86)
    if personal and thing:
        return Verdict(AGENDA, 0.9)
    if _WHEN_THING.search(text):
        return Verdict(AGENDA, 0.88)
    if _STRONG.search(text):
        return Verdict(AGENDA, 0.83)
    if thing and (has_time or re.search(r"\b(?:the|with|start|end|where|who|when|coming)\b", text)):
        return Verdict(AGENDA, 0.7)
    if leads(r"^(?:search|check|show|look at|find)\b", text) and has_time:
        return Verdict(AGENDA, 0.6)
    return Verdict(OTHER, 0.7)


_TO_ME = re.compile(r"\b(?:show|tell|give|find|get|let|help|send) me\b")
_PLURAL_EVENTS = Clue(
    r"\b(?:parties|events|concerts|festivals|fairs|activities|cruises|carnivals|parades|exhibits|exhibitions|tournaments|workshops|(?:cooking|yoga|art|dance|painting|dinner|holiday|christmas|fitness) (?:classes|dinners|lessons|shows|parties|events)|dinners)\b"
)
_MINE = Clue(
    r"^\W*(?:(?:oh|well|so|hi|hey|hello|yes|yeah|and|also|on \w+|tomorrow|tonight|today|at \w+)\b[,. ]*)*"
    r"(?:i(?:'ll| will) be|i(?:'ve| have)(?: got)? (?:an?|my|the|to)\b|i have to|we(?:'re| are)|i(?:'m| am) (?:going to the|having|meeting|seeing|at)|my \w+ (?:is|has|starts|begins))\b"
)
_ADD = Clue(r"^(?:add|put|note|jot|write|get|set|make|create|log|enter|do)\b")
_STRONG = Clue(rf"\b{STRONG_THING}\b")
_EVENTISH = Clue(rf"\b{THING}\b")


def _fallback(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    if time_only:
        return Verdict(OTHER, 0.5)
    if has_time and _ADD.match(text):
        return Verdict(EVENT, 0.85)
    if _ADD.match(text):
        return Verdict(TASK, 0.55)
    if has_time and _MINE.match(text):
        return Verdict(EVENT, 0.87)
    if _PLURAL_EVENTS.search(text) and not PERSONAL.search(text):
        return Verdict(OTHER, 0.85)
    if has_time and (_EVENTISH.search(text) or _STATEMENT.match(text)):
        return Verdict(EVENT, 0.82)
    if has_time:
        return Verdict(EVENT, 0.55)
    if _EVENTISH.search(text) and re.match(r"^\W*(?:\w+ ){0,2}(?:appointment|meeting)\b", text):
        return Verdict(EVENT, 0.6)
    return Verdict(OTHER, 0.6)
