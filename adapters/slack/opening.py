"""Opens forms: at once, for a trigger of Slack's lives three seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from adapters.slack.codes import NAME
from adapters.slack.errors import SlackError
from adapters.slack.forms import Filling, form, needs_motion
from adapters.slack.web import Web
from adapters.slack.words import no_form, no_motion
from bot.core.cards import Card
from bot.core.menu import BY_NAME
from bot.core.people import PlatformUser
from bot.ports import Front

log = structlog.get_logger("folkmoot.slack")


class Opening:
    """Opens a form for a member, with the motions that they may choose from."""

    def __init__(self, web: Web, front: Callable[[], Front]) -> None:
        self._web, self._front = web, front

    async def open(self, trigger: str, user: str, filling: Filling) -> Card | None:
        """None once the form is open, else what to tell the member."""
        try:
            if needs_motion(BY_NAME.get(filling.verb)) and not filling.origin.motion:
                filling = replace(filling, motions=await self.motions(user, filling))
                if not filling.motions:
                    return no_motion()
            await self._web.call("views.open", trigger_id=trigger, view=form(filling))
        except SlackError as error:
            log.warning("form not opened", verb=filling.verb, user=user, error=error.what)
            return no_form()
        return None

    async def motions(self, user: str, filling: Filling) -> tuple[tuple[int, str], ...]:
        """Open motions that this member may know of. Raises SlackError."""
        account = PlatformUser(platform=NAME, team=(await self._web.identity()).org, user=user)
        return tuple(self._front().completion.motions(filling.origin.channel, account.key, ""))
