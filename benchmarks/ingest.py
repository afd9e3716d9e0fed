"""How many webhooks a second are accepted durably, beside handlers that store nothing.

    python -m benchmarks.ingest                # a full run; writes benchmarks/results/ingest.json

Three servers, each one process on uvicorn (uvloop, httptools; Hark's writes an answer in one go),
take the same signed webhooks over 64 connections, in turns, several rounds in one run:

- `hark`:  ingress as it is wired, its worker off: signature, splitting, sealing, and the 200 only
  after the group commit in an embedded Postgres (fsync on);
- `bare`:  a Starlette handler that verifies the signature, parses with orjson and answers 200;
- `pywa`:  pywa on Starlette, with one handler that does nothing.

Every webhook is another one (about 900 bytes), signed before the clock starts. A fourth process
makes the load; it, the server and Postgres share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.ingest_load import CONNECTIONS, body

SERVERS = ("hark", "bare", "pywa")
RESULTS = Path(__file__).parent / "results" / "ingest.json"


class Server:
    """One server process."""

    def __init__(self, name: str, database_url: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.ingest_servers", name, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def usage(self) -> tuple[float, int]:
        """CPU seconds so far and the largest resident size in KiB."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        cpu, memory = self._process.stdout.readline().split()
        return float(cpu), int(memory)

    def round(self, first: int, count: int) -> dict[str, Any]:
        """One round of load."""
        before, _ = self.usage()
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.ingest_load",
                str(self.port),
                str(first),
                str(count),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        figures: dict[str, Any] = json.loads(done.stdout)
        after, memory = self.usage()
        figures["rate"] = figures["requests"] / figures["seconds"]
        figures["server_cpu_us"] = (after - before) / count * 1e6
        figures["server_memory_mib"] = memory / 1024
        return figures

    def stop(self) -> None:
        """Ends it and waits for its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


async def run(names: list[str], rounds: int, count: int) -> dict[str, Any]:
    """All rounds of all servers, in turns."""
    import asyncpg
    import sqlalchemy as sa

    import db.tables
    from db.embedded import EmbeddedPostgres
    from db.engine import open_engine

    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
        url = await postgres.start()
        engine = open_engine(url, application_name="benchmark", pool_size=1)
        async with engine.begin() as connection:
            await connection.execute(sa.schema.CreateSchema("ingress"))
            tables = [db.tables.metadata.tables["ingress.inbox"]]
            await connection.run_sync(db.tables.metadata.create_all, tables=tables)
        await engine.dispose()
        servers = [Server(name, url) for name in names]
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        try:
            first = 0
            for number in range(rounds + 1):
                for server in servers:
                    figures = server.round(first, count if number else count // 4)
                    first += count
                    # The first round only warms up.
                    if number:
                        results[server.name].append(figures)
                        print(number, server.name, f"{figures['rate']:.0f}/s", figures, flush=True)
        finally:
            for server in servers:
                server.stop()
        plain = await asyncpg.connect(url)
        fsync = await plain.fetchval("SHOW fsync")
        stored = await plain.fetchval("SELECT count(*) FROM ingress.inbox")
        await plain.close()
        await postgres.stop()
    return report(results, rounds, count, fsync=fsync, stored=stored, load_before=load_before)


def report(
    results: dict[str, list[dict[str, Any]]],
    rounds: int,
    count: int,
    *,
    fsync: str,
    stored: int,
    load_before: float,
) -> dict[str, Any]:
    """Medians over the rounds, and the ratios of each round's neighbours."""
    table = {
        name: {
            key: round(statistics.median(each[key] for each in figures), 2) for key in figures[0]
        }
        for name, figures in results.items()
    }
    ratios = {
        f"hark_to_{name}": round(
            statistics.median(
                ours["rate"] / theirs["rate"]
                for ours, theirs in zip(results["hark"], results[name], strict=True)
            ),
            3,
        )
        for name in results
        if name != "hark" and "hark" in results
    }
    libraries = ("starlette", "uvicorn", "uvloop", "httptools", "orjson", "asyncpg", "pywa")
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m benchmarks.ingest --rounds {rounds} --count {count}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in libraries},
        # What else kept the machine busy: beyond 2, ratios mean little and rates nothing.
        "load_average_before": round(load_before, 2),
        "connections": CONNECTIONS,
        "body_bytes": len(body(0)),
        "fsync": fsync,
        "stored_rows": stored,
        "worker": "on" if os.environ.get("HARK_BENCHMARK_WORKER") else "off",
        "ratios": ratios,
        "median": table,
        "rounds": results,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--count", type=int, default=20_000, help="webhooks a round")
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--no-save", action="store_true")
    arguments = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        names = arguments.servers.split(",")
        found = runner.run(run(names, arguments.rounds, arguments.count))
    print(json.dumps({key: found[key] for key in ("ratios", "median")}, indent=2))
    if not arguments.no_save:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
