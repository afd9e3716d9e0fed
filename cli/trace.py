"""`hark trace`: one message's way through the services, in a terminal."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.table import Table

from cli.peers import OperatorPeers
from console.steps import Mood
from console.trail import Trail, after, follow

NOT_FOUND = 1
_STYLES = {Mood.DONE: "", Mood.WAITS: "yellow", Mood.TROUBLE: "red"}
_VERDICTS = {None: "", Mood.DONE: "green", Mood.WAITS: "yellow", Mood.TROUBLE: "red"}


def trace(wanted: str) -> int:
    """Prints what became of a message, or of the message behind a notification; 0 if found."""
    return asyncio.run(_trace(wanted.strip()))


async def _trace(wanted: str) -> int:
    peers = OperatorPeers()
    try:
        found = await follow(wanted, peers)
    finally:
        await peers.close()
    _show(Console(highlight=False), found)
    return 0 if found.steps else NOT_FOUND


def _show(console: Console, found: Trail) -> None:
    steps = found.steps
    if steps:
        table = Table("time (UTC)", "after", "service", "what")
        table.title, table.title_justify = found.wanted, "left"
        table.columns[1].justify = "right"
        for step in steps:
            at = step.time.strftime("%H:%M:%S.%f")[:-3]
            passed = after(step.time, steps[0].time)
            table.add_row(at, passed, step.service, step.what, style=_STYLES[step.mood])
        console.print(f"{steps[0].time:%Y-%m-%d}", style="dim")
        console.print(table)
    for line in found.silent:
        console.print(line, style="red")
    mood, words = found.verdict
    console.print(words, style=_VERDICTS[mood])
