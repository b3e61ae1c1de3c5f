"""Discord on the bench of the platform contract: the real client, logged in to a fake server over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.discord.app import Discord
from adapters.discord.client import Tempo
from bot.core.people import PlatformUser
from bot.ports import Point, no_point
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import GOV, GUILD, TOKEN

ANN = 301
FAST = Tempo(identify=0.0, guilds=0.05, reconnect=0.05, longest=0.2, answer=30.0)
"""Nothing is waited for that a real Discord would ask for; answers are never deferred by a slow machine."""


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class DiscordBench:
    """One server; each platform object is a client of its own, as after a restart."""

    fake: FakeDiscord
    apps: list[Discord] = field(default_factory=list)
    channel: str = f"discord:{GUILD}/{GOV}"

    @property
    def user(self) -> PlatformUser:
        return PlatformUser(platform="discord", team="", user=str(ANN))

    def platform(self, *, point: Point = no_point, public: bool = False) -> Discord:
        self.fake.show(self.fake.channels[GOV], public=public)
        app = Discord(
            token=TOKEN,
            clock=WallClock(),
            point=point,
            tempo=FAST,
            api_url=self.fake.api_url,
            gateway_url=self.fake.gateway_url,
        )
        self.apps.append(app)
        return self.apps[-1]

    async def posts(self) -> Sequence[str]:
        return [read(message) for message in self.fake.posts()]

    async def directs(self) -> Sequence[str]:
        return [read(message) for message in self.fake.posts(self.fake.letters(ANN).id)]

    async def delete(self, ref: str) -> None:
        del self.fake.channels[GOV].messages[int(ref)]


@asynccontextmanager
async def discord(tmp: Path) -> AsyncIterator[DiscordBench]:
    fake = await FakeDiscord().start()
    fake.add_member(ANN, "ann")
    bench = DiscordBench(fake)
    try:
        yield bench
    finally:
        for app in bench.apps:
            await app.stop()
        await fake.stop()
    assert fake.problems == []
