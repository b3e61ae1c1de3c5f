"""Messages to channels and members: each key once for ever, also across a crash in the middle of a post.

Slack has no idempotency keys. So each message carries its key in its metadata, and before the first post to a
place, and after every post whose outcome is unknown, the place is read for the keys that are there already.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from adapters.slack.codes import NAME
from adapters.slack.errors import SlackError
from adapters.slack.fitting import fitting
from adapters.slack.web import Web
from bot.core.cards import Card, Poll
from bot.core.people import PlatformUser
from bot.core.reactions import SHOWN
from bot.ports import Clock, Delivery, Point

log = structlog.get_logger("folkmoot.slack")
EVENT: Final = "folkmoot_message"
LOOKBACK: Final = timedelta(days=14)
"""How far back an unfinished post of an earlier process is looked for."""
PAGE: Final = 200
PAGES: Final = 25
REMEMBERED: Final = 5000
UNTHREADED: Final = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
OFFERED: Final = dict(zip(SHOWN, ("+1", "-1", "shrug"), strict=True))
"""What Slack calls the reactions that a poll offers."""


@dataclass(slots=True)
class _Place:
    """A channel, or a thread in one: the keys that are known to be there, and those that may be.

    `newest` is Slack's time of the newest message that is known there, `unsure` that of when a key was tried: what
    the machine's own clock says is never compared with what Slack's says, for it may be wrong.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    newest: str = "0"
    looked: bool = False

    def saw(self, ref: str) -> None:
        self.newest = max(self.newest, ref, key=float)

    def put(self, key: str, ref: str) -> None:
        self.saw(ref)
        self.keys[key] = ref
        while len(self.keys) > REMEMBERED:
            del self.keys[next(iter(self.keys))]


class Messages:
    """Posts, finds and edits. `here` tells what the configuration's channel is called in Slack today."""

    def __init__(self, web: Web, *, clock: Clock, point: Point, here: Callable[[str], str]) -> None:
        self._web, self._clock, self._point, self._here = web, clock, point, here
        self._places: dict[tuple[str, str], _Place] = {}
        self._direct: dict[str, str] = {}
        self.configured: Collection[str] = ()

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel or into a thread of it, or find the message that has this key."""
        return await self._once("post", self._id(channel), card, key, thread)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, or find the one that has this key."""
        identity = await self._web.identity()
        if user.platform != NAME or user.team != identity.org:
            raise SlackError(f"{user.key} is an account of another workspace", code="foreign", final=True)
        return await self._once("direct", await self.conversation(user.user), card, key, "")

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message."""
        self._point("platform.before.edit")
        await self._fitting("chat.update", self._id(channel), card, "", {"ts": ref})
        self._point("platform.after.edit")

    async def conversation(self, user: str) -> str:
        """The direct messages with somebody."""
        if user not in self._direct:
            said = await self._web.call("conversations.open", users=[user])
            self._direct[user] = str(said["channel"]["id"])
        return self._direct[user]

    def _id(self, channel: str) -> str:
        return self._here(channel.removeprefix(f"{NAME}:"))

    async def _once(self, what: str, channel: str, card: Card, key: str, thread: str) -> Delivery:
        place = self._places.setdefault((channel, thread), _Place())
        async with place.lock:
            ref = await self._find(place, channel, thread, key)
            if ref is None:
                place.unsure[key] = place.newest
                self._point(f"platform.before.{what}")
                try:
                    ref = await self._send(channel, card, key, thread)
                except SlackError as error:
                    if not error.unknown:
                        del place.unsure[key]
                    if thread and error.code in UNTHREADED:  # the message above is gone: in the channel, then
                        return await self._once(what, channel, card, key, "")
                    raise
                self._point(f"platform.after.{what}")
                place.put(key, ref)
                place.unsure.pop(key, None)
                if what == "post":
                    await self._offer(channel, ref, card)
        return Delivery(ref=ref, at=self._posted_at(ref))

    def _posted_at(self, ref: str) -> datetime:
        """When Slack says that it was posted, to the second; never in the future where Slack's clock is ahead."""
        return min(datetime.fromtimestamp(int(float(ref)), UTC), self._clock.now())

    async def _send(self, channel: str, card: Card, key: str, thread: str) -> str:
        given: dict[str, Any] = {
            "metadata": {"event_type": EVENT, "event_payload": {"key": key}},
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": thread} if thread else {}),
        }
        return str((await self._fitting("chat.postMessage", channel, card, key, given))["ts"])

    async def _fitting(self, method: str, channel: str, card: Card, key: str, given: dict[str, Any]) -> dict[str, Any]:
        try:
            return await fitting(self._web, method, card, key=key, channel=channel, **given)
        except SlackError as error:
            raise self._aimed(error, channel) from None

    def _aimed(self, error: SlackError, channel: str) -> SlackError:
        """A channel that is in no configuration will not appear: nobody waits for it."""
        if error.code == "channel_not_found" and channel not in {self._id(name) for name in self.configured}:
            return SlackError(error.what, code=error.code, final=True)
        return error

    async def _offer(self, channel: str, ref: str, card: Card) -> None:
        """Put the reactions that are ballots beneath a poll; it does no harm where that fails."""
        if not isinstance(card, Poll) or not card.reactions or not card.buttons:
            return
        for name in OFFERED.values():
            try:
                await self._web.call("reactions.add", channel=channel, timestamp=ref, name=name)
            except SlackError as error:
                log.info("reaction not offered", channel=channel, reaction=name, error=error.what)

    # ------------------------------------------------------------------- looking before posting

    async def _find(self, place: _Place, channel: str, thread: str, key: str) -> str | None:
        """The message with this key. The place is read where this process cannot know by itself."""
        if key in place.keys:
            return place.keys[key]
        if place.looked and key not in place.unsure:
            return None
        since = f"{(self._clock.now() - LOOKBACK).timestamp():.6f}"
        if place.looked:
            since = place.unsure[key]
        identity = await self._web.identity()
        async for message in self._read(channel, thread, since):
            place.saw(str(message["ts"]))
            ours = message.get("bot_id") == identity.bot or message.get("user") == identity.bot_user
            metadata = message.get("metadata") or {}
            if ours and metadata.get("event_type") == EVENT:
                place.put(str(metadata.get("event_payload", {}).get("key", "")), str(message["ts"]))
        place.looked = True
        place.unsure.pop(key, None)
        return place.keys.get(key)

    async def _read(self, channel: str, thread: str, since: str) -> AsyncIterator[dict[str, Any]]:
        """The messages of a channel or a thread after an instant of Slack's, with their metadata."""
        method = "conversations.replies" if thread else "conversations.history"
        given: dict[str, Any] = {"oldest": since, "limit": PAGE, "include_all_metadata": True}
        if thread:
            given["ts"] = thread
        for _ in range(PAGES):
            try:
                said = await self._web.call(method, channel=channel, **given)
            except SlackError as error:
                if error.code in UNTHREADED:
                    return
                raise self._aimed(error, channel) from None
            for message in said.get("messages", []):
                yield message
            cursor = (said.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            given["cursor"] = cursor
