"""`python -m services.ingress`: runs this service alone."""

from __future__ import annotations

import sys

from services.run import main

if __name__ == "__main__":
    sys.exit(main(["ingress"]))
