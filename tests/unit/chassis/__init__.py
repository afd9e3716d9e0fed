"""The chassis, piece by piece."""

from __future__ import annotations
