"""All checks, and the report of what they found."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chassis.settings import SettingsProblems, load
from cli import home as secrets
from cli.doctor import environment, gemini, services, storage, whatsapp
from cli.doctor.environment import DoctorSettings, first_secret
from cli.doctor.finding import Finding, Level, fail
from cli.simulator import CREDENTIALS, SIMULATED

UNHEALTHY = 1
# The simulator has one account and one app.
_SIMULATED = SIMULATED | {"WHATSAPP_ACCOUNT_ID": "102290129340398", "WHATSAPP_APP_ID": "1550000000"}
_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}

_console = Console(highlight=False)


def doctor(home: Path, *, as_json: bool) -> int:
    """Prints what was found; 1 where anything failed, else 0."""
    secrets.export(home)
    is_simulated = not any(os.environ.get(name) for name in CREDENTIALS)
    if is_simulated:
        for name, value in _SIMULATED.items():
            os.environ[name] = os.environ.get(name) or value
    findings = asyncio.run(examine(home, is_simulated=is_simulated))
    if as_json:
        rows = [asdict(each) | {"level": each.level.value} for each in findings]
        print(json.dumps(rows, indent=2))
    else:
        show(findings)
    return UNHEALTHY if any(each.level is Level.FAIL for each in findings) else 0


async def examine(home: Path, *, is_simulated: bool) -> list[Finding]:
    """Runs every check; each has a deadline of its own."""
    found = environment.check_settings()
    found += environment.check_secrets(is_simulated=is_simulated)
    found += environment.check_home(home)
    found += storage.check_disk(home)
    try:
        (settings,) = load(DoctorSettings)
    except SettingsProblems as problems:
        return [*found, *(_of_problem(str(each)) for each in problems.problems)]
    groups = await asyncio.gather(
        storage.check_database(home),
        services.check_services(),
        services.check_webhook(
            app_secret=first_secret(settings.whatsapp_app_secret),
            verify_token=settings.whatsapp_verify_token.get_secret_value(),
        ),
        whatsapp.check_whatsapp(settings),
        gemini.check_gemini(settings),
    )
    return found + [finding for group in groups for finding in group]


def show(findings: Sequence[Finding]) -> None:
    """A line each; what to do stands below what is wrong."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for each in findings:
        meaning = escape(each.meaning)
        if each.advice:
            meaning += f"\n[dim]→ {escape(each.advice)}[/dim]"
        mark = f"[{_COLOURS[each.level]}]{each.level.value:4}[/]"
        table.add_row(mark, each.check, meaning)
    _console.print(table)
    counts = {level: sum(each.level is level for each in findings) for level in Level}
    _console.print(
        f"\n{counts[Level.OK]} ok, {counts[Level.WARN]} to know about, {counts[Level.FAIL]} failed"
    )


def _of_problem(text: str) -> Finding:
    return fail("settings", text, "Correct it.")
