"""A chat platform in memory: messages by key, reactions, private answers, a bad network. It outlives every crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.core.cards import Card, Limits, Poll
from bot.core.people import PlatformUser
from bot.ports import Delivery, Front, Inbound, LivePoll, Platform, PlatformError, Point, Reacted, Standing, no_point
from bot.ports import sighting_of as named
from tests.simulation.transit import Transit
from tests.simulation.venue import Caught, Message, Sent, Try, Whisper
from tests.simulation.weather import Weather

Now = Callable[[], datetime]


class Chat:
    """A `Venue`, and the `Platform` that it gives the bot. `now` is the true time, `bot_now` what the bot believes."""

    def __init__(self, name: str, *, now: Now, bot_now: Now, weather: Weather, dated: bool, threads: bool) -> None:
        self.name, self.weather = name, weather
        self.limits = Limits(text=3000, threads=threads)
        self.sent: list[Sent] = []
        self.caught: list[Caught] = []
        self.dated = dated
        self._now, self._bot_now = now, bot_now
        self._messages: list[Message] = []
        self._keys: dict[tuple[str, str, str], Message] = {}
        self._transit: Transit[Sent] = Transit()
        self._closed: set[str] = set()
        self._deleted: list[Message] = []
        self._front: Front | None = None
        self._point: Point = no_point
        self._count = 0

    # ------------------------------------------------------------------- the bot's side: Platform

    async def post(self, *, channel: str, card: Card, key: str, thread: str = "") -> Delivery:
        return await self._once("post", f"{self.name}:{channel.removeprefix(f'{self.name}:')}", "", card, key)

    async def direct(self, *, user: PlatformUser, card: Card, key: str) -> Delivery:
        if user.key in self._closed:
            raise PlatformError(f"{user.key} is no account any more", final=True)
        return await self._once("direct", "", user.key, card, key)

    async def edit(self, *, channel: str, ref: str, card: Card) -> None:
        await self._hop()
        self.weather.before("edit")
        found = next((m for m in self._messages if m.ref == ref and m.place.endswith(channel)), None)
        if found is None or found.gone:
            raise PlatformError(f"message {ref} is not there any more", gone=True)
        self._point("venue.before.edit")
        found.card, found.edits = card, found.edits + 1
        found.shown.append(card)
        self._point("venue.after.edit")
        self.weather.after("edit")

    async def is_public(self, channel: str) -> bool:
        await self._hop()
        self.weather.before("is_public")
        return False

    async def _once(self, what: str, place: str, audience: str, card: Card, key: str) -> Delivery:
        await self._hop()
        self.weather.before(what)
        found = self._keys.get((place, audience, key))
        if found is None:
            self._point(f"venue.before.{what}")
            self._count += 1
            ref = f"{self.name[0]}{self._count}"
            found = Message(ref=ref, place=place, audience=audience, key=key, card=card, at=self._now(), shown=[card])
            self._messages.append(found)
            self._keys[(place, audience, key)] = found
            self._point(f"venue.after.{what}")
            self.weather.after(what)
        return Delivery(ref=found.ref, at=found.at)

    async def _hop(self) -> None:
        """Let others run meanwhile, as a network does."""
        for _ in range(self.weather.rng.randrange(4)):
            await asyncio.sleep(0)

    # ------------------------------------------------------------------- the bot's life

    async def open(self, point: Point) -> Platform:
        self._point = point
        return self

    async def start(self, front: Front) -> None:
        self._front = front
        for sent in self.sent[-40:]:
            died = sent.tries and sent.tries[-1].answer is None
            if died and self.weather.chance(0.8):
                self._enqueue(sent, 1.0 + 5.0 * self.weather.rng.random())
        if not self.weather.down:
            await self._catch_up()

    async def leave_off(self) -> None:
        """There is nothing to be finished."""

    async def stop(self) -> None:
        self._front = None

    async def change(self, what: str) -> None:
        if what == "fine":
            self.weather.calm()
        self.weather.down = what == "down"
        if not self.weather.down and self._front is not None:
            await self._catch_up()

    async def _catch_up(self) -> None:
        """After a connect: what stands on the polls now is taken in, then the bot is told that this was all."""
        front = self._front
        if front is None:
            return
        for poll in front.polls.live(self.name):
            message = next((m for m in self._messages if m.ref == poll.ref), None)
            if message is None or message.gone:
                await front.gone(poll)
            elif poll.reactions and message.reactions:
                await self._take_in(front, poll, message)
        await front.connected()

    async def _take_in(self, front: Front, poll: LivePoll, message: Message) -> None:
        found = [Standing(who=PlatformUser.of(who), emoji=emoji) for who, emoji in message.reactions]
        at = self._bot_now()
        for each in found:
            self.caught.append(Caught(at=at, motion=poll.motion, who=each.who.key, emoji=each.emoji))
        await front.desk.catch_up(poll, found)

    # ------------------------------------------------------------------- the members' side

    def send(self, sent: Sent) -> None:
        self.sent.append(sent)
        if self.weather.down:
            self.weather.faults["request in an outage"] += 1
            return  # the member sees that the app does not answer
        for _ in range(self.weather.copies()):
            self._enqueue(sent, self.weather.delay())

    def react(self, message: Message, sent: Sent, *, added: bool) -> None:
        if message.react(sent, self._now(), added=added):
            self.send(sent)

    def delete(self, message: Message) -> None:
        message.gone = True
        self._deleted.append(message)

    def leave(self, account: str) -> None:
        self._closed.add(account)

    def messages(self) -> list[Message]:
        return self._messages

    def whispers(self) -> list[Whisper]:
        return []

    def problems(self) -> list[str]:
        return []

    def next_at(self) -> datetime | None:
        return None if self.weather.down else self._transit.next_at()

    async def step(self) -> None:
        arrived = [] if self.weather.down else self._transit.arrived(self._now())
        deleted, self._deleted = self._deleted, []
        for message in deleted:
            await self._tell_gone(message)
        await asyncio.gather(*(self._bring(sent) for sent in arrived))

    async def _tell_gone(self, message: Message) -> None:
        """The platform says that a message was deleted; in an outage nobody hears it."""
        front = self._front
        poll = front.polls.at(message.place, message.ref) if front is not None else None
        if front is not None and poll is not None and not self.weather.down:
            await front.gone(poll)

    async def _bring(self, sent: Sent) -> None:
        front = self._front
        inbound = self._inbound(sent, front) if front is not None else None
        if front is None or inbound is None:
            return
        await self._hop()
        at = self._bot_now()
        sent.tries.append(Try(at=at, until=at, answer=None))
        place = len(sent.tries) - 1
        card = await front.desk.ask(inbound)
        self._point("venue.before.answer")
        if not self.weather.chance(self.weather.lost):
            sent.tries[place] = Try(at=at, until=self._bot_now(), answer=card)

    def _inbound(self, sent: Sent, front: Front) -> Inbound | None:
        given: dict[str, Any] = {"act": sent.act, "sighting": ""}
        if isinstance(sent.act, Reacted):
            poll = front.polls.at(sent.channel, sent.ref)
            if poll is None or not poll.reactions:
                return None
            given["act"] = Reacted(emoji=sent.act.emoji, motion=poll.motion, added=sent.act.added)
            if sent.act.added:
                given["sighting"] = named(poll, Standing(who=sent.who, emoji=sent.act.emoji))
        acted_at = sent.acted_at or self._bot_now()
        return Inbound(request=sent.request, who=sent.who, channel=sent.channel, acted_at=acted_at, **given)

    def _enqueue(self, sent: Sent, seconds: float) -> None:
        self._transit.send(sent, self._now() + timedelta(seconds=seconds))


def polls_of(messages: list[Message], motion: int) -> list[Message]:
    """The poll messages of a motion that still stand."""
    return [m for m in messages if not m.gone and isinstance(m.card, Poll) and m.card.motion == motion]
