"""The server: faults first, then REST; sessions of the gateway; and the world that tests set up and look at."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.rest import Refused, Rest
from tests.fakes.discord.state import (
    BOT_MAY,
    DIRECT,
    EVERYONE_MAY,
    VIEW,
    Channel,
    Data,
    Guild,
    Role,
    Snowflakes,
    User,
    real_now,
)
from tests.fakes.discord.validate import Invalid

APP: Final = 900
TOKEN: Final = "OTAw.fake.token"
GUILD: Final = 100
GOV: Final = 200
OWNER: Final = 999
BOT_ROLE: Final = 150
TEAM_ROLE: Final = 160


@dataclass
class Fault:
    """What happens to the next calls of a kind: `done` says whether Discord has done it all the same."""

    method: str
    path: str
    status: int = 0
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    extra: Data = field(default_factory=dict)
    done: bool = False
    times: int = 1


class FakeDiscord:
    """One server, one channel, one bot. Add what a test needs; everything that the bot did is there to be seen."""

    def __init__(self, now: Callable[[], datetime] = real_now) -> None:
        self.snowflake = Snowflakes(now)
        self.bot = User(APP, "folkmoot", bot=True)
        self.users: dict[int, User] = {APP: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.calls: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self.tokens = {TOKEN}
        self.application: Data = {"bot_public": False, "interactions_endpoint_url": None}
        self.rest, self.gateway, self.interactions = Rest(self), Gateway(self), Interactions(self)
        self.add_guild(GUILD)
        self.add_channel(GOV)
        self._runner: web.AppRunner | None = None
        self.port = 0
        self.stirred: Callable[[], None] = lambda: None

    # ------------------------------------------------------------------- the world

    def add_guild(self, number: int) -> Guild:
        owner = self.users.setdefault(OWNER, User(OWNER, "owner"))
        guild = Guild(number, f"server {number}", OWNER)
        guild.roles[number] = Role(number, "@everyone", EVERYONE_MAY)
        guild.roles[number + BOT_ROLE] = Role(
            number + BOT_ROLE, "folkmoot", BOT_MAY, managed=True, tags={"bot_id": str(APP)}
        )
        guild.roles[number + TEAM_ROLE] = Role(number + TEAM_ROLE, "maintainers")
        guild.members[OWNER] = (owner, ())
        guild.members[APP] = (self.bot, (number + BOT_ROLE,))
        self.guilds[number] = guild
        return guild

    def add_channel(self, number: int, guild: int = GUILD, *, public: bool = False) -> Channel:
        """A channel that only maintainers and the bot see, or everyone."""
        channel = Channel(number, guild, f"channel-{number}")
        self.channels[number] = channel
        self.show(channel, public=public)
        return channel

    def show(self, channel: Channel, *, public: bool) -> None:
        guild = channel.guild
        may: dict[int, tuple[int, int]] = {guild: (0, 0 if public else VIEW)}
        may[guild + BOT_ROLE] = may[guild + TEAM_ROLE] = (VIEW, 0)
        channel.overwrites = may

    def add_member(self, number: int, name: str, *, guild: int = GUILD, bot: bool = False, team: bool = True) -> User:
        user = self.users.setdefault(number, User(number, name, bot=bot))
        self.guilds[guild].members[number] = (user, (guild + TEAM_ROLE,) if team else ())
        return user

    async def kick(self, guild: int = GUILD) -> None:
        """Somebody removes the bot from a server."""
        del self.guilds[guild].members[APP]
        await self.gateway.emit("GUILD_DELETE", {"id": str(guild)})

    async def invite(self, guild: int = GUILD) -> None:
        """Somebody has the bot come to a server again."""
        self.guilds[guild].members[APP] = (self.bot, (guild + BOT_ROLE,))
        known = self.gateway.created(self.guilds[guild])
        del known["unavailable"]  # that it is given at all says that the server was there before
        await self.gateway.emit("GUILD_CREATE", known)

    def letters(self, user: int) -> Channel:
        """The direct messages between the bot and a member."""
        for channel in self.channels.values():
            if channel.type == DIRECT and channel.recipient is not None and channel.recipient.id == user:
                return channel
        number = self.snowflake()
        self.channels[number] = Channel(number, 0, "", DIRECT, recipient=self.users[user])
        return self.channels[number]

    def posts(self, channel: int = GOV) -> list[Data]:
        """What stands in a channel, oldest first."""
        found = self.channels.get(channel)
        return [found.messages[number] for number in sorted(found.messages)] if found is not None else []

    def fail(self, method: str, path: str, status: int = 0, code: int = 0, **more: Any) -> Fault:
        """The next calls like this go wrong; without a status the connection is reset."""
        fault = Fault(method, path, status, code, **more)
        self.faults.append(fault)
        return fault

    def called(self, method: str, path: str) -> int:
        """How often a path was called."""
        return sum(each == method and re.fullmatch(path, where) is not None for each, where in self.calls)

    # ------------------------------------------------------------------- the sockets

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gw"

    async def start(self) -> FakeDiscord:
        app = web.Application(client_max_size=32 << 20)
        app.router.add_get("/gw", self.gateway.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Go away; what is there stays, and `start` opens the same port again (another one if `port` is set to 0)."""
        await self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["tail"]
        self.calls.append((request.method, path))
        try:
            return await self._answered(request, path)
        finally:
            asyncio.get_running_loop().call_soon(self.stirred)

    async def _answered(self, request: web.Request, path: str) -> web.StreamResponse:
        fault = self._fault(request.method, path)
        if fault is not None and not fault.done:
            return self._broken(request, fault)
        try:
            body, files = await _body(request)
            status, answer = await self.rest.answer(request, path, body, files)
        except Refused as refused:
            status, answer = refused.status, {"code": refused.code, "message": "refused"}
        except Invalid as invalid:
            self.problems.append(f"{request.method} {path}: {invalid}")
            status, answer = 400, {"code": 50035, "message": str(invalid)}
        if fault is not None:
            return self._broken(request, fault)
        return _json(answer, status)

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and re.fullmatch(fault.path, path):
                fault.times -= 1
                if fault.times == 0:
                    self.faults.remove(fault)
                return fault
        return None

    def _broken(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.status:
            body = {"message": "fault", "code": fault.code, **fault.extra}
            return _json(body, fault.status, fault.headers)
        transport = request.transport
        if transport is not None:
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        return web.Response()


async def _body(request: web.Request) -> tuple[Any, list[Data]]:
    """The JSON, and the files that come with it."""
    if request.content_type == "multipart/form-data":
        form = await request.post()
        files = []
        for name, part in form.items():
            if isinstance(part, web.FileField):
                files.append({"filename": part.filename, "text": part.file.read().decode(), "name": name})
        return json.loads(str(form["payload_json"])), files
    return (await request.json() if request.can_read_body else None), []


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """discord.py compares the content type letter by letter: no charset."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers, content_type="application/json")
