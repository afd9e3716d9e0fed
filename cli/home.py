"""The secrets that a machine of one's own makes for itself, under HARK_HOME."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from chassis.crypto import encoded_key, new_key

CLIENTS = ("ingress", "ai", "scheduler", "operator")
_FILE = "secrets.env"
# A sealed value has no use without the keys, nor the keys without each other: one file.
_NAMES = ("HARK_TOKENS", "HARK_KEYS", "HARK_HASH_KEY")


def prepare(home: Path) -> None:
    """Makes the folder for its owner alone (700), and the secrets that are not there yet (600)."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / _FILE
    known = _read(path)
    missing = [name for name in _NAMES if name not in known and not os.environ.get(name)]
    if missing:
        _write(path, known | {name: _fresh(name) for name in missing})


def export(home: Path) -> None:
    """Puts the secrets into the environment; what stands there already wins."""
    path = home / _FILE
    known = _read(path)
    for name, value in known.items():
        if not os.environ.get(name):
            os.environ[name] = value
    is_from_file = "HARK_KEYS" in known and os.environ["HARK_KEYS"] == known["HARK_KEYS"]
    if is_from_file and not os.environ.get("HARK_KEYS_FILE"):
        # What runs follows the file, which is how `hark keys rotate` reaches it.
        os.environ["HARK_KEYS_FILE"] = str(path)


def token_of(client: str) -> str:
    """The first token of a client in the environment; empty without one."""
    pairs = (entry.strip().partition(":") for entry in os.environ.get("HARK_TOKENS", "").split(","))
    return next((token for name, _, token in pairs if name == client), "")


def _fresh(name: str) -> str:
    if name == "HARK_TOKENS":
        return ",".join(f"{client}:{secrets.token_urlsafe(24)}" for client in CLIENTS)
    if name == "HARK_KEYS":
        return f"k1:{encoded_key(new_key())}"
    return encoded_key(new_key())


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(_pairs(line for line in lines if line and not line.startswith("#")))


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition("=")
        yield name.strip(), value.strip()


def _write(path: Path, values: dict[str, str]) -> None:
    # Written beside and moved, so that a crash leaves the old file or the new one, whole.
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(
            "# Made by `hark up`. Who has this file can read everything. Keep a copy safe:\n"
        )
        file.write("# without HARK_KEYS nothing that is stored can be read again.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
