"""The Slack app for the contract of platforms: the real one, against the fake workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.slack.app import Slack
from adapters.slack.pacing import Pace
from bot.clocks import SystemClock
from bot.core.people import PlatformUser
from bot.ports import Clock, Point, no_point
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.fakes.slack.state import TEAM

CHANNEL = "C0001"
MEMBER = "U0001"


class SlackBench:
    """One workspace; a new app for each platform object."""

    channel = f"slack:{CHANNEL}"

    def __init__(self, slack: FakeSlack) -> None:
        self.slack, self.apps = slack, list[Slack]()
        slack.space.add_user(MEMBER, "ada")
        slack.space.add_channel(CHANNEL, "maintainers", members=(MEMBER,))

    @property
    def user(self) -> PlatformUser:
        return PlatformUser(platform="slack", team=TEAM, user=MEMBER)

    def platform(self, *, point: Point = no_point, public: bool = False, clock: Clock | None = None) -> Slack:
        self.slack.space.channels[CHANNEL].private = not public
        self.apps.append(
            Slack(
                bot_token=BOT_TOKEN,
                app_token=APP_TOKEN,
                api_url=self.slack.api_url,
                channels=(self.channel,),
                clock=clock or SystemClock(),
                point=point,
                pace=Pace(rates={}),
            )
        )
        return self.apps[-1]

    async def posts(self) -> Sequence[str]:
        return [message.words for message in self.slack.space.posts(CHANNEL)]

    async def directs(self) -> Sequence[str]:
        return [message.words for message in self.slack.space.directs(MEMBER)]

    async def delete(self, ref: str) -> None:
        found = self.slack.space.find(CHANNEL, ref)
        assert found is not None
        self.slack.space.delete(found)


@asynccontextmanager
async def slack(_: Path) -> AsyncIterator[SlackBench]:
    """The fake workspace, and every app that was made for it, closed at the end."""
    fake = FakeSlack()
    await fake.start()
    bench = SlackBench(fake)
    yield bench
    for app in bench.apps:
        await app.stop()
    await fake.stop()
    assert fake.api.problems == []
