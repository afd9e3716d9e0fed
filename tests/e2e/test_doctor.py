"""`hark doctor` against a running Hark: healthy, and with each thing broken in turn."""

# ruff: noqa: ASYNC240 - what blocks here blocks nobody but this test.

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest

from cli.doctor.examine import examine
from cli.doctor.finding import Finding, Level
from db.embedded import find
from tests.e2e.system import System

# What Meta may say of the business -> the check that must notice, and how badly.
STANDINGS = [
    ({"status": "DISCONNECTED"}, "phone number", "fail"),
    ({"code_verification_status": "EXPIRED"}, "phone number", "warn"),
    ({"quality_rating": "RED"}, "quality", "fail"),
    ({"quality_rating": "YELLOW"}, "quality", "warn"),
    ({"messaging_limit": "TIER_250"}, "messaging limit", "warn"),
    ({"business_verification_status": "not_verified"}, "business", "warn"),
    ({"can_send_message": "BLOCKED"}, "account", "fail"),
    ({"can_send_message": "LIMITED"}, "account", "warn"),
    ({"scopes": ["whatsapp_business_messaging"]}, "permissions", "fail"),
    ({"token_expires": 1_900_000_000}, "token", "ok"),
    ({"token_expires": 1_700_000_000}, "token", "warn"),
    ({"app_fields": ["account_update"]}, "subscription of the app", "fail"),
    ({"app_fields": ["messages"]}, "subscription of the app", "warn"),
]
# A variable that is wrong -> the check that must notice.
VARIABLES = [
    ({"WHATSAPP_AUTH_TOKEN": "another_token"}, "token"),
    ({"WHATSAPP_API_URL": "http://127.0.0.1:9/v26.0"}, "Graph API"),
    ({"WHATSAPP_VERIFY_TOKEN": "another_token"}, "webhook handshake"),
    ({"WHATSAPP_APP_SECRET": "another_secret"}, "webhook signature"),
    ({"WHATSAPP_APP_SECRET": "short"}, "secrets"),
    ({"WHATSAPP_PHONE_ID": "12345"}, "phone number"),
    ({"SCHEDULER_ADDRESS": "127.0.0.1:9"}, "service scheduler"),
    (
        {"HARK_TLS_CERTIFICATE_FILE": "nowhere.pem", "HARK_TLS_KEY_FILE": "nowhere.key"},
        "service ai",
    ),
    ({"INGRESS_LISTEN": "127.0.0.1:9"}, "webhook"),
    ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "database"),
    ({"HARK_LOG_LEVEL": "LOUD"}, "settings"),
    ({"GEMINI_API_KEY": "wrong", "GEMINI_API_URL": "http://127.0.0.1:9"}, "Gemini"),
]

ORDER = [Level.OK, Level.WARN, Level.FAIL]


@dataclass(frozen=True)
class Patient:
    """A running Hark, examined in this process with the environment that it was started with."""

    system: System
    environment: pytest.MonkeyPatch

    async def examined(self, **changed: str) -> dict[str, Finding]:
        """The worst finding of each check."""
        for name, value in changed.items():
            self.environment.setenv(name, value)
        found: dict[str, Finding] = {}
        home = self.system.folder / "home"
        for each in await examine(home, is_simulated=False):
            worst = found.setdefault(each.check, each)
            if ORDER.index(each.level) > ORDER.index(worst.level):
                found[each.check] = each
        return found


@pytest.fixture
def patient(system: System, monkeypatch: pytest.MonkeyPatch) -> Patient:
    real = {
        "WHATSAPP_AUTH_TOKEN": "test_auth_token",
        "WHATSAPP_VERIFY_TOKEN": "test_verify_token",
        "WHATSAPP_PHONE_ID": "test_phone_id",
        "WHATSAPP_APP_SECRET": "test_app_secret",
        "WHATSAPP_ACCOUNT_ID": "102290129340398",
        "WHATSAPP_APP_ID": "1550000000",
    }
    for name in os.environ:
        if name.startswith(("HARK_", "WHATSAPP_", "GEMINI_", "DATABASE_")):
            monkeypatch.delenv(name)
    for name, value in (system.environment | real).items():
        monkeypatch.setenv(name, value)
    for name, value in system.secrets.items():
        monkeypatch.setenv(name, value)
    return Patient(system, monkeypatch)


async def stand(system: System, **standing: Any) -> None:
    async with httpx2.AsyncClient() as client:
        (await client.post(f"{system.outside}/control/reset")).raise_for_status()
        url = f"{system.outside}/control/standing"
        (await client.patch(url, json=standing)).raise_for_status()


async def test_a_healthy_hark_has_nothing_that_fails(patient: Patient) -> None:
    found = await patient.examined()

    bad = {name: each for name, each in found.items() if each.level is not Level.OK}
    # The simulator's own secrets are the only thing wrong; the disk is this machine's.
    assert bad.keys() - {"disk"} == {"secrets"}
    assert {"schema", "durability", "webhook signature", "templates", "token"} <= found.keys()


async def test_a_person_reads_it_in_a_terminal(system: System) -> None:
    code, printed = await system.run("doctor", timeout=60)

    assert code == 0
    assert "the token has whatsapp_business_messaging" in printed
    assert "0 failed" in printed


async def test_a_program_reads_it_as_json_and_by_the_exit_code(system: System) -> None:
    await stand(system, status="BANNED")

    code, printed = await system.run("doctor", "--json", timeout=60)

    findings = json.loads(printed[printed.index("[") :])
    (number,) = (each for each in findings if each["check"] == "phone number")
    assert (code, number["level"]) == (1, "fail")
    await stand(system)


@pytest.mark.parametrize(("standing", "check", "level"), STANDINGS, ids=lambda each: str(each)[:60])
async def test_what_meta_thinks_of_the_business_is_told(
    patient: Patient, standing: dict[str, Any], check: str, level: str
) -> None:
    await stand(patient.system, **standing)

    found = await patient.examined()

    assert found[check].level.value == level
    assert bool(found[check].advice) == (level != "ok")
    await stand(patient.system)


@pytest.mark.parametrize(("changed", "check"), VARIABLES, ids=lambda each: str(each)[:60])
async def test_a_wrong_setting_is_found_with_what_to_do(
    patient: Patient, changed: dict[str, str], check: str
) -> None:
    found = await patient.examined(**changed)

    assert found[check].level is Level.FAIL
    assert found[check].advice


async def test_an_account_without_subscription_is_found(patient: Patient) -> None:
    url = f"{patient.system.outside}/v26.0/102290129340398/subscribed_apps"
    headers = {"authorization": "Bearer test_auth_token"}
    async with httpx2.AsyncClient(headers=headers) as client:
        (await client.delete(url)).raise_for_status()
        found = await patient.examined()
        (await client.post(url)).raise_for_status()

    assert found["subscription of the account"].level is Level.FAIL


async def test_a_template_that_meta_paused_is_found(patient: Patient) -> None:
    async with httpx2.AsyncClient() as client:
        url = f"{patient.system.outside}/control/templates/hark_task_due"
        (await client.patch(url, json={"status": "PAUSED"})).raise_for_status()
        found = await patient.examined()
        (await client.patch(url, json={"status": "APPROVED"})).raise_for_status()

    assert found["templates"].level is Level.FAIL
    assert "hark_task_due" in found["templates"].meaning


async def test_an_old_schema_is_found(patient: Patient) -> None:
    url = find(patient.system.folder / "home")
    assert url is not None
    connection = await asyncpg.connect(url)
    newest = await connection.fetchval("SELECT version_num FROM schema_version")
    await connection.execute("UPDATE schema_version SET version_num = ''")
    try:
        found = await patient.examined()
    finally:
        await connection.execute("UPDATE schema_version SET version_num = $1", newest)
        await connection.close()

    assert found["schema"].level is Level.FAIL
    assert found["schema"].advice == "Run: hark migrate"


async def test_a_secret_file_that_others_read_is_found(patient: Patient) -> None:
    path: Path = patient.system.folder / "home" / "secrets.env"
    path.chmod(0o644)
    try:
        found = await patient.examined()
    finally:
        path.chmod(0o600)

    assert found["secret file"].level is Level.FAIL
