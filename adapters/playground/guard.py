"""The door of the page: which requests are let in, and what every response must carry.

Loopback is not enough: any site that a person visits can send requests to this machine, so the Host, the Origin and a
secret of this start are checked. Errors never show a traceback.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_LOG: Final = logging.getLogger(__name__)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_CLOSED_DOOR: Final = (
    "This page is open only to the one who started Folkmoot.\n"
    "Open the address that it printed in the terminal: it carries the key of this start.\n"
)


class Refusal(Exception):
    """A request that is not carried out; the sentence is for the person at the page."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status, self.what = status, what


def guard(token: str) -> Middleware:
    """A middleware that lets in what comes from this page, opened with this start's token."""

    @web.middleware
    async def at_the_door(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = _admit(request, token) or await handler(request)
        except Refusal as refusal:
            response = _error(request, refusal.status, refusal.what)
        except web.HTTPException as error:
            response = _error(request, error.status, error.reason)
        except ConnectionError:
            raise
        except Exception:
            incident = secrets.token_hex(2)
            _LOG.exception("incident %s at %s %s", incident, request.method, request.path)
            response = _error(request, 500, f"Something broke here (incident {incident}). Please try again.")
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return at_the_door


def _admit(request: web.Request, token: str) -> web.StreamResponse | None:
    """None to go on, or the redirect that follows the first visit. Raises Refusal."""
    port = _port(request)
    if request.host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Refusal(421, "This server answers only to 127.0.0.1 and localhost.")
    if request.method not in ("GET", "HEAD") and request.headers.get("Origin") != f"http://{request.host}":
        raise Refusal(403, "This request came from another page.")
    cookie = f"folkmoot-{port}"
    if request.path == "/" and "token" in request.query and _same(request.query["token"], token):
        welcome = web.Response(status=303, headers={"Location": "/"})
        welcome.set_cookie(cookie, token, httponly=True, samesite="Strict", path="/")
        return welcome
    if not _same(request.cookies.get(cookie, ""), token):
        raise Refusal(403, _CLOSED_DOOR)
    return None


def _port(request: web.Request) -> int:
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    if not name:
        raise Refusal(400, "The connection is gone.")
    return int(name[1])


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), token.encode())


def _error(request: web.Request, status: int, what: str) -> web.Response:
    if request.path == "/":
        return web.Response(status=status, text=what)
    return web.json_response({"error": what}, status=status)
