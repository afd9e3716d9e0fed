"""The client for other teams, against the real notifier."""

from __future__ import annotations

from tests.integration.notifier.conftest import graph, house

__all__ = ["graph", "house"]
