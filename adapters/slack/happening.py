"""Events that Slack tells of: reactions, the Home tab, channels that move or are archived, tokens taken back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt import BoltResponse

from adapters.slack.answering import Answers, Spot
from adapters.slack.asking import Channels, instant
from adapters.slack.catching import Standings, with_contradiction
from adapters.slack.codes import event_request
from adapters.slack.errands import Errands
from adapters.slack.errors import PLACES, TOKENS, SlackError
from adapters.slack.home import Home
from adapters.slack.members import Members, Outsider
from adapters.slack.web import Web
from adapters.slack.words import turned_away
from bot.core.reactions import choice_of
from bot.ports import Clock, Front, Inbound, LivePoll, Reacted, Standing, sighting_of

KEPT: Final = 10_000
log = structlog.get_logger("folkmoot.slack")
_SHUT: Final = {
    "channel_archive": "is_archived",
    "group_archive": "is_archived",
    "channel_left": "not_in_channel",
    "group_left": "not_in_channel",
}
"""Events after which the app cannot post, and the error that it would get."""
_OPENED: Final = frozenset({"channel_unarchive", "group_unarchive"})


class Happening:
    """The handlers of events. An event that could not be taken in is not acknowledged: Slack brings it again."""

    def __init__(
        self,
        *,
        web: Web,
        members: Members,
        answers: Answers,
        home: Home,
        channels: Channels,
        standings: Standings,
        errands: Errands,
        front: Callable[[], Front],
        clock: Clock,
    ) -> None:
        self._web, self._members, self._answers, self._home = web, members, answers, home
        self._channels, self._standings, self._errands = channels, standings, errands
        self._front, self._clock = front, clock
        self._told: OrderedDict[tuple[str, int], None] = OrderedDict()

    async def reacted(self, body: Mapping[str, Any], event: Mapping[str, Any]) -> BoltResponse | None:
        """A reaction was added or taken away: of the polls alone, of anything else it is not even looked at."""
        item, emoji = event.get("item") or {}, str(event.get("reaction", ""))
        bot = (await self._web.identity()).bot_user
        if item.get("type") != "message" or choice_of(emoji) is None or event.get("item_user") not in {None, bot}:
            return None
        place = str(item.get("channel", ""))
        poll = self._front().polls.at(self._channels.ours(place), str(item.get("ts", "")))
        if poll is None or not poll.reactions:
            return None
        try:
            await self._of_poll(poll, place, emoji, body, event)
        except SlackError as error:
            log.warning("reaction waits", user=event.get("user"), error=error.what)
            return BoltResponse(status=503)
        return None

    async def _of_poll(
        self, poll: LivePoll, place: str, emoji: str, body: Mapping[str, Any], event: Mapping[str, Any]
    ) -> None:
        """Bring a reaction on a poll to the desk. Raises SlackError where it cannot be told whose it is."""
        user, added = str(event.get("user", "")), event.get("type") == "reaction_added"
        request, spot = event_request(body), Spot(user=user, channel=place)
        who = await self._members.who(user)
        if isinstance(who, Outsider):
            if added and who.why != "bot" and self._first(user, poll.motion):
                self._errands.spawn(self._answers.tell(spot, turned_away(who), request), "outsider")
            return
        if self._front().people().by_account(who.key) is None and not (added and self._first(user, poll.motion)):
            return
        other = self._standings.note(poll, user, emoji, added=added)
        inbound = Inbound(
            request=request,
            who=who,
            channel=poll.channel,
            act=Reacted(emoji=emoji, motion=poll.motion, added=added),
            acted_at=instant(event.get("event_ts")) or self._clock.now(),
            sighting=sighting_of(poll, Standing(who=who, emoji=emoji)) if added else "",
        )
        card = with_contradiction(await self._front().desk.ask(inbound), other)
        self._errands.spawn(self._answers.tell(spot, card, request), "answer to a reaction")

    def _first(self, user: str, motion: int) -> bool:
        """Whether a stranger is told for the first time that this is no ballot: once for each motion will do."""
        if (user, motion) in self._told:
            return False
        self._told[user, motion] = None
        if len(self._told) > KEPT:
            self._told.popitem(last=False)
        return True

    async def home_opened(self, event: Mapping[str, Any]) -> None:
        """Somebody looks at the Home tab."""
        if event.get("tab", "home") == "home":
            self._errands.spawn(self.show_home(str(event.get("user", ""))), "home")

    async def show_home(self, user: str) -> None:
        """Publish it; where that fails the reader sees the one of before."""
        try:
            await self._home.show(user)
        except SlackError as error:
            log.warning("Home not shown", user=user, error=error.what)

    async def channel_moved(self, event: Mapping[str, Any]) -> None:
        """A channel has another id since it was shared."""
        old, new = str(event.get("old_channel_id", "")), str(event.get("new_channel_id", ""))
        if old and new:
            self._channels.move(old, new)
            log.error("Slack has given a channel another id: put it into the configuration", old=old, new=new)

    async def happened(self, event: Mapping[str, Any]) -> None:
        """What an operator has to know: where the app cannot post any more, and where it can again (F32-F36)."""
        kind, channel = str(event.get("type", "")), self._channels.ours(str(event.get("channel", "")))
        front = self._front()
        here = [channel] if channel in front.channels else []
        if kind in _SHUT:
            await front.shut(here, PLACES[_SHUT[kind]])
        elif kind in _OPENED or (kind == "member_joined_channel" and await self._itself(event)):
            await front.opened(here)
        elif kind == "app_uninstalled" or (kind == "tokens_revoked" and (event.get("tokens") or {}).get("bot")):
            await front.shut(front.channels, TOKENS["token_revoked"])

    async def _itself(self, event: Mapping[str, Any]) -> bool:
        return bool(event.get("user") == (await self._web.identity()).bot_user)
