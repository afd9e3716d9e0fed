"""English words of time."""

# Data: phrases stay on one line with what they mean.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from services.ai.local.languages.english_holidays import ENGLISH_HOLIDAYS
from services.ai.local.languages.english_parts import ENGLISH_MEALS, ENGLISH_PARTS
from services.ai.local.languages.lexicon import Entries

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
_UNITS += "fifteen sixteen seventeen eighteen nineteen"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
_ORDINALS += "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"


def _numbers() -> dict[Any, str]:
    words = {(number, 0): word for number, word in enumerate(_UNITS.split())}
    for ten, word in enumerate(_TENS.split(), start=2):
        words[(ten * 10, 0)] = word
        for number, small in enumerate(_UNITS.split()[1:10], start=1):
            words[(ten * 10 + number, 0)] = f"{word} {small}; {word} - {small}; {word}{small}"
    return words


def _ordinals() -> dict[Any, str]:
    words = dict(enumerate(_ORDINALS.split(), start=1))
    for ten, (word, tenth) in enumerate(zip(_TENS.split(), _TENTHS.split(), strict=True), start=2):
        words[ten * 10] = tenth
        for number, small in enumerate(_ORDINALS.split()[:9], start=1):
            words[ten * 10 + number] = f"{word} {small}; {word} - {small}"
    return words


_MONTHS = {
    1: "january; jan; jan .",
    2: "february; feb; feb .; febuary; febr",
    3: "march; mar; mar .",
    4: "april; apr; apr .",
    5: "may",
    6: "june; jun; jun .",
    7: "july; jul; jul .",
    8: "august; aug; aug .",
    9: "september; sept; sep; sept .; sep .",
    10: "october; oct; oct .",
    11: "november; nov; nov .",
    12: "december; dec; dec .",
}
_WEEKDAYS = {
    0: "monday; mon; mon .; mondays",
    1: "tuesday; tue; tues; tue .; tues .; tuesdays",
    2: "wednesday; wed; wed .; weds; wednesdays",
    3: "thursday; thu; thur; thurs; thu .; thur .; thurs .; thursdays",
    4: "friday; fri; fri .; fridays",
    5: "saturday; sat; sat .; saturdays",
    6: "sunday; sun; sun .; sundays",
}
_PLURALS = {
    0: "mondays",
    1: "tuesdays",
    2: "wednesdays",
    3: "thursdays",
    4: "fridays",
    5: "saturdays",
    6: "sundays",
}
_UNIT = {
    ("second", 1): "second; seconds; sec; secs; s",
    ("minute", 1): "minute; minutes; min; mins; m; minuets; min .; '; minuts",
    ("hour", 1): "hour; hours; hr; hrs; h; hr .; hours '",
    ("day", 1): "day; days; d; nights; night",
    ("week", 1): "week; weeks; wk; wks; w",
    ("week", 2): "fortnight; fortnights",
    ("month", 1): "month; months; mth; mths; mo; mos",
    ("quarter", 1): "quarter; quarters; qtr; qtrs; qtr .",
    ("year", 1): "year; years; yr; yrs; yr .; calendar year",
    ("year", 10): "decade; decades",
}
_WORDS: dict[str, dict[Any, str]] = {
    "MEAL": ENGLISH_MEALS,
    "NUM": {**_numbers(), (100, 0): "hundred; one hundred; a hundred"},
    "ORD": {**_ordinals(), -1: "last; final", 1: "first; 1st"},
    "HUNDRED": {100: "hundred"},
    "THOUSAND": {1000: "thousand"},
    "MONTH": _MONTHS,
    "DOW": _WEEKDAYS,
    "DOWS": _PLURALS,
    "UNIT": _UNIT,
    "SOME": {
        1: "a; an; one; just a; another",
        2: "a couple; a couple of; couple; couple of; a pair of; pair of",
        3: "a few; few; some; several",
    },
    "HALFA": {1: "half a; half an; half; a half; 1 / 2; half of an; half of a"},
    "QUARTERS": {
        15: "a quarter; quarter; quarter of an; quarter of a; a quarter of an; a quarter of a; "
        "1 / 4; one quarter of an; quarter - of - an",
        45: "three quarters of an; three - quarters of an; 3 / 4; three quarter of an; "
        "three quarters; 3 quarters of an; three - quarters",
    },
    "ANDHALF": {
        30: "and a half; and an half; and half; & a half; and 1 / 2; 1 / 2",
        15: "and a quarter; and quarter; and 1 / 4",
        45: "and three quarters; and 3 / 4",
    },
    "PART": ENGLISH_PARTS,
    "TONIGHT": {
        "tonight": "tonight; tonite; tonights; to night; to - night; 2nite; 2night; tonigh",
        "late_tonight": "late tonight; late tonite; late to night; later tonight",
    },
    "EARLY": {"early": "early; earlier", "late": "late; later"},
    "MID": {"mid": "mid; middle"},
    "ISH": {0: "ish; - ish; or so; sharp; exactly; precisely; on the dot; or thereabouts; ' ish"},
    "NOON": {
        12: "noon; midday; mid day; mid - day; noonish; noontime; high noon; 12 noon; noon time; "
        "twelve noon; 12 midday"
    },
    "MIDNIGHT": {0: "midnight; mid night; mid - night; midnite; 12 midnight; twelve midnight"},
    "AMPM": {
        "am": "am; a m; a . m .; a . m; a .; a; in the morning; in the am; am in the morning; "
        "in the mornings; morning; this morning; a . m . in the morning; p . m in the morning; "
        "in morning",
        "pm": "pm; p m; p . m .; p . m; p; p .; in the afternoon; in the pm; in the evening; "
        "in the night; at night; pm in the evening; pm in the afternoon; afternoon; "
        "in the evenings; in the afternoons; pm at night; p . m . in the evening; in afternoon; "
        "p . m . in the afternoon; in evening; o clock at night",
    },
    "DURING": {0: "during; over; at"},
    "HALFPAST": {30: "half past; half after; half; half - past; halfpast"},
    "LASTOF": {-1: "last"},
    "DAYWORD": {0: "day; the day"},
    "ONTHE": {0: "on the; for the; by the; of the; until the; the"},
    "WEEKS": {0: "week 's; weeks"},
    "APOSTROPHE": {0: "'"},
    "FROMPOINT": {0: "from; after; following; past; since"},
    "BEFOREPOINT": {0: "before; prior to; ahead of"},
    "MORE": {
        0: "about; around; approximately; exactly; another; just; almost; nearly; roughly; "
        "less than; more than; at least; only; up to"
    },
    "AGOBEFORE": {-1: "before now"},
    "QNUM": {1: "q 1", 2: "q 2", 3: "q 3", 4: "q 4"},
    "SINCESTART": {0: "ytd"},
    "FREQ": {
        ("DAILY", 1, ()): "daily; everyday; nightly; day in day out; dailey",
        ("WEEKLY", 1, ()): "weekly",
        ("WEEKLY", 2, ()): "biweekly; bi - weekly; fortnightly; bi weekly",
        ("MONTHLY", 1, ()): "monthly",
        ("MONTHLY", 2, ()): "bimonthly; bi - monthly",
        ("MONTHLY", 3, ()): "quarterly",
        ("MONTHLY", 6, ()): "semiannual; semiannually; semi - annual; semi - annually; biannual; "
        "biannually; half - yearly; half yearly; twice a year; twice yearly; bi - annually",
        ("YEARLY", 1, ()): "yearly; annual; annually",
        ("YEARLY", 2, ()): "biennially; biennial",
        ("HOURLY", 1, ()): "hourly",
        ("WEEKLY", 1, (0, 1, 2, 3, 4)): "weekdaily; weeknights; week nights; weekday mornings; "
        "weekday evenings",
    },
    "OTHER": {2: "other; alternate; alternating; othe; 2nd other"},
    "PARTS": {
        "morning": "mornings",
        "afternoon": "afternoons",
        "evening": "evenings",
        "night": "nights; at nights",
    },
    "PERUNIT": {0: "a day; per day; a week; per week; a month; per month; a year; per year"},
    "FROMEND": {-1: "to the last; to last; last; from the last; from the end; from last"},
    "INSTANCE": {0: "instance of; instances of; occurrence of; occurrences of"},
    "EDGE": {1: "beginning; start; begin; first day", -1: "end; last day; very end"},
    "TIMES": {1: "once", 2: "twice", 3: "thrice"},
    "COUNTED": {
        0: "times; time; x; occurrences; occurrence; repetitions; repeats; instances; "
        "occasions; sessions"
    },
    "EXCEPT": {
        0: "except; except for; excluding; but not; not; other than; apart from; besides; "
        "unless it's; skipping; minus; without"
    },
    "HOLIDAY": ENGLISH_HOLIDAYS,
    "OCLOCK": {0: "o'clock; oclock; o clock; o ' clock; oclok; o'clocks; clock"},
    "HOURSWORD": {0: "hours; hrs; h; hour"},
    "PAST": {0: "past; after; gone"},
    "TOM": {0: "to; till; til; before; of; until; ' til"},
    "OH": {0: "oh; o; ou; zero; 0"},
    "RELDAY": {
        0: "today; todays; 2day; this day; today 's; the same day; tday",
        1: "tomorrow; tomorrows; tmrw; tmr; tomorow; tommorow; tommorrow; 2morrow; tmw; tom; "
        "tomorrow 's; tmrow; tomm; the next day; the following day; to morrow; the day after; "
        "tomo; 2mrw; 2moro; tomoz; tmoro",
        2: "day after tomorrow; the day after tomorrow; day after tmrw; day after tomorow; "
        "overmorrow; the day after tommorow; day after tommorow; day after tommorrow",
        -1: "yesterday; yesterdays; the day before; the previous day; yesterday 's",
        -2: "day before yesterday; the day before yesterday",
    },
    "NOW": {
        0: "now; right now; just now; immediately; straight away; right away; at the moment; "
        "asap; at once; atm; at this moment; as soon as possible; as early as possible; "
        "at present; at this instant; this instant; this very moment; this moment; "
        "this minute; as soon as i can",
    },
    "THISTIME": {0: "at this time"},
    "THIS": {
        0: "this; current; the current; present; same; the same; that; these; this very; "
        "this same; this coming week of; this current"
    },
    "COMING": {
        1: "coming; this coming; upcoming; the coming; the upcoming; this upcoming; "
        "the next coming; forthcoming; next available; nearest; soonest; closest"
    },
    "NEXT": {1: "next; following; the next; the following; nxt; next 's; subsequent"},
    "LAST": {
        -1: "last; past; previous; the last; the past; the previous; this past; preceding; prior"
    },
    "AFTERNEXT": {2: "after next; after the next"},
    "WEEKEND": {0: "weekend; weekends; wkend; week - end; week end; wknd; wkends"},
    "BUSINESSDAY": {
        0: "business day; business days; working day; working days; work days; "
        "workdays; work day; workday; weekday; weekdays"
    },
    "AGO": {-1: "ago; back; before now; earlier; before today; prior to now; beforehand"},
    "HENCE": {
        1: "from now; hence; later; from today; from this moment; away; from right now; "
        "after today; after now; 's time from now; down the road; from then; time from now"
    },
    "IN": {
        1: "in; after; within; in about; in another; in the next; over the next; in just; "
        "in around; in exactly; in approximately; in roughly; in like; in no more than"
    },
    "WITHIN": {1: "within; within the next; in less than; in under; inside of"},
    "TIME": {0: "time; 's time; s ' time; ' time; ' s time"},
    "AT": {
        0: "at; @; at about; at around; around; about; by about; at roughly; circa; "
        "at approximately; approximately; at exactly; by around; roughly; at abt; ca; ca .; "
        "starting at; beginning at; start at; begins at; starts at; to start at; approx; "
        "at precisely; for about; for around; come; close to; near; arnd; toward; towards; st; "
        "at like; like at; commencing at; st .; a t"
    },
    "ON": {0: "on; for; by"},
    "THE": {0: "the"},
    "OF": {0: "of; of the; in; in the; during; during the; from; from the; on; for; for the; 's"},
    "FROM": {
        0: "from; between; starting; beginning; starting at; from about; between about; "
        "starting from; in between; beginning at; between the; from the; starting on; "
        "start from; starts from; from around; commencing; as of; effective; begins at; "
        "betwn; btw; btwn; any time between; anytime between; sometime between; anywhere from; "
        "somewhere between; any time from; starting on the; beginning on; beginning from; "
        "starts at; start at; between around; starting in; beginning in; begins; starts; runs from"
    },
    "TO": {
        0: "to; - ; till; until; til; through; thru; untill; ' til; up to; upto; ~; to the; "
        "until the; till the; through the; until about; to about; - the; ending at; ends at; "
        "through to; and ends at; and end at; and ending at; right through; to around; "
        "thru the; up until; 'til; ending; ending on; finishing at; until around"
    },
    "ANDTO": {0: "and; & ; and the; and about; and around; or"},
    "BLOCK": {
        0: "good morning; good afternoon; good evening; good night; have a great week; "
        "have a great day; have a good day; have a nice day; nice day; great day; have a good week; "
        "have a good weekend; have a great weekend; have a good night; last name; last names; "
        "second round; second opinion; one second; a second; just a sec; a sec; wait a minute; "
        "one moment; may i; may we; 24 / 7; up - to - date; up to date; out of date; "
        "last one; next one; the last time; next time; last time; day care; day job; day trip; "
        "day off; sunday school; mother in law; night shift; friday night dinner party; "
        "happy birthday; fall asleep; fall off; spring clean; spring cleaning; spring rolls; "
        "second hand; second floor; first name; first aid; first class; date night; night out; "
        "hour hand; minute hand; mid term; last minute; march for; march on; may be; may have"
    },
    "AFTER": {
        0: "after; later than; any time after; anytime after; past; sometime after; "
        "not before; following; no earlier than; as early as; >; > =; ≥; after about; beyond; "
        "after around; later after; no sooner than; not earlier than; at or after; on or after"
    },
    "SINCE": {
        0: "since; from; starting; starting from; as of; beginning; starting on; ever since; "
        "starting at; beginning on; start on; starts on; effective; as from; starting in; "
        "beginning in; begins on; start from; starting with; from as early as; commencing"
    },
    "BEFORE": {
        0: "before; prior to; earlier than; in advance of; anytime before; any time before; "
        "sometime before; ahead of; <; preceding; before about; previous to; no later than; "
        "not later than; by; until; till; til; through; thru; untill; up to; < =; ≤; on or before; "
        "at or before; by no later than; 'til; ' til; latest; at the latest by; "
        "on or earlier than; up until; ending; ending with; ending on; before or on; before or at; "
        "by about; by latest; as late as"
    },
    "ORLATER": {
        0: "or later; or after; and after; onwards; onward; and later; or afterwards; "
        "and onwards; and onward; at the earliest; or beyond; on; and beyond; forward; and up"
    },
    "ORBEFORE": {
        0: "or earlier; or before; and before; and earlier; or sooner; at the latest; "
        "latest; and prior; or prior; or less"
    },
    "BEGIN": {
        "begin": "beginning of; start of; the beginning of; the start of; beginning of the; "
        "start of the; the beginning of the; the start of the; early; beginning; the first part of; "
        "at the beginning of; earlier; earlier in; earlier in the; early in; early in the; "
        "the begin of; begin of; at the beginning of around; early on in; onset of; top of the; top of"
    },
    "MIDDLE": {
        "middle": "middle of; the middle of; middle of the; the middle of the; mid; mid - ; "
        "in the middle of the; in the middle of; middle; half way through"
    },
    "ENDOF": {
        "end": "end of; the end of; end of the; the end of the; late; later; later in; "
        "later in the; late in; late in the; by the end of; end; the latter part of; "
        "at the end of around; ending; toward the end of; towards the end of; later on in; close of; "
        "the very end of; back end of"
    },
    "EOX": {
        ("end", "month"): "eom; the eom",
        ("end", "year"): "eoy; the eoy",
        ("begin", "month"): "bom; the bom; beginning of month",
        ("begin", "year"): "boy; the boy; beginning of year",
        ("end", "week"): "eow; the eow",
    },
    "FOR": {
        0: "for; lasting; that lasts; for about; for around; to last; for approximately; "
        "for up to; it will take; that will last; lasts; for the next; for at least; for roughly; "
        "running; which lasts; will last; that should last; it should last; taking; for only; "
        "and lasting; it will last; for like; for exactly; and it will last; and will last"
    },
    "AND": {0: "and; & ; , ; , and"},
    "PLUS": {0: "and; & ; ,"},
    "SEP": {0: "/ ; - ; . ; ,"},
    "ALL": {
        0: "all; whole; entire; the whole; the entire; all of; throughout; the rest of; rest of; "
        "the remainder of; remainder of; remaining; rest of the; the rest of the"
    },
    "WEEKOF": {
        0: "week of; the week of; week beginning; week commencing; w / c; week starting; "
        "the week beginning; the week commencing; week of the; the week of the; the week starting"
    },
    "WEEKNO": {0: "week; week number; wk; week no; week no .; cw; calendar week; w"},
    "DAYOF": {0: "day; day of; day of the"},
    "SEASON": {
        0: "spring; springtime; spring time",
        1: "summer; summertime; summer time",
        2: "fall; autumn; autumn time",
        3: "winter; wintertime; winter time",
    },
    "SEASONS": {0: "season; seasons"},
    "IDES": {0: "ides of; the ides of"},
    "ZONE": {
        "utc": "utc; gmt; z; zulu",
        "cet": "cet; mez",
        "pst": "pst; pt; pacific; pacific time; pdt",
        "est": "est; et; eastern; eastern time; edt",
        "cst": "cst; ct; central; central time; cdt",
        "mst": "mst; mt; mountain time; mdt",
        "bst": "bst",
        "ist": "ist",
        "other": "beijing time; local time; my time",
    },
    "EACH": {0: "every; each; evry; evey; any; once a; once every; once per; per; once each"},
    "YEARWORD": {0: "year; the year; year of; the year of; yr; the year '; in year"},
    "ADBC": {0: "ad; a . d .; ce; c . e ."},
    "CENTURY": {0: "century; centuries"},
    "HALFYEAR": {1: "h 1; first half", 2: "h 2; second half"},
}
ENGLISH = Entries(
    words=_WORDS,
    glue="at on in of the for , around about @ - . ( ) sometime 's date is by from starting to "
    "please approximately during probably like a time",
    repairable="monday tuesday wednesday thursday friday saturday sunday january february august "
    "september october november december tomorrow tonight yesterday morning evening afternoon "
    "weekend weekday minutes minute weekly monthly o'clock thursdays tuesdays wednesdays "
    "mondays fridays saturdays sundays midnight noon quarter month",
    not_typos="mourning warning learning fright tonic minuet money mother months fryday funday "
    "monthly weekdays weekends weakened nightly tonnage mooning inning worning sunder fried "
    "satiate sundry moon noun moment mouth north mouths",
)
