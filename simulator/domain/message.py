"""One message, as both ends of a chat know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Author = Literal["person", "business"]
State = Literal["pending", "sent", "delivered", "read", "failed"]

# `failed` is not on the way from sent to read, but nothing moves a message out of it.
_RANK: dict[State, int] = {"pending": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}


# Mutable on purpose: it is the phone's own row, changed by ticks, reactions, edits.
@dataclass(slots=True, kw_only=True)
class Message:
    """What a phone shows; `content` is what stands under the name of the kind on the wire."""

    wamid: str
    wa_id: str
    author: Author
    kind: str
    content: dict[str, Any]
    time: datetime
    reply_to: str | None = None
    forwarded: bool = False
    state: State = "pending"
    callback_data: str | None = None
    category: str = "service"
    error: dict[str, Any] | None = None
    # Templates only: header, body, footer and buttons as the phone shows them.
    rendered: dict[str, Any] | None = None
    # Author -> emoji.
    reactions: dict[str, str] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False
    created: int = 0
    changed: int = 0

    def rise(self, state: State) -> bool:
        """Moves to a later state; whether that changed anything."""
        if _RANK[state] <= _RANK[self.state]:
            return False
        self.state = state
        return True

    def react(self, author: Author, emoji: str) -> None:
        """Puts one author's emoji under it; an empty one takes it away."""
        if emoji:
            self.reactions[author] = emoji
        else:
            self.reactions.pop(author, None)

    @property
    def text(self) -> str:
        """What is to read on it, without what is to tap."""
        if self.rendered is not None:
            parts = (self.rendered.get(name) for name in ("header", "body", "footer"))
            return "\n".join(part for part in parts if part)
        return readable(self.kind, self.content)

    def view(self) -> dict[str, Any]:
        """The message as the control API shows it."""
        shown: dict[str, Any] = {
            "wamid": self.wamid,
            "author": self.author,
            "type": self.kind,
            self.kind: self.content,
            "time": self.time.isoformat(),
            "text_shown": self.text,
            "state": self.state,
            "created": self.created,
            "changed": self.changed,
        }
        optional = {
            "reply_to": self.reply_to,
            "forwarded": self.forwarded,
            "biz_opaque_callback_data": self.callback_data,
            "error": self.error,
            "rendered": self.rendered,
            "reactions": self.reactions,
            "edited": self.edited,
            "revoked": self.revoked,
        }
        return shown | {name: value for name, value in optional.items() if value}


def readable(kind: str, content: dict[str, Any]) -> str:
    """The words in a message of any kind; empty where there are none."""
    if kind == "text":
        return str(content.get("body", ""))
    if kind == "interactive":
        reply = content.get("button_reply") or content.get("list_reply")
        if reply:
            return str(reply.get("title", ""))
        body = content.get("body")
        return str(body.get("text", "")) if isinstance(body, dict) else ""
    if kind == "button":
        return str(content.get("text", ""))
    return str(content.get("caption", content.get("name", "")))
