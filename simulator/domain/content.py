"""Which check goes with which type of message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.domain.graph_error import GraphError, invalid, missing
from simulator.domain.kinds.interactive import check_interactive
from simulator.domain.kinds.plain import (
    check_contacts,
    check_location,
    check_reaction,
    check_text,
)

_CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "text": check_text,
    "reaction": check_reaction,
    "location": check_location,
    "interactive": check_interactive,
}
MEDIA = ("audio", "image", "video", "document", "sticker")


def checked(request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The type and the content of a message; templates and media are checked by their stores."""
    kind = request.get("type", "text")
    if not isinstance(kind, str):
        raise invalid("type", "it must be a string")
    if kind not in _CHECKS and kind not in MEDIA and kind not in {"template", "contacts"}:
        raise GraphError(131051, f"Message type {kind!r} is not supported.")
    content = request.get(kind)
    if content is None:
        raise missing(kind)
    if kind == "contacts":
        check_contacts({"contacts": content})
        return kind, {"contacts": content}
    if not isinstance(content, dict):
        raise invalid(kind, "it must be an object")
    check = _CHECKS.get(kind)
    if check is not None:
        check(content)
    return kind, content
