"""What a person can tap under a message, and what the business hears of it."""

from __future__ import annotations

from typing import Any

from simulator.domain.message import Message
from simulator.domain.problem import Problem


def tapped(message: Message, choice: str) -> tuple[str, dict[str, Any]]:
    """The kind and the content of the reply; `choice` is an id, or the words on a button."""
    if message.kind == "template":
        return "button", _quick_reply(message, choice)
    if message.kind != "interactive":
        raise Problem("there is nothing to tap on that message")
    action = message.content.get("action", {})
    if message.content["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        reply = _chosen(replies, choice)
        return "interactive", {
            "type": "button_reply",
            "button_reply": {"id": reply["id"], "title": reply["title"]},
        }
    if message.content["type"] == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        row = _chosen(rows, choice)
        shown = {key: row[key] for key in ("id", "title", "description") if key in row}
        return "interactive", {"type": "list_reply", "list_reply": shown}
    raise Problem(f"a message of type {message.content['type']!r} is not answered by tapping")


def _chosen(options: list[dict[str, Any]], choice: str) -> dict[str, Any]:
    for key in ("id", "title"):
        for option in options:
            if option[key] == choice:
                return option
    raise Problem(f"there is no {choice!r} on that message")


def _quick_reply(message: Message, choice: str) -> dict[str, Any]:
    for button in (message.rendered or {}).get("buttons", ()):
        if button["type"] == "QUICK_REPLY" and choice in {button["text"], button.get("payload")}:
            # Without a payload of its own, Meta sends the words on the button.
            return {"payload": button.get("payload", button["text"]), "text": button["text"]}
    raise Problem(f"there is no quick reply {choice!r} on that message")
