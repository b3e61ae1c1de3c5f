"""The main job from end to end, in words: what the channel and every member read, kept as a golden file."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from bot.core.plain import plain_card
from bot.ports import Filled, Pressed
from bot.story import Story
from tests import commits
from tests.golden import check_golden
from tests.world import CHANNEL, NOMINATION, START, World, logins

_HEX = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{16}\b|(?<=folkmoot/1-)[0-9a-f]{6}")


async def tell(world: World) -> list[str]:
    told: list[str] = []
    story = Story(
        service=world.service,
        clock=world.clock,
        channel=CHANNEL,
        account=lambda login: world.room.member(login).account,  # type: ignore[union-attr]
        maintainers=logins(),
        outsider="outsider",
        candidate="newperson",
        say=lambda caption, words: told.append(f"— {caption}\n{words}"),
    )
    await story.run()
    return told


async def test_the_whole_story_reads_as_it_should(world: World) -> None:
    told = await tell(world)
    told.append("=== The channel ===")
    told += [plain_card(card) for card in world.cards()]
    for login in logins():
        told += [f"=== Direct messages to @{login} ===\n{letter}" for letter in world.letters(login)]
    drafts = await world.forge.drafts()
    told += [f"=== {draft.branch} ===\n{draft.title}\n\n{draft.body}\n{draft.diff}" for draft in drafts]
    check_golden("whole/story.txt", _HEX.sub("(hex)", "\n\n".join(told)) + "\n")


async def test_exactly_one_line_is_added_on_a_branch_of_its_own(world: World) -> None:
    await tell(world)
    (draft,) = await world.forge.drafts()
    added = [line for line in draft.diff.splitlines() if line.startswith(("+", "-")) and line[1:3] not in ("++", "--")]
    assert added == ['+"newperson","New Person","newperson@example.org"']
    assert draft.state == "open"
    assert draft.branch == f"folkmoot/1-{world.service.ledger.genesis()[:6]}"


async def test_nothing_is_drafted_before_the_candidate_has_accepted(world: World) -> None:
    await world.nominate()
    await world.carry()
    assert await world.forge.drafts() == ()
    await world.ask(logins()[3], Pressed(verb="invite", motion=1))
    assert await world.forge.drafts() == ()
    await world.ask(logins()[3], Filled(verb="accepted", motion=1, values={"name": "N", "email": "n@example.org"}))
    assert len(await world.forge.drafts()) == 1


async def test_r28_the_role_begins_at_the_merge_and_not_before(world: World) -> None:
    await tell(world)
    assert world.motion().effective is None
    (draft,) = await world.forge.drafts()
    commit = await world.forge.merge(draft.branch, at=world.clock.now())
    await world.service.settle()
    assert world.motion().effective == commit
    assert world.motion().ended
    assert "Merged: @newperson is now a maintainer of distribution (R28)" in world.notices()[-1]
    assert "The role has begun" in world.poll()


async def test_r28_a_merge_by_hand_is_seen_too(world: World) -> None:
    await tell(world)
    await world.roster(('"liamoreilly"', '"newperson","New Person","n@example.org"\n"liamoreilly"'))
    assert world.motion().ended


async def test_r29_a_reviewer_needs_a_third_and_goes_into_the_reviewers_section(world: World) -> None:
    await world.nominate(NOMINATION.replace("--months", "--role reviewer --months"))
    assert "0 of 4 needed" in world.poll()
    assert "33% of 12 = 3.96, so 4 (Adding maintainers, R17)" in world.poll()
    for login in logins()[:4]:
        await world.ask(login, "yes 1")
    for login in logins()[4:]:
        await world.ask(login, "no 1")
    await world.end()
    assert "more said no than yes; by the rule it carries all the same (R19)" in world.notices()[-1]
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org')
    (draft,) = await world.forge.drafts()
    await world.forge.merge(draft.branch, at=world.clock.now())
    text = commits.read(world.config.here / "distribution.git", "MAINTAINERS").decode()
    assert '"newperson", "New Person", "n@example.org"' in text.partition("# REVIEWERS")[2]


async def test_a_reviewer_who_becomes_maintainer_is_moved_and_keeps_name_and_mail(world: World) -> None:
    reviewer = next(member for member in world.room.members if member.kind == "reviewer")
    await world.nominate(NOMINATION.replace("newperson", reviewer.login))
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], "accepted 1")
    (draft,) = await world.forge.drafts()
    changed = [line for line in draft.diff.splitlines() if f'"{reviewer.login}"' in line]
    assert sorted(line[0] for line in changed) == ["+", "-"]
    assert all(reviewer.name in line for line in changed)


async def test_a_lost_motion_changes_nothing_and_leaves_no_branch(world: World) -> None:
    await world.nominate()
    for login in logins()[:7]:
        await world.ask(login, "yes 1")
    await world.end()
    assert world.motion().outcome == "lost"
    assert "lost: 7 yes (8 needed), 0 no, 0 abstained, 5 did not vote" in world.notices()[-1]
    assert "nothing leaves this channel" in world.notices()[-1]
    assert "only" not in await world.ask(logins()[0], "list")
    assert await world.forge.drafts() == ()


async def test_r12_the_window_starts_when_the_announcement_is_delivered(world: World) -> None:
    await world.ask(logins()[0], NOMINATION, settle=False)
    assert world.motion().closes_at is None
    world.clock.move(timedelta(days=1))
    await world.service.settle()
    assert world.motion().delivered_at == world.clock.now()
    assert world.motion().closes_at is not None
    assert f"{world.motion().closes_at:%m-%d %H:%M}" == "03-11 00:00"


async def test_a_press_on_the_announcement_proves_its_delivery(world: World) -> None:
    await world.ask(logins()[0], NOMINATION, settle=False)
    key = "m1:poll:playground:maintainers"
    await world.ask(logins()[1], Pressed(verb="yes", motion=1, key=key), settle=False)
    assert world.motion().delivered == 1
    await world.service.settle()
    assert len([card for card in world.cards() if getattr(card, "motion", 0) == 1]) == 1


async def test_pings_go_to_those_who_have_not_voted_and_to_nobody_twice(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    for login in logins()[:4]:
        await world.ask(login, "yes 1")
    for hours in (48, 47, 24, 23, 1):
        await world.go_to(closes - timedelta(hours=hours))
    assert [len(world.letters(login)) for login in logins()] == [0] * 4 + [2] * 8
    assert "closes within 24 hours" in world.letters(logins()[5])[1]
    await world.ask(logins()[5], Pressed(verb="yes", motion=1), channel="")
    assert world.motion().yes == 5


async def test_a_bot_that_was_down_reminds_once_only(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.go_to(closes - timedelta(hours=3))
    assert len(world.letters(logins()[5])) == 1


async def test_r26_invite_hands_the_inviter_a_patch_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'schema = 1\nname = "own"\ndocument = "GOVERNANCE.md"\n[motion.add]\nkind = "add"\nrole = "maintainer"\n'
        'clause = "Joining"\nthreshold = ">=1/2"\nwindow = "5bd"\nenactment = "invite"\n'
    )
    world = await World.make(tmp_path, policy="own.toml")
    await world.nominate()
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email n@example.org')
    assert await world.forge.drafts() == ()
    letter = world.letters(logins()[0])[-1]
    assert '+"newperson","New Person","n@example.org"' in letter
    assert "git am --signoff motion-1.patch" in letter
    await world.instance.close()


async def test_a_policy_of_the_repository_is_read_at_the_rosters_commit(tmp_path: Path) -> None:
    world = await World.make(tmp_path, policy="repo:POLICY.toml")
    assert "I cannot read the policy" in await world.ask(logins()[0], NOMINATION)
    shipped = (files("bot.policies") / "distribution.toml").read_text()
    broken, right = shipped.replace('"5bd"', '"5x"'), shipped.replace(">=66/100", ">1/2")
    commits.write(tmp_path / "distribution.git", "POLICY.toml", broken.encode(), at=START)
    assert "POLICY.toml, line " in await world.ask(logins()[0], NOMINATION)
    commit = commits.write(tmp_path / "distribution.git", "POLICY.toml", right.encode(), at=START)
    await world.nominate()
    assert "0 of 7 needed" in world.poll()
    assert world.motion().electorate.roster_commit == commit
    await world.instance.close()
