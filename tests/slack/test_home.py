"""The Home tab: what awaits the reader's ballot, their ballots, open motions, reminders; and nothing of others'."""

from __future__ import annotations

import pytest

from tests.fakes.slack import kit
from tests.slack.world import World, ids
from tests.world import logins


async def _looks(world: World, login: str) -> str:
    await world.hand(login).opens_home()
    await world.settle()
    return world.hand(login).home


async def test_it_shows_what_awaits_ones_ballot_and_then_ones_ballot(world: World) -> None:
    poll = await world.nominate()
    before = await _looks(world, logins()[1])
    assert "1 await your ballot" in before
    assert "you have not voted" in before
    await world.presses(logins()[1], poll, "Yes")
    after = await _looks(world, logins()[1])
    assert "you: yes" in after
    assert "Open motions" in after
    assert "candidacy of @newperson" in after


async def test_it_shows_ones_reminders_with_buttons_to_change_them(world: World) -> None:
    shown = await _looks(world, logins()[1])
    assert "Your reminders" in shown
    labels = [each["text"]["text"] for each in kit.buttons(world.fake.space.homes[ids()[logins()[1]]]["blocks"])]
    assert {"Change hours…", "No more reminders", "Refresh", "Nominate…", "Vote, with a reason…"} <= set(labels)


async def test_a_press_there_is_answered_at_the_top_of_it(world: World) -> None:
    await _looks(world, logins()[1])
    await world.hand(logins()[1]).presses_home("No more reminders")
    await world.settle()
    assert world.hand(logins()[1]).home.startswith("✓ Recorded")
    assert "I do not remind you" in world.hand(logins()[1]).home
    assert world.hand(logins()[1]).private == []
    await world.hand(logins()[1]).presses_home("Refresh")
    await world.settle()
    assert "✓ Recorded" not in world.hand(logins()[1]).home


async def test_one_can_vote_and_nominate_from_there(world: World) -> None:
    await world.nominate()
    await _looks(world, logins()[1])
    await world.hand(logins()[1]).presses_home("Vote, with a reason…")
    assert await world.submits(logins()[1], motion="1", choice="abstain", reason="I know too little.") == {}
    assert world.choice(logins()[1]) == "abstain"
    assert "Recorded: abstain" in world.hand(logins()[1]).home


async def test_reminders_are_changed_by_the_form_there(world: World) -> None:
    await _looks(world, logins()[1])
    await world.hand(logins()[1]).presses_home("Change hours…")
    assert await world.submits(logins()[1], hours="25-99") != {}
    assert await world.submits(logins()[1], hours="8-16", zone="Europe/Berlin") == {}
    assert "between 8:00 and 16:00" in world.hand(logins()[1]).home


async def test_whoever_is_not_linked_is_told_so_there(world: World) -> None:
    shown = await _looks(world, "nobody")
    assert "I do not know which forge account is yours" in shown
    assert f"slack:T0001/{ids()['nobody']}" in shown


async def test_a_candidacy_of_a_private_channel_is_shown_to_nobody_else_there(world: World) -> None:
    await world.nominate()
    assert "newperson" not in await _looks(world, "outsider")
    assert "newperson" not in await _looks(world, "nobody")


@pytest.mark.parametrize("kind", ["guest", "stranger", "deleted"])
async def test_an_outsider_sees_nothing_there(world: World, kind: str) -> None:
    await world.nominate()
    setattr(world.fake.space.users[ids()[logins()[1]]], kind, True)
    world.slack.members.forget(ids()[logins()[1]])
    shown = await _looks(world, logins()[1])
    assert "newperson" not in shown
    assert "Nothing was recorded" in shown


async def test_the_messages_tab_is_not_home(world: World) -> None:
    hand = world.hand(logins()[1])
    await world.fake.send("events_api", hand.event({"type": "app_home_opened", "user": hand.user, "tab": "messages"}))
    await world.settle()
    assert world.fake.space.homes == {}
