"""What a run prints: its seed, what was injected, and a line for each invariant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.chaos.checkers import Verdict
from tests.chaos.history import CALL, EVENT, History

_SHOWN = 8


def lines(history: History, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The report, line by line."""
    meta = history.meta
    seconds = meta["seconds"]
    calls = len(history.of(CALL))
    yield (
        f"seed {meta['seed']}: {meta['people']} people, {meta['said']} messages, {calls} calls;"
        f" {seconds['storm']:.0f} s of storm, {seconds['settling']:.0f} s until all was at rest"
    )
    yield "faults: " + " · ".join(f"{name} {number}" for name, number in injected(history).items())
    for verdict in verdicts:
        counts = ", ".join(f"{number} {what}" for what, number in verdict.counts.items())
        mark = "holds " if verdict.holds else f"BROKEN ({len(verdict.violations)})"
        yield f"{verdict.name:<4} {mark} {verdict.says}: {counts}"
        for violation in verdict.violations[:_SHOWN]:
            yield f"       {violation}"


def injected(history: History) -> dict[str, int]:
    """How often each fault struck, by number and name."""
    meta = history.meta
    found: Counter[str] = Counter()
    for name, count in meta["world"].items():
        found[f"{meta['numbers'][name]} {name}"] += count
    for event in history.of(EVENT):
        if event["number"]:
            found[f"{event['number']} {event['name']}"] += 1
    # Two of everything is the ground that all of it happens on.
    found["F25 replicas of each service"] = 2
    return dict(sorted(found.items(), key=lambda pair: (_order(pair[0]), pair[0])))


def _order(name: str) -> tuple[int, str]:
    number = name.split(" ", 1)[0].removeprefix("F")
    digits = "".join(each for each in number if each.isdigit())
    return (int(digits or 99), number)
