"""Becomes the server: run as a program of its own, it imports nothing of Hark.

    python -I -S launch.py <owner pid> <uid> <gid> <program> <argument>…

Gives up the rights of root, asks the kernel (Linux) to stop the server quickly but cleanly when the
owner dies, and then executes the program. A program in between, because this must happen after the
change of user and before the server starts, and code between fork and exec is not safe in a process
with threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Never returns."""
    owner, uid, gid = (int(argument) for argument in arguments[:3])
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # Lost on a change of user, kept over exec: so it stands exactly here.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != owner:
            sys.exit("the owner is gone already")
    os.umask(0o077)
    os.execv(arguments[3], arguments[3:])  # noqa: S606 - the point of this program


if __name__ == "__main__":
    main(sys.argv[1:])
