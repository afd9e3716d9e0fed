"""What people say to Hark and what must then be true, from their phone and back."""

from __future__ import annotations
