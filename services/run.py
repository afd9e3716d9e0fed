"""Starts services: reads the environment, wires each one, and runs them until told to stop.

One process or many makes no difference to them: they meet over gRPC either way.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis import log, tracing
from chassis.auth import Tokens
from chassis.clock import Clock, SystemClock
from chassis.crypto import Keyring
from chassis.keyfile import KeyFile
from chassis.process import Component, Readiness, run
from chassis.process import main as process_main
from chassis.resource import Resource
from chassis.settings import (
    DatabaseSettings,
    LogSettings,
    Problem,
    SecuritySettings,
    Settings,
    SettingsProblems,
    load,
)
from chassis.tls import Tls
from db.embedded import find
from services.ai.settings import AiSettings
from services.ai.wiring import assemble as assemble_ai
from services.ingress.settings import IngressSettings
from services.ingress.wiring import assemble as assemble_ingress
from services.notifier.settings import NotifierSettings
from services.notifier.wiring import assemble as assemble_notifier
from services.scheduler.settings import SchedulerSettings
from services.scheduler.wiring import assemble as assemble_scheduler

CONFIGURATION_ERROR = 78  # EX_CONFIG of sysexits.h


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One of the four: what it reads from the environment, and how it is put together."""

    settings: type[Settings]
    assemble: Callable[..., list[Component]]


# In the order in which they start: who is called stands before who calls.
KINDS: Mapping[str, Kind] = {
    "notifier": Kind(settings=NotifierSettings, assemble=assemble_notifier),
    "scheduler": Kind(settings=SchedulerSettings, assemble=assemble_scheduler),
    "ai": Kind(settings=AiSettings, assemble=assemble_ai),
    "ingress": Kind(settings=IngressSettings, assemble=assemble_ingress),
}


# The clients whose tokens services need to call each other.
CALLERS = ("ingress", "ai", "scheduler")


def main(names: Sequence[str]) -> int:
    """Runs the named services (all where none is named); returns the exit code."""
    unknown = sorted(set(names) - KINDS.keys())
    if unknown:
        return _refuse(f"no such service: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    try:
        return process_main(lambda: _run(names))
    except SettingsProblems as problems:
        return _refuse(str(problems))


async def _run(names: Sequence[str]) -> int:
    # Inside the loop: channels to peers bind to the one they are made in.
    readiness = Readiness()
    return await run(assemble(names, readiness=readiness), readiness=readiness)


def assemble(
    names: Sequence[str], *, readiness: Readiness, clock: Clock | None = None
) -> list[Component]:
    """The components of the named services (all where none is named) in start order.

    Raises `SettingsProblems`.
    """
    wanted = [name for name in KINDS if name in names or not names]
    classes = (DatabaseSettings, SecuritySettings, LogSettings)
    database, security, logging, *own = _loaded(
        *classes, *[KINDS[each].settings for each in wanted]
    )
    log.configure(wanted[0] if len(wanted) == 1 else "hark", logging.hark_log_level)
    tracing.configure(f"hark-{wanted[0]}" if len(wanted) == 1 else "hark")
    shared = _shared(database, security, wanted)
    tokens: Tokens = shared["tokens"]
    components: list[Component] = [Resource("traces", lambda: asyncio.to_thread(tracing.end))]
    for name, settings in zip(wanted, own, strict=True):
        components += KINDS[name].assemble(
            settings,
            own_token=tokens.token_of(name) if name in CALLERS else "",
            clock=clock or SystemClock.from_environment(),
            readiness=readiness,
            **shared,
        )
    return components


def problems() -> Sequence[Problem]:
    """What would keep the four services from starting; empty where nothing would."""
    classes = (DatabaseSettings, SecuritySettings, LogSettings)
    try:
        database, security, *_ = _loaded(*classes, *[kind.settings for kind in KINDS.values()])
        _shared(database, security, list(KINDS))
    except SettingsProblems as found:
        return found.problems
    return ()


def _loaded(*classes: type[Settings]) -> Sequence[Any]:
    return load(*classes)


def _shared(
    database: DatabaseSettings, security: SecuritySettings, names: Sequence[str]
) -> dict[str, Any]:
    """What every service is given. Raises `SettingsProblems` that lists all that is wrong."""
    problems: list[Problem] = []

    def read(variable: str, parse: Callable[[], Any], settings: type[Settings]) -> Any:
        try:
            return parse()
        except (ValueError, OSError) as error:
            advice = settings.model_fields[variable.lower()].description or ""
            problems.append(Problem(variable=variable, problem=str(error), advice=advice))
            return None

    shared = {
        "database_url": read("DATABASE_URL", lambda: _database_url(database), DatabaseSettings),
        "tokens": read("HARK_TOKENS", lambda: _tokens(security, names), SecuritySettings),
        "keyring": read("HARK_KEYS", lambda: _keyring(security), SecuritySettings),
        "hash_key": read("HARK_HASH_KEY", lambda: _hash_key(security), SecuritySettings),
        "tls": read(
            "HARK_TLS_CERTIFICATE_FILE", lambda: Tls.from_settings(security), SecuritySettings
        ),
    }
    if problems:
        raise SettingsProblems(tuple(problems))
    return shared


def home() -> Path:
    """Where the embedded Postgres and the secrets that `make up` made are kept."""
    return Path(os.environ.get("HARK_HOME") or ".hark").resolve()


def _database_url(settings: DatabaseSettings) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    url = find(home())
    if url is None:
        raise ValueError("is not set, and no embedded Postgres runs (`hark up` starts one)")
    return url


def _tokens(settings: SecuritySettings, names: Sequence[str]) -> Tokens:
    tokens = Tokens.parse(settings.hark_tokens.get_secret_value())
    missing = sorted(set(CALLERS) & set(names) - tokens.clients)
    if missing:
        raise ValueError(f"has no token for {', '.join(missing)}")
    return tokens


def _keyring(settings: SecuritySettings) -> Keyring:
    if settings.hark_keys_file is not None:
        return KeyFile(settings.hark_keys_file)
    if settings.hark_keys is None:
        raise ValueError("is not set, and neither is HARK_KEYS_FILE")
    return Keyring.from_setting(settings.hark_keys.get_secret_value())


def _hash_key(settings: SecuritySettings) -> bytes:
    try:
        key = base64.b64decode(settings.hark_hash_key.get_secret_value(), validate=True)
    except binascii.Error as error:
        raise ValueError("is not base64") from error
    if len(key) != 32:
        raise ValueError(f"has {len(key)} bytes instead of 32")
    return key


def _refuse(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return CONFIGURATION_ERROR
