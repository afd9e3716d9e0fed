"""Structured logs: an event and its fields, by an allow-list, with the ids of the work at hand.

Nothing a person wrote may reach a log. So a field appears only if its name stands in `FIELDS`,
exceptions are told by type and place and never by their text, and what libraries log is reduced
to the first line of the message they were written with, before anything is filled in.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Any, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from chassis import context
from chassis.errors import ServiceError

_THE_LINE = "event level time service logger library_message error where"
_IDS = (
    "request_id message_id user_id notification_id event_id task_id notice_id turn_id part_id "
    "change_id bubble_id reminder_id contact_id row_id lane"
)
_CALLS = "method code caller reason domain peer status_code signature_valid"
_WORK = (
    "attempt attempts count depth queue state kind outcome worker component duplicates skipped "
    "created changed claimed settled postponed buried taken_over dropped engine confidence "
    "template locale policy"
)
_AMOUNTS = (
    "seconds late_seconds wait_seconds timeout_seconds retry_delay_seconds due_time bytes limit"
)
_PROCESS = "problem port listen setting signal exit_code pid version revision model"
# Every field that any line may carry. Adding one is a decision: it must never hold a name, a
# number or an address of a person, nor anything they wrote.
FIELDS = frozenset(" ".join((_THE_LINE, _IDS, _CALLS, _WORK, _AMOUNTS, _PROCESS)).split())
_LONGEST_VALUE = 200
_MOST_FRAMES = 8

_dropped: Counter[str] = Counter()


class UnknownField(ValueError):
    """A log line carries a field that is not in the allow-list."""


def get_logger() -> FilteringBoundLogger:
    """A logger: `log.info("message sent", attempt=2)`."""
    return cast("FilteringBoundLogger", structlog.get_logger())


def dropped_fields() -> Mapping[str, int]:
    """How often each unknown field was left out of a line since the process started."""
    return dict(_dropped)


def configure(
    service: str,
    level: str = "INFO",
    *,
    strict: bool = False,
    console: bool | None = None,
    stream: TextIO | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Sets up logging for the process: JSON lines, or readable ones when `stream` is a terminal.

    `strict` raises `UnknownField` instead of dropping and counting (tests and development);
    `fields` adds to the allow-list; `stream` is standard error unless given.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    allowed = FIELDS | frozenset(fields)
    readable = out.isatty() if console is None else console
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(pad_event_to=28) if readable else _render_json
    )
    processors: list[Processor] = [
        _add_context,
        structlog.processors.add_log_level,
        _Stamp(service),
        _describe_exception,
        _AllowList(allowed, strict=strict),
        renderer,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Lines(out),
        # A test sets logging up more than once, and must see what it set up last.
        cache_logger_on_first_use=not strict,
    )
    _route_standard_logging(number)


def describe(error: BaseException) -> dict[str, str]:
    """The type of an error and the places it passed, without its text."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, ServiceError):
        name = f"{name}({error.reason})"
    return {"error": name, "where": _places(error.__traceback__)}


class _Stamp:
    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        event["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        event.setdefault("service", self._service)
        return event


class _AllowList:
    def __init__(self, allowed: frozenset[str], *, strict: bool) -> None:
        self._allowed = allowed
        self._strict = strict

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        unknown = event.keys() - self._allowed
        if unknown:
            if self._strict:
                raise UnknownField(f"not in chassis.log.FIELDS: {', '.join(sorted(unknown))}")
            for name in unknown:
                _dropped[name] += 1
                del event[name]
        for name, value in event.items():
            if type(value) not in _PLAIN or (type(value) is str and len(value) > _LONGEST_VALUE):
                event[name] = _shortened(value) if name != "where" else value
        return event


class _Lines:
    """Makes the loggers that write one finished line each."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, *_args: object) -> structlog.PrintLogger:
        return structlog.PrintLogger(self._stream)


class _StandardHandler(logging.Handler):
    """Takes what libraries say and says it in our form, shortened to what cannot hold content."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, "library_message": _first_line(record.msg)}
        if record.exc_info and record.exc_info[1] is not None:
            fields |= describe(record.exc_info[1])
        get_logger().log(record.levelno, "library", **fields)


_PLAIN = frozenset((str, int, float, bool, type(None)))


def _add_context(_logger: object, _method: str, event: EventDict) -> EventDict:
    if request := context.request_id.get():
        event.setdefault("request_id", request)
    if message := context.message_id.get():
        event.setdefault("message_id", message)
    return event


def _describe_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event.update(describe(given))
    return event


def _render_json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event).decode()


def _shortened(value: object) -> object:
    if isinstance(value, Enum):
        value = value.name
    elif isinstance(value, datetime):
        value = value.isoformat()
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _first_line(message: object) -> str:
    return str(message).split("\n", 1)[0][:_LONGEST_VALUE]


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-_MOST_FRAMES:]
    return " < ".join(
        f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    )


def _route_standard_logging(level: int) -> None:
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _StandardHandler):
            root.removeHandler(handler)
    root.addHandler(_StandardHandler())
    # Libraries are heard when something is wrong; their chatter is not ours to keep.
    root.setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
