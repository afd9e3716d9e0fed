"""Starts this one service."""

from __future__ import annotations

import sys

from services.run import main

sys.exit(main(["scheduler"]))
