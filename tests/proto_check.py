"""`make proto-check`: is `gen/` what `proto/` says, and does the contract break what was tagged?"""

from __future__ import annotations

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def main() -> int:
    """Exit code 0 when both hold."""
    problems = [*stale(), *breaking()]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def stale() -> list[str]:
    """Generated files that differ from what the protos give now."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        protos = sorted(
            str(p.relative_to(ROOT / "proto")) for p in ROOT.glob("proto/hark/**/*.proto")
        )
        outputs = [f"--{kind}_out={made}" for kind in ("python", "grpc_python")]
        outputs += [f"--{kind}_out=quiet:{made}" for kind in ("mypy", "mypy_grpc")]
        subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", *outputs, *protos],
            check=True,
            env={"PATH": f"{BIN}:/usr/bin:/bin"},
            timeout=120,
        )
        for file in made.rglob("*_pb2_grpc.py*"):
            if "_service_pb2_grpc" not in file.name:
                file.unlink()
        expected = {p.relative_to(made) for p in made.rglob("*.py*") if p.is_file()}
        found = {
            p.relative_to(ROOT / "gen")
            for p in (ROOT / "gen").rglob("*.py*")
            if p.is_file() and "__pycache__" not in p.parts
        }
        wrong = expected ^ found
        wrong |= {
            name
            for name in expected & found
            if not filecmp.cmp(made / name, ROOT / "gen" / name, shallow=False)
        }
    return [f"gen/{name} is not what proto/ gives: run `make proto`" for name in sorted(wrong)]


def breaking() -> list[str]:
    """Changes that would break a caller built against the last tag; nothing without a tag."""
    tag = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    ).stdout.strip()
    if not tag:
        return []
    result = subprocess.run(
        [BIN / "buf", "breaking", "--against", f"../.git#tag={tag},subdir=proto"],
        cwd=ROOT / "proto",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return result.stdout.splitlines() + result.stderr.splitlines() if result.returncode else []


if __name__ == "__main__":
    sys.exit(main())
