"""The Discord app of a configuration: to connect it, to invite it, and to check it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.app import Discord
from adapters.discord.checking import Probe
from adapters.discord.codes import place_of
from adapters.discord.permissions import invite
from bot.clocks import SystemClock
from bot.config import Config
from bot.credentials import secret
from bot.ports import Clock, Finding, Point, no_point

TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the variable's name


def discord_of(config: Config, *, clock: Clock | None = None, point: Point = no_point) -> Discord:
    """The app, not connected yet. Raises SecretMissing."""
    table = config.discord
    token = secret(TOKEN, file=table.token_file, here=config.here)
    clock = clock or SystemClock()
    return Discord(token=token, clock=clock, api_url=table.api_url, gateway_url=table.gateway_url, point=point)


def discord_channels(config: Config) -> Sequence[str]:
    """The channels on Discord that the configuration names."""
    named = [channel for table in config.repository for channel in table.channels]
    return [channel for channel in dict.fromkeys(named) if channel.startswith("discord:")]


async def check_discord(config: Config) -> Sequence[Finding]:
    """What can be said of the app. Raises SecretMissing, or PlatformError where Discord does not let it in."""
    async with _probe(config) as probe:
        return await probe.look(discord_channels(config))


async def invite_to_discord(config: Config, application: int | None) -> str:
    """The invite link; without the application's id Discord is asked for it. Raises as `check_discord`."""
    places = [place_of(channel) for channel in discord_channels(config)]
    guilds = {place.guild for place in places if place is not None}
    guild = guilds.pop() if len(guilds) == 1 else None
    if application is not None:
        return invite(application, guild)
    async with _probe(config) as probe:
        return invite(probe.application, guild)


def _probe(config: Config) -> Probe:
    table = config.discord
    token = secret(TOKEN, file=table.token_file, here=config.here)
    return Probe(token=token, api_url=table.api_url, gateway_url=table.gateway_url)
