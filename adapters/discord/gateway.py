"""Keeps the app connected: logs in, listens, and tries again for as long as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import discord
import structlog

from adapters.discord.client import ADDRESSES, Client, Ears, Tempo
from adapters.discord.errors import OUTSIDE, platform_error
from bot.ports import PlatformError

log = structlog.get_logger("folkmoot.discord")
DEAF: Final = 1.0
"""Seconds after which a task that has not ended is cancelled once more."""


class Gateway:
    """One client after the other, logged in when first needed. `made` is called with each new one."""

    def __init__(
        self, *, token: str, api_url: str, gateway_url: str, ears: Ears, tempo: Tempo, made: Callable[[Client], None]
    ) -> None:
        self._token, self._api_url, self._gateway_url = token, api_url, gateway_url
        self._ears, self._tempo, self._made = ears, tempo, made
        self._client: Client | None = None
        self._login = asyncio.Lock()
        self._held = self._closed = False
        self._running: asyncio.Task[None] | None = None
        self._wait = tempo.reconnect

    def ready(self) -> None:
        """A connection has come to be: the next one that breaks is tried again soon."""
        self._wait = self._tempo.reconnect

    async def client(self) -> Client:
        """The client that is logged in. Raises PlatformError, `final` where the token is not accepted."""
        async with self._login:
            if self._closed:
                raise PlatformError("the connection to Discord is closed")
            if self._client is None or self._client.is_closed():
                self._client = await self._logged_in()
            return self._client

    async def _logged_in(self) -> Client:
        if not self._held:
            ADDRESSES.hold(self._api_url, self._gateway_url)
            self._held = True
        client = Client(ears=self._ears, tempo=self._tempo)
        try:
            await client.login(self._token)
        except BaseException as error:
            await client.close()
            if isinstance(error, OUTSIDE):
                raise platform_error(error) from error
            raise
        self._made(client)
        return client

    def run(self) -> None:
        """Stay connected until `close`."""
        self._running = asyncio.create_task(self._run(), name="discord gateway")

    async def _run(self) -> None:
        """Logging in is no success yet: who identifies a thousand times a day has their token reset by Discord."""
        while True:
            try:
                client = await self.client()
                await client.connect()
            except PlatformError as error:
                self._wait = self._tempo.longest if error.final else self._wait
                log.warning("Discord cannot be reached; trying on", error=error.what)
            except discord.ConnectionClosed as error:
                log.error("Discord has ended the session", code=error.code)
            except Exception as error:  # the library fails in its own ways where the first connection fails
                log.warning("the connection to Discord broke; trying on", error=repr(error))
            await asyncio.sleep(self._wait)
            self._wait = min(2 * self._wait, self._tempo.longest)

    async def close(self) -> None:
        """Disconnect; nothing is sent any more."""
        self._closed = True
        running, self._running = self._running, None
        if running is not None:
            await _end(running)
        async with self._login:
            if self._client is not None:
                await self._client.close()
                self._client = None
        if self._held:
            ADDRESSES.release()
            self._held = False


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: `asyncio.wait_for`, in the library, forgets a cancellation that meets its result."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=DEAF)
