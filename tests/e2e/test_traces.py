"""One message, one trace, over all services and the database, in a collector stand-in."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.tracing import trace_of
from tests.e2e.stand_in import listener, served
from tests.e2e.system import Person, System, new_folder

SPANS = {
    "handle part",
    "wait in inbox",
    "/hark.ai.v1.AiService/HandleMessage",
    "/hark.scheduler.v1.SchedulerService/Apply",
    "/hark.notifier.v1.NotifierService/RecordInbound",
    "hand over notice",
    "deliver notification",
    "postgres",
}


@dataclass
class Collector:
    """Takes what is exported over OTLP/HTTP."""

    spans: list[Span] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        taken = ExportTraceServiceRequest.FromString(body)
        for resource in taken.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        self.news.set()
        answer = ExportTraceServiceResponse().SerializeToString()
        return Response(answer, media_type="application/x-protobuf")

    def of(self, trace_id: int) -> list[Span]:
        return [span for span in self.spans if int.from_bytes(span.trace_id, "big") == trace_id]

    async def until(self, trace_id: int, names: set[str]) -> list[Span]:
        """The spans of a trace, once all of these are there."""
        async with asyncio.timeout(40):
            while not names <= {span.name for span in self.of(trace_id)}:
                self.news.clear()
                await self.news.wait()
        return self.of(trace_id)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traced() -> AsyncIterator[tuple[System, Collector]]:
    """A Hark that exports its traces."""
    collector = Collector()
    inside, address = listener()
    app = Starlette(routes=[Route("/v1/traces", collector.take, methods=["POST"])])
    with new_folder() as folder:
        system = System(Path(folder))
        system.extra = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}",
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        async with served(app, inside):
            try:
                await system.up()
                yield system, collector
            finally:
                await system.stop()


async def test_one_message_is_one_trace_over_all_services_and_the_database(
    traced: tuple[System, Collector],
) -> None:
    system, collector = traced
    async with httpx2.AsyncClient(timeout=30) as client:
        ada = Person(system, "+15550100001", client)
        await ada.says("remind me to call Ada in 1 hour")
        await ada.hears()
        message_id = await the_message_id(system)

        spans = await collector.until(trace_of(message_id), SPANS)

    roots = [span for span in spans if not span.parent_span_id]
    assert {root.name for root in roots} <= {
        "handle part",
        "hand over notice",
        "deliver notification",
    }
    by_id = {span.span_id: span for span in spans}
    apply = next(span for span in spans if span.name.endswith("/Apply"))
    above = by_id[apply.parent_span_id]
    assert above.name == "/hark.ai.v1.AiService/HandleMessage"
    said = str(collector.spans)
    assert "call Ada" not in said
    assert "15550100001" not in said


async def the_message_id(system: System) -> str:
    """The id of the only message there is, as its operator finds it."""
    log = await system.log_of("hark")
    (found,) = {
        line.split('"message_id":"')[1].split('"')[0]
        for line in log.splitlines()
        if '"message_id":"m_' in line
    }
    return found
