"""The site in a real browser: both themes, wide and narrow, by keyboard, and what axe-core says about it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from adapters.site import Pages, Served, write_site
from tests.playground.hands import violations

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FOLKMOOT_SHOTS", "")
"""A folder to leave pictures of the pages in."""
PATHS = ("index.html", "turnout.html", "motions/1.html", "motions/4.html", "x.html")


@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_stands_in_the_way_of_anybody(
    browser: Browser, site: Served, tmp_path: Path, theme: str, width: int
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PATHS:
        await page.goto(site.url + path)
        name = f"{path.replace('/', '-').removesuffix('.html')}-{theme}-{width}.png"
        await page.screenshot(path=Path(SHOTS or tmp_path) / name, full_page=True)
        assert await violations(page) == "", path
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
    await context.close()
    assert [text for text in said if "404" not in text] == []


async def test_it_can_be_walked_by_keyboard_alone(browser: Browser, site: Served) -> None:
    page = await browser.new_page()
    await page.goto(site.url)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Sign every release")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/motions/9\.html$"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Sign every release")
    await page.close()


async def test_every_chart_says_in_words_what_it_shows(browser: Browser, site: Served) -> None:
    page = await browser.new_page()
    await page.goto(site.url + "motions/4.html")
    bar = page.get_by_role("img", name="The ballots of motion 4")
    await expect(bar).to_be_visible()
    await expect(bar.locator("desc")).to_have_text("Of 13: 9 yes, 2 no, 2 did not vote. 9 yes were needed.")
    await page.goto(site.url + "turnout.html")
    told = page.get_by_role("img", name=re.compile("^Turnout by quarter"))
    await expect(told.locator("desc")).to_have_text("Turnout by quarter. 2026 Q1: 83%; 2026 Q2: 85%; 2026 Q3: 23%.")
    await expect(page.get_by_role("table", name="Every quarter of distribution, the latest first")).to_be_visible()
    await page.close()


async def test_the_drawing_is_made_of_the_numbers(browser: Browser, site: Served) -> None:
    page = await browser.new_page()
    await page.goto(site.url + "motions/4.html")
    pieces = page.locator(".tally > svg > rect.piece")
    widths = [float(await pieces.nth(n).get_attribute("width") or 0) for n in range(await pieces.count())]
    assert [round(width * 13 / 600) for width in widths] == [9, 2, 2]
    grounds = [await pieces.nth(n).evaluate("e => getComputedStyle(e).fill") for n in range(3)]
    assert len(set(grounds)) == 3
    assert 'url("#p-no")' in grounds[1]
    await page.close()


async def test_the_same_pages_open_from_a_folder(browser: Browser, pages: Pages, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_site(pages, folder)
    page = await browser.new_page()
    await page.goto((folder / "index.html").as_uri())
    await page.get_by_role("link", name="Keep the v2 API").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Keep the v2 API")
    ground = await page.evaluate("getComputedStyle(document.querySelector('.top')).borderBottomStyle")
    assert ground == "solid", "the sheet is found from a folder too"
    await page.close()
