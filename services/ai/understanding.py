"""The local engine behind the port `Understanding`."""

from __future__ import annotations

import re
from dataclasses import replace

from services.ai.domain.intent import AddEvent, Interpretation, Language, Unknown, Utterance
from services.ai.local.engine import interpret

# Below this the other languages are tried as well.
_CLEAR = 0.85
# How much likelier the person's own language is than another one.
_HOME = 0.05


class LocalUnderstanding:
    """Port `Understanding` over the local engine: no I/O, a millisecond or two a language.

    English is tried first, because most say even foreign commands in it; the language of the
    person's locale and the others where English makes nothing clear of it.
    """

    async def interpret(self, utterance: Utterance) -> Interpretation:
        """What the utterance means."""
        return _named(self._best(utterance), utterance.text)

    def _best(self, utterance: Utterance) -> Interpretation:
        home = utterance.language or Language.ENGLISH
        first = interpret(replace(utterance, language=Language.ENGLISH))
        if _is_clear(first):
            return first
        found = [interpret(replace(utterance, language=each)) for each in _OTHERS]
        return max([first, *found], key=lambda each: _rank(each, home))


# What people call an event that they give no other name.
_NOUN = re.compile(
    r"\b(?:meeting|appointment|call|interview|reunión|cita|termin|besprechung|réunion|rendez-vous|"
    r"reunião|consulta)\b",
    re.I,
)


def _named(found: Interpretation, text: str) -> Interpretation:
    """ "A meeting with Grace" is called a meeting, where nobody said more."""
    noun = _NOUN.search(text)
    if noun is None:
        return found
    intents = tuple(
        replace(each, title=noun[0]) if isinstance(each, AddEvent) and not each.title else each
        for each in found.intents
    )
    changed = intents != tuple(found.intents)
    missing = tuple(each for each in found.missing if not (changed and each == "what"))
    return replace(found, intents=intents, missing=missing)


_OTHERS = tuple(each for each in Language if each is not Language.ENGLISH)


def _is_clear(found: Interpretation) -> bool:
    return found.confidence >= _CLEAR and not _is_unknown(found)


def _is_unknown(found: Interpretation) -> bool:
    return not found.intents or any(isinstance(each, Unknown) for each in found.intents)


def _rank(found: Interpretation, home: Language) -> tuple[bool, float]:
    return (
        not _is_unknown(found),
        found.confidence + (_HOME if found.language is home else 0.0),
    )
