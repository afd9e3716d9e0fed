"""What Hark says, one module a language; every one has the same phrases."""

from __future__ import annotations
