"""Whether the run itself is worth checking, and whether the processes kept standing."""

from __future__ import annotations

from tests.chaos.checkers.verdict import Verdict
from tests.chaos.history import EVENT, SAID, History


def left_standing(history: History) -> Verdict:
    """Nobody fell without being killed, everything came to rest, nothing was missed in the log."""
    verdict = Verdict("RUN", "all came to rest, nobody fell by themselves, the log is whole")
    meta = history.meta
    verdict.count("messages said", len(history.of(SAID)))
    verdict.count("log entries", len(history.of("log")))
    verdict.expect(bool(history.of(SAID)), "nobody said anything")
    verdict.expect(meta["missed"] == 0, f"{meta['missed']} log entries were pushed out")
    verdict.expect(meta["dropped"] == 0, f"{meta['dropped']} webhooks were given up by the world")
    for table, count in meta["left"].items():
        verdict.expect(count == 0, f"{table}: {count} rows did not come to rest")
    for event in history.of(EVENT):
        if event["name"] == "fell":
            verdict.expect(False, f"{event['what']} ended by itself with code {event['code']}")
        if event["name"] == "stuck":
            verdict.expect(False, f"{event['what']} did not stop when told to")
    return verdict
