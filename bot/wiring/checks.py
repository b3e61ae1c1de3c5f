"""The checks of what is outside, by the configuration: repositories, platforms, the time there. It decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from adapters.localgit.check import check as check_local
from adapters.machine import Dated, date_of
from bot.config import Config, RepositoryTable
from bot.ports import Finding


def rights_here(table: RepositoryTable, config: Config) -> Sequence[Finding]:
    """What the bot may do in a repository on this machine; it blocks. Raises ForgeError."""
    return check_local(config.here / table.path, table.branch or None)


async def app_on_slack(config: Config) -> Sequence[Finding]:
    """Tokens, scopes, channels, accounts. Raises SecretMissing."""
    from bot.wiring.slack import check_slack

    return await check_slack(config)


async def readers_on_slack(config: Config, channel: str, voters: Collection[str]) -> Sequence[Finding]:
    """Who reads along in a channel. Raises SecretMissing."""
    from bot.wiring.slack import readers

    return [await readers(config, channel, voters)]


async def app_on_discord(config: Config) -> Sequence[Finding]:
    """Token, servers, channels, permissions. Raises SecretMissing or PlatformError."""
    from bot.wiring.discord import check_discord

    return await check_discord(config)


def clocks_outside(config: Config) -> Mapping[str, str]:
    """The servers whose time matters here: their names and addresses."""
    found = {}
    if config.slack.enabled:
        found["Slack"] = config.slack.api_url
    if config.discord.enabled:
        found["Discord"] = config.discord.api_url
    if any(table.forge == "github" for table in config.repository):
        found["GitHub"] = config.github.api_url
    return found


async def time_at(url: str, *, seconds: float) -> Dated | None:
    """What time it is there, by this machine's clock. Raises OSError."""
    return await date_of(url, now=lambda: datetime.now(UTC), seconds=seconds)
