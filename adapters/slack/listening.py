"""The Bolt app: which request of Slack's goes to which handler. Everything is answered, also what nobody expects."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.codes import FORM, KIND, PRESS, REFRESH, START
from adapters.slack.commands import Commands
from adapters.slack.drawing import draw
from adapters.slack.happening import Happening
from adapters.slack.pressing import Pressing
from adapters.slack.web import Web
from adapters.slack.words import failed
from bot.core.cards import Card

log = structlog.get_logger("folkmoot.slack")
_ANY: Final = re.compile(".*", re.DOTALL)
_OURS: Final = re.compile(f"^({PRESS}|{FORM}):")
Body = Mapping[str, Any]


def bolt_app(
    web: Web,
    *,
    commands: Commands,
    pressing: Pressing,
    happening: Happening,
    trouble: Callable[[Body, Card], None],
) -> AsyncApp:
    """A Bolt app that runs a handler to its end before it answers Slack: first the commit, then the acknowledgement.

    Who we are was asked at the start, so that no request waits for `auth.test`. Signatures are checked before this,
    in `webhook.py`, which is the only way in over HTTP.
    """

    async def authorize() -> AuthorizeResult:
        identity = await web.identity()
        return AuthorizeResult(
            enterprise_id=identity.enterprise or None,
            team_id=identity.team,
            bot_user_id=identity.bot_user,
            bot_id=identity.bot,
            bot_token=web.token,
        )

    app = AsyncApp(
        name="folkmoot.slack.bolt",
        logger=web.log,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        authorize=authorize,
        process_before_response=True,
    )
    app.client.proxy, app.client.base_url, app.client.retry_handlers = web.client.proxy, web.client.base_url, []
    _members(app, commands, pressing, happening)
    _events(app, happening)
    _faults(app, trouble)
    return app


def _faults(app: AsyncApp, trouble: Callable[[Body, Card], None]) -> None:
    """A bug of ours: logged with an incident that the member sees. Slack keeps the form, and brings an event again."""

    async def broken(error: Exception, body: Body) -> BoltResponse:
        incident = secrets.token_hex(2)
        log.error("request failed", incident=incident, error=repr(error), exc_info=error)
        card = failed(incident)
        if "command" in body:
            data = {"response_type": "ephemeral", **draw(card).data}
            return BoltResponse(status=200, body=json.dumps(data), headers={"content-type": "application/json"})
        if "event" not in body:
            trouble(body, card)
        return BoltResponse(status=500, body="")

    app.error(broken)


def _members(app: AsyncApp, commands: Commands, pressing: Pressing, happening: Happening) -> None:
    """What members do by themselves. The command may be called anything in the app's settings."""

    async def refresh(ack: AsyncAck, body: Body) -> None:
        await ack()
        await happening.home_opened({"user": (body.get("user") or {}).get("id", "")})

    app.command(_ANY)(_of(commands.typed, "ack", "body"))
    app.message_shortcut(START)(_of(commands.shortcut, "ack", "body"))
    app.action(_OURS)(_of(pressing.pressed, "ack", "body", "action"))
    app.action(KIND)(_of(pressing.begins, "ack", "body", "action"))
    app.action(REFRESH)(refresh)
    app.view_submission(_ANY)(_of(pressing.submitted, "ack", "body", "view"))
    app.view_closed(_ANY)(_acknowledge)
    for unexpected in (app.shortcut, app.action, app.options):
        unexpected(_ANY)(_acknowledge)


def _events(app: AsyncApp, happening: Happening) -> None:
    async def reacted(body: Body, event: Body) -> BoltResponse | None:
        return await happening.reacted(body, event)

    async def home(event: Body) -> None:
        await happening.home_opened(event)

    async def moved(event: Body) -> None:
        await happening.channel_moved(event)

    async def other(event: Body) -> None:
        await happening.happened(event)

    for kind in ("reaction_added", "reaction_removed"):
        app.event(kind)(reacted)
    app.event("app_home_opened")(home)
    app.event("channel_id_changed")(moved)
    app.event(_ANY)(other)


def _of(handler: Callable[..., Coroutine[Any, Any, None]], *names: str) -> Callable[..., Coroutine[Any, Any, None]]:
    """A listener that Bolt takes: it looks at the names of the arguments, which a bound method does not show it."""
    if names == ("ack", "body"):

        async def two(ack: AsyncAck, body: Body) -> None:
            await handler(ack, body)

        return two
    if names == ("ack", "body", "view"):

        async def form(ack: AsyncAck, body: Body, view: Body) -> None:
            await handler(ack, body, view)

        return form

    async def press(ack: AsyncAck, body: Body, action: Body) -> None:
        await handler(ack, body, action)

    return press


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()
