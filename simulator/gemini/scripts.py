"""What Gemini answers: rules that a test or a person wrote down, the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from simulator.domain.problem import Problem
from simulator.gemini.prompt import Prompt

_LIMIT = 1_000


# Mutable on purpose: it counts down.
@dataclass(slots=True, kw_only=True)
class Script:
    """One rule: which prompts it is for, and the text that answers them."""

    number: int
    answer: str
    contains: str | None = None
    matches: re.Pattern[str] | None = None
    media: str | None = None
    times: int | None = None
    used: int = 0
    thoughts: int = 0

    def fits(self, prompt: Prompt) -> bool:
        """Whether it answers this prompt; an exhausted one answers none."""
        if self.times is not None and self.used >= self.times:
            return False
        if self.contains is not None and self.contains.lower() not in prompt.last.lower():
            return False
        if self.matches is not None and not self.matches.search(prompt.last):
            return False
        return self.media is None or any(kind.startswith(self.media) for kind in prompt.media)

    def view(self) -> dict[str, Any]:
        """The script as the control API shows it."""
        return {
            "number": self.number,
            "contains": self.contains,
            "matches": self.matches.pattern if self.matches else None,
            "media": self.media,
            "answer": self.answer,
            "times": self.times,
            "used": self.used,
        }


@dataclass(slots=True)
class Scripts:
    """The rules, and how many prompts none of them fitted."""

    rules: list[Script] = field(default_factory=list)
    unanswered: int = 0
    _numbers: int = 0

    def add(self, request: dict[str, Any]) -> Script:
        """Writes a rule down; raises `Problem`."""
        if len(self.rules) >= _LIMIT:
            raise Problem(f"there are {_LIMIT} scripts already", status=507)
        unknown = request.keys() - {"answer", "contains", "matches", "media", "times"}
        if unknown:
            raise Problem(f"a script has no {sorted(unknown)[0]!r}")
        if "answer" not in request:
            raise Problem("answer is missing: a text, or what is to be sent as JSON")
        answer, times = request["answer"], request.get("times")
        if times is not None and (not isinstance(times, int) or times < 1):
            raise Problem("times must be a whole number from 1 on")
        for name in ("contains", "matches", "media"):
            if not isinstance(request.get(name), str | None):
                raise Problem(f"{name} must be a string")
        self._numbers += 1
        script = Script(
            number=self._numbers,
            answer=answer if isinstance(answer, str) else orjson.dumps(answer).decode(),
            contains=request.get("contains"),
            matches=_pattern(request.get("matches")),
            media=request.get("media"),
            times=times,
        )
        self.rules.append(script)
        return script

    def answer(self, prompt: Prompt) -> str | None:
        """The answer of the newest rule that fits; nothing where none does."""
        for script in reversed(self.rules):
            if script.fits(prompt):
                script.used += 1
                return script.answer
        self.unanswered += 1
        return None

    def clear(self) -> None:
        """Forgets all rules."""
        self.rules.clear()
        self.unanswered = 0


def _pattern(given: str | None) -> re.Pattern[str] | None:
    if given is None:
        return None
    try:
        return re.compile(given, re.IGNORECASE)
    except re.error as error:
        raise Problem(f"matches is not a regular expression: {error}") from None
