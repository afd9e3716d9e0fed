"""What is true of events, tasks and time."""

from __future__ import annotations
