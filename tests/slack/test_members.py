"""Whose ballots count: full members of this workspace who are linked. Nobody else, by whatever way they try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.slack.world import CHANNEL, GRID, World, ids, world
from tests.world import logins

OUTSIDERS: dict[str, dict[str, Any]] = {
    "guest": {"guest": True},
    "single-channel guest": {"single_channel": True},
    "Slack Connect stranger": {"stranger": True, "team": "T9999"},
    "member of another workspace": {"team": "T9999"},
    "bot": {"bot": True},
    "deactivated": {"deleted": True},
}


@pytest.mark.parametrize("kind", OUTSIDERS)
@pytest.mark.parametrize("way", ["press", "reaction", "command", "form"])
async def test_an_outsider_never_counts_even_with_a_linked_account(world: World, kind: str, way: str) -> None:
    poll = await world.nominate()
    login = logins()[1]
    profile = world.fake.space.users[ids()[login]]
    await world.types(login, "object 1")
    for name, value in OUTSIDERS[kind].items():
        setattr(profile, name, value)
    world.slack.members.forget(profile.id)
    match way:
        case "press":
            await world.presses(login, poll, "Yes")
        case "reaction":
            await world.reacts(login, poll, "+1")
        case "command":
            await world.types(login, "yes 1")
        case _:
            assert await world.submits(login, reason="Not yet.") != {}
    assert world.choice(login) is None
    assert world.motion().objections == ()
    shown = [*world.hand(login).private, *world.hand(login).directs]
    if way == "press" and kind not in {"deactivated"}:
        assert any("Nothing was recorded" in words for words in shown)


async def test_a_guest_is_told_why(world: World) -> None:
    world.fake.space.users[ids()["outsider"]].guest = True
    world.slack.members.forget(ids()["outsider"])
    assert "guests of this workspace take no part" in await world.types("outsider", "whoami")


async def test_somebody_who_is_linked_nowhere_is_told_how_to_be_linked(world: World) -> None:
    poll = await world.nominate()
    await world.presses("nobody", poll, "Yes")
    (answer,) = world.hand("nobody").private
    assert f"slack:T0001/{ids()['nobody']}" in answer
    assert "link" in answer


async def test_a_request_that_names_another_workspace_is_turned_away_whatever_the_profile_says(world: World) -> None:
    poll = await world.nominate()
    hand = world.hand(logins()[1])
    pressed = hand.pressed(poll, "Yes")
    pressed["user"]["team_id"] = "T9999"
    await world.fake.send("interactive", pressed)
    command = {**hand.command("yes 1", CHANNEL), "team_id": "T9999"}
    assert "another workspace" in hand.answer(await world.fake.send("slash_commands", command))
    await world.settle()
    assert world.choice(logins()[1]) is None


async def test_who_acts_is_whom_slack_names_and_nothing_that_a_button_or_a_form_carries(world: World) -> None:
    poll = await world.nominate()
    hand = world.hand(logins()[1])
    pressed = hand.pressed(poll, "Yes")
    for value in (f"1 m1:poll user={logins()[2]}", "1 \n", "1;2", "-1", "9" * 30, "", "1 " + "k" * 500):
        pressed["actions"][0] |= {"value": value, "action_ts": world.fake.space.ts()}
        await world.fake.send("interactive", pressed)
    await world.settle()
    assert [world.choice(login) for login in logins()] == [None] * len(logins())
    pressed["actions"][0] |= {"value": "1 made:up:key", "action_ts": world.fake.space.ts()}
    await world.fake.send("interactive", pressed)
    await world.settle()
    assert [login for login in logins() if world.choice(login)] == [logins()[1]]


async def test_a_button_of_a_verb_that_is_none_does_nothing(world: World) -> None:
    poll = await world.nominate()
    pressed = world.hand(logins()[1]).pressed(poll, "Yes")
    for action in ("press:grant-admin:0", "press::0", "form:yes:0", "press:YES:0", "form:ballot'--:0", "else"):
        pressed["actions"][0] |= {"action_id": action, "action_ts": world.fake.space.ts()}
        await world.fake.send("interactive", pressed)
    await world.settle()
    assert world.choice(logins()[1]) is None


async def test_while_slack_cannot_say_who_somebody_is_nothing_is_recorded_and_they_are_told(world: World) -> None:
    poll = await world.nominate()
    world.fake.fail("users.info", "500", times=99)
    for login in logins():
        world.slack.members.forget(ids()[login])
    await world.presses(logins()[1], poll, "Yes")
    assert world.choice(logins()[1]) is None
    assert "Not recorded" in world.hand(logins()[1]).private[-1]
    assert "Not recorded" in await world.types(logins()[2], "yes 1")


async def test_a_check_of_today_serves_during_an_outage_and_an_older_one_does_not(tmp_path: Path) -> None:
    seconds = [0.0]
    async with world(tmp_path, start=False) as made:
        await made.open(now=lambda: seconds[0])
        poll = await made.nominate()
        await made.presses(logins()[1], poll, "Yes")
        made.fake.fail("users.info", "500", times=99)
        seconds[0] = 3600.0
        await made.presses(logins()[1], poll, "No")
        assert made.choice(logins()[1]) == "no"
        seconds[0] = 25 * 3600.0
        await made.presses(logins()[1], poll, "Abstain")
        assert made.choice(logins()[1]) == "no"
        assert "Not recorded" in made.hand(logins()[1]).private[-1]


async def test_a_member_is_not_asked_about_at_every_ballot(world: World) -> None:
    poll = await world.nominate()
    for label in ("Yes", "No", "Yes"):
        await world.presses(logins()[1], poll, label)
    assert len([body for body in world.fake.called("users.info") if body["user"] == ids()[logins()[1]]]) == 1


async def test_on_an_enterprise_grid_people_are_known_by_the_organisations_ids(tmp_path: Path) -> None:
    async with world(tmp_path, grid=True) as made:
        poll = await made.nominate()
        away = made.fake.space.users[ids()[logins()[1]]]
        away.team = "T0002"  # another workspace of the same organisation
        await made.presses(logins()[1], poll, "Yes")
        await made.reacts(logins()[2], poll, "+1")
        assert [made.choice(login) for login in logins()[1:3]] == ["yes", "yes"]
        person = made.ledger.reader().directory().by_login(logins()[1])
        assert person is not None
        assert person.accounts == (f"slack:{GRID}/{away.id}",)
        stranger = made.fake.space.users[ids()[logins()[3]]]
        stranger.enterprise = "E9999"
        made.slack.members.forget(stranger.id)
        await made.presses(logins()[3], poll, "Yes")
        assert made.choice(logins()[3]) is None


async def test_linked_people_are_checked_ahead_so_that_a_rush_of_ballots_asks_nothing_of_slack(world: World) -> None:
    poll = await world.nominate()
    world.fake.calls.clear()
    world.fake.fail("users.info", "429", times=99, seconds=30)
    for login in logins():
        await world.presses(login, poll, "Yes")
    assert {world.choice(login) for login in logins()} == {"yes"}
    assert world.fake.called("users.info") == []


async def test_the_zone_of_a_profile_is_passed_on(world: World) -> None:
    await world.types(logins()[0], "list")
    assert "Europe/Berlin" in str(vars(world.service.rota))
