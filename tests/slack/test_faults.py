"""What goes wrong between the app and Slack: limits, errors, lost answers, tokens and channels gone (F24-F36)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack.app import Slack
from adapters.slack.errors import GONE, NOBODY, PLACES, TOKENS, SlackError, refusal
from adapters.slack.pacing import Pace, Rate
from bot.clocks import CountingIds, ManualClock, SystemClock
from bot.ports import PlatformError
from bot.wiring import build
from tests.contract.test_platform import note, notice, poll
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.slack.bench import CHANNEL, MEMBER, SlackBench, slack
from tests.slack.world import NOMINATION, World
from tests.slack.world import world as a_world
from tests.world import logins


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[SlackBench]:
    async with slack(tmp_path) as made:
        yield made


@pytest.mark.parametrize("how", ["500", "reset", "html", "internal_error"])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("thread", [True, False])
async def test_a_post_whose_answer_is_lost_is_there_once_after_the_next_try(
    bench: SlackBench, how: str, after: bool, thread: bool
) -> None:
    app = bench.platform()
    above = (await app.post(channel=bench.channel, card=notice("above"), key="m1:above")).ref if thread else ""
    bench.slack.fail("chat.postMessage", how, after=after)
    with pytest.raises(PlatformError) as caught:
        await app.post(channel=bench.channel, card=notice("once"), key="m1:a", thread=above)
    assert not caught.value.final
    first = await app.post(channel=bench.channel, card=notice("once"), key="m1:a", thread=above)
    again = await bench.platform().post(channel=bench.channel, card=notice("once"), key="m1:a", thread=above)
    assert again == first
    assert (await bench.posts()).count("once") == 1


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(days=1), timedelta(days=-400)])
async def test_f14_a_post_whose_answer_is_lost_while_the_clock_is_wrong_is_there_once(
    bench: SlackBench, wrong: timedelta
) -> None:
    clock = ManualClock(datetime.now(UTC) + wrong)
    app = bench.platform(clock=clock)
    await app.post(channel=bench.channel, card=notice("before"), key="m1:before")
    bench.slack.fail("chat.postMessage", "reset", after=True)
    with pytest.raises(PlatformError):
        await app.post(channel=bench.channel, card=notice("once"), key="m1:a")
    await app.post(channel=bench.channel, card=notice("once"), key="m1:a")
    assert (await bench.posts()).count("once") == 1


@pytest.mark.parametrize("after", [True, False])
async def test_a_direct_message_whose_answer_is_lost_is_there_once_after_the_next_try(
    bench: SlackBench, after: bool
) -> None:
    app = bench.platform()
    bench.slack.fail("chat.postMessage", "reset", after=after)
    with pytest.raises(PlatformError):
        await app.direct(user=bench.user, card=note("once"), key="m1:a")
    await app.direct(user=bench.user, card=note("once"), key="m1:a")
    assert await bench.directs() == ["once"]


async def test_no_call_is_ever_repeated_unasked(bench: SlackBench) -> None:
    app = bench.platform()
    bench.slack.fail("chat.postMessage", "reset", times=5)
    with pytest.raises(PlatformError):
        await app.post(channel=bench.channel, card=notice("once"), key="m1:a")
    assert len(bench.slack.called("chat.postMessage")) == 1


async def test_slacks_own_word_on_when_to_come_back_is_kept(bench: SlackBench) -> None:
    app = bench.platform()
    bench.slack.fail("chat.postMessage", "429", seconds=7)
    with pytest.raises(PlatformError) as caught:
        await app.post(channel=bench.channel, card=notice("once"), key="m1:a")
    assert caught.value.retry_after == 7.0
    with pytest.raises(PlatformError) as caught:
        await app.post(channel=bench.channel, card=notice("once"), key="m1:a")
    assert 0 < (caught.value.retry_after or 0) <= 7.0
    assert len(bench.slack.called("chat.postMessage")) == 1


async def test_one_channel_that_has_to_wait_holds_up_no_other(bench: SlackBench) -> None:
    bench.slack.space.add_channel("C0009", "other", members=(MEMBER,))
    app = bench.platform()
    bench.slack.fail("chat.postMessage", "429", seconds=7)
    with pytest.raises(PlatformError):
        await app.post(channel=bench.channel, card=notice("one"), key="m1:a")
    await app.post(channel="slack:C0009", card=notice("two"), key="m1:b")
    await app.direct(user=bench.user, card=note("three"), key="m1:c")


async def test_a_place_is_read_once_and_not_before_every_post(bench: SlackBench) -> None:
    app = bench.platform()
    for number in range(5):
        await app.post(channel=bench.channel, card=notice(str(number)), key=f"m{number}:a")
        await app.direct(user=bench.user, card=note(str(number)), key=f"m{number}:d")
    assert len(bench.slack.called("conversations.history")) == 2
    assert len(bench.slack.called("conversations.open")) == 1


async def test_a_message_of_others_with_a_key_of_ours_is_not_taken_for_ours(bench: SlackBench) -> None:
    forged = bench.slack.space.say(MEMBER, CHANNEL, "I am the announcement")
    forged.metadata = {"event_type": "folkmoot_message", "event_payload": {"key": "m1:a"}}
    await bench.platform().post(channel=bench.channel, card=notice("the real one"), key="m1:a")
    assert await bench.posts() == ["the real one"]


async def test_nothing_but_the_key_is_in_a_messages_metadata(bench: SlackBench) -> None:
    await bench.platform().post(channel=bench.channel, card=poll(yes=3), key="m1:a")
    (message,) = bench.slack.space.posts(CHANNEL)
    assert message.metadata == {"event_type": "folkmoot_message", "event_payload": {"key": "m1:a"}}


async def test_an_answer_in_a_thread_whose_message_is_gone_stands_in_the_channel_once(bench: SlackBench) -> None:
    app = bench.platform()
    for _ in range(2):
        await app.post(channel=bench.channel, card=notice("a detail"), key="m1:a", thread="1700000000.000001")
    await bench.platform().post(channel=bench.channel, card=notice("a detail"), key="m1:a", thread="1700000000.000001")
    assert await bench.posts() == ["a detail"]


async def test_what_slack_finds_too_long_is_drawn_shorter(bench: SlackBench) -> None:
    app = bench.platform()
    bench.slack.fail("chat.postMessage", "msg_blocks_too_long", times=3)
    await app.post(channel=bench.channel, card=poll(quote="x" * 3000), key="m1:a")
    assert "Motion 1" in (await bench.posts())[0]


@pytest.mark.parametrize("code", [*TOKENS, *PLACES])
def test_what_a_person_has_to_mend_waits_and_says_how(code: str) -> None:
    error = refusal("chat.postMessage", code)
    assert error.retry_after is not None
    assert not error.final
    assert "; " in error.what


@pytest.mark.parametrize("code", sorted(GONE))
def test_a_message_that_cannot_be_edited_any_more_is_gone(code: str) -> None:
    assert refusal("chat.update", code).gone


@pytest.mark.parametrize("code", sorted(NOBODY))
def test_somebody_who_cannot_be_reached_is_given_up(code: str) -> None:
    assert refusal("conversations.open", code).final


@pytest.mark.parametrize("change", [{"deleted": True}, {"no_direct": True}, {"bot": True}])
async def test_a_member_who_takes_no_direct_messages_is_given_up(bench: SlackBench, change: dict[str, bool]) -> None:
    for name, value in change.items():
        setattr(bench.slack.space.users[MEMBER], name, value)
    with pytest.raises(PlatformError) as caught:
        await bench.platform().direct(user=bench.user, card=note("x"), key="m1:a")
    assert caught.value.final


async def test_an_account_of_another_workspace_gets_nothing(bench: SlackBench) -> None:
    with pytest.raises(PlatformError) as caught:
        await bench.platform().direct(user=replace(bench.user, team="T9999"), card=note("x"), key="m1:a")
    assert caught.value.final


async def test_a_configured_channel_that_is_archived_or_left_waits_and_loses_nothing(bench: SlackBench) -> None:
    app, channel = bench.platform(), bench.slack.space.channels[CHANNEL]
    for wrong, right in (("archived", False), ("members", {MEMBER, "UBOT"})):
        before = getattr(channel, wrong)
        setattr(channel, wrong, True if wrong == "archived" else {MEMBER})
        with pytest.raises(PlatformError) as caught:
            await app.post(channel=bench.channel, card=notice(wrong), key=f"m1:{wrong}")
        assert caught.value.retry_after == 600.0
        assert not caught.value.final
        setattr(channel, wrong, right if wrong == "archived" else before)
        await app.post(channel=bench.channel, card=notice(wrong), key=f"m1:{wrong}")
    assert await bench.posts() == ["archived", "members"]


async def test_a_revoked_token_holds_everything_and_nothing_is_lost_when_it_is_good_again(world: World) -> None:
    poll = await world.nominate()
    world.fake.revoked = "token_revoked"
    for login in logins():
        world.slack.members.forget(world.hand(login).user)
    calls = len(world.fake.calls)
    await world.fake.send("interactive", world.hand(logins()[1]).pressed(poll, "Yes"))
    await world.settle()
    assert world.choice(logins()[1]) is None
    assert len(world.fake.calls) - calls < 10
    world.fake.revoked = ""
    await world.presses(logins()[1], poll, "Yes")
    assert world.choice(logins()[1]) == "yes"
    assert "● 1 yes" in world.poll().words


@pytest.mark.parametrize(("token", "name"), [("bot", "SLACK_BOT_TOKEN"), ("app", "SLACK_APP_TOKEN")])
async def test_a_wrong_token_is_said_at_the_start_and_not_tried_for_ever(tmp_path: Path, token: str, name: str) -> None:
    async with a_world(tmp_path, start=False) as made:
        app = Slack(
            bot_token="xoxb-of-another" if token == "bot" else BOT_TOKEN,
            app_token="xapp-of-another" if token == "app" else APP_TOKEN,
            api_url=made.fake.api_url,
            clock=made.clock,
            pace=Pace(rates={}),
        )
        made.slack = app
        made.instance = await build(
            made.config, clock=made.clock, ids=CountingIds(), ledger=made.ledger, connections={"slack": app}
        )
        with pytest.raises(PlatformError) as caught:
            await made.instance.connect()
        assert caught.value.final
        assert name in caught.value.what
        assert "of-another" not in caught.value.what


async def test_a_slack_that_cannot_be_reached_at_the_start_is_tried_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.app.FIRST", 0.01)
    async with a_world(tmp_path, start=False) as made:
        made.fake.fail("auth.test", "500", times=2)
        await made.open()
        assert made.fake.connections == 1
        assert len(made.fake.called("auth.test")) == 3


async def test_a_stop_in_the_middle_of_trying_leaves_nothing_behind(tmp_path: Path) -> None:
    fake = FakeSlack()
    await fake.start()
    url = fake.api_url
    await fake.stop()
    async with a_world(tmp_path) as made:
        app = Slack(bot_token="xoxb-1", app_token="xapp-1", api_url=url, clock=SystemClock())
        await app.start(made.slack.front())
        await app.stop()
        await app.stop()


async def test_slack_may_ask_to_connect_anew_at_any_time(world: World) -> None:
    poll = await world.nominate()
    for label in ("Yes", "No"):
        async with world.outage():
            pass
        await world.presses(logins()[1], poll, label)
    assert world.choice(logins()[1]) == "no"
    assert world.fake.connections == 3


async def test_a_channel_that_has_another_id_since_it_was_shared_is_still_the_same(world: World) -> None:
    poll = await world.nominate()
    space = world.fake.space
    channel = space.channels.pop(CHANNEL)
    channel.id = "C0777"
    space.channels["C0777"] = channel
    for message in space.messages:
        message.channel = "C0777" if message.channel == CHANNEL else message.channel
    event = {"type": "channel_id_changed", "old_channel_id": CHANNEL, "new_channel_id": "C0777"}
    await world.fake.send("events_api", world.hand(logins()[0]).event(event))
    await world.presses(logins()[1], poll, "Yes")
    await world.reacts(logins()[2], poll, "+1")
    assert [world.choice(login) for login in logins()[1:3]] == ["yes", "yes"]
    assert "● 2 yes" in world.poll(channel="C0777").words
    assert "Recorded: yes" in world.hand(logins()[1]).private[-1]


async def test_unexpected_requests_are_acknowledged_and_do_nothing(world: World) -> None:
    hand = world.hand(logins()[1])
    for event in ({"type": "message", "text": "hi", "user": hand.user, "channel": CHANNEL}, {"type": "tokens_revoked"}):
        await world.fake.send("events_api", hand.event({**event, "event_ts": world.fake.space.ts()}))
    archived = {"type": "channel_archive", "channel": "C0999", "user": hand.user}
    await world.fake.send("events_api", hand.event(archived))
    action = {"type": "static_select", "action_id": "else", "block_id": "b", "action_ts": "1"}
    await world.fake.send(
        "interactive", {"type": "block_actions", **hand._about(), "container": {}, "actions": [action]}
    )
    await world.fake.send("interactive", {"type": "shortcut", "callback_id": "else", **hand._about()})
    assert await world.types(logins()[1], "list") != ""


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "reactions.add"])
async def test_a_bot_that_loses_an_answer_and_is_started_again_posts_nothing_twice(world: World, method: str) -> None:
    world.fake.fail(method, "reset", after=True)
    await world.types(logins()[0], NOMINATION)
    await world.slack.stop()
    await world.open()
    await world.go(minutes=1)
    assert len(world.fake.space.posts(CHANNEL)) == 1
    await world.presses(logins()[1], world.poll(), "Yes")
    assert "● 1 yes" in world.poll().words
    assert world.motion().delivered


async def test_a_press_on_an_announcement_whose_answer_was_lost_proves_that_it_was_delivered(world: World) -> None:
    world.fake.fail("chat.postMessage", "reset", after=True)
    await world.types(logins()[0], NOMINATION)
    assert not world.motion().delivered
    await world.presses(logins()[1], world.poll(), "Yes")
    assert world.motion().delivered
    assert world.choice(logins()[1]) == "yes"
    await world.go(minutes=1)
    assert len(world.fake.space.posts(CHANNEL)) == 1


async def test_a_bug_of_ours_is_said_to_be_one_with_an_incident_and_nothing_is_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await world.nominate()

    def broken(*_: object) -> str:
        raise RuntimeError("a bug")

    monkeypatch.setattr(world.slack.channels, "ours", broken)
    answer = await world.hand(logins()[1]).types("yes 1", CHANNEL)
    assert "Not recorded: something went wrong on my side" in answer
    assert "incident" in answer
    await world.fake.send("interactive", world.hand(logins()[1]).pressed(poll, "Yes"), wait=False)
    await world.hand(logins()[1]).types("yes 1", CHANNEL)
    await world.slack.errands.settled()
    assert "incident" in world.hand(logins()[1]).private[-1]
    assert world.choice(logins()[1]) is None


async def test_the_pace_holds_messages_to_a_channel_and_says_when_to_come_back() -> None:
    seconds = [0.0]
    pace = Pace(rates={"chat.postMessage": Rate(a_minute=60, burst=2)}, now=lambda: seconds[0])
    assert [pace.wait("chat.postMessage", "C1") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert pace.wait("chat.postMessage", "C2") == 0.0
    assert pace.wait("chat.postEphemeral", "C1") == 0.0
    waits = [pace.wait("chat.postMessage", "C1") for _ in range(3)]
    assert waits == [2.0, 3.0, 4.0]
    pace.wait("chat.postMessage", "C1")
    with pytest.raises(SlackError) as caught:
        pace.wait("chat.postMessage", "C1")
    assert caught.value.retry_after == 6.0
    seconds[0] = 60.0
    assert pace.wait("chat.postMessage", "C1") == 0.0
    pace.close("chat.postMessage", "C1", 30.0)
    with pytest.raises(SlackError):
        pace.wait("chat.postMessage", "C1")
    seconds[0] = 91.0
    assert pace.wait("chat.postMessage", "C1") == 0.0
