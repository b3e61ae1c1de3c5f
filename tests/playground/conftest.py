"""The page as tests open it: a room, a scripted desk, a server on loopback, and a real Chromium where there is one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, Page, async_playwright

from adapters.playground.room import Room
from adapters.playground.web import Site, serve
from tests.playground.client import Client
from tests.playground.scene import HandClock, ScriptedDesk, Stagehand, members

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def room(tmp_path: Path, clock: HandClock) -> Iterator[Room]:
    made = Room(path=tmp_path / "room.db", clock=clock, members=members())
    yield made
    made.close()


@pytest.fixture
def desk(room: Room) -> ScriptedDesk:
    return ScriptedDesk(room=room)


@pytest.fixture
def stage(room: Room, clock: HandClock) -> Stagehand:
    return Stagehand(room=room, clock=clock)


@pytest.fixture
async def site(room: Room, desk: ScriptedDesk, stage: Stagehand) -> AsyncIterator[Site]:
    made = await serve(room, desk, stage)
    yield made
    await made.close()


@pytest.fixture
async def stranger() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def client(site: Site, stranger: ClientSession) -> Client:
    async with stranger.get(site.url) as response:
        assert response.status == 200
    return Client(stranger, f"http://127.0.0.1:{site.port}")


@pytest.fixture
def chromium_path() -> Path:
    """The browser's program. Without it the test is skipped, or fails where one is required."""
    if not CHROMIUM.exists():
        why = f"{CHROMIUM} is not installed: nothing of the page was tested in a browser"
        if os.environ.get("FOLKMOOT_REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return CHROMIUM


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """A Chromium of its own."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        yield chromium
        await chromium.close()


@pytest.fixture
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """The page of the scripted room, opened by its address with the token; any script error fails the test."""
    context = await browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Berlin", color_scheme="light"
    )
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    await opened.goto(site.url)
    await opened.wait_for_selector("body[data-ready]")
    yield opened
    await context.close()
    assert errors == []
