"""Finding a message by its key, so that none is posted twice: Discord itself forgets keys after some minutes.

A channel's history is read back once for each process, and again from the last known message on whenever nobody
knows whether a post has arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import discord

from adapters.discord.codes import mark_in

MOST: Final = 3000
"""Messages that are looked back over: with more than that since the crash, a message may be posted again."""
PAGE: Final = 100

Talk = discord.abc.Messageable
"""A channel, a thread or the direct messages with a member."""


@dataclass(slots=True)
class Past:
    """What is known of one channel's history: messages of the bot by their marks.

    `upto` is the newest message that was looked at; `cursor` is where reading back has come to.
    """

    marks: dict[str, int] = field(default_factory=dict)
    upto: int = 0
    cursor: int = 0
    looked: int = 0
    whole: bool = False
    doubt: bool = False

    def note(self, mark: str, message: int) -> None:
        """A message that has arrived for certain."""
        self.marks[mark] = message
        self.upto = max(self.upto, message)
        self.doubt = False


class History:
    """The past of all channels. `me` is the bot's own user id: nobody else's message is ever taken for one."""

    def __init__(self) -> None:
        self._pasts: dict[int, Past] = {}

    def of(self, channel: int) -> Past:
        return self._pasts.setdefault(channel, Past())

    async def find(self, talk: Talk, channel: int, mark: str, *, me: int) -> int | None:
        """The id of the message with this mark, or None. Raises what Discord answers."""
        past = self.of(channel)
        if mark in past.marks:
            return past.marks[mark]
        if not past.whole:
            await self._back(talk, past, me)
        if past.doubt and mark not in past.marks:
            await self._onward(talk, past, me)
        return past.marks.get(mark)

    async def _back(self, talk: Talk, past: Past, me: int) -> None:
        """Page by page from now into the past; broken off, it goes on where it was."""
        while past.looked < MOST:
            before = discord.Object(past.cursor) if past.cursor else None
            page = [message async for message in talk.history(limit=PAGE, before=before)]
            for message in page:
                self._take(past, message, me)
            past.looked += len(page)
            if len(page) < PAGE:
                break
            past.cursor = min(message.id for message in page)
        past.whole = True

    async def _onward(self, talk: Talk, past: Past, me: int) -> None:
        """What has come since the newest message that was looked at."""
        after = discord.Object(past.upto)
        async for message in talk.history(limit=MOST, after=after, oldest_first=True):
            self._take(past, message, me)
        past.doubt = False

    def _take(self, past: Past, message: discord.Message, me: int) -> None:
        past.upto = max(past.upto, message.id)
        mark = mark_in(message.content) if message.author.id == me else None
        if mark is not None:
            past.marks.setdefault(mark, message.id)
