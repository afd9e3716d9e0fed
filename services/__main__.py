"""`python -m services [name…]`: runs the named services in one process; all four by default."""

from __future__ import annotations

import sys

from services.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
