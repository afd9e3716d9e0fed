"""The console in a real browser, before a running Hark: what an operator does at three at night."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.system import Person, System

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
MILLISECONDS = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the console is not tested"),
]


def address(system: System) -> str:
    return f"http://127.0.0.1:{system.ports['CONSOLE']}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, system: System) -> AsyncIterator[Page]:
    """The console, signed in; nothing went wrong in it but what a test provokes."""
    errors: list[str] = []
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    opened = await context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    await opened.goto(address(system))
    await opened.get_by_label("Operator token").fill(system.token_of("operator"))
    await opened.get_by_role("button", name="Sign in").click()
    await expect(opened.locator("#link")).to_have_text("live", timeout=MILLISECONDS)
    yield opened
    await context.close()
    assert errors == []


async def test_a_message_is_found_and_its_way_is_shown(
    page: Page, system: System, client: httpx2.AsyncClient
) -> None:
    ada = Person(system, "+15550100001", client)
    await ada.says("remind me to call Ada tomorrow at six in the evening")
    assert "call Ada" in await ada.hears()

    await page.get_by_role("link", name="Messages").click()
    await page.get_by_role("button", name="Find").click()
    await page.locator("#found button.link-like").first.click()

    steps = page.locator("#trace .steps")
    for words in ("received: text", "understood: remind_me", "reply: accepted"):
        await expect(steps).to_contain_text(words, timeout=MILLISECONDS)
    await expect(page.locator("#trace .verdict")).to_be_visible()
    message_id = await page.locator("#trace .head code").inner_text()

    await page.get_by_label("Message, notification").fill(message_id)
    await page.keyboard.press("Enter")
    await expect(page.locator("#found")).to_contain_text("notification", timeout=MILLISECONDS)


async def test_the_overview_lives(page: Page, system: System, client: httpx2.AsyncClient) -> None:
    overview = page.locator("#overview")
    await expect(overview).to_contain_text("Success rate")
    await expect(overview).to_contain_text("messages go out")
    before = await overview.locator(".bars").get_attribute("aria-label")

    bo = Person(system, "+15550100002", client)
    await bo.says("thanks")

    await expect(overview.locator(".bars")).not_to_have_attribute(
        "aria-label", before or "", timeout=MILLISECONDS
    )
    await expect(overview).to_contain_text("per minute")


async def test_a_dead_letter_is_tried_again_and_arrives(
    page: Page, system: System, client: httpx2.AsyncClient
) -> None:
    cy = Person(system, "+15550100003", client)
    await cy.says("thanks")
    await cy.hears()
    fault = {"name": "refused", "code": 131009}
    (await client.post(f"{system.outside}/control/faults", json=fault)).raise_for_status()
    await cy.says("hello")
    await page.get_by_role("link", name="Dead letters").click()
    row = page.locator("#deadletters tbody tr", has_text="PARAMETER_INVALID").first
    await expect(row).to_be_visible(timeout=MILLISECONDS)
    (await client.delete(f"{system.outside}/control/faults")).raise_for_status()

    await row.get_by_role("button", name="Try again").click()

    await expect(page.get_by_role("status").last).to_contain_text("again", timeout=MILLISECONDS)
    assert await cy.hears()


async def test_a_wrong_token_is_refused(browser: Browser, system: System) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address(system))
    await page.get_by_label("Operator token").fill("not-a-token-of-anybody")
    await page.get_by_role("button", name="Sign in").click()

    await expect(page.get_by_role("alert")).to_contain_text("UNAUTHENTICATED", timeout=MILLISECONDS)
    await expect(page.locator("#overview")).to_be_hidden()
    await context.close()


@pytest.mark.parametrize("path", ["overview", "search?q=", "trace?message=m_1", "deadletters"])
async def test_nothing_is_told_to_who_is_not_signed_in(
    system: System, client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(f"{address(system)}/api/{path}")

    assert (answer.status_code, answer.json()["reason"]) == (401, "UNAUTHENTICATED")


async def test_another_page_cannot_press_our_buttons(
    system: System, client: httpx2.AsyncClient
) -> None:
    answer = await client.post(
        f"{address(system)}/api/session", json={"token": system.token_of("operator")}
    )

    assert (answer.status_code, answer.json()["reason"]) == (403, "FORBIDDEN")
    assert "set-cookie" not in answer.headers


async def test_a_client_that_may_not_look_is_not_let_in(
    system: System, client: httpx2.AsyncClient
) -> None:
    answer = await client.post(
        f"{address(system)}/api/session",
        json={"token": system.token_of("scheduler")},
        headers={"x-hark-console": "1"},
    )

    assert (answer.status_code, answer.json()["reason"]) == (403, "PERMISSION_DENIED")
