"""What the app may do on a server: the least that it needs, and the link that asks for exactly that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

import discord

NEEDED: Final = {
    "view_channel": "see the channel",
    "send_messages": "post polls and results",
    "embed_links": "show long texts in full",
    "read_message_history": "find its own messages again, and the reactions to them",
    "create_public_threads": "open a poll's thread for the details",
    "send_messages_in_threads": "write in it",
}
"""Each permission, and what for."""
WISHED: Final = {"add_reactions": "put 👍 👎 🤷 beneath a poll, to react with"}
"""What it works without."""
RISKY: Final = frozenset(
    {
        "administrator",
        "manage_guild",
        "manage_roles",
        "manage_channels",
        "manage_messages",
        "manage_threads",
        "manage_webhooks",
        "mention_everyone",
        "kick_members",
        "ban_members",
        "moderate_members",
    }
)
"""What a stolen token could do harm with, and the bot never uses."""
AUTHORIZE: Final = "https://discord.com/oauth2/authorize"


def least() -> discord.Permissions:
    """The permissions that the bot asks for."""
    return discord.Permissions(**dict.fromkeys([*NEEDED, *WISHED], True))


def invite(application: int, guild: int | None = None) -> str:
    """The link that adds the app to a server with these permissions and no others."""
    asked = {
        "client_id": str(application),
        "scope": "bot applications.commands",
        "permissions": str(least().value),
        "integration_type": "0",
    }
    if guild is not None:
        asked |= {"guild_id": str(guild), "disable_guild_select": "true"}
    return f"{AUTHORIZE}?{urlencode(asked)}"


def lacking(granted: discord.Permissions, asked: Iterable[str] = NEEDED) -> list[str]:
    """What is asked for and not granted, by Discord's names."""
    return [name for name in asked if not getattr(granted, name)]


def excess(granted: discord.Permissions) -> list[str]:
    """What is granted and better were not (T41)."""
    return sorted(name for name in RISKY if getattr(granted, name))


def label(name: str) -> str:
    """As Discord's settings call it."""
    return name.replace("_", " ").capitalize()
