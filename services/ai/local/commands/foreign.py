"""Requests in Spanish, German, French and Portuguese, by their first words."""

# A pattern broken over lines is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.ai.domain.intent import Language
from services.ai.local.commands.clues import (
    AGENDA,
    CANCEL,
    DONE,
    EVENT,
    HELP,
    MOVE,
    OTHER,
    REMIND,
    SNOOZE,
    TALK,
    TASK,
    TASKS,
    UNDO,
    Verdict,
)
from services.ai.local.languages.lexicon import folded

_LOOK_AT = 280


class Request(NamedTuple):
    """An intent and the words that ask for it; what follows them is what it is about."""

    intent: str
    pattern: re.Pattern[str]


def _requests(*rows: tuple[str, str]) -> tuple[Request, ...]:
    return tuple(Request(intent, re.compile(pattern)) for intent, pattern in rows)


# Patterns are written without accents; texts are folded before they are compared.
_REQUESTS: Mapping[Language, tuple[Request, ...]] = MappingProxyType(
    {
        Language.SPANISH: _requests(
            (SNOOZE, r"^(?:pospon|recuerdamelo (?:de nuevo|mas tarde|otra vez)|mas tarde\b)"),
            (
                REMIND,
                r"^(?:por favor )?(?:recuerdame|recordarme|acuerdame|avisame|despiertame|pon(?:me)? una? (?:alarma|recordatorio)|crea un recordatorio)(?: que| de| para)?",
            ),
            (DONE, r"^(?:hecho|listo|terminad[oa]|ya (?:hice|compre|llame|pague))\b"),
            (
                TASKS,
                r"^(?:que hay en|muestrame|ensename|lee) (?:mi|la) lista|^(?:mis|que) (?:tareas|recordatorios)",
            ),
            (TASK, r"^(?:anade|agrega|apunta|pon|compra)\b(?=.*\blista\b)|^(?:compra|comprar)\b"),
            (
                AGENDA,
                r"^(?:que (?:tengo|hay)|cual es mi agenda|mi agenda|estoy libre|tengo algo)\b",
            ),
            (CANCEL, r"^(?:cancela|borra|elimina|quita)r?\b(?: el| la| los| las| mi)?"),
            (MOVE, r"^(?:mueve|cambia|pasa|aplaza|reprograma)r?\b(?: el| la| mi)?"),
            (UNDO, r"^(?:deshacer|deshaz)\b"),
            (HELP, r"^(?:ayuda|que puedes hacer)\b"),
            (
                TALK,
                r"^(?:gracias|muchas gracias|hola|buenos dias|buenas (?:tardes|noches)|adios)\W*$",
            ),
            (EVENT, r"^(?:crea|agenda|programa|reserva|pon)\b(?: una?)?"),
        ),
        Language.GERMAN: _requests(
            (
                SNOOZE,
                r"^(?:schlummern|spater(?: noch ?mal)?\W*$|erinner(?:e)? mich (?:spater|noch ?mal|in .* (?:noch ?mal|wieder)))",
            ),
            (
                REMIND,
                r"^(?:bitte )?(?:erinner(?:e)? mich(?: bitte)?|weck(?:e)? mich|stell(?:e)? (?:mir )?(?:einen|den) (?:wecker|timer)|sag mir bescheid)(?: daran| an)?(?:,)?(?: dass)?",
            ),
            (DONE, r"^(?:erledigt|fertig|ich habe? .*(?:erledigt|gekauft|bezahlt|angerufen))\b"),
            (
                TASKS,
                r"^(?:was (?:steht|ist) auf|zeig(?:e)?(?: mir)?|lies) (?:meine?r?|die|der) .*liste|^(?:meine|welche) (?:aufgaben|erinnerungen)",
            ),
            (
                TASK,
                r"^(?:setz(?:e)?|schreib(?:e)?|pack(?:e)?|fuge?|kauf(?:e)?|tu(?:e)?)\b(?=.*liste\b)|^kauf(?:e|en)?\b",
            ),
            (
                AGENDA,
                r"^(?:was (?:steht|ist|habe ich|liegt)|bin ich .*frei|mein kalender|habe ich)\b",
            ),
            (
                CANCEL,
                r"^(?:storniere|losche?|streiche?|entferne?|sag(?:e)? .* ab\b)(?: den| die| das| meinen?)?",
            ),
            (MOVE, r"^(?:verschieb(?:e)?|verleg(?:e)?|ander(?:e)?)(?: den| die| das| meinen?)?"),
            (UNDO, r"^(?:ruckgangig|mach(?:e)? das ruckgangig)"),
            (HELP, r"^(?:hilfe|was kannst du)"),
            (
                TALK,
                r"^(?:danke(?: schon)?|vielen dank|hallo|guten (?:morgen|tag|abend)|gute nacht|tschuss)\W*$",
            ),
            (EVENT, r"^(?:trag(?:e)?|plane?|erstell(?:e)?|buche?)\b(?: einen?| ein)?"),
        ),
        Language.FRENCH: _requests(
            (SNOOZE, r"^(?:rappelle[ -]moi (?:plus tard|encore)|plus tard\W*$|repete)"),
            (
                REMIND,
                r"^(?:s'il te plait )?(?:rappelle[ -]moi|rappelez[ -]moi|reveille[ -]moi|mets (?:moi )?une? (?:alarme|rappel|minuteur)|cree un rappel|previens[ -]moi)(?: de| d'| que| pour)?",
            ),
            (DONE, r"^(?:fait|c'est fait|termine|j'ai (?:achete|paye|appele|fini|fait))\b"),
            (
                TASKS,
                r"^(?:qu'est-ce qu'il y a sur|montre(?:[ -]moi)?|lis) (?:ma|la) liste|^mes (?:taches|rappels)",
            ),
            (TASK, r"^(?:ajoute|mets|note|achete)\b(?=.*\bliste\b)|^achete\b"),
            (
                AGENDA,
                r"^(?:qu'est-ce que j'ai|qu'ai-je|mon agenda|suis-je libre|quel est mon programme|quoi de prevu)",
            ),
            (CANCEL, r"^(?:annule|supprime|efface|enleve)\b(?: le| la| les| mon| ma| l')?"),
            (MOVE, r"^(?:deplace|decale|reporte|change)\b(?: le| la| mon| ma)?"),
            (UNDO, r"^(?:annuler|defais)\b"),
            (HELP, r"^(?:aide|que peux-tu faire|a l'aide)"),
            (TALK, r"^(?:merci(?: beaucoup)?|bonjour|salut|bonsoir|bonne nuit|au revoir)\W*$"),
            (EVENT, r"^(?:cree|planifie|programme|reserve|ajoute|mets)\b(?: une?)?"),
        ),
        Language.PORTUGUESE: _requests(
            (
                SNOOZE,
                r"^(?:lembr\w*(?:-me| me)? (?:mais tarde|de novo|outra vez)|mais tarde\W*$|adia)",
            ),
            (
                REMIND,
                r"^(?:por favor )?(?:me lembr[ea]|lembr[ea](?:-me| me)?|acorda-me|me acorde|avisa-me|me avise|coloque um (?:alarme|lembrete)|cria um lembrete)(?: de| que| para)?",
            ),
            (DONE, r"^(?:feito|pronto|concluid[oa]|ja (?:fiz|comprei|liguei|paguei))\b"),
            (
                TASKS,
                r"^(?:o que (?:ha|tem|esta) na|mostr[ae](?:-me)?|le[ir]?a?) (?:minha |a )?lista|^(?:minhas|as minhas|meus) (?:tarefas|lembretes)",
            ),
            (
                TASK,
                r"^(?:adicion[ae]|coloqu?[ae]|poe|anot[ae]|compr[ae])\b(?=.*\blista\b)|^compr[ae]r?\b",
            ),
            (
                AGENDA,
                r"^(?:o que (?:tenho|ha|tem)|minha agenda|a minha agenda|estou livre|tenho (?:algo|alguma coisa))\b",
            ),
            (
                CANCEL,
                r"^(?:cancel[ae]|apag[ae]|apague|remov[ae]|exclu[ai]|tir[ae])r?\b(?: o| a| os| as| minha| meu)?",
            ),
            (MOVE, r"^(?:mov[ae]|mud[ae]|pass[ae]|adi[ae]|remarqu?[ae])r?\b(?: o| a| minha| meu)?"),
            (UNDO, r"^(?:desfaz|desfazer|desfaca)\b"),
            (HELP, r"^(?:ajuda|o que (?:voce|tu) (?:pode|podes) fazer)"),
            (TALK, r"^(?:obrigad[oa]|ola|oi|bom dia|boa (?:tarde|noite)|tchau|adeus)\W*$"),
            (EVENT, r"^(?:cri[ae]|agend[ae]|marqu?[ae]|reserv[ae])\b(?: uma?)?"),
        ),
    }
)


class Heard(NamedTuple):
    """The verdict, and where what is asked about begins in the text."""

    verdict: Verdict
    after: int


def judge(lower: str, language: Language, *, has_time: bool) -> Heard:
    """The intent of a lower-case text in another language than English."""
    # Folding keeps one character for one wherever the letter has an accent, so offsets stay true.
    plain = "".join(folded(char)[:1] or char for char in lower[:_LOOK_AT])
    start = len(plain) - len(plain.lstrip(" \t\n¿¡\"'"))
    for request in _REQUESTS.get(language, ()):
        match = request.pattern.match(plain[start:])
        if match is not None:
            after = start if request.intent == TALK else start + match.end()
            return Heard(Verdict(request.intent, 0.85), after)
    if has_time:
        return Heard(Verdict(EVENT, 0.5), start)
    return Heard(Verdict(OTHER, 0.5), start)


_PARTICLE = re.compile(
    r"^(?:[\s,:]|(?:daran|dass|an|de|que|para|pour|d'|a)(?=[\s,']|(?<=')\w)[,']?)+", re.I
)
_TO_LIST = re.compile(
    r"\s+(?:a|en|auf|zur?|in|sur|à|na|no|para)\s+(?:la|l'|el|die|der|den|das|meine|ma|mi|minha|a|o|meiner)?\s*"
    r"(?:[\w']*liste?n?a?\b.*)$",
    re.I,
)
_SHOPPING = re.compile(r"compra|einkauf|courses|supermerc", re.I)
_JOINTS = re.compile(r"\s*,\s*|\s+(?:y|e|und|et|ou|o)\s+", re.I)


def title(text: str) -> str:
    """What is left without the particle that leads to it ("daran", "de", "que")."""
    return _PARTICLE.sub("", text).strip(" .,!?")


def items(text: str) -> tuple[tuple[str, ...], str]:
    """The things to put on a list, and "shopping" when it is the shopping list."""
    name = "shopping" if _SHOPPING.search(text) else ""
    rest = _TO_LIST.sub("", text)
    parts = (title(part) for part in _JOINTS.split(rest))
    return tuple(part for part in parts if part)[:20], name
