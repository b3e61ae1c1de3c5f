"""A bot that only looks who is linked: the rosters and the links of a configuration on a ledger that is thrown away."""

from __future__ import annotations

from adapters.rosterfile import detect
from bot.clocks import RandomIds, SystemClock
from bot.config import Config
from bot.links import Links
from bot.repositories import Repositories
from bot.rosters import Rosters
from bot.wiring.platforms import links_of
from bot.wiring.repositories import forge_of, repository_of
from storage.memory import MemoryLedger


def links_by(config: Config) -> Links:
    """The links as the bot would make them at its start; nothing is kept. Policies may be broken: they play no part."""
    clock, ids = SystemClock(), RandomIds()
    ledger = MemoryLedger(clock=clock)
    tables = [table.model_copy(update={"policy": "distribution"}) for table in config.repository]
    repositories = Repositories(repository_of(table, config, forge_of(table, config)) for table in tables)
    return Links(
        ledger=ledger,
        clock=clock,
        ids=ids,
        rosters=Rosters(ledger=ledger, clock=clock, ids=ids, detect=detect),
        repositories=repositories,
        configured=links_of(config),
    )
