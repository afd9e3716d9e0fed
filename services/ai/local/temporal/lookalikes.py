"""What only looks like a time: "may" the verb, a telephone number, "3/4 inch", greetings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.ai.local.temporal.almanac import valid
from services.ai.local.temporal.chart import Item
from services.ai.local.temporal.values import Bound, Day
from services.ai.local.text import Text

_COUNTED = (
    r"(?:people|persons?|guests?|kids|children|items?|things|ways|cups?|tsp|tbsp|teaspoons?|"
    r"tablespoons?|inch(?:es)?|feet|ft|cm|mm|meters?|metres?|stars?|points?|goals?|coins?|copies|"
    r"pages|slides|slots|seats|tickets|bottles|boxes|bags|eggs|pieces|slices|votes|employees|users|"
    r"students|players|questions|options|bucks|cents|dollars|euros|pounds|percent|per cent|degrees|"
    r"kilos?|kg|km|miles|lbs|grams?|liters?|litres?|gallons?|personas|personnes|pessoas|personen|"
    r"euro|leute|gens|dolares)\b"
)
_NUMBER = r"(?<!\d)\d{1,7}(?:[.,]\d{1,4})?"
_MEASURED = re.compile(
    rf"(?:{_NUMBER} ?(?:-|/|to|and|or|a|y|e|und|bis|et) ?)?(?:\d{1, 4} )?{_NUMBER}(?:/\d{1, 3})? ?"
    rf"(?:%|{_COUNTED})"
)
_WORDED = re.compile(rf"[\s-]+{_COUNTED}")
_CHAIN = re.compile(r"(?<!\d)\d{1,9}(?:-\d{1,9}){2,}")
_DATE_CHAIN = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?-\d\d?-(?:\d{4}|\d\d)")
_TWO_DATES = re.compile(r"\d\d?-\d\d?-\d{4}-\d\d?-\d\d?-\d{4}")
_TELEPHONE = re.compile(
    r"\+\d[\d\s().-]{6,}\d|\(\d{3}\)\s?\d{3}[\s.-]?\d{4}"
    r"|(?<!\d)\d{3}[\s.]\d{3}[\s.-]\d{2,4}(?:-\d+)?|(?<![\d-])\d{3}-\d{4}(?!\d)"
)
_TAGGED = re.compile(r"[$#€£]\w+|\bhttps?://\S+|<[^>]{1,200}>|\S+@\S+\.\S+")
_LABELLED = re.compile(
    r"\b(?:version|ver|section|chapter|page|level|verse|psalm|john|pin|password|passcode|flight|"
    r"route|channel|apt|apartment|model|ratio is|ratio of|score[d]?(?: (?:was|is))?|won|lost) "
    r"#?\d+(?:[.:-]\d+)*"
)
_ADDRESS = re.compile(
    r"\b\d{1,5} (?:(?!on |at |in |to |for |the |by |with |and |am |pm )[a-z]+\.? ){1,3}"
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|plaza|square|highway|hwy|strasse)\b"
)
_FORM = re.compile(r"\bw-?[249]s?\b|^\W*10-4\W*$")
_IMPOSSIBLE = re.compile(r"(?<![\d/.-])(\d\d?)([/.-])(\d\d?)\2(\d{4})(?!\d)")
_IMPOSSIBLE_ISO = re.compile(r"(?<![\d/.-])(\d{4})-(\d\d?)-(\d\d?)(?!\d)")


def spans(text: str) -> list[tuple[int, int]]:
    """Spans with digits but without times: telephone numbers, codes, prices, impossible dates."""
    found = [
        match.span()
        for pattern in (_TELEPHONE, _TAGGED, _MEASURED, _LABELLED, _ADDRESS, _FORM)
        for match in pattern.finditer(text)
    ]
    for match in _IMPOSSIBLE.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if not (valid(year, first, second) or valid(year, second, first)):
            found.append(match.span())
    for match in _IMPOSSIBLE_ISO.finditer(text):
        if not valid(int(match[1]), int(match[2]), int(match[3])):
            found.append(match.span())
    if "-" in text:
        found.extend(_chains(text))
    return found


def _chains(text: str) -> list[tuple[int, int]]:
    """ "133-03-03-2020" is a code, "2017-03-04-15" a date with an hour."""
    found = []
    for match in _CHAIN.finditer(text):
        written = match.group()
        if not _DATE_CHAIN.fullmatch(written) and not _TWO_DATES.fullmatch(written):
            date_at = _DATE_CHAIN.match(written)
            rest = written[date_at.end() :] if date_at else ""
            if date_at is None or len(date_at.group().split("-")[0]) != 4 or len(rest) > 3:
                found.append(match.span())
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEADING = _words(
    "in of for since by until till from before after during next last to through between early "
    "late mid year > < ="
)
_MODALS = frozenset({"may", "march", "mar", "apr", "sun", "sat", "dec"})
_ARTICLES = frozenset({"the", "on", "my"})
_CLOCK_MARKS = frozenset({"am", "pm", "a", "p", ":", "o'clock"})
_NAMES = frozenset({"april", "may", "june", "august"})
_SAYS = _words("is was told said says has had will can could wants likes called came and")
_VERBS_BEFORE = _words("we were be get got was are newly they")
_NOUNS = _words(
    "egg eggs bunny tree trees carol carols card cards gift gifts present presents costume "
    "costumes cookie cookies light lights decoration decorations candy candies song songs music "
    "movie movies sweater stocking stockings basket baskets deal deals sale sales ornaments wreath"
)
_GREETED = re.compile(
    r"\b(?:good|great|nice|lovely|wonderful|beautiful|safe|happy|guten?|schonen|buen[oa]s?|bo[am]|"
    r"bonne|bon)\W+$"
)


def deceives(text: Text, item: Item, *, lone_day: bool) -> bool:
    """Whether a reading only looks like a time. `lone_day`: "the 21st" is a date without "on"."""
    tokens = text.tokens
    words = [token.word for token in tokens[item.first : item.last]]
    before = tokens[item.first - 1].word if item.first else ""
    after = tokens[item.last].word if item.last < len(tokens) else ""
    if after and after[0].isalpha() and item.category in ("tr", "tod", "rng"):
        end = tokens[item.last - 1].last
        return bool(_bare(words) and _WORDED.match(text.lower, end))
    if item.category in ("part", "tod", "t"):
        return bool(len(words) <= 2 and before and _greeting(text, item, after))
    if item.category == "open":
        return isinstance(item.value, Bound) and words[0] in _MODALS and before not in _LEADING
    if item.category == "rng":
        return not lone_day and _unled(item)
    return item.category == "day" and _false_day(text, item, words, before, after, lone_day)


def _bare(words: Sequence[str]) -> bool:
    """Whether a stretch of hours is said in numbers alone, as "from two to four"."""
    return not {"am", "pm", ":", "o'clock", "noon", "midnight", "p", "a"} & set(words)


def _greeting(text: Text, item: Item, after: str) -> bool:
    """Whether "morning" is what somebody wishes: "good morning", "have a nice evening"."""
    first = text.tokens[item.first].first
    return bool(_GREETED.search(text.lower, max(0, first - 12), first)) and after not in (
        "at",
        "of",
    )


def _unled(item: Item) -> bool:
    ends = getattr(item.value, "first", None)
    return isinstance(ends, Day) and ends.month is None and ends.span is None and ends.dow is None


def _false_day(
    text: Text, item: Item, words: Sequence[str], before: str, after: str, lone_day: bool
) -> bool:
    led = before in _LEADING
    if words[-1].isdigit() and words[0] in _ARTICLES and after in _CLOCK_MARKS:
        return True  # "the 3pm call" is not about the 3rd
    if words == ["morgen"] and before and _greeting(text, item, after):
        return True
    if len(words) == 1:
        return _false_word(words[0], before, after, led=led, alone=len(text.tokens) <= 1)
    value = item.value
    plain = isinstance(value, Day) and value.dom is not None and value.month is None
    if words[-1] == "apr" and "current" in words:
        return True
    if words[0] in ("this", "that") and words[-1] == "may" and len(words) == 2:
        return after.isalpha() and after not in _LEADING
    if words == ["the", "year"] and before == "of":
        return True
    if words[0] in ("the", "on") and len(words) == 2 and words[1].isalpha():
        # "the first of many": a month after "of" would have become part of the reading.
        return after.isalpha() and (after not in _LEADING or after == "of") and plain
    if not lone_day and plain and words[0] == "the" and before not in ("on", "by", "until", "of"):
        return value.dow is None and value.within is None
    if after in _NOUNS:
        return _is_holiday(words)
    return False


def _false_word(word: str, before: str, after: str, *, led: bool, alone: bool) -> bool:
    if word == "may" and after.isalpha() and before in ("or", "and", "that", "this", "which"):
        return True
    if word in _MODALS:
        return not led
    if word.isdigit() and len(word) == 4:
        return not led and not alone
    if word in _NAMES and not led and not before:
        return after in _SAYS
    if word == "wed":
        return before in _VERBS_BEFORE
    return after in _NOUNS and _is_holiday([word])


_FEASTS = _words("easter christmas xmas halloween valentine valentines thanksgiving friday")


def _is_holiday(words: Sequence[str]) -> bool:
    return words[-1] in _FEASTS and (words[-1] != "friday" or words[0] == "black")
