"""What is asked for, by the words that give it away: first the domain, then the action in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.ai.local.commands.phrases import (
    ASK,
    CANCEL_VERB,
    CREATE_VERB,
    LIST,
    MOVE_VERB,
    OTHER_TOPIC,
    PERSONAL,
    POLITE,
    PUBLIC_EVENT,
    REMINDER,
    STRONG_THING,
    THING,
)

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


Table = tuple[tuple[str, float, re.Pattern[str]], ...]


def _table(*patterns: tuple[str, float, str]) -> Table:
    return tuple((intent, trust, re.compile(pattern)) for intent, trust, pattern in patterns)


_FIXED = _table(
    (UNDO, 0.97, rf"^{POLITE}(?:undo|un-do|revert|reverse (?:that|it|the last)|restore|bring (?:it|that) back|take (?:that|it) back|put (?:it|that) back|roll back|go back one|that was a mistake|that's (?:wrong|not what i (?:meant|said|wanted))|scratch that$)\b(?!.*\b(?:completion|alarm|timer)s?\b)"),
    (TALK, 0.97, r"^\W*(?:(?:ok(?:ay)?|great|awesome|lovely|alright|cool|nice|perfect|wonderful|brilliant|good|super)[\s,!.]+)*(?:thanks?(?: you)?|many thanks|thank u|thx|ty|ta|cheers|much appreciated|you're (?:the best|great|welcome)|sounds good|nice one|no worries|that's (?:great|good|fine|nice|perfect)|have a (?:good|nice|great) \w+|lovely|brilliant|no problem|hiya|hi|hello|hey|good (?:morning|evening|afternoon|night|bye)|how are you|"
     r"bye|goodbye|see you|see ya|talk to you later|great|cool|nice|perfect|awesome|wonderful|sweet|well done|good job|ok(?:ay)?|okey|alright)"
     r"(?: (?:hark|so much|a lot|very much|there|again|all|everyone|very|you|then|now|for now|for your help|for that|later|job|today|tomorrow|my friend|a bunch|a million))*\W*$"),
    (HELP, 0.97, r"^\W*(?:help|help me|i need help|menu|commands|instructions|\?|how does this work|what now|get help)\W*$"),
    (HELP, 0.9, r"\bwhat (?:can|do|are|could|all can|else can|(?:kinds?|types?|sorts?) of (?:\w+ ){1,2}(?:can|do|are)|(?:other )?(?:things|tasks|questions|subjects|topics|services|features|commands|stuff)(?: \w+){0,2} (?:can|do|are)) "
     r"(?:you|i|we) (?:do|help|able|ask|capable|know|say|handle|understand|assist|offer|support|use|programmed|good|make)\b|\bwhat are you (?:able|capable|programmed|good)|\b(?:what|which|list|show me|tell me)\b.*\b(?:commands|languages do you)\b|\b(?:tell|show) me what you can\b|\bwhat i can (?:say|do|ask)\b|\bhow (?:this|it) works\b|\bwhat are you for\b|^\W*(?:instructions|can you help me)\b|\bwhat's possible\b|\bhow do i use (?:you|this)\b|\bhow should i (?:say|phrase)\b|\bwhat (?:do you|does hark|can hark|does this) do\b|\byour (?:abilities|capabilities|features|functions|skills)\b|\b(?:things|tasks|subjects|topics|questions) (?:that )?(?:you|i) (?:can|know|are)|\bhow (?:can|could|do|may) you (?:help|assist)\b|\bhow (?:do|does) (?:you|this|hark|it) work\b"),
    (HELP, 0.85, r"^\W*how (?:do|can|would|should|does) (?:i|you|one|we) (?:use|set|create|make|delete|cancel|change|add|edit|turn off|review|update|see|view|get|remove|work with|snooze|mark|undo)\b(?:.*\b(?:remind|alarms?|tasks?|events?|lists?|reminders?|time zone|everything)\b|\W*$)"),
    (ZONE, 0.95, r"\b(?:change|set|update|switch|use|make|my|put)\b.*\btime ?zones?\b(?!.*\?)|^\W*(?:i'?m|i am|we'?re|we are) (?:now |currently |back |just )*in (?!(?:a|the|an|my|bed|town|need|trouble|charge|love|\d|class|meetings?|school|work)\b)[a-z][a-z .'-]*?(?: (?:now|this week|today|these days|right now|again|until .*|for .*))?\W*$|"
     r"^\W*(?:i(?:'ve| have|'m| am)? (?:just |finally )?(?:moved|landed|landing|arrived|flew|relocated|travelling|traveling|got|staying)(?: back| over)? (?:to|in|into) (?!the\b|be\b|go\b|a\b|my\b|bed\b|work\b)(?!.*\b(?:at|on) \d)(?=[a-z .]{3,40}\W*$)|i live in |my (?:city|location|home) is |time ?zone:? )[a-z]|^\W*(?:please )?(?:use|switch (?:me |my time zone )?to|put me on|change the clock to) (?!.*\b(?:my|meeting|alarm|timer)\b)(?:[a-z/]+ ){1,3}time\b(?! zone)|^\W*now i'm in [a-z]+\W*$|^\W*we (?:just )?(?:moved|arrived|landed) (?:to|in) [a-z ]+\W*$"),
    (REOPEN, 0.93, r"\b(?:reopen|re-open|un-?(?:check|do|mark|tick|complete|finish))\b.*(?:\b(?:task|item|todo|to-do|number|list|as)\b|\d)|^\W*(?:reopen|uncheck|untick|unmark)\b|(?:task|number|item)? ?#?\d+ (?:is|was|isn|wasn|hasn)(?:'t| not)(?: been)? (?:really |actually |yet )*(?:done|finished|completed?)"
     r"|\b(?:isn't|is not|wasn't|was not|hasn't been|haven't|have not|not) (?:really |actually |yet )?(?:done|finished|completed?|bought|paid|called|sent)\b.*(?:after all|yet|actually)|\bi (?:didn't|did not|haven't|have not) (?:actually |really )(?:do|did|done|finish|finished|buy|bought|pay|paid|call|called|send|sent|complete|completed)|\b(?:put|move|bring|add) .* back (?:on|onto|to) (?:my |the )?(?:\w+ )?(?:list|to-?dos?)|\bmark .* as (?:not done|undone|incomplete|open|unfinished|not finished|to do)"),
    (SNOOZE, 0.96, r"\bsnooze[ds]?\b(?!.* (?:duration|length|setting|time to|button|feature|interval|from))|\b(?:remind|tell|ask|nudge|ping|alert|wake) me (?:(?:about|of) (?:this|that|it) )?(?:again|later|once more)\b(?!.* to\b)|^\W*ask again|\bring again\b|\bremind me .*\babout (?:this|that|it)\W*$|^\W*(?:a few|another|an hour|half an hour) (?:\w+ )*more\b|^\W*(?:not now|later)\b[\s,]*(?:please|later|in .*|maybe later|ask again.*|remind me.*)?\W*$|^\W*(?:later|give (?:me|it) (?:another )?|in |another )(?:\d+|a few|ten|five|fifteen|twenty|thirty|half an|an|one|a couple(?: of)?)(?: more)? ?(?:min(?:ute)?s?|hours?)(?: more| please| longer)*\W*$|\b(?:alarm|me) sleep (?:for )?(?:another )?[a-z0-9 ]+(?: more)? min|^\W*(?:come|get) back to me (?:in|later|at)\b|^\W*(?:postpone|delay|push) (?:this|that|it|the) ?(?:reminder|alarm)? (?:for|by) (?:\w+ )?\w+ (?:min|hour)"),
    (SNOOZE, 0.9, rf"^{POLITE}pause (?:the |my |all |all my )?alarms?|\bshut (?:off|up) (?:the |my )?alarm for\b|\bsleep for (?:\w+ )?(?:more )?min|\b(?:five|ten|\d+) more minutes\b(?!.*\b(?:to|timer|add)\b)"),
    (DONE, 0.96, rf"^{POLITE}(?:i(?:'ve|'m| have| am)? )?(?:all |just |already )*(?:done|finished|completed?|did)(?: with)? (?:the |task |tasks |number |no\.? |item |items |todo )*#?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)(?:\s*(?:,|and|&)\s*#?(?:\d+|one|two|three|four|five))*\W*$"),
    (DONE, 0.95, r"^\W*(?:tasks?|number|items?|no\.?|numbers)? ?#?\d+(?:\s*(?:,|and|&)\s*#?\d+)* (?:is |are |'s )?(?:all |now )?(?:done|finished|complete[d]?|ready|sorted)\W*$"),
    (DONE, 0.93, rf"^{POLITE}(?:tick|cross|strike)\b(?! .*\bfrom\b)|^{POLITE}check (?:off|.* off\b|number|task|item|#?\d)|^{POLITE}(?:mark(?:ed)?|set) .*\b(?:done|complete|completed|finished|bought|paid|as (?:done|complete))\b(?!.*calendar)|\b(?:tick|check|cross) it off\b"),
    (DONE, 0.85, r"(?:^|[,.] *)(?:it's |all )?(?:done|completed|finished)\W*$|^\W*(?:done|finished|completed):|^\W*done (?:\d+[, and]*)+$|^\W*(?:just |already )?(?:sent|paid|bought|called|got|printed|mailed|picked up|booked|emailed|finished|cleaned|fed|ordered|posted|packed) (?:the|my|a)\b(?!.*\?)|^\W*[a-z ]{2,40} (?:bought|paid|sent|fixed|called|packed|washed)\W*$"),
    (DONE, 0.9, rf"^{POLITE}(?:complete|finish) (?:the |my |task|item|number|#|\d|off )"),
    (DONE, 0.88, r"^\W*(?:i|we)(?:'ve| have)? (?:just |already |finally |now )?(?:done|did|finished|completed|bought|paid|called|sent|picked up|mailed|emailed|cleaned|returned|watered|fed|taken|took|washed|booked|ordered|submitted|renewed|signed|fixed|walked|cooked|posted|dropped off|got the|got my|gotten|written|wrote|filed|handled|sorted|packed|printed|replied|answered|texted|messaged|vacuumed|mowed|ironed|baked|collected|cancelled my|hung up|put away|taken care|took care|made the|made my|read the) (?!.*\?)"),
    (DONE, 0.86, r"\b(?:is|are|'s|has been|have been|got) (?:now |already |all |finally )*(?:done|finished|completed|taken care of|sorted|paid|bought|sent|ticked off)\W*$"),
    (DONE, 0.8, r"^\W*(?:all )?(?:done|finished|completed)(?: with)? (?:the |my )?[a-z]|^\W*(?:done|finished|all done|did it|it's done|that's done|i did it|i'm done)\W*$"),
    (AGENDA, 0.75, rf"^{POLITE}(?:accept|decline|rsvp|join|reject)\b"),
)
_REMIND_TO = re.compile(
    rf"^{POLITE}(?:(?:remind|remain|remined|reminde?) (?!me (?:again|later|of my (?:alarms|reminders)|what|when|who|where|how|which)\b)|remember (?:to|that|me)\b|(?:don't|do not|dont) (?:let me )?forget\b|wake (?:me|us)\b)|\bwake (?:me|us) up\b"
    r"|\bremind (?:me|us|him|her|them|myself|everyone|my \w+|\w+(?: and \w+)?) (?:to|that|about|of|at|on|in|when|every|tomorrow|today|tonight|for|by|again at|i|we)\b(?! my (?:alarms|reminders)\b)|\bremain me\b"
    r"|\b(?:alert|notify|ping|nudge|prompt|buzz|poke|warn|page) me\b.*\b(?:to|when|about|at|in|before|on|that|if)\b|\b(?:tell|text|message|call|inform) me (?:to|at \d|in \d|(?:today|tomorrow|tonight|on \w+) (?:to|at)|when it's)\b|\bsend me an? (?:alert|alarm|reminder|alter|notification)\b|\bgive me a (?:shout|nudge|call|ring)\b.*\b(?:to|at|about)\b|\bmake sure i remember\b|^\W*wake[ -]?up (?:at|call)"
)
_NEGATED_REMINDER = re.compile(
    r"^\W*(?:please )?(?:don't|do not|dont|stop|quit|no longer|never|you don't have to|no need to) (?:need (?:you )?(?:to )?)?(?:be )?(?:remind|alert|wak|notify|reminding|send)|\bi (?:don't|dont|do not|no longer) (?:need|want|have)\b.*\b(?:remind|alarm|timer|alert)"
)
_HAS_REMINDER = re.compile(rf"\b{REMINDER}\b")
_HAS_LIST = re.compile(rf"\b{LIST}\b")
_LEADS_CANCEL = re.compile(rf"^{POLITE}{CANCEL_VERB}\b")
_LEADS_MOVE = re.compile(rf"^{POLITE}{MOVE_VERB}\b")
_LEADS_ASK = re.compile(rf"^{POLITE}{ASK}\b")
_LEADS_CREATE = re.compile(rf"^{POLITE}{CREATE_VERB}\b")
_ANY_CANCEL = re.compile(rf"\b(?:{CANCEL_VERB}|canceled|deleted|removed|take .* off|get .* off)\b")
_TIMER_QUERY = re.compile(
    r"\b(?:how (?:much|many|long)|what's|what is|whats|tell me)\b.*\b(?:time|minutes|seconds|longer|hours)\b.*\b(?:left|remain(?:s|ing)?|until|till|remaining|have)\b|\btime (?:left|remaining)\b|\bhow much (?:longer|time)\b|\bhow (?:long|many minutes|many seconds) (?:left|until|till|is left|remain)"
)
_REMINDER_MOVE = re.compile(
    rf"\b(?:should (?:now )?be|needs? to be|instead|rather than|changed to|rename|resume|repeat (?:the |my |this )?alarm)\b|^{POLITE}add (?!an?\b|another\b|new\b)(?!.*\b(?:alarm|reminder|timer) (?:to|for|at|that)\b).* (?:to|on) (?:my|the|this|that|all|his|her|our) (?:[\w':]+ ){{0,6}}(?:reminder|alarm|timer)s?\W*$|^{POLITE}(?:add|put|include) (?:a )?(?:note|more time|\w+ (?:more )?(?:minutes|mins|seconds|hours)|\d+|time)\b.*\b(?:to|on)\b.*\b(?:reminder|alarm|timer)|^{POLITE}(?:set|move|put|turn|bring) (?:my|the|that|this|all) .*\b(?:to|from|back|forward|earlier|later)\b.*(?:\d|earlier|later|instead)(?!.*go off)"
)
_CREATE_REMINDER = re.compile(
    rf"\b(?:{CREATE_VERB}|need|want|have|like|send|turn on|give|schedule|run|use)\b.*\b{REMINDER}\b|^\W*(?:\w+ )?(?:{REMINDER})\b (?:for|to|at|in|on|of|about|me|that|every|please|\d)|^\W*(?:\d+|\w+)[ -](?:minutes?|min|hours?|seconds?|sec) (?:timer|alarm|countdown)|\btimer (?:for )?\d|\bcount ?down\b|\balarm \d"
)
_LIST_REMOVE = re.compile(rf"^{POLITE}(?:{CANCEL_VERB}|take|get|pull|knock|strike|wipe|away|leave)\b.*|\b(?:take|remove|delete|erase|clear|scratch|cross|no longer (?:need|want))\b")
_LIST_ADD = re.compile(
    rf"^{POLITE}(?:{CREATE_VERB}|need|want|buy|i need|we need)\b|\b(?:add|put|insert|include|added|placed|write|create|make|start|new|append|note|need to go on|should be on|belongs? on|goes on)\b"
)
_TASKISH = re.compile(
    rf"^\W*(?:task|todo|to-do|to do)\b[\s:-]|^{POLITE}(?:add|create|make|new|note)\b.*\b(?:tasks?|todos?|to-dos?|to do|item|chores)\b|\bi (?:need|have) to (?:remember to )?buy\b|^{POLITE}buy\b|^{POLITE}(?:note down|jot down|make a note|take a note)\b"
)
_TASK_ASK = re.compile(rf"^{POLITE}{ASK}\b.*\b(?:tasks?|chores?|things to do|errands|open items)\b|^\W*(?:my )?(?:open |pending )?tasks\W*$|\bwhat(?:'s| is) (?:due|overdue)\b|\bwhat needs doing\b|\b(?:items|tasks) are (?:still )?(?:open|left|due)\b|\bwhat do i (?:need|have|still have) (?:to )?(?:do|buy|get|pick up)\b")
_CREATE_EVENT = re.compile(
    rf"\b(?:add|create|creat|make|set|set ?up|setup|schedule|schedual|book|put|plan|enter|arrange|organi[sz]e|mark|block|reserve|save|slot|pencil|get|include|place|input|need|want|like|have|new|do|host|hold)\b.*\b(?:{THING}|room)\b"
)
_LEADS_EVENT = re.compile(
    rf"^{POLITE}(?:schedule|schedual|book|plan|arrange|reserve|organi[sz]e|block (?:off|out)?|pencil|slot|set aside)\b"
)
_STATEMENT = re.compile(
    r"^\W*(?:(?:oh|well|so|hi|hey|hello|yes|yeah|and|also|on \w+|tomorrow|tonight|today)\b[,. ]*)*(?:i(?:'ve|'m|'ll|'d)?|we(?:'re|'ll|'ve|'d)?|my|our|there(?:'s| is)|the|his|her|\w+'s) "
)
_OPEN_SLOT = re.compile(r"\b(?:find|check|see if|look for|is there|are there)\b.*\b(?:\d+|an?|some|one|two) ?(?:hours?|minutes?|time|slot|open(?:ing)?s?|room)\b.*\b(?:for|to)\b|\bmeeting rooms?\b|\bconference rooms?\b|\bopenings?\b.*\bfor\b")
_ASK_SELF = re.compile(
    r"\b(?:am i|are we|will i be|i'm|do i have|have i got|do we have|did i have) (?:free|busy|available|doing|booked|supposed|going|scheduled|meeting|open|anything|something|plans|time|any|an?|the|to)\b|"
    r"^(?!.*\bhow (?:do|can|would|should|could) )\b(?:what|anything|what's|whats|what is|how's|how is|hows|how does)\b.* (?:on|planned|scheduled|coming up|up|look|looking|like|for|happening|got|have)(?: for| on| at| my| this| next| in| the)* (?:today|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|weekend|month|day|\d)|"
    r"\bwhat's (?:on|next|up next|happening) ?(?:today|tomorrow|tonight|this|next|on|$)|\b(?:when|when's|what time|what day|which day|what date|where|who|how long)\b.*\b(?:my|am i|do i|are we|do we|i have|i'm)\b|^\W*(?:anything|what's left|what's coming) (?:else|up|on)\b|^\W*(?:show|give|tell|read)(?: me)? my (?:day|week|month)\b|\bmy (?:\w+ )?(?:free|busy)\b|\bis (?:my )?\w+ (?:\w+ )?free\b|\bwhat (?:do|did|have|am|will|was) i\b(?! (?:do if|need|say|use|get|cook|eat|wear|owe|spend|spent|make|earn))|\bfree slots?\b|\bdo i work\b|^\W*(?:my |the )?(?:schedule|agenda|calendar)\b"
)
_WH = re.compile(rf"^{POLITE}(?:what|which|when|where|who|whose|how|is|are|was|were|does|did|do|has|have|will|should|can|could|would|any|why|tell me|show)\b|\?\s*$")
_MOVE_SOFT = re.compile(
    rf"\b{MOVE_VERB}\b(?: \S+){{0,8}} (?:to|by|back|forward|until|up|from|till|with)\b|\b(?:need|needs|has|have|want|wants) to be (?:moved|changed|rescheduled|updated|pushed|postponed|extended)|\bgot (?:moved|changed|pushed|postponed|rescheduled)|\binstead(?: of)?\b|\b(?:is|was|has been|are) (?:now|moved|changed|rescheduled|postponed|pushed)\b.*\b(?:on|at|to|not)\b|\bwill be (?:later|earlier|longer) than\b|^{POLITE}(?:invite|uninvite|add) \w+(?: (?:and|,) \w+)* (?:to|as) (?:my|the|an?) (?!(?:\w+ )?(?:calend|sched|agenda|diary|planner|list)).*\b(?:{THING}|attendee|participant)|\b(?:can't make it|won't be there|not coming|isn't coming|going to join us|now coming)\b|\b(?:cancel|delete).*\b(?:and|then) (?:reschedule|move)\b|\bmake .* (?:all day|longer|shorter|earlier|later|instead)\b|\b(?:off|from) the (?:\w+ )?(?:meeting|list|invite).*\badd\b"
)
_CANCEL_SOFT = re.compile(
    rf"^{POLITE}.{{0,60}}\b(?:cancel|delete|remove|erase|get rid of|call off|clear)\b.*(?:\b(?:{THING}|it|that|this|them|everything|item|all)\b|$)|\b(?:take|get|pull|knock|wipe|clear) (?!.*\b(?:remind)).* (?:off|from|out) (?:of )?(?:my |the |our |this )?(?:\w+ )?(?:calendar|calender|schedule|agenda)|\bno longer (?:need|want|going|have)\b|\bi (?:can't|cannot|won't) (?:make|go to|attend|be at)\b|\b(?:is|was|are|has been) cancel+ed\b|\bnot going to (?:the|my)\b"
)


def _match(table: Table, text: str) -> Verdict | None:
    for intent, trust, pattern in table:
        if pattern.search(text):
            return Verdict(intent, trust)
    return None


def judge(text: str, *, has_time: bool, time_only: bool) -> Verdict:
    """The intent of a lower-case text. `time_only`: nothing but a time expression is left."""
    verdict = _match(_FIXED, text)
    if verdict is not None and not (_REMIND_TO.search(text) and verdict.intent not in (SNOOZE, HELP)):
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
    if _BUSY.search(text):
        return Verdict(EVENT, 0.95)
    if OTHER_TOPIC.search(text) and not _CREATE_EVENT.search(text) and not (
        (PERSONAL.search(text) or (has_time and _PLANS.match(text))) and _LEADS_CREATE.match(text)
    ):
        personal = _ASK_SELF.search(text) and re.search(r"\b(?:calend[ae]r|schedule|agenda|my)\b", text)
        if not personal:
            return Verdict(OTHER, 0.85)
    return _calendar(text, has_time=has_time, time_only=time_only)


_SETS_OFF = re.compile(
    rf"^{POLITE}(?:will you |have |want )?(?:set|make|turn on|switch on|have|sound|name|start|put)\b.*\b(?:alarm|timer|reminder)s?\b.*\b(?:go off|ring|sound|get up|wake|countdown|for \d|and set)\b(?!.*instead)"
)


_BUSY = re.compile(
    rf"^{POLITE}(?:show|mark|set|list) (?:me|my \w+(?: status)?) (?:as )?(?:busy|out|away|unavailable|free|tentative)\b|^\W*i (?:need|have|want|got|gotta)(?: to)? (?:to )?(?:see|meet(?: with)?|visit) (?!if\b|what\b|my (?:list|calendar|schedule|agenda|reminders)|the (?:list|calendar))"
)
_ALARM_SOUND = re.compile(
    r"\b(?:tone|ringtones?|volume|vibrat\w+|sounds? to|song|chicken sounds|restart|resume|pause|interval|intervals)\b"
)
_PLURAL_LEAD = re.compile(
    rf"^\W*(?:all )?(?:my )?(?:\w+ )?(?:reminders|alarms|timers)\b(?! (?:to|that) )|^{POLITE}get (?:me )?(?:all|my|the)\b.*\b(?:reminders?|alarms?|timers?)\b"
)


_PLANS = re.compile(rf"^{POLITE}(?:add|create|schedule|put|plan|enter|pencil)\b")


def _reminder(text: str) -> Verdict:
    """Alarms, timers and reminders as things."""
    if _TIMER_QUERY.search(text):
        return Verdict(TASKS, 0.93)
    if _ALARM_SOUND.search(text) and not re.search(r"\bto (?:pause|restart|resume)\b", text):
        return Verdict(OTHER, 0.8)
    if re.search(r"\b(?:should|needs? to|can|must|to) be (?:deleted|cancel+ed|removed|erased|turned off)\b", text):
        return Verdict(CANCEL, 0.93)
    if re.match(rf"^{POLITE}(?:set|reset|fix) (?:my |the |an? )?alarm (?:to|at|for|on|back) ?(?:\d|\w+ (?:am|pm|o'clock)|noon|midnight|half|quarter)", text) and "instead" not in text:
        return Verdict(REMIND, 0.9)
    if _PLURAL_LEAD.match(text) and not _LEADS_CANCEL.match(text):
        return Verdict(TASKS, 0.9)
    if _LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.93)
    asks = _LEADS_ASK.match(text)
    creates = _CREATE_REMINDER.search(text)
    if _SETS_OFF.match(text):
        return Verdict(REMIND, 0.9)
    if _LEADS_MOVE.match(text) or _REMINDER_MOVE.search(text):
        return Verdict(MOVE, 0.93)
    if re.search(r"\bdo (?:i|we) have\b.*\b(?:alarms?|reminders?|timers?)\b", text):
        return Verdict(TASKS, 0.93)
    if re.search(r"\b(?:forget|no more|never ?mind)\b", text):
        return Verdict(CANCEL, 0.85)
    if re.search(r"\b(?:go(?:es)? off|to ring|to go off|to sound)\b", text) and creates and not re.match(rf"^{POLITE}(?:when|what|does|did|is|how)\b", text):
        return Verdict(REMIND, 0.9)
    if re.search(r"\b(?:remind me of my (?:alarms|reminders)|my (?:alarms|reminders))\b", text) and not creates:
        return Verdict(TASKS, 0.8)
    if asks and not re.match(rf"^{POLITE}(?:should|open|call|do)\b", text):
        if _ANY_CANCEL.search(text) and not text.rstrip().endswith("?"):
            return Verdict(CANCEL, 0.7)
        return Verdict(TASKS, 0.9)
    if creates:
        return Verdict(REMIND, 0.93)
    if _MOVE_SOFT.search(text):
        return Verdict(MOVE, 0.75)
    if _ANY_CANCEL.search(text):
        return Verdict(CANCEL, 0.8)
    if text.rstrip().endswith("?") or re.search(r"\b(?:alarms|reminders|timers|status)\b", text):
        return Verdict(TASKS, 0.75)
    return Verdict(REMIND, 0.7)


_LIST_OF = re.compile(
    r"\blist of (?!things\b|chores\b|groceries\b|tasks\b|items\b|to\b|my\b|errands\b|reminders\b|alarms\b|events\b|meetings\b|films\b|books\b)|\b(?:mailing|play|contact|email|top|price|waiting|guest) ?lists?\b|\blist (?:some|me|a few|the (?:contents|stock|ingredients))\b|\border (?:all|my|everything)\b"
)


def _list(text: str) -> Verdict:
    """Lists and what stands on them."""
    if _LIST_OF.search(text):
        return Verdict(OTHER, 0.7)
    if _LEADS_ASK.match(text) and not re.match(rf"^{POLITE}(?:open|see)\b.*\b(?:add|put)\b", text):
        if re.search(r"\b(?:add|put)\b.* (?:to|on|onto)\b", text) and not re.match(rf"^{POLITE}(?:did|is|was|are)\b", text):
            return Verdict(TASK, 0.7)
        return Verdict(TASKS, 0.9)
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


_WANTS = re.compile(
    rf"^{POLITE}(?:{CREATE_VERB}|have|get)\b(?!.*\b(?:do i|am i|i have)\b)|\b(?:put|add) (?:it|that|this)\b.*\bcalend[ae]r"
)


_WHEN_THING = re.compile(
    r"\b(?:when|what (?:time|day|date|year|month)|where)(?:'s| is| was| are| does| did| will| do| am)? (?:the|my|our|i|we|\w+'s|your)\b.*\b(?:"
    + THING
    + r"|start|end|begin|take place|over)\b|\b(?:did|have|has) (?:i|anyone|\w+) (?:accept|decline|respond|rsvp|confirm|join)|\bwho(?:'s| is| are|se)? (?:all )?(?:leading|hosting|running|coming|going|attending|invited|organi[sz]ing|declining|accepted|declined|responded|started|on the)\b|\b(?:is|are|will) \w+ (?:\w+ )?(?:be at|be in|attending|coming to|going to|included|invited|joining)\b|\bfind(?: me)? (?:the|my) .* with\b|^\W*how(?:'s| is| does) (?:today|tomorrow|my|the week|this week|next week)\b"
)


def _question(text: str, *, has_time: bool) -> Verdict:
    if _WANTS.match(text) and not re.match(rf"^{POLITE}(?:do|what|how|have) (?:i|we|you|my)\b", text):
        return Verdict(EVENT, 0.95 if _STRONG.search(text) else 0.88 if has_time else 0.75)
    if re.match(rf"^{POLITE}(?:find|get) (?:me )?(?:\d+|an?) (?:\w+ )?(?:minutes|hours?|time|slot)", text):
        return Verdict(EVENT, 0.7)
    personal = PERSONAL.search(text)
    thing = re.search(rf"\b{THING}\b", text)
    if re.search(r"\bhow (?:do|can|would|should|could|much money|much will) (?:i|you|we|one|it)?\b", text):
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
    if re.match(rf"^{POLITE}(?:search|check|show|look at|find)\b", text) and has_time:
        return Verdict(AGENDA, 0.6)
    return Verdict(OTHER, 0.7)


_MINE = re.compile(
    r"^\W*(?:(?:oh|well|so|hi|hey|hello|yes|yeah|and|also|on \w+|tomorrow|tonight|today|at \w+)\b[,. ]*)*"
    r"(?:i(?:'ll| will) be|i(?:'ve| have)(?: got)? (?:an?|my|the|to)\b|i have to|we(?:'re| are)|i(?:'m| am) (?:going to the|having|meeting|seeing|at)|my \w+ (?:is|has|starts|begins))\b"
)
_ADD = re.compile(rf"^{POLITE}(?:add|put|note|jot|write|get|set|make|create|log|enter|do)\b")
_STRONG = re.compile(rf"\b{STRONG_THING}\b")
_EVENTISH = re.compile(rf"\b{THING}\b")


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
