"""What an engine's pool of connections looks like at the moment that somebody asks."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.ext.asyncio import AsyncEngine


class PoolCollector(Collector):
    """`hark_db_connections` of one engine: register it with the service's registry."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._pool = engine.sync_engine.pool

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One sample for connections in use, one for those that wait in the pool."""
        family = GaugeMetricFamily(
            "hark_db_connections", "Pooled connections, by state.", labels=("state",)
        )
        pool = self._pool
        if isinstance(pool, sa.QueuePool):
            family.add_metric(("in_use",), pool.checkedout())
            family.add_metric(("idle",), pool.checkedin())
        yield family
