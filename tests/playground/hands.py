"""What a person does with the page, for tests in a browser; and what axe-core says about it."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

NOMINATION = "/moot nominate @newperson --months 7 Reviews with care."


async def say(page: Page, text: str) -> None:
    """Type something and send it, past any suggestions."""
    box = page.get_by_role("combobox", name="Message")
    await box.fill(text)
    await box.press("Escape")
    await box.press("Enter")
    await expect(box).to_have_value("")


async def act_as(page: Page, login: str) -> None:
    """Act as another person."""
    await page.locator(f"label:has(input[value={login}])").click()
    await expect(page.locator("body")).to_have_attribute("data-ready", login)


async def nominated(page: Page) -> None:
    await say(page, NOMINATION)
    await expect(page.locator(".poll")).to_be_visible()


async def violations(page: Page) -> str:
    """What axe-core finds wrong, best practices included, with the place of each finding."""
    results = await Axe().run(page)
    found = results.response["violations"]
    return "\n".join(f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found)
