"""Server-sent events: the page hears of every change, and of nothing that its member may not see."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Final

from aiohttp import web

from adapters.playground.backstage import Backstage
from adapters.playground.guard import HEADERS, Refusal
from adapters.playground.room import Member, Room
from adapters.playground.view import update

HEARTBEAT: Final = 15.0
RETRY_MS: Final = 1000
_STEADY: Final = ("members", "mail", "drafts")
"""Parts that are sent only when they differ from what this page has."""


class Streams:
    """The open event streams; closing ends them all, so that the server can stop at once."""

    def __init__(self, room: Room, backstage: Backstage) -> None:
        self._room, self._backstage, self._closing = room, backstage, False

    async def close(self) -> None:
        self._closing = True
        self._room.stir()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Everything since the last event id (or `since`), then everything as it happens."""
        member = self._room.member(request.query.get("as", ""))
        if member is None:
            raise Refusal(400, "Nobody here is called that.")
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        seen = self._from(request)
        if seen is None:
            await response.write(b"event: reset\ndata: {}\n\n")
            seen = 0
        with contextlib.suppress(ConnectionError):  # the page was closed
            await self._flow(response, member, seen)
        return response

    def _from(self, request: web.Request) -> int | None:
        """The revision that the page has seen, or None where it has seen another room's."""
        last = request.headers.get("Last-Event-ID") or request.query.get("since", "")
        epoch, _, revision = last.partition(":")
        if epoch != self._room.epoch or not revision.isdecimal() or int(revision) > self._room.revision:
            return None
        return int(revision)

    async def _flow(self, response: web.StreamResponse, member: Member, seen: int) -> None:
        steady: dict[str, Any] = {}
        while not self._closing:
            stamp = self._room.stamp
            data = update(self._room, self._backstage, member, since=seen)
            seen = data["revision"]
            for name in _STEADY:
                if steady.get(name) == data[name]:
                    del data[name]
                else:
                    steady[name] = data[name]
            event = f"id: {self._room.epoch}:{seen}\nevent: change\ndata: {json.dumps(data)}\n\n"
            await response.write(event.encode())
            await self._wait(stamp)

    async def _wait(self, stamp: int) -> None:
        """Until something changes; a heartbeat at the latest, which also shows the time anew."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self._room.changed(stamp)
