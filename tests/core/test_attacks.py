"""What somebody may try against the rules themselves: to have their way by the order in which things are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.commands import Correct, MakeVoid, ProposeRemoval, Rerun, Second, StepDown, Withdraw
from bot.core.effects import effects_of, poll_key, wish_of
from bot.core.events import MotionClosed, MotionOpened, MotionWithdrawn, RemovalProposed, SecondGiven
from bot.core.people import PersonId
from bot.core.prose import Prose
from bot.core.rules import overtaken
from tests.core.builders import (
    CANDIDATE,
    CHANNEL,
    REVIEWER,
    SECOND,
    Moot,
    PaperDocket,
    Removal,
    expect_events,
    expect_refusal,
    leaving,
    named,
    only,
    opening,
    people,
    policy,
    propose,
    roster,
)

MOVED_ON = Prose.of("The person steps down.", salt="s", label="moot")


# --------------------------------------------------------------------------- consent that is turned into another


@pytest.mark.parametrize(
    "then", [Correct(text="Something else."), MakeVoid(reason="A mistake."), Withdraw(reason="No.")]
)
def test_a_press_seconds_what_its_message_says_and_nothing_that_was_asked_for_since(then: Correct | MakeVoid) -> None:
    moot = Moot()
    moot.does(moot.members[1], Withdraw(reason="Too early."))
    pressed = moot.motion.asked_in
    moot.does(moot.members[1], then)
    assert moot.refused(moot.members[2], Second(), wish=pressed).code == "asked-anew"
    moot.does(moot.members[2], Second(), wish=moot.motion.asked_in)
    assert moot.motion.asked is None


def test_the_button_of_a_settled_wish_supports_nothing_and_that_of_the_poll_only_the_proposal() -> None:
    moot = Moot(rules=policy(seconds=2))
    moot.does(moot.members[1], Withdraw(reason="Too early."))
    pressed = moot.motion.asked_in
    only(moot.does(moot.members[2], Second(), wish=0), SecondGiven)
    moot.read_roster(*(person for person in moot.members if person != moot.members[1]))
    assert moot.refused(moot.members[3], Second(), wish=pressed).code == "nothing-to-second"
    assert moot.motion.seconds == {moot.members[2]}


def test_a_message_that_asks_for_a_second_says_by_its_key_what_for() -> None:
    moot = Moot()
    (asked,) = moot.does(moot.members[1], Withdraw(reason="Too early."))
    (effect,) = effects_of(asked, moot.motion, (CHANNEL,))
    assert wish_of(effect.key) == moot.motion.asked_in
    assert [wish_of(key) for key in (poll_key(12, CHANNEL), "m12:poll-edit:slack:C1:after:7.0")] == [0, 0]
    assert [wish_of(key) for key in ("", "m12:result:3:slack:C1", "m12:second-asked:x:slack:C1")] == [None] * 3


# --------------------------------------------------------------------------- escaping a vote


def test_r38_a_step_down_ends_a_removal_only_while_its_window_runs() -> None:
    moot = Removal().voting()
    moot.now = moot.end - SECOND
    assert isinstance(overtaken(moot.motion, moot.subject, MOVED_ON, moot.now), MotionWithdrawn)
    assert overtaken(moot.motion, moot.subject, MOVED_ON, moot.end) is None


def test_who_has_ended_the_vote_on_their_removal_takes_the_step_down_back_only_with_a_second() -> None:
    removal = Removal().voting()
    ended = replace(removal.motion, withdrawn=MotionWithdrawn(person=removal.subject, seconder=None, reason=MOVED_ON))
    for before, alone in ((ended, False), (None, True)):
        moot = leaving(removal.subject, before=before)
        moot.does(removal.subject, Withdraw(reason="I stay."))
        assert (moot.motion.outcome == "withdrawn") is alone
    moot = leaving(REVIEWER, before=ended)
    moot.does(REVIEWER, Withdraw(reason="I stay."))
    assert moot.refused(REVIEWER, Second()).code == "not-a-maintainer"
    moot.does(moot.members[2], Second())
    assert moot.motion.outcome == "withdrawn"


def test_who_has_opened_as_many_motions_as_they_may_can_still_step_down() -> None:
    docket = PaperDocket([replace(Moot().entry(), number=n, subject=PersonId(f"p{n}")) for n in (1, 2, 3)])
    about = opening(policy=named("step-down"), subject=people(1)[0])
    opened = only(expect_events(propose(command=StepDown(note=""), about=about, docket=docket)), MotionOpened)
    assert opened.subject == people(1)[0]


# --------------------------------------------------------------------------- a vote in one's own affair


def test_who_is_excluded_as_the_proposer_of_a_removal_is_who_proposed_it_to_the_channel() -> None:
    moot = Removal(rules={"exclude": ("subject", "proposer"), "electorate": "live"}).contacted()
    proposed = only(moot.does(moot.members[3], ProposeRemoval()), RemovalProposed)
    assert moot.members[3] not in proposed.electorate.members
    assert moot.members[0] in proposed.electorate.members
    assert moot.read_roster(*moot.members, role="maintainer") == ()


def test_nobody_repeats_the_candidacy_that_was_lost_as_their_own_proposer() -> None:
    lost = Moot(rules=policy(initiators="anyone"))
    lost.close()
    about = opening(policy=policy(initiators="anyone"))
    assert expect_refusal(propose(CANDIDATE, Rerun(), about, before=lost.motion)).code == "self-nomination"


def test_a_candidacy_that_is_repeated_has_no_sponsor_who_is_no_maintainer_any_more() -> None:
    sponsor = people(12)[4]
    lost = Moot(sponsor=sponsor)
    lost.close()
    left = roster(person for person in people(12) if person != sponsor)
    for read, named_again in ((left, None), (roster(people(12)), sponsor)):
        about = opening(read, sponsor=sponsor)
        again = only(expect_events(propose(command=Rerun(), about=about, before=lost.motion)), MotionOpened)
        assert again.sponsor == named_again


# --------------------------------------------------------------------------- an electorate that vanishes


def test_an_electorate_that_has_left_altogether_carries_nothing() -> None:
    moot = Moot()
    moot.votes(yes=12)
    moot.read_roster(*(PersonId(f"new{n}") for n in range(5)))
    moot.now = moot.end + timedelta(seconds=30)
    closed = moot.close().closed
    assert isinstance(closed, MotionClosed)
    assert (closed.outcome, closed.eligible, closed.snapshot_outcome) == ("lost", 0, "carried")
