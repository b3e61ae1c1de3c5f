"""A venue whose adapter is the real one, connected over real sockets to a stateful fake of its platform.

The members act through the fake, as its clients would let them; what the bot has posted is read from the fake. What
the cards were that it drew there is known from watching what the adapter was asked to draw: each message must look
exactly like one of them. A subclass knows its platform.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.cards import Card
from bot.core.people import PlatformUser
from bot.ports import Connection, Delivery, Desk, Front, Inbound, LivePoll, Platform, Point, Standing
from tests.simulation.transit import Transit
from tests.simulation.venue import Act, Caught, Message, Sent, Try, Whisper
from tests.simulation.weather import Weather

AGAIN = 30.0
"""Seconds until something is brought again that found nobody connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message of the bot's that the fake holds. `look` is what its readers see, `version` counts its edits."""

    ref: str
    place: str
    audience: str
    key: str
    at: datetime
    version: int
    look: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a member did, as their client sends it: `bring` brings the same bytes again each time."""

    sent: Sent
    bring: Callable[[], Awaitable[None]]


class Wired(ABC):
    """A `Venue` on a real adapter. `now` is the true time, `bot_now` what the bot believes."""

    def __init__(
        self, name: str, *, now: Callable[[], datetime], bot_now: Callable[[], datetime], weather: Weather
    ) -> None:
        self.name, self.weather = name, weather
        self.sent: list[Sent] = []
        self.caught: list[Caught] = []
        self._now, self._bot_now = now, bot_now
        self._connection: Connection | None = None
        self._transit: Transit[Parcel] = Transit()
        self._marks: dict[str, Sent] = {}
        self._parcels: dict[str, Parcel] = {}
        self._cards: dict[str, list[tuple[Card, str]]] = defaultdict(list)
        self._messages: dict[str, Message] = {}
        self._versions: dict[str, int] = {}
        self._wrong: list[str] = []

    # ------------------------------------------------------------------- what a platform has to know

    @abstractmethod
    async def _connect(self, point: Point) -> Connection:
        """Start the fake, with all that it held before, and make an adapter for it that is not connected yet."""

    @abstractmethod
    async def _unplug(self) -> None:
        """Stop the fake; its state stays."""

    @abstractmethod
    async def _cut(self) -> None:
        """The network goes away: connections that stand break."""

    @property
    @abstractmethod
    def _listening(self) -> bool:
        """Whether the adapter is connected now."""

    @abstractmethod
    def _pack(self, sent: Sent) -> Parcel | None:
        """A member acts, now. None where their client does not let them. Marks are given with `_mark`."""

    @abstractmethod
    def _mark_of(self, inbound: Inbound) -> str:
        """The mark of the parcel that this has come of."""

    @abstractmethod
    def _held(self) -> Iterable[Held]:
        """The bot's messages that have a key."""

    @abstractmethod
    def _look(self, card: Card, key: str) -> object:
        """How a card looks here."""

    @abstractmethod
    def _remove(self, ref: str) -> None:
        """A message is deleted."""

    @abstractmethod
    def whispers(self) -> list[Whisper]: ...

    @abstractmethod
    def leave(self, account: str) -> None: ...

    @abstractmethod
    def faults(self) -> list[str]:
        """What the fake found wrong with what it was sent."""

    # ------------------------------------------------------------------- the bot's life

    async def open(self, point: Point) -> Platform:
        self._connection = await self._connect(point)
        return _Watched(self, self._connection)

    async def start(self, front: Front) -> None:
        assert self._connection is not None
        for parcel in [self._parcels[sent.request] for sent in self.sent[-40:] if sent.request in self._parcels]:
            died = parcel.sent.tries and parcel.sent.tries[-1].answer is None
            if died and self.weather.chance(0.8):
                self._enqueue(parcel, 1.0 + 5.0 * self.weather.rng.random())
        await self._connection.start(replace(front, desk=_WatchedDesk(self, front.desk)))

    async def stop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._unplug()
            await connection.stop()

    async def leave_off(self) -> None:
        if self._connection is not None:
            await self._connection.stop()

    async def change(self, what: str) -> None:
        if what == "fine":
            self.weather.calm()
        self.weather.down = what == "down"
        if self.weather.down and self._connection is not None:
            await self._cut()

    # ------------------------------------------------------------------- the members' side

    def send(self, sent: Sent) -> None:
        self.sent.append(sent)
        parcel = self._pack(sent)
        if parcel is None:
            return
        self._parcels[sent.request] = parcel
        if self.weather.down:
            self.weather.faults["request in an outage"] += 1
            return
        for _ in range(self.weather.copies()):
            self._enqueue(parcel, self.weather.delay())

    def next_at(self) -> datetime | None:
        return None if self.weather.down else self._transit.next_at()

    async def step(self) -> None:
        arrived = [] if self.weather.down else self._transit.arrived(self._now())
        for parcel in arrived if not self._listening else ():
            self._enqueue(parcel, AGAIN)
        await asyncio.gather(*(parcel.bring() for parcel in arrived if self._listening))

    def react(self, message: Message, sent: Sent, *, added: bool) -> None:
        if message.react(sent, self._now(), added=added):
            self.send(sent)

    def delete(self, message: Message) -> None:
        message.gone = True
        self._remove(message.ref)

    def messages(self) -> list[Message]:
        """Those that stand, and those that were deleted since they were looked at."""
        for held in self._held():
            message = self._messages.get(held.ref)
            if message is None or self._versions[held.ref] != held.version:
                self._recognise(held, message)
        return list(self._messages.values())

    def problems(self) -> list[str]:
        return [f"{self.name}: {what}" for what in [*self._wrong, *self.faults()]]

    # ------------------------------------------------------------------- watching

    def _mark(self, mark: str, sent: Sent) -> None:
        self._marks[mark] = sent

    def asked_to_draw(self, where: str, card: Card, key: str) -> None:
        """The adapter is asked to show a card: under a key, or in the message with this id."""
        self._cards[where].append((card, key))
        message = self._messages.get(where)
        if message is not None:
            message.shown.append(card)

    def _recognise(self, held: Held, message: Message | None) -> None:
        """Which card it is that a message shows now."""
        tried = [*self._cards[_place(held.place, held.audience, held.key)], *self._cards[held.ref]]
        found = [card for card, key in reversed(tried) if self._look(card, key) == held.look]
        if not found:
            self._wrong.append(f"{held.key} in {held.place or held.audience} shows what nobody has drawn: {held.look}")
            return
        self._versions[held.ref] = held.version
        if message is not None:
            message.card, message.edits = found[0], held.version
            return
        self._messages[held.ref] = Message(
            ref=held.ref,
            place=held.place,
            audience=held.audience,
            key=held.key,
            card=found[0],
            at=held.at,
            edits=held.version,
            shown=[card for card, _ in tried],
        )

    async def ask(self, desk: Desk, inbound: Inbound) -> Card:
        """What came of a parcel: when it arrived, and what was answered."""
        sent, at = self._marks.get(self._mark_of(inbound)), self._bot_now()
        if sent is None:
            self._wrong.append(f"nobody has sent {inbound}")
            return await desk.ask(inbound)
        if sent.acted_at is None:  # where the platform gives no time, the adapter notes when it came
            at = min(at, inbound.acted_at)
        sent.tries.append(Try(at=at, until=at, answer=None))
        place = len(sent.tries) - 1
        card = await desk.ask(inbound)
        sent.tries[place] = Try(at=at, until=self._bot_now(), answer=card)
        return card

    def catches(self, poll: LivePoll, found: Sequence[Standing]) -> None:
        at = self._bot_now()
        self.caught += [Caught(at=at, motion=poll.motion, who=each.who.key, emoji=each.emoji) for each in found]

    def _enqueue(self, parcel: Parcel, seconds: float) -> None:
        self._transit.send(parcel, self._now() + timedelta(seconds=seconds))


def _place(place: str, audience: str, key: str) -> str:
    return f"{place}|{audience}|{key}"


class _Watched:
    """The adapter as the bot knows it."""

    def __init__(self, venue: Wired, inner: Connection) -> None:
        self.venue, self.inner = venue, inner
        self.name, self.limits = inner.name, inner.limits

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        name = f"{self.name}:{channel.removeprefix(f'{self.name}:')}"
        self.venue.asked_to_draw(_place(name, "", key), card, key)
        return await self.inner.post(channel=channel, card=card, key=key, thread=thread)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        self.venue.asked_to_draw(ref, card, "")
        await self.inner.edit(channel=channel, ref=ref, card=card)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        self.venue.asked_to_draw(_place("", user.key, key), card, key)
        return await self.inner.direct(user=user, card=card, key=key)

    async def is_public(self, channel: str) -> bool:
        return await self.inner.is_public(channel)


@dataclass(frozen=True, slots=True)
class _WatchedDesk:
    """The bot's desk as the adapter knows it."""

    venue: Wired
    inner: Desk

    async def ask(self, inbound: Inbound) -> Card:
        return await self.venue.ask(self.inner, inbound)

    async def catch_up(self, poll: LivePoll, found: Sequence[Standing]) -> Sequence[tuple[PlatformUser, Card]]:
        self.venue.catches(poll, found)
        return await self.inner.catch_up(poll, found)


__all__ = ["Act", "Held", "Parcel", "Wired"]
