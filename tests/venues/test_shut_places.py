"""F33 to F36: a place that the bot cannot post in waits, is told of elsewhere, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.plain import plain_card
from storage.memory import MemoryLedger
from tests.fakes.discord.reading import read
from tests.fakes.slack.state import BOT
from tests.slack.world import CHANNEL as SLACK_ID
from tests.slack.world import NAME as SLACK
from tests.venues.city import City, city
from tests.world import NOMINATION, logins

DISCORD = "discord:"
SHUT, AGAIN = "I cannot post in ", "I can again"
Deed = Callable[[City], Awaitable[None]]


@pytest.fixture(name="city")
async def a_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with city(tmp_path) as made:
        yield made


async def event(city: City, **said: Any) -> None:
    """Slack tells the app of something."""
    await city.slack.send("events_api", city.hand(logins()[0]).event({"event_ts": city.slack.space.ts(), **said}))
    await city.settle()


async def archive(city: City) -> None:
    city.slack.space.channels[SLACK_ID].archived = True


async def unarchive(city: City) -> None:
    city.slack.space.channels[SLACK_ID].archived = False


async def leave(city: City) -> None:
    city.slack.space.channels[SLACK_ID].members.discard(BOT)


async def invite(city: City) -> None:
    city.slack.space.channels[SLACK_ID].members.add(BOT)


async def revoke(city: City) -> None:
    city.slack.revoked = "account_inactive"


async def reinstate(city: City) -> None:
    city.slack.revoked = ""


def in_slack(city: City) -> Sequence[str]:
    return [message.words for message in city.slack.space.posts(SLACK_ID)]


def in_discord(city: City) -> Sequence[str]:
    return [read(post) for post in city.discord.posts()]


def in_room(city: City) -> Sequence[str]:
    return [plain_card(card) for card in city.room.cards()]


def of(words: Sequence[str], what: str) -> list[str]:
    return [each for each in words if what in each]


class Ear:
    """Hears what Discord has told the bot of its channels."""

    def __init__(self, city: City) -> None:
        front = city.in_discord._front
        assert front is not None
        self._said: asyncio.Queue[str] = asyncio.Queue()
        city.in_discord._front = replace(front, shut=self._through(front.shut), opened=self._through(front.opened))

    def _through(self, said: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def through(channels: Sequence[str], *why: str) -> None:
            await said(channels, *why)
            self._said.put_nowait(channels[0])

        return through

    async def hears(self) -> str:
        async with asyncio.timeout(20):
            return await self._said.get()


@pytest.mark.parametrize(
    ("break_it", "mend_it", "why"),
    [
        (archive, unarchive, "the channel is archived"),
        (leave, invite, "the bot cannot see the channel: /invite it there"),
        (revoke, reinstate, "install the app again"),
    ],
)
async def test_f32_f33_f35_a_slack_channel_that_takes_no_posts_is_told_once_elsewhere_and_catches_up(
    city: City, break_it: Deed, mend_it: Deed, why: str
) -> None:
    await city.slack_types(logins()[0], NOMINATION)
    await break_it(city)
    calls = len(city.slack.calls)
    for login in logins()[1:6]:
        await city.discord_presses(login, "Yes")
        await city.later(seconds=20)
    for elsewhere in (in_discord(city), in_room(city)):
        (told,) = of(elsewhere, SHUT)
        assert SLACK in told
        assert why in told
        assert "no new vote begins" in told
    assert len(of([call[0] for call in city.slack.calls[calls:]], "chat.")) == 1
    assert "● 5 yes" in city.room_poll()
    assert any(SLACK in reason for reason in city.instance.service.outbox.breaker.closed())
    await mend_it(city)
    await city.later(minutes=10)
    assert "● 5 yes" in city.slack_poll().words
    for elsewhere in (in_discord(city), in_room(city)):
        assert of(elsewhere, SHUT) == []
        assert len(of(elsewhere, AGAIN)) == 1
    assert city.instance.service.outbox.breaker.closed() == {}


@pytest.mark.parametrize(
    ("said", "ended", "why"),
    [
        ({"type": "channel_archive"}, {"type": "channel_unarchive"}, "archived"),
        ({"type": "group_archive"}, {"type": "group_unarchive"}, "archived"),
        ({"type": "channel_left"}, {"type": "member_joined_channel", "user": BOT}, "/invite it there"),
        ({"type": "group_left"}, {"type": "member_joined_channel", "user": BOT}, "/invite it there"),
        ({"type": "app_uninstalled"}, None, "install the app again"),
        ({"type": "tokens_revoked", "tokens": {"bot": [BOT]}}, None, "install the app again"),
    ],
)
async def test_f34_f35_what_slack_says_of_it_is_told_elsewhere_at_once_before_anything_is_posted(
    city: City, said: dict[str, Any], ended: dict[str, Any] | None, why: str
) -> None:
    for _ in range(2):
        await event(city, channel=SLACK_ID, **said)
    (told,) = of(in_discord(city), SHUT)
    assert SLACK in told
    assert why in told
    if ended is None:
        return
    await event(city, channel=SLACK_ID, type="member_joined_channel", user=city.hand(logins()[1]).user)
    assert of(in_discord(city), AGAIN) == []
    await event(city, channel=SLACK_ID, **ended)
    assert len(of(in_discord(city), AGAIN)) == 1
    await event(city, channel=SLACK_ID, **said)
    assert len(of(in_discord(city), SHUT)) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"type": "channel_archive", "channel": "C0999"},
        {"type": "channel_left", "channel": "C0999"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}},
    ],
)
async def test_what_happens_to_other_channels_and_tokens_is_told_nobody(city: City, said: dict[str, Any]) -> None:
    await event(city, **said)
    assert of([*in_discord(city), *in_room(city)], SHUT) == []


async def test_f35_a_bot_that_is_removed_from_the_discord_server_says_so_elsewhere_and_comes_back_with_all(
    city: City,
) -> None:
    await city.slack_types(logins()[0], NOMINATION)
    ear = Ear(city)
    await city.discord.kick()
    assert await ear.hears() in city.instance.service.outbox.breaker.closed()
    await city.settle()
    (told,) = of(in_slack(city), SHUT)
    assert DISCORD in told
    assert "invite it again" in told
    assert "no new vote begins" not in told
    before = len(city.discord.calls)
    for login in logins()[1:6]:
        await city.slack_presses(login, "Yes")
        await city.later(seconds=20)
    assert len(city.discord.calls) - before < 5
    assert len(of(in_slack(city), SHUT)) == 1
    await city.discord.invite()
    assert await ear.hears() not in city.instance.service.outbox.breaker.closed()
    await city.until_discord()
    await city.later(minutes=10)
    assert len(of(in_slack(city), AGAIN)) == 1
    assert "● 5 yes" in read(city.discord_poll())
    await city.discord_presses(logins()[6], "No")
    assert city.choice(logins()[6]) == "no"


async def test_f33_where_motions_are_announced_no_vote_begins_until_it_can_be_announced(city: City) -> None:
    await archive(city)
    assert "✓" in await city.in_room(logins()[0], NOMINATION)
    await city.later(days=2)
    assert not city.motion().delivered
    await unarchive(city)
    await city.later(minutes=10)
    assert city.motion().delivered
    closes = city.motion().closes_at
    assert closes is not None
    assert (closes - city.clock.now()).days >= 5


async def test_f33_a_result_that_falls_into_the_outage_is_told_elsewhere_then_and_there_once_afterwards(
    city: City,
) -> None:
    await city.slack_types(logins()[0], NOMINATION)
    for login in logins()[:8]:
        await city.discord_presses(login, "Yes")
    await archive(city)
    await city.end()
    assert city.motion().outcome == "carried"
    assert len(of(in_discord(city), "is carried")) == len(of(in_room(city), "is carried")) == 1
    assert of(in_slack(city), "is carried") == []
    await unarchive(city)
    await city.later(minutes=10)
    await city.later(minutes=10)
    assert len(of(in_slack(city), "is carried")) == 1


@pytest.mark.parametrize("mended", [False, True])
async def test_f33_a_start_in_the_meantime_tells_nothing_twice_and_still_says_when_it_is_over(
    city: City, mended: bool
) -> None:
    await city.slack_types(logins()[0], NOMINATION)
    await archive(city)
    await city.discord_presses(logins()[1], "Yes")
    assert len(of(in_discord(city), SHUT)) == 1
    await city.instance.close()
    if mended:
        await unarchive(city)
    assert isinstance(city.ledger, MemoryLedger)
    city.ledger = MemoryLedger(clock=city.clock, store=city.ledger.store)
    await city.open()
    await city.discord_presses(logins()[2], "Yes")
    await city.later(minutes=10)
    assert len(of(in_discord(city), SHUT)) == (0 if mended else 1)
    await unarchive(city)
    await city.later(minutes=10)
    assert len(of(in_discord(city), AGAIN)) == 1
    assert "● 2 yes" in city.slack_poll().words


async def test_a_place_with_nothing_new_to_say_is_not_taken_for_mended(city: City) -> None:
    await city.slack_types(logins()[0], NOMINATION)
    await archive(city)
    await city.discord_presses(logins()[1], "Yes")
    shown = city.instance.service.outbox.breaker.closed()
    assert shown
    await city.later(minutes=10)
    assert city.instance.service.outbox.breaker.closed() == shown
    assert of(in_discord(city), AGAIN) == []
