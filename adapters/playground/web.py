"""The playground's web server: the page, its state, its events and its actions. It listens on loopback only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.playground.actions import BODY_CAP, Actions
from adapters.playground.backstage import Backstage
from adapters.playground.guard import Refusal, guard
from adapters.playground.room import Room
from adapters.playground.stream import Streams
from adapters.playground.view import whole
from bot.ports import Desk

HOST: Final = "127.0.0.1"
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running server. `url` opens the page, with the token of this start."""

    runner: web.AppRunner
    port: int
    token: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/?token={self.token}"

    async def close(self) -> None:
        """Stop listening, end the event streams."""
        await self.runner.cleanup()


def new_token() -> str:
    """A secret for one start."""
    return secrets.token_urlsafe(24)


def build_app(room: Room, desk: Desk, backstage: Backstage, *, token: str) -> web.Application:
    """The application, to be served on loopback and nowhere else."""
    app = web.Application(middlewares=[guard(token)], client_max_size=BODY_CAP)
    pages = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, enable_async=True
    )
    actions = Actions(room=room, desk=desk, backstage=backstage)
    streams = Streams(room, backstage)

    async def page(_: web.Request) -> web.Response:
        html = await pages.get_template("page.html.j2").render_async(summary=backstage.summary)
        return web.Response(text=html, content_type="text/html")

    async def state(request: web.Request) -> web.Response:
        member = room.member(request.query["as"]) if "as" in request.query else next(iter(room.members), None)
        if member is None:
            raise Refusal(400, "Nobody here is called that.")
        return web.json_response(whole(room, backstage, member))

    async def streams_end(_: web.Application) -> None:
        await streams.close()

    app.router.add_get("/", page)
    app.router.add_get("/state", state)
    app.router.add_get("/events", streams.events)
    app.router.add_static("/static", _HERE / "static")
    for name in ("say", "press", "form", "react", "delete", "dismiss", "clock", "merge"):
        app.router.add_post(f"/{name}", getattr(actions, name))
    app.on_shutdown.append(streams_end)
    return app


async def serve(room: Room, desk: Desk, backstage: Backstage, *, port: int = 0, token: str | None = None) -> Site:
    """Serve the page on 127.0.0.1; port 0 takes a free one. Raises OSError if the port is taken."""
    token = token or new_token()
    runner = web.AppRunner(build_app(room, desk, backstage, token=token), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return Site(runner=runner, port=int(runner.addresses[0][1]), token=token)
