"""R5: what happens when the roster changes while a vote runs, and what the maintainers are told about it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from adapters.localgit.sample import MAINTAINERS
from bot.ports import Pressed
from tests.world import World, logins

ROWS = {login: f'"{login}","{name}","{login}@example.org"\n' for login, name in MAINTAINERS}


async def leaves(world: World, login: str) -> None:
    await world.roster((ROWS[login], ""))


async def test_r5_whoever_is_removed_leaves_numerator_and_denominator(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[0], "yes 1")
    await world.ask(logins()[1], "yes 1")
    await leaves(world, logins()[1])
    assert "1 of 8 needed" in world.poll()
    assert "66% of 11 = 7.26, so 8" in world.poll()
    assert f"@{logins()[1]} (R5)" in world.notices()[-1]
    assert "the electorate (R5)" in await world.ask(logins()[1], "no 1")


async def test_r5_whoever_joins_does_not_vote(world: World) -> None:
    await world.nominate()
    await world.roster((ROWS[logins()[0]], ROWS[logins()[0]] + '"outsider","Out Sider","o@example.org"\n'))
    assert "0 of 8 needed" in world.poll()
    assert "Your ballot was not counted" in await world.ask("outsider", "yes 1")


async def test_t8_an_outcome_that_the_roster_decided_waits_for_a_maintainer(world: World) -> None:
    await world.nominate()
    for login in logins()[:7]:
        await world.ask(login, "yes 1")
    for login in logins()[8:10]:
        await leaves(world, login)
    assert "7 of 7 needed" in world.poll()
    await world.end()
    assert "The roster's change decided this:" in world.notices()[-1]
    assert "would have been lost (R5)" in world.notices()[-1]
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org')
    assert await world.forge.drafts() == ()
    assert "Nothing was acknowledged" in await world.ask(logins()[8], "acknowledge 1")
    await world.ask(logins()[2], Pressed(verb="acknowledge", motion=1))
    (draft,) = await world.forge.drafts()
    assert "a maintainer acknowledged it" in draft.body


async def test_an_unreadable_roster_changes_nothing_while_a_vote_runs(world: World) -> None:
    await world.nominate()
    await world.roster((ROWS[logins()[3]], '"broken\n'))
    assert "0 of 8 needed" in world.poll()
    assert len(world.motion().members) == 12
    for login in logins():
        await world.ask(login, "yes 1")
    await world.end()
    assert world.motion().outcome == "carried"
    assert "I cannot read the roster (R6)" in await world.ask(logins()[0], "invite 1")


async def test_a_draft_that_cannot_be_made_is_told_once_and_made_when_it_is_mended(world: World) -> None:
    await world.nominate()
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org', settle=False)
    await world.roster((ROWS[logins()[3]], '"broken\n'))
    assert "No draft yet for motion 1" in world.notices()[-1]
    assert "MAINTAINERS:" in world.notices()[-1]
    world.clock.move(timedelta(minutes=1))
    await world.service.settle()
    assert len([notice for notice in world.notices() if "No draft yet" in notice]) == 1
    await world.roster(('"broken\n', ROWS[logins()[3]]))
    world.clock.move(timedelta(minutes=10))
    await world.service.settle()
    assert len(await world.forge.drafts()) == 1


async def test_a_candidate_who_is_on_the_roster_already_needs_no_draft(world: World) -> None:
    await world.nominate()
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.roster((ROWS[logins()[0]], ROWS[logins()[0]] + '"newperson","New","n@example.org"\n'))
    assert world.motion().ended
    assert await world.forge.drafts() == ()


async def test_withdrawing_needs_the_proposer_or_a_second(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[4], "withdraw 1 Wrong person.")
    assert world.motion().open
    assert "asks to withdraw motion 1" in world.notices()[-1]
    assert "another maintainer has to agree" in await world.ask(logins()[4], "second 1")
    await world.ask(logins()[5], Pressed(verb="second", motion=1))
    assert world.motion().outcome == "withdrawn"
    assert "is withdrawn by" in world.notices()[-1]
    assert "Withdrawn " in world.poll()
    assert "[Yes]" not in world.poll()
    await world.nominate()
    assert world.motion(2).open


async def test_a_corrected_text_is_announced_anew_and_everyone_has_the_full_window(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[1], "yes 1")
    before = world.motion().closes_at
    assert before is not None
    world.clock.move(timedelta(days=3))
    await world.ask(logins()[0], "correct 1 Reviewed the cache, not the storage.")
    after = world.motion().closes_at
    assert after == before + timedelta(days=3)
    assert "Reviewed the cache, not the storage." in world.poll()
    assert "has a corrected text" in world.notices()[-1]
    assert world.motion().yes == 1


async def test_the_draft_goes_on_when_the_base_has_moved(world: World) -> None:
    await world.nominate()
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.roster((ROWS[logins()[7]], ROWS[logins()[7]] + '"another","An Other","a@example.org"\n'))
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org')
    (draft,) = await world.forge.drafts()
    assert [line for line in draft.diff.splitlines() if line.startswith("+")][1:] == [
        '+"newperson","New Person","n@example.org"'
    ]


async def test_two_ledgers_never_meet_on_one_branch(tmp_path: Path) -> None:
    branches = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        world = await World.make(tmp_path / name)
        await world.nominate()
        await world.carry()
        await world.ask(logins()[0], "invite 1")
        await world.ask(logins()[0], "accepted 1 --name N --email n@example.org")
        branches |= {draft.branch for draft in await world.forge.drafts()}
        await world.instance.close()
    assert len(branches) == 2
