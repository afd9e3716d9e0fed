"""A reminder that falls due more than a day after its person last wrote still reaches them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2
import pytest

from cli import templates
from services.notifier import catalogue
from services.notifier.clients.template_account import TemplateAccount
from services.run import CONFIGURATION_ERROR
from tests.e2e.system import Person, System

pytestmark = pytest.mark.timeout(180)
HOUR = 3600
TEMPLATES = list(catalogue.load_approved().templates.values())


def account(system: System, token: str = "test_auth_token") -> TemplateAccount:
    return TemplateAccount(
        api_url=f"{system.outside}/v26.0", account_id="102290129340398", auth_token=token
    )


async def template_shown(person: Person, *, within: float = 20.0) -> dict[str, Any]:
    """The next template that the phone shows."""
    deadline = time.monotonic() + within
    while (left := deadline - time.monotonic()) > 0:
        answer = await person.client.get(
            f"{person.system.outside}/control/people/{person.number}/transcript",
            params={"after": person.after, "wait": min(left, 10.0)},
        )
        for message in answer.raise_for_status().json()["messages"]:
            if message["author"] == "business" and message["type"] == "template":
                return dict(message)
    raise TimeoutError(f"{person.number} was shown no template within {within:g} s")


async def test_the_simulator_approves_every_template_as_it_is_handed_in(system: System) -> None:
    async with account(system) as held:
        assert all(each.is_usable for each in await held.push(TEMPLATES))
        # A second time there is nothing to hand in, and nothing is refused.
        assert all(each.is_usable for each in await held.push(TEMPLATES))
        assert all(each.is_usable for each in await held.status(TEMPLATES))


async def test_a_reminder_outside_the_window_goes_out_as_an_approved_template(
    system: System, client: httpx2.AsyncClient
) -> None:
    async with account(system) as held:
        await held.push(TEMPLATES)
    ada = Person(system, "+15550100041", client)
    await ada.says("remind me to call Ada in 26 hours")
    assert "call Ada" in await ada.hears()
    system.move_clock(26 * HOUR + 1)
    shown = await template_shown(ada)
    assert shown["rendered"]["body"] == (
        "Reminder: call Ada (reply here when it is done, or to change it)"
    )
    ada.after = shown["created"]
    # They answer, which opens the window: what comes next is plain again.
    await ada.says("thanks")
    assert await ada.hears() == "You're welcome."


@pytest.fixture
def environment(system: System, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables of somebody who has an account: the simulator's."""
    monkeypatch.setenv("WHATSAPP_API_URL", f"{system.outside}/v26.0")
    monkeypatch.setenv("WHATSAPP_ACCOUNT_ID", "102290129340398")
    monkeypatch.setenv("WHATSAPP_AUTH_TOKEN", "test_auth_token")
    monkeypatch.setenv("WHATSAPP_VERIFY_TOKEN", "test_verify_token")
    monkeypatch.setenv("WHATSAPP_PHONE_ID", "test_phone_id")
    monkeypatch.setenv("WHATSAPP_APP_SECRET", "test_app_secret")
    return monkeypatch


async def test_hark_templates_pushes_and_tells_where_they_stand(
    system: System, client: httpx2.AsyncClient, environment: pytest.MonkeyPatch
) -> None:
    await templates.push_to_simulator()
    assert await asyncio.to_thread(templates.push) == 0
    assert await asyncio.to_thread(templates.status) == 0
    paused = f"{system.outside}/control/templates/hark_digest"
    (await client.patch(paused, json={"status": "PAUSED"})).raise_for_status()
    assert await asyncio.to_thread(templates.status) == templates.UNUSABLE
    (await client.patch(paused, json={"status": "APPROVED"})).raise_for_status()
    environment.setenv("WHATSAPP_AUTH_TOKEN", "wrong")
    assert await asyncio.to_thread(templates.status) == templates.UNUSABLE
    environment.delenv("WHATSAPP_ACCOUNT_ID")
    assert await asyncio.to_thread(templates.status) == CONFIGURATION_ERROR


def test_hark_templates_lint_prints_every_body(capsys: pytest.CaptureFixture[str]) -> None:
    assert templates.lint() == 0
    printed = capsys.readouterr().out
    assert all(each.body in printed for each in TEMPLATES)
