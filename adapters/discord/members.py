"""Whether somebody is on the server that the bot is pinned to: asked where Discord's own word of it is not there.

A press in a channel says so by itself; a press in a direct message, and a reaction that was there before, do not.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final

import discord

from adapters.discord.client import Client
from adapters.discord.errors import OUTSIDE, UNKNOWN_MEMBER, UNKNOWN_USER, platform_error

FRESH: Final = 600.0
"""Seconds that an answer is good for."""
MOST: Final = 20_000


class Members:
    """Asks Discord, and remembers it for ten minutes."""

    def __init__(
        self,
        client: Callable[[], Awaitable[Client]],
        guilds: Callable[[], Collection[int]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._guilds, self._now = client, guilds, now
        self._known: dict[int, tuple[bool, float]] = {}

    async def here(self, user: int) -> bool:
        """Whether this is a person on one of the servers. Raises PlatformError where it cannot be told."""
        known = self._known.get(user)
        if known is not None and self._now() - known[1] < FRESH:
            return known[0]
        client = await self._client()
        found = False
        for guild in self._guilds():
            found = found or await self._on(client, guild, user)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[user] = (found, self._now())
        return found

    async def _on(self, client: Client, guild: int, user: int) -> bool:
        try:
            payload = await client.http.get_member(guild, user)
        except discord.HTTPException as error:
            if error.code in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                return False
            raise platform_error(error) from error
        except OUTSIDE as error:
            raise platform_error(error) from error
        return not payload["user"].get("bot", False)
