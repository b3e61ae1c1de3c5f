"""Reactions as ballots: as they happen, replayed, missed, and those that never count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.discord.bench import FAST
from tests.discord.world import OUTSIDER, PEOPLE, Town, town
from tests.fakes.discord.reading import read
from tests.fakes.discord.server import GOV
from tests.fakes.discord.state import ADD_REACTIONS
from tests.world import logins

ANN, BEN, CAT = logins()[:3]


async def test_a_reaction_is_a_ballot_and_its_receipt_comes_directly(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍🏽")
    assert town.choice(BEN) == "yes"
    assert "Recorded: yes on motion 1" in read(town.letters(BEN)[-1])
    await town.react(BEN, town.poll(), "❌")
    assert town.choice(BEN) == "no"
    assert "no" in read(town.letters(BEN)[-1])


async def test_a_poll_offers_the_reactions_that_are_ballots_and_the_bots_own_count_for_nothing(town: Town) -> None:
    await town.nominate()
    assert [each["emoji"]["name"] for each in town.poll()["reactions"]] == ["👍", "👎", "🤷"]
    await town.again()
    assert town.ballots() == 0


async def test_a_poll_does_without_them_where_the_bot_may_not_react(town: Town) -> None:
    for role in town.fake.guilds[100].roles.values():
        role.permissions &= ~ADD_REACTIONS
    await town.nominate()
    assert "reactions" not in town.poll()
    await town.react(BEN, town.poll(), "👍")
    assert town.choice(BEN) == "yes"


async def test_taking_a_reaction_away_retracts_nothing_and_the_voter_is_told(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍")
    await town.react(BEN, town.poll(), "👍", added=False)
    assert town.choice(BEN) == "yes"
    assert "your ballot on motion 1 is still yes" in read(town.letters(BEN)[-1])


async def test_adding_it_again_is_another_ballot(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍")
    await town.press(BEN, town.poll(), "No")
    await town.react(BEN, town.poll(), "👍", added=False)
    assert town.choice(BEN) == "no"
    await town.react(BEN, town.poll(), "👍")
    assert town.choice(BEN) == "yes"
    assert town.ballots() == 3


async def test_a_replayed_event_is_one_ballot(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍")
    await town.fake.gateway.repeat("MESSAGE_REACTION_ADD", 9)
    await town.heard()
    assert town.ballots() == 1


@pytest.mark.parametrize(("emoji", "custom"), [("🎉", 0), ("x", 77), ("+1", 78), ("shrug", 79), ("👍", 80)])
async def test_other_signs_and_the_servers_own_emoji_count_for_nothing(town: Town, emoji: str, custom: int) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), emoji, custom=custom)
    await town.again()
    assert town.ballots() == 0
    assert town.letters(BEN) == []


async def test_a_reaction_to_another_message_counts_for_nothing(town: Town) -> None:
    await town.nominate()
    other = town.fake.rest.make(town.fake.channels[200], {"content": "Lunch?"}, [])
    await town.react(BEN, other, "👍")
    assert town.ballots() == 0


async def test_reactions_missed_in_a_lost_session_are_found_when_it_is_ready_again(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍", lost=True)
    await town.react(CAT, town.poll(), "👎", lost=True)
    assert town.ballots() == 0
    await town.again()
    assert (town.choice(BEN), town.choice(CAT)) == ("yes", "no")
    await town.again()
    assert town.ballots() == 2, "what was seen is not taken again"
    assert "Recorded: yes" in read(town.letters(BEN)[-1])


async def test_reactions_while_the_socket_was_away_are_replayed_and_counted_once(town: Town) -> None:
    await town.nominate()
    before = town.connections
    town.fake.gateway.gate.clear()
    await town.fake.gateway.drop()
    await town.fake.interactions.react(PEOPLE[BEN], town.poll(), "👍")
    town.fake.gateway.gate.set()
    await town.until(lambda: town.connections > before)
    await town.caught_up()
    await town.heard()
    assert town.fake.gateway.resumed == 1
    assert town.choice(BEN) == "yes"
    assert town.ballots() == 1


async def test_missed_reactions_that_contradict_each_other_count_for_nothing(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍", lost=True)
    await town.react(BEN, town.poll(), "👎", lost=True)
    await town.again()
    assert town.choice(BEN) is None
    assert town.ballots() == 0
    assert len(town.letters(BEN)) == 1


async def test_reactions_found_after_the_close_are_not_counted(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍", lost=True)
    due = town.motion().closes_at
    assert due is not None
    town.clock.move_to(due)
    await town.again()
    assert town.choice(BEN) is None
    assert town.ballots() == 0


async def test_a_missed_reaction_of_who_has_left_the_server_counts_for_nothing(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍", lost=True)
    del town.fake.guilds[100].members[PEOPLE[BEN]]
    await town.again()
    assert town.ballots() == 0


async def test_the_reactions_of_bots_count_for_nothing_even_if_somebody_has_linked_one(town: Town) -> None:
    await town.nominate()
    town.fake.users[PEOPLE[BEN]].bot = True
    await town.react(BEN, town.poll(), "👍")
    await town.again()
    assert town.ballots() == 0
    assert town.letters(BEN) == []


async def test_a_stranger_is_told_once_that_it_is_no_ballot(town: Town) -> None:
    await town.nominate()
    for _ in range(3):
        await town.react(OUTSIDER, town.poll(), "👍")
        await town.react(OUTSIDER, town.poll(), "👍", added=False)
    assert town.ballots() == 0
    assert len(town.letters(OUTSIDER)) == 1


async def test_whose_direct_messages_are_closed_still_votes_and_is_written_to_once(town: Town) -> None:
    await town.nominate()
    town.fake.users[PEOPLE[BEN]].takes_letters = False
    for emoji in ("👍", "👎", "🤷"):
        await town.react(BEN, town.poll(), emoji)
    assert town.choice(BEN) == "abstain"
    letters = town.fake.letters(PEOPLE[BEN]).id
    assert town.fake.called("POST", f"/channels/{letters}/messages") == 1


async def test_catching_up_is_tried_again_until_it_succeeds(town: Town) -> None:
    await town.nominate()
    await town.react(BEN, town.poll(), "👍", lost=True)
    town.fake.fail("GET", r"/channels/200/messages/\d+", status=503, times=2)
    await town.again()
    assert town.choice(BEN) == "yes"


async def test_a_poll_that_was_deleted_holds_nothing_up(town: Town) -> None:
    await town.nominate()
    del town.fake.channels[200].messages[int(town.poll()["id"])]
    await town.again()
    await town.slash(BEN, "yes", motion=1)
    assert "1 yes" in read(town.poll()), "it is posted again"
    await town.react(CAT, town.poll(), "👍")
    assert town.choice(CAT) == "yes"


async def test_an_event_that_was_lost_while_connected_is_found_at_the_next_look(tmp_path: Path) -> None:
    async with town(tmp_path, opened=False) as made:
        await made.open(tempo=replace(FAST, sweep=0.02))
        await made.nominate()
        await made.react(BEN, made.poll(), "👍", lost=True)
        await made.until(lambda: made.ballots() == 1)
        assert made.choice(BEN) == "yes"


async def test_a_reaction_that_is_replayed_after_the_close_is_listed_as_undatable_and_not_counted(town: Town) -> None:
    await town.nominate()
    closes, before = town.motion().closes_at, town.connections
    assert closes is not None
    town.fake.gateway.gate.clear()
    await town.fake.gateway.drop()
    await town.fake.interactions.react(PEOPLE[BEN], town.poll(), "👍")
    town.clock.move_to(closes)
    town.fake.gateway.gate.set()
    await town.until(lambda: town.connections > before)
    await town.caught_up()
    await town.heard()
    person = town.ledger.reader().directory().by_login(BEN)
    assert person is not None
    assert person.id in town.motion().unplaced
    assert town.choice(BEN) is None


async def test_a_poll_that_cannot_be_read_holds_up_neither_the_others_nor_the_commands(town: Town) -> None:
    await town.nominate()
    opened = await town.slash(BEN, "nominate", login="somebody-else", months=7)
    await town.submit(BEN, opened, evidence="e", text="t")
    await town.react(CAT, town.poll(2), "👍", lost=True)
    town.fake.rest.registered.clear()
    unread = town.fake.fail("GET", f"/channels/200/messages/{town.poll(1)['id']}", status=503, times=-1)
    await town.fake.gateway.invalidate()
    await town.until(lambda: town.ballots(2) == 1 and bool(town.fake.rest.registered.get(100)))
    before = town.connections
    town.fake.faults.remove(unread)
    await town.until(lambda: town.connections > before)


async def test_t1_a_poll_that_was_deleted_is_posted_again_after_a_connect_though_nothing_changed(town: Town) -> None:
    await town.nominate()
    before = town.poll()["id"]
    del town.fake.channels[GOV].messages[int(before)]
    await town.again()
    assert town.poll()["id"] != before
    await town.press(logins()[0], town.poll(), "Yes")
    assert town.choice(logins()[0]) == "yes"
