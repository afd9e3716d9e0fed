"""Checks that every kind of message needs."""

from __future__ import annotations

from typing import Any

from simulator.domain.graph_error import invalid, missing


def text(parent: dict[str, Any], name: str, *, path: str, limit: int) -> str:
    """A required string of 1 to `limit` characters."""
    value = parent.get(name)
    if value is None or value == "":
        raise missing(path)
    return _bounded(value, path=path, limit=limit)


def optional_text(parent: dict[str, Any], name: str, *, path: str, limit: int) -> str | None:
    """A string of at most `limit` characters, if it is there."""
    value = parent.get(name)
    if value is None:
        return None
    if value == "":
        raise invalid(path, "it must not be empty")
    return _bounded(value, path=path, limit=limit)


def _bounded(value: Any, *, path: str, limit: int) -> str:
    if not isinstance(value, str):
        raise invalid(path, "it must be a string")
    if len(value) > limit:
        raise invalid(path, f"it is longer than {limit} characters")
    if not value.strip():
        raise invalid(path, "it must hold more than white space")
    return value


def mapping(parent: dict[str, Any], name: str, *, path: str) -> dict[str, Any]:
    """A required object."""
    value = parent.get(name)
    if value is None:
        raise missing(path)
    if not isinstance(value, dict):
        raise invalid(path, "it must be an object")
    return value


def items(
    parent: dict[str, Any], name: str, *, path: str, least: int, most: int
) -> list[dict[str, Any]]:
    """A required array of objects, `least` to `most` of them."""
    value = parent.get(name)
    if value is None:
        raise missing(path)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise invalid(path, "it must be an array of objects")
    if not least <= len(value) <= most:
        raise invalid(path, f"it must hold {least} to {most} elements, and holds {len(value)}")
    return value


def unique(values: list[str], *, path: str) -> None:
    """No value stands twice."""
    if len(set(values)) != len(values):
        raise invalid(path, "the values must differ from each other")
