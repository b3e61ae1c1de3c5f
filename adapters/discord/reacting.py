"""Reactions to polls: those that are seen as they happen, and those that stand there after an outage.

Bots, other servers and the server's own emoji never count; taking a reaction away retracts nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import discord
import structlog

from adapters.discord.client import Client, Heard
from adapters.discord.codes import NAME, Place, account, place_of, reaction_request
from adapters.discord.errors import OUTSIDE, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, platform_error
from adapters.discord.lanes import Errands, Lanes
from adapters.discord.members import Members
from adapters.discord.messages import Messages
from bot.core.cards import Card, Reply
from bot.core.reactions import choice_of
from bot.ports import Front, Inbound, LivePoll, PlatformError, Reacted, Standing, sighting_of

log = structlog.get_logger("folkmoot.discord")
KEPT: Final = 10_000
KINDS: Final = (discord.ReactionType.normal, discord.ReactionType.burst)


def silent(card: Card) -> bool:
    """Whether there is nothing to say."""
    return isinstance(card, Reply) and not card.lines


class Reacting:
    """Takes reactions to the desk. There is no private answer to one, so it comes by direct message."""

    def __init__(
        self,
        *,
        front: Callable[[], Front | None],
        client: Callable[[], Awaitable[Client]],
        members: Members,
        messages: Messages,
        lanes: Lanes,
        errands: Errands,
        now: Callable[[], datetime],
    ) -> None:
        self._front, self._client, self._members, self._messages = front, client, members, messages
        self._lanes, self._errands, self._now = lanes, errands, now
        self._told: OrderedDict[tuple[int, int], None] = OrderedDict()

    # ------------------------------------------------------------------- as they happen

    def heard(self, heard: Heard) -> None:
        """Called while the event is read: the order of events is the order of requests."""
        at, payload = self._now(), heard.payload
        if choice_of(_name(payload.emoji)) is None:
            return
        member = payload.member
        if heard.added and (member is None or member.bot):
            return
        self._errands.begin(self._take(heard, at), "discord reaction")

    async def _take(self, heard: Heard, at: datetime) -> None:
        front, payload = self._front(), heard.payload
        if front is None or payload.guild_id is None:
            return
        place = Place(guild=payload.guild_id, channel=payload.channel_id)
        poll = front.polls.at(place.name, str(payload.message_id)) if place.name in front.channels else None
        who, emoji = account(payload.user_id), _name(payload.emoji)
        if poll is None or not poll.reactions or (heard.replayed and heard.added and _ended(poll, at)):
            return
        linked = front.people().by_account(who.key) is not None
        if not linked and not (heard.added and self._first(payload.user_id, poll.motion)):
            return
        inbound = Inbound(
            request=reaction_request(heard.session, heard.sequence),
            who=who,
            channel=place.name,
            act=Reacted(emoji=emoji, motion=poll.motion, added=heard.added),
            acted_at=at,
            sighting=sighting_of(poll, Standing(who=who, emoji=emoji)) if heard.added else "",
        )
        async with self._lanes.of(payload.user_id):
            card = await front.desk.ask(inbound)
        if not silent(card):
            await self._messages.tell(payload.user_id, card)

    def _first(self, user: int, motion: int) -> bool:
        """Whether a stranger is told for the first time that this is no ballot: once for each motion will do."""
        if (user, motion) in self._told:
            return False
        self._told[user, motion] = None
        if len(self._told) > KEPT:
            self._told.popitem(last=False)
        return True

    # ------------------------------------------------------------------- after an outage

    async def catch_up(self, front: Front) -> None:
        """Bring what stands on every open poll to the desk, those that can be read before the others are complained of.

        Raises PlatformError: then it has to be done again.
        """
        failed: PlatformError | None = None
        for poll in front.polls.live(NAME):
            try:
                standings = await self._standing(front, poll)
            except PlatformError as error:
                failed = error
                continue
            if standings is None:
                await front.gone(poll)
            if standings is None or not poll.reactions:
                continue
            for who, card in await front.desk.catch_up(poll, standings):
                if not silent(card):
                    await self._messages.tell(int(who.user), card)
        if failed is not None:
            raise failed

    async def _standing(self, front: Front, poll: LivePoll) -> list[Standing] | None:
        """The members' reactions on a poll that can be ballots; None if the message is gone."""
        place = place_of(poll.channel)
        if place is None:
            return None
        found: list[Standing] = []
        try:
            talk = (await self._client()).get_partial_messageable(place.channel, guild_id=place.guild)
            message = await talk.fetch_message(int(poll.ref))
            for reaction in message.reactions:
                if choice_of(_name(reaction.emoji)) is None:
                    continue
                for kind in KINDS:
                    if kind is discord.ReactionType.burst and not reaction.burst_count:
                        continue
                    users = [user async for user in reaction.users(type=kind)]
                    found += [
                        Standing(who=account(user.id), emoji=_name(reaction.emoji)) for user in users if _person(user)
                    ]
        except discord.NotFound as error:
            if error.code in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL}:
                log.warning("poll is gone", motion=poll.motion, channel=poll.channel)
                return None if error.code == UNKNOWN_MESSAGE else []
            raise platform_error(error) from error
        except OUTSIDE as error:
            raise platform_error(error) from error
        people = front.people()
        linked = [each for each in found if people.by_account(each.who.key) is not None]
        return [each for each in linked if await self._members.here(int(each.who.user))]


def _ended(poll: LivePoll, at: datetime) -> bool:
    """Whether the window has ended: what was replayed may be from before or after, so catching up lists it (F17)."""
    return poll.closes_at is not None and at >= poll.closes_at


def _person(user: discord.User | discord.Member) -> bool:
    return not user.bot and not user.system


def _name(emoji: discord.PartialEmoji | discord.Emoji | str) -> str:
    """The character. One of the server's own means nothing, whatever it is called: `x` could be a heart."""
    if isinstance(emoji, str):
        return emoji
    return "" if emoji.id is not None else emoji.name or ""
