"""Reactions as ballots: which count, what contradicts, what was missed, and events many times in any order."""

from __future__ import annotations

import itertools

import pytest

from bot.core.reactions import BALLOTS
from tests.slack.world import CHANNEL, World, ids
from tests.world import logins

NAMES = [name for name in BALLOTS if name.isascii()]


@pytest.mark.parametrize("name", NAMES)
async def test_each_reaction_of_the_documented_set_is_its_ballot(world: World, name: str) -> None:
    poll = await world.nominate()
    await world.reacts(logins()[1], poll, name)
    assert world.choice(logins()[1]) == BALLOTS[name]


async def test_a_skin_tone_changes_nothing(world: World) -> None:
    poll = await world.nominate()
    await world.reacts(logins()[1], poll, "+1::skin-tone-4")
    assert world.choice(logins()[1]) == "yes"


async def test_any_other_reaction_and_one_on_any_other_message_counts_for_nothing(world: World) -> None:
    poll = await world.nominate()
    said = world.fake.space.say(ids()[logins()[0]], CHANNEL, "Shall we?")
    before = len(world.fake.called("users.info"))
    await world.reacts(logins()[1], poll, "tada")
    await world.reacts(logins()[1], said, "+1")
    assert world.choice(logins()[1]) is None
    assert world.hand(logins()[1]).private == []
    assert len(world.fake.called("users.info")) == before


async def test_of_two_that_contradict_each_other_the_latest_counts_and_the_member_is_told_privately(
    world: World,
) -> None:
    poll = await world.nominate()
    await world.reacts(logins()[1], poll, "+1")
    await world.reacts(logins()[1], poll, "-1")
    assert world.choice(logins()[1]) == "no"
    last = world.hand(logins()[1]).private[-1]
    assert "Recorded: no" in last
    assert "You have also reacted with :+1:" in last


async def test_taking_a_reaction_back_retracts_nothing_and_the_member_is_told(world: World) -> None:
    poll = await world.nominate()
    await world.reacts(logins()[1], poll, "+1")
    await world.reacts(logins()[1], poll, "+1", added=False)
    assert world.choice(logins()[1]) == "yes"
    assert "Removing a reaction retracts nothing" in world.hand(logins()[1]).private[-1]


@pytest.mark.parametrize("who", ["nobody", "guest"])
async def test_who_is_unknown_is_told_once_a_motion_that_a_reaction_is_no_ballot(world: World, who: str) -> None:
    poll = await world.nominate()
    if who == "guest":
        who = "outsider"
        world.fake.space.users[ids()[who]].guest = True
        world.slack.members.forget(ids()[who])
    for _ in range(5):
        await world.reacts(who, poll, "+1")
        await world.reacts(who, poll, "+1", added=False)
    assert len(world.hand(who).private) == 1
    assert world.hand(who).directs == []
    assert world.motion().ballots == {}


async def test_the_bots_own_reactions_are_no_ballots(world: World) -> None:
    poll = await world.nominate()
    hand = world.hand(logins()[1])
    event = hand.reaction(poll, "+1")
    event["event"]["user"] = "UBOT"
    await world.fake.send("events_api", event)
    await world.settle()
    assert world.motion().ballots == {}


async def test_an_event_that_comes_ten_times_at_once_has_one_effect_and_one_answer(world: World) -> None:
    poll = await world.nominate()
    event = world.hand(logins()[1]).reaction(poll, "+1")
    acks = [await world.fake.send("events_api", event, wait=False) for _ in range(10)]
    assert len(acks) == 10
    await world.fake.send("events_api", event)
    await world.settle()
    assert world.choice(logins()[1]) == "yes"
    assert len(world.hand(logins()[1]).private) == 1


async def test_a_press_and_a_command_that_come_ten_times_have_one_effect(world: World) -> None:
    poll = await world.nominate()
    hand = world.hand(logins()[1])
    pressed, command = hand.pressed(poll, "Yes"), hand.command("no 1", CHANNEL)
    for _ in range(10):
        await world.fake.send("interactive", pressed)
    answers = {hand.answer(await world.fake.send("slash_commands", command)) for _ in range(10)}
    await world.settle()
    assert len(answers) == 1
    assert len(hand.private) == 1
    assert world.choice(logins()[1]) == "no"
    log = world.ledger.reader().events(1)
    assert len([row for row in log if type(row.event).__name__ == "BallotCast"]) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_in_whatever_order_reactions_arrive_the_latest_one_counts(world: World, order: tuple[int, ...]) -> None:
    poll = await world.nominate()
    hand = world.hand(logins()[1])
    events = [hand.reaction(poll, name) for name in ("+1", "-1", "shrug")]
    await world.go(seconds=1)
    for each in order:
        await world.fake.send("events_api", events[each])
        await world.settle()
    assert world.choice(logins()[1]) == "abstain"


async def test_what_was_missed_while_the_connection_was_down_is_taken_in_after_it(world: World) -> None:
    poll = await world.nominate()
    async with world.outage(abrupt=True):
        for login, name in zip(logins()[1:4], ("+1", "-1", "shrug"), strict=True):
            world.hand(login).reaction(poll, name)
        world.hand("nobody").reaction(poll, "+1")
    assert [world.choice(login) for login in logins()[1:4]] == ["yes", "no", "abstain"]
    assert world.fake.connections == 2
    assert "Recorded: yes" in world.hand(logins()[1]).private[-1]


async def test_what_was_seen_before_an_outage_is_not_taken_in_again(world: World) -> None:
    poll = await world.nominate()
    await world.reacts(logins()[1], poll, "+1")
    await world.presses(logins()[1], poll, "No")
    async with world.outage():
        pass
    assert world.choice(logins()[1]) == "no"


async def test_guests_that_reacted_during_an_outage_do_not_count(world: World) -> None:
    poll = await world.nominate()
    world.fake.space.users[ids()[logins()[1]]].guest = True
    world.slack.members.forget(ids()[logins()[1]])
    async with world.outage():
        world.hand(logins()[1]).reaction(poll, "+1")
    assert world.choice(logins()[1]) is None


async def test_a_bot_that_was_down_takes_in_what_stands_when_it_starts(world: World) -> None:
    poll = await world.nominate()
    await world.slack.stop()
    world.hand(logins()[1]).reaction(poll, "+1")
    await world.open()
    assert world.choice(logins()[1]) == "yes"


async def test_many_polls_are_read_from_the_channels_history(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.catching.SINGLY", 0)
    monkeypatch.setattr("adapters.slack.catching.PAGE", 2)
    poll = await world.nominate()
    for number in range(7):
        world.fake.space.say(ids()["outsider"], CHANNEL, f"Talk {number}")
    world.hand(logins()[1]).reaction(poll, "+1")
    world.fake.calls.clear()
    await world.slack.sweep.run(world.slack.front())
    await world.settle()
    assert world.choice(logins()[1]) == "yes"
    assert world.fake.called("reactions.get") == []
    assert len(world.fake.called("conversations.history")) > 3


async def test_ballots_that_come_together_are_one_edit_of_the_poll(world: World) -> None:
    poll = await world.nominate()
    world.fake.calls.clear()
    for login in logins():
        await world.hand(login).presses(poll, "Yes")
    await world.settle()
    assert len(world.fake.called("chat.update")) == 1
    assert f"● {len(logins())} yes" in world.poll().words


async def test_a_poll_that_was_deleted_is_posted_again_by_the_sweep(world: World) -> None:
    poll = await world.nominate()
    world.fake.space.delete(poll)
    await world.slack.sweep.run(world.slack.front())
    await world.settle()
    again = world.poll()
    assert again.ts != poll.ts
    await world.reacts(logins()[1], again, "+1")
    assert world.choice(logins()[1]) == "yes"


async def test_a_poll_that_was_deleted_is_posted_again_at_the_next_ballot(world: World) -> None:
    poll = await world.nominate()
    world.fake.space.delete(poll)
    await world.types(logins()[1], "yes 1")
    assert "● 1 yes" in world.poll().words
    assert len([m for m in world.fake.space.posts(CHANNEL) if not m.thread]) == 1


async def test_a_reaction_whose_member_cannot_be_checked_is_brought_again_by_slack(world: World) -> None:
    poll = await world.nominate()
    world.fake.fail("users.info", "500")
    world.slack.members.forget(ids()[logins()[1]])
    event = world.hand(logins()[1]).reaction(poll, "+1")
    await world.fake.send("events_api", event, wait=False)
    await world.types(logins()[2], "list")
    assert world.choice(logins()[1]) is None
    world.fake.faults.clear()
    await world.fake.send("events_api", event)
    await world.settle()
    assert world.choice(logins()[1]) == "yes"
