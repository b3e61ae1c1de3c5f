"""The fake Discord behind a network that has its weather, as a simulation needs it. It outlives the bot's lives."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, Final

from aiohttp import web
from discord import backoff
from discord.ui import view

from adapters.discord.codes import mark_in
from bot.ports import PlatformError
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.gateway import Gateway, Session
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.server import Fault
from tests.fakes.discord.state import Channel, Data
from tests.simulation.weather import Weather

FOREVER: Final = 10**12
"""Milliseconds between two heartbeats: they go by the real clock, in a thread of the library's."""
LOST_SESSIONS: Final = 0.3
"""Of the connections that break in between, how many lose their session too."""


class _Chance(Random):
    """The library's own chance: how long it waits before it connects again. Here it is the same in each run."""

    def seed(self, a: Any = None, version: int = 2) -> None:
        super().seed("discord.py" if a is None else a, version)


def _time() -> float:
    return asyncio.get_running_loop().time()


setattr(backoff, "random", SimpleNamespace(Random=_Chance))  # noqa: B010
for module in (backoff, view):  # what the library times by the machine's clock is timed by the simulation's
    setattr(module, "time", SimpleNamespace(monotonic=_time))  # noqa: B010


@dataclass(slots=True, kw_only=True)
class Event:
    """Something that Discord tells the bot; where it was told before, it is told again under its number."""

    kind: str
    data: Data
    session: Session | None = None
    sent: Data | None = None

    @property
    def ever(self) -> bool:
        return self.sent is not None


class _Gateway(Gateway):
    """One session at a time, for there is one bot."""

    heartbeat = FOREVER

    def __init__(self, fake: FakeDiscord, weather: Weather) -> None:
        super().__init__(fake)
        self._weather = weather
        self._wires: list[web.Request] = []

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        if self._weather.down:
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPServiceUnavailable
        self._wires.append(request)
        return await super().serve(request)

    async def _identify(self, ws: web.WebSocketResponse, data: Data) -> Session | None:
        self.sessions.clear()
        return await super()._identify(ws, data)

    def cut(self) -> None:
        """The connection breaks; the session stays for a while."""
        for request in self._wires:
            if request.transport is not None:
                request.transport.abort()
        self._wires.clear()
        for session in self.sessions.values():
            session.socket = None

    async def bring(self, event: Event, number: Callable[[str], None]) -> bool:
        """Tell the bot; whether it can have been told. `number` hears under which number, before that."""
        session = next(iter(self.sessions.values()), None)
        if session is None:
            return False
        if event.sent is not None and event.session is session:
            await session.push(event.sent)
        else:
            number(f"{session.id}:{len(session.events) + 1}")
            event.session, event.sent = session, await session.send(event.kind, event.data)
        return True


class _Rest(Rest):
    """Remembers which messages have changed, how often, and under which mark each was posted."""

    def __init__(self, fake: FakeDiscord) -> None:
        super().__init__(fake)
        self.touched: list[tuple[int, int]] = []
        self.edits: Counter[int] = Counter()
        self.marks: dict[int, str] = {}

    def make(self, channel: Channel, body: Data, files: list[Data], **more: Any) -> Data:
        made = super().make(channel, body, files, **more)
        self.touched.append((channel.id, int(made["id"])))
        self.marks[int(made["id"])] = mark_in(made["content"]) or ""
        return made

    async def _edit(self, channel: int, message: int, *, body: Data, files: list[Data], **more: Any) -> Data:
        edited = await super()._edit(channel, message, body=body, files=files, **more)
        self.edits[message] += 1
        self.touched.append((channel, message))
        return edited


class Net(FakeDiscord):
    """One server with its channels and members. `weather` decides what comes through."""

    def __init__(self, now: Callable[[], datetime], weather: Weather) -> None:
        super().__init__(now)
        self.guilds.clear()
        self.channels.clear()
        self.weather = weather
        self.gateway: _Gateway = _Gateway(self, weather)
        self.rest: _Rest = _Rest(self)
        self._now, self._last = now, now()

    def moment(self) -> datetime:
        """When a member acts: a moment ago, and no two at once, for Discord counts in milliseconds."""
        ago = self._now() - timedelta(seconds=1)
        self._last = max(ago, self._last + timedelta(milliseconds=1))
        return self._last

    async def shake(self) -> None:
        """Now and then Discord ends a connection: what happens meanwhile comes with the resume, or never."""
        if not self.weather.chance(self.weather.lost / 2):
            return
        if self.weather.chance(LOST_SESSIONS):
            self.weather.faults["session lost"] += 1
            await self.gateway.invalidate()
        else:
            self.weather.faults["gateway dropped"] += 1
            self.gateway.cut()

    def close_account(self, user: int) -> None:
        """Nobody is there any more, and nothing can be delivered."""
        self.users[user].takes_letters = False
        for guild in self.guilds.values():
            guild.members.pop(user, None)

    def _fault(self, method: str, path: str) -> Fault | None:
        what, dice = f"{method} {path}", self.weather.rng
        try:
            self.weather.before(what)
        except PlatformError as error:
            if error.retry_after is not None:
                return _limited(method, path, error.retry_after, by_discord=dice.random() < 0.7)
            status = 0 if self.weather.down else dice.choice((0, 500, 502, 503))
            return Fault(method, path, status)
        try:
            self.weather.after(what)
        except PlatformError:
            return Fault(method, path, done=True)
        return None


def _limited(method: str, path: str, seconds: float, *, by_discord: bool) -> Fault:
    """Too fast: Discord says so, or what stands before it does."""
    headers = {"Retry-After": f"{seconds:.0f}", **({"Via": "1.1 google"} if by_discord else {})}
    return Fault(method, path, 429, headers=headers, extra={"retry_after": seconds, "global": False})
