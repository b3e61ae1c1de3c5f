"""The REST side: what the bot may call, with Discord's codes where it may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.discord import validate
from tests.fakes.discord.state import (
    ADD_REACTIONS,
    ATTACH,
    DIRECT,
    EMBED,
    EPOCH_MS,
    HISTORY,
    MAKE_THREADS,
    SEND,
    SEND_IN_THREADS,
    THREAD,
    VIEW,
    Channel,
    Data,
)

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

Handler = Callable[..., Any]
ROUTES: Final[list[tuple[str, re.Pattern[str], str]]] = [
    (method, re.compile(path), name)
    for method, path, name in (
        ("GET", r"/users/@me", "me"),
        ("GET", r"/(?:oauth2/)?applications/@me", "application"),
        ("GET", r"/gateway/bot", "gateway"),
        ("POST", r"/users/@me/channels", "open_letters"),
        ("GET", r"/guilds/(\d+)", "guild"),
        ("GET", r"/guilds/(\d+)/channels", "guild_channels"),
        ("GET", r"/guilds/(\d+)/roles/member-counts", "role_counts"),
        ("GET", r"/guilds/(\d+)/members/(\d+)", "member"),
        ("GET", r"/channels/(\d+)/messages", "history"),
        ("POST", r"/channels/(\d+)/messages", "post"),
        ("GET", r"/channels/(\d+)/messages/(\d+)", "message"),
        ("PATCH", r"/channels/(\d+)/messages/(\d+)", "edit"),
        ("POST", r"/channels/(\d+)/messages/(\d+)/threads", "thread"),
        ("GET", r"/channels/(\d+)/messages/(\d+)/reactions/([^/]+)", "reactions"),
        ("PUT", r"/channels/(\d+)/messages/(\d+)/reactions/([^/]+)/@me", "add_reaction"),
        ("GET", r"/applications/(\d+)/commands", "commands"),
        ("PUT", r"/applications/(\d+)/commands", "register"),
        ("GET", r"/applications/(\d+)/guilds/(\d+)/commands", "commands"),
        ("PUT", r"/applications/(\d+)/guilds/(\d+)/commands", "register"),
    )
]
NONCES_KEPT: Final = timedelta(minutes=3)
"""Discord knows a nonce again for "a few minutes"."""
FREE: Final = re.compile(r"/(interactions|webhooks)/.*")


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Rest:
    """Answers by route."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.registered: dict[int, list[Data]] = {}

    async def answer(self, request: web.Request, path: str, body: Any, files: list[Data]) -> tuple[int, Any]:
        if FREE.fullmatch(path):
            return await self._fake.interactions.answer(request.method, path, body, files)
        if request.headers.get("Authorization", "").removeprefix("Bot ") not in self._fake.tokens:
            raise Refused(401)
        for method, pattern, name in ROUTES:
            match = pattern.fullmatch(path)
            if match and method == request.method:
                parts = [int(part) if part.isdigit() else unquote(part) for part in match.groups()]
                found = await getattr(self, f"_{name}")(*parts, body=body, files=files, query=request.query)
                return 200, found
        raise Refused(404)

    # ------------------------------------------------------------------- who and where

    async def _me(self, **_: Any) -> Data:
        return {**self._fake.bot.data, "verified": True, "mfa_enabled": True}

    async def _application(self, **_: Any) -> Data:
        owner = next(iter(self._fake.guilds.values())).owner
        return {
            "id": str(self._fake.bot.id),
            "name": "folkmoot",
            "icon": None,
            "description": "",
            "summary": "",
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": self._fake.users[owner].data,
            "team": None,
            "hook": True,
            "tags": [],
            **self._fake.application,
        }

    async def _gateway(self, **_: Any) -> Data:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        return {"url": self._fake.gateway_url, "shards": 1, "session_start_limit": limit}

    async def _guild(self, guild: int, **_: Any) -> Data:
        found = self._fake.guilds.get(guild)
        if found is None or self._fake.bot.id not in found.members:
            raise Refused(403 if found else 404, 50001 if found else 10004)
        return {**found.data, "approximate_member_count": found.size, "approximate_presence_count": 1}

    async def _guild_channels(self, guild: int, **_: Any) -> list[Data]:
        await self._guild(guild)
        here = [channel for channel in self._fake.channels.values() if channel.guild == guild]
        return [channel.data for channel in here if channel.type != THREAD and self._may(channel, VIEW)]

    async def _role_counts(self, guild: int, **_: Any) -> dict[str, int]:
        return {str(role.id): role.count for role in self._fake.guilds[guild].roles.values()}

    async def _member(self, guild: int, user: int, **_: Any) -> Data:
        await self._guild(guild)
        found = self._fake.guilds[guild].members.get(user)
        if found is None:
            raise Refused(404, 10007 if user in self._fake.users else 10013)
        return self._fake.guilds[guild].member(found[0])

    # ------------------------------------------------------------------- messages

    async def _open_letters(self, *, body: Data, **_: Any) -> Data:
        user = int(body["recipient_id"])
        if user not in self._fake.users or user == self._fake.bot.id:
            raise Refused(400, 50033)
        return self._fake.letters(user).data

    async def _history(self, channel: int, *, query: Any, **_: Any) -> list[Data]:
        found = self._channel(channel)
        self._need(found, HISTORY, 50013)
        numbers = sorted(found.messages, reverse=True)
        limit = int(query.get("limit", 50))
        validate.need(1 <= limit <= 100, "limit: 1 to 100")
        if "before" in query:
            numbers = [number for number in numbers if number < int(query["before"])]
        if "after" in query:
            numbers = sorted(sorted(n for n in numbers if n > int(query["after"]))[:limit], reverse=True)
        return [found.messages[number] for number in numbers[:limit]]

    async def _message(self, channel: int, message: int, **_: Any) -> Data:
        found = self._channel(channel)
        self._need(found, HISTORY, 50013)
        if message not in found.messages:
            raise Refused(404, 10008)
        return found.messages[message]

    async def _post(self, channel: int, *, body: Data, files: list[Data], **_: Any) -> Data:
        found = self._channel(channel)
        validate.message(body, files=len(files))
        self._need(found, SEND_IN_THREADS if found.type == THREAD else SEND, 50013)
        if body.get("embeds"):
            self._need(found, EMBED, 50013)
        if files:
            self._need(found, ATTACH, 50013)
        if found.locked:
            raise Refused(400, 160005)
        if found.recipient is not None and not found.recipient.takes_letters:
            raise Refused(403, 50007)
        nonce = body.get("nonce")
        known, now = found.nonces.get(str(nonce)), self._fake.snowflake.now()
        fresh = known is not None and known[0] in found.messages and now - known[1] < NONCES_KEPT
        if known is not None and fresh and body.get("enforce_nonce"):
            return found.messages[known[0]]
        message = self.make(found, body, files)
        if nonce is not None:
            found.nonces[str(nonce)] = (int(message["id"]), now)
        return message

    def make(self, channel: Channel, body: Data, files: list[Data], **more: Any) -> Data:
        """A message of the bot."""
        number = self._fake.snowflake()
        at = datetime.fromtimestamp(((number >> 22) + EPOCH_MS) / 1000, UTC).isoformat()
        attachments = [
            {"id": str(self._fake.snowflake()), "size": len(each["text"]), "url": "http://x/", "proxy_url": "http://x/"}
            | {"filename": each["filename"], "text": each["text"]}
            for each in files
        ]
        message = {
            "id": str(number),
            "channel_id": str(channel.id),
            "author": self._fake.bot.data,
            "content": body.get("content") or "",
            "timestamp": at,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": attachments,
            "embeds": [{"type": "rich", **embed} for embed in body.get("embeds") or []],
            "components": body.get("components") or [],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
            **more,
        }
        channel.messages[number] = message
        return message

    async def _edit(self, channel: int, message: int, *, body: Data, files: list[Data], **_: Any) -> Data:
        found = self._channel(channel)
        validate.message(body, create=False)
        if message not in found.messages:
            raise Refused(404, 10008)
        target = found.messages[message]
        target.update({name: body[name] for name in ("content", "embeds", "components") if name in body})
        target["components"] = target["components"] or []
        target["embeds"] = [{"type": "rich", **embed} for embed in target["embeds"]]
        target["edited_timestamp"] = self._fake.snowflake.now().isoformat()
        return target

    async def _thread(self, channel: int, message: int, *, body: Data, **_: Any) -> Data:
        found = self._channel(channel)
        self._need(found, MAKE_THREADS, 50013)
        validate.need(1 <= len(body["name"]) <= 100, "name of a thread: 1 to 100")
        validate.need(body.get("auto_archive_duration") in {60, 1440, 4320, 10080}, "auto_archive_duration")
        if message not in found.messages:
            raise Refused(404, 10008)
        if message in self._fake.channels:
            raise Refused(400, 160004)
        self._fake.channels[message] = Channel(message, found.guild, body["name"], THREAD, parent=found.id)
        return self._fake.channels[message].data

    async def _reactions(self, channel: int, message: int, emoji: str, *, query: Any, **_: Any) -> list[Data]:
        found = self._channel(channel)
        self._need(found, HISTORY, 50013)
        who = sorted(self._fake.interactions.reacted.get((message, emoji), set()))
        if int(query.get("type", 0)) == 1:
            return []
        after = int(query.get("after", 0))
        limit = int(query.get("limit", 25))
        return [self._fake.users[user].data for user in who if user > after][:limit]

    async def _add_reaction(self, channel: int, message: int, emoji: str, **_: Any) -> Data:
        found = self._channel(channel)
        self._need(found, HISTORY, 50013)
        self._need(found, ADD_REACTIONS, 50013)
        if message not in found.messages:
            raise Refused(404, 10008)
        await self._fake.interactions.react(self._fake.bot.id, found.messages[message], emoji)
        return {}

    # ------------------------------------------------------------------- commands

    async def _commands(self, application: int, guild: int = 0, **_: Any) -> list[Data]:
        return self.registered.get(guild, [])

    async def _register(self, application: int, guild: int = 0, *, body: list[Data], **_: Any) -> list[Data]:
        validate.commands(body, guild=guild != 0)
        where = {"guild_id": str(guild)} if guild else {}
        made = [
            {
                **command,
                **where,
                "id": str(self._fake.snowflake()),
                "application_id": str(application),
                "version": str(self._fake.snowflake()),
                "default_member_permissions": None,
                "description": command.get("description", ""),
            }
            for command in body
        ]
        self.registered[guild] = made
        return made

    # ------------------------------------------------------------------- what the bot may do

    def _channel(self, number: int) -> Channel:
        found = self._fake.channels.get(number)
        if found is None:
            raise Refused(404, 10003)
        self._need(found, VIEW, 50001)
        return found

    def _need(self, channel: Channel, permission: int, code: int) -> None:
        if not self._may(channel, permission):
            raise Refused(403, code)

    def _may(self, channel: Channel, permission: int) -> bool:
        if channel.type == DIRECT:
            return True
        place = self._fake.channels[channel.parent] if channel.type == THREAD else channel
        return bool(self._fake.guilds[channel.guild].permissions(self._fake.bot.id, place) & permission)
