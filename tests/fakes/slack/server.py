"""The fake Slack as a server on loopback, with faults to order: it breaks before, or after, doing what was asked."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.fakes.slack.api import Api
from tests.fakes.slack.state import TEAM, Workspace

BOT_TOKEN: Final = "xoxb-1-secret"
APP_TOKEN: Final = "xapp-1-secret"
SIGNING: Final = "signing-secret"
SCOPES: Final = (
    "commands,chat:write,reactions:read,reactions:write,users:read,im:write,im:history,channels:read,groups:read,"
    "channels:history,groups:history"
)
UNANSWERED: Final = 60.0
"""Seconds after which a test that waits for an acknowledgement fails, instead of hanging."""
Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(slots=True, kw_only=True)
class Fault:
    """How the next calls of a method go wrong. `after`: it is done all the same."""

    how: str
    times: int
    after: bool = False
    seconds: int = 1


@dataclass(slots=True, kw_only=True)
class Ack:
    """What the app has answered. `payload` is the body, `status` of HTTP (200 for a frame)."""

    payload: dict[str, Any]
    status: int = 200


@dataclass(slots=True)
class _Envelope:
    future: asyncio.Future[dict[str, Any]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FakeSlack:
    """Start it, point an app at `api_url`, and act as members (see `members.py`)."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.space = Workspace(now)
        self.api = Api(self.space)
        self.scopes = SCOPES
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, Fault] = {}
        self.revoked = ""
        self.sockets: list[web.WebSocketResponse] = []
        self.connections = 0
        self.acks: Counter[str] = Counter()
        self.connected = asyncio.Event()
        self.bot_url = ""
        self._envelopes: dict[str, _Envelope] = {}
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=4 << 20)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._client = aiohttp.ClientSession()

    async def stop(self) -> None:
        assert self._runner is not None
        assert self._client is not None
        await self._client.close()
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        assert self._runner is not None
        return int(self._runner.addresses[0][1])

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    # ------------------------------------------------------------------- faults

    def fail(self, method: str, how: str, *, times: int = 1, after: bool = False, seconds: int = 1) -> None:
        """The next calls go wrong: "429", "500", "reset", "html", or an error code of Slack's."""
        self.faults[method] = Fault(how=how, times=times, after=after, seconds=seconds)

    def called(self, method: str) -> list[dict[str, Any]]:
        """The bodies of all calls of a method, those that went wrong too."""
        return [body for name, body in self.calls if name == method]

    async def drop(self) -> None:
        """The connection breaks without a word."""
        self.connected.clear()
        for socket in list(self.sockets):
            if (transport := getattr(socket, "_req", None)) is not None and transport.transport is not None:
                transport.transport.abort()

    async def refresh(self) -> None:
        """Slack asks the app to connect anew."""
        self.connected.clear()
        for socket in list(self.sockets):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    # ------------------------------------------------------------------- Web API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        body = {**dict(request.query), **body}
        self.calls.append((method, body))
        refused = self._refused(method, request.headers.get("Authorization", ""))
        if refused:
            return web.json_response({"ok": False, "error": refused})
        fault = self._fault(method)
        if fault is not None and not fault.after:
            return await self._broken(request, fault)
        answer = self._open(request) if method == "apps.connections.open" else self.api.call(method, body)
        if fault is not None:
            return await self._broken(request, fault)
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes})

    def _refused(self, method: str, authorization: str) -> str:
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if self.revoked:
            return self.revoked
        return "" if authorization == f"Bearer {wanted}" else "invalid_auth"

    def _fault(self, method: str) -> Fault | None:
        fault = self.faults.get(method) or self.faults.get("*")
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.faults.pop(method, None) or self.faults.pop("*", None)
        return fault

    async def _broken(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.how:
            case "429":
                headers = {"Retry-After": str(fault.seconds)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "500":
                return web.json_response({"ok": False, "error": "internal_error"}, status=500)
            case "html":
                return web.Response(text="<html>Bad gateway</html>", status=502, content_type="text/html")
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case code:
                return web.json_response({"ok": False, "error": code})

    def _open(self, request: web.Request) -> dict[str, Any]:
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket=t{next(self._numbers)}"}

    # ------------------------------------------------------------------- Socket Mode

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connections += 1
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0001"}})
        self.connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    data = json.loads(message.data)
                    self.acks[data["envelope_id"]] += 1
                    waiting = self._envelopes.get(data["envelope_id"])
                    if waiting is not None and not waiting.future.done():
                        waiting.future.set_result(data.get("payload") or {})
        finally:
            self.sockets.remove(socket)
        return socket

    async def send(self, kind: Kind, payload: dict[str, Any], *, wait: bool = True) -> Ack | None:
        """Bring the app something; its answer. By HTTP where `bot_url` is set, else by Socket Mode."""
        if self.bot_url:
            return await self.http(kind, payload)
        name = f"e{next(self._numbers)}"
        self._envelopes[name] = envelope = _Envelope()
        await self.connected.wait()
        accepts = kind != "events_api"
        frame = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        await self.sockets[-1].send_json(frame)
        return Ack(payload=await asyncio.wait_for(envelope.future, UNANSWERED)) if wait else None

    # ------------------------------------------------------------------- HTTP

    async def http(self, kind: Kind, payload: dict[str, Any], **forged: Any) -> Ack:
        """A signed request."""
        match kind:
            case "events_api":
                body, content = json.dumps(payload), "application/json"
            case "slash_commands":
                body, content = urlencode(payload, errors="surrogatepass"), "application/x-www-form-urlencoded"
            case _:
                body, content = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        return await self.raw(body.encode(), content, **forged)

    async def raw(
        self, body: bytes, content: str, *, stamp: str = "", signature: str = "", secret: str = SIGNING
    ) -> Ack:
        """A request as it is; signed unless it says otherwise."""
        assert self._client is not None
        stamp = stamp or str(int(self.space.now()))
        signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or f"v0={signed}",
        }
        async with self._client.post(self.bot_url, data=io.BytesIO(body), headers=headers) as response:
            text = await response.text()
            try:
                payload = json.loads(text) if text else {}
            except ValueError:
                payload = {"text": text}
            return Ack(payload=payload, status=response.status)


__all__ = ["APP_TOKEN", "BOT_TOKEN", "SIGNING", "TEAM", "Ack", "FakeSlack", "Fault"]
