"""`hark understand --jsonl`: the local engine behind a pipe, one JSON object a line.

Each line in is `{"id", "text", "reference", "lang", "task"}`, `reference` being the wall-clock time
at which the text was said; each line out carries the same id and what the task asks for: a time
(`datetime`), a rule (`recurrence`), an intent, a title, or all of it.
"""

from __future__ import annotations

import gc
import json
import sys
from datetime import datetime
from typing import Any

from services.ai.domain.intent import Language
from services.ai.local import answers
from services.ai.local.conventions import PROFILES, Conventions


def understand(jsonl: bool = True, profile: str = "hark") -> None:
    """Reads texts from stdin and prints what the local engine makes of each."""
    rules = PROFILES.get(profile)
    if rules is None:
        raise SystemExit(f"unknown profile {profile!r}; known: {', '.join(sorted(PROFILES))}")
    # The lexicons never go away: collections need not look at them again and again.
    gc.freeze()
    for line in sys.stdin:
        if not line.strip():
            continue
        row = json.loads(line) if jsonl else {"text": line.strip()}
        print(json.dumps(_answer(row, rules), ensure_ascii=False), flush=True)


def _answer(row: dict[str, Any], rules: Conventions) -> dict[str, Any]:
    if row.get("op") == "meta":
        return {"id": row.get("id"), "profile": rules.name}
    said = row.get("reference") or datetime.now().isoformat()  # noqa: DTZ005 - wall-clock time
    language = row.get("lang") or "en"
    known = {one.value for one in Language}
    answer = answers.answer(
        str(row.get("text", "")),
        now=datetime.fromisoformat(said[:19]),
        language=Language(language) if language in known else Language.ENGLISH,
        task=str(row.get("task") or "e2e"),
        rules=rules,
    )
    return {"id": row.get("id"), **answer}


if __name__ == "__main__":
    chosen = sys.argv[sys.argv.index("--profile") + 1] if "--profile" in sys.argv else "hark"
    understand(jsonl="--jsonl" in sys.argv, profile=chosen)
