"""Who never counts: other servers, other channels, bots, people who have left, forged and replayed requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.discord.world import OUTSIDER, PEOPLE, Town
from tests.fakes.discord.state import Data
from tests.world import logins

ANN, BEN, CAT = logins()[:3]


def copied(town: Town, channel: int, *, custom_id: str = "") -> Data:
    """The poll's buttons under a message somewhere else, or one with a custom id of somebody's own."""
    rows = town.poll()["components"]
    if custom_id:
        rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Yes", "custom_id": custom_id}]}]
    place = town.fake.channels[channel]
    return town.fake.rest.make(place, {"content": "x", "components": rows}, [])


async def test_another_server_is_refused_whatever_is_pressed_or_typed_there(town: Town) -> None:
    await town.nominate()
    town.fake.add_guild(101)
    town.fake.add_channel(201, 101)
    town.fake.add_member(PEOPLE[BEN], BEN, guild=101)
    town.fake.rest.registered[101] = town.fake.rest.registered[100]
    elsewhere = copied(town, 201)
    for made in (
        await town.press(BEN, elsewhere, "Yes"),
        await town.press(BEN, elsewhere, "Object…"),
        await town.slash(BEN, "yes", motion=1, channel=201),
        await town.slash(BEN, "run", line="yes 1", channel=201),
    ):
        assert "I belong to another server" in made.text
    await town.react(BEN, elsewhere, "👍")
    assert town.ballots() == 0
    assert await town.fake.interactions.complete(PEOPLE[BEN], "why", "login", "", channel=201) == []


async def test_another_channel_of_the_server_is_refused(town: Town) -> None:
    await town.nominate()
    town.fake.add_channel(202)
    made = await town.slash(BEN, "yes", motion=1, channel=202)
    assert made.text
    assert (await town.press(BEN, copied(town, 202), "Yes")).text
    assert town.ballots() == 0


async def test_a_bot_cannot_vote_even_where_its_account_is_linked(town: Town) -> None:
    await town.nominate()
    town.fake.users[PEOPLE[BEN]].bot = True
    await town.press(BEN, town.poll(), "Yes")
    assert town.ballots() == 0


async def test_who_is_in_no_roster_or_linked_nowhere_is_told_why_they_do_not_vote(town: Town) -> None:
    await town.nominate()
    made = await town.press(OUTSIDER, town.poll(), "Yes")
    assert "not" in made.text
    assert town.ballots() == 0


async def test_a_press_in_a_direct_message_needs_somebody_who_is_still_on_the_server(town: Town) -> None:
    await town.nominate()
    letter = copied(town, town.fake.letters(PEOPLE[BEN]).id)
    del town.fake.guilds[100].members[PEOPLE[BEN]]
    assert "You are not on the server" in (await town.press(BEN, letter, "Yes")).text
    assert town.ballots() == 0
    letter = copied(town, town.fake.letters(PEOPLE[CAT]).id)
    town.fake.fail("GET", r"/guilds/100/members/\d+", status=503)
    assert "could not see whether you are on my server" in (await town.press(CAT, letter, "Yes")).text
    assert "Recorded" in (await town.press(CAT, letter, "Yes")).text


async def test_questions_can_be_asked_directly(town: Town) -> None:
    await town.nominate()
    letters = town.fake.letters(PEOPLE[BEN]).id
    assert "you have not voted" in (await town.slash(BEN, "mine", channel=letters)).text


@pytest.mark.parametrize(
    "custom_id",
    [
        "moot:press:close:1:",
        "moot:press:yes:999999999:",
        "moot:open:everything:1",
        "moot:again:0123456789abcdef",
        "moot:press:yes:1:m1:poll:discord:1/2",
    ],
)
async def test_a_forged_button_does_nothing_that_typing_would_not(town: Town, custom_id: str) -> None:
    await town.nominate()
    await town.fake.interactions.press(OUTSIDER, copied(town, 200, custom_id=custom_id), "Yes", wait=False)
    await town.heard()
    assert town.ballots() == 0
    assert len(town.ledger.reader().entries()) == 1


@pytest.mark.parametrize(
    "custom_id", ["moot:press:YES:1:", "moot:press:yes:1", "moot:press:yes:-1:", "x", "moot:form:yes:1:"]
)
async def test_a_button_that_is_none_of_ours_is_left_alone(town: Town, custom_id: str) -> None:
    await town.nominate()
    made = await town.fake.interactions.press(PEOPLE[BEN], copied(town, 200, custom_id=custom_id), "Yes", wait=False)
    await town.heard()
    assert made.callbacks == []
    assert town.ballots() == 0


async def test_a_press_that_is_delivered_again_is_one_ballot(town: Town) -> None:
    await town.nominate()
    pressed = await town.press(BEN, town.poll(), "Yes")
    await town.fake.gateway.repeat("INTERACTION_CREATE", 4)
    await town.heard()
    assert town.ballots() == 1
    assert pressed.refused == [40060] * 4
    assert "Recorded: yes" in pressed.text


async def test_nobody_sends_the_form_of_somebody_else(town: Town) -> None:
    form = await town.slash(BEN, "nominate", login="newperson", months=7, pull_request="https://x.example/1")
    sent = await town.submit(CAT, form, evidence="e", text="t")
    assert "nothing was recorded" in sent.text
    assert town.ledger.reader().entries() == ()
    await town.submit(BEN, form, evidence="e", text="t")
    assert len(town.ledger.reader().entries()) == 1


async def test_the_latest_of_many_quick_presses_counts(town: Town) -> None:
    await town.nominate()
    poll = town.poll()
    for label in ("Yes", "No", "Abstain", "No", "Yes"):
        await town.fake.interactions.press(PEOPLE[BEN], poll, label, wait=False)
    await town.heard()
    assert town.choice(BEN) == "yes"


async def test_the_close_is_exact_by_discords_own_time(town: Town) -> None:
    await town.nominate()
    closes, poll = town.motion().closes_at, town.poll()
    assert closes is not None
    town.clock.move_to(closes + timedelta(seconds=5))
    late = await town.fake.interactions.press(PEOPLE[BEN], poll, "Yes", at=closes)
    early = await town.fake.interactions.press(PEOPLE[CAT], poll, "Yes", at=closes - timedelta(milliseconds=1))
    assert (town.choice(BEN), town.choice(CAT)) == (None, "yes")
    assert "Recorded: yes" in early.text
    assert "not" in late.text


async def test_logins_are_offered_only_to_those_who_are_linked_and_only_where_the_bot_belongs(town: Town) -> None:
    await town.nominate()
    town.fake.add_channel(202)
    act = town.fake.interactions
    assert await act.complete(PEOPLE[BEN], "why", "login", "newp") != []
    assert await act.complete(OUTSIDER, "why", "login", "newp") == []
    assert await act.complete(PEOPLE[BEN], "why", "login", "newp", channel=202) == []
    assert await act.complete(PEOPLE[BEN], "yes", "motion", "", channel=202) == []
