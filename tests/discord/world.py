"""A whole bot on a fake Discord, with the real client: a sample repository, a ledger, a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.discord.app import Discord
from adapters.discord.client import Tempo
from adapters.localgit.sample import create_sample
from bot.clocks import CountingIds, ManualClock
from bot.config import Config, DiscordTable, General, PersonTable, RepositoryTable
from bot.core.events import BallotCast
from bot.core.motion import Motion
from bot.ports import Ledger, Point, no_point
from bot.wiring import Instance, build
from storage.memory import MemoryLedger
from tests.discord.bench import FAST
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import GOV, GUILD, TOKEN
from tests.fakes.discord.state import Channel, Data
from tests.world import START, logins

CHANNEL = f"discord:{GUILD}/{GOV}"
OUTSIDER = 390
"""A member of the server who is in no roster."""
PEOPLE = {login: 300 + index for index, login in enumerate(logins())}


def config_of(folder: Path, **repository: Any) -> Config:
    table = {"name": "distribution", "forge": "localgit", "path": "distribution.git", "channels": (CHANNEL,)}
    return Config(
        folkmoot=General(ledger="folkmoot.sqlite3"),
        repository=(RepositoryTable(**{**table, **repository}),),
        person=tuple(PersonTable(login=login, discord=str(user)) for login, user in PEOPLE.items()),
        discord=DiscordTable(enabled=True),
        here=folder,
    )


class Town:
    """What a test sees and does. Each act settles the bot afterwards, unless told not to."""

    def __init__(self, folder: Path, clock: ManualClock, fake: FakeDiscord, ledger: Ledger, config: Config) -> None:
        self.folder, self.clock, self.fake, self.ledger, self.config = folder, clock, fake, ledger, config
        self.instance: Instance | None = None
        self.app: Discord | None = None
        self.connections = 0
        self._stirred = asyncio.Event()

    # ------------------------------------------------------------------- the bot

    async def open(self, *, point: Point = no_point, tempo: Tempo = FAST) -> None:
        """Start the bot, and wait until it has caught up and its commands are registered."""
        self.app = Discord(
            token=TOKEN,
            clock=self.clock,
            point=point,
            tempo=tempo,
            api_url=self.fake.api_url,
            gateway_url=self.fake.gateway_url,
        )
        self.instance = await build(
            self.config, clock=self.clock, ids=CountingIds(), ledger=self.ledger, connections={"discord": self.app}
        )
        front = self.instance.service.front("discord")

        async def connected() -> None:
            await front.connected()
            self.connections += 1
            self._stirred.set()

        before = self.connections
        await self.app.start(replace(front, connected=connected))
        await self.until(lambda: self.connections > before)
        await self.caught_up()

    async def again(self, *, lost: bool = True) -> None:
        """The session ends and the bot comes back: with a new one, or resuming the old."""
        before, gateway = self.connections, self.fake.gateway
        await (gateway.invalidate() if lost else gateway.drop())
        await self.until(lambda: self.connections > before)
        await self.caught_up()
        await self.settle()

    async def caught_up(self) -> None:
        """Until what follows a connection is done."""
        task = self.running._back
        if task is not None:
            await asyncio.wait({task})

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something that the bot brings about; the bound is only against hanging."""
        async with asyncio.timeout(60):
            while not reached():
                self._stirred.clear()
                self.fake.stirred = self._stirred.set
                await self._stirred.wait()

    async def crash(self) -> None:
        """The process is gone: nothing is finished, and the ledger is what it is."""
        await self.running.stop()
        self.app = self.instance = None

    @property
    def running(self) -> Discord:
        assert self.app is not None
        return self.app

    @property
    def bot(self) -> Instance:
        assert self.instance is not None
        return self.instance

    async def settle(self) -> None:
        await self.bot.service.settle()

    def motion(self, number: int = 1) -> Motion:
        motion = self.ledger.reader().motion(number)
        assert motion is not None
        return motion

    def ballots(self, number: int = 1) -> int:
        """How many ballots the log holds."""
        return sum(isinstance(each.event, BallotCast) for each in self.ledger.reader().events(number))

    def choice(self, login: str, number: int = 1) -> str | None:
        """How somebody has voted."""
        person = self.ledger.reader().directory().by_login(login)
        assert person is not None
        return self.motion(number).choice_of(person.id)

    async def end(self, number: int = 1) -> None:
        due = self.bot.service.alarm.close_due(self.motion(number))
        assert due is not None
        self.clock.move_to(due)
        await self.settle()

    # ------------------------------------------------------------------- members

    async def slash(self, who: str | int, path: str, **given: Any) -> Interaction:
        made = await self.fake.interactions.slash(_user(who), path, **given)
        await self.settle()
        return made

    async def press(self, who: str | int, message: Data, label: str, **more: Any) -> Interaction:
        made = await self.fake.interactions.press(_user(who), message, label, **more)
        await self.settle()
        return made

    async def submit(self, who: str | int, opened: Interaction, **given: str) -> Interaction:
        made = await self.fake.interactions.submit(_user(who), opened, **given)
        await self.settle()
        return made

    async def react(self, who: str | int, message: Data, emoji: str, **more: Any) -> None:
        """React, and wait until the bot has heard it and is done with it."""
        await self.fake.interactions.react(_user(who), message, emoji, **more)
        await self.heard()

    async def heard(self) -> None:
        """Until everything that was sent over the gateway so far is done with."""
        await self.fake.interactions.slash(PEOPLE[logins()[0]], "list")
        await self.running._errands.idle()
        await self.settle()

    async def nominate(self, who: str | None = None, **more: Any) -> Motion:
        """Open a candidacy by command and form."""
        proposer = who or logins()[0]
        opened = await self.slash(proposer, "nominate", login="newperson", months=7, **more)
        answer = await self.submit(proposer, opened, evidence="41 reviews", text="Kind and thorough.")
        assert "motion 1" in answer.text.lower(), answer.text
        return self.motion(max(entry.number for entry in self.ledger.reader().entries()))

    # ------------------------------------------------------------------- what is seen

    def poll(self, number: int = 1) -> Data:
        """The poll of a motion as it stands in the channel."""
        found = [message for message in self.fake.posts() if f"Motion {number} ·" in message["content"].split("\n")[0]]
        assert len(found) == 1, [message["content"] for message in self.fake.posts()]
        return found[0]

    def thread(self, number: int = 1) -> list[str]:
        """What stands in the thread of a poll."""
        return [read(message) for message in self.fake.posts(int(self.poll(number)["id"]))]

    def channel(self) -> list[str]:
        return [read(message) for message in self.fake.posts()]

    def letters(self, who: str | int) -> list[Data]:
        """The direct messages that a member has."""
        channel: Channel = self.fake.letters(_user(who))
        return [channel.messages[number] for number in sorted(channel.messages)]


def _user(who: str | int) -> int:
    return who if isinstance(who, int) else PEOPLE[who]


@asynccontextmanager
async def town(folder: Path, *, opened: bool = True, **repository: Any) -> AsyncIterator[Town]:
    """A town in an empty folder, with everybody of the roster on its server."""
    clock = ManualClock(START)
    fake = await FakeDiscord(clock.now).start()
    for login, user in PEOPLE.items():
        fake.add_member(user, login)
    fake.add_member(OUTSIDER, "outsider")
    create_sample(folder / "distribution.git", at=START - timedelta(days=30))
    made = Town(folder, clock, fake, MemoryLedger(clock=clock), config_of(folder, **repository))
    try:
        if opened:
            await made.open()
        yield made
    finally:
        if made.app is not None:
            await made.app.stop()
        await fake.stop()
        made.ledger.close()
    assert fake.problems == []
