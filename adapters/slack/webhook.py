"""HTTP mode: Slack calls an address of ours. Only what Slack has signed, freshly and for the first time, gets in (T37).

The check stands before the library's own: that one logs whole bodies, and fails on a timestamp that is no number.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.request.internals import parse_body

from adapters.slack.shape import check
from bot.ports import Clock, PlatformError
from bot.shape import UNREADABLE, place_of

log = structlog.get_logger("folkmoot.slack")
PATH: Final = "/slack/events"
FRESH: Final = 300
BODY: Final = 1 << 20
PATIENCE: Final = 20.0
"""Seconds that a body may take to arrive; Slack itself gives up after three."""
REMEMBERED: Final = 100_000


class Gate:
    """Says whether a request is Slack's: signed over its raw bytes, at most five minutes old, not seen before."""

    def __init__(self, secret: str, clock: Clock) -> None:
        if not secret:
            raise ValueError("the signing secret is empty")
        self._secret, self._clock = secret.encode(), clock
        self._seen: dict[bytes, float] = {}

    def refuses(self, headers: Mapping[str, str], body: bytes) -> str:
        """Why it is not let in; empty where it is."""
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        given = headers.get("X-Slack-Signature", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            return "no timestamp"
        now = self._clock.now().timestamp()
        if abs(now - int(stamp)) > FRESH:
            return "too old"
        wanted = hmac.new(self._secret, b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={wanted}".encode(), given.encode(errors="replace")):
            return "wrong signature"
        return self._replayed(bytes.fromhex(wanted), now)

    def _replayed(self, signature: bytes, now: float) -> str:
        """Slack signs each try anew: the same signature twice is a copy."""
        if signature in self._seen:
            return "seen before"
        if len(self._seen) >= REMEMBERED:
            self._seen = {each: at for each, at in self._seen.items() if now - at <= 2 * FRESH}
        self._seen[signature] = now
        return ""


class Webhook:
    """The server behind your TLS proxy."""

    def __init__(self, app: AsyncApp, gate: Gate, listen: str, *, patience: float = PATIENCE) -> None:
        self._app, self._gate, self._patience = app, gate, patience
        host, _, port = listen.rpartition(":")
        self._host, self._wanted = host.strip("[]"), int(port)
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._runner.addresses[0][1]) if self._runner is not None else self._wanted

    async def open(self) -> None:
        """Listen. Raises PlatformError where the address cannot be had."""
        site = web.Application(client_max_size=BODY)
        site.router.add_post(PATH, self._take)
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=8)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._wanted).start()
        except OSError as error:
            await runner.cleanup()
            what = f"cannot listen on {self._host}:{self._wanted}: {error.strerror or error}"
            raise PlatformError(f"{what}; set another [slack] listen", final=True) from error
        self._runner = runner

    async def close(self) -> None:
        """Take nothing more, and finish what was begun."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._patience):
                body = await request.read()
        except TimeoutError:
            return web.json_response({"error": "too slow"}, status=408)
        refused = self._gate.refuses(request.headers, body)
        if refused:
            log.warning("request refused", reason=refused, bytes=len(body))
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            words = body.decode()
            check(parse_body(words, request.content_type))
        except UNREADABLE as error:
            log.warning("request not understood", where=place_of(error))
            return web.json_response({"error": "bad request"}, status=400)
        try:
            asked = AsyncBoltRequest(body=words, query=request.query_string, headers=dict(request.headers))
            return await to_aiohttp_response(await self._app.async_dispatch(asked))
        except Exception as error:  # the top of the inbound side; what was sent is not logged
            incident = secrets.token_hex(2)
            log.error("request not understood", incident=incident, error=type(error).__name__)
            return web.json_response({"error": "bad request", "incident": incident}, status=400)
