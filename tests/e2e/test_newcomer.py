"""What a newcomer does first, with everything real but Meta: the chat page, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.e2e.system import System

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
MILLISECONDS = 40_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the chat page is not tested"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def page(system: System) -> AsyncIterator[Page]:
    """The chat page that `hark up` prints, with no error on its console."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        opened = await browser.new_page(viewport={"width": 1400, "height": 900})
        opened.set_default_timeout(MILLISECONDS)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        await opened.goto(f"{system.outside}/")
        await expect(opened.locator("#link")).to_have_text("live", timeout=MILLISECONDS)
        yield opened
        await browser.close()
    assert errors == []


async def test_a_newcomer_writes_hears_back_is_reminded_and_taps_done(
    page: Page, system: System
) -> None:
    await page.get_by_label("Write a message to Hark").fill("remind me to call Ada in 1 minute")
    await page.keyboard.press("Enter")
    theirs = page.locator(".message.theirs")
    answer = theirs.filter(has_text="I'll remind you to call Ada")
    await expect(answer).to_be_visible(timeout=MILLISECONDS)

    system.move_clock(62)
    reminder = theirs.filter(has=page.get_by_role("button", name="Done"))
    await expect(reminder).to_contain_text("call Ada", timeout=MILLISECONDS)

    await reminder.get_by_role("button", name="Done").click()
    await expect(theirs.filter(has_text="marked complete")).to_be_visible(timeout=MILLISECONDS)
    await expect(page.locator(".entry.webhook", has_text="status read").first).to_be_visible(
        timeout=MILLISECONDS
    )
