"""Serves the site, read-only: no cookies, no script, no form, and nothing that is not in the public record.

The one exception is the maintainers' calendar, under an address that only its token makes known.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.site.pages import HTML, File, Pages

_LOG: Final = logging.getLogger(__name__)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
CALENDAR: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCalendar:
    """The maintainers' deadlines, and the token that its address has."""

    token: str
    data: Callable[[], bytes]

    @property
    def path(self) -> str:
        return f"/deadlines-{self.token}.ics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server."""

    runner: web.AppRunner
    url: str

    async def close(self) -> None:
        """Stop listening."""
        await self.runner.cleanup()


def build_app(pages: Pages, private: PrivateCalendar | None = None) -> web.Application:
    """The application: GET and HEAD of the site's files, and nothing else."""

    @web.middleware
    async def every_answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            plain = f"{error.status} {error.reason}\n"
            response = web.Response(status=error.status, text=plain)
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
        except ConnectionError:
            raise
        except Exception:
            incident = secrets.token_hex(2)
            _LOG.exception("incident %s while a page was made", incident)  # no path: it may hold the token
            response = web.Response(status=500, text=f"Something broke here (incident {incident}).\n")
        response.headers.update(HEADERS)
        return response

    async def file(request: web.Request) -> web.Response:
        if private is not None and _same(request.path, private.path):
            data = await asyncio.to_thread(private.data)
            return web.Response(body=data, headers={"Content-Type": CALENDAR, "Cache-Control": "no-store"})
        path = request.path.removeprefix("/") or "index.html"
        found = await asyncio.to_thread(pages.render, path)
        if found is None:
            body = await asyncio.to_thread(pages.missing, path)
            headers = {"Content-Type": HTML, "Cache-Control": "no-store"}
            return web.Response(status=404, body=body, headers=headers)
        return _answer(request, found)

    app = web.Application(middlewares=[every_answer], client_max_size=1024)
    app.router.add_get("/{path:.*}", file)
    return app


def _answer(request: web.Request, found: File) -> web.Response:
    """The file, or the word that the one that the reader has is still right."""
    tag = hashlib.sha256(found.data).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "public, no-cache"}
    if any(known.value in {tag, "*"} for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=found.data, headers={**headers, "Content-Type": found.kind})


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


async def serve(pages: Pages, *, host: str, port: int, private: PrivateCalendar | None = None) -> Served:
    """Serve the site; port 0 takes a free one. Raises OSError if the port is taken."""
    runner = web.AppRunner(build_app(pages, private), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = int(runner.addresses[0][1])
    return Served(runner=runner, url=f"http://{f'[{host}]' if ':' in host else host}:{bound}/")
