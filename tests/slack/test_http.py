"""HTTP mode: the same bot behind an address; only what Slack has signed, freshly and once, gets in (T37, T38)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.app import Slack
from adapters.slack.pacing import Pace
from adapters.slack.webhook import Gate, Webhook
from bot.ports import PlatformError
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING
from tests.slack import world as worlds
from tests.slack.world import CHANNEL, World
from tests.world import logins


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.world(tmp_path, mode="http") as made:
        yield made


async def test_a_vote_runs_over_http_as_over_a_socket(web: World) -> None:
    poll = await web.nominate()
    assert web.fake.connections == 0
    await web.presses(logins()[1], poll, "Yes")
    await web.reacts(logins()[2], poll, "-1")
    assert "Recorded: abstain" in await web.types(logins()[3], "abstain 1")
    await web.types(logins()[1], "object 1")
    assert await web.submits(logins()[1], reason="Not yet.") == {}
    await web.hand(logins()[1]).opens_home()
    await web.settle()
    assert "you: yes" in web.hand(logins()[1]).home
    assert [web.choice(login) for login in logins()[1:4]] == ["yes", "no", "abstain"]


async def test_the_address_answers_slacks_question_whether_it_is_ours(web: World) -> None:
    ack = await web.fake.raw(json.dumps({"type": "url_verification", "challenge": "c1"}).encode(), "application/json")
    assert ack.status == 200
    assert ack.payload == {"challenge": "c1"}


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "another"},
        {"signature": "v0=" + "0" * 64},
        {"signature": "v1=abc"},
        {"signature": "é"},
        {"signature": " "},
        {"stamp": "yesterday"},
        {"stamp": "-1"},
        {"stamp": "1e9"},
        {"stamp": "9" * 40},
        {"stamp": "1700000000"},
    ],
)
async def test_what_slack_did_not_sign_now_is_turned_away_with_401(web: World, forged: dict[str, str]) -> None:
    poll = await web.nominate()
    pressed = web.hand(logins()[1]).pressed(poll, "Yes")
    ack = await web.fake.http("interactive", pressed, **forged)
    await web.settle()
    assert ack.status == 401
    assert web.choice(logins()[1]) is None


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_request_that_is_five_minutes_off_is_turned_away(web: World, seconds: int) -> None:
    stamp = str(int(web.fake.space.now()) + seconds)
    ack = await web.fake.http("slash_commands", web.hand(logins()[0]).command("list", CHANNEL), stamp=stamp)
    assert ack.status == 401


async def test_a_copy_of_a_request_is_turned_away_and_a_retry_that_is_signed_anew_is_not(web: World) -> None:
    poll = await web.nominate()
    await web.presses(logins()[1], poll, "Yes")
    event = web.hand(logins()[1]).reaction(poll, "-1")
    stamp = str(int(web.fake.space.now()))
    assert [(await web.fake.http("events_api", event, stamp=stamp)).status for _ in range(3)] == [200, 401, 401]
    await web.go(seconds=5)
    assert (await web.fake.http("events_api", event)).status == 200
    await web.settle()
    assert len(web.hand(logins()[1]).private) == 2


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"x"', "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "text/plain"),
        (b"", "application/json"),
        (b'{"type": "event_callback", "event": "x"}', "application/json"),
        (b'{"type": "event_callback", "event": {"type": "reaction_added", "item": 3}}', "application/json"),
    ],
)
async def test_nonsense_that_is_signed_breaks_nothing(web: World, body: bytes, content: str) -> None:
    ack = await web.fake.raw(body, content)
    assert ack.status in {200, 400, 404, 500}
    assert "Traceback" not in str(ack.payload)
    assert "No motion is open here." in await web.types(logins()[0], "list")


async def test_a_body_that_is_too_large_is_turned_away(web: World) -> None:
    assert (await web.fake.raw(b"x" * (2 << 20), "application/json")).status == 413


async def test_a_body_that_does_not_come_does_not_stay(web: World) -> None:
    webhook = Webhook(web.slack.app, Gate(SIGNING, web.clock), "127.0.0.1:0", patience=0.05)
    await webhook.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: moot\r\nContent-Length: 900\r\n\r\nx")
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await webhook.close()


async def test_no_body_and_no_token_gets_into_the_log(web: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "canary-7c21"
    await web.fake.http("slash_commands", web.hand(logins()[0]).command(f"nominate {canary}", CHANNEL), secret="other")
    await web.types(logins()[0], f"object 1 {canary}")
    await web.fake.raw(f'{{"{canary}": 1}}'.encode(), "application/json")
    shown = caplog.text
    assert [word for word in (canary, BOT_TOKEN, APP_TOKEN, SIGNING) if word in shown] == []


async def test_a_port_that_is_taken_is_said_at_the_start(web: World) -> None:
    assert web.slack.webhook is not None
    other = Slack(
        bot_token=BOT_TOKEN,
        signing_secret=SIGNING,
        mode="http",
        api_url=web.fake.api_url,
        listen=f"127.0.0.1:{web.slack.webhook.port}",
        clock=web.clock,
        pace=Pace(rates={}),
    )
    with pytest.raises(PlatformError) as caught:
        await other.start(web.slack.front())
    await other.stop()
    assert caught.value.final
    assert "[slack] listen" in caught.value.what


async def test_a_reaction_whose_member_cannot_be_checked_gets_503_so_that_slack_brings_it_again(web: World) -> None:
    poll = await web.nominate()
    web.fake.fail("users.info", "500", times=9)
    web.slack.members.forget(web.hand(logins()[1]).user)
    event = web.hand(logins()[1]).reaction(poll, "+1")
    assert (await web.fake.http("events_api", event)).status == 503
    web.fake.faults.clear()
    await web.go(seconds=60)
    assert (await web.fake.http("events_api", event)).status == 200
    await web.settle()
    assert web.choice(logins()[1]) == "yes"


def test_an_empty_secret_is_no_secret(web: World) -> None:
    with pytest.raises(ValueError, match="empty"):
        Gate("", web.clock)
