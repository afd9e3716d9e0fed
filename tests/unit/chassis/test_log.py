"""Logs: an event and allowed fields, the ids of the work at hand, and nothing anyone wrote."""

from __future__ import annotations

import ast
import io
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog

from chassis import context, log
from chassis.errors import Code, InvalidArgument

ROOT = Path(__file__).parents[3]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_the_ids_of_the_work_at_hand() -> None:
    stream = io.StringIO()
    log.configure("notifier", strict=True, stream=stream)

    with context.bind(request_id="r1", message_id="m_1"):
        log.get_logger().info("message sent", attempt=2, code=Code.NOT_FOUND)

    (line,) = lines(stream)
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {
        "event": "message sent",
        "level": "info",
        "service": "notifier",
        "request_id": "r1",
        "message_id": "m_1",
        "attempt": 2,
        "code": "NOT_FOUND",
    }


def test_a_field_that_is_not_in_the_list_is_dropped_and_counted() -> None:
    stream = io.StringIO()
    log.configure("notifier", stream=stream)
    before = log.dropped_fields().get("phone_number", 0)

    log.get_logger().info("message sent", phone_number="16505551234", attempt=1)

    assert "16505551234" not in stream.getvalue()
    assert lines(stream)[0]["attempt"] == 1
    assert log.dropped_fields()["phone_number"] == before + 1


def test_in_tests_and_development_such_a_field_is_an_error() -> None:
    log.configure("notifier", strict=True, stream=io.StringIO())

    with pytest.raises(log.UnknownField, match="phone_number"):
        log.get_logger().info("message sent", phone_number="16505551234")


def test_the_list_can_be_extended_for_one_process() -> None:
    stream = io.StringIO()
    log.configure("bench", strict=True, stream=stream, fields=("round",))

    log.get_logger().info("measured", round=3)

    assert lines(stream)[0]["round"] == 3


def test_an_exception_is_told_by_type_and_place_and_never_by_its_text() -> None:
    stream = io.StringIO()
    log.configure("ai", strict=True, stream=stream)

    try:
        int("remind me to call Ada")
    except ValueError:
        log.get_logger().exception("turn failed")

    (line,) = lines(stream)
    assert line["error"] == "builtins.ValueError"
    assert "test_log.py:" in line["where"]
    assert "Ada" not in stream.getvalue()


def test_an_error_of_ours_is_told_with_its_reason() -> None:
    assert log.describe(InvalidArgument("x"))["error"] == (
        "chassis.errors.InvalidArgument(INVALID_ARGUMENT)"
    )


def test_a_value_is_cut_before_it_fills_the_log() -> None:
    stream = io.StringIO()
    log.configure("ai", strict=True, stream=stream)

    log.get_logger().info("odd", reason="x" * 5_000, kind=["y"] * 5_000)

    (line,) = lines(stream)
    assert len(line["reason"]) == len(line["kind"]) == 200


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    log.configure("ai", "warning", strict=True, stream=stream)

    log.get_logger().info("quiet")
    log.get_logger().warning("loud")

    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_what_libraries_say_is_kept_without_what_was_filled_in() -> None:
    stream = io.StringIO()
    log.configure("ai", stream=stream)
    library = logging.getLogger("sqlalchemy.engine")

    library.warning("could not insert %s\n[parameters: secret]", "call Ada")
    library.info("too quiet to be heard: call Ada")
    try:
        int("call Ada")
    except ValueError:
        library.exception("it failed")

    said = lines(stream)
    assert [line["library_message"] for line in said] == ["could not insert %s", "it failed"]
    assert said[0]["logger"] == "sqlalchemy.engine"
    assert said[1]["error"] == "builtins.ValueError"
    assert "Ada" not in stream.getvalue()
    assert "secret" not in stream.getvalue()


def test_configuring_twice_says_nothing_twice() -> None:
    stream = io.StringIO()
    log.configure("ai", stream=io.StringIO(), strict=True)
    log.configure("ai", stream=stream, strict=True)

    logging.getLogger("somewhere").error("once")

    assert len(lines(stream)) == 1


def test_a_terminal_gets_readable_lines() -> None:
    stream = Terminal()
    log.configure("ai", strict=True, stream=stream)

    log.get_logger().info("message sent", attempt=2)

    assert "message sent" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_every_field_that_any_line_of_the_project_carries_is_in_the_list() -> None:
    unknown: list[str] = []
    for folder in ("chassis", "db", "services", "cli"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            unknown += [
                f"{path.relative_to(ROOT)}:{line} {name}"
                for line, name in fields_logged(path.read_text())
                if name not in log.FIELDS | {"exc_info"}
            ]

    assert unknown == []


def fields_logged(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every keyword given to a method of `log`, `_log` or `self._log`."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in {"debug", "info", "warning", "error", "exception", "critical"}:
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if name in {"log", "_log", "logger"}:
            yield from ((node.lineno, word.arg) for word in node.keywords if word.arg)


def test_the_search_for_logged_fields_finds_them() -> None:
    source = "log.info('x', phone=1)\nself._log.error('y', code=2)\nother.info('z', no=3)\n"

    assert list(fields_logged(source)) == [(1, "phone"), (2, "code")]
