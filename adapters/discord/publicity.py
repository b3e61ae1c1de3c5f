"""Who can read a channel: computed from the server's roles and the channel's overwrites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import discord

from adapters.discord.client import Client
from adapters.discord.codes import Place
from adapters.discord.errors import OUTSIDE, platform_error
from bot.ports import PlatformError

MANY: Final = 2
"""A role that every second member has, or more, is as good as everyone."""
FEW: Final = 20
"""On a small server, such as one of maintainers alone, a role for all of them is what makes a channel theirs."""


async def is_public(client: Client, place: Place) -> bool:
    """Whether others than chosen people can read the channel. Raises PlatformError if that cannot be told."""
    guild, channel = await whereabouts(client, place)
    if channel.permissions_for(guild.default_role).read_messages:
        return True
    readers = [role for role in guild.roles if not role.is_default() and _reads(channel, role)]
    if any(_open_to_all(role) for role in readers):
        return True
    suspects = [role for role in readers if not role.is_bot_managed()]
    if not suspects:
        return False
    counts, members = await _counts(guild), guild.approximate_member_count
    if not members:
        raise PlatformError(f"Discord does not say how many members the server of {place.name} has")
    return any(MANY * counts.get(role.id, 0) >= members and counts.get(role.id, 0) > FEW for role in suspects)


async def whereabouts(client: Client, place: Place) -> tuple[discord.Guild, discord.abc.GuildChannel]:
    """The server with its roles, and the channel in it. Raises PlatformError."""
    try:
        guild = await client.fetch_guild(place.guild, with_counts=True)
        channels = await guild.fetch_channels()
    except OUTSIDE as error:
        raise platform_error(error) from error
    for channel in channels:
        if channel.id == place.channel:
            return guild, channel
    raise PlatformError(f"{place.name}: the server has no such channel that the bot can see", final=True)


def _reads(channel: discord.abc.GuildChannel, role: discord.Role) -> bool:
    return channel.permissions_for(role).read_messages


def _open_to_all(role: discord.Role) -> bool:
    """Whether anybody can get this role by themselves: in the onboarding, by a linked account, or for money."""
    tags = role.tags
    bought = tags is not None and (tags.is_premium_subscriber() or tags.is_available_for_purchase())
    linked = tags is not None and tags.is_guild_connection()
    return role.flags.in_prompt or bought or linked


async def _counts(guild: discord.Guild) -> Mapping[int, int]:
    try:
        return {role.id: count for role, count in (await guild.role_member_counts()).items()}
    except OUTSIDE as error:
        raise platform_error(error) from error
