"""Looks at the outside: repositories, policies, rosters, links, platforms, and what time it is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot import census
from bot.checking import policy_findings, roster_findings
from bot.config import Config, RepositoryTable
from bot.health.probing import aside, ok, warning, wrong
from bot.linkreport import summary
from bot.ports import Finding
from bot.published import lost, publications
from bot.wiring import forge_of, read_ledger, repository_of
from bot.wiring.checks import readers_on_slack, rights_here, time_at
from bot.wiring.github import rights_on_github

TOLERABLE: Final = timedelta(seconds=5)
TOO_MUCH: Final = timedelta(seconds=30)
"""So long the count waits for ballots that were cast in time (decided with the close)."""


async def rights(table: RepositoryTable, config: Config) -> Sequence[Finding]:
    """What the bot may do in the repository. Raises ForgeError."""
    if table.forge == "github":
        return await rights_on_github(table, config)
    return await aside(lambda: rights_here(table, config))


async def policy(table: RepositoryTable, config: Config) -> Sequence[Finding]:
    """The rules that are in force. Raises Mistaken or ForgeError."""
    found = await policy_findings(repository_of(table, config, forge_of(table, config)))
    if any(each.mark != "ok" for each in found):
        return found
    return [ok(f"The policy {table.policy} has {len(found)} kinds of motions")]


async def roster(table: RepositoryTable, config: Config) -> Sequence[Finding]:
    """Who votes. Raises Mistaken, ForgeError or RosterError."""
    plain = table.model_copy(update={"policy": "distribution"})
    return await roster_findings(repository_of(plain, config, forge_of(plain, config)))


async def links(config: Config) -> Sequence[Finding]:
    """How many maintainers can vote by chat; and the faults of the maps."""
    taken = await census.taken(config)
    found = []
    for each in taken.standings:
        if not each.linked:
            found.append(wrong(f"{summary(each)}: nobody can vote there", "see what to send them: folkmoot links"))
        elif each.missing:
            found.append(warning(summary(each), "see what to send them: folkmoot links"))
        else:
            found.append(ok(summary(each)))
    for name, faults in taken.maps.items():
        found += [wrong(f"{name}: {fault}", "mend it: until then the map links nobody anew") for fault in faults]
    agree = "have the map of each repository say it, or name the map there under links-from"
    found += [warning(f"{name}: {what}", agree) for name, each in taken.disputes.items() for what in each]
    remedy = "mend the roster first, which has a line of its own"
    found += [warning(f"{name}: who is linked cannot be told without its roster", remedy) for name in taken.rosters]
    return found


async def readers(config: Config) -> Sequence[Finding]:
    """Who reads along in the channels on Slack. Raises SecretMissing."""
    taken = await census.taken(config)
    found: list[Finding] = []
    channels = {
        channel: [table.name for table in config.repository if channel in table.channels]
        for table in config.repository
        for channel in table.channels
        if channel.startswith("slack:")
    }
    for channel, names in channels.items():
        voters = {
            account.removeprefix("slack:")
            for each in taken.standings
            if each.platform == "slack" and each.repository in names
            for account in each.accounts
        }
        found += await readers_on_slack(config, channel, voters)
    return found


async def published(config: Config) -> Sequence[Finding]:
    """Whether the ledger has what was published of its motions: the bot does not start on one that has not."""
    forges = {table.name: forge_of(table, config) for table in config.repository}
    found = await publications(forges)
    if config.ledger.is_file():
        reader = read_ledger(config.ledger)
        genesis, empty = reader.genesis(), not reader.entries()
        text = lost(config.ledger, found, genesis=genesis, empty=empty, entry=reader.entry, events=reader.events)
    else:
        text = lost(config.ledger, found, genesis="", empty=True, entry=lambda _: None, events=lambda _: ())
    if not text:
        return [ok("Nothing was published that the ledger has not got")]
    what, _, remedy = text.partition(". ")
    return [wrong(what, remedy)]


async def clock(name: str, url: str, *, seconds: float) -> Sequence[Finding]:
    """This machine's clock against that of a server. Raises OSError."""
    told = await time_at(url, seconds=seconds)
    if told is None:
        return [warning(f"{name} does not say what time it is", "compare this machine's clock by hand")]
    off = max(abs(told.ahead) - told.unsure, timedelta())
    way = "ahead of" if told.ahead > timedelta() else "behind"
    said = f"This machine's clock is {off.total_seconds():.0f} s {way} {name}'s"
    remedy = "switch time synchronisation on: timedatectl set-ntp true"
    if off > TOO_MUCH:
        return [wrong(f"{said}: votes would close at the wrong time", remedy)]
    return [warning(said, remedy)] if off > TOLERABLE else [ok(f"This machine's clock agrees with {name}'s")]
