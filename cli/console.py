"""`hark console`: the operators' page, by itself."""

from __future__ import annotations

import sys

from chassis import log
from chassis.process import Readiness, run
from chassis.process import main as process_main
from chassis.settings import LogSettings, SettingsProblems, load
from console.server import ConsoleServer
from console.settings import ConsoleSettings
from services.run import CONFIGURATION_ERROR


def console() -> int:
    """Serves it until told to stop; returns the exit code."""
    try:
        settings, logging = load(ConsoleSettings, LogSettings)
    except SettingsProblems as problems:
        sys.stderr.write(f"{problems}\n")
        return CONFIGURATION_ERROR
    log.configure("console", logging.hark_log_level)
    return process_main(lambda: _serve(settings))


async def _serve(settings: ConsoleSettings) -> int:
    return await run([ConsoleServer(settings)], readiness=Readiness())
