"""One conversation as it stands in a file: what is said, when, and what must then be true.

A step is a mapping with one of these keys, and perhaps expectations beside it:

- `say: words`, with `forwarded: true`, `reply_to: N` (Hark's N-th answer, from 1; -1 the last)
- `tap: title` of the last answer's buttons
- `react: emoji` (or "" to take it away) to the last answer, `edit: words`, `revoke: true`
- `voice: true`, `image: true`, `document: true`, with `caption`
- `location: [latitude, longitude, name]`
- `later: {minutes: 8}` moves the clock
- `model: {…}` is what Gemini will answer to what comes next (only with `path: gemini`)

Expectations: `hears` (all of these pieces stand in the answer), `not` (none of them does),
`buttons` (their titles), `also: pieces` (one more message comes). Without any, nothing is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MEDIA = ("voice", "image", "document")
ACTIONS = frozenset(
    {"say", "tap", "react", "edit", "revoke", "location", "later", "model", "fault", *MEDIA}
)
BESIDE = frozenset({"hears", "not", "buttons", "forwarded", "reply_to", "caption", "also"})
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What is said, in order. `number` is the person's phone number."""

    name: str
    path: str
    number: str
    steps: Sequence[dict[str, Any]]


def load(file_name: str, *, prefix: str = "+4477009") -> Sequence[Conversation]:
    """The conversations of a file. Raises ValueError for a step nobody understands."""
    found = []
    for index, entry in enumerate(yaml.safe_load((FOLDER / file_name).read_text())):
        for step in entry["steps"]:
            if unknown := step.keys() - ACTIONS - BESIDE:
                raise ValueError(f"{entry['name']}: a step has no {sorted(unknown)}")
        found.append(
            Conversation(
                name=entry["name"],
                path=entry.get("path", "local"),
                number=entry.get("number", f"{prefix}{index:05}"),
                steps=entry["steps"],
            )
        )
    return found
