"""Rules and model together: who is believed, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from services.ai.local.commands.clues import EVENT, Verdict
from services.ai.local.commands.features import buckets
from services.ai.local.commands.model import MODEL
from services.ai.local.text import Text

_RULES_ONLY = frozenset({"undo", "small_talk", "reopen_task", "set_timezone", "help"})
"""Intents whose patterns are close to exact."""
_SURE, _FAIR, _NEVER = 0.93, 0.85, 1.0


_PERSONAL = frozenset({"create_event", "list_agenda", "reschedule", "cancel"})


def _threshold(ruled: Verdict, *, timed: bool, appointed: bool) -> float:
    """How sure the model must be to overrule a rule of that trust."""
    trust = ruled.trust
    if appointed and ruled.intent == EVENT:
        return _NEVER  # a day and an hour together are an appointment, whatever it is called
    if trust >= _SURE:
        return 0.95
    if trust >= _FAIR and ruled.intent in _PERSONAL and timed:
        return 0.92
    if trust >= _FAIR:
        return 0.75 if ruled.intent in _PERSONAL else 0.6
    return 0.65


_MEASURED = (
    (0.0, 0.2),
    (0.45, 0.58),
    (0.62, 0.68),
    (0.72, 0.8),
    (0.8, 0.9),
    (0.94, 0.92),
    (1.0, 0.98),
)
"""Raw estimate -> share that was right, from the reliability table of `benchmarks.understand`."""


def calibrated(raw: float) -> float:
    """The probability that an answer with this raw estimate is right."""
    raw = min(1.0, max(0.0, raw))
    for (low, right_low), (high, right_high) in pairwise(_MEASURED):
        if raw <= high:
            return right_low + (right_high - right_low) * (raw - low) / (high - low)
    return _MEASURED[-1][1]


def decide(
    text: Text, spans: Sequence[tuple[int, int]], ruled: Verdict, *, appointed: bool = False
) -> Verdict:
    """The intent, with the probability that it is right.

    `appointed` says that a day and a time of day were both named.
    """
    intent, raw = _decide(text, spans, ruled, appointed=appointed)
    return Verdict(intent, calibrated(raw))


def _decide(
    text: Text, spans: Sequence[tuple[int, int]], ruled: Verdict, *, appointed: bool
) -> Verdict:
    """The intent and a raw estimate of how sure it is."""
    opinion = MODEL.judge(buckets(text, spans, ruled))
    if opinion.intent == ruled.intent:
        return Verdict(ruled.intent, 1 - (1 - ruled.trust) * (1 - opinion.probability) * 2)
    if ruled.intent in _RULES_ONLY and ruled.trust >= _SURE:
        return Verdict(ruled.intent, ruled.trust)
    if opinion.probability > _threshold(ruled, timed=bool(spans), appointed=appointed):
        return Verdict(opinion.intent, opinion.probability * (1.3 - ruled.trust * 0.6))
    return Verdict(ruled.intent, ruled.trust * (1 - opinion.probability * 0.5))
