"""`python -m simulator`: plays the outside world until it is told to stop."""

from __future__ import annotations

import sys

import structlog
import uvicorn
from pydantic import ValidationError

from chassis.clock import SystemClock
from simulator.settings import Settings
from simulator.wiring import Simulator

log = structlog.get_logger(__name__)


def main() -> int:
    """Runs the simulator; answers with the process's exit code."""
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            log.error("setting refused", setting=name, reason=problem["msg"])
        return 2
    simulator = Simulator(settings, SystemClock.from_environment())
    log.info("simulator starts", listen=settings.base_url, peer=settings.webhook_url)
    uvicorn.run(
        simulator.app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        # Long polls and event streams must not hold up a stop.
        timeout_graceful_shutdown=2,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
