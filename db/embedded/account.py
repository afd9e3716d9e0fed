"""The operating system account that the server runs under."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

# Postgres refuses to run as root. A user made for it comes first; `nobody` is always there.
UNPRIVILEGED = ("hark", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user for the server; `switch` says whether that is another one than ours."""

    uid: int
    gid: int
    switch: bool

    @classmethod
    def choose(cls, folder: Path) -> Account:
        """Ours, unless we are root: then the owner of the data there is, or an unprivileged one.

        Raises LookupError if there is none.
        """
        if os.geteuid() != 0:
            return cls(uid=os.geteuid(), gid=os.getegid(), switch=False)
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return cls(uid=owner.st_uid, gid=owner.st_gid, switch=True)
        for name in UNPRIVILEGED:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
        raise LookupError(f"no unprivileged user to run Postgres as ({', '.join(UNPRIVILEGED)})")

    def own(self, folder: Path) -> None:
        """Makes a folder of ours for this account only: mode 700, created if need be."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.switch:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def user_name() -> str:
    """The name that the server sees when this process connects. Raises LookupError."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise LookupError(
            f"user id {os.geteuid()} has no name: Postgres needs one (an entry in /etc/passwd)"
        ) from None
