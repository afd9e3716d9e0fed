"""The gRPC edge of the ai service: translate, call one use case, translate."""

from __future__ import annotations

from services.ai.servicer.service import AiServicer

__all__ = ["AiServicer"]
