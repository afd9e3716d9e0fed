"""`make bench`: every benchmark, one after the other; each can be run alone by its own name."""

from __future__ import annotations

import subprocess
import sys

ALL = ("due", "ingest", "notify", "remind", "understand")
LONGEST_SECONDS = 3600


def main() -> int:
    failed = []
    for name in sys.argv[1:] or ALL:
        print(f"\n== {name} ==", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, check=False, timeout=LONGEST_SECONDS).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
