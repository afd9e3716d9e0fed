"""Measures the local engine, and libraries beside it, with the scorer under `$HARK_SHARED`.

    python -m benchmarks.understand [--libraries timesense,recurrent,dateparser,parsedatetime]

The scorer drives `hark understand --jsonl` as it would any parser. A library that is not installed
in the running environment is skipped, and the result says so. Reliability (how often an answer of
a given confidence is right) is measured on the intents of SLURP and of the project's own sentences.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from services.ai.domain.intent import Language, Utterance
from services.ai.local.analysis import analyse
from services.ai.local.conventions import DEFAULT
from services.ai.local.engine import interpret

_SHARED = Path(os.environ.get("HARK_SHARED", "../shared")) / "understanding"
_RESULT = Path("benchmarks/results/understand.json")
_SENTENCES = Path("tests/conversations/sentences")
_PLOT = Path("benchmarks/results/understand_reliability.svg")
_NOW = datetime(2026, 11, 18, 9)
_RUNS = {
    "e2e_smcalflow_create": "hark",
    "duckling_en": "duckling",
    "recognizers_en": "recognizers",
    "recognizers_en_tasks": "recognizers_tasks",
    "ctparse_en": "ctparse",
    "recurrence_en": "hark",
    "intent_topv2_test": "hark",
    "intent_clinc_test": "hark",
    "intent_slurp_test": "hark",
    "intent_smcalflow_valid": "hark",
    "slots_topv2_reminder_test": "hark",
    "duckling_es": "duckling",
    "duckling_de": "duckling",
    "duckling_fr": "duckling",
    "duckling_pt": "duckling",
}
_LIBRARY_CORPORA = "e2e_smcalflow_create,duckling_en,recognizers_en,ctparse_en,recurrence_en"
_ADAPTERS = {
    "timesense": "import timesense; e = timesense.TimeSenseParser()\n"
    "def f(t, r):\n"
    "    x = e.parse(t, now=r); rule = getattr(x, 'recurrence', None)\n"
    "    at = getattr(x, 'when', None)\n"
    "    return (at.replace(tzinfo=None) if at else None), (rule.to_rrule() if rule else None)",
    "recurrent": "from recurrent.event_parser import RecurringEvent\n"
    "def f(t, r):\n"
    "    e = RecurringEvent(now_date=r); p = e.parse(t)\n"
    "    return (None, p) if isinstance(p, str) else (p, None)",
    "dateparser": "from dateparser.search import search_dates\n"
    "def f(t, r):\n"
    "    x = search_dates(t, languages=['en'], settings={'RELATIVE_BASE': r,"
    " 'PREFER_DATES_FROM': 'future'})\n"
    "    return (x[0][1], None) if x else (None, None)",
    "parsedatetime": "import parsedatetime; c = parsedatetime.Calendar()\n"
    "def f(t, r):\n"
    "    x, s = c.parseDT(t, sourceTime=r); return (x if s else None, None)",
}
_LOOP = """
import json, sys
from datetime import datetime
for line in sys.stdin:
    row = json.loads(line); out = {'id': row.get('id')}
    try:
        start, rule = f(row['text'], datetime.fromisoformat(row['reference'][:19]))
        out['start'] = start.isoformat()[:19] if start else None; out['rrule'] = rule
        out['intent'] = 'create_event'
    except Exception as error:
        out['error'] = type(error).__name__
    print(json.dumps(out), flush=True)
"""
_FIGURES = re.compile(
    r"(start|core|all right|accuracy|limits|neg|exact|intent|p99|median) ([\d.]+)"
)


def _score(command: str, corpora: str) -> dict[str, Any]:
    """What the scorer prints for each corpus, and its figures."""
    done = subprocess.run(
        [sys.executable, str(_SHARED / "score.py"), "--cmd", command, "--corpus", corpora],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    lines = [
        line.strip() for line in done.stdout.splitlines() if ": " in line and "meta" not in line
    ]
    return {
        line.split(":", 1)[0]: {
            "line": line.split(":", 1)[1].strip(),
            "figures": {name: float(value) for name, value in _FIGURES.findall(line)},
        }
        for line in lines
    } or {"error": done.stderr[-300:]}


def _libraries(names: list[str]) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for name in names:
        if importlib.util.find_spec(name) is None or name not in _ADAPTERS:
            results[name] = "not installed, skipped"
            continue
        adapter = Path(tempfile.gettempdir()) / f"hark_adapter_{name}.py"
        adapter.write_text(_ADAPTERS[name] + _LOOP)
        results[name] = _score(f"{sys.executable} {adapter}", _LIBRARY_CORPORA)
    return results


def _plot(table: list[dict[str, float]]) -> str:
    """The reliability table as a picture: a point a bin, its area the share of texts."""
    size, edge = 360, 40
    total = sum(row["texts"] for row in table)

    def place(row: dict[str, float]) -> str:
        x = edge + row["confidence"] * size
        y = edge + (1 - row["right"]) * size
        radius = 3 + 22 * (row["texts"] / total) ** 0.5
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2563eb66"/>'

    far = edge + size
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {far + edge} {far + edge}">',
            '<rect width="100%" height="100%" fill="white"/>',
            f'<path d="M{edge} {edge}V{far}H{far}" fill="none" stroke="#111"/>',
            f'<path d="M{edge} {far}L{far} {edge}" stroke="#999" stroke-dasharray="4"/>',
            *(place(row) for row in table),
            f'<text x="{edge}" y="{far + 28}" font-size="13">confidence, 0 to 1</text>',
            f'<text x="{edge}" y="{edge - 12}" font-size="13">share right, 0 to 1</text>',
            "</svg>",
        ]
    )


_EVERY = 3


def _label(intent: str) -> str:
    """The outside corpora's name of an intent."""
    return "other" if intent in ("undo", "small_talk", "reopen_task") else intent


def _judged() -> Iterator[tuple[float, bool]]:
    """(confidence, right) for texts that the model was not trained on."""
    for line in (_SHARED / "corpora/intent_slurp_test.jsonl").read_text().splitlines():
        row = json.loads(line)
        verdict = analyse(row["text"], _NOW, Language.ENGLISH, DEFAULT).verdict
        yield verdict.trust, _label(verdict.intent) in row["accept"]
    for corpus in ("intent_topv2_test", "intent_clinc_test", "intent_smcalflow_valid"):
        lines = (_SHARED / f"corpora/{corpus}.jsonl").read_text().splitlines()
        for line in lines[::_EVERY]:
            row = json.loads(line)
            verdict = analyse(row["text"], _NOW, Language.ENGLISH, DEFAULT).verdict
            yield verdict.trust, _label(verdict.intent) in row["accept"]
    for path in sorted(_SENTENCES.glob("*.jsonl")):
        for line in path.read_text().splitlines()[::4]:
            row = json.loads(line)
            verdict = analyse(row["text"], _NOW, Language.ENGLISH, DEFAULT).verdict
            yield verdict.trust, verdict.intent == row["intent"]


def _reliability() -> list[dict[str, float]]:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for confidence, right in _judged():
        bins[min(9, int(confidence * 10))].append((confidence, right))
    return [
        {
            "from": index / 10,
            "texts": len(one),
            "confidence": round(sum(c for c, _ in one) / len(one), 3),
            "right": round(sum(r for _, r in one) / len(one), 3),
        }
        for index, one in enumerate(bins)
        if one
    ]


def _latency() -> dict[str, float]:
    """CPU milliseconds of one call: ordinary requests, and 4,000 characters.

    CPU time, so that other work on the machine does not count; the scorer's lines have wall time.
    """
    texts = [
        json.loads(line)["text"]
        for line in (_SHARED / "corpora/e2e_smcalflow_create.jsonl").read_text().splitlines()
    ]
    gc.freeze()  # as the services do once they have started
    ordinary = sorted(_milliseconds(text) for text in texts)
    pieces = ("12:30 ", "next next week friday ", "first of the ", "2026-01-02 ", "every monday ")
    worst = max(min(_milliseconds((piece * 4000)[:4000]) for _ in range(5)) for piece in pieces)
    return {
        "median": round(ordinary[len(ordinary) // 2], 3),
        "p99": round(ordinary[int(len(ordinary) * 0.99)], 3),
        "worst_4000_characters": round(worst, 3),
    }


def _milliseconds(text: str) -> float:
    began = time.thread_time()
    interpret(Utterance(text=text, now=_NOW, time_zone="UTC"))
    return (time.thread_time() - began) * 1000


def main() -> None:
    """Runs everything and writes the result file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--libraries", default=",".join(_ADAPTERS))
    parser.add_argument("--out", type=Path, default=_RESULT)
    options = parser.parse_args()
    result: dict[str, Any] = {"latency_ms": _latency(), "reliability": _reliability(), "hark": {}}
    for corpus, profile in _RUNS.items():
        command = f"{sys.executable} -m cli.understand --jsonl --profile {profile}"
        scored = _score(command, corpus)
        result["hark"][corpus] = {"profile": profile, **scored.get(corpus, scored)}
        print(corpus, result["hark"][corpus].get("line", scored), flush=True)
    result["libraries"] = _libraries([name for name in options.libraries.split(",") if name])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    _PLOT.write_text(_plot(result["reliability"]) + "\n")


if __name__ == "__main__":
    main()
