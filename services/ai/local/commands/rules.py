"""What is asked for, by the words that give it away: first the domain, then the action in it."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re

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
from services.ai.local.commands.phrases import (
    ASK,
    CANCEL_VERB,
    CREATE_VERB,
    LIST,
    MOVE_VERB,
    OTHER_TOPIC,
    PERSONAL,
    PUBLIC_EVENT,
    REMINDER,
    STRONG_THING,
    THING,
)

_REMIND_TO = Clue(
    r"^(?:(?:remind|remain|remined|reminde?) (?!me (?:again|later|of my (?:alarms|reminders)|what|when|who|where|how|which)\b)|remember (?:to|that|me)\b|(?:i )?(?:don't|do not|dont) (?:let me |want to )?forget\b|wake (?:me|us)\b)|\bwake (?:me|us) up\b"
    r"|\bremind (?:me|us|him|her|them|myself|everyone|my \w+|\w+(?: and \w+)?) (?:to|that|about|of|at|on|in|when|every|tomorrow|today|tonight|for|by|again at|i|we)\b(?! my (?:alarms|reminders)\b)|\bremain me\b"
    r"|\b(?:alert|notify|ping|nudge|prompt|buzz|poke|warn|page) me\b.*\b(?:to|when|about|at|in|before|on|that|if)\b|\b(?:tell|text|message|call|inform) me (?:to|at \d|in \d|(?:today|tomorrow|tonight|on \w+) (?:to|at)|when it's)\b|\bsend me an? (?:alert|alarm|reminder|alter|notification)\b|\bgive me a (?:shout|nudge|call|ring)\b.*\b(?:to|at|about)\b|\bmake sure i remember\b|^\W*wake[ -]?up (?:at|call)"
)
_NEGATED_REMINDER = Clue(
    r"^\W*(?:please )?(?:don't|do not|dont|stop|quit|no longer|never|you don't have to|no need to) (?:need (?:you )?(?:to )?)?(?:be )?(?:remind|alert|wak|notify|reminding|send)|\bi (?:don't|dont|do not|no longer) (?:need|want|have)\b.*\b(?:remind|alarm|timer|alert)"
)
_HAS_REMINDER = Clue(rf"\b{REMINDER}\b")
_HAS_LIST = Clue(rf"\b{LIST}\b")
_LEADS_CANCEL = Clue(rf"^{CANCEL_VERB}\b")
_LEADS_MOVE = Clue(rf"^{MOVE_VERB}\b")
_LEADS_ASK = Clue(rf"^{ASK}\b")
_LEADS_CREATE = Clue(rf"^{CREATE_VERB}\b")
_ANY_CANCEL = Clue(rf"\b(?:{CANCEL_VERB}|canceled|deleted|removed|take .* off|get .* off)\b")
_TIMER_QUERY = Clue(
    r"\b(?:how (?:much|many|long)|what's|what is|whats|tell me)\b.*\b(?:time|minutes|seconds|longer|hours)\b.*\b(?:left|remain(?:s|ing)?|until|till|remaining|have)\b|\b(?:time (?:left|remaining)|remaining time)\b|\bhow long (?:until|till|before)\b|\bwhen (?:does|will) (?:the|my) (?:alarm|timer)\b|\bhow much (?:longer|time)\b|\bhow (?:long|many minutes|many seconds) (?:left|until|till|is left|remain)"
)
_REMINDER_MOVE = Clue(
    r"\b(?:should (?:now )?be|needs? to be|instead|rather than|changed to|rename|resume|repeat (?:the |my |this )?alarm)\b|^add (?!an?\b|another\b|new\b)(?!.*\b(?:alarm|reminder|timer) (?:to|for|at|that)\b).* (?:to|on) (?:my|the|this|that|all|his|her|our) (?:[\w':]+ ){0,6}(?:reminder|alarm|timer)s?\W*$|^(?:add|put|include) (?:a )?(?:note|more time|\w+ (?:more )?(?:minutes|mins|seconds|hours)|\d+|time)\b.*\b(?:to|on)\b.*\b(?:reminder|alarm|timer)|^(?:set|move|put|turn|bring) (?:my|the|that|this|all) .*\b(?:to|from|back|forward|earlier|later)\b.*(?:\d|earlier|later|instead)(?!.*go off)"
)
_CREATE_REMINDER = Clue(
    rf"\b(?:{CREATE_VERB}|need|want|have|like|send|turn on|give|schedule|run|use)\b.*\b{REMINDER}\b|^\W*(?:\w+ )?(?:{REMINDER})\b (?:for|to|at|in|on|of|about|me|that|every|please|\d)|^\W*(?:\d+|\w+)[ -](?:minutes?|min|hours?|seconds?|sec) (?:timer|alarm|countdown)|\btimer (?:for )?\d|\bcount ?down\b|\balarm \d"
)
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
_MOVE_SOFT = Clue(
    rf"\b{MOVE_VERB}\b(?: \S+){{0,8}} (?:to|by|back|forward|until|up|from|till|with)\b|\b(?:need|needs|has|have|want|wants) to be (?:moved|changed|rescheduled|updated|pushed|postponed|extended)|\bgot (?:moved|changed|pushed|postponed|rescheduled)|\brather than\b|[,.] *change (?:it|that)\b|^bring .* forward\b|\bfrom now on\b|^put off\b|^turn .* into an?\b|\bat \d[\d:]* not \d|\bis (?:at|on) .* now\b|\bstarts at .* now\b|\binstead(?: of)?\b|\b(?:is|was|has been|are) (?:now|moved|changed|rescheduled|postponed|pushed)\b.*\b(?:on|at|to|not)\b|\bwill be (?:later|earlier|longer) than\b|^(?:invite|uninvite|add) \w+(?: (?:and|,) \w+)* (?:to|as) (?:my|the|an?) (?!(?:\w+ )?(?:calend|sched|agenda|diary|planner|list)).*\b(?:{THING}|attendee|participant)|\b(?:can't make it|won't be there|not coming|isn't coming|going to join us|now coming)\b|\b(?:cancel|delete).*\b(?:and|then) (?:reschedule|move)\b|\bmake .* (?:all day|longer|shorter|earlier|later|instead)\b|\b(?:off|from) the (?:\w+ )?(?:meeting|list|invite).*\badd\b"
)
_CANCEL_SOFT = Clue(
    rf"^.{{0,60}}\b(?:cancel|delete|remove|erase|get rid of|call off|clear)\b.*(?:\b(?:{THING}|it|that|this|them|everything|item|all)\b|$)|\b(?:take|get|pull|knock|wipe|clear) (?!.*\b(?:remind)).* (?:off|from|out) (?:of )?(?:my |the |our |this )?(?:\w+ )?(?:calendar|calender|schedule|agenda)|\bno longer (?:need|want|going|have)\b|\bi (?:can't|cannot|won't) (?:make|go to|attend|be at)\b|\b(?:is|was|are|has been) cancel+ed\b|\bnot going to (?:the|my)\b"
)


def _match(table: Table, text: str) -> Verdict | None:
    for intent, trust, pattern in table:
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
    if _NEGATED_REMINDER.search(text):
        return Verdict(CANCEL, 0.9)
    if _REMIND_TO.search(text):
        return Verdict(REMIND, 0.95)
    if _HAS_REMINDER.search(text):
        return _reminder(text)
    if _HAS_LIST.search(text):
        return _list(text)
    if _TIMER_QUERY.search(text):
        return Verdict(TASKS, 0.8)
    if _TOWN.search(text) and not _OWN.search(text):
        return Verdict(OTHER, 0.93)
    if _BUSY.search(text):
        return Verdict(EVENT, 0.95)
    if (
        OTHER_TOPIC.search(text)
        and not _CREATE_EVENT.search(text)
        and not (
            (PERSONAL.search(text) or (has_time and _PLANS.match(text)))
            and _LEADS_CREATE.match(text)
        )
    ):
        personal = _ASK_SELF.search(text) and re.search(
            r"\b(?:calend[ae]r|schedule|agenda|my)\b", text
        )
        if not personal:
            return Verdict(OTHER, 0.85)
    return _calendar(text, has_time=has_time, time_only=time_only)


_NEW_ONE = Clue(
    r"^(?:set|create|make|start|begin|put|switch)(?: up| on)? (?:an?|another|a new|new|\d+|two|three|five) (?:[\w'-]+ ){0,6}?(?:alarms?|timers?|reminders?|notifications?)\b|^set (?:my |the )?timer (?:to|for|at) (?:an? |\w+ ?-?)?\w+|\bneeds? (?:an? )?reminders?\b|\bset (?:an? )?alarm\W*$|^set alarms? (?:for|at|on)\b|\bcan you alert me\b"
)
_CHANGED = Clue(
    r"^(?:add|put|include) (?!an?\b|another\b|new\b|the (?:reminder|alarm)).{1,80}? (?:to|on) (?:my|the|this|that|[\w']+'s) (?:[\w']+ ){0,4}(?:reminder|alarm)s?\b(?! (?:to|for|at)\b)|^repeat .*\balarm|^make (?:all|my|the) .*\b(?:repeat|daily|weekly|every)\b|\b(?:daily|weekly|monthly) not (?:daily|weekly|monthly)\b|\breminder (?:changed|updated|moved)\b|^re-?set\b"
)
_GONE = Clue(
    r"\b(?:deleted|disregarded|cancel+ed|removed)\b|^do you think you could (?:delete|cancel|remove)\b"
)


_SETS_OFF = Clue(
    r"^(?:will you |have |want )?(?:set|make|turn on|switch on|have|sound|name|start|put)\b.*\b(?:alarm|timer|reminder)s?\b.*\b(?:go off|ring|sound|get up|wake|countdown|for \d|and set)\b(?!.*instead)"
)


_TOWN = Clue(
    r"\b(?:anything|something|things|stuff|what)(?: \w+){0,2} (?:to do|going on)\b|^what (?:can|should|could) (?:i|we) do\b|\b(?:have|has) any events\b"
)
_OWN = Clue(r"\b(?:my|list|calendar|to-?do|schedule|agenda|i have|have i|do i|i've|for me|am i)\b")
_BUSY = Clue(
    r"^(?:show|mark|set|list) (?:me|my \w+(?: status)?) (?:as )?(?:busy|out|away|unavailable|free|tentative)\b|^\W*i (?:need|have|want|got|gotta)(?: to)? (?:to )?(?:see|meet(?: with)?|visit) (?!if\b|what\b|my (?:list|calendar|schedule|agenda|reminders)|the (?:list|calendar))"
)
_ALARM_SOUND = Clue(
    r"\b(?:tone|ringtones?|volume|vibrat\w+|sounds? to|song|chicken sounds|restart|resume|pause|interval|intervals)\b"
)
_PLURAL_LEAD = Clue(
    r"^\W*(?:all )?(?:my )?(?:(?!set\b|create|make|add\b|put\b|delete|cancel|start|turn|need|remove|password|change|move|update)\w+ )?(?:reminders|alarms|timers)\b(?! (?:to|that) )|^get (?:me )?(?:all|my|the)\b.*\b(?:reminders?|alarms?|timers?)\b"
)


_PLANS = Clue(r"^(?:add|create|schedule|put|plan|enter|pencil)\b")


def _reminder(text: str) -> Verdict:
    """Alarms, timers and reminders as things."""
    if _TIMER_QUERY.search(text):
        return Verdict(TASKS, 0.93)
    if _ALARM_SOUND.search(text) and not re.search(r"\bto (?:pause|restart|resume)\b", text):
        return Verdict(OTHER, 0.8)
    if re.search(
        r"\b(?:should|needs? to|can|must|to) be (?:deleted|cancel+ed|removed|erased|turned off)\b",
        text,
    ):
        return Verdict(CANCEL, 0.93)
    if (
        leads(
            r"^(?:set|reset|fix) (?:my |the |an? )?alarm (?:to|at|for|on|back) ?(?:\d|\w+ (?:am|pm|o'clock)|noon|midnight|half|quarter)",
            text,
        )
        and "instead" not in text
    ):
        return Verdict(REMIND, 0.9)
    if _PLURAL_LEAD.match(text) and not _LEADS_CANCEL.match(text):
        return Verdict(TASKS, 0.94)
    if _LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.93)
    asks = _LEADS_ASK.match(text)
    creates = _CREATE_REMINDER.search(text)
    if _NEW_ONE.match(text) and "instead" not in text:
        return Verdict(REMIND, 0.93)
    if _CHANGED.search(text):
        return Verdict(MOVE, 0.93)
    if _GONE.search(text) and not asks and not re.search(r"\bremind me\b", text):
        return Verdict(CANCEL, 0.9)
    if _SETS_OFF.match(text):
        return Verdict(REMIND, 0.9)
    if _LEADS_MOVE.match(text) or _REMINDER_MOVE.search(text):
        return Verdict(MOVE, 0.93)
    if re.search(r"\bdo (?:i|we) have\b.*\b(?:alarms?|reminders?|timers?)\b", text):
        return Verdict(TASKS, 0.93)
    if re.search(r"\b(?:forget|no more|never ?mind)\b", text):
        return Verdict(CANCEL, 0.85)
    if (
        re.search(r"\b(?:go(?:es)? off|to ring|to go off|to sound)\b", text)
        and creates
        and not leads(r"^(?:when|what|does|did|is|how)\b", text)
    ):
        return Verdict(REMIND, 0.9)
    if (
        re.search(r"\b(?:remind me of my (?:alarms|reminders)|my (?:alarms|reminders))\b", text)
        and not creates
    ):
        return Verdict(TASKS, 0.8)
    if asks and not leads(r"^(?:should|open|call|do)\b", text):
        if _ANY_CANCEL.search(text) and not text.rstrip().endswith("?"):
            return Verdict(CANCEL, 0.7)
        return Verdict(TASKS, 0.93)
    if creates:
        return Verdict(REMIND, 0.93)
    if _MOVE_SOFT.search(text):
        return Verdict(MOVE, 0.75)
    if _ANY_CANCEL.search(text):
        return Verdict(CANCEL, 0.8)
    if text.rstrip().endswith("?") or re.search(r"\b(?:alarms|reminders|timers|status)\b", text):
        return Verdict(TASKS, 0.75)
    return Verdict(REMIND, 0.7)


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
    if _LEADS_ASK.match(text) and not leads(r"^(?:open|see)\b.*\b(?:add|put)\b", text):
        if re.search(r"\b(?:add|put)\b.* (?:to|on|onto)\b", text) and not leads(
            r"^(?:did|is|was|are)\b", text
        ):
            return Verdict(TASK, 0.7)
        return Verdict(TASKS, 0.93)
    if _LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.92)
    if _LEADS_CREATE.match(text) and not re.search(r"\b(?:off|from|out of)\b.*\blist", text):
        return Verdict(TASK, 0.92)
    if re.search(r"\b(?:off|from|out of)\b (?:of )?(?:my |the |this )?(?:\w+ )?" + LIST, text):
        return Verdict(CANCEL, 0.85)
    if _LEADS_MOVE.match(text):
        return Verdict(TASK, 0.5)
    if _LIST_ADD.search(text):
        return Verdict(TASK, 0.85)
    if _LIST_REMOVE.search(text):
        return Verdict(CANCEL, 0.8)
    return Verdict(TASKS, 0.7)


def _calendar(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    """Events, and whatever is left."""
    if _MOVE_SOFT.search(text) and not _LEADS_ASK.match(text):
        return Verdict(MOVE, 0.85)
    if _LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.9)
    if _LEADS_MOVE.match(text):
        return Verdict(MOVE, 0.82)
    if _TASK_ASK.search(text):
        return Verdict(TASKS, 0.8)
    if PUBLIC_EVENT.search(text) and not PERSONAL.search(text) and not _LEADS_CREATE.match(text):
        return Verdict(OTHER, 0.75)
    if _OPEN_SLOT.search(text):
        return Verdict(EVENT, 0.6)
    if _LEADS_ASK.match(text) or _WH.search(text):
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
    personal = PERSONAL.search(text)
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
    if has_time and (_EVENTISH.search(text) or _STATEMENT.match(text)):
        return Verdict(EVENT, 0.82)
    if has_time:
        return Verdict(EVENT, 0.55)
    if _EVENTISH.search(text) and re.match(r"^\W*(?:\w+ ){0,2}(?:appointment|meeting)\b", text):
        return Verdict(EVENT, 0.6)
    return Verdict(OTHER, 0.6)
