"""The main job in a real browser, with the real bot behind it: from the nomination to the merge."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from adapters.localgit.sample import create_sample
from adapters.playground.web import Site
from bot.clocks import MovableClock, RandomIds
from bot.config import Config
from bot.core.teller import tally
from bot.wiring import Instance, build, open_page
from tests import commits
from tests.playground.conftest import browser, chromium_path
from tests.playground.hands import act_as, say, violations
from tests.world import config_of, logins

pytestmark = pytest.mark.browser
__all__ = ["browser", "chromium_path"]

NOMINATION = (
    "/moot nominate @newperson --role maintainer --sponsor @bjornlund --months 7 "
    '--evidence "41 reviews since May, triage every week" '
    "Knows the storage drivers better than most of us, and is kind in reviews."
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    made = config_of(tmp_path)
    create_sample(tmp_path / "distribution.git", at=MovableClock().now())
    return made


@pytest.fixture
async def running(config: Config) -> AsyncIterator[tuple[Instance, Site]]:
    clock = MovableClock()
    instance = await build(config, clock=clock, ids=RandomIds())
    await instance.service.start()
    site = await open_page(config, instance, clock)
    yield instance, site
    await site.close()
    await instance.close()


@pytest.fixture
async def page(browser: Browser, running: tuple[Instance, Site]) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": 1440, "height": 1000}, color_scheme="light", reduced_motion="reduce"
    )
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    await opened.goto(running[1].url)
    await opened.wait_for_selector("body[data-ready]")
    yield opened
    await context.close()
    assert errors == []


async def vote(page: Page, login: str, button: str) -> None:
    """Act as somebody and press a button of the poll."""
    await act_as(page, login)
    await page.locator(".poll").get_by_role("button", name=button, exact=True).click()
    await expect(page.locator(".secret").last).to_contain_text("Recorded")


async def test_a_candidacy_from_the_nomination_to_the_merge(
    page: Page, running: tuple[Instance, Site], config: Config
) -> None:
    service = running[0].service
    people = logins()
    await say(page, NOMINATION)
    poll = page.locator(".poll")
    await expect(poll).to_contain_text("0 of 8 needed")
    await expect(poll).to_contain_text("66% of 12 = 7.92, so 8")
    await expect(poll).to_contain_text("Closes")
    await act_as(page, "newperson")
    await say(page, "/moot yes 1")
    await expect(page.locator(".secret").last).to_contain_text("the candidate is never in the electorate (R22)")
    for login in people[:6]:
        await vote(page, login, "Yes")
    await act_as(page, people[6])
    await page.locator('[data-emoji="👍"]').first.click()
    await expect(poll).to_contain_text("7 of 8 needed")
    await vote(page, people[7], "No")
    await expect(poll).to_contain_text("1 no")
    await picture(page, "playground")
    await page.get_by_role("button", name="Next deadline").click()
    await page.get_by_role("button", name="Next deadline").click()
    await act_as(page, people[8])
    await page.locator("[data-place=direct]").click()
    await expect(page.locator(".note").last).to_contain_text("You have not voted")
    await page.locator(".note").last.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.locator(".secret").last).to_contain_text("Recorded: yes")
    await page.locator("[data-place=maintainers]").click()
    await page.get_by_role("button", name="Next deadline").click()
    await expect(page.get_by_text("carried: 8 yes (8 needed)").first).to_be_visible()
    await page.get_by_role("button", name="I will invite them").click()
    await page.get_by_role("button", name="They accepted…").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Candidate's name").fill("New Person")
    await dialog.get_by_label("Candidate's mail address").fill("new@example.org")
    await dialog.locator("button[type=submit]").click()
    draft = page.locator(".draft")
    await expect(draft.locator(".diff .add")).to_have_text('+"newperson","New Person","new@example.org"')
    assert await violations(page) == ""
    await picture(page, "draft")
    await draft.get_by_role("button", name="Merge").click()
    await expect(page.get_by_text("Merged: @newperson is now a maintainer").first).to_be_visible()
    assert service.ledger.reader().motion(1) is not None
    motion = service.ledger.reader().motion(1)
    assert motion is not None
    assert (tally(motion).yes, tally(motion).no, motion.ended) == (8, 1, True)
    assert b'"newperson","New Person","new@example.org"' in commits.read(
        config.here / "distribution.git", "MAINTAINERS"
    )


async def test_a_poll_that_an_administrator_deletes_comes_back_with_its_count(
    page: Page, running: tuple[Instance, Site]
) -> None:
    await say(page, NOMINATION)
    await vote(page, logins()[1], "Yes")
    room = running[0].room
    assert room is not None
    member = room.member(logins()[0])
    assert member is not None
    row = next(row for row in room.since(0, member) if row.kind == "card")
    room.delete(row)
    await act_as(page, logins()[2])
    await say(page, "/moot yes 1")
    await expect(page.locator(".poll")).to_contain_text("2 of 8 needed")


async def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation, where FOLKMOOT_PICTURES names a folder for them."""
    folder = os.environ.get("FOLKMOOT_PICTURES")
    if not folder:
        return
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await asyncio.to_thread(Path(folder).mkdir, parents=True, exist_ok=True)
        await page.screenshot(path=Path(folder) / f"{name}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
