"""Stepping down, removal, resolution and other motions from end to end, as members live through them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.localgit.sample import create_sample
from bot.clocks import CountingIds, ManualClock
from bot.config import PersonTable, RepositoryTable
from bot.core.plain import plain_card
from bot.ports import Pressed, Reacted
from bot.wiring import build
from storage.memory import MemoryLedger
from tests import commits
from tests.golden import check_golden
from tests.world import CHANNEL, NOMINATION, START, World, config_of, logins

_HEX = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{16}\b|\b[0-9a-f]{12}\b|(?<=folkmoot/\d-)[0-9a-f]{6}")
RESOLVE = 'resolve --title "Keep v2" --link https://example.org/i/7 The v2 API stays until release 5.'
AWAY = logins()[11]


async def told(world: World) -> str:
    """Everything that the channel and the members were told, and every draft, in words."""
    parts = [plain_card(card) for card in world.cards()]
    for login in logins():
        parts += [f"=== To @{login} alone ===\n{letter}" for letter in world.letters(login)]
    drafts = await world.forge.drafts()
    parts += [f"=== {draft.branch} ===\n{draft.title}\n\n{draft.body}\n{draft.diff}" for draft in drafts]
    return _HEX.sub("(hex)", "\n\n".join(parts)) + "\n"


async def next_due(world: World) -> None:
    due = world.service.alarm.next_due()
    assert due is not None
    await world.go_to(due)


async def proposed(world: World) -> None:
    """A removal, from the private question to its proposal on the channel."""
    people = logins()
    await world.ask(people[1], f"contact @{AWAY}")
    await world.ask(people[2], Pressed(verb="contact-take", motion=1))
    await world.ask(people[2], Pressed(verb="contact-cannot", motion=1))
    await world.ask(people[4], Pressed(verb="remove", motion=1))


# ---------------------------------------------------------------------- stepping down


async def test_r30_stepping_down_from_the_word_to_the_merge(world: World) -> None:
    leaver = logins()[5]
    await world.ask(leaver, "step-down New job, less time. It was a pleasure.")
    assert "only the person themselves can" in await world.ask(logins()[1], "confirm 1")
    assert await world.forge.drafts() == ()
    await world.ask(leaver, f"hand-over 1 --to @{logins()[2]} The storage drivers.")
    await world.ask(logins()[3], "hand-over 1 Triage on Mondays.")
    await world.ask(leaver, Pressed(verb="confirm", motion=1))
    (draft,) = await world.forge.drafts()
    removed = [line for line in draft.diff.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert len(removed) == 1
    assert f'"{leaver}"' in removed[0]
    check_golden("whole/step-down.txt", await told(world))
    await world.forge.merge(draft.branch, at=world.clock.now())
    await world.service.settle()
    assert world.motion().ended
    assert "is no longer a maintainer of distribution" in world.notices()[-1]


async def test_r34_a_reviewer_steps_down_the_same_way(world: World) -> None:
    reviewer = next(member.login for member in world.room.members if member.kind == "reviewer")
    await world.ask(reviewer, "step-down")
    await world.ask(reviewer, "confirm 1")
    (draft,) = await world.forge.drafts()
    assert f'-"{reviewer}"' in draft.diff
    assert "steps down as reviewer" in draft.body


async def test_r31_no_draft_before_the_maintainers_are_informed(world: World) -> None:
    await world.ask(logins()[5], "step-down", settle=False)
    assert "have not been informed" in await world.ask(logins()[5], "confirm 1", settle=False)


async def test_nobody_steps_down_from_what_they_do_not_have(world: World) -> None:
    assert "you are not in the roster" in await world.ask("outsider", "step-down")


# ---------------------------------------------------------------------- inactivity and removal


async def test_r35_to_r45_a_removal_from_the_private_word_to_the_merge(world: World) -> None:
    await proposed(world)
    assert "End the role of" in world.poll()
    assert await world.forge.drafts() == ()
    await next_due(world)
    (draft,) = await world.forge.drafts()
    assert world.motion().closes_at is not None
    for login in logins()[:8]:
        await world.ask(login, "yes 1")
    assert "may not vote on it" in await world.ask(AWAY, "no 1")
    assert "66% of 12 = 7.92, so 8" in world.poll()
    await world.end()
    assert world.motion().outcome == "carried"
    check_golden("whole/removal.txt", await told(world))
    await world.forge.merge(draft.branch, at=world.clock.now())
    await world.service.settle()
    assert world.motion().ended
    assert f'"{AWAY}"'.encode() not in commits.read(world.config.here / "distribution.git", "MAINTAINERS")


async def test_r37_the_contact_is_hidden_from_the_person_and_from_the_channel(world: World) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    assert world.cards() == []
    assert world.letters(AWAY) == []
    assert "No motion is open here" in await world.ask(AWAY, "list")
    assert "no motion of that number" in await world.ask(AWAY, "status 1")
    assert "no motion of that number" in await world.ask(AWAY, "contact-take 1")
    assert "no motion of that number" in await world.ask("outsider", "status 1")
    assert "contact" in await world.ask(logins()[3], "list")
    assert "you asked for the contact yourself" in await world.ask(logins()[1], "contact-take 1")


async def test_r37_a_colleague_of_the_same_employer_is_not_neutral(tmp_path: Path) -> None:

    world = await World.make(tmp_path)
    people = tuple(PersonTable(login=login, employer="Example Inc") for login in (AWAY, logins()[2]))
    config = world.config.model_copy(update={"person": (*world.config.person, *people)})
    await world.instance.close()
    world.instance = await build(config, clock=world.clock, ids=CountingIds(), ledger=_again(world), room=world.room)
    world.service = world.instance.service
    await world.ask(logins()[1], f"contact @{AWAY}")
    assert "same employer" in await world.ask(logins()[2], "contact-take 1")
    assert "Recorded" in await world.ask(logins()[3], "contact-take 1")
    await world.instance.close()


def _again(world: World) -> MemoryLedger:
    """The same ledger, opened by another instance."""
    ledger = world.service.ledger
    assert isinstance(ledger, MemoryLedger)
    return MemoryLedger(clock=world.clock, store=ledger.store)


async def test_r38_no_answer_counts_only_after_two_reminders(world: World) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    await world.ask(logins()[2], "contact-take 1")
    for reminders in range(2):
        assert f"there were {reminders}" in await world.ask(logins()[2], "contact-no-answer 1")
        await next_due(world)
    await world.go_to(world.clock.now() + timedelta(days=8))
    assert "Recorded" in await world.ask(logins()[2], "contact-no-answer 1")
    assert "Propose it to the channel" in world.letters(logins()[4])[-1]


async def test_r38_somebody_who_stays_ends_it_silently(world: World) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    await world.ask(logins()[2], "contact-take 1")
    await world.ask(logins()[2], "contact-stays 1")
    assert world.motion().ended
    assert world.cards() == []
    assert "has ended: it is withdrawn" in await world.ask(logins()[4], "remove 1")


async def test_a_step_down_ends_the_contact_and_the_removal_of_the_same_person(world: World) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    assert "you step down" in await world.ask(AWAY, "step-down")
    assert world.motion(1).ended
    assert len(world.cards()) == 1


async def test_r39_at_least_one_business_day_lies_between_proposal_and_draft(world: World) -> None:
    await proposed(world)
    world.clock.move(timedelta(hours=14))
    await world.service.settle()
    assert await world.forge.drafts() == ()
    assert "is not open for ballots yet" in await world.ask(logins()[0], "yes 1")
    await next_due(world)
    assert f"{world.clock.now():%a %H:%M}" == "Wed 00:00"
    assert len(await world.forge.drafts()) == 1
    assert f"{world.motion().closes_at:%m-%d %H:%M}" == "03-12 00:00"


async def test_t22_no_reason_ever_reaches_the_removals_draft(world: World) -> None:
    secret = "has-not-reviewed-since-spring"
    await proposed(world)
    await next_due(world)
    await world.ask(logins()[0], f"no 1 {secret}")
    await world.ask(logins()[1], f"object 1 {secret}")
    await world.ask(logins()[3], f"correct 1 {secret}")
    for login in logins()[1:9]:
        await world.ask(login, f"yes 1 {secret}")
    await world.end()
    (draft,) = await world.forge.drafts()
    commit = commits.message(world.config.here / "distribution.git", draft.commit)
    assert secret not in f"{draft.title}{draft.body}{draft.diff}{draft.branch}{commit}"


async def test_a_person_who_leaves_the_roster_meanwhile_ends_the_vote_as_void(world: World) -> None:
    await proposed(world)
    await next_due(world)
    path = world.config.here / "distribution.git"
    row = next(line for line in commits.read(path, "MAINTAINERS").decode().splitlines(True) if f'"{AWAY}"' in line)
    await world.roster((row, ""))
    assert world.motion().outcome == "void"
    assert "before the vote had ended" in world.notices()[-1]


# ---------------------------------------------------------------------- resolutions and other texts


async def test_r50_to_r53_a_resolution_that_a_contributor_calls_for(world: World) -> None:
    assert "is open" in await world.ask("outsider", RESOLVE)
    assert "2/3 of 12 = 8, so 8 (Conflict Resolution, R51)" in world.poll()
    assert "takes yes and no only (R52)" in await world.ask(logins()[0], "abstain 1")
    assert "Your ballot was not counted" in await world.ask("outsider", "yes 1")
    assert "about the same issue" in await world.ask(logins()[1], RESOLVE.replace("Keep", "Drop"))
    for login in logins()[:8]:
        await world.ask(login, Reacted(emoji="👍", motion=1, added=True))
    await world.end()
    assert world.motion().outcome == "carried"
    (draft,) = await world.forge.drafts()
    assert "+++ b/docs/decisions/motion-1.md" in draft.diff
    check_golden("whole/resolution.txt", await told(world))


async def test_r53_a_lost_resolution_is_recorded_too(world: World) -> None:
    await world.ask("outsider", RESOLVE)
    await world.end()
    (draft,) = await world.forge.drafts()
    assert "+# Motion 1: lost" in draft.diff


async def test_r50_a_resolution_needs_the_issue_that_calls_for_it(world: World) -> None:
    assert "link is missing" in await world.ask("outsider", RESOLVE.replace("--link https://example.org/i/7 ", ""))


async def test_a_text_is_decided_by_the_projects_own_policy(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'schema = 1\nname = "own"\ndocument = "RULES.md"\n[motion.release]\nkind = "generic"\nclause = "Releases"\n'
        'threshold = ">1/2"\nof = "cast-non-abstain"\nmin-yes = 3\nseconds = 1\nwindow = "72h"\n'
        'enactment = "none"\nno-requires-reason = true\nclose = "early-certain"\nvisibility = "public"\n'
    )
    world = await World.make(tmp_path, policy="own.toml")
    await world.ask(logins()[0], 'propose --title "Release 3.1" Cut it from main.')
    assert "Needs 1 second more" in world.poll()
    assert "not open for ballots yet" in await world.ask(logins()[2], "yes 1")
    await world.ask(logins()[1], Pressed(verb="second", motion=1))
    assert "needs a reason" in await world.ask(logins()[3], "no 1")
    await world.ask(logins()[3], "no 1 The docs are not ready.")
    for login in logins()[:3]:
        await world.ask(login, "yes 1")
    await world.end()
    assert world.motion().outcome == "carried"
    assert "It is decided." in world.notices()[-1]
    await world.instance.close()


async def test_a_blinded_vote_shows_no_count_and_gives_a_receipt(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'schema = 1\nname = "own"\ndocument = "RULES.md"\n[motion.secret]\nkind = "generic"\nclause = "Secret"\n'
        'threshold = ">1/2"\nwindow = "72h"\nenactment = "none"\nsecrecy = "blinded"\n'
    )
    world = await World.make(tmp_path, policy="own.toml")
    await world.ask(logins()[0], 'propose --title "A hard one" Shall we?')
    assert "by the buttons only" in await world.ask(logins()[1], "yes 1")
    assert "Your receipt:" in await world.ask(logins()[1], Pressed(verb="yes", motion=1))
    await world.ask(logins()[2], Pressed(verb="no", motion=1))
    assert "2 of 12 have voted" in world.poll()
    assert "1 yes" not in world.poll()
    await world.end()
    assert "1 yes" in world.notices()[-1]
    await world.instance.close()


# ---------------------------------------------------------------------- on the way


async def test_r14_a_ballot_from_the_mailing_list_is_shown_told_and_replaced_by_ones_own(world: World) -> None:
    await world.nominate()
    voter = logins()[6]
    link = "https://lists.example.org/m/1"
    await world.ask(logins()[1], f"record 1 --voter @{voter} --choice no --link {link}")
    assert f"Entered for @{voter} by @{logins()[1]}: no, {link}" in world.poll()
    assert "entered your ballot" in world.letters(voter)[-1]
    await world.ask(voter, "yes 1")
    assert (world.motion().yes, world.motion().no) == (1, 0)
    assert "has voted here" in await world.ask(logins()[1], f"record 1 --voter @{voter} --choice no --link {link}")


async def test_extend_void_and_rerun(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.ask(logins()[2], "extend 1 --by 2bd Half of us were away.")
    assert world.motion().closes_at is not None
    assert world.motion().closes_at > closes  # type: ignore[operator]
    await world.ask(logins()[3], "void 1 The text was edited.")
    assert world.motion().open
    await world.ask(logins()[4], Pressed(verb="second", motion=1))
    assert world.motion().outcome == "void"
    assert "motion 2" in await world.ask(logins()[1], "rerun 1")
    assert world.motion(2).opened.repeats == 1
    assert str(world.motion(2).text) == str(world.motion(1).text)


async def test_r27_a_vote_for_a_pull_request_that_is_there_needs_no_invitation(world: World) -> None:
    await world.nominate(NOMINATION.replace("--months", "--pull-request https://example.org/pr/3 --months"))
    assert "In the pull request https://example.org/pr/3" in world.poll()
    await world.carry()
    assert "may be merged by a person now (R27, R28)" in world.notices()[-1]
    assert "pull request that is there" in await world.ask(logins()[0], "invite 1")


async def test_reminders_can_be_put_off_and_switched_off(world: World) -> None:
    await world.nominate()
    closes = world.motion().closes_at
    assert closes is not None
    await world.ask(logins()[3], "mute 1")
    await world.go_to(closes - timedelta(hours=48))
    assert world.letters(logins()[3]) == []
    later = await world.ask(logins()[4], Pressed(verb="snooze", motion=1))
    assert "I remind you of motion 1 again" in later
    await world.go_to(closes - timedelta(hours=15))
    assert len(world.letters(logins()[4])) == 3


async def test_r36_the_review_and_the_candidates_are_for_maintainers_only(world: World) -> None:
    for verb in ("review", "candidates"):
        assert "only the maintainers see this" in await world.ask("outsider", verb)
    assert "humans to decide" in await world.ask(logins()[0], "review")
    assert "I nominate nobody (R8)" in await world.ask(logins()[0], "candidates")


async def test_r35_once_a_quarter_the_maintainers_are_reminded_to_look(world: World) -> None:
    await world.nominate()
    assert world.letters(logins()[0]) == []
    await world.go_to(world.clock.now() + timedelta(days=31))
    assert [letter for letter in world.letters(logins()[0]) if "A quarter has passed" in letter]
    before = len(world.letters(logins()[0]))
    await world.service.settle()
    assert len(world.letters(logins()[0])) == before


@pytest.mark.parametrize(
    ("asker", "words", "said"),
    [
        (0, "whoami", "You are a maintainer of distribution"),
        (0, "mine", "1 await your ballot"),
        (0, "why @newperson", "the motion is about them (R22)"),
        (0, "why @nobody-at-all", "I do not know that login"),
        (0, "help record", "on a mailing list"),
    ],
)
async def test_questions_are_answered_privately(world: World, asker: int, words: str, said: str) -> None:
    await world.nominate()
    assert said in await world.ask(logins()[asker], words)


async def test_r4_two_repositories_may_share_a_channel(tmp_path: Path) -> None:

    for name in ("distribution", "registry"):
        create_sample(tmp_path / f"{name}.git", at=START - timedelta(days=30))
    path = tmp_path / "registry.git"
    rows = commits.read(path, "MAINTAINERS").decode()
    first = next(line for line in rows.splitlines(True) if f'"{logins()[0]}"' in line)
    commits.write(path, "MAINTAINERS", rows.replace(first, "").encode(), at=START)
    config = config_of(tmp_path)
    second = RepositoryTable(name="registry", forge="localgit", path="registry.git", channels=(CHANNEL,))
    config = config.model_copy(update={"repository": (*config.repository, second)})
    clock = ManualClock(START)
    instance = await build(config, clock=clock, ids=CountingIds(), ledger=MemoryLedger(clock=clock))
    assert instance.room is not None
    world = World(config, clock, instance, instance.room)
    assert "several repositories share this place" in await world.ask(logins()[0], NOMINATION)
    named = NOMINATION.replace("@newperson", "@newperson --repo {}")
    assert "is open" in await world.ask(logins()[0], named.format("distribution"))
    assert "only maintainers of registry" in await world.ask(logins()[0], named.format("registry"))
    assert "is open" in await world.ask(logins()[1], named.format("registry"))
    await instance.close()
