"""Metrics: a registry per service, the names that last, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis import log
from chassis.address import ListenAddress
from chassis.web import WebServer

# From half a millisecond to half a minute, where one call's time-out stands.
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# How late due work may be: from a millisecond to an hour.
LATENESS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300, 3600)


def new_registry() -> CollectorRegistry:
    """A registry with what every process tells about itself."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_DroppedFields())
    return registry


class ServerMetrics:
    """What a gRPC server tells about its calls, by real method name."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            "hark_grpc_server_handled_total",
            "Calls answered, by status code.",
            ("service", "method", "code"),
            registry=registry,
        )
        self.seconds = Histogram(
            "hark_grpc_server_seconds",
            "Time from the request to its answer.",
            ("service", "method"),
            buckets=SECONDS,
            registry=registry,
        )


class QueueMetrics:
    """What a service tells about its things that fall due."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.depth = Gauge(
            "hark_queue_depth", "Rows, by state.", ("queue", "state"), registry=registry
        )
        self.oldest = Gauge(
            "hark_queue_oldest_seconds",
            "How long the oldest ready row has been due.",
            ("queue",),
            registry=registry,
        )
        self.claimed = Counter(
            "hark_queue_claimed_total", "Rows claimed.", ("queue",), registry=registry
        )
        self.outcomes = Counter(
            "hark_queue_outcomes_total",
            "What became of claimed rows: settled, postponed, buried or taken over.",
            ("queue", "outcome"),
            registry=registry,
        )
        self.lateness = Histogram(
            "hark_queue_lateness_seconds",
            "Time from a row's due time to its claim.",
            ("queue",),
            buckets=LATENESS,
            registry=registry,
        )


class AdminServer(WebServer):
    """Serves /metrics, /healthz (the process answers) and /readyz (it takes work) to operators."""

    def __init__(
        self, listen: ListenAddress, registry: CollectorRegistry, ready: Callable[[], bool]
    ) -> None:
        super().__init__("admin", listen, admin_app(registry, ready))


def admin_app(registry: CollectorRegistry, ready: Callable[[], bool]) -> Starlette:
    """The pages an operator's tools ask for."""

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"content-type": content_type})

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        if ready():
            return PlainTextResponse("ready\n")
        return PlainTextResponse("not ready\n", status_code=503)

    return Starlette(
        routes=[
            Route("/metrics", metrics),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ]
    )


class _DroppedFields(Collector):
    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(
            "hark_log_fields_dropped",
            "Fields left out of log lines because the allow-list does not name them.",
            labels=("field",),
        )
        for name, count in log.dropped_fields().items():
            family.add_metric((name,), count)
        yield family
