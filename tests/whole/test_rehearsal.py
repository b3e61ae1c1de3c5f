"""`serve --dry-run` says exactly what the bot would do, and changes no byte anywhere."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.clocks import ManualClock
from bot.ports import Pressed
from bot.wiring.rehearsal import rehearsal
from storage.reader import SqliteReader
from storage.sqlite import SqliteLedger
from tests.world import START, World, logins


async def on_disk(folder: Path) -> World:
    return await World.make(folder, ledger=SqliteLedger(folder / "folkmoot.sqlite3", clock=ManualClock(START)))


def everything(folder: Path) -> dict[str, str]:
    """Every file in the folder by its digest; the logs of SQLite come and go with its readers."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


async def rehearsed(world: World) -> str:
    """What a dry run says now, and that it changes nothing."""
    before, head = everything(world.config.here), SqliteReader(world.config.ledger).head()
    said: list[str] = []
    async with rehearsal(world.config, clock=world.clock, tell=said.append) as service:
        await service.settle()
    assert everything(world.config.here) == before
    assert SqliteReader(world.config.ledger).head() == head
    return "\n".join(said)


async def test_it_prints_the_posts_that_are_due_and_posts_none(tmp_path: Path) -> None:
    world = await on_disk(tmp_path)
    await world.ask(logins()[0], 'nominate @newperson --months 7 --evidence "41 reviews" Kind.', settle=False)
    said = await rehearsed(world)
    assert "Would post in playground:maintainers:" in said
    assert "  | Motion 1 · Make @newperson a maintainer of distribution — proposed by" in said
    assert not world.cards()
    assert world.motion().delivered == 0
    await world.service.settle()
    assert world.motion().delivered == 1, "the bot itself goes on from where it was"
    await world.instance.close()


async def test_it_prints_the_count_and_the_drafts_diff_and_opens_none(tmp_path: Path) -> None:
    world = await on_disk(tmp_path)
    await world.nominate()
    await world.carry()
    await world.ask(logins()[1], Pressed(verb="invite", motion=1))
    answer = 'accepted 1 --name "New Person" --email new@example.org'
    await world.ask(logins()[1], answer, settle=False)
    said = await rehearsed(world)
    assert "Would open the draft pull request folkmoot/1-" in said
    assert "  | Add newperson to MAINTAINERS" in said
    assert '  | +"newperson","New Person","new@example.org"' in said
    assert not await world.forge.drafts()
    await world.instance.close()


async def test_without_a_ledger_none_is_made(tmp_path: Path) -> None:
    world = await World.make(tmp_path)
    said: list[str] = []
    async with rehearsal(world.config, clock=world.clock, tell=said.append) as service:
        await service.settle()
    assert said == []
    assert not world.config.ledger.exists()
    await world.instance.close()


@pytest.mark.parametrize("wrong", ["nowhere.git"])
async def test_a_repository_that_is_not_there_is_no_reason_to_write(tmp_path: Path, wrong: str) -> None:
    world = await World.make(tmp_path)
    table = world.config.repository[0].model_copy(update={"path": wrong})
    config = world.config.model_copy(update={"repository": (table,)})
    before = everything(tmp_path)
    async with rehearsal(config, clock=world.clock, tell=lambda text: None) as service:
        await service.settle()
    assert everything(tmp_path) == before
    await world.instance.close()
