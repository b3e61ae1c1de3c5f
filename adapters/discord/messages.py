"""Posting, editing and direct messages: each message once by its key, however often it is asked for.

It never pings anybody, and it stops writing to members who do not take direct messages.
"""

from __future__ import annotations

import asyncio
import io
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, Literal

import discord
import structlog

from adapters.discord import drawing
from adapters.discord.buttons import view_of
from adapters.discord.client import Client
from adapters.discord.codes import Place, mark_line, mark_of, place_of, snowflake, user_of
from adapters.discord.drawing import Drawn
from adapters.discord.errors import CLOSED, NO_THREAD, OUTSIDE, THREAD_EXISTS, definite, platform_error, waiting
from adapters.discord.history import History, Talk
from adapters.discord.pacing import Pace
from bot.core.cards import Card, Poll
from bot.core.commands import CHOICES
from bot.core.people import PlatformUser
from bot.core.reactions import SHOWN
from bot.ports import Delivery, PlatformError, Point

log = structlog.get_logger("folkmoot.discord")
KEPT: Final = 5000
KEEP_THREAD: Final[Literal[10080]] = 10080
"""Minutes without a word until Discord folds a thread away: a week, the most there is."""


class Messages:
    """The bot's own messages. `client` gives the client that is logged in."""

    def __init__(
        self,
        *,
        client: Callable[[], Awaitable[Client]],
        accounts: drawing.Accounts,
        now: Callable[[], datetime],
        point: Point,
        ticks: Callable[[], float],
    ) -> None:
        self._connect, self._accounts, self._point = client, accounts, point
        self._pace = Pace(now, ticks)
        self.history = History()
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._keys: OrderedDict[int, str] = OrderedDict()
        self._threads: set[int] = set()
        self._closed: set[int] = set()

    async def _client(self) -> Client:
        try:
            return await self._connect()
        except PlatformError as error:
            raise waiting(error) from error

    # ------------------------------------------------------------------- channels and threads

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel or into the thread of a message; beside it where there can be no thread."""
        place, client = _place(channel), await self._client()
        async with self._locks[place.channel]:
            try:
                if thread:
                    delivery = await self._beneath(client, place, card, key, thread)
                    if delivery is not None:
                        return delivery
                talk = client.get_partial_messageable(place.channel, guild_id=place.guild)
                return await self._once(client, talk, place.channel, card, key, what="post")
            except OUTSIDE as error:
                raise platform_error(error) from error

    async def _beneath(self, client: Client, place: Place, card: Card, key: str, thread: str) -> Delivery | None:
        """Post into the thread of a message; None where there is and can be none."""
        channel = client.get_partial_messageable(place.channel, guild_id=place.guild)
        beside = await self.history.find(channel, place.channel, mark_of(key), me=_me(client))
        root = snowflake(thread)
        if beside is not None or root is None:
            return None
        try:
            await self._open_thread(client, place, root, card.motion)
            talk = client.get_partial_messageable(root, guild_id=place.guild)
            return await self._once(client, talk, root, card, key, what="post")
        except discord.HTTPException as error:
            if error.code not in NO_THREAD and error.status != 404:
                raise
            log.warning("no thread to post in; posted beside", channel=place.name, code=error.code)
            self._threads.discard(root)
            return None

    async def _open_thread(self, client: Client, place: Place, root: int, motion: int) -> None:
        """A thread has the id of the message that it is beneath.

        Not by the message object: that one needs the server in a cache that is empty before the gateway is there.
        """
        if root in self._threads:
            return
        name = f"Motion {motion}" if motion else "Folkmoot"
        try:
            await client.http.start_thread_with_message(
                place.channel, root, name=name, auto_archive_duration=KEEP_THREAD
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        self._threads.add(root)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message. `gone` when it was deleted, `retry_after` when it is too soon for an old one."""
        place, message = _place(channel), snowflake(ref)
        if message is None:
            raise PlatformError(f"there is no message {ref}", gone=True)
        self._pace.check(message)
        client = await self._client()
        key = self._keys.get(message, "")
        drawn = drawing.draw(card, self._accounts)
        motion = card.motion
        small = f"\n{mark_line(motion, key)}" if key else ""
        talk = client.get_partial_messageable(place.channel, guild_id=place.guild)
        self._point("platform.before.edit")
        try:
            await talk.get_partial_message(message).edit(
                content=f"{drawn.content}{small}",
                embeds=embeds_of(drawn),
                view=view_of(drawn.buttons, motion, key=key),
            )
        except OUTSIDE as error:
            mapped = platform_error(error)
            self._pace.refused(message, mapped.retry_after)
            raise mapped from error
        self._pace.edited(message)
        self._point("platform.after.edit")

    # ------------------------------------------------------------------- direct messages

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one with this key. Final for who takes none: that is asked once."""
        number = user_of(user)
        if number is None:
            raise PlatformError(f"nobody on Discord has the account {user.key}", final=True)
        client = await self._client()
        async with self._locks[number]:
            try:
                talk = await self._direct_channel(client, number)
                return await self._once(client, talk, talk.id, card, key, what="direct")
            except OUTSIDE as error:
                self._learn(number, error)
                raise platform_error(error) from error

    async def tell(self, user: int, card: Card) -> None:
        """A private answer that has no better way, at most once. Never raises what Discord answers."""
        drawn = drawing.draw(card, self._accounts)
        try:
            talk = await self._direct_channel(await self._client(), user)
            await talk.send(**payload(drawn, card.motion))
        except OUTSIDE as error:
            self._learn(user, error)
            log.info("not told directly", user=user, error=str(platform_error(error)))
        except PlatformError as error:
            log.info("not told directly", user=user, error=error.what)

    def opened(self, user: int) -> None:
        """This member has just written to the bot: direct messages may be open again."""
        self._closed.discard(user)

    def closed(self, user: PlatformUser) -> bool:
        """Whether this member is known to take no direct messages."""
        return user_of(user) in self._closed

    async def _direct_channel(self, client: Client, user: int) -> discord.DMChannel:
        if user in self._closed:
            raise PlatformError("this member takes no direct messages from the bot", final=True)
        return await client.create_dm(discord.Object(user))

    def _learn(self, user: int, error: BaseException) -> None:
        """10,000 refusals in ten minutes and Discord bans the address: who has closed the door is left alone."""
        if isinstance(error, discord.HTTPException) and error.code in CLOSED:
            self._closed.add(user)

    # ------------------------------------------------------------------- once

    async def _once(self, client: Client, talk: Talk, channel: int, card: Card, key: str, *, what: str) -> Delivery:
        """Look, then post. Until Discord has answered, nobody knows: the next try looks again."""
        mark, past = mark_of(key), self.history.of(channel)
        found = await self.history.find(talk, channel, mark, me=_me(client))
        if found is not None:
            return self._delivered(found, key)
        drawn = drawing.draw(card, self._accounts)
        self._point(f"platform.before.{what}")
        past.doubt = True
        try:
            message = await talk.send(**payload(drawn, card.motion, key=key), nonce=mark)
        except OUTSIDE as error:
            past.doubt = not definite(error)
            raise
        past.note(mark, message.id)
        self._point(f"platform.after.{what}")
        if what == "post":
            await self._offer(client, channel, message.id, card)
        return self._delivered(message.id, key)

    async def _offer(self, client: Client, channel: int, message: int, card: Card) -> None:
        """Put the reactions that are ballots beneath a poll; it does no harm where that fails."""
        if not isinstance(card, Poll) or not card.reactions:
            return
        verbs = {button.verb for button in card.buttons}
        for choice, emoji in zip(CHOICES, SHOWN, strict=True):
            if choice in verbs:
                try:
                    await client.http.add_reaction(channel, message, emoji)
                except OUTSIDE as error:
                    log.info("reaction not offered", channel=channel, error=platform_error(error).what)
                    return

    def _delivered(self, message: int, key: str) -> Delivery:
        self._keys[message] = key
        if len(self._keys) > KEPT:
            self._keys.popitem(last=False)
        return Delivery(ref=str(message), at=discord.utils.snowflake_time(message))


def _place(channel: str) -> Place:
    place = place_of(channel)
    if place is None:
        raise PlatformError(f"{channel} is no channel of Discord: write discord:GUILD/CHANNEL", final=True)
    return place


def _me(client: Client) -> int:
    if client.user is None:
        raise PlatformError("Discord is not logged in")
    return client.user.id


def embeds_of(drawn: Drawn) -> list[discord.Embed]:
    """The long texts, as embeds."""
    return [discord.Embed(description=text) for text in drawn.embeds]


def payload(drawn: Drawn, motion: int, *, key: str = "", again: str = "") -> dict[str, Any]:
    """What discord.py's senders take, without what is empty."""
    small = f"\n{mark_line(motion, key)}" if key else ""
    made: dict[str, Any] = {"content": f"{drawn.content}{small}".strip("\n"), "embeds": embeds_of(drawn)}
    view = view_of(drawn.buttons, motion, key=key, again=again)
    if view is not None:
        made["view"] = view
    if drawn.file is not None:
        made["file"] = discord.File(io.BytesIO(drawn.file.text.encode()), filename=drawn.file.name)
    return made
