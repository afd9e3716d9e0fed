"""The chassis over real sockets."""

from __future__ import annotations
