"""Whether outsiders can read a channel: from the roles and overwrites of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.ports import PlatformError
from tests.discord.bench import DiscordBench
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.server import GOV, GUILD, TEAM_ROLE
from tests.fakes.discord.state import ADMINISTRATOR, VIEW, Guild, Role

VERIFIED = 170


@pytest.fixture
async def bench() -> AsyncIterator[DiscordBench]:
    made = DiscordBench(await FakeDiscord().start())
    yield made
    for app in made.apps:
        await app.stop()
    await made.fake.stop()


def onboarding(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Verified", flags=1)


def linked(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Linked", tags={"guild_connections": None})


def boosters(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Boosters", tags={"premium_subscriber": None})


def most(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Member", count=600)
    guild.size = 1000


def few(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Helpers", count=30)
    guild.size = 1000


def team(guild: Guild) -> None:
    """A server of maintainers alone: their role is most of it."""
    guild.roles[VERIFIED] = Role(VERIFIED, "Team", count=9)
    guild.size = 10


def admins(guild: Guild) -> None:
    guild.roles[VERIFIED] = Role(VERIFIED, "Admins", permissions=ADMINISTRATOR, count=900)
    guild.size = 1000


@pytest.mark.parametrize(
    ("make", "public"),
    [(onboarding, True), (linked, True), (boosters, True), (most, True), (few, False), (team, False), (admins, True)],
)
async def test_a_role_that_anybody_can_get_makes_a_channel_public(
    bench: DiscordBench, make: Callable[[Guild], None], public: bool
) -> None:
    app = bench.platform(public=False)
    make(bench.fake.guilds[GUILD])
    bench.fake.channels[GOV].overwrites[VERIFIED] = (VIEW, 0)
    assert await app.is_public(bench.channel) is public


async def test_a_role_that_cannot_see_the_channel_does_not_matter(bench: DiscordBench) -> None:
    app = bench.platform(public=False)
    most(bench.fake.guilds[GUILD])
    assert not await app.is_public(bench.channel)
    bench.fake.guilds[GUILD].roles[GUILD + TEAM_ROLE].count = 5000
    bench.fake.guilds[GUILD].size = 6000
    assert await app.is_public(bench.channel)


async def test_what_cannot_be_told_is_an_error_and_never_a_guess(bench: DiscordBench) -> None:
    app = bench.platform(public=False)
    for method, path in (("GET", "/guilds/100"), ("GET", "/guilds/100/channels"), ("GET", "/guilds/100/roles/.*")):
        bench.fake.fail(method, path, status=503)
        with pytest.raises(PlatformError):
            await app.is_public(bench.channel)
    with pytest.raises(PlatformError):
        await app.is_public("discord:100/999")
    with pytest.raises(PlatformError):
        await app.is_public("discord:nowhere")
