"""The bill of materials names everything that is locked, and nothing else."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def made() -> dict[str, Any]:
    module = runpy.run_path(str(ROOT / "requirements" / "sbom.py"))
    project = {"name": "hark", "version": "0.1.0", "license": "Apache-2.0"}
    document: dict[str, Any] = module["bill"](module["LOCKED"].read_text(), project)
    return document


def test_every_locked_package_is_in_it_with_the_hashes_that_are_accepted() -> None:
    locked = (ROOT / "requirements" / "runtime.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==", locked, re.M | re.I))
    components = made()["components"]

    assert {each["name"] for each in components} == {name.lower() for name in pinned}
    assert all(each["properties"] for each in components)
    assert len(components) > 40


def test_most_of_it_says_its_licence_and_the_same_list_gives_the_same_file() -> None:
    document = made()
    licensed = [each for each in document["components"] if each.get("licenses")]
    assert len(licensed) > len(document["components"]) * 0.8
    assert document == made()
