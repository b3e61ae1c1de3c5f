"""The gateway: sessions with numbered events, kept so that a client can resume."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.discord.state import DIRECT, THREAD, Data, Guild

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

GUILDS, REACTIONS = 1 << 0, 1 << 10
WANTED: Final = GUILDS | REACTIONS


@dataclass(eq=False)
class Session:
    """One IDENTIFY, and all that it was sent."""

    id: str
    events: list[Data] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None

    async def send(self, kind: str, data: Any) -> Data:
        """Number an event, keep it, and send it where somebody listens."""
        event = {"op": 0, "t": kind, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        await self.push(event)
        return event

    async def push(self, event: Data) -> None:
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_str(json.dumps(event))


class Gateway:
    """Sessions by their id. `identified` and `resumed` count what clients did, `heartbeat` is in milliseconds."""

    heartbeat = 41250

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.sessions: dict[str, Session] = {}
        self.sockets: set[web.WebSocketResponse] = set()
        self.identified = self.resumed = 0
        self.intents: set[int] = set()
        self._changed = asyncio.Event()
        self.refuse_resume = False
        self.refused = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket, from HELLO to its end."""
        if self.refused:
            self.refused -= 1
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.sockets.add(ws)
        session: Session | None = None
        await ws.send_json({"op": 10, "d": {"heartbeat_interval": self.heartbeat}, "s": None, "t": None})
        try:
            async for message in ws:
                if message.type is not WSMsgType.TEXT:
                    break
                frame = json.loads(message.data)
                if frame["op"] == 1:
                    await ws.send_json({"op": 11})
                elif frame["op"] == 2:
                    session = await self._identify(ws, frame["d"])
                elif frame["op"] == 6:
                    session = await self._resume(ws, frame["d"])
        finally:
            self.sockets.discard(ws)
            if session is not None and session.socket is ws:
                session.socket = None
        return ws

    async def _identify(self, ws: web.WebSocketResponse, data: Data) -> Session | None:
        if data["token"] not in self._fake.tokens:
            await ws.close(code=4004)
            return None
        self.intents.add(data["intents"])
        self.identified += 1
        session = Session(f"session-{self.identified}", socket=ws)
        self.sessions[session.id] = session
        mine = [guild for guild in self._fake.guilds.values() if self._fake.bot.id in guild.members]
        await session.send(
            "READY",
            {
                "v": 10,
                "user": {**self._fake.bot.data, "verified": True, "mfa_enabled": True},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
                "session_id": session.id,
                "resume_gateway_url": self._fake.gateway_url,
                "application": {"id": str(self._fake.bot.id), "flags": 0},
            },
        )
        for guild in mine:
            await session.send("GUILD_CREATE", self.created(guild))
        self._changed.set()
        return session

    def created(self, guild: Guild) -> Data:
        """A server as the bot is shown it when it comes to it."""
        here = [channel for channel in self._fake.channels.values() if channel.guild == guild.id]
        return {
            **guild.data,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [guild.member(self._fake.bot)],
            "channels": [each.data for each in here if each.type not in {THREAD, DIRECT}],
            "threads": [each.data for each in here if each.type == THREAD],
        }

    async def _resume(self, ws: web.WebSocketResponse, data: Data) -> Session | None:
        await self.gate.wait()
        session = self.sessions.get(data["session_id"])
        if session is None or self.refuse_resume:
            self.refuse_resume = False
            await ws.send_json({"op": 9, "d": False})
            return None
        self.resumed += 1
        session.socket = ws
        for event in session.events[data["seq"] :]:
            await session.push(event)
        await session.send("RESUMED", {})
        self._changed.set()
        return session

    async def emit(self, kind: str, data: Any) -> None:
        """An event for every session, those that are away included."""
        for session in list(self.sessions.values()):
            await session.send(kind, data)

    async def repeat(self, kind: str, times: int = 1) -> None:
        """Send the last event of a kind again, under its number."""
        for session in list(self.sessions.values()):
            event = next(each for each in reversed(session.events) if each["t"] == kind)
            for _ in range(times):
                await session.push(event)

    async def drop(self, code: int = 4000) -> None:
        """Close every socket; sessions can be resumed."""
        for ws in list(self.sockets):
            await ws.close(code=code)

    async def invalidate(self) -> None:
        """INVALID_SESSION: what happens until the next IDENTIFY is lost."""
        gone, self.sessions = self.sessions, {}
        for session in gone.values():
            if session.socket is not None:
                await session.socket.send_json({"op": 9, "d": False})

    async def until(self, *, identified: int = 0, resumed: int = 0) -> None:
        """Wait until clients have come that often."""
        async with asyncio.timeout(30):
            while self.identified < identified or self.resumed < resumed:
                self._changed.clear()
                await self._changed.wait()
