"""One trace per message, whoever works on it; nothing at all where nobody looks."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis import context, ids, tracing

MESSAGE = ids.message_id(b"k" * 32, "wamid.1")


@pytest.fixture
def seen() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.begin("test", SimpleSpanProcessor(exporter))
    yield exporter
    tracing.end()


def test_two_pieces_of_work_on_one_message_share_its_trace(seen: InMemorySpanExporter) -> None:
    for name in ("first", "second"):
        with context.bind(message_id=MESSAGE), tracing.span(name):
            pass

    first, second = seen.get_finished_spans()
    assert first.context.trace_id == second.context.trace_id == tracing.trace_of(MESSAGE)
    assert first.attributes == {"hark.message_id": MESSAGE}


def test_what_is_about_no_message_has_a_trace_of_its_own(seen: InMemorySpanExporter) -> None:
    for name in ("first", "second"):
        with tracing.span(name):
            pass

    first, second = seen.get_finished_spans()
    assert first.context.trace_id != second.context.trace_id
    assert 0 not in {first.context.trace_id, second.context.trace_id}


def test_a_span_that_travels_is_the_parent_on_the_other_side(seen: InMemorySpanExporter) -> None:
    with tracing.span("caller"):
        travels = tracing.traceparent()
    with tracing.span("called", parent=travels, server=True):
        pass

    caller, called = seen.get_finished_spans()
    assert called.parent is not None
    assert called.parent.span_id == caller.context.span_id
    assert called.context.trace_id == caller.context.trace_id


@pytest.mark.parametrize(
    "nonsense", ["", "00", "00-1-2", "zz-1-2-3", "00-0-0-00", "00-xyz-1-01", "01-1-1-01", "-" * 99]
)
def test_a_parent_that_is_none_begins_a_trace(seen: InMemorySpanExporter, nonsense: str) -> None:
    with tracing.span("called", parent=nonsense):
        pass

    (span,) = seen.get_finished_spans()
    assert span.parent is None


def test_what_is_over_is_recorded_within_the_present_span(seen: InMemorySpanExporter) -> None:
    with context.bind(message_id=MESSAGE), tracing.span("outer"):
        tracing.record("wait", started=time.time() - 5)

    wait, outer = seen.get_finished_spans()
    assert wait.parent is not None
    assert wait.parent.span_id == outer.context.span_id
    assert wait.start_time is not None
    assert wait.end_time is not None
    assert wait.end_time - wait.start_time >= 5 * 10**9


def test_an_error_is_told_by_its_type_and_never_by_its_text(seen: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Ada"), tracing.span("fails"):
        raise ValueError("what Ada wrote")

    (span,) = seen.get_finished_spans()
    assert span.status.description == "ValueError"
    assert span.events == ()


@pytest.mark.parametrize("other", ["", "m_short", "m_" + "1" * 26, "x" * 500])
def test_only_a_message_id_names_a_trace(other: str) -> None:
    assert tracing.trace_of(other) == 0


def test_off_it_costs_no_import() -> None:
    program = (
        "import sys; from chassis import tracing; tracing.configure('x')\n"
        "with tracing.span('a'): tracing.record('b', started=0.0)\n"
        "assert tracing.traceparent() == '' and not tracing.is_on()\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], env={"PATH": ""}, timeout=30)

    assert done.returncode == 0
