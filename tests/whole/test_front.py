"""What a connected platform is given: where the polls are, what may be offered, and the secrets to connect with."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.core.people import PlatformUser
from bot.credentials import SecretMissing, secret
from bot.ports import LivePoll
from tests.world import CHANNEL, World, logins

STRANGER = "slack:T9/U9"


@pytest.fixture
async def world(tmp_path: Path) -> World:
    return await World.make(tmp_path)


# --------------------------------------------------------------------------- polls


async def test_a_poll_is_found_by_the_id_of_its_message_while_the_vote_runs(world: World) -> None:
    await world.nominate()
    polls = world.service.front("playground").polls
    (live,) = polls.live("playground")
    closes = world.motion().closes_at
    assert live == LivePoll(motion=1, channel=CHANNEL, ref=live.ref, reactions=True, closes_at=closes)
    assert polls.at(CHANNEL, live.ref) == live
    assert polls.at(CHANNEL, "999") is None
    assert polls.at("playground:elsewhere", live.ref) is None
    assert polls.live("slack") == []
    await world.carry()
    assert polls.at(CHANNEL, live.ref) is None
    assert polls.live("playground") == []


async def test_a_poll_that_was_posted_again_is_found_by_its_new_message_only(world: World) -> None:
    await world.nominate()
    polls = world.service.front("playground").polls
    (before,) = polls.live("playground")
    member = world.room.member(logins()[0])
    assert member is not None
    row = world.room.seen_by(member, int(before.ref))
    assert row is not None
    world.room.delete(row)
    await world.ask(logins()[0], "yes 1")
    (after,) = polls.live("playground")
    assert after.ref != before.ref
    assert polls.at(CHANNEL, before.ref) is None
    assert polls.at(CHANNEL, after.ref) == after


async def test_the_front_names_the_channels_of_its_platform_alone(world: World) -> None:
    assert world.service.front("playground").channels == (CHANNEL,)
    assert world.service.front("slack").channels == ()


# --------------------------------------------------------------------------- completion


async def test_logins_that_begin_like_what_is_typed_come_first(world: World) -> None:
    await world.nominate()
    people = partial(world.service.front("playground").completion.people, CHANNEL, STRANGER)
    first = logins()[0]
    assert people(f"@{first[:3].upper()}")[0].startswith(first[:3])
    assert set(people("")) >= set(logins()[:5])
    assert len(people("")) <= 25
    assert people("nobody-of-that-name") == []


async def test_open_motions_are_offered_where_they_may_be_known_of(world: World) -> None:
    await world.nominate()
    motions = world.service.front("playground").completion.motions
    member = world.room.member(logins()[0])
    assert member is not None
    offered = [(1, "Make @newperson a maintainer of distribution")]
    assert motions(CHANNEL, STRANGER, "") == offered
    assert motions(CHANNEL, STRANGER, "#1") == offered
    assert motions(CHANNEL, STRANGER, "newPERSON") == offered
    assert motions(CHANNEL, STRANGER, "42") == []
    assert motions("", member.account.key, "") == offered
    assert motions("", STRANGER, "") == [], "a private motion is told to no stranger"
    assert motions("playground:elsewhere", member.account.key, "") == []


# --------------------------------------------------------------------------- after an outage


async def test_a_window_that_ended_during_an_outage_is_counted_a_minute_after_the_platform_is_back(
    world: World,
) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    world.clock.move_to(closes + timedelta(seconds=10))
    await world.service.front("playground").connected()
    due = world.service.alarm.close_due(world.motion())
    assert due == closes + timedelta(seconds=70)


# --------------------------------------------------------------------------- accounts and secrets


@pytest.mark.parametrize("key", ["slack:T01/U02", "discord:80351110", "playground:local/ada"])
def test_an_account_is_its_key_and_back(key: str) -> None:
    assert PlatformUser.of(key).key == key


def test_a_secret_comes_from_the_environment_before_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("from-the-file\n")
    (tmp_path / "other").write_text("from-the-other-file\n")
    assert secret("MY_TOKEN", file="token", here=tmp_path) == "from-the-file"
    monkeypatch.setenv("MY_TOKEN_FILE", str(tmp_path / "other"))
    assert secret("MY_TOKEN", file="token", here=tmp_path) == "from-the-other-file"
    monkeypatch.setenv("MY_TOKEN", " from-the-environment ")
    assert secret("MY_TOKEN", file="token", here=tmp_path) == "from-the-environment"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-hush", "put it into SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xoxb-1-hush", "put it into SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOKEN", "xoxp-1-hush", "copy the Bot User OAuth Token"),
        ("DISCORD_TOKEN", "github_pat_hush", "put it into GITHUB_TOKEN"),
        ("GITHUB_TOKEN", "-----BEGIN RSA PRIVATE KEY-----hush", "put it into GITHUB_APP_PRIVATE_KEY"),
    ],
)
def test_t40_a_secret_in_the_place_of_another_is_refused_with_where_it_belongs_and_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SecretMissing, match=said) as caught:
        secret(name, here=tmp_path)
    assert "hush" not in str(caught.value)


def test_t40_a_secret_that_is_not_to_be_had_says_where_to_put_it_and_nothing_of_it(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match=r"MY_TOKEN is not set.*MY_TOKEN_FILE"):
        secret("MY_TOKEN", here=tmp_path)
    with pytest.raises(SecretMissing, match="cannot be read"):
        secret("MY_TOKEN", file="nowhere", here=tmp_path)
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(SecretMissing, match="is empty"):
        secret("MY_TOKEN", file="empty", here=tmp_path)
    shared = tmp_path / "shared"
    shared.write_text("hush-hush")
    shared.chmod(0o666)
    with pytest.raises(SecretMissing, match="others can write it") as caught:
        secret("MY_TOKEN", file="shared", here=tmp_path)
    assert "hush" not in str(caught.value)
