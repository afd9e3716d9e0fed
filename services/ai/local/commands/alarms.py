"""Alarms, timers and reminders as things that are made, moved, asked for and cancelled."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re

from services.ai.local.commands.clues import (
    CANCEL,
    MOVE,
    OTHER,
    REMIND,
    TASKS,
    Clue,
    Verdict,
    leads,
)
from services.ai.local.commands.openings import (
    ANY_CANCEL,
    LEADS_ASK,
    LEADS_CANCEL,
    LEADS_MOVE,
    MOVE_SOFT,
    TIMER_QUERY,
)
from services.ai.local.commands.phrases import CREATE_VERB, REMINDER

_REMINDER_MOVE = Clue(
    r"\b(?:should (?:now )?be|needs? to be|instead|rather than|changed to|rename|resume|repeat (?:the |my |this )?alarm)\b|^add (?!an?\b|another\b|new\b)(?!.*\b(?:alarm|reminder|timer) (?:to|for|at|that)\b).* (?:to|on) (?:my|the|this|that|all|his|her|our) (?:[\w':]+ ){0,6}(?:reminder|alarm|timer)s?\W*$|^(?:add|put|include) (?:a )?(?:note|more time|\w+ (?:more )?(?:minutes|mins|seconds|hours)|\d+|time)\b.*\b(?:to|on)\b.*\b(?:reminder|alarm|timer)|^(?:set|move|put|turn|bring) (?:my|the|that|this|all) .*\b(?:to|from|back|forward|earlier|later)\b.*(?:\d|earlier|later|instead)(?!.*go off)"
)


_CREATE_REMINDER = Clue(
    rf"\b(?:{CREATE_VERB}|need|want|have|like|send|turn on|give|schedule|run|use)\b.*\b{REMINDER}\b|^\W*(?:\w+ )?(?:{REMINDER})\b (?:for|to|at|in|on|of|about|me|that|every|please|\d)|^\W*(?:\d+|\w+)[ -](?:minutes?|min|hours?|seconds?|sec) (?:timer|alarm|countdown)|\btimer (?:for )?\d|\bcount ?down\b|\balarm \d"
)


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
    r"^(?:(?:switch|turn) on|sound|fix|activate|repeat) (?:an?|my|the|this) (?:\w+ )?(?:alarm|timer)\b|^(?:will you |have |want )?(?:set|make|turn on|switch on|have|sound|name|start|put)\b.*\b(?:alarm|timer|reminder)s?\b.*\b(?:go off|ring|sound|get up|wake|countdown|for \d|and set)\b(?!.*instead)"
)


_ALARM_SOUND = Clue(
    r"\b(?:tone|ringtones?|volume|vibrat\w+|sounds? to|song|chicken sounds|restart|resume|pause|interval|intervals)\b"
)


_PLURAL_LEAD = Clue(
    r"^\W*(?:all )?(?:my )?(?:(?!set\b|create|make|add\b|put\b|delete|cancel|start|turn|need|remove|password|change|move|update)\w+ )?(?:reminders|alarms|timers)\b(?! (?:to|that) )|^get (?:me )?(?:all|my|the)\b.*\b(?:reminders?|alarms?|timers?)\b"
)


_REMINDER_CHANGE = Clue(
    r"\b(?:reminder|alarm|timer|alert)s?\b.*\b(?:moved|changed|rescheduled?|pushed|postponed) (?:to|it|for|by)\b|\b(?:update|change|adjust) (?:my |the |that )?(?:\w+ )?(?:reminder|alarm|timer|alert)|^add (?:another|an extra|\d+|ten|five)(?: \w+){0,2} (?:minutes|mins|hours?|seconds) to\b"
)


def reminder(text: str) -> Verdict:
    """The verdict on a text that speaks of an alarm, a timer or a reminder."""
    if TIMER_QUERY.search(text):
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
    if leads(r"^play\b", text):
        return Verdict(OTHER, 0.93)
    if _PLURAL_LEAD.match(text) and not LEADS_CANCEL.match(text):
        return Verdict(TASKS, 0.94)
    if LEADS_CANCEL.match(text):
        return Verdict(CANCEL, 0.93)
    asks = LEADS_ASK.match(text)
    creates = _CREATE_REMINDER.search(text)
    if _NEW_ONE.match(text) and "instead" not in text:
        return Verdict(REMIND, 0.93)
    if _CHANGED.search(text):
        return Verdict(MOVE, 0.93)
    if _GONE.search(text) and not asks and not re.search(r"\bremind me\b", text):
        return Verdict(CANCEL, 0.9)
    if _SETS_OFF.match(text):
        return Verdict(REMIND, 0.9)
    if _REMINDER_CHANGE.search(text) and not asks:
        return Verdict(MOVE, 0.93)
    if LEADS_MOVE.match(text) or _REMINDER_MOVE.search(text):
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
        if ANY_CANCEL.search(text) and not text.rstrip().endswith("?"):
            return Verdict(CANCEL, 0.7)
        return Verdict(TASKS, 0.93)
    if creates:
        return Verdict(REMIND, 0.93)
    if MOVE_SOFT.search(text):
        return Verdict(MOVE, 0.75)
    if ANY_CANCEL.search(text):
        return Verdict(CANCEL, 0.8)
    if text.rstrip().endswith("?") or re.search(r"\b(?:alarms|reminders|timers|status)\b", text):
        return Verdict(TASKS, 0.75)
    return Verdict(REMIND, 0.7)
