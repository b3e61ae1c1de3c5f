"""Takes GitHub's webhooks: for a bot that GitHub can reach. What they say is handled as what polling finds.

Must never act on a body whose signature does not fit, or twice on one delivery (T37, T38).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiohttp import web

from adapters.github.shape import EVENTS, check, repository_of
from adapters.github.threads import GitHubThreads
from bot.ports import Ears
from bot.shape import UNREADABLE, place_of

log = structlog.get_logger("folkmoot.github")
MAX_BODY: Final = 5 << 20
"""Bytes of a webhook that are taken; a comment has at most 64 KiB, an issue a little more (T36)."""
PATIENCE: Final = 20.0
"""Seconds that a body may take to arrive; GitHub itself gives up after ten."""
PATH: Final = "/github"
_DELIVERY: Final = re.compile(r"[0-9A-Fa-f-]{8,64}\Z")
_SIGNATURE: Final = re.compile(r"sha256=[0-9a-f]{64}\Z")
_WRITTEN: Final = frozenset({"created", "edited", "opened", "reopened"})
_MOVED: Final = frozenset({"opened", "synchronize", "reopened", "ready_for_review", "edited"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told of one repository's webhooks. `pull` looks at a pull request whose commits may be others now."""

    ears: Ears
    threads: GitHubThreads
    default_branch: Callable[[], Awaitable[str]]
    pull: Callable[[int], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Which deliveries have been handled, durably."""

    known: Callable[[str], Awaitable[bool]]
    keep: Callable[[str], Awaitable[None]]


class Hooks:
    """The address that GitHub calls, for all repositories (by their full names, folded)."""

    def __init__(
        self,
        *,
        secret: Callable[[], str],
        receipts: Receipts,
        listeners: Mapping[str, Listener],
        listen: str,
        patience: float = PATIENCE,
    ) -> None:
        self._secret, self._receipts, self._listeners, self._patience = secret, receipts, listeners, patience
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises OSError if the port is taken, and whatever reading the secret raises."""
        if not self._secret():
            raise ValueError("the webhook's secret is empty")
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_post(PATH, self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host.strip("[]"), self._port).start()

    async def stop(self) -> None:
        """Take no more; finish what was begun. Safe to call twice, or without `start`."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    @property
    def url(self) -> str:
        """Where it listens."""
        if self._runner is None:
            raise RuntimeError("not started")
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}{PATH}"

    async def _take(self, request: web.Request) -> web.Response:
        """One delivery: the signature over the raw bytes first, before anything in them is looked at."""
        signature = request.headers.get("x-hub-signature-256", "")
        if not _SIGNATURE.match(signature):
            return web.Response(status=401, text="not signed\n")
        try:
            async with asyncio.timeout(self._patience):
                raw = await request.read()
        except TimeoutError:
            return web.Response(status=408, text="too slow\n")
        if not self._fits(raw, signature):
            log.warning("webhook refused: its signature does not fit")
            return web.Response(status=401, text="the signature does not fit\n")
        delivery = request.headers.get("x-github-delivery", "")
        if not _DELIVERY.match(delivery):
            return web.Response(status=400, text="no delivery id\n")
        name = f"github:delivery:{delivery.casefold()}"
        event = request.headers.get("x-github-event", "")
        try:
            listener, payload = self._understood(event, raw)
        except UNREADABLE as error:
            log.warning("webhook not understood", delivery=delivery, where=place_of(error))
            return web.Response(status=400, text="not understood\n")
        try:
            if await self._receipts.known(name):
                return web.Response(text="known\n")
            if listener is not None:
                await self._handle(listener, event, payload)
            await self._receipts.keep(name)
        except Exception as error:  # the top of an inbound handler: not remembered, so that it may be sent again
            log.error("webhook not handled", delivery=delivery, error=repr(error), exc_info=error)
            return web.Response(status=503, text="not handled, send it again\n")
        return web.Response(text="done\n")

    def _understood(self, event: str, raw: bytes) -> tuple[Listener | None, Any]:
        """Who is to be told, if anybody, and of what. Raises one of UNREADABLE."""
        payload = json.loads(raw)
        listener = self._listeners.get(repository_of(payload)) if event in EVENTS else None
        if listener is not None:
            check(event, payload)
        return listener, payload

    def _fits(self, raw: bytes, signature: str) -> bool:
        wanted = "sha256=" + hmac.new(self._secret().encode(), raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, signature)

    async def _handle(self, listener: Listener, event: str, payload: Any) -> None:
        action = payload.get("action", "")
        match event:
            case "issue_comment":
                await self._comment(listener, action, payload)
            case "issues" if action in _WRITTEN:
                await self._body(listener, payload["issue"])
            case "pull_request":
                if action in _WRITTEN:
                    await self._body(listener, payload["pull_request"])
                if action in _MOVED and listener.pull is not None:
                    await listener.pull(int(payload["number"]))
            case "push":
                if payload["ref"] == f"refs/heads/{await listener.default_branch()}":
                    await listener.ears.pushed()

    async def _comment(self, listener: Listener, action: str, payload: Any) -> None:
        own = await listener.threads.own_id()
        spoken = listener.threads.spoken(payload["comment"], own=own)
        if spoken is None:
            return
        if action in {"created", "edited"}:
            await listener.ears.heard(spoken)
        elif action == "deleted":
            await listener.ears.gone(spoken)

    async def _body(self, listener: Listener, found: Any) -> None:
        spoken = listener.threads.body(found, own=await listener.threads.own_id())
        if spoken is not None:
            await listener.ears.heard(spoken)
