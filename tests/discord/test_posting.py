"""Posting under faults: never twice, never lost, never a storm (F24-F27, F32-F36)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.app import Discord
from adapters.discord.codes import account, mark_line
from bot.clocks import ManualClock
from bot.core.cards import Note, Notice, Plain
from bot.ports import Delivery, PlatformError
from tests.discord.bench import ANN, FAST
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import BOT_ROLE, GOV, GUILD, TOKEN
from tests.fakes.discord.state import MAKE_THREADS, SEND, User
from tests.world import START

CHANNEL = f"discord:{GUILD}/{GOV}"
POSTS = rf"/channels/{GOV}/messages"


@dataclass
class Desk:
    """A bot without a mind: it posts what it is told to."""

    fake: FakeDiscord
    clock: WrongClock
    app: Discord

    async def post(self, text: str = "one", *, thread: str = "") -> Delivery:
        card = Notice(motion=1, lines=((Plain(text),),))
        return await self.app.post(channel=CHANNEL, card=card, key=f"m1:{text}", thread=thread)

    async def edit(self, ref: str, text: str) -> None:
        await self.app.edit(channel=CHANNEL, ref=ref, card=Notice(motion=1, lines=((Plain(text),),)))

    async def direct(self, text: str = "psst") -> Delivery:
        card = Note(motion=1, lines=((Plain(text),),))
        return await self.app.direct(user=account(ANN), card=card, key=f"m1:{text}")

    async def restart(self) -> None:
        await self.app.stop()
        self.app = app_of(self.fake, self.clock)

    @property
    def texts(self) -> list[str]:
        return [read(message) for message in self.fake.posts()]


class WrongClock(ManualClock):
    """A clock that may have been set wrong; time goes on all the same."""

    wrong: timedelta = timedelta()

    def set_wrong(self, by: timedelta) -> None:
        self.move(by - self.wrong)
        self.wrong = by


def app_of(fake: FakeDiscord, clock: WrongClock) -> Discord:
    return Discord(
        token=TOKEN,
        clock=clock,
        tempo=FAST,
        api_url=fake.api_url,
        gateway_url=fake.gateway_url,
        now=lambda: clock.now().timestamp() - clock.wrong.total_seconds(),
    )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    clock = WrongClock(START)
    fake = await FakeDiscord(clock.now).start()
    fake.add_member(ANN, "ann")
    made = Desk(fake, clock, app_of(fake, clock))
    yield made
    await made.app.stop()
    await fake.stop()
    assert fake.problems == []


UNKNOWN: list[dict[str, Any]] = [
    {"done": True},
    {"done": False},
    {"status": 503, "done": True},
    {"status": 503, "done": False},
]


@pytest.mark.parametrize("fault", UNKNOWN, ids=lambda fault: "-".join(f"{k}={v}" for k, v in fault.items()))
@pytest.mark.parametrize("restarted", [False, True])
async def test_after_an_unknown_outcome_it_is_posted_exactly_once(
    desk: Desk, fault: dict[str, Any], restarted: bool
) -> None:
    await desk.post("before")
    desk.fake.fail("POST", POSTS, **fault)
    with pytest.raises(PlatformError) as caught:
        await desk.post()
    assert not caught.value.final
    desk.fake.channels[GOV].nonces.clear()
    if restarted:
        await desk.restart()
    await desk.post()
    await desk.post("after")
    assert desk.texts == ["before", "one", "after"]


async def test_a_message_is_found_far_back_in_the_history_and_others_cannot_forge_it(desk: Desk) -> None:
    channel = desk.fake.channels[GOV]
    first = await desk.post()
    chatter = {"author": User(7, "eve").data}
    for number in range(250):
        content = mark_line(1, "m1:two") if number == 3 else f"chatter {number}"
        desk.fake.rest.make(channel, {"content": content}, [], **chatter)
    await desk.restart()
    assert await desk.post() == first
    desk.fake.calls.clear()
    second = await desk.post("two")
    assert channel.messages[int(second.ref)]["author"]["id"] == "900"
    assert desk.fake.called("GET", POSTS) == 0, "the history is read once"


async def test_reading_back_that_breaks_off_goes_on_where_it_was(desk: Desk) -> None:
    first = await desk.post()
    for number in range(150):
        desk.fake.rest.make(desk.fake.channels[GOV], {"content": f"chatter {number}"}, [])
    await desk.restart()
    desk.fake.fail("GET", POSTS, status=503, done=True)
    with pytest.raises(PlatformError):
        await desk.post()
    assert await desk.post() == first


async def test_a_429_of_discord_is_waited_for_and_one_of_the_edge_is_handed_on(desk: Desk) -> None:
    limited = {"retry_after": 0.01, "global": False}
    desk.fake.fail("POST", POSTS, status=429, headers={"Via": "1.1 google"}, extra=limited)
    await desk.post()
    desk.fake.fail("POST", POSTS, status=429, headers={"Retry-After": "17"}, extra=limited)
    with pytest.raises(PlatformError) as caught:
        await desk.post("two")
    assert caught.value.retry_after == 17
    long = {"retry_after": 90.0, "global": False}
    desk.fake.fail("POST", POSTS, status=429, headers={"Via": "1.1 google"}, extra=long)
    with pytest.raises(PlatformError) as caught:
        await desk.post("two")
    assert caught.value.retry_after == 90
    await desk.post("two")
    assert desk.texts == ["one", "two"]


@pytest.mark.parametrize(("status", "code"), [(401, 0), (403, 50001), (403, 50013)])
async def test_what_a_person_can_mend_is_waited_for_without_a_storm(desk: Desk, status: int, code: int) -> None:
    desk.fake.fail("POST", POSTS, status=status, code=code)
    with pytest.raises(PlatformError) as caught:
        await desk.post()
    assert caught.value.retry_after == 600
    assert not caught.value.final
    assert TOKEN not in str(caught.value)
    await desk.post()
    assert desk.texts == ["one"]


async def test_a_token_that_is_not_accepted_loses_no_message(desk: Desk) -> None:
    desk.fake.tokens.clear()
    with pytest.raises(PlatformError, match="DISCORD_TOKEN") as caught:
        await desk.post()
    assert caught.value.retry_after == 600


async def test_a_channel_that_is_gone_is_final(desk: Desk) -> None:
    del desk.fake.channels[GOV]
    with pytest.raises(PlatformError) as caught:
        await desk.post()
    assert caught.value.final


async def test_a_bot_that_lacks_the_permission_says_where_to_look(desk: Desk) -> None:
    for role in desk.fake.guilds[GUILD].roles.values():
        role.permissions &= ~SEND
    with pytest.raises(PlatformError, match="folkmoot discord check"):
        await desk.post()


async def test_old_messages_are_edited_slowly_and_young_ones_at_once(desk: Desk) -> None:
    ref = (await desk.post()).ref
    for text in ("a", "b", "c"):
        await desk.edit(ref, text)
    desk.clock.move(timedelta(hours=2))
    await desk.edit(ref, "d")
    with pytest.raises(PlatformError) as caught:
        await desk.edit(ref, "e")
    assert caught.value.retry_after == 20
    desk.clock.move(timedelta(seconds=20))
    await desk.edit(ref, "f")
    assert desk.texts == ["f"]


async def test_no_edit_waits_for_the_time_that_a_wrong_clock_had_shown(desk: Desk) -> None:
    ref = (await desk.post()).ref
    desk.clock.set_wrong(timedelta(days=1))
    await desk.edit(ref, "a")
    desk.clock.set_wrong(timedelta())
    desk.clock.move(timedelta(seconds=20))
    await desk.edit(ref, "b")
    assert desk.texts == ["b"]


async def test_too_many_edits_are_not_tried_again_before_discord_takes_them(desk: Desk) -> None:
    ref = (await desk.post()).ref
    desk.fake.fail("PATCH", rf"{POSTS}/\d+", status=429, code=30046, headers={"Retry-After": "200"})
    for _ in range(5):
        with pytest.raises(PlatformError) as caught:
            await desk.edit(ref, "b")
        assert caught.value.retry_after
    assert desk.fake.called("PATCH", rf"{POSTS}/\d+") == 1
    desk.clock.move(timedelta(minutes=10))
    await desk.edit(ref, "b")
    assert desk.texts == ["b"]


async def test_details_go_into_one_thread_also_after_a_restart(desk: Desk) -> None:
    ref = (await desk.post("poll")).ref
    await desk.post("first", thread=ref)
    await desk.restart()
    await desk.post("first", thread=ref)
    await desk.post("second", thread=ref)
    assert [read(message) for message in desk.fake.posts(int(ref))] == ["first", "second"]
    assert desk.texts == ["poll"]


@pytest.mark.parametrize("obstacle", ["locked", "deleted", "forbidden", "no message"])
async def test_where_there_can_be_no_thread_the_detail_stands_beside_the_poll_once(desk: Desk, obstacle: str) -> None:
    ref = (await desk.post("poll")).ref
    if obstacle in {"locked", "deleted"}:
        await desk.post("first", thread=ref)
    if obstacle == "locked":
        desk.fake.channels[int(ref)].locked = True
    elif obstacle == "deleted":
        del desk.fake.channels[int(ref)]
        del desk.fake.channels[GOV].messages[int(ref)]
    elif obstacle == "forbidden":
        desk.fake.guilds[GUILD].roles[GUILD + BOT_ROLE].permissions &= ~MAKE_THREADS
    else:
        del desk.fake.channels[GOV].messages[int(ref)]
    await desk.post("detail", thread=ref)
    await desk.restart()
    await desk.post("detail", thread=ref)
    assert desk.texts.count("detail") == 1


async def test_an_unknown_outcome_in_a_thread_is_looked_up_there(desk: Desk) -> None:
    ref = (await desk.post("poll")).ref
    await desk.post("first", thread=ref)
    desk.fake.fail("POST", rf"/channels/{ref}/messages", done=True)
    with pytest.raises(PlatformError):
        await desk.post("second", thread=ref)
    desk.fake.channels[int(ref)].nonces.clear()
    await desk.post("second", thread=ref)
    assert [read(message) for message in desk.fake.posts(int(ref))] == ["first", "second"]


async def test_a_thread_whose_making_is_unknown_is_not_made_twice(desk: Desk) -> None:
    ref = (await desk.post("poll")).ref
    desk.fake.fail("POST", rf"{POSTS}/{ref}/threads", done=True)
    with pytest.raises(PlatformError):
        await desk.post("first", thread=ref)
    await desk.post("first", thread=ref)
    assert [read(message) for message in desk.fake.posts(int(ref))] == ["first"]


async def test_closed_direct_messages_are_final_and_asked_for_once(desk: Desk) -> None:
    desk.fake.users[ANN].takes_letters = False
    letters = desk.fake.letters(ANN).id
    for _ in range(4):
        with pytest.raises(PlatformError) as caught:
            await desk.direct()
        assert caught.value.final
    assert desk.fake.called("POST", f"/channels/{letters}/messages") == 1


async def test_a_connection_that_is_reset_and_comes_back_delivers_a_letter_once(desk: Desk) -> None:
    letters = desk.fake.letters(ANN)
    desk.fake.fail("POST", f"/channels/{letters.id}/messages", done=True)
    with pytest.raises(PlatformError):
        await desk.direct()
    letters.nonces.clear()
    await desk.direct()
    assert len(letters.messages) == 1


async def test_a_long_patch_goes_along_as_a_file(desk: Desk) -> None:
    card = Note(motion=1, lines=((Plain("The patch"),),), code="From 9c\n" + "+line\n" * 2000)
    await desk.app.direct(user=account(ANN), card=card, key="k")
    (letter,) = desk.fake.posts(desk.fake.letters(ANN).id)
    assert letter["attachments"][0]["filename"] == "motion-1.patch"
    assert letter["attachments"][0]["text"] == card.code
