"""Settings: all problems at once, each with what to do, and never a secret in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from chassis.settings import (
    DatabaseSettings,
    ListenAddress,
    LogSettings,
    SecuritySettings,
    Settings,
    SettingsProblems,
    describe,
    load,
)


class ProbeSettings(Settings):
    """Settings of a service that does not exist."""

    probe_listen: ListenAddress = Field(
        default=ListenAddress("127.0.0.1", 50099), description="Where the probe listens."
    )
    probe_limit: int = Field(default=24, ge=1, description="How many, at least 1.")
    probe_secret: SecretStr | None = Field(default=None, description="A secret, if there is one.")
    probe_name: str = Field(description="What the probe is called.")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in describe(ProbeSettings, DatabaseSettings, SecuritySettings, LogSettings):
        monkeypatch.delenv(variable.name, raising=False)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_LISTEN", "0.0.0.0:1234")
    monkeypatch.setenv("PROBE_NAME", "one")

    probe, log = load(ProbeSettings, LogSettings)

    assert probe.probe_listen == ListenAddress("0.0.0.0", 1234)
    assert (probe.probe_limit, probe.probe_name) == (24, "one")
    assert log.hark_log_level == "INFO"


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "settings.env"
    file.write_text("PROBE_NAME=from-file\nPROBE_LIMIT=3\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PROBE_LIMIT", "5")

    (probe,) = load(ProbeSettings, env_file=file)

    assert (probe.probe_name, probe.probe_limit) == ("from-file", 5)


def test_all_problems_of_all_classes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_LISTEN", "nonsense")
    monkeypatch.setenv("PROBE_LIMIT", "0")
    monkeypatch.setenv("PROBE_SECRET", "   ")
    monkeypatch.setenv("HARK_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("HARK_TOKENS", "")

    with pytest.raises(SettingsProblems) as refused:
        load(ProbeSettings, SecuritySettings, LogSettings)

    told = {problem.variable: problem for problem in refused.value.problems}
    assert set(told) == {
        "PROBE_LISTEN",
        "PROBE_LIMIT",
        "PROBE_SECRET",
        "PROBE_NAME",
        "HARK_TOKENS",
        "HARK_KEYS",
        "HARK_HASH_KEY",
        "HARK_LOG_LEVEL",
    }
    assert told["PROBE_LISTEN"].problem == "is not host:port"
    assert told["PROBE_SECRET"].problem == told["HARK_TOKENS"].problem == "is set but blank"
    assert told["PROBE_NAME"].problem == "is not set"
    assert "greater than or equal to 1" in told["PROBE_LIMIT"].problem
    assert all(problem.advice for problem in refused.value.problems)
    for name in told:
        assert name in str(refused.value)


def test_a_problem_that_two_classes_share_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(Settings):
        """Reads the same variable."""

        probe_name: str = Field(description="What the probe is called.")

    with pytest.raises(SettingsProblems) as refused:
        load(ProbeSettings, Other)

    assert [problem.variable for problem in refused.value.problems] == ["PROBE_NAME"]
    assert str(refused.value).startswith("1 problem with")


def test_no_secret_shows_in_settings_nor_in_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_NAME", "one")
    monkeypatch.setenv("PROBE_SECRET", "hunter2hunter2")
    (probe,) = load(ProbeSettings)
    assert "hunter2" not in repr(probe)

    class Strict(Settings):
        """Wants a long secret."""

        probe_secret: SecretStr = Field(min_length=64, description="Long.")

    with pytest.raises(SettingsProblems) as refused:
        load(Strict)
    assert "hunter2" not in str(refused.value)


def test_every_variable_is_described_once_with_its_default() -> None:
    variables = {each.name: each for each in describe(ProbeSettings, LogSettings, ProbeSettings)}

    assert list(variables) == [
        "PROBE_LISTEN",
        "PROBE_LIMIT",
        "PROBE_SECRET",
        "PROBE_NAME",
        "HARK_LOG_LEVEL",
    ]
    assert variables["PROBE_LISTEN"].default == "127.0.0.1:50099"
    assert variables["PROBE_NAME"].default is None
    assert variables["PROBE_SECRET"].is_secret
    assert not variables["PROBE_LIMIT"].is_secret


def test_every_shared_setting_says_what_it_is_for() -> None:
    for variable in describe(DatabaseSettings, SecuritySettings, LogSettings):
        assert variable.description.endswith("."), variable.name


def test_settings_cannot_be_changed_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE_NAME", "one")
    (probe,) = load(ProbeSettings)

    with pytest.raises(ValueError, match="frozen"):
        probe.probe_limit = 5
