"""What the page sends: each request is checked, brought to the desk, and its answer whispered to the member.

Every request carries an id that the page made, so that sending it again never does it twice.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from adapters.playground.backstage import MOVES, Backstage
from adapters.playground.guard import Refusal
from adapters.playground.room import NAME, Member, Room, motion_of, takes_reactions
from adapters.playground.store import Row
from bot.core.cards import Code, Plain, Reply
from bot.core.menu import COMMAND
from bot.core.reactions import choice_of
from bot.ports import Desk, Filled, Inbound, Pressed, Reacted, Typed

TEXT_CAP: Final = 20_000
BODY_CAP: Final = 128 * 1024
_REQUEST: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VERB: Final = re.compile(r"[a-z][a-z-]{0,39}")
_EMOJI_CAP: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of the page, its common parts checked."""

    who: Member
    request: str
    data: Mapping[str, Any]

    def text(self, name: str, *, cap: int = TEXT_CAP) -> str:
        """A text of the request. Raises Refusal if it is missing, too long or no text."""
        return _text(self.data.get(name), name, cap)

    def number(self, name: str) -> int:
        value = self.data.get(name)
        if type(value) is not int or not 0 <= value < 2**53:
            raise Refusal(400, f"{name} has to be a number.")
        return value

    def flag(self, name: str) -> bool:
        value = self.data.get(name)
        if not isinstance(value, bool):
            raise Refusal(400, f"{name} has to be true or false.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """The handlers of what members do. One request at a time moves the clock or merges."""

    room: Room
    desk: Desk
    backstage: Backstage
    stage: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, request: web.Request) -> web.Response:
        """Talk in a place; `/moot ...` goes to the desk and is shown to nobody else."""
        asked = await self._read(request)
        text, place = asked.text("text").strip(), self._place(asked)
        if not text:
            raise Refusal(400, "There is nothing to send.")
        if not text.startswith("/"):
            self.room.say(asked.who, text, place=place, key=f"say:{asked.request}")
            return _done()
        self.room.echo(asked.who, text, place=place, key=f"typed:{asked.request}")
        command, *rest = text.split(maxsplit=1)
        if command != COMMAND:
            self.room.whisper(asked.who, _unknown(command), place=place, key=f"reply:{asked.request}")
            return _done()
        await self._ask(asked, place, Typed(text=rest[0] if rest else ""))
        return _done()

    async def press(self, request: web.Request) -> web.Response:
        """A button of a message."""
        asked = await self._read(request)
        row, verb = self._message(asked), _verb(asked)
        await self._ask(asked, row.place, Pressed(verb=verb, motion=motion_of(row), key=_key(row)))
        return _done()

    async def form(self, request: web.Request) -> web.Response:
        """A form that was filled in."""
        asked = await self._read(request)
        place, given = self._place(asked), asked.data.get("values")
        if not isinstance(given, dict) or len(given) > 20:
            raise Refusal(400, "The form is not as the menu has it.")
        values = {str(name): _text(value, str(name), TEXT_CAP) for name, value in given.items()}
        await self._ask(asked, place, Filled(verb=_verb(asked), motion=asked.number("motion"), values=values))
        return _done()

    async def react(self, request: web.Request) -> web.Response:
        """Add or remove a reaction. The desk hears of those that mean a choice, on a poll that takes them."""
        asked = await self._read(request)
        row, emoji, added = self._message(asked), asked.text("emoji", cap=_EMOJI_CAP), asked.flag("added")
        if row.audience:
            raise Refusal(400, "One reacts to messages that others see too.")
        self.room.react(asked.who, row, emoji, added=added)
        if takes_reactions(row) and choice_of(emoji) is not None:
            await self._ask(asked, row.place, Reacted(emoji=emoji, motion=motion_of(row), added=added))
        return _done()

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message of a channel, as an administrator of a chat can."""
        asked = await self._read(request)
        row = self._message(asked)
        if row.audience:
            raise Refusal(400, "Private messages are dismissed, not deleted.")
        self.room.delete(row)
        return _done()

    async def dismiss(self, request: web.Request) -> web.Response:
        """Put away what only this member sees."""
        asked = await self._read(request)
        row = self._message(asked)
        if row.kind not in ("private", "typed"):
            raise Refusal(400, "Only private replies can be dismissed.")
        self.room.delete(row)
        return _done()

    async def clock(self, request: web.Request) -> web.Response:
        """Move the clock."""
        asked = await self._read(request)
        how = next((move for move in MOVES if move == asked.data.get("move")), None)
        if how is None or not self.backstage.movable:
            raise Refusal(400, "The clock cannot be moved here." if how else "Move the clock by hour, day or deadline.")
        async with self.stage:
            what = await self.backstage.move(how)
        self.room.stir()
        return _done(what)

    async def merge(self, request: web.Request) -> web.Response:
        """Merge a draft that may be merged here."""
        asked = await self._read(request)
        branch = asked.text("branch", cap=200)
        draft = next((draft for draft in self.backstage.drafts() if draft.branch == branch), None)
        if draft is None or not draft.mergeable or draft.state != "open":
            raise Refusal(400, "This draft cannot be merged here.")
        async with self.stage:
            try:
                what = await self.backstage.merge(branch)
            except ValueError as error:
                raise Refusal(409, str(error)) from error
        self.room.stir()
        return _done(what)

    async def _ask(self, asked: Asked, place: str, act: Typed | Pressed | Filled | Reacted) -> None:
        key = f"reply:{asked.request}"
        if self.room.answered(key):
            return
        inbound = Inbound(
            request=f"{NAME}:{asked.request}",
            who=asked.who.account,
            channel=self.room.channel(place),
            act=act,
            acted_at=self.room.clock.now(),
        )
        self.room.whisper(asked.who, await self.desk.ask(inbound), place=place, key=key)

    async def _read(self, request: web.Request) -> Asked:
        if request.content_type != "application/json":
            raise Refusal(415, "The page speaks JSON.")
        try:
            data = json.loads(await request.text())
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "That is not JSON.") from error
        if not isinstance(data, dict):
            raise Refusal(400, "That is not a request.")
        who = self.room.member(_text(data.get("as"), "as", 100))
        if who is None:
            raise Refusal(400, "Nobody here is called that.")
        number = _text(data.get("request"), "request", 36)
        if not _REQUEST.fullmatch(number):
            raise Refusal(400, "The request has no id.")
        return Asked(who=who, request=number, data=data)

    def _place(self, asked: Asked) -> str:
        place = asked.text("place", cap=100)
        if not self.room.has_place(place):
            raise Refusal(400, "There is no such channel.")
        return place

    def _message(self, asked: Asked) -> Row:
        row = self.room.seen_by(asked.who, asked.number("message"))
        if row is None:
            raise Refusal(404, "This message is not there any more.")
        return row


def _key(row: Row) -> str:
    return row.key or "" if row.kind == "card" else ""


def _verb(asked: Asked) -> str:
    verb = asked.text("verb", cap=40)
    if not _VERB.fullmatch(verb):
        raise Refusal(400, "There is no such verb.")
    return verb


def _text(value: object, name: str, cap: int) -> str:
    if not isinstance(value, str):
        raise Refusal(400, f"{name} has to be a text.")
    if len(value) > cap:
        raise Refusal(413, f"Nothing was sent: this has {len(value):,} characters, and {cap:,} are the most.")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise Refusal(400, f"{name} holds half a character.")
    return value


def _unknown(command: str) -> Reply:
    lines = ((Code(command[:40]), Plain(" is no command here, so nothing was posted. Try "), Code(f"{COMMAND} help")),)
    return Reply(tone="refused", lines=lines)


def _done(what: str = "") -> web.Response:
    return web.json_response({"done": True, "what": what})
