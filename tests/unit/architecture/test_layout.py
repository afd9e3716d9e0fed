"""The tree says what the documents say."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import chassis
import services
from chassis.errors import RemoteError, ServiceError
from chassis.settings import DatabaseSettings, LogSettings, SecuritySettings, describe
from services.run import KINDS

ROOT = Path(__file__).parents[3]
ANATOMY = {
    "__init__.py",
    "__main__.py",
    "authorization.py",
    "domain",
    "ports.py",
    "servicer.py",
    "settings.py",
    "storage",
    "usecases",
    "wiring.py",
}
OPTIONAL = {
    "catalogue",
    "clients",
    "local",
    "metrics.py",
    "translation.py",
    "understanding.py",
    "web",
    "worker",
}
HAND_WRITTEN = [
    path
    for folder in ("chassis", "cli", "db", "services", "simulator", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    # Migrations are generated from the tables.
    if "versions" not in path.parts
]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_service_has_the_same_anatomy(name: str) -> None:
    found = {path.name for path in (ROOT / "services" / name).iterdir()} - {"__pycache__"}
    # A module that outgrew its file is a folder of the same name.
    whole = {each.removesuffix(".py") for each in found}
    required = {each.removesuffix(".py") for each in ANATOMY}
    allowed = required | {each.removesuffix(".py") for each in OPTIONAL}
    assert required - whole == set()
    assert whole - allowed == set()


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def is_ours(cls: type) -> bool:
    """Whether it stands in the product; other tests make errors of their own."""
    file = Path(inspect.getfile(cls)).resolve()
    return any(file.is_relative_to(ROOT / folder) for folder in ("chassis", "services"))


def errors() -> list[type[ServiceError]]:
    for package in (chassis, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: list[type[ServiceError]] = []
    unseen = [ServiceError]
    while unseen:
        cls = unseen.pop()
        unseen += cls.__subclasses__()
        if cls not in (ServiceError, RemoteError) and is_ours(cls):
            found.append(cls)
    return found


def test_every_reason_is_explained_in_the_list_of_errors() -> None:
    listed = (ROOT / "docs" / "errors.md").read_text()
    missing = {cls.reason for cls in errors() if f"`{cls.reason}`" not in listed}
    assert missing == set()


def test_a_reason_is_said_by_one_class_only_within_its_owner() -> None:
    owners = [
        (cls.__module__.split(".")[1], cls.reason)
        for cls in errors()
        if cls.__module__.startswith("services.")
    ]
    assert sorted(owners) == sorted(set(owners))


def test_every_error_says_what_happened_and_has_a_lasting_reason() -> None:
    for cls in errors():
        assert cls.__doc__, cls
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{2,62}", cls.reason), cls


def test_every_variable_stands_in_the_example_with_its_default() -> None:
    classes = [DatabaseSettings, SecuritySettings, LogSettings]
    classes += [kind.settings for kind in KINDS.values()]
    lines = (ROOT / ".env.example").read_text().splitlines()
    expected = {f"#{each.name}={each.default or ''}" for each in describe(*classes)}
    assert expected - set(lines) == set()
