"""How many notifications a second are taken on durably, and how soon they are on the wire.

    python -m benchmarks.notify                # a full run; writes benchmarks/results/notify.json

The notifier as it is wired, in a process of its own, over an embedded Postgres (fsync on), with
its caps raised so far that they never say no (`notify_server.CAPS`; the bookkeeping for them is
done all the same). Another process makes the load and plays a Graph API that accepts at once.

- `unary`: SendNotification, 64 calls under way; `batch`: BatchSendNotifications of 500, two under
  way. Each is durable before its answer; none falls due meanwhile, and the workers are off.
- `paced`: 200 a second, due at once, from the call (and from its answer) to the whole request on
  the wire.
- `sends`: notifications that fall due at one instant, from the first to the last on the wire, with
  all bookkeeping; beside `bare`, the same messages by a loop over httpx2, in turns.

All of it, Postgres included, shares the machine's cores.
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

from benchmarks.notify_server import CAPS

RESULTS = Path(__file__).parent / "results" / "notify.json"
BARS = {
    "unary_rate": 1_500,
    "batch_rate": 10_000,
    "sends_to_bare": 0.5,
    "paced_p99_ms": 50,
}


class Process:
    """A process that answers a line with a line."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def ask(self, line: str = "") -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


class Bench:
    """The database, the load, and a notifier that works or only accepts."""

    def __init__(self, url: str) -> None:
        self.load = Process("benchmarks.notify_load")
        self.api = f"http://127.0.0.1:{self.load.port}/v26.0"
        self._url = url

    def notifier(self, works: str) -> Process:
        return Process("benchmarks.notify_server", self._url, self.api, works)

    def measure(self, scenario: str, target: object, count: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.load.ask(f"{scenario} {target} {count}"))
        return found

    def server(self, notifier: Process, scenario: str, count: int) -> dict[str, Any]:
        before = float(notifier.ask().split()[0])
        found = self.measure(scenario, notifier.port, count)
        after, size = notifier.ask().split()
        found["server_cpu_us"] = (float(after) - before) / count * 1e6
        found["server_memory_mib"] = int(size) / 1024
        return shown(scenario, found)


def shown(scenario: str, found: dict[str, Any]) -> dict[str, Any]:
    """The same, after a line about it."""
    rounded = {k: v if isinstance(v, dict) else round(v, 2) for k, v in found.items()}
    print(scenario, rounded, flush=True)
    return found


def rounds_of(bench: Bench, arguments: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """All rounds; the first of each only warms up."""
    results: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("unary", "batch", "paced", "sends", "bare")
    }
    wanted = arguments.only.split(",") if arguments.only else list(results)
    accepting = bench.notifier("no")
    for name, count in (("unary", arguments.unary), ("batch", arguments.batch)):
        for number in range((arguments.rounds + 1) if name in wanted else 0):
            found = bench.server(accepting, name, count if number else count // 4 // 500 * 500)
            if number:
                results[name].append(found)
    accepting.stop()
    working = bench.notifier("yes")
    for number in range((arguments.rounds + 1) if "sends" in wanted else 0):
        for name in ("sends", "bare"):
            found = (
                bench.server(working, name, arguments.sends)
                if name == "sends"
                else shown(name, bench.measure(name, bench.api, arguments.sends))
            )
            if number:
                results[name].append(found)
    for number in range(2 if "paced" in wanted else 0):
        found = bench.server(working, "paced", arguments.paced if number else 400)
        if number:
            results["paced"].append(found)
    working.stop()
    return results


async def database(folder: Path) -> tuple[Any, str]:
    """An embedded Postgres with the notifier's tables."""
    import sqlalchemy as sa

    import db.tables
    from db.embedded import EmbeddedPostgres
    from db.engine import open_engine

    postgres = EmbeddedPostgres(folder / "home")
    url = await postgres.start()
    engine = open_engine(url, application_name="benchmark", pool_size=1)
    async with engine.begin() as connection:
        await connection.execute(sa.schema.CreateSchema("notifier"))
        tables = [t for t in db.tables.metadata.tables.values() if t.schema == "notifier"]
        await connection.run_sync(db.tables.metadata.create_all, tables=tables)
    await engine.dispose()
    return postgres, url


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Everything, and the report."""
    import asyncpg

    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        postgres, url = await database(Path(folder))
        bench = Bench(url)
        try:
            results = await asyncio.to_thread(rounds_of, bench, arguments)
        finally:
            bench.load.stop()
        plain = await asyncpg.connect(url)
        fsync = await plain.fetchval("SHOW fsync")
        states = await plain.fetch(
            "SELECT state, count(*) AS count FROM notifier.notifications GROUP BY state"
        )
        await plain.close()
        await postgres.stop()
    return report(results, arguments, load_before, fsync, {r["state"]: r["count"] for r in states})


def report(
    results: dict[str, list[dict[str, Any]]],
    arguments: argparse.Namespace,
    load_before: float,
    fsync: str,
    states: dict[int, int],
) -> dict[str, Any]:
    """Medians over the rounds, and each figure beside its bar."""

    def median(name: str, key: str = "rate") -> float:
        return round(float(statistics.median(each[key] for each in results[name])), 2)

    figures: dict[str, float] = {}
    if results["unary"]:
        figures["unary_rate"] = median("unary")
    if results["batch"]:
        figures["batch_rate"] = median("batch")
    if results["sends"]:
        figures["sends_rate"], figures["bare_rate"] = median("sends"), median("bare")
        ratios = [
            ours["rate"] / theirs["rate"]
            for ours, theirs in zip(results["sends"], results["bare"], strict=True)
        ]
        figures["sends_to_bare"] = round(statistics.median(ratios), 3)
    if results["paced"]:
        figures["paced_p50_ms"] = round(results["paced"][0]["from_call"]["p50_ms"], 1)
        figures["paced_p99_ms"] = round(results["paced"][0]["from_call"]["p99_ms"], 1)
    libraries = ("grpcio", "protobuf", "httpx2", "uvloop", "asyncpg", "orjson")
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "python -m benchmarks.notify " + " ".join(sys.argv[1:]),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in libraries},
        # What else kept the machine busy: beyond 2, ratios mean little and rates nothing.
        "load_average_before": round(load_before, 2),
        "fsync": fsync,
        "caps": CAPS,
        "rows_by_state": states,
        "figures": figures,
        "bars": BARS,
        "rounds": results,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--unary", type=int, default=8_000, help="calls a round")
    parser.add_argument("--batch", type=int, default=40_000, help="notifications a round")
    parser.add_argument("--sends", type=int, default=2_000, help="messages a round, one a person")
    parser.add_argument("--paced", type=int, default=6_000, help="notifications at 200 a second")
    parser.add_argument("--only", default="", help="e.g. unary,batch")
    parser.add_argument("--no-save", action="store_true")
    arguments = parser.parse_args()
    found = asyncio.run(run(arguments))
    print(json.dumps({key: found[key] for key in ("figures", "bars")}, indent=2))
    if not arguments.no_save:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
