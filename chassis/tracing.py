"""One trace per message, over all services and the database, exported by OTLP where that is set.

A trace's id is the digest in Hark's message id: whoever knows the message knows its trace, without
anything being stored or sent along, also after a restart, a day later. What is about no message has
a trace of its own.

Off (no `OTEL_EXPORTER_OTLP_ENDPOINT`), nothing of OpenTelemetry is even imported.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from chassis import context

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
# The metadata key under which a span travels, as W3C Trace Context has it.
TRACEPARENT = "traceparent"
_MESSAGE_ID_DIGITS = 26
_NANOSECONDS = 1e9

# The trace that a span without a parent begins, where that is known.
_wanted_trace: ContextVar[int] = ContextVar("wanted_trace", default=0)
_tracer: Tracer | None = None
_provider: TracerProvider | None = None


def configure(service: str) -> None:
    """Begins to trace where the environment names a collector; once a process."""
    if any(os.environ.get(name) for name in ENDPOINTS):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        begin(service, BatchSpanProcessor(OTLPSpanExporter()))


def begin(service: str, processor: Any) -> None:
    """Begins to trace; ended spans go to `processor`."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    global _tracer, _provider
    _provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: service}),
        id_generator=_ids(),
        shutdown_on_exit=False,
    )
    _provider.add_span_processor(processor)
    _tracer = _provider.get_tracer("hark")


def end() -> None:
    """Sends what has not been sent, for some seconds at most, and traces no more."""
    global _tracer, _provider
    provider, _tracer, _provider = _provider, None, None
    if provider is not None:
        provider.shutdown()


def is_on() -> bool:
    """Whether anybody looks."""
    return _tracer is not None


def span(
    name: str, *, parent: str = "", server: bool = False, **attributes: str | float
) -> AbstractContextManager[object]:
    """A span around the block: within the present one, or `parent` (a traceparent), or the trace of
    the message at hand (`context.message_id`), in this order.

    `attributes` must hold nothing that people wrote; their names get the prefix `hark.`.
    """
    if _tracer is None:
        return contextlib.nullcontext()
    return _span(_tracer, name, parent, attributes, server=server)


def record(name: str, *, started: float, **attributes: str | float) -> None:
    """A span that is over: from `started` (seconds since 1970) until now."""
    if _tracer is None:
        return
    token = _wanted_trace.set(trace_of(context.message_id.get()))
    try:
        made = _tracer.start_span(
            name, start_time=int(started * _NANOSECONDS), attributes=_named(attributes)
        )
    finally:
        _wanted_trace.reset(token)
    made.end()


def traceparent() -> str:
    """The present span as it travels; empty where there is none."""
    if _tracer is None:
        return ""
    from opentelemetry.trace import get_current_span

    present = get_current_span().get_span_context()
    if not present.is_valid:
        return ""
    return f"00-{present.trace_id:032x}-{present.span_id:016x}-{int(present.trace_flags):02x}"


def trace_of(message_id: str) -> int:
    """The id of a message's trace; 0 for what is no message id."""
    digits = message_id.rpartition("_")[2].upper()
    if len(digits) != _MESSAGE_ID_DIGITS:
        return 0
    try:
        return int.from_bytes(base64.b32decode(digits + "======"), "big")
    except binascii.Error:
        return 0


@contextlib.contextmanager
def _span(
    tracer: Tracer, name: str, parent: str, attributes: Mapping[str, str | float], *, server: bool
) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind, Status, StatusCode, use_span

    message_id = context.message_id.get()
    token = _wanted_trace.set(trace_of(message_id))
    try:
        made = tracer.start_span(
            name,
            context=_parsed(parent),
            kind=SpanKind.SERVER if server else SpanKind.INTERNAL,
            attributes=_named({"message_id": message_id} if message_id else {})
            | _named(attributes),
        )
    finally:
        _wanted_trace.reset(token)
    # Never the text of an exception: it may quote what somebody wrote.
    with use_span(made, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield made
        except BaseException as error:
            made.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _parsed(parent: str) -> Any:
    if not parent:
        return None
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    version, _, rest = parent.partition("-")
    parts = rest.split("-")
    try:
        trace_id, span_id, flags = (int(part, 16) for part in parts)
    except ValueError:
        return None
    remote = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags & 1))
    if version != "00" or not remote.is_valid:
        return None
    return set_span_in_context(NonRecordingSpan(remote))


def _named(attributes: Mapping[str, str | float]) -> dict[str, str | float]:
    return {f"hark.{name}": value for name, value in attributes.items()}


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class MessageIds(RandomIdGenerator):
        """Gives a span that begins a trace the id of the message that it is about."""

        def generate_trace_id(self) -> int:
            return _wanted_trace.get() or super().generate_trace_id()

    return MessageIds()


def database_logger() -> Callable[[Any], None] | None:
    """What asyncpg calls after each statement; None where nobody looks."""
    if _tracer is None:
        return None

    def logged(query: Any) -> None:
        words = query.query.split(None, 2)[:1]
        record("postgres", started=time.time() - query.elapsed, statement=" ".join(words))

    return logged
