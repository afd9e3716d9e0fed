"""What a button carries: `v1:<action>:<kind>:<id>[:<extra>]`."""

from __future__ import annotations

from dataclasses import dataclass

_VERSION = "v1"
_ACTIONS = frozenset({"done", "snooze", "undo", "pick", "yes", "no"})
_KINDS = frozenset({"task", "event", "turn", "change"})
_LONGEST_SNOOZE = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What was tapped; `extra` is seconds for a snooze, the option's number for a pick."""

    action: str
    kind: str
    id: str
    extra: str = ""

    def __str__(self) -> str:
        tail = f":{self.extra}" if self.extra else ""
        return f"{_VERSION}:{self.action}:{self.kind}:{self.id}{tail}"

    @property
    def number(self) -> int | None:
        """`extra` as a number, where it is a sensible one."""
        if not self.extra.isascii() or not self.extra.isdecimal() or len(self.extra) > 6:
            return None
        return int(self.extra) if int(self.extra) <= _LONGEST_SNOOZE else None


def parse(text: str) -> Payload | None:
    """What a payload says; None where it is none of ours."""
    version, *rest = text.split(":")
    if version != _VERSION or not 3 <= len(rest) <= 4:
        return None
    action, kind, item_id, *extra = rest
    if action not in _ACTIONS or kind not in _KINDS or not 1 <= len(item_id) <= 64:
        return None
    return Payload(action=action, kind=kind, id=item_id, extra=extra[0] if extra else "")
