"""Stepping down: R30-R34. Only the person; the others are informed first; a hand-over that blocks nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.commands import (
    Close,
    Confirm,
    Correct,
    HandOver,
    MakeVoid,
    RaiseObjection,
    Rerun,
    Second,
    StepDown,
    Withdraw,
)
from bot.core.effects import FORGE
from bot.core.events import DraftOpened, HandOverNoted, MotionOpened, NoticeDelivered, RoleEnded, StepDownConfirmed
from bot.core.minutes import minutes_of
from bot.core.people import PersonId
from bot.core.rules.stepping import AREAS
from bot.published import head_in
from tests.core.builders import (
    CHANNEL,
    HEAD,
    OUTSIDER,
    REVIEWER,
    START,
    Moot,
    PaperDocket,
    PlainNames,
    Removal,
    expect_events,
    expect_refusal,
    leaving,
    named,
    only,
    opening,
    people,
    propose,
    roster,
)

LEAVER = people(12)[11]


def test_r30_only_the_person_can_start_it() -> None:
    """There is no way to name anybody: the one who asks is the one who steps down."""
    event = only(tuple(event for _, event in leaving(announced=False).log), MotionOpened)
    assert event.subject == event.proposer == LEAVER
    assert StepDown.__slots__ == ("note",)


@pytest.mark.parametrize("read", [(), (REVIEWER,)])
def test_r30_who_is_not_in_the_roster_has_nothing_to_step_down_from(read: tuple[PersonId, ...]) -> None:
    about = opening(roster(people(12), read), policy=named("step-down"), subject=OUTSIDER)
    assert expect_refusal(propose(OUTSIDER, StepDown(note=""), about)).code == "nothing-to-step-down-from"


def test_r30_a_word_is_welcome_and_not_needed() -> None:
    assert str(leaving(note="").motion.text) == ""
    about = opening(policy=named("step-down"), subject=LEAVER)
    refusal = expect_refusal(propose(LEAVER, StepDown(note="x" * 3001), about))
    assert (refusal.code, refusal.params["field"]) == ("text-too-long", "note")


@pytest.mark.parametrize("choice", ["yes", "no", "abstain"])
def test_r30_nobody_votes_on_it(choice: Any) -> None:
    moot = leaving()
    assert moot.refused(moot.members[0], moot.ballot(choice)).code == "no-vote"
    assert moot.refused(LEAVER, moot.ballot(choice)).code == "no-vote"
    objection = RaiseObjection(reason="Please stay.", acted_at=moot.now)
    assert moot.refused(moot.members[0], objection).code == "no-vote"


def test_r30_there_is_no_window_and_nothing_to_count_or_to_remind_of() -> None:
    moot = leaving()
    event = next(event for _, event in moot.log if isinstance(event, NoticeDelivered))
    assert (event.votes_from, event.closes_at) == (None, None)
    assert moot.motion.stage == "informed"
    moot.now += timedelta(days=400)
    assert moot.refused(None, Close()).code == "not-due"
    assert moot.ping(48) == ()


def test_r31_no_draft_before_the_notice_is_delivered() -> None:
    moot = leaving(announced=False)
    assert moot.refused(LEAVER, Confirm()).code == "not-informed-yet"
    assert moot.draft() == ()
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]
    moot.announce()
    moot.does(LEAVER, Confirm())
    (draft,) = [effect for effect in moot.effects() if effect.venue == FORGE]
    assert draft.kind == "draft"


def test_r31_the_notice_goes_to_the_maintainers_channel_and_to_every_other_one_of_the_repository() -> None:
    told = leaving().effects((CHANNEL, "discord:G/C"))
    assert [effect.venue for effect in told if effect.kind == "poll"] == [f"channel:{CHANNEL}", "channel:discord:G/C"]


def test_r32_the_draft_waits_for_the_persons_own_word() -> None:
    moot = leaving()
    moot.now += timedelta(days=30)
    assert moot.draft() == (), "nothing follows by itself"
    for other in (moot.members[0], REVIEWER, OUTSIDER, None):
        assert moot.refused(other, Confirm()).code == "only-the-person"
    assert only(moot.does(LEAVER, Confirm()), StepDownConfirmed).person == LEAVER
    assert moot.does(LEAVER, Confirm()) == (), "twice is once"
    assert only(moot.draft(), DraftOpened).branch == "folkmoot/12-abcdef"


def test_r32_the_draft_says_who_leaves_and_since_when_it_is_known_and_not_their_note() -> None:
    moot = leaving(note="NOTE-SENTINEL")
    moot.does(LEAVER, HandOver(area="AREA-SENTINEL", taker=None))
    moot.does(LEAVER, Confirm())
    said = minutes_of(moot.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123")
    assert said.title == "Remove m12 from MAINTAINERS"
    assert "`m12` steps down as maintainer of `distribution`, by their own word" in said.body
    assert "informed on 2026-06-29" in said.body
    assert head_in(said.body) == head_in(said.message) == HEAD
    assert "SENTINEL" not in f"{said}"


def test_r32_nothing_of_a_step_down_that_is_only_announced_leaves_the_channel_as_a_draft() -> None:
    moot = leaving()
    assert not moot.motion.enactable
    moot.does(LEAVER, Withdraw(reason="I stay."))
    assert (moot.motion.outcome, moot.motion.ended) == ("withdrawn", True)
    assert moot.refused(LEAVER, Confirm()).code == "closed"


def test_r33_the_person_lists_areas_and_who_picks_one_up_notes_it_themselves() -> None:
    moot = leaving()
    event = only(moot.does(LEAVER, HandOver(area="The storage drivers", taker=None)), HandOverNoted)
    assert (str(event.area), event.taker) == ("The storage drivers", None)
    named_one = moot.does(LEAVER, HandOver(area="Releases", taker="m02"), other=moot.members[1])
    assert only(named_one, HandOverNoted).taker == moot.members[1]
    taken = moot.does(moot.members[2], HandOver(area="The storage drivers", taker=None))
    assert only(taken, HandOverNoted).taker == moot.members[2]


def test_r33_nobody_hands_work_to_somebody_else_but_the_person_who_leaves() -> None:
    moot = leaving()
    command = HandOver(area="Releases", taker="m02")
    assert moot.refused(moot.members[2], command, other=moot.members[1]).code == "hand-over-by-whom"
    assert moot.refused(OUTSIDER, HandOver(area="Releases", taker=None)).code == "hand-over-by-whom"
    assert moot.refused(LEAVER, HandOver(area="Releases", taker="nobody")).code == "taker-unknown"
    assert moot.refused(LEAVER, HandOver(area="", taker=None)).code == "text-missing"


def test_r33_a_hand_over_blocks_nothing_and_can_be_noted_until_the_role_has_ended() -> None:
    moot = leaving()
    moot.does(LEAVER, Confirm())
    moot.draft()
    assert moot.does(LEAVER, HandOver(area="Releases", taker=None))
    moot.read_roster(*moot.members[:11])
    assert moot.motion.ended
    assert moot.refused(LEAVER, HandOver(area="Docs", taker=None)).code == "no-step-down"


def test_r33_the_list_has_an_end() -> None:
    moot = leaving()
    for number in range(AREAS):
        moot.does(LEAVER, HandOver(area=f"Area {number}", taker=None))
    assert moot.refused(LEAVER, HandOver(area="One more", taker=None)).code == "hand-over-full"


def test_r34_reviewers_step_down_in_the_same_way() -> None:
    moot = leaving(REVIEWER)
    assert (moot.motion.role, moot.motion.subject) == ("reviewer", REVIEWER)
    moot.does(REVIEWER, Confirm())
    assert moot.draft()
    assert moot.read_roster(*moot.members, role="reviewer") == ()
    assert only(moot.read_roster(*moot.members, role=None), RoleEnded).roster_commit == "beef"


def test_r45_the_role_ends_when_the_roster_no_longer_shows_it() -> None:
    moot = leaving()
    moot.does(LEAVER, Confirm())
    moot.draft()
    assert moot.read_roster(*moot.members, role="maintainer") == (), "not merged yet"
    ended = only(moot.read_roster(*moot.members[:11], commit="c9"), RoleEnded)
    assert (ended.roster_commit, moot.motion.effective, moot.motion.ended) == ("c9", "c9", True)
    assert moot.read_roster(*moot.members[:11]) == ()


def test_a_merge_by_hand_before_the_person_confirmed_ends_it_too() -> None:
    moot = leaving()
    assert only(moot.read_roster(*moot.members[:11], commit="c9"), RoleEnded).roster_commit == "c9"
    assert moot.motion.ended


@pytest.mark.parametrize("command", [Correct(text="Other words."), Second()])
def test_nothing_about_a_step_down_is_corrected_or_seconded(command: Any) -> None:
    moot = leaving()
    assert moot.refused(moot.members[0], command).code in {"text-frozen", "nothing-to-second"}


def test_others_take_a_step_down_back_only_with_a_second_and_it_is_not_repeated_as_it_was() -> None:
    moot = leaving()
    moot.does(moot.members[0], MakeVoid(reason="It was a joke account."))
    assert moot.motion.open
    moot.does(moot.members[1], Second())
    assert moot.motion.outcome == "void"
    about = opening(policy=named("step-down"), subject=LEAVER)
    assert expect_refusal(propose(LEAVER, Rerun(), about, before=moot.motion)).code == "rerun-anew"


def test_one_step_down_at_a_time() -> None:
    moot = leaving()
    about = opening(policy=named("step-down"), subject=LEAVER)
    assert expect_refusal(propose(LEAVER, StepDown(note=""), about, docket=PaperDocket([moot.entry()]))).code == (
        "already-proposed"
    )
    moot.read_roster(*moot.members[:11])
    assert expect_events(propose(LEAVER, StepDown(note=""), about, docket=PaperDocket([moot.entry()]), now=START))


def test_the_core_refuses_a_step_down_beside_a_contact_so_the_clerk_has_to_end_that_first() -> None:
    """The clerk does so in the same transaction; tests/whole shows it."""
    contact = Removal()
    about = opening(policy=named("step-down"), subject=LEAVER)
    refused = expect_refusal(propose(LEAVER, StepDown(note=""), about, docket=PaperDocket([contact.entry()])))
    assert refused.code == "already-proposed"


def test_confirming_what_is_no_step_down_is_refused() -> None:
    moot = Moot()
    assert moot.refused(moot.members[0], Confirm()).code == "no-step-down"
    assert moot.refused(moot.members[0], HandOver(area="x", taker=None)).code == "no-step-down"
