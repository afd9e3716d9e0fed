"""Answers and orders that are one whole phrase: "yes", "the second one", "stop", "forget me"."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable

from services.ai.domain.intent import (
    CalendarLink,
    Choose,
    Confirm,
    DeleteData,
    ExportData,
    Intent,
    StartMessages,
    StopMessages,
)
from services.ai.local.languages.lexicon import folded

_LONGEST = 70
"""Characters; whatever is longer says more than one of these."""

_YES = re.compile(
    r"(?:yes|yeah|yep|yup|ya|yea|aye|sure(?: thing)?|of course|certainly|absolutely|definitely|exactly|correct|right|that's (?:right|correct|it|the one)|go (?:ahead|for it)|do (?:it|that|so)|please do|confirm(?:ed)?|ok(?:ay)?|okey|k|fine|sounds good|why not|i do|i am|i'm sure|all right|alright|yes please|"
    r"si|claro|vale|de acuerdo|por supuesto|ja|jawohl|klar|genau|gerne?|einverstanden|mach das|in ordnung|oui|d'accord|bien sur|ouais|volontiers|vas-y|sim|com certeza|pode ser|isso|esta bem|ta bom|beleza|dale|passt|stimmt)"
    r"(?:[\s,.!]+(?:yes|please|thanks|thank you|sure|do it|do that|go ahead|that's (?:right|correct|it)|ok|okay|bitte|danke|gerne|por favor|gracias|s'il te plait|merci|obrigad[oa]|of course|hark))*"
)
_NO = re.compile(
    r"(?:no|nope|nah|no way|not (?:now|really|that|this one|today)|don't(?: do (?:it|that))?|do not|never ?mind|forget (?:it|that|about it)|no thanks?(?: you)?|leave it(?: as it is)?|wrong|that's (?:wrong|not it|not right)|none(?: of (?:them|these|those))?|neither|stop that|cancel that|negative|i changed my mind|"
    r"nein|nee|nicht|lieber nicht|keine?r?|abbrechen|lass (?:es|mal)|no gracias|mejor no|ninguno|dejalo|olvidalo|non|pas maintenant|laisse(?: tomber)?|aucun|nao|deixa(?: pra la)?|nenhum|esquece)"
    r"(?:[\s,.!]+(?:thanks?|thank you|please|no|don't|not that|danke|gracias|merci|obrigad[oa]|sorry|leave it|forget it))*"
)
_STOP = re.compile(
    r"(?:please )?(?:stop(?: (?:it|now|all|everything))?|stopp|unsubscribe|opt out|mute|stop (?:messaging|texting|writing|contacting|bothering|notifying|messages?|notifications|all (?:messages|notifications|reminders))(?: (?:to )?me)?|stop sending(?: me)?(?: (?:messages?|anything|notifications|things|stuff|reminders))?|"
    r"(?:don't|do not|never)(?: ever)? (?:message|text|contact|write(?: to)?|bother) me(?: (?:anymore|again|any more|ever again))?|leave me alone|shut up|no more messages|"
    r"deja de (?:escribirme|enviarme mensajes)|no me escribas mas|alto|parar|hor auf(?: mir zu schreiben)?|schreib mir nicht mehr|aufhoren|arrete(?: de m'ecrire)?|ne m'ecris plus|par[ae](?: de me (?:mandar mensagens|escrever))?)(?: please)?"
)
_START = re.compile(
    r"(?:please )?(?:start(?: again| over)?|resume|subscribe|opt in|unmute|start (?:messaging|texting|writing|notifying)(?: to)? me(?: again)?|you can (?:message|text|write(?: to)?|remind) me again|(?:message|text|write(?: to)?) me again|i'm back|empieza(?: de nuevo)?|fang(?: wieder)? an|starte wieder|schreib mir wieder|recommence|ecris-moi a nouveau|comeca(?: de novo)?|pode voltar a me escrever)(?: please)?"
)
_DELETE = re.compile(
    r"(?:please )?(?:(?:delete|erase|remove|wipe|clear|destroy) (?:all )?(?:of )?(?:my (?:personal )?(?:data|account|information|info|profile|history)|(?:everything|all)(?: (?:that )?you (?:know|have stored|have saved|have|stored|saved))?(?: about| on| of) me|everything you (?:know|have)|all data|me)(?: (?:now|forever|completely|please|from hark))*|forget (?:all about me|me|everything(?: (?:about me|you know about me))?)|"
    r"(?:i want to )?(?:delete|close|cancel|remove) my account|right to be forgotten|"
    r"borra (?:todos )?mis datos|elimina (?:todos )?mis datos|olvidame|losch(?:e)? (?:alle )?meine daten|vergiss mich|supprime (?:toutes )?mes donnees|oublie[ -]moi|apag(?:a|ue) (?:todos )?(?:os )?meus dados|exclua meus dados|esquec[ae]-me)"
)
_EXPORT = re.compile(
    r"(?:please )?(?:(?:can|could) you (?:please )?)?(?:can i (?:get|have|download|export) |i(?:'d like| want| would like)(?: to (?:get|have|download|export))? |(?:export|download|send me|give me|get me|get|show me|email me|make|create)\s)?(?:an? (?:copy|export|dump|backup) of |an? export of |all (?:of )?|everything in )*(?:my |the )?(?:(?P<all>data|information|account data|personal data|everything you (?:know|have)(?: (?:about|on) me)?)|(?P<calendar>calendar|events|appointments|schedule|calendar file|ics(?: file)?|ical(?:endar)?(?: file)?|calendar export))(?: (?:as|in|to) (?:an? )?(?:file|ics|ical|csv|json|zip|download)(?: file)?)?(?: please)?"
)
_EXPORT_VERB = re.compile(
    r"\b(?:export|download|copy of|backup|dump|ics|ical|calendar file)\b|data\b|my (?:personal )?info(?:rmation)?\b"
)
_LINK = re.compile(
    r".{0,40}\b(?:calendar|ical|ics|webcal) (?:link|feed|url|address|subscription)s?\b.{0,30}|(?:how do i |can i |let me )?(?:subscribe to|share|publish) my calendar.{0,30}"
)
_REVOKED = re.compile(
    r"\b(?:revoke|remove|delete|disable|turn off|stop|kill|cancel|close|withdraw)\b"
)

_ORDINALS = (
    (
        "first",
        "1st",
        "primero",
        "primera",
        "erste",
        "ersten",
        "premier",
        "premiere",
        "primeiro",
        "primeira",
    ),
    ("second", "2nd", "segundo", "segunda", "zweite", "zweiten", "deuxieme", "second"),
    (
        "third",
        "3rd",
        "tercero",
        "tercera",
        "dritte",
        "dritten",
        "troisieme",
        "terceiro",
        "terceira",
    ),
    ("fourth", "4th", "cuarto", "cuarta", "vierte", "vierten", "quatrieme", "quarto", "quarta"),
    ("fifth", "5th", "quinto", "quinta", "funfte", "funften", "cinquieme"),
    ("sixth", "6th", "sexto", "sexta", "sechste", "sixieme"),
    ("seventh", "7th"),
    ("eighth", "8th"),
    ("ninth", "9th"),
    ("tenth", "10th"),
)
_LAST = ("last", "bottom", "final", "ultimo", "ultima", "letzte", "letzten", "dernier", "derniere")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NAMED = {word: index for index, words in enumerate(_ORDINALS, 1) for word in words}
_NAMED |= dict.fromkeys(_LAST, -1)
_PICK = re.compile(
    r"(?:(?:i (?:mean|meant|want|choose|pick)|take|pick|choose|select|go with|it's|it is|that's|ok|yes|no)[\s,]+)?(?:the |el |la |los |las |der |die |das |den |le |les |o |a )?(?P<word>[a-z0-9]+)(?: (?:one|option|item|choice|event|task|meeting|of them))?(?:[\s,]+(?:please|bitte|por favor))?"
)
_PICK_NUMBER = re.compile(
    r"(?:(?:i (?:mean|meant|want|choose|pick)|take|pick|choose|select|go with|it's)[\s,]+)?(?:the )?(?:number |option |no\.? ?|nr\.? ?|numero |nummer |choice |#)?(?P<word>\d{1,2}|"
    + "|".join(_CARDINALS)
    + r")[.)]?(?: please)?"
)
_PICK_ALL = re.compile(
    r"(?:all|both|all of (?:them|these|those)|all (?:two|three|four)|every one|everything|both of them|todos|todas|ambos|alle|beide|tous|toutes|tous les deux|os dois|ambas)(?: please)?"
)


def _chosen(plain: str) -> Intent | None:
    if match := _PICK_NUMBER.fullmatch(plain):
        word = match["word"]
        number = int(word) if word.isdecimal() else _CARDINALS.index(word) + 1
        return Choose(number=number) if number else None
    if _PICK_ALL.fullmatch(plain):
        return Choose(number=0)
    match = _PICK.fullmatch(plain)
    if match is not None and (number := _NAMED.get(match["word"], 0)):
        return Choose(number=number)
    return None


def _exported(plain: str) -> Intent | None:
    match = _EXPORT.fullmatch(plain)
    if match is None or not _EXPORT_VERB.search(plain):
        return None
    return ExportData(what="calendar" if match["calendar"] else "everything")


def _linked(plain: str) -> Intent | None:
    if _LINK.fullmatch(plain) is None:
        return None
    return CalendarLink(revoked=_REVOKED.search(plain) is not None)


_READERS: tuple[Callable[[str], Intent | None], ...] = (
    lambda plain: Confirm(accepted=True) if _YES.fullmatch(plain) else None,
    lambda plain: Confirm(accepted=False) if _NO.fullmatch(plain) else None,
    _chosen,
    lambda plain: StopMessages() if _STOP.fullmatch(plain) else None,
    lambda plain: StartMessages() if _START.fullmatch(plain) else None,
    lambda plain: DeleteData() if _DELETE.fullmatch(plain) else None,
    _linked,
    _exported,
)


def reply(lower: str) -> Intent | None:
    """What a lower-case text says if it is one whole phrase of these, in any language."""
    if len(lower) > _LONGEST:
        return None
    plain = folded(lower.strip(" \t\n\r.,!?¡¿:;\"'"))
    if not plain or not plain[0].isascii():
        return _SIGNS.get(_TONES.sub("", plain))
    for reader in _READERS:
        found = reader(plain)
        if found is not None:
            return found
    return None


_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s]")
"""Skin tones and the mark that asks for a coloured sign."""
_SIGNS: dict[str, Intent] = {}
for _accepted, _signs in ((True, "👍 👌 ✅ ✔ 🆗"), (False, "👎 ❌ ✖ 🚫")):
    _SIGNS |= {sign: Confirm(accepted=_accepted) for sign in _signs.split()}
