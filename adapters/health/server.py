"""Serves `/livez`, `/readyz` and `/metrics`. It only reads, and says nothing of any person (T44)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

Reasons = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSite:
    """A running server."""

    runner: web.AppRunner
    url: str

    async def close(self) -> None:
        """Stop listening."""
        await self.runner.cleanup()


def _answer(what: str, reasons: Reasons) -> web.Response:
    """200 where all is well, else 503, with the reasons."""
    return web.json_response({what: not reasons, "why": list(reasons)}, status=503 if reasons else 200)


async def serve(
    *,
    host: str,
    port: int,
    alive: Callable[[], Reasons],
    ready: Callable[[], Awaitable[Reasons]],
    metrics: Callable[[], Awaitable[bytes]],
    content_type: str,
) -> HealthSite:
    """Listen on this address; port 0 takes a free one. Raises OSError."""
    app = web.Application(client_max_size=1024)

    async def livez(_: web.Request) -> web.Response:
        return _answer("alive", alive())

    async def readyz(_: web.Request) -> web.Response:
        return _answer("ready", await ready())

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": content_type})

    for path, handler in (("/livez", livez), ("/readyz", readyz), ("/metrics", figures)):
        app.router.add_get(path, handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    shown = f"[{host}]" if ":" in host else host
    return HealthSite(runner=runner, url=f"http://{shown}:{bound}")
