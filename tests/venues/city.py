"""One whole bot on a fake Slack, a fake Discord and a room: three venues, one ledger, one clock."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.discord.app import Discord
from adapters.localgit.sample import create_sample
from adapters.playground.room import Member, Room
from adapters.slack.app import Slack
from adapters.slack.pacing import Pace
from bot.clocks import CountingIds, ManualClock
from bot.config import Config, DiscordTable, General, PersonTable, PlaygroundTable, RepositoryTable, SlackTable
from bot.core.cards import Poll
from bot.core.motion import Motion
from bot.core.plain import plain_card
from bot.ports import Inbound, Ledger, Typed
from bot.wiring import Instance, build
from storage.memory import MemoryLedger
from tests.discord.bench import FAST
from tests.discord.world import CHANNEL as DISCORD
from tests.discord.world import PEOPLE
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import TOKEN
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING, FakeSlack
from tests.fakes.slack.state import Message
from tests.slack.world import CHANNEL as SLACK_ID
from tests.slack.world import NAME as SLACK
from tests.slack.world import ids
from tests.world import START, logins

PLAYGROUND = "playground:maintainers"
Data = dict[str, Any]


class City:
    """What members do in each venue, and what is seen there."""

    def __init__(self, folder: Path, clock: ManualClock, slack: FakeSlack, discord: FakeDiscord) -> None:
        self.clock, self.slack, self.discord = clock, slack, discord
        self.config = self._config(folder)
        self.ledger: Ledger = MemoryLedger(clock=clock)
        names = [*logins(), "newperson"]
        members = [Member(login=login, name=login, role="", kind="maintainer") for login in names]
        self.room = Room(path=None, clock=clock, members=members)
        self._requests = itertools.count()
        self.instance: Instance
        self.in_slack: Slack
        self.in_discord: Discord

    def _config(self, folder: Path) -> Config:
        org = self.slack.space.team
        return Config(
            folkmoot=General(ledger="folkmoot.sqlite3"),
            repository=(
                RepositoryTable(
                    name="distribution",
                    forge="localgit",
                    path="distribution.git",
                    channels=(SLACK, DISCORD, PLAYGROUND),
                    announce=SLACK,
                ),
            ),
            person=tuple(
                PersonTable(login=login, slack=f"{org}/{ids()[login]}", discord=str(PEOPLE[login]))
                for login in logins()
            ),
            slack=SlackTable(enabled=True),
            discord=DiscordTable(enabled=True),
            playground=PlaygroundTable(enabled=True, port=0, allow_beside_real=True),
            here=folder,
        )

    async def open(self) -> None:
        """Connect everywhere, and wait until what stood there is taken in."""
        self.in_slack = Slack(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SIGNING,
            api_url=self.slack.api_url,
            clock=self.clock,
            pace=Pace(rates={}),
        )
        self.in_discord = Discord(
            token=TOKEN,
            clock=self.clock,
            tempo=FAST,
            api_url=self.discord.api_url,
            gateway_url=self.discord.gateway_url,
        )
        self.instance = await build(
            self.config,
            clock=self.clock,
            ids=CountingIds(),
            ledger=self.ledger,
            room=self.room,
            connections={"slack": self.in_slack, "discord": self.in_discord},
        )
        await self.instance.connect()
        await self.in_slack.caught_up()
        await self.until_discord()
        await self.settle()

    async def until_discord(self) -> None:
        """Until the gateway's connection is there and has caught up; the bound is only against hanging."""
        stirred = asyncio.Event()
        self.discord.stirred = stirred.set
        async with asyncio.timeout(60):
            while (task := self.in_discord._back) is None:
                stirred.clear()
                await stirred.wait()
            await asyncio.wait({task})

    async def settle(self) -> None:
        await self.in_slack.errands.settled()
        await self.in_discord._errands.idle()
        await self.instance.service.settle()
        await self.in_slack.errands.settled()

    # ------------------------------------------------------------------- members

    async def in_room(self, login: str, text: str) -> str:
        """Somebody types into the playground's channel."""
        member = self.room.member(login)
        assert member is not None
        inbound = Inbound(
            request=f"room:{next(self._requests)}",
            who=member.account,
            channel=PLAYGROUND,
            act=Typed(text=text),
            acted_at=self.clock.now(),
        )
        answer = plain_card(await self.instance.service.desk.ask(inbound))
        await self.settle()
        return answer

    async def slack_types(self, login: str, text: str) -> str:
        answer = await self.hand(login).types(text, SLACK_ID)
        await self.settle()
        return answer

    async def slack_presses(self, login: str, label: str) -> None:
        await self.hand(login).presses(self.slack_poll(), label)
        await self.settle()

    async def slack_reacts(self, login: str, name: str) -> None:
        await self.hand(login).reacts(self.slack_poll(), name)
        await self.settle()

    async def discord_presses(self, login: str, label: str) -> str:
        made = await self.discord.interactions.press(PEOPLE[login], self.discord_poll(), label)
        await self.settle()
        return made.text

    async def discord_reacts(self, login: str, emoji: str) -> None:
        await self.discord.interactions.react(PEOPLE[login], self.discord_poll(), emoji)
        await self.discord.interactions.slash(PEOPLE[logins()[0]], "list")
        await self.settle()

    def hand(self, login: str) -> Hand:
        return Hand(self.slack, ids()[login])

    # ------------------------------------------------------------------- what is seen

    def slack_poll(self, number: int = 1) -> Message:
        posts = self.slack.space.posts(SLACK_ID)
        (found,) = [post for post in posts if not post.thread and post.words.startswith(f"Motion {number} · ")]
        return found

    def discord_poll(self, number: int = 1) -> Data:
        (found,) = [post for post in self.discord.posts() if f"Motion {number} ·" in read(post).split("\n")[0]]
        return found

    def room_poll(self, number: int = 1) -> str:
        (found,) = [card for card in self.room.cards() if isinstance(card, Poll) and card.motion == number]
        return plain_card(found)

    def polls(self) -> Sequence[str]:
        """The poll as it stands in each venue."""
        return [self.slack_poll().words, read(self.discord_poll()), self.room_poll()]

    def motion(self, number: int = 1) -> Motion:
        found = self.ledger.reader().motion(number)
        assert found is not None
        return found

    def choice(self, login: str) -> str | None:
        person = self.ledger.reader().directory().by_login(login)
        assert person is not None
        return self.motion().choice_of(person.id)

    async def later(self, **by: float) -> None:
        self.clock.move(timedelta(**by))
        await self.settle()

    async def end(self) -> None:
        due = self.instance.service.alarm.close_due(self.motion())
        assert due is not None
        self.clock.move_to(due)
        await self.settle()


@asynccontextmanager
async def city(folder: Path) -> AsyncIterator[City]:
    """A city in an empty folder, with everybody of the roster in every venue."""
    clock = ManualClock(START)
    slack = FakeSlack(lambda: clock.now().timestamp())
    await slack.start()
    for login, user in ids().items():
        slack.space.add_user(user, login.lower(), tz="Europe/Berlin")
    slack.space.add_channel(SLACK_ID, "maintainers", members=tuple(ids().values()))
    discord = await FakeDiscord(clock.now).start()
    for login, number in PEOPLE.items():
        discord.add_member(number, login)
    create_sample(folder / "distribution.git", at=START - timedelta(days=30))
    made = City(folder, clock, slack, discord)
    try:
        await made.open()
        yield made
    finally:
        await made.instance.close()
        await discord.stop()
        await slack.stop()
    assert slack.api.problems == []
    assert discord.problems == []
