"""What the ai service keeps, in Postgres."""

from __future__ import annotations
