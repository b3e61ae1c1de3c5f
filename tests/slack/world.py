"""A whole bot on the fake workspace: its maintainers are linked, its channel is there, its clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from adapters.localgit.sample import create_sample
from adapters.slack.app import Slack
from adapters.slack.pacing import Pace
from adapters.slack.webhook import PATH
from bot.clocks import CountingIds, ManualClock
from bot.config import Config, General, PersonTable, RepositoryTable, SlackTable
from bot.core.motion import Motion
from bot.ports import Ledger
from bot.wiring import Instance, build
from storage.memory import MemoryLedger
from tests.fakes.slack.members import Hand
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING, FakeSlack
from tests.fakes.slack.state import Message
from tests.world import START, logins

CHANNEL = "C0001"
OTHER = "C0002"
NAME = f"slack:{CHANNEL}"
NOMINATION = 'nominate @newperson --months 7 --evidence "41 reviews" Kind and thorough.'
GRID = "E0001"


def ids() -> dict[str, str]:
    """Who has which account in Slack; `newperson` and `outsider` have one that is linked, `nobody` one that is not."""
    return {login: f"U{number:04}" for number, login in enumerate([*logins(), "newperson", "outsider", "nobody"], 1)}


def config_of(folder: Path, org: str, **repository: Any) -> Config:
    """The configuration of the bot on the fake workspace."""
    table = {"name": "distribution", "forge": "localgit", "path": "distribution.git", "channels": (NAME,)}
    linked = {login: user for login, user in ids().items() if login != "nobody"}
    return Config(
        folkmoot=General(ledger="folkmoot.sqlite3"),
        repository=(RepositoryTable(**{**table, **repository}),),
        person=tuple(PersonTable(login=login, slack=f"{org}/{user}") for login, user in linked.items()),
        slack=SlackTable(enabled=True),
        here=folder,
    )


class World:
    """What a test sees and does. Whatever a member does is settled before the next step."""

    def __init__(self, folder: Path, fake: FakeSlack, clock: ManualClock, **repository: Any) -> None:
        self.fake, self.clock, self.folder = fake, clock, folder
        self.config = config_of(folder, fake.space.enterprise or fake.space.team, **repository)
        self.ledger: Ledger = MemoryLedger(clock=clock)
        self.instance: Instance
        self.slack: Slack

    async def open(self, mode: Literal["socket", "http"] = "socket", **more: Any) -> None:
        """Start the bot: the first time, or again after it was closed."""
        self.slack = Slack(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SIGNING,
            mode=mode,
            api_url=self.fake.api_url,
            listen="127.0.0.1:0",
            clock=self.clock,
            **{"pace": Pace(rates={}), **more},
        )
        self.instance = await build(
            self.config, clock=self.clock, ids=CountingIds(), ledger=self.ledger, connections={"slack": self.slack}
        )
        await self.instance.connect()
        if self.slack.webhook is not None:
            self.fake.bot_url = f"http://127.0.0.1:{self.slack.webhook.port}{PATH}"
        await self.slack.caught_up()
        await self.settle()

    @property
    def service(self) -> Any:
        return self.instance.service

    @asynccontextmanager
    async def outage(self, *, abrupt: bool = False) -> AsyncIterator[None]:
        """The connection breaks, things happen, and the app is back and has caught up."""
        before = self.slack.greetings
        await (self.fake.drop() if abrupt else self.fake.refresh())
        yield
        await self.slack.caught_up(before)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is due at this instant, and nothing is under way."""
        await self.slack.errands.settled()
        await self.service.settle()
        await self.slack.errands.settled()

    def hand(self, login: str) -> Hand:
        """The hands of somebody."""
        return Hand(self.fake, ids()[login])

    async def types(self, login: str, text: str, channel: str = CHANNEL) -> str:
        """Somebody types a command; the private answer."""
        answer = await self.hand(login).types(text, channel)
        await self.settle()
        return answer

    async def presses(self, login: str, message: Message, label: str) -> None:
        await self.hand(login).presses(message, label)
        await self.settle()

    async def reacts(self, login: str, message: Message, name: str, *, added: bool = True) -> None:
        await self.hand(login).reacts(message, name, added=added)
        await self.settle()

    async def submits(self, login: str, /, **values: str) -> dict[str, str]:
        """Somebody sends the form that is open; what is wrong with its fields."""
        errors = await self.hand(login).submits(**values)
        await self.settle()
        return errors

    async def nominate(self, text: str = NOMINATION) -> Message:
        """The first maintainer opens a candidacy; its poll."""
        answer = await self.types(logins()[0], text)
        assert "is open" in answer, answer
        return self.poll(max(entry.number for entry in self.ledger.reader().entries()))

    def poll(self, number: int = 1, channel: str = CHANNEL) -> Message:
        """The one poll message of a motion."""
        (found,) = [
            m for m in self.fake.space.posts(channel) if not m.thread and m.words.startswith(f"Motion {number} · ")
        ]
        return found

    def posts(self) -> list[str]:
        return [message.words for message in self.fake.space.posts(CHANNEL)]

    def motion(self, number: int = 1) -> Motion:
        found = self.ledger.reader().motion(number)
        assert found is not None
        return found

    def choice(self, login: str, number: int = 1) -> str | None:
        """The ballot that counts, by the ledger."""
        person = self.ledger.reader().directory().by_login(login)
        assert person is not None
        return self.motion(number).choice_of(person.id)

    async def go(self, **by: float) -> None:
        """Time passes."""
        self.clock.move(timedelta(**by))
        await self.settle()

    async def go_to(self, at: datetime) -> None:
        self.clock.move_to(at)
        await self.settle()


def voters() -> Sequence[str]:
    return logins()


@asynccontextmanager
async def world(
    folder: Path,
    *,
    mode: Literal["socket", "http"] = "socket",
    grid: bool = False,
    start: bool = True,
    **repository: Any,
) -> AsyncIterator[World]:
    """A bot that is connected, and a workspace that finds nothing wrong with what it is sent."""
    clock = ManualClock(START)
    fake = FakeSlack(lambda: clock.now().timestamp())
    await fake.start()
    space = fake.space
    space.enterprise = GRID if grid else ""
    for login, user in ids().items():
        space.add_user(user, login.lower(), tz="Europe/Berlin")
    space.add_channel(CHANNEL, "maintainers", members=tuple(ids().values()))
    space.add_channel(OTHER, "random", members=tuple(ids().values()))
    create_sample(folder / "distribution.git", at=START - timedelta(days=30))
    made = World(folder, fake, clock, **repository)
    try:
        if start:
            await made.open(mode)
        yield made
    finally:
        if hasattr(made, "instance"):
            await made.instance.close()
        await fake.stop()
    assert fake.api.problems == []
