"""The chat platforms of a configuration, ready to connect, and the accounts that it links to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.config import Config
from bot.linkmap import Link, accounts_of
from bot.ports import Connection


def connections_of(config: Config) -> Mapping[str, Connection]:
    """The platforms that are switched on. Raises SecretMissing for a token that is not there."""
    found: dict[str, Connection] = {}
    if config.slack.enabled:
        from bot.wiring.slack import slack_of

        found["slack"] = slack_of(config)
    if config.discord.enabled:
        from bot.wiring.discord import discord_of

        found["discord"] = discord_of(config)
    return found


def links_of(config: Config) -> Sequence[Link]:
    """The accounts of people by the configuration."""
    return [
        Link(login=person.login, accounts=accounts_of(slack=person.slack, discord=person.discord))
        for person in config.person
    ]
