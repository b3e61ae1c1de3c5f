"""Socket Mode: one connection from here to Slack, kept up by the library. No public address is needed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Final

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.shape import check
from adapters.slack.web import Web
from bot.shape import NotUnderstood

log = structlog.get_logger("folkmoot.slack")
PING = 5.0
"""Seconds between two looks at the connection."""
CONNECTING: Final = 10.0
"""Seconds that a start waits for the connection."""
BEGUN: Final = 5.0
"""Seconds that a stop waits for requests that were begun."""


class _Handler(AsyncSocketModeHandler):
    """The library's handler, which also knows what is being handled, and takes nothing more once told so."""

    taking = True

    def __init__(self, app: AsyncApp, web: Web) -> None:
        super().__init__(app, app_token=web.app_token, logger=web.log, web_client=web.client, ping_interval=PING)
        self.client.proxy = web.client.proxy
        self.handling: set[asyncio.Future[None]] = set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        if not self.taking:
            return  # not acknowledged: Slack brings it again
        busy: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.handling.add(busy)
        try:
            check(req.payload)
            await super().handle(client, req)
        except NotUnderstood as error:
            log.warning("request not understood", where=str(error))  # nor acknowledged: Slack tells whoever asked
        except Exception as error:  # the top of the inbound side: the library would log what was sent
            log.error("request not understood", error=type(error).__name__)
        finally:
            self.handling.discard(busy)
            busy.set_result(None)


class Sockets:
    """The connection. `greeted` is called after each (re)connect."""

    def __init__(self, app: AsyncApp, web: Web, greeted: Callable[[], None]) -> None:
        self._app, self._web, self._greeted = app, web, greeted
        self._handler: _Handler | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def connect(self, url: str) -> None:
        """Connect to the address that Slack gave, and again whenever the connection breaks.

        The library tries for ever: where it takes long, it goes on while the bot already serves.
        """
        self._handler = _Handler(self._app, self._web)
        self._handler.client.wss_uri = url
        self._handler.client.message_listeners.append(self._heard)
        connecting = self._handler.connect_async()  # type: ignore[no-untyped-call]
        self._connecting = asyncio.create_task(connecting, name="slack socket")
        await asyncio.wait({self._connecting}, timeout=CONNECTING)

    async def _heard(self, _client: object, message: dict[str, Any], _raw: str | None) -> None:
        """The library has no hook for reconnects, but Slack greets each connection."""
        if message.get("type") == "hello":
            self._greeted()

    async def drain(self) -> None:
        """Take nothing more, and finish what was begun, within some seconds."""
        if self._handler is not None:
            self._handler.taking = False
            if self._handler.handling:
                await asyncio.wait(set(self._handler.handling), timeout=BEGUN)

    async def close(self) -> None:
        """Disconnect, and wait until the library's tasks have ended."""
        handler, self._handler = self._handler, None
        if handler is None:
            return
        client = handler.client
        await client.close()  # type: ignore[no-untyped-call]
        tasks = (self._connecting, client.message_processor, client.current_session_monitor, client.message_receiver)
        for task in tasks:
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task
