"""What a storm must not have done, read from the outside world's own log and the tables.

Nothing here is shared with the notifier: windows are counted over the times at which the simulator
received a call.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.notifier_storm.plan import Size

REPEATED_KIND = "task_due"
_TITLE = re.compile(r"storm-[0-9]{6}-end")
_ARRIVED = frozenset({"SENT", "DELIVERED", "READ", "PLAYED"})
_OVER = _ARRIVED | {"FAILED", "DEAD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One accepted notification as the tables have it at the end."""

    title: str
    kind: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One row of the attempts; times in seconds since the storm began."""

    title: str
    number: int
    is_repeat: bool
    begin: float
    end: float | None
    outcome: str
    reason: str
    settled: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One send as the simulator saw it; `arrived` is whether it took the message."""

    title: str
    time: float
    to: str
    text: str
    arrived: bool
    code: int
    fault: str


def calls(log: Sequence[Mapping[str, Any]], start: datetime) -> list[Call]:
    """The sends in a log."""
    found = []
    for entry in log:
        body = entry["body"] if entry["kind"] == "api" else None
        if not isinstance(body, dict) or "biz_opaque_callback_data" not in body:
            continue
        text = (body.get("text") or {}).get("body", "")
        error = (entry["answer"] or {}).get("error", {}) if entry["status"] != 200 else {}
        titles = _TITLE.findall(text)
        found.append(
            Call(
                title=titles[0] if titles else "",
                time=(datetime.fromisoformat(entry["time"]) - start) / timedelta(seconds=1),
                to=str(entry["to"]),
                text=text,
                arrived=bool(entry["wamid"]),
                code=error.get("code", 0) if isinstance(error, dict) else 0,
                fault=entry["fault"] or "",
            )
        )
    return found


def most_in_a_window(times: Sequence[float], window: float) -> int:
    """The most of these in any window of that length, half open."""
    ordered = sorted(times)
    most = first = 0
    for last, time in enumerate(ordered):
        while time - ordered[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How much of a cap was used while there was a backlog, as a share of what it allows.

    `calls` counts sends in the log; `held` adds what calls that died with their process kept.
    """

    calls: float
    held: float


def use(
    sent: Sequence[Call], attempts: Sequence[Attempt], size: Size, *, until: float, hold: float
) -> Use:
    """The use of the minute from its first window on until the backlog was gone."""
    window = size.minute_seconds
    since = min(call.time for call in sent) + window
    length = until - since
    if length <= 0:
        return Use(calls=0.0, held=0.0)
    allowed = size.minute_limit / window * length
    in_time = sum(since <= call.time < until for call in sent)
    # A grant is taken from its call's begin until a window after its end.
    taken = 0.0
    for attempt in attempts:
        died = attempt.end is None or attempt.reason == "ATTEMPT_INTERRUPTED"
        end = attempt.begin + hold if died or attempt.end is None else attempt.end
        taken += max(min(end + window, until) - max(attempt.begin, since), 0.0)
    return Use(calls=in_time / allowed, held=taken / (size.minute_limit * length))


def problems(
    told: Sequence[Told], attempts: Sequence[Attempt], sent: Sequence[Call], size: Size
) -> list[str]:
    """Every broken promise, in words; empty where all hold."""
    found = [
        *_over_caps(sent, size),
        *_lost(told, sent),
        *_doubled(told, attempts, sent),
    ]
    tokens = Counter((attempt.title, attempt.number) for attempt in attempts)
    found += [f"{title} has two attempts {n}" for (title, n), count in tokens.items() if count > 1]
    if len(sent) > len(attempts):
        found.append(f"{len(sent)} calls for {len(attempts)} attempts on record")
    return found


def _over_caps(sent: Sequence[Call], size: Size) -> list[str]:
    times = [call.time for call in sent]
    found = []
    for limit, window in (
        (size.minute_limit, size.minute_seconds),
        (size.day_limit, size.day_seconds),
    ):
        most = most_in_a_window(times, window)
        if most > limit:
            found.append(f"{most} calls in {window} s, where {limit} are allowed")
    # The simulator keeps the pair's pace itself, as Meta does.
    paced = sum(call.code == 131056 and not call.fault for call in sent)
    if paced:
        found.append(f"the pace of one person was exceeded {paced} times")
    return found


def _lost(told: Sequence[Told], sent: Sequence[Call]) -> list[str]:
    arrived = {call.title for call in sent if call.arrived}
    found = []
    for each in told:
        if each.state not in _OVER:
            found.append(f"{each.title} ({each.kind}) is still {each.state} ({each.reason})")
        elif each.state in _ARRIVED and each.title not in arrived:
            found.append(f"{each.title} counts as {each.state} and never arrived")
        elif each.state == "DEAD" and each.reason != "OUTCOME_UNKNOWN":
            # What nobody knows the outcome of is on record and can be redriven; nothing else is.
            found.append(f"{each.title} was given up: {each.reason}")
    return found


def _doubled(told: Sequence[Told], attempts: Sequence[Attempt], sent: Sequence[Call]) -> list[str]:
    kinds = {each.title: each.kind for each in told}
    repeats = {attempt.title for attempt in attempts if attempt.is_repeat}
    copies: dict[str, list[Call]] = defaultdict(list)
    for call in sent:
        if call.arrived:
            copies[call.title].append(call)
    found = []
    for title, each in copies.items():
        if len(each) < 2:
            continue
        later = sorted(each, key=lambda call: call.time)[1:]
        if kinds.get(title) != REPEATED_KIND or title not in repeats:
            found.append(f"{title} ({kinds.get(title)}) arrived {len(each)} times")
        if not all(call.text.startswith("In case this did not reach you") for call in later):
            found.append(f"{title} arrived again and did not say so")
    return found


def lines(
    told: Sequence[Told], attempts: Sequence[Attempt], sent: Sequence[Call], size: Size
) -> list[str]:
    """What is worth publishing."""
    states = Counter(each.state for each in told)
    unknown = [attempt for attempt in attempts if attempt.outcome == "AMBIGUOUS"]
    settled = sorted(a.settled - a.begin for a in unknown if a.settled is not None)
    times = [call.time for call in sent]
    arrived = Counter(call.title for call in sent if call.arrived)
    found = [
        f"notifications {len(told)}: "
        + ", ".join(f"{state} {count}" for state, count in sorted(states.items())),
        f"calls {len(sent)}, attempts on record {len(attempts)}",
        f"ambiguous attempts {len(unknown)}, settled by a status {len(settled)}"
        f" ({100 * len(settled) / max(len(unknown), 1):.1f} %)",
        f"arrived twice or more, by policy and saying so: {sum(n > 1 for n in arrived.values())}",
        f"most calls in any {size.minute_seconds} s: "
        f"{most_in_a_window(times, size.minute_seconds)} of {size.minute_limit}",
        f"most calls in any {size.day_seconds} s: "
        f"{most_in_a_window(times, size.day_seconds)} of {size.day_limit}",
    ]
    if settled:
        middle, late = settled[len(settled) // 2], settled[int(len(settled) * 0.99)]
        found.append(f"time until a status settled one: p50 {middle:.2f} s, p99 {late:.2f} s")
    return found
