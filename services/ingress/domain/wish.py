"""Bare words by which a person asks not to be written to, or to be written to again."""

from __future__ import annotations

import unicodedata
from enum import Enum

_LONGEST = 40


class Wish(Enum):
    """What was asked for."""

    STOP = "stop"
    START = "start"


# Without accents, in English, Spanish, Portuguese, German and French. Words that mean something
# else in a conversation ("cancel", "end", "no") are not among them.
_WORDS = {
    Wish.STOP: (
        "stop",
        "stop all",
        "stopall",
        "stop messages",
        "unsubscribe",
        "opt out",
        "optout",
        "baja",
        "darme de baja",
        "parar",
        "pare",
        "detener",
        "descadastrar",
        "cancelar inscricao",
        "stopp",
        "abmelden",
        "abbestellen",
        "arret",
        "arreter",
        "desabonner",
        "se desabonner",
        "me desabonner",
    ),
    Wish.START: (
        "start",
        "unstop",
        "subscribe",
        "opt in",
        "optin",
        "iniciar",
        "empezar",
        "comecar",
        "alta",
        "starten",
        "anmelden",
        "demarrer",
        "commencer",
        "reprendre",
        "m abonner",
    ),
}
_BY_WORD = {word: wish for wish, words in _WORDS.items() for word in words}


def wish_of(text: str) -> Wish | None:
    """What a text asks for, if it says nothing else, however it is spelt and punctuated."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return _BY_WORD.get(" ".join("".join(letters).split()))
