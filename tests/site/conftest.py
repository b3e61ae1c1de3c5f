"""The site of a governed project: from its ledger's file for all who only read, and a whole bot for the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from adapters.site import Pages, Served, serve
from bot.config import Config
from bot.wiring.site import Readable, of_file, pages_of
from tests.playground.conftest import browser, chromium_path
from tests.site.scene import governed
from tests.world import World

__all__ = ["browser", "chromium_path"]


@dataclass(frozen=True)
class Governed:
    """A ledger's file with its configuration, at the end of the story. Nobody writes to it any more."""

    config: Config
    path: Path
    now: datetime

    @property
    def ledger(self) -> Readable:
        return of_file(self.path)

    def at(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Governed:
    folder = tmp_path_factory.mktemp("governed")

    async def story() -> Governed:
        world = await governed(folder, on_disk=True)
        made = Governed(config=world.config, path=world.config.ledger, now=world.clock.now())
        await world.instance.close()
        return made

    return asyncio.run(story())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = await governed(tmp_path)
    yield made
    await made.instance.close()


@pytest.fixture
def pages(project: Governed) -> Pages:
    made, _ = pages_of(project.config, project.ledger, project.at)
    return made


@pytest.fixture
async def site(pages: Pages) -> AsyncIterator[Served]:
    made = await serve(pages, host="127.0.0.1", port=0)
    yield made
    await made.close()
