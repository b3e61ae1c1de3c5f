"""`serve --dry-run`: the bot on a copy of its ledger, with platforms and forges that only say what they would do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.rosterfile import detect
from bot.clocks import RandomIds, SystemClock
from bot.config import Config, RepositoryTable
from bot.ports import Clock
from bot.rehearsal import QuietChanges, QuietForge, QuietPlatform, QuietThreads, Tell
from bot.repositories import Repositories, Repository
from bot.service import Service
from bot.wiring.instance import rota_of
from bot.wiring.platforms import links_of
from bot.wiring.repositories import forge_of, repository_of
from storage.backup import backup
from storage.sqlite import SqliteLedger


@asynccontextmanager
async def rehearsal(config: Config, *, clock: Clock, tell: Tell) -> AsyncIterator[Service]:
    """A bot that changes nothing: its ledger is a copy that is thrown away. Raises what `build` raises."""
    with TemporaryDirectory(prefix="folkmoot-dry-run-") as folder:
        copy = Path(folder) / config.ledger.name
        if config.ledger.is_file():
            await asyncio.to_thread(backup, config.ledger, copy)
        ledger = SqliteLedger(copy, clock=clock)
        try:
            service = _service(config, ledger, clock, tell)
            await service.links.sync()
        except BaseException:
            ledger.close()
            raise
        try:
            yield service
        finally:
            await service.stop()


def _service(config: Config, ledger: SqliteLedger, clock: Clock, tell: Tell) -> Service:
    names = {channel.partition(":")[0] for table in config.repository for channel in table.channels}
    return Service(
        ledger=ledger,
        clock=clock,
        ids=RandomIds(),
        repositories=Repositories(_quiet(table, config, tell) for table in config.repository),
        platforms={name: QuietPlatform(name, clock=clock, tell=tell) for name in sorted(names)},
        detect=detect,
        rota=rota_of(config),
        links=links_of(config),
        employers={person.login: person.employer for person in config.person if person.employer},
    )


def _quiet(table: RepositoryTable, config: Config, tell: Tell) -> Repository:
    real = repository_of(table, config, forge_of(table, config))
    return replace(
        real,
        forge=QuietForge(real.forge, tell=tell),
        threads=QuietThreads(real.threads, tell=tell) if real.threads is not None else None,
        changes=QuietChanges(real.changes, tell=tell) if real.changes is not None else None,
    )


async def rehearse_until(config: Config, *, tell: Tell, stop: asyncio.Event) -> None:
    """Say what the bot would do, until `stop` is set."""
    clock = SystemClock()
    async with rehearsal(config, clock=clock, tell=tell) as service:
        tell("Dry run: on a copy of the ledger. Nothing is posted, written or recorded, and no request is taken.\n")
        await service.start()
        due = service.alarm.next_due()
        tell(
            f"Next by itself: {due.isoformat(timespec='seconds')}." if due else "No motion has anything due by itself."
        )
        tell("A window that ended while the bot was down is counted a minute after the start.")
        await stop.wait()
