"""Keys in a file: who replaces it reaches whoever reads it."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from chassis import keyfile, log
from chassis.crypto import Keyring, Unreadable, encoded_key, new_key
from chassis.keyfile import EVERY, KeyFile
from tests.unit.chassis.test_guessing import Watch

K1, K2 = (f"{name}:{encoded_key(new_key())}" for name in ("k1", "k2"))
PLACE = b"inbox.payload.1"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged from here on."""
    stream = io.StringIO()
    log.configure("test", "DEBUG", strict=True, stream=stream, console=False)
    yield stream
    structlog.reset_defaults()


@pytest.fixture(params=["HARK_TOKENS=operator:x\nHARK_KEYS={}\n", "{}\n"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    made = tmp_path / "keys"
    made.write_text(str(request.param).format(K1))
    return made


def test_a_new_key_seals_within_a_second_and_what_the_old_one_sealed_opens(path: Path) -> None:
    watch = Watch()
    keys = KeyFile(path, now=watch)
    old = keys.seal(b"call Ada", PLACE)
    keyfile.write(path, f"{K2},{K1}")
    watch.seconds += EVERY
    new = keys.seal(b"call Bo", PLACE)

    assert Keyring.from_setting(K2).open(new, PLACE) == b"call Bo"
    assert keys.open(old, PLACE) == b"call Ada"
    assert not keys.is_current(old)


def test_what_another_process_sealed_with_a_newer_key_opens_at_once(path: Path) -> None:
    keys = KeyFile(path, now=Watch())
    keyfile.write(path, f"{K2},{K1}")
    assert keys.open(Keyring.from_setting(K2).seal(b"call Ada", PLACE), PLACE) == b"call Ada"


def test_a_key_that_was_taken_away_opens_nothing(path: Path) -> None:
    watch = Watch()
    keys = KeyFile(path, now=watch)
    old = keys.seal(b"call Ada", PLACE)
    keyfile.write(path, K2)
    watch.seconds += EVERY
    keys.seal(b"x", PLACE)
    with pytest.raises(Unreadable):
        keys.open(old, PLACE)


@pytest.mark.parametrize("damage", ["", "k2:short", "HARK_KEYS=\n", None])
def test_a_damaged_file_changes_nothing_and_is_told(
    path: Path, damage: str | None, logged: io.StringIO
) -> None:
    watch = Watch()
    keys = KeyFile(path, now=watch)
    old = keys.seal(b"call Ada", PLACE)
    path.unlink()
    if damage is not None:
        path.write_text(damage)
    watch.seconds += EVERY
    keys.seal(b"x", PLACE)
    assert keys.open(old, PLACE) == b"call Ada"
    assert "keys not reloaded" in logged.getvalue()


def test_a_file_that_cannot_be_read_at_first_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KeyFile(tmp_path / "absent")
    (tmp_path / "wrong").write_text("nonsense")
    with pytest.raises(ValueError, match="entry 1"):
        KeyFile(tmp_path / "wrong")


def test_writing_keeps_what_else_stands_there_and_is_for_the_owner_alone(path: Path) -> None:
    before = path.read_text()
    keyfile.write(path, K2)
    assert keyfile.read(path) == K2
    assert path.read_text() == before.replace(K1, K2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
