"""One motion in Slack, Discord and the playground at once: one tally, one ballot a person, every poll in step (T6)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord.reading import read
from tests.venues.city import City, city
from tests.world import NOMINATION, logins


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.fixture(name="city")
async def a_city(tmp_path: Path) -> AsyncIterator[City]:
    async with city(tmp_path) as made:
        yield made


def counts(text: str) -> tuple[int, int, int]:
    """Yes, no and abstained, as a poll shows them."""
    found = [re.search(rf"(\d+) {word}", text) for word in ("yes", "no", "abstain")]
    assert all(found), text
    yes, no, abstained = (int(each[1]) for each in found if each is not None)
    return yes, no, abstained


async def test_t6_a_motion_is_voted_on_from_everywhere_and_every_poll_shows_the_same(city: City) -> None:
    voters = logins()
    assert "is open" in await city.slack_types(voters[0], NOMINATION)
    assert len(city.polls()) == 3
    await city.slack_presses(voters[0], "Yes")
    await city.slack_reacts(voters[1], "+1")
    assert "Recorded: no" in re.sub(r"\*", "", await city.discord_presses(voters[2], "No"))
    await city.discord_reacts(voters[3], "🤷")
    assert "Recorded: yes" in await city.in_room(voters[4], "yes 1")
    assert "Recorded: **yes**" in await city.slack_types(voters[5], "yes 1") or city.choice(voters[5]) == "yes"
    assert [city.choice(voter) for voter in voters[:6]] == ["yes", "yes", "no", "abstain", "yes", "yes"]
    assert {counts(poll) for poll in city.polls()} == {(4, 1, 1)}


async def test_t6_one_person_has_one_ballot_and_the_latest_action_of_any_venue_counts(city: City) -> None:
    voter = logins()[0]
    await city.slack_types(voter, NOMINATION)
    await city.slack_presses(voter, "Yes")
    await city.later(minutes=1)
    await city.discord_presses(voter, "No")
    assert {counts(poll) for poll in city.polls()} == {(0, 1, 0)}
    await city.later(minutes=1)
    await city.in_room(voter, "abstain 1")
    assert {counts(poll) for poll in city.polls()} == {(0, 0, 1)}
    await city.later(minutes=1)
    await city.slack_reacts(voter, "+1")
    assert {counts(poll) for poll in city.polls()} == {(1, 0, 0)}
    assert len(city.motion().ballots) == 1


async def test_only_the_announcing_venue_starts_the_clock_and_the_result_is_told_once_everywhere(city: City) -> None:
    voters = logins()
    await city.in_room(voters[0], NOMINATION)
    assert city.motion().closes_at is not None
    for voter in voters[:4]:
        await city.slack_presses(voter, "Yes")
    for voter in voters[4:]:
        await city.discord_presses(voter, "Yes")
    await city.end()
    told = [
        [post.words for post in city.slack.space.posts("C0001") if "is carried" in post.words and not post.thread],
        [read(post) for post in city.discord.posts() if "is carried" in re.sub(r"\*", "", read(post))],
    ]
    assert [len(each) for each in told] == [1, 1]
    assert not any("Yes" in _labels(poll) for poll in (city.discord_poll(),)), "its buttons are gone"


def _labels(message: dict[str, object]) -> str:
    return str(message.get("components"))


async def test_a_venue_that_is_down_holds_back_no_other_and_is_brought_up_to_date(city: City) -> None:
    voters = logins()
    await city.slack_types(voters[0], NOMINATION)
    city.discord.fail("PATCH", r"/channels/\d+/messages/\d+", status=503, times=4)
    await city.slack_presses(voters[0], "Yes")
    assert counts(city.slack_poll().words) == (1, 0, 0)
    assert counts(city.room_poll()) == (1, 0, 0)
    for _ in range(8):
        await city.later(minutes=2)
    assert {counts(poll) for poll in city.polls()} == {(1, 0, 0)}


async def test_a_reminder_goes_to_one_place_only(city: City) -> None:
    voters = logins()
    await city.slack_types(voters[0], NOMINATION)
    await city.slack_presses(voters[0], "Yes")
    closes = city.motion().closes_at
    assert closes is not None
    await city.later(seconds=(closes - city.clock.now()).total_seconds() - 12 * 3600)
    for voter in voters[1:]:
        in_slack = [text for text in city.hand(voter).directs if "You have not voted" in text]
        assert len(in_slack) == 1
        assert city.room.letters(voter) == []
