"""Shows private answers to the one who asked: in the channel where only they see it, by direct message, or at Home.

At most once: an answer that is lost is asked for again by the member, one that comes twice confuses.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from adapters.slack.errors import SlackError
from adapters.slack.fitting import fitting
from adapters.slack.messages import Messages
from adapters.slack.web import Web
from bot.core.cards import Card, Reply

log = structlog.get_logger("folkmoot.slack")
REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where somebody has asked: Slack's id of the channel, the thread in it, or the Home tab."""

    user: str
    channel: str = ""
    thread: str = ""
    home: bool = False

    @property
    def direct(self) -> bool:
        return not self.channel or self.channel.startswith("D")


def silent(card: Card) -> bool:
    """Whether there is nothing to say."""
    return isinstance(card, Reply) and not card.lines


class Answers:
    """Tells members things, privately. `at_home` shows a card at the top of somebody's Home tab."""

    def __init__(self, web: Web, messages: Messages, at_home: Callable[[str, Card], Awaitable[None]]) -> None:
        self._web, self._messages, self._at_home = web, messages, at_home
        self._shown: OrderedDict[str, None] = OrderedDict()

    def first(self, request: str) -> bool:
        """Whether this request has not been answered by this process yet; it is from now on."""
        if request in self._shown:
            return False
        self._shown[request] = None
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        return True

    async def tell(self, spot: Spot, card: Card, request: str = "") -> None:
        """Show a card to the one at this spot, unless this request (if named) was answered before. Never raises."""
        if silent(card) or (request and not self.first(request)):
            return
        try:
            if spot.home:
                await self._at_home(spot.user, card)
            elif spot.direct:
                await self._directly(spot.user, card)
            else:
                await self._privately(spot, card)
        except SlackError as error:
            log.warning("answer not shown", user=spot.user, channel=spot.channel, error=error.what)

    async def _privately(self, spot: Spot, card: Card) -> None:
        """In the channel for this reader alone; directly where they are not in it, or the bot is not."""
        thread = {"thread_ts": spot.thread} if spot.thread else {}
        try:
            await fitting(self._web, "chat.postEphemeral", card, channel=spot.channel, user=spot.user, **thread)
        except SlackError as error:
            if error.unknown or error.code == "ratelimited":
                raise
            await self._directly(spot.user, card)

    async def _directly(self, user: str, card: Card) -> None:
        channel = await self._messages.conversation(user)
        await fitting(self._web, "chat.postMessage", card, channel=channel, unfurl_links=False)
