"""A wrong setting stops the start."""

from __future__ import annotations

import pytest

from chassis.settings import SettingsProblems, load
from services.ingress.domain.sender import Sender
from services.ingress.settings import IngressSettings

GOOD = {
    "WHATSAPP_APP_SECRET": "new, old",
    "WHATSAPP_VERIFY_TOKEN": "word",
    "WHATSAPP_PHONE_ID": "1",
    "WHATSAPP_AUTH_TOKEN": "token",
    "HARK_ALLOWED": "+15550100001",
}


def given(monkeypatch: pytest.MonkeyPatch, **changed: str) -> IngressSettings:
    for name, value in (GOOD | changed).items():
        monkeypatch.setenv(name, value)
    (settings,) = load(IngressSettings)
    return settings


def test_several_secrets_are_live_while_rotating(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch).app_secrets == ["new", "old"]


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", ["", " "])
def test_a_blank_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(SettingsProblems) as problems:
        given(monkeypatch, **{name: value})
    assert [problem.variable for problem in problems.value.problems] == [name]


@pytest.mark.parametrize("secret", ["new,", ",old", "new,,old", "new, ,old"])
def test_a_blank_secret_among_several_is_refused(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    with pytest.raises(SettingsProblems, match="blank"):
        given(monkeypatch, WHATSAPP_APP_SECRET=secret)


def test_all_that_is_missing_is_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsProblems) as problems:
        load(IngressSettings)
    assert {problem.variable for problem in problems.value.problems} == GOOD.keys()


@pytest.mark.parametrize("allowed", ["Ada", "+1555, Ada", "+", "US."])
def test_somebody_who_is_named_by_neither_number_nor_id_is_refused(
    monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    with pytest.raises(SettingsProblems, match="neither a number"):
        given(monkeypatch, HARK_ALLOWED=allowed)


def test_everybody_may_use_it_by_default_with_the_simulator_and_only_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HARK_ALLOWED", raising=False)
    without = {name: value for name, value in GOOD.items() if name != "HARK_ALLOWED"}
    for name, value in (without | {"WHATSAPP_PHONE_ID": "test_phone_id"}).items():
        monkeypatch.setenv(name, value)
    (settings,) = load(IngressSettings)
    assert settings.guests.admits(Sender(wa_id="15550100001"))
    monkeypatch.setenv("WHATSAPP_PHONE_ID", "1")
    with pytest.raises(SettingsProblems, match="nobody would be answered"):
        load(IngressSettings)
