"""The alerts are worth being woken for: they fire, they clear, they say what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notifier.domain.provider_error import RULES, ErrorClass

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "prometheus"
PROMTOOL = shutil.which("promtool")
_METRIC = re.compile(r"\bhark_[a-z0-9_]+")
_SUFFIXES = ("_bucket", "_count", "_sum", "_total")


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL is not None
    return subprocess.run(
        [PROMTOOL, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=60
    )


def known_metrics() -> set[str]:
    """Every name that the code gives to a metric."""
    names: set[str] = set()
    for folder in ("chassis", "db", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r'"(hark_[a-z0-9_]+)"', path.read_text()))
    return names


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here: the alerts are not tried")
def test_every_alert_fires_and_clears() -> None:
    checked = promtool("check", "rules", "alerts.yml")
    tried = promtool("test", "rules", "alerts_test.yml")

    assert checked.returncode == 0, checked.stderr
    assert tried.returncode == 0, tried.stdout + tried.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here: the alerts are not tried")
def test_prometheus_takes_its_configuration() -> None:
    done = promtool("check", "config", "prometheus.yml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried_once_firing_and_once_clear() -> None:
    cases = yaml.safe_load((FOLDER / "alerts_test.yml").read_text())["tests"]
    expected = {rule["alert"] for rule in rules()}
    fires = {
        each["alertname"]
        for case in cases
        for each in case["alert_rule_test"]
        if each["exp_alerts"]
    }
    clears = {
        each["alertname"]
        for case in cases
        for each in case["alert_rule_test"]
        if not each["exp_alerts"]
    }

    assert fires == clears == expected


def test_every_alert_has_a_section_of_the_runbook_and_no_section_is_left_over() -> None:
    headings = set(re.findall(r"^## (\w+)$", (ROOT / "docs" / "runbook.md").read_text(), re.M))

    assert headings == {rule["alert"] for rule in rules()}
    for rule in rules():
        assert rule["annotations"]["runbook"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in {"page", "warn"}


@pytest.mark.parametrize("name", ["prometheus/alerts.yml", "grafana/hark.json"])
def test_only_metrics_that_exist_are_asked_for(name: str) -> None:
    known = known_metrics()
    asked = set(_METRIC.findall((ROOT / "deploy" / name).read_text()))

    missing = set()
    for metric in asked:
        plain = metric
        for suffix in _SUFFIXES:
            plain = plain.removesuffix(suffix) if metric not in known else plain
        if metric not in known and plain not in known and f"{plain}_total" not in known:
            missing.add(metric)
    assert missing == set()


def test_what_wakes_for_the_account_is_every_reason_of_the_account() -> None:
    (rule,) = (rule for rule in rules() if rule["alert"] == "HarkAccountRefused")
    (pattern,) = re.findall(r'reason=~"([^"]+)"', rule["expr"])
    reasons = {each.reason for each in RULES.values() if each.error_class is ErrorClass.ACCOUNT}

    # What has no code of Meta's, only a status.
    assert set(pattern.split("|")) == reasons | {"ACCESS_REFUSED"}


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "hark.json").read_text())

    assert {"title", "uid", "schemaVersion", "panels", "templating"} <= board.keys()
    places = [panel["gridPos"] for panel in board["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells)), "two panels lie over each other"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here: the queries are not parsed")
def test_every_query_of_the_dashboard_can_be_parsed(tmp_path: Path) -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "hark.json").read_text())
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = [{"record": f"query:{n}", "expr": query} for n, query in enumerate(queries)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))

    done = promtool("check", "rules", str(file))

    assert queries
    assert done.returncode == 0, done.stderr
