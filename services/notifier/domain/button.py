"""Buttons: what can be tapped beneath a message, and what WhatsApp allows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_TITLE = 20
MAX_PAYLOAD = 256
# Up to three are buttons, more are the rows of a list, whose ids are shorter.
MOST_BUTTONS = 3
MOST_ROWS = 10
MAX_ROW_PAYLOAD = 200
# What has buttons, or goes with a file, says less.
MAX_BODY = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One that can be tapped; `payload` is what comes back."""

    title: str
    payload: str


def problems(buttons: Sequence[Button]) -> Sequence[str]:
    """What WhatsApp would refuse about these; empty where it takes them."""
    longest = MAX_PAYLOAD if len(buttons) <= MOST_BUTTONS else MAX_ROW_PAYLOAD
    titles = [button.title for button in buttons]
    payloads = [button.payload for button in buttons]
    checks = {
        f"are more than {MOST_ROWS}": len(buttons) <= MOST_ROWS,
        f"have a title that is blank, or longer than {MAX_TITLE} characters": all(
            title.strip() and len(title) <= MAX_TITLE and title.isprintable() for title in titles
        ),
        f"have a payload that is empty, or longer than {longest} bytes": all(
            0 < len(payload.encode()) <= longest and payload.isprintable() for payload in payloads
        ),
        "say a title twice": len(set(titles)) == len(titles),
        "have a payload twice": len(set(payloads)) == len(payloads),
    }
    return [problem for problem, is_right in checks.items() if not is_right]
