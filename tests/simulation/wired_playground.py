"""The playground in a simulation: its room in a file of its own, and its page's server, spoken to over HTTP."""

from __future__ import annotations

import itertools
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

from adapters.playground.backstage import DraftPanel, Move, Summary
from adapters.playground.cardjson import decode, encode
from adapters.playground.room import DIRECT, Member, Room
from adapters.playground.web import Site, serve
from bot.core.cards import Card
from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import Clock, Connection, Delivery, Filled, Front, Inbound, Point, Pressed, Reacted, Typed
from tests.simulation.town import Human
from tests.simulation.venue import Sent, Whisper
from tests.simulation.weather import Weather
from tests.simulation.wired import Held, Parcel, Wired

TOKEN: Final = "the-token-of-every-start"


class PlaygroundVenue(Wired):
    """A room that everybody is in."""

    def __init__(
        self,
        *,
        people: Sequence[Human],
        channels: Sequence[str],
        folder: Path,
        clock: Clock,
        now: Callable[[], datetime],
        weather: Weather,
    ) -> None:
        super().__init__("playground", now=now, bot_now=clock.now, weather=weather)
        self._clock, self._path = clock, folder / "room.sqlite3"
        self._channels = [channel.removeprefix("playground:") for channel in channels] or ["empty"]
        self._first = f"playground:{self._channels[0]}"
        self._seats = {
            human.accounts["playground"].key: Member(
                login=human.login, name=human.login.title(), role="member", kind="maintainer"
            )
            for human in people
        }
        self._keys = {member.login: key for key, member in self._seats.items()}
        self._numbers = itertools.count(1)
        self._open: _Open | None = None
        self._client: aiohttp.ClientSession

    # ------------------------------------------------------------------- the bot's lives

    async def _connect(self, point: Point) -> Connection:
        room = Room(
            path=self._path,
            clock=self._clock,
            members=list(self._seats.values()),
            channels=list(dict.fromkeys(self._channels)),
            point=point,
        )
        self._open = _Open(room, self._clock)
        self._client = aiohttp.ClientSession()
        return self._open

    async def _unplug(self) -> None:
        await self._client.close()

    async def _cut(self) -> None:
        """The room is in the bot itself: there is no network between them, only before the page."""

    @property
    def _listening(self) -> bool:
        return self._open is not None and self._open.site is not None

    def leave(self, account: str) -> None:
        self._seats.pop(account, None)
        if self._open is not None:
            self._open.room.reseat(list(self._seats.values()))

    def faults(self) -> list[str]:
        return []

    # ------------------------------------------------------------------- what members do

    def _pack(self, sent: Sent) -> Parcel | None:
        """What the page sends. A button that is nowhere to be seen is typed instead."""
        request = str(uuid.UUID(int=next(self._numbers)))
        self._mark(request, sent)
        sent.acted_at = None
        place = sent.channel.removeprefix("playground:") or DIRECT
        sent.channel = sent.channel or self._first  # of which one speaks in direct messages
        body = {"as": sent.login, "place": place, "request": request}
        path, more = self._said(sent, place)
        return Parcel(sent=sent, bring=lambda: self._post(path, {**body, **more}))

    def _said(self, sent: Sent, place: str) -> tuple[str, dict[str, Any]]:
        act = sent.act
        if isinstance(act, Pressed):
            row = self._row(place, sent.login, act.motion)
            if row:
                return "press", {"message": row, "verb": act.verb}
            act = sent.act = Typed(text=f"{act.verb} {act.motion}")
        match act:
            case Filled(verb=verb, motion=motion, values=values):
                return "form", {"verb": verb, "motion": motion, "values": dict(values)}
            case Reacted(emoji=emoji, added=added):
                return "react", {"message": int(sent.ref), "emoji": emoji, "added": added}
            case Typed(text=text):
                return "say", {"text": f"/moot {text}"}

    def _row(self, place: str, login: str, motion: int) -> int:
        """The newest message of a motion that somebody sees in a place."""
        wanted = "SELECT id, card FROM messages WHERE place = ? AND audience IN ('', ?) AND card != '' ORDER BY id DESC"
        found = (row["id"] for row in self._rows(wanted, place, login) if _motion(row["card"]) == motion)
        return int(next(found, 0))

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        if self._open is None or self._open.site is None:
            return
        base = f"http://127.0.0.1:{self._open.site.port}"
        headers = {"Origin": base, "Cookie": f"folkmoot-{self._open.site.port}={TOKEN}"}
        try:
            async with self._client.post(f"{base}/{path}", json=body, headers=headers) as response:
                if response.status >= 500:
                    self._wrong.append(f"{path} of {body['as']}: {await response.text()}")
        except aiohttp.ClientError:
            self.weather.faults["not acknowledged"] += 1

    def _mark_of(self, inbound: Inbound) -> str:
        return inbound.request.partition(":")[2]

    # ------------------------------------------------------------------- what there is to see

    def _rows(self, wanted: str, *values: object) -> list[sqlite3.Row]:
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(self._path)) as conn:
            conn.row_factory = sqlite3.Row
            return conn.execute(wanted, values).fetchall()

    def _held(self) -> Iterable[Held]:
        for row in self._rows("SELECT * FROM messages WHERE kind = 'card' AND NOT gone ORDER BY id"):
            yield Held(
                ref=str(row["id"]),
                place=_place(row["place"]),
                audience=self._keys[row["audience"]] if row["audience"] else "",
                key=row["key"],
                at=datetime.fromisoformat(row["at"]),
                version=row["revision"],
                look=row["card"],
            )

    def _look(self, card: Card, key: str) -> object:
        return encode(card)

    def _remove(self, ref: str) -> None:
        row = self._open.room.seen_by(next(iter(self._seats.values())), int(ref)) if self._open is not None else None
        if self._open is not None and row is not None:
            self._open.room.delete(row)

    def whispers(self) -> list[Whisper]:
        rows = self._rows("SELECT audience, card, place FROM messages WHERE kind = 'private' AND card != ''")
        told = [(self._keys[row["audience"]], decode(row["card"]), _place(row["place"]) or self._first) for row in rows]
        return [
            Whisper(account=who, text=plain_card(card), place=at)
            for who, card, at in told
            if getattr(card, "lines", True)
        ]


def _place(place: str) -> str:
    return "" if place == DIRECT else f"playground:{place}"


class _Open:
    """A room with its page: a `Connection`, as other platforms are."""

    def __init__(self, room: Room, clock: Clock) -> None:
        self.name, self.limits, self.room = room.name, room.limits, room
        self.site: Site | None = None
        self._closed = False
        self._clock = clock

    async def start(self, front: Front) -> None:
        self.site = await serve(self.room, front.desk, _Nothing(self._clock), token=TOKEN)
        await front.connected()

    async def stop(self) -> None:
        """Once: the room is of no use afterwards."""
        site, self.site = self.site, None
        if site is not None:
            await site.close()
        if not self._closed:
            self._closed = True
            self.room.close()

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        return await self.room.post(channel=channel, card=card, key=key, thread=thread)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        await self.room.edit(channel=channel, ref=ref, card=card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        return await self.room.direct(user=user, card=card, key=key)

    async def is_public(self, channel: str) -> bool:
        return await self.room.is_public(channel)


class _Nothing:
    """No hands behind this scene."""

    movable = False
    summary = Summary(repository="", policy="", ledger="")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def clock_now(self) -> datetime:
        return self._clock.now()

    async def move(self, how: Move) -> str:
        raise ValueError(how)

    def drafts(self) -> Sequence[DraftPanel]:
        return ()

    async def merge(self, branch: str) -> str:
        raise ValueError(branch)


def _motion(card: str) -> int:
    return int(getattr(decode(card), "motion", 0))
