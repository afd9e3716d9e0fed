"""A keyring in a file: who replaces the file rotates the keys of every process that reads it.

What makes that safe: nothing is sealed under keys that were read more than `EVERY` seconds ago, and
a value under a key that is not known yet makes the reader look at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from chassis.crypto import Keyring, parsed_keys
from chassis.log import get_logger

VARIABLE = "HARK_KEYS"
# Seconds for which what was read may be used to seal.
EVERY = 1.0

log = get_logger()


class KeyFile(Keyring):
    """The keys that stand in `path`, looked at again while it is used.

    Raises OSError or ValueError where they cannot be read at first; later, what was read last
    stays in use and the log says so.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._now = now
        self._looked = now()
        self._stamp = _stamp(path)
        super().__init__(parsed_keys(read(path)))

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """`plaintext` sealed with the newest key for this one place."""
        if self._now() - self._looked >= EVERY:
            self._look()
        return super().seal(plaintext, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Raises `Unreadable`."""
        if not self.knows(sealed):
            self._look()
        return super().open(sealed, context)

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed this."""
        if self._now() - self._looked >= EVERY:
            self._look()
        return super().is_current(sealed)

    def _look(self) -> None:
        try:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self.replace(parsed_keys(read(self._path)))
                self._stamp = stamp
                log.info("keys reloaded", component="keyring")
        except (OSError, ValueError) as error:
            log.error("keys not reloaded", component="keyring", exc_info=error)
        self._looked = self._now()


def read(path: Path) -> str:
    """The keys in a file that holds nothing else, or a line `HARK_KEYS=…` among others.

    Raises OSError.
    """
    text = path.read_text()
    for line in text.splitlines():
        name, is_assigned, value = line.partition("=")
        if is_assigned and name.strip() == VARIABLE:
            return value.strip()
    return text.strip()


def write(path: Path, keys: str) -> None:
    """Puts other keys in place of those in the file, for its owner alone; whole or not at all.

    Raises OSError.
    """
    lines = path.read_text().splitlines()
    at = [n for n, line in enumerate(lines) if line.partition("=")[0].strip() == VARIABLE]
    for n in at:
        lines[n] = f"{VARIABLE}={keys}"
    text = "\n".join(lines) if at else keys
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    _sync_folder(path.parent)


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _sync_folder(folder: Path) -> None:
    # Nothing may be sealed under a key that a power cut can take back.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
