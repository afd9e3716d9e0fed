"""The chat page in a real browser: what a newcomer does first.

A business that answers by script stands in for Hark here: this is about the page, and about what
the page makes of Meta's wire.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from chassis.clock import SystemClock
from simulator.settings import Settings
from simulator.wiring import Simulator
from tests.e2e.stand_in import DEADLINE, ScriptedBusiness, listener, png, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: the chat page is not tested"),
]


@dataclass
class Setup:
    """A page that is open, and who answers it."""

    browser: Browser
    business: ScriptedBusiness
    simulator: Simulator
    url: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def setup(browser: Browser) -> AsyncIterator[Setup]:
    """A fresh outside world with a business in it."""
    (outside, address), (inside, hook) = listener(), listener()
    business = ScriptedBusiness(f"http://{address}/v26.0/test_phone_id/messages")
    settings = Settings(listen=address, webhook_url=f"http://{hook}/webhook")
    simulator = Simulator(settings, SystemClock())
    async with served(business.app(), inside), served(simulator.app, outside):
        yield Setup(browser, business, simulator, f"http://{address}/")
    await business.client.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def page(setup: Setup) -> AsyncIterator[Page]:
    """The page on a desk, with no error on its console."""
    errors: list[str] = []
    context = await setup.browser.new_context(
        viewport={"width": 1400, "height": 900}, timezone_id="Europe/Berlin", locale="en-GB"
    )
    context.set_default_timeout(DEADLINE)
    opened = await context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    await opened.goto(setup.url)
    await expect(opened.locator("#link")).to_have_text("live")
    await expect(opened.locator(".suggestion").first).to_be_visible()
    yield opened
    await context.close()
    assert errors == []


def own(page: Page, words: str) -> Any:
    return page.locator(".message.own", has_text=words)


def theirs(page: Page, words: str) -> Any:
    return page.locator(".message.theirs", has_text=words)


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Write a message to Hark").fill(words)
    await page.keyboard.press("Enter")


async def menu(page: Page, message: Any, item: str) -> None:
    """Chooses from the menu of a message."""
    await message.hover()
    await message.get_by_label("What to do with this message").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_a_newcomer_writes_and_hears_back(page: Page) -> None:
    await say(page, "hello *there*")

    await expect(theirs(page, "You said hello")).to_be_visible()
    await expect(own(page, "hello there").locator(".tick")).to_have_attribute("aria-label", "Read")
    await expect(page.locator(".day")).to_have_text("Today")
    await expect(own(page, "hello").locator("strong")).to_have_text("there")


async def test_what_really_happened_stands_beside_it(page: Page) -> None:
    await say(page, "hello")
    await expect(theirs(page, "You said")).to_be_visible()

    webhook = page.locator(".entry.webhook").first
    await webhook.locator("summary").click()
    await expect(webhook).to_contain_text("X-Hub-Signature-256: sha256=")
    await expect(webhook).to_contain_text('"body": "hello"')
    await expect(page.locator(".entry.api", has_text="Hark → Ada")).to_be_visible()
    await expect(page.locator(".entry.webhook", has_text="status read")).to_be_visible()
    await own(page, "hello").hover()
    await expect(webhook).to_have_class("entry webhook lit")
    await page.get_by_role("button", name="API calls out").click()
    await expect(webhook).to_be_hidden()


async def test_a_suggestion_a_button_and_a_list_are_tapped(page: Page, setup: Setup) -> None:
    await page.locator(".suggestion").first.click()
    await page.get_by_role("button", name="Undo").click()
    await expect(theirs(page, "You tapped Undo")).to_be_visible()
    heard = await setup.business.until("interactive")
    assert heard["interactive"]["button_reply"] == {"id": "undo", "title": "Undo"}

    await say(page, "what's on today?")
    await page.get_by_role("button", name="Show it").click()
    await page.get_by_role("dialog").get_by_role("button", name="Call Ada").click()
    await expect(theirs(page, "You tapped Call Ada")).to_be_visible()


async def test_a_message_is_reacted_to_answered_edited_and_deleted(
    page: Page, setup: Setup
) -> None:
    await say(page, "at six")
    answer = theirs(page, "You said at six")
    await expect(answer).to_be_visible()

    await menu(page, answer, "React with 👍")
    await expect(answer.locator(".reactions")).to_have_text("👍")
    await menu(page, answer, "Reply")
    await say(page, "thanks")
    await expect(own(page, "thanks").locator(".quote")).to_contain_text("You said at six")
    await menu(page, own(page, "at six").first, "Edit")
    await say(page, "at seven")
    await expect(own(page, "at seven").locator(".stamp")).to_contain_text("edited")
    await menu(page, own(page, "at seven").first, "Delete for everyone")
    await expect(own(page, "You deleted this message")).to_be_visible()

    assert (await setup.business.until("reaction"))["reaction"]["emoji"] == "👍"
    assert (await setup.business.until("edit"))["edit"]["message"]["text"] == {"body": "at seven"}
    assert "original_message_id" in (await setup.business.until("revoke"))["revoke"]


async def test_a_photo_is_sent_and_shown(page: Page, setup: Setup) -> None:
    picture = {"name": "list.png", "mimeType": "image/png", "buffer": png()}

    await page.locator("input[type=file]").set_input_files(picture)

    photo = page.locator(".message.own img.photo")
    await expect(photo).to_be_visible()
    assert await photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 8
    assert (await setup.business.until("image"))["image"]["mime_type"] == "image/png"


async def test_a_voice_note_is_recorded_and_can_be_played(page: Page, setup: Setup) -> None:
    await page.get_by_role("button", name="Record a voice note").click()
    await expect(page.get_by_role("timer")).to_contain_text("Recording 0:01")
    await page.get_by_role("button", name="Send the voice note").click()

    await expect(page.locator(".message.own audio")).to_be_visible()
    heard = (await setup.business.until("audio"))["audio"]
    assert heard["voice"] is True
    assert heard["mime_type"].startswith("audio/")
    assert setup.simulator.outside.shelf.find(heard["id"])


async def test_two_people_stand_side_by_side_and_do_not_hear_each_other(page: Page) -> None:
    await page.locator(".people").get_by_role("button", name="Grace").click()
    grace = page.get_by_role("article", name="Grace\u2019s phone")
    await grace.get_by_label("Write a message to Hark").fill("hello from Grace")
    await page.keyboard.press("Enter")

    await expect(grace.locator(".theirs")).to_contain_text("You said hello from Grace")
    await expect(
        page.get_by_role("article", name="Ada\u2019s phone").locator(".message")
    ).to_have_count(0)


async def test_a_fault_is_switched_on_and_seen(page: Page, setup: Setup) -> None:
    await page.locator("label.switch", has_text="webhook doubled").click()
    await expect(page.locator("[data-fault=webhook_doubled]")).to_be_checked()

    await say(page, "hello")

    await expect(page.locator(".entry .fault")).to_have_text(["webhook doubled"])
    await expect(theirs(page, "You said hello")).to_have_count(2)


async def test_everything_is_reached_by_keyboard(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the chat")).to_be_focused()
    await page.keyboard.press("Enter")
    field = page.get_by_label("Write a message to Hark")
    for _ in range(12):
        if await field.evaluate("element => element === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(field).to_be_focused()
    await page.keyboard.type("remind me")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.get_by_role("button", name="Undo").focus()
    await page.keyboard.press("Enter")

    await expect(theirs(page, "You tapped Undo")).to_be_visible()
    await expect(page.get_by_role("log", name="Chat with Hark")).to_have_attribute(
        "aria-live", "polite"
    )


async def test_the_theme_is_chosen_and_kept(page: Page) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_label("Change between light and dark").click()
    await page.reload()

    await expect(root).to_have_attribute("data-theme", "dark")


async def test_on_a_phone_the_views_are_tabs(setup: Setup) -> None:
    context = await setup.browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    context.set_default_timeout(DEADLINE)
    page = await context.new_page()
    await page.goto(setup.url)
    await say(page, "hello")
    await expect(theirs(page, "You said hello")).to_be_visible()
    await expect(page.locator("#wire")).to_be_hidden()
    await page.get_by_role("button", name="Wire").tap()

    await expect(page.locator(".entry").first).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
    await context.close()


async def test_what_was_said_is_still_there_after_a_reload(page: Page) -> None:
    await say(page, "hello")
    await expect(theirs(page, "You said hello")).to_be_visible()
    await page.reload()

    await expect(theirs(page, "You said hello")).to_be_visible()
    await expect(page.locator(".entry").first).to_be_visible()
