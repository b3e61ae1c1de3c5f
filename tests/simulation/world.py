"""The state of a simulation outside of the bot: time, chance, places, and what is going to happen when."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.clocks import CountingIds
from tests.simulation.chat import Chat
from tests.simulation.hub import Hub
from tests.simulation.talk import Talk
from tests.simulation.timeloop import Elapsed
from tests.simulation.town import VENUES, Human, Town
from tests.simulation.venue import Act, Message, Sent, Venue
from tests.simulation.weather import Weather
from tests.simulation.wired_discord import DiscordVenue
from tests.simulation.wired_playground import PlaygroundVenue
from tests.simulation.wired_slack import SlackVenue
from tests.simulation.yards import Yard, yard_in

WIRED: Final[Mapping[str, Callable[..., Venue]]] = {
    "slack": SlackVenue,
    "discord": DiscordVenue,
    "playground": PlaygroundVenue,
}
START = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
"""A Monday; summer time begins in New York the day before and in Berlin on the 29th, a quarter on 1 April."""


@dataclass(slots=True)
class BotClock:
    """What the bot believes the time to be: the true one, wrong by `offset`."""

    elapsed: Elapsed
    offset: timedelta = timedelta()

    def true(self) -> datetime:
        """The time outside."""
        return START + timedelta(seconds=self.elapsed.seconds)

    def now(self) -> datetime:
        return self.true() + self.offset


@dataclass(slots=True)
class World:
    """What outlives every crash."""

    seed: int
    folder: Path
    town: Town
    clock: BotClock
    deeds: Random
    chaos: Random
    hub: Hub | None = None
    talk: Talk | None = None
    ids: CountingIds = field(default_factory=CountingIds)
    venues: dict[str, Venue] = field(default_factory=dict)
    weathers: dict[str, Weather] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, Token] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    agenda: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    number: int = 0

    @classmethod
    def of(cls, seed: int, folder: Path, *, git: bool, wired: bool) -> World:
        """A world before its first day. With `wired` the adapters are the real ones, on fakes of their platforms."""
        clock, weather = BotClock(Elapsed()), Weather.of(Random(f"{seed}:weather:forge"))
        hub = Hub(now=clock.true, weather=weather) if wired else None

        def yard(number: int) -> Yard:
            return hub.yard(f"yard{number}") if hub is not None else yard_in(folder / f"yard{number}", git=git)

        world = cls(
            seed=seed,
            folder=folder,
            town=Town.found(Random(f"{seed}:town"), yard),
            clock=clock,
            deeds=Random(f"{seed}:deeds"),
            chaos=Random(f"{seed}:chaos"),
            hub=hub,
        )
        if hub is not None:
            hub.settle(world.town)
            world.talk = Talk(world.town, now=clock.true, bot_now=clock.now, weather=weather, say=world.say)
        world.weathers["forge"] = weather
        for name in VENUES:
            weather = Weather.of(Random(f"{seed}:weather:{name}"))
            world.weathers[name] = weather
            world.venues[name] = world._wired(name) if wired and name in WIRED else world._in_memory(name)
        return world

    def _in_memory(self, name: str) -> Venue:
        dated = name != "playground"
        weather, now, bot_now = self.weathers[name], lambda: self.true, self.clock.now
        return Chat(name, now=now, bot_now=bot_now, weather=weather, dated=dated, threads=dated)

    def _wired(self, name: str) -> Venue:
        channels = [channel for place in self.town.places for channel in place.channels]
        more: dict[str, Any] = {"folder": self.folder} if name == "playground" else {}
        return WIRED[name](
            people=self.town.people,
            channels=[channel for channel in channels if channel.startswith(f"{name}:")],
            clock=self.clock,
            now=lambda: self.true,
            weather=self.weathers[name],
            **more,
        )

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite3"

    # ------------------------------------------------------------------- time

    @property
    def true(self) -> datetime:
        """The time outside."""
        return self.clock.true()

    @property
    def offset(self) -> timedelta:
        return self.clock.offset

    async def move_to(self, at: datetime) -> None:
        """Go on to an instant of the true time; whatever else waits for its time happens meanwhile."""
        await asyncio.sleep(max(0.0, (at - self.true).total_seconds()))

    def skip(self, by: timedelta) -> None:
        """Time passes while the bot is not there."""
        self.clock.elapsed.seconds += by.total_seconds()

    def jump(self, offset: timedelta) -> None:
        """The bot's clock is wrong from now on, by this much."""
        self.counts["clock jumps"] += 1
        self.clock.offset = offset

    def later(self, after: timedelta, what: Callable[[], object]) -> None:
        """Let something happen after a while of true time."""
        self.number += 1
        heapq.heappush(self.agenda, (self.true + after, self.number, what))

    def due(self) -> Sequence[Callable[[], object]]:
        found = []
        while self.agenda and self.agenda[0][0] <= self.true:
            found.append(heapq.heappop(self.agenda)[2])
        return found

    # ------------------------------------------------------------------- what members do

    def act(self, human: Human, venue: str, channel: str, act: Act, *, message: Message | None = None) -> Sent:
        """A member does something on a platform, a moment ago. Every act has an instant of its own."""
        request, dated = self.request(venue), venue != "playground"
        sent = Sent(
            request=request,
            login=human.login,
            who=human.accounts[venue],
            venue=venue,
            channel=channel,
            act=act,
            acted_at=self.true - timedelta(seconds=1) + timedelta(microseconds=self.number) if dated else None,
            ref=message.ref if message is not None else "",
        )
        self.say(f"{human.login} on {venue}:{channel or 'direct'} {act}")
        if message is None:
            self.venues[venue].send(sent)
        return sent

    def request(self, venue: str) -> str:
        """The name of something that a member does, noted."""
        self.number += 1
        self.counts["requests"] += 1
        return f"{venue}:{self.seed}:{self.number}"

    def token(self, kind: str, place: str, venue: str = "") -> str:
        """A word that is nowhere else, to find where a text has got to."""
        self.number += 1
        word = f"tok{self.seed}x{self.number}z"
        self.tokens[word] = Token(word=word, kind=kind, place=place)
        return word

    def sent(self) -> list[Sent]:
        """All that members have done."""
        elsewhere = self.talk.sent if self.talk is not None else []
        return [*(sent for venue in self.venues.values() for sent in venue.sent), *elsewhere]

    def say(self, what: str) -> None:
        self.trace.append(f"{self.true:%m-%d %H:%M:%S.%f} {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word that a member typed: in a text, or in the reason of a ballot, of a motion of this repository."""

    word: str
    kind: str
    place: str
