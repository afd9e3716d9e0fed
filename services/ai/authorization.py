"""Who may call what of the ai service."""

from __future__ import annotations

from collections.abc import Mapping

TABLE: Mapping[str, tuple[str, ...]] = {
    "/hark.ai.v1.AiService/HandleMessage": ("ingress",),
    "/hark.ai.v1.AiService/HandleMedia": ("ingress",),
    "/hark.ai.v1.AiService/Interpret": ("operator",),
    "/hark.ai.v1.AiService/ListTurns": ("operator",),
    "/hark.ai.v1.AiService/GetUsage": ("operator",),
    "/hark.ai.v1.AiService/EraseUser": ("ingress", "operator"),
}
