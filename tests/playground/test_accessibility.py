"""axe-core finds nothing in the way of anybody: both themes, wide and narrow, with every card on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from adapters.playground.room import Room
from adapters.playground.web import Site
from tests.contract.test_platform import CARDS
from tests.playground.hands import nominated, say, violations
from tests.playground.scene import CHANNEL, Stagehand, draft, letter, members, result

pytestmark = pytest.mark.browser

ADA = members()[0]


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_stands_in_the_way_of_anybody(
    browser: Browser, site: Site, room: Room, stage: Stagehand, tmp_path: Path, theme: str, width: int
) -> None:
    stage.panels = [draft()]
    await room.direct(user=ADA.account, card=letter(), key="m1:letter")
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(site.url)
    await page.wait_for_selector("body[data-ready]")
    assert await violations(page) == ""
    await nominated(page)
    await page.locator(".poll").get_by_role("button", name="Yes").click()
    await say(page, "/nonsense")
    await say(page, "Hello @grace")
    for number, card in enumerate(CARDS):
        await room.post(channel=CHANNEL, card=card, key=f"m2:{number}")
    await room.post(channel=CHANNEL, card=result(), key="m1:result")
    await expect(page.locator(".from-bot")).to_have_count(len(CARDS) + 2)
    assert await violations(page) == ""
    await page.screenshot(path=tmp_path / f"talk-{theme}-{width}.png")
    await page.get_by_role("combobox", name="Message").fill("/moot ")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await violations(page) == ""
    await page.get_by_role("combobox", name="Message").press("Escape")
    await page.get_by_role("button", name="Start…").click()
    await expect(page.get_by_role("menu")).to_be_visible()
    assert await violations(page) == ""
    await page.get_by_role("menuitem", name="Resolve…").click()
    assert await violations(page) == ""
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Vote with a reason…").first.click()
    assert await violations(page) == ""
    await page.keyboard.press("Escape")
    for opener in await page.locator("[data-open]:visible").all():
        await opener.click()
        assert await violations(page) == ""
        await page.keyboard.press("Escape")
    await context.close()
