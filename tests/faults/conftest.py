"""Where the fault tests put their worlds, and the table that they end with."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.faults.images import Reel, film, quiet
from tests.faults.scene import Scene
from tests.faults.table import Table
from tests.faults.world import World, scratch

TABLE = pytest.StashKey[Table]()
ALL = os.environ.get("FOLKMOOT_FAULTS") == "all"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = Table()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table whatever is captured, and write it where `FOLKMOOT_FAULTS_JSON` says."""
    table = config.stash.get(TABLE, Table())
    lines = table.lines()
    if lines:
        terminalreporter.section("faults" if ALL else "faults (a part of them: make faults runs all)")
        for line in lines:
            terminalreporter.write_line(line)
    where = os.environ.get("FOLKMOOT_FAULTS_JSON")
    if lines and where:
        table.write(Path(where))


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    return request.config.stash[TABLE]


@pytest.fixture(scope="session")
def everything() -> bool:
    """Whether the whole run is wanted, not only a part that fits into every test run."""
    return ALL


@pytest.fixture(scope="session")
def worlds() -> Iterator[Path]:
    """A folder for worlds, in memory where that can be."""
    folder = scratch()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _hushed() -> Iterator[None]:
    """What goes wrong on purpose is not logged."""
    before = structlog.get_config()
    quiet()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def reel(worlds: Path) -> Reel:
    """The story played once without a kill."""
    return film(worlds)


@pytest.fixture
async def scene(worlds: Path) -> AsyncIterator[Scene]:
    """A bot on a new world, closed and verified at the end."""
    made = await Scene.on(World.new(worlds))
    yield made
    await made.close()
