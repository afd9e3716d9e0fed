"""The secrets that a machine makes for itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from chassis.auth import Tokens
from chassis.crypto import Keyring
from cli import home


@pytest.fixture(autouse=True)
def _no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HARK_TOKENS", "HARK_KEYS", "HARK_KEYS_FILE", "HARK_HASH_KEY"):
        monkeypatch.setenv(name, "")


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home.prepare(folder)
    made = (folder / "secrets.env").read_bytes()
    home.prepare(folder)
    assert (folder / "secrets.env").read_bytes() == made
    assert stat.S_IMODE((folder / "secrets.env").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_made_is_what_the_services_accept(tmp_path: Path) -> None:
    home.prepare(tmp_path)
    values = dict(
        line.split("=", 1)
        for line in (tmp_path / "secrets.env").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    assert Tokens.parse(values["HARK_TOKENS"]).clients == set(home.CLIENTS)
    Keyring.from_setting(values["HARK_KEYS"])


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.prepare(tmp_path)
    monkeypatch.setenv("HARK_TOKENS", "operator:given-by-the-environment")
    home.export(tmp_path)
    assert home.token_of("operator") == "given-by-the-environment"


def test_a_secret_that_is_missing_is_added_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("HARK_KEYS=k1:abc\n")
    home.prepare(tmp_path)
    text = (tmp_path / "secrets.env").read_text()
    assert "HARK_KEYS=k1:abc\n" in text
    assert "HARK_HASH_KEY=" in text
