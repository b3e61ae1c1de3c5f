"""Gateway life: wrong tokens, outages, resumed and lost sessions, restarts, the stop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord.app import Discord
from bot.ports import PlatformError
from tests.discord.bench import FAST, WallClock
from tests.discord.world import PEOPLE, Town, town
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.gateway import WANTED
from tests.fakes.discord.reading import read
from tests.world import logins

BEN, CAT = logins()[1:3]


async def test_a_wrong_token_ends_the_start_with_what_to_do(tmp_path: Path) -> None:
    async with town(tmp_path, opened=False) as made:
        made.fake.tokens.clear()
        with pytest.raises(PlatformError, match="developer portal") as caught:
            await made.open()
        assert caught.value.final


async def test_a_server_that_is_away_at_the_start_is_found_later(tmp_path: Path) -> None:
    async with town(tmp_path, opened=False) as made:
        made.fake.fail("GET", "/users/@me", times=2)
        made.fake.fail("GET", "/users/@me", status=503, times=2)
        await made.open()
        await made.nominate()


async def test_a_gateway_that_refuses_the_first_connection_is_tried_again(tmp_path: Path) -> None:
    async with town(tmp_path, opened=False) as made:
        made.fake.gateway.refused = 2
        await made.open()
        await made.nominate()


async def test_only_the_least_is_listened_to(town: Town) -> None:
    assert town.fake.gateway.intents == {WANTED}


async def test_a_session_that_breaks_is_resumed_and_the_bot_is_told_that_it_is_back(town: Town) -> None:
    await town.nominate()
    await town.again(lost=False)
    assert (town.fake.gateway.identified, town.fake.gateway.resumed) == (1, 1)
    assert "Recorded: yes" in (await town.press(BEN, town.poll(), "Yes")).text


async def test_a_lost_session_is_opened_anew_and_every_button_still_works(town: Town) -> None:
    await town.nominate()
    town.fake.gateway.refuse_resume = True
    before = town.connections
    await town.fake.gateway.drop()
    await town.until(lambda: town.connections > before)
    await town.caught_up()
    await town.again()
    assert town.fake.gateway.identified == 3
    for label in ("Yes", "No", "Abstain"):
        assert "Recorded" in (await town.press(BEN, town.poll(), label)).text


async def test_buttons_outlive_a_restart_and_many_edits(town: Town) -> None:
    await town.nominate()
    for login in logins()[2:5]:
        await town.press(login, town.poll(), "Yes")
    await town.crash()
    await town.open()
    assert "Recorded: no" in (await town.press(BEN, town.poll(), "No")).text
    form = await town.press(CAT, town.poll(), "Object…")
    await town.crash()
    await town.open()
    sent = await town.submit(CAT, form, reason="Opened before the restart.")
    assert "Opened before the restart." in "".join(town.thread()), sent.text


async def test_a_form_that_needs_what_a_restart_forgot_gives_the_text_back(town: Town) -> None:
    form = await town.slash(BEN, "nominate", login="newperson", months=7, pull_request="https://x.example/1")
    await town.crash()
    await town.open()
    sent = await town.submit(BEN, form, evidence="41 reviews", text="An hour's work.")
    assert "nothing was recorded" in sent.text
    assert "An hour's work." in sent.text
    assert town.fake.posts() == []


async def test_a_token_that_is_revoked_is_asked_again_without_a_storm_until_it_is_back(town: Town) -> None:
    tokens, before = set(town.fake.tokens), town.connections
    town.fake.tokens.clear()
    await town.fake.gateway.drop(code=4004)
    await town.until(lambda: town.fake.calls[-1] == ("GET", "/users/@me"))
    town.fake.tokens |= tokens
    await town.until(lambda: town.connections > before)
    await town.caught_up()
    await town.nominate()


async def test_after_the_stop_nothing_is_taken_and_stopping_twice_is_safe(town: Town) -> None:
    await town.nominate()
    poll = town.poll()
    await town.running.stop()
    await town.running.stop()
    await town.fake.interactions.press(PEOPLE[BEN], poll, "Yes", wait=False)
    assert town.ballots() == 0


async def test_a_stop_that_meets_the_end_of_an_attempt_to_connect_is_not_forgotten(town: Town) -> None:
    gateway, stops, begun = town.running.gateway, list[asyncio.Task[None]](), asyncio.Event()

    async def fails_while_the_bot_is_stopped(shard: int | None, *, initial: bool = False) -> None:
        if not stops:
            stops.append(asyncio.create_task(gateway.close()))
            begun.set()
            raise OSError("the network is gone")

    client = await gateway.client()
    town.fake.gateway.heartbeat = 10**9  # the library leaves the heart of this attempt behind
    setattr(client, "before_identify_hook", fails_while_the_bot_is_stopped)  # noqa: B010
    await town.fake.gateway.invalidate()
    await begun.wait()
    done, _ = await asyncio.wait(stops, timeout=20)
    assert len(done) == 1
    assert client.is_closed()


async def test_a_stop_without_a_start_is_safe() -> None:
    await Discord(token="x", clock=WallClock(), tempo=FAST).stop()


async def test_one_process_speaks_to_one_discord(town: Town) -> None:
    other = await FakeDiscord().start()
    app = Discord(token="x", clock=WallClock(), tempo=FAST, api_url=other.api_url, gateway_url=other.gateway_url)
    with pytest.raises(PlatformError, match="one Discord only"):
        await app.is_public("discord:100/200")
    await app.stop()
    await other.stop()


async def test_what_takes_long_is_first_acknowledged_and_then_answered(tmp_path: Path) -> None:
    async with town(tmp_path, opened=False) as made:
        await made.open(tempo=replace(FAST, answer=0.0))
        await made.nominate()
        pressed = await made.press(BEN, made.poll(), "Yes")
        assert pressed.deferred
        assert "Recorded: yes" in pressed.text
        asked = await made.slash(BEN, "mine")
        assert asked.deferred
        assert asked.text


async def test_an_answer_that_cannot_be_shown_leaves_the_ballot_recorded(town: Town) -> None:
    await town.nominate()
    town.fake.fail("POST", r"/interactions/\d+/.*", status=404, code=10062)
    await town.fake.interactions.press(PEOPLE[BEN], town.poll(), "Yes", wait=False)
    await town.until(lambda: not town.fake.faults)
    await town.heard()
    assert town.choice(BEN) == "yes"
    assert "1 yes" in read(town.poll())
