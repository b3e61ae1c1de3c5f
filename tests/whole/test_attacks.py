"""What somebody may try against the whole bot: to lose a ballot, to turn one around, to learn what is private."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.people import PlatformUser
from bot.core.plain import plain_card
from bot.ports import Draft, DraftRequest, Inbound, LivePoll, Pressed, Standing, Typed
from tests import commits
from tests.whole.test_other_motions import AWAY, RESOLVE, next_due, proposed
from tests.world import CHANNEL, NOMINATION, World, logins

REVIEWER = "marketab"
STRANGER = PlatformUser(platform="slack", team="T09", user="U09")


async def found(world: World, login: str, emoji: str) -> str:
    """A reaction is found standing on the poll of the first motion; what its member is told."""
    member = world.room.member(login)
    assert member is not None
    poll = LivePoll(motion=1, channel=CHANNEL, ref="1", reactions=True)
    cards = await world.service.desk.catch_up(poll, [Standing(who=member.account, emoji=emoji)])
    await world.service.settle()
    return "\n".join(plain_card(card) for _, card in cards)


def choices(world: World) -> list[str | None]:
    return [ballot.choice for ballot in world.motion().ballots.values()]


# --------------------------------------------------------------------------- losing a ballot, or turning it around


@pytest.mark.parametrize(
    ("emoji", "choice"), [("+1::skin-tone-2", "yes"), ("👎🏾", "no"), ("shrug::skin-tone-4", "abstain")]
)
async def test_a_reaction_of_any_skin_tone_is_found_after_an_outage(world: World, emoji: str, choice: str) -> None:
    await world.nominate()
    assert f"Recorded: {choice}" in await found(world, logins()[0], emoji)
    assert choices(world) == [choice]


async def test_a_reaction_that_is_found_late_does_not_replace_a_ballot_that_was_cast_meanwhile(world: World) -> None:
    await world.nominate()
    world.clock.move(timedelta(minutes=1))
    await world.ask(logins()[0], "no 1")
    world.clock.move(timedelta(minutes=1))
    assert "cannot tell whether it came before your last word" in await found(world, logins()[0], "👍")
    assert await found(world, logins()[0], "👍") == ""
    assert choices(world) == ["no"]


async def test_a_reaction_that_is_found_late_does_not_revive_what_was_taken_back_meanwhile(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[0], "yes 1")
    world.clock.move(timedelta(minutes=1))
    await world.ask(logins()[0], "retract 1")
    world.clock.move(timedelta(minutes=1))
    assert "cannot tell whether" in await found(world, logins()[0], "👍")
    assert choices(world) == [None]


async def test_a_reaction_that_was_not_there_at_the_last_look_is_the_later_word(world: World) -> None:
    await world.nominate()
    world.clock.move(timedelta(minutes=1))
    await world.ask(logins()[0], "no 1")
    world.clock.move(timedelta(minutes=1))
    await found(world, logins()[1], "👍")
    world.clock.move(timedelta(minutes=1))
    assert "Recorded: yes" in await found(world, logins()[0], "👍")


# --------------------------------------------------------------------------- consent that is turned into another


async def test_a_maintainer_is_not_made_to_second_what_they_have_not_seen(world: World) -> None:
    await world.nominate()
    await world.ask(logins()[1], "withdraw 1 It is proposed twice.")
    version = world.motion().version
    await world.ask(logins()[1], "correct 1 Something else altogether.")
    old, new = (f"m1:second-asked:{number}:{CHANNEL}" for number in (version, world.motion().version))
    assert "something else has been asked for" in await world.ask(
        logins()[2], Pressed(verb="second", motion=1, key=old)
    )
    assert str(world.motion().text) == "Kind and thorough."
    assert "has its new text" in await world.ask(logins()[2], Pressed(verb="second", motion=1, key=new))


# --------------------------------------------------------------------------- escaping a vote


async def test_nobody_ends_the_vote_on_their_removal_once_its_window_has_ended(world: World) -> None:
    await proposed(world)
    await next_due(world)
    for login in logins():
        await world.ask(login, "yes 1")
    closes = world.motion().closes_at
    assert closes is not None
    world.clock.move_to(closes + timedelta(seconds=5))
    assert "there is one at a time" in await world.ask(AWAY, "step-down", settle=False)
    await world.end()
    assert world.motion().outcome == "carried"


async def test_nobody_escapes_the_vote_on_their_removal_by_a_step_down_that_they_take_back(world: World) -> None:
    await proposed(world)
    await next_due(world)
    assert "you step down" in await world.ask(AWAY, "step-down")
    assert world.motion(1).outcome == "withdrawn"
    assert "has ended the vote of motion 1" in await world.ask(AWAY, "withdraw 2 I stay.")
    assert world.motion(2).open
    assert "is withdrawn" in await world.ask(logins()[3], "second 2")
    assert world.motion(2).outcome == "withdrawn"


# --------------------------------------------------------------------------- learning what is private


async def test_r24_stepping_down_as_a_reviewer_tells_nothing_of_a_candidacy_that_is_private(world: World) -> None:
    await world.ask(logins()[0], NOMINATION.replace("newperson", REVIEWER))
    answer = await world.ask(REVIEWER, "step-down", channel="")
    assert "you step down (motion 2)" in answer
    assert world.motion(1).outcome == "withdrawn"


async def test_r24_stepping_down_as_a_reviewer_tells_nothing_of_a_candidacy_that_has_carried(world: World) -> None:
    await world.ask(logins()[0], NOMINATION.replace("newperson", REVIEWER))
    await world.carry()
    assert "you step down (motion 2)" in await world.ask(REVIEWER, "step-down", channel="")
    assert world.motion(1).ended
    assert await world.forge.drafts() == ()


async def test_r37_who_is_linked_nowhere_learns_of_no_contact_by_its_number(world: World) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    answers = set()
    for number, words in enumerate(("yes 1", "yes 9", "withdraw 1 No.", "withdraw 9 No.", "status 1", "status 9")):
        inbound = Inbound(
            request=f"slack:{number}",
            who=STRANGER,
            channel=CHANNEL,
            act=Typed(text=words),
            acted_at=world.clock.now(),
        )
        answers.add(plain_card(await world.service.desk.ask(inbound)))
    assert len(answers) == 1


@pytest.mark.parametrize(
    "words", ["yes 1", "withdraw 1 No.", "status 1", "rerun 1", "second 1", "object 1 No.", "void 1 No."]
)
async def test_r37_the_person_concerned_is_answered_as_if_there_were_no_contact(world: World, words: str) -> None:
    await world.ask(logins()[1], f"contact @{AWAY}")
    assert await world.ask(AWAY, words) == await world.ask(AWAY, words.replace("1", "9"))


@pytest.mark.parametrize("words", ["mine", "list", "status", "status 1", "why @newperson", "yes 1", "review", "help"])
async def test_r24_the_candidate_learns_nothing_of_a_private_candidacy_by_asking(world: World, words: str) -> None:
    before = await world.ask("newperson", words, channel="")
    await world.ask(logins()[1], f"contact @{AWAY}")
    await world.ask(logins()[0], NOMINATION)
    assert await world.ask("newperson", words, channel="") == before


# --------------------------------------------------------------------------- a cancelled vote made to look passed


async def voided(world: World) -> None:
    """Two maintainers declare the first motion void."""
    await world.ask(logins()[1], "void 1 A mistake in the procedure.")
    assert "is void" in await world.ask(logins()[2], "second 1")


async def accepted(world: World, *, settle: bool = True) -> None:
    """A candidacy has carried, and the candidate has accepted."""
    await world.nominate()
    await world.carry()
    await world.ask(logins()[0], "invite 1")
    await world.ask(logins()[0], 'accepted 1 --name "New Person" --email new@example.org', settle=settle)


async def test_t17_the_draft_of_a_motion_that_is_void_says_so_and_claims_nothing_any_more(world: World) -> None:
    await accepted(world)
    (before,) = await world.forge.drafts()
    await voided(world)
    (draft,) = await world.forge.drafts()
    assert draft.title == f"Void: {before.title}"
    assert "Motion 1 is void: nothing follows from this draft." in draft.body
    assert "approved" not in draft.body
    assert "carried" not in draft.body
    assert (draft.commit, draft.diff) == (before.commit, before.diff)


async def test_t17_the_draft_of_a_removal_that_is_withdrawn_says_so_and_gives_no_reason(world: World) -> None:
    await proposed(world)
    await next_due(world)
    await world.ask(logins()[4], "withdraw 1 They are back.")
    (draft,) = await world.forge.drafts()
    assert draft.title == f"Withdrawn: Remove {AWAY} from MAINTAINERS"
    assert "vote on this change" not in draft.body
    assert "They are back" not in draft.body


async def test_t17_a_decision_record_of_what_is_void_says_void_in_the_file_itself(world: World) -> None:
    await world.ask(logins()[0], RESOLVE)
    await world.carry()
    await voided(world)
    (draft,) = await world.forge.drafts()
    assert "+# Motion 1: void" in draft.diff
    assert "carried" not in draft.diff + draft.body


async def test_t17_a_motion_that_becomes_void_while_its_draft_is_made_leaves_none_that_claims_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await accepted(world, settle=False)
    open_, calls = world.forge.open, 0

    async def slow(request: DraftRequest) -> Draft | None:
        nonlocal calls
        calls += 1
        if calls == 1:
            for login, words in ((logins()[1], "void 1 A mistake."), (logins()[2], "second 1")):
                await world.ask(login, words, settle=False)
        return await open_(request)

    monkeypatch.setattr(world.forge, "open", slow)
    await world.service.settle()
    (draft,) = await world.forge.drafts()
    assert "Motion 1 is void" in draft.body
    assert world.motion().outcome == "void"
    assert "says that it is void" in world.notices()[-1]


async def test_a_draft_that_a_person_has_taken_away_is_not_made_again_to_say_that_it_is_void(world: World) -> None:
    await accepted(world)
    (draft,) = await world.forge.drafts()
    commits.drop(world.config.here / "distribution.git", draft.branch)
    await voided(world)
    assert await world.forge.state(draft.branch) == "gone"
