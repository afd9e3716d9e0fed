"""What can be asked of the ai service: understand, remember, act, answer."""

from __future__ import annotations
