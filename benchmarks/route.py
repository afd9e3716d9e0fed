"""How often the local engine is right when it is believed: what `AI_LOCAL_CONFIDENCE` is set from.

    python -m benchmarks.route

Over the corpora under `$HARK_SHARED`: of the messages that would be answered without a model at a
threshold (a known intent, nothing missing, at least that confidence), the share whose kind of
request is right, and of the created events the share that is right as a whole: kind, start to the
minute, and at least half of the title (F1), as the corpora's own scorer counts. Prints one line for
each threshold, and writes `benchmarks/results/route.json`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from services.ai.domain.codec import kind_of
from services.ai.domain.intent import Interpretation, Language, Unknown, Utterance
from services.ai.understanding import LocalUnderstanding

_CORPORA = Path(os.environ.get("HARK_SHARED", "../shared")) / "understanding" / "corpora"
_RESULT = Path("benchmarks/results/route.json")
_EVENTS = "e2e_smcalflow_create"
_INTENTS = ("intent_topv2_test", "intent_slurp_test", "intent_clinc_test", "intent_smcalflow_valid")
_NOW = datetime(2026, 11, 18, 9)
_HALF = 0.5
_THRESHOLDS = (0.0, 0.6, 0.8, 0.9, 0.95, 0.97, 0.975, 0.979, 0.98)
# What the corpora call our intents.
_NAMES = {
    "remind_me": "create_reminder",
    "add_task": "create_task",
    "add_event": "create_event",
    "show_agenda": "list_agenda",
    "find_free_time": "list_agenda",
    "show_tasks": "list_tasks",
    "cancel": "cancel",
    "move": "reschedule",
    "complete_task": "complete_task",
    "snooze": "snooze",
    "set_time_zone": "set_timezone",
    "help": "help",
}


class Answer(NamedTuple):
    """One message: how sure, whether its kind is right, and whether all of it is (events only)."""

    confidence: float
    is_right: bool
    is_all_right: bool | None


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of one corpus."""
    for line in (_CORPORA / f"{name}.jsonl").read_text().splitlines():
        yield json.loads(line)


def words(text: str) -> frozenset[str]:
    """What a title is compared by."""
    little = {"the", "a", "an", "my", "with", "at", "to", "for"}
    return frozenset(re.findall(r"[\w']+", text.lower())) - little


def judged(found: Interpretation, row: dict[str, Any], *, whole: bool) -> Answer | None:
    """The verdict on one answer; None where the local engine would not have been believed."""
    known = [each for each in found.intents if not isinstance(each, Unknown)]
    if not known or len(known) < len(found.intents) or found.missing:
        return None
    name = _NAMES.get(kind_of(known[0]), "other")
    right = name in row.get("accept", [row["intent"]])
    if not whole:
        return Answer(found.confidence, right, None)
    event: Any = known[0]
    when = getattr(event, "when", None)
    start = when.start.isoformat()[:16] if when else ""
    title = words(f"{getattr(event, 'title', '')} {' '.join(getattr(event, 'people', ()))}")
    name = row["title"] or ""
    golds = [name, f"{name} {row['location'] or ''}"]
    golds.append(f"{name} {' '.join(row['people'])}")
    likeness = max(overlap(title, words(gold)) for gold in golds)
    expected = row["expected_start"] or ""
    # A whole day has no minute to be right about.
    exact = 16 if row["grain"] in ("minute", "hour") else 10
    all_right = right and start[:exact] == expected[:exact] and likeness >= _HALF
    return Answer(found.confidence, right, all_right)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """F1 of two titles' words."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


async def answers(name: str) -> list[Answer]:
    """The verdicts on one corpus."""
    engine, found = LocalUnderstanding(), []
    for row in rows(name):
        now = datetime.fromisoformat(row["reference"]) if "reference" in row else _NOW
        said = Utterance(text=row["text"], now=now, time_zone="UTC", language=Language.ENGLISH)
        verdict = judged(await engine.interpret(said), row, whole=name == _EVENTS)
        if verdict is not None:
            found.append(verdict)
    return found


def share(flags: list[bool]) -> float | None:
    """In percent; None of nothing."""
    return round(100 * sum(flags) / len(flags), 2) if flags else None


async def main() -> list[dict[str, Any]]:
    """Measures and prints."""
    events = await answers(_EVENTS)
    kinds = [each for name in _INTENTS for each in await answers(name)]
    table = []
    for threshold in _THRESHOLDS:
        sure = [each for each in kinds if each.confidence >= threshold]
        made = [each for each in events if each.confidence >= threshold]
        table.append(
            {
                "threshold": threshold,
                "believed": len(sure),
                "kind_right": share([each.is_right for each in sure]),
                "events": len(made),
                "event_kind_right": share([each.is_right for each in made]),
                "event_all_right": share([bool(each.is_all_right) for each in made]),
            }
        )
        print(json.dumps(table[-1]))
    return table


if __name__ == "__main__":
    _RESULT.write_text(json.dumps({"table": asyncio.run(main())}, indent=1) + "\n")
