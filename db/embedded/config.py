"""How the embedded server is set up: written anew at every start, so a new version takes effect."""

from __future__ import annotations

from collections.abc import Mapping

# Names the role, the database and the map of accounts.
NAME = "hark"

_SETTINGS: Mapping[str, str | int] = {
    # Reached by a socket in a folder of mode 700, by nobody else.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    # Durable: what is committed survives a power cut.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Modest: this shares a small machine with the services.
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_worker_processes": 2,
    "max_logical_replication_workers": 0,
    "max_parallel_workers_per_gather": 0,
    "jit": "off",
    "autovacuum_naptime": "15s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Never what people wrote: no statement, no DETAIL with key values, no parameters.
    # An error's own text may quote a value; whoever caused it is told. What concerns the server
    # itself (LOG, FATAL, PANIC) is logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": 0,
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}

INITDB_OPTIONS = (
    f"--username={NAME}",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)

# The role `hark` for the accounts in the map, nothing for anybody else.
HBA = f"local all {NAME} peer map={NAME}\n"


def settings(socket_folder: str, others: Mapping[str, str | int]) -> str:
    """The whole `postgresql.conf`; `socket_folder` may be relative to the data folder."""
    pairs = {**_SETTINGS, **others, "unix_socket_directories": _listed(socket_folder)}
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in pairs.items())


def ident(user_names: set[str]) -> str:
    """The map from operating system users to the role."""
    return "".join(f"{NAME} {_double_quoted(name)} {NAME}\n" for name in sorted(user_names))


def _listed(folder: str) -> str:
    # A list of folders: quoted, so that a comma or a blank in the path does not end it.
    return _double_quoted(folder)


def _double_quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted(value: str | int) -> str:
    return "'" + str(value).replace("'", "''") + "'"
