"""What can be asked of ingress: accept a webhook, handle a stored part, look into the inbox."""

from __future__ import annotations

from services.ingress.usecases.acceptance import Acceptance
from services.ingress.usecases.handling import Handling
from services.ingress.usecases.inspection import Inspection

__all__ = ["Acceptance", "Handling", "Inspection"]
