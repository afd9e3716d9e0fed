"""How requests begin: the verbs of asking, making, moving and cancelling."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

from services.ai.local.commands.clues import Clue
from services.ai.local.commands.phrases import ASK, CANCEL_VERB, CREATE_VERB, MOVE_VERB, THING

LEADS_CANCEL = Clue(rf"^{CANCEL_VERB}\b")
LEADS_MOVE = Clue(rf"^{MOVE_VERB}\b")
LEADS_ASK = Clue(rf"^{ASK}\b")
LEADS_CREATE = Clue(rf"^{CREATE_VERB}\b")
ANY_CANCEL = Clue(rf"\b(?:{CANCEL_VERB}|canceled|deleted|removed|take .* off|get .* off)\b")
TIMER_QUERY = Clue(
    r"\b(?:how (?:much|many|long)|what's|what is|whats|tell me)\b.*\b(?:time|minutes|seconds|longer|hours)\b.*\b(?:left|remain(?:s|ing)?|until|till|remaining|have)\b|\b(?:time (?:left|remaining)|remaining time)\b|\bhow long (?:until|till|before)\b|\bwhen (?:does|will) (?:the|my) (?:alarm|timer)\b|\bhow much (?:longer|time)\b|\bhow (?:long|many minutes|many seconds) (?:left|until|till|is left|remain)"
)
MOVE_SOFT = Clue(
    rf"\b{MOVE_VERB}\b(?: \S+){{0,8}} (?:to|by|back|forward|until|up|from|till|with)\b|\b(?:need|needs|has|have|want|wants) to be (?:moved|changed|rescheduled|updated|pushed|postponed|extended)|\bgot (?:moved|changed|pushed|postponed|rescheduled)|\brather than\b|[,.] *change (?:it|that)\b|^bring .* forward\b|\bfrom now on\b|^put off\b|^turn .* into an?\b|\bat \d[\d:]* not \d|\bis (?:at|on) .* now\b|\bstarts at .* now\b|\binstead(?: of)?\b|\b(?:is|was|has been|are) (?:now|moved|changed|rescheduled|postponed|pushed)\b.*\b(?:on|at|to|not)\b|\bwill be (?:later|earlier|longer) than\b|^(?:invite|uninvite|add) \w+(?: (?:and|,) \w+)* (?:to|as) (?:my|the|an?) (?!(?:\w+ )?(?:calend|sched|agenda|diary|planner|list)).*\b(?:{THING}|attendee|participant)|\b(?:can't make it|won't be there|not coming|isn't coming|going to join us|now coming)\b|\b(?:cancel|delete).*\b(?:and|then) (?:reschedule|move)\b|\bmake .* (?:all day|longer|shorter|earlier|later|instead)\b|\b(?:off|from) the (?:\w+ )?(?:meeting|list|invite).*\badd\b"
)
