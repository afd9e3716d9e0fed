"""`hark up`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from rich.console import Console

from chassis.process import Readiness, run
from chassis.process import main as process_main
from chassis.settings import SettingsProblems, load
from cli import home as secrets
from cli.simulator import CREDENTIALS, SIMULATED, Simulator
from cli.templates import push_to_simulator
from console.server import ConsoleServer
from console.settings import ConsoleSettings
from db import migrate
from db.embedded import AlreadyRunning, EmbeddedPostgres
from services.notifier.clients.template_account import TemplateAccountError
from services.run import CONFIGURATION_ERROR, assemble

_console = Console(stderr=True, highlight=False)


def up(home: Path) -> int:
    """Starts Postgres, the simulator and the services; returns the exit code."""
    secrets.prepare(home)
    secrets.export(home)
    os.environ["HARK_HOME"] = str(home)
    is_simulated = not any(os.environ.get(name) for name in CREDENTIALS)
    if is_simulated:
        os.environ.update({k: v for k, v in SIMULATED.items() if not os.environ.get(k)})
    try:
        return process_main(lambda: _up(home, is_simulated=is_simulated))
    except (AlreadyRunning, SettingsProblems, TemplateAccountError) as problem:
        _console.print(str(problem), style="red")
        return CONFIGURATION_ERROR


async def _up(home: Path, *, is_simulated: bool) -> int:
    postgres = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(home)
    simulator = Simulator() if is_simulated else None
    try:
        if simulator is not None:
            # It starts beside Postgres, and before gRPC has threads that a fork would disturb.
            await simulator.spawn()
        if postgres is not None:
            os.environ["DATABASE_URL"] = await postgres.start()
        await migrate.upgrade_at(os.environ["DATABASE_URL"])
        readiness = Readiness()
        components = [*assemble((), readiness=readiness), ConsoleServer(_console_settings())]
        if simulator is not None:
            components.insert(0, simulator)
        if simulator is not None:
            await simulator.start()
            # A real account's templates are pushed by hand, and approved by Meta.
            await push_to_simulator()
        return await run(
            components,
            readiness=readiness,
            on_ready=lambda: asyncio.to_thread(_announce, is_simulated),
        )
    finally:
        if simulator is not None:
            await simulator.stop()
        if postgres is not None:
            await postgres.stop()


def _console_settings() -> ConsoleSettings:
    (settings,) = load(ConsoleSettings)
    return settings


def _announce(is_simulated: bool) -> None:
    lines = ["", "[bold]Hark is up.[/bold] Ctrl-C stops it.", ""]
    if is_simulated:
        lines += [
            f"  Chat page      http://{os.environ.get('SIMULATOR_LISTEN', '127.0.0.1:8090')}/",
            '  Or say         hark say "remind me to call Ada in 1 minute"',
        ]
    lines += [
        f"  Webhook        http://{os.environ.get('INGRESS_LISTEN', '127.0.0.1:8080')}/webhook",
        "  gRPC           ingress 50050 · ai 50051 · scheduler 50052 · notifier 50053 (loopback)",
        f"  Console        http://{os.environ.get('CONSOLE_LISTEN', '127.0.0.1:8070')}/",
        f"  Operator token {secrets.token_of('operator')}",
        "",
        "  Look inside    buf curl --protocol grpc --http2-prior-knowledge --list-services \\",
        "                   http://127.0.0.1:50053",
        "",
    ]
    _console.print("\n".join(lines), soft_wrap=True)
    sys.stderr.flush()
