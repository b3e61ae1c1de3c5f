"""The simulated chat platform: channels, direct messages, private replies, reactions and deleted messages.

It carries words and never judges them: what counts is decided by the bot behind the desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from adapters.playground.cardjson import decode, encode
from adapters.playground.store import Row, Store
from bot.core.cards import Card, Limits, Poll
from bot.core.people import PlatformUser
from bot.ports import Clock, Delivery, PlatformError, Point, no_point

NAME: Final = "playground"
TEAM: Final = "local"
DIRECT: Final = "direct"
"""The place of a member's direct messages with the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody one can act as. `role` is the label beside the name, `kind` only groups and tints."""

    login: str
    name: str
    role: str
    kind: Literal["maintainer", "reviewer", "outsider"]

    @property
    def account(self) -> PlatformUser:
        """The account on this platform."""
        return PlatformUser(platform=NAME, team=TEAM, user=self.login)


class Room:
    """A `Platform` whose members are simulated, and the other side of it: what those members do and see."""

    name: str = NAME

    def __init__(
        self,
        *,
        path: Path | None,
        clock: Clock,
        members: Sequence[Member],
        channels: Sequence[str] = ("maintainers",),
        public: bool = False,
        point: Point = no_point,
    ) -> None:
        if DIRECT in channels or not channels:
            raise ValueError(f"a room needs a channel, and none may be called {DIRECT}")
        self.limits = Limits(text=100_000, threads=False, simulated=True)
        self.clock, self.channels, self.public = clock, tuple(channels), public
        self._members = {member.login: member for member in members}
        self._point = point
        self._store = Store(path)
        self._stamp = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def close(self) -> None:
        """Close the file. The room is of no use afterwards."""
        self._store.close()

    # ------------------------------------------------------------------- the bot's side: Platform

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        """Post to a channel once for ever: a second post with the key finds the first, even a deleted one.

        There are no threads here: everything stands in the channel.
        """
        return self._once("post", place=self._place(channel), audience="", card=card, key=key)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        """Send a direct message, once for ever by its key."""
        member = self._members.get(user.user)
        if member is None or member.account != user:
            raise PlatformError(f"nobody here has the account {user.key}", final=True)
        return self._once("direct", place=DIRECT, audience=member.login, card=card, key=key)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        """Replace a message of the bot in this channel."""
        place = self._place(channel)
        row = self._store.get(int(ref)) if ref.isdecimal() else None
        if row is None or row.place != place or row.kind != "card" or row.gone:
            raise PlatformError(f"message {ref} is not there any more", gone=True)
        self._point("platform.before.edit")
        self._store.replace(row.id, card=encode(card), at=self._now())
        self._changed()
        self._point("platform.after.edit")

    async def is_public(self, channel: str) -> bool:
        """Whether the room was made a public one."""
        self._place(channel)
        return self.public

    # ------------------------------------------------------------------- the members' side

    @property
    def members(self) -> Sequence[Member]:
        return tuple(self._members.values())

    def member(self, login: str) -> Member | None:
        return self._members.get(login)

    def reseat(self, members: Sequence[Member]) -> None:
        """Change who is in the room, as when a role has begun."""
        self._members = {member.login: member for member in members}
        self.stir()

    def channel(self, place: str) -> str:
        """A place as the bot names the channel. In direct messages one speaks about the first channel."""
        return f"{NAME}:{self.channels[0] if place == DIRECT else place}"

    def say(self, member: Member, text: str, *, place: str, key: str) -> None:
        """Plain talk, for all who are in the place; direct messages are between the member and the bot."""
        self._add("chat", place, text=text, key=key, author=member.login, audience=self._audience(place, member))

    def echo(self, member: Member, text: str, *, place: str, key: str) -> None:
        """A command as typed: only the typist sees it."""
        self._add("typed", place, text=text, key=key, author=member.login, audience=member.login)

    def whisper(self, member: Member, card: Card, *, place: str, key: str) -> None:
        """A private reply, which only this member sees and can dismiss."""
        self._add("private", place, card=encode(card), key=key, audience=member.login)

    def answered(self, key: str) -> bool:
        """Whether something was stored under this key already."""
        return self._store.find(key) is not None

    def react(self, member: Member, row: Row, emoji: str, *, added: bool) -> bool:
        """Add or remove a reaction; whether it changed anything."""
        changed = self._store.react(row.id, login=member.login, emoji=emoji, added=added)
        if changed:
            self._changed()
        return changed

    def delete(self, row: Row) -> None:
        """Take a message away, as an administrator of a chat can; dismissing a private one is the same."""
        self._store.remove(row.id)
        self._changed()

    def seen_by(self, member: Member, number: int) -> Row | None:
        """A message that this member can see, unless it is gone."""
        row = self._store.get(number)
        return row if row is not None and not row.gone and row.audience in ("", member.login) else None

    def has_place(self, place: str) -> bool:
        return place == DIRECT or place in self.channels

    # ------------------------------------------------------------------- reading and waiting

    @property
    def revision(self) -> int:
        """How many changes there have been since the room was made."""
        return self._store.revision

    @property
    def epoch(self) -> str:
        """A random name of this room's file: revisions of another one mean nothing here."""
        return self._store.epoch

    @property
    def stamp(self) -> int:
        """Counts changes and stirs since the start of the process; what `changed` waits on."""
        return self._stamp

    def since(self, revision: int, member: Member) -> Sequence[Row]:
        """What the member may see and what changed after the revision."""
        return self._store.since(revision, member.login)

    def reactions(self, row: Row) -> Sequence[tuple[str, str]]:
        """(emoji, login) of a message, oldest first."""
        return self._store.reactions(row.id)

    def cards(self) -> Sequence[Card]:
        """The bot's messages in the channels, oldest first, as they are now."""
        rows = [row for member in self.members[:1] for row in self._store.since(0, member.login)]
        return [decode(row.card) for row in rows if row.kind == "card" and not row.audience and not row.gone]

    def letters(self, login: str) -> Sequence[Card]:
        """The bot's direct messages to a member, oldest first."""
        rows = [row for row in self._store.since(0, login) if row.place == DIRECT and row.kind == "card"]
        return [decode(row.card) for row in rows if not row.gone]

    def mail(self) -> dict[str, int]:
        """The number of the latest direct message of everyone who has one."""
        return self._store.mail()

    async def changed(self, stamp: int) -> int:
        """Wait until the stamp is another one, and return it."""
        while self._stamp == stamp:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
        return self._stamp

    def stir(self) -> None:
        """Wake everyone who waits, as when something beside the room has changed."""
        self._changed()

    # ------------------------------------------------------------------- inside

    def _once(self, what: str, *, place: str, audience: str, card: Card, key: str) -> Delivery:
        row = self._store.find(key)
        if row is None:
            stored = encode(card)
            self._point(f"platform.before.{what}")
            row = self._store.add(place=place, kind="card", at=self._now(), audience=audience, card=stored, key=key)
            self._changed()
            self._point(f"platform.after.{what}")
        return Delivery(ref=str(row.id), at=datetime.fromisoformat(row.at))

    def _add(
        self,
        kind: Literal["chat", "typed", "private"],
        place: str,
        *,
        key: str,
        audience: str,
        author: str = "",
        card: str = "",
        text: str = "",
    ) -> None:
        now = self._now()
        self._store.add(place=place, kind=kind, at=now, audience=audience, author=author, card=card, text=text, key=key)
        self._changed()

    def _audience(self, place: str, member: Member) -> str:
        return member.login if place == DIRECT else ""

    def _place(self, channel: str) -> str:
        place = channel.removeprefix(f"{NAME}:")
        if place not in self.channels:
            raise PlatformError(f"there is no channel {channel}", final=True)
        return place

    def _now(self) -> str:
        return self.clock.now().isoformat()

    def _changed(self) -> None:
        self._stamp += 1
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)


def motion_of(row: Row) -> int:
    """The motion that a message's card is about, or 0."""
    card = decode(row.card) if row.card else None
    return getattr(card, "motion", 0)


def takes_reactions(row: Row) -> bool:
    """Whether reactions to a message may be ballots: only on the poll of a motion, and not on every one."""
    card = decode(row.card) if row.card else None
    return isinstance(card, Poll) and card.reactions
