"""Who may call what of the scheduler."""

from __future__ import annotations

from collections.abc import Mapping

_SERVICE = "/hark.scheduler.v1.SchedulerService"

TABLE: Mapping[str, tuple[str, ...]] = {
    # What people say comes through ai; the operator helps by hand.
    f"{_SERVICE}/*": ("ai", "operator"),
}
