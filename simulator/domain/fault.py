"""The faults that can be switched on, by name."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault: its number in the list of what Hark is tested against, and what can be set."""

    number: str
    says: str
    options: Mapping[str, Any] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    # Webhooks on their way to the business.
    "webhook_doubled": Kind("F1", "the same webhook comes again", {"copies": 1, "after_ms": 0}),
    "webhook_rebatched": Kind(
        "F2", "the same event comes again inside another batch", {"after_ms": 0}
    ),
    "webhook_reordered": Kind("F3", "overtaken by the next one", {"hold_ms": 2000}),
    "webhook_delayed": Kind("F4", "comes late, with its old timestamp", {"delay_ms": 5000}),
    "webhook_batched": Kind(
        "F5",
        "many events come in one POST, over several entries",
        {"parts": 50, "entries": 3, "within_ms": 500},
    ),
    "webhook_unknown_type": Kind("F6", "an event of an unknown type comes too"),
    "webhook_malformed": Kind("F6", "a signed body that is not JSON comes too"),
    "webhook_huge": Kind("F6", "a signed body of this many bytes comes too", {"bytes": 3_000_000}),
    "webhook_nested": Kind("F6", "a signed, deeply nested body comes too", {"depth": 5_000}),
    "webhook_forged": Kind("F7", "a copy with other ids and a wrong signature comes too"),
    "webhook_old_secret": Kind(
        "F7",
        "a copy with other ids, signed with another secret, comes too",
        {"secret": "an_old_secret"},
    ),
    "webhook_lost": Kind("-", "never comes"),
    # The Graph API's answers to a send.
    "timeout_after_accept": Kind(
        "F12", "accepted, but no answer", {"hold_ms": 30_000, "reset": False}
    ),
    "timeout_before_accept": Kind(
        "F13", "neither accepted nor answered", {"hold_ms": 30_000, "reset": False}
    ),
    "slow_answer": Kind("-", "accepted, and answered late", {"delay_ms": 3000}),
    "http_429": Kind("F14", "throughput limit: 429, code 130429", {"retry_after": 0}),
    "pair_limited": Kind("F14", "pair limit: 400, code 131056", {"retry_after": 0}),
    "http_500": Kind("F14", "500, code 131000", {"retry_after": 0}),
    "http_503": Kind("F14", "503, code 131016", {"retry_after": 0}),
    "answer_without_id": Kind("F15", "accepted; 200 without the message's id"),
    "answer_truncated": Kind("F15", "accepted; 200 with half a JSON"),
    "status_overtakes": Kind("F16", "the first status comes before the answer"),
    "refused": Kind(
        "-", "refused with this code of Meta's", {"code": 131000, "details": "switched on by hand"}
    ),
    # What becomes of a message.
    "status_lost": Kind("F17", "one status never comes"),
    "status_doubled": Kind("F18", "each status comes twice"),
    "read_before_delivered": Kind("F18", "read comes first"),
    "failed_after_sent": Kind("F18", "sent, then failed", {"code": 131026}),
    # Files.
    "media_gone": Kind("-", "the link to a file answers 404"),
    "media_corrupt": Kind("-", "the file that is fetched is not the one announced"),
    "media_slow": Kind("-", "the file takes this long", {"delay_ms": 3000}),
    # Gemini.
    "model_slow": Kind("F23", "answers late", {"delay_ms": 8000}),
    "model_429": Kind("F23", "429 RESOURCE_EXHAUSTED", {"retry_after": 0}),
    "model_503": Kind("F23", "503 UNAVAILABLE"),
    "model_bad_json": Kind("F23", "the answer is cut off in the middle"),
    "model_wrong_schema": Kind("F23", "valid JSON of another shape"),
    "model_refusal": Kind("F23", "no candidate: blocked for safety"),
}


# Mutable on purpose: it counts.
@dataclass(slots=True)
class Fault:
    """One fault that is switched on. The n-th opportunity is decided by seed and n alone."""

    name: str
    probability: float
    seed: int
    limit: int
    to: str | None
    # Webhook faults only: strike `messages` or `statuses`, not both.
    only: str | None
    options: dict[str, Any]
    opportunities: int = 0
    injected: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def strikes(self, to: str | None, sort: str | None) -> bool:
        """Whether it strikes this time; counts either way."""
        if self.to not in {None, to} or self.only not in {None, sort}:
            return False
        if self.injected >= self.limit:
            return False
        self.opportunities += 1
        if self.dice.random() >= self.probability:
            return False
        self.injected += 1
        return True

    def view(self) -> dict[str, Any]:
        """The fault as the control API shows it."""
        return {
            "name": self.name,
            "number": KINDS[self.name].number,
            "probability": self.probability,
            "seed": self.seed,
            "limit": self.limit,
            "to": self.to,
            "only": self.only,
            **self.options,
            "opportunities": self.opportunities,
            "injected": self.injected,
        }


def switched_on(request: dict[str, Any]) -> Fault:
    """The fault that a request describes; raises `Problem`."""
    name = request.get("name")
    if name not in KINDS:
        raise Problem(f"there is no fault {name!r}; there are: {', '.join(KINDS)}")
    options = dict(KINDS[name].options)
    general: dict[str, Any] = {"probability": 1.0, "seed": 0, "limit": 10**9, "to": None}
    if name.startswith("webhook_"):
        general["only"] = None
    for key, value in request.items():
        if key in options:
            options[key] = _like(key, value, options[key])
        elif key in general:
            general[key] = value
        elif key != "name":
            raise Problem(f"{name} has no option {key!r}; it has: {', '.join(options) or 'none'}")
    return Fault(name=name, options=options, **_checked(general))


def _like(name: str, value: Any, default: Any) -> Any:
    if type(value) is not type(default):
        raise Problem(f"{name} must be of type {type(default).__name__}")
    if isinstance(value, int) and not 0 <= value <= 100_000_000:
        raise Problem(f"{name} must lie between 0 and 100000000")
    return value


def _checked(general: dict[str, Any]) -> dict[str, Any]:
    probability, seed, limit, to = (general[k] for k in ("probability", "seed", "limit", "to"))
    if isinstance(probability, bool) or not isinstance(probability, int | float):
        raise Problem("probability must be a number")
    if not 0 <= probability <= 1:
        raise Problem("probability must lie between 0 and 1")
    if not isinstance(seed, int) or not isinstance(limit, int):
        raise Problem("seed and limit must be whole numbers")
    only = general.get("only")
    if only not in {None, "messages", "statuses"}:
        raise Problem("only must be messages or statuses")
    if to is not None and not isinstance(to, str):
        raise Problem("to must be a number such as +15550100001")
    return {
        "probability": float(probability),
        "seed": seed,
        "limit": limit,
        "to": to.removeprefix("+") if to else None,
        "only": only,
        "dice": random.Random(seed),  # noqa: S311 - repeatable on purpose
    }


class Faults:
    """The faults that are switched on, and how often each one struck since the last reset."""

    def __init__(self) -> None:
        self._on: dict[str, Fault] = {}
        self.counts: dict[str, int] = {}

    def switch_on(self, request: dict[str, Any]) -> Fault:
        """Switches a fault on, or on again with other settings; raises `Problem`."""
        fault = switched_on(request)
        self._on[fault.name] = fault
        return fault

    def switch_off(self, name: str | None = None) -> None:
        """Switches one fault off, or all."""
        if name is None:
            self._on.clear()
        elif name not in KINDS:
            raise Problem(f"there is no fault {name!r}", status=404)
        else:
            self._on.pop(name, None)

    def strikes(
        self, name: str, to: str | None = None, sort: str | None = None
    ) -> dict[str, Any] | None:
        """The options of the fault if it strikes this time, for this person and sort of part."""
        fault = self._on.get(name)
        if fault is None or not fault.strikes(to, sort):
            return None
        self.counts[name] = self.counts.get(name, 0) + 1
        return fault.options

    def __bool__(self) -> bool:
        return bool(self._on)

    def view(self) -> dict[str, Any]:
        """What is on, what there is, and what struck how often."""
        return {
            "on": [fault.view() for fault in self._on.values()],
            "injected": dict(self.counts),
            "available": {
                name: {"number": kind.number, "says": kind.says, **kind.options}
                for name, kind in KINDS.items()
            },
        }

    def clear(self) -> None:
        """Switches all off and forgets the counts."""
        self._on.clear()
        self.counts.clear()
