"""The scheduler over a real Postgres and real gRPC, before a notifier that records."""

from __future__ import annotations
