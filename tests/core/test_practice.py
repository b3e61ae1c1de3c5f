"""Practice: the real arithmetic and the whole flow of a vote, and nothing that follows from it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.commands import (
    Acknowledge,
    Close,
    Extend,
    Practice,
    RecordAnswer,
    Rerun,
    Second,
    TakeInvitation,
    Withdraw,
)
from bot.core.docket import entry_of
from bot.core.effects import FORGE
from bot.core.events import MotionClosed, VotersPinged
from bot.core.minutes import minutes_of
from bot.core.practice import practice_policy
from bot.core.record import record_of
from bot.core.teller import tally
from bot.rulebooks import load
from tests.core.builders import (
    OUTSIDER,
    RULES,
    Moot,
    PaperDocket,
    PlainNames,
    expect_refusal,
    only,
    opening,
    people,
    practice,
    propose,
)


@pytest.mark.parametrize("name", ["distribution", "containerd", "apache", "oci-image-spec", "conda"])
def test_it_has_the_arithmetic_of_the_projects_own_candidacies(name: str) -> None:
    rulebook = load(name, beside=Path())
    real, tried = rulebook.adding("maintainer"), practice_policy(rulebook)
    assert tried is not None
    assert tried.kind == "practice"
    assert tried.enactment == "none"
    if real is not None:
        assert (tried.threshold, tried.of, tried.quorum, tried.window) == (
            real.threshold,
            real.of,
            real.quorum,
            real.window,
        )


def test_it_counts_like_a_candidacy() -> None:
    tried, real = practice(), Moot()
    for moot in (tried, real):
        moot.votes(yes=7, no=2)
    assert tally(tried.motion) == tally(real.motion)
    assert tally(tried.motion).needed == 8


def test_nothing_follows_from_one_that_has_carried() -> None:
    moot = practice()
    moot.votes(yes=11)
    motion = moot.close()
    assert (motion.outcome, motion.ended, motion.enactable) == ("carried", True, False)
    assert not [effect for effect in moot.effects() if effect.venue == FORGE or effect.kind == "draft"]
    assert moot.refused(moot.members[0], TakeInvitation()).code == "no-candidate"
    assert moot.refused(moot.members[0], RecordAnswer(accepted=True, name="", email="")).code == "no-candidate"


def test_it_asks_for_no_acknowledgement_even_if_the_roster_decided_it() -> None:
    moot = practice()
    moot.votes(yes=7)
    moot.read_roster(*moot.members[:10])
    motion = moot.close()
    assert motion.closed is not None
    assert motion.closed.outcome != motion.closed.snapshot_outcome
    assert not motion.needs_acknowledgement
    assert moot.refused(moot.members[0], Acknowledge()).code == "nothing-to-acknowledge"


def test_it_ends_as_soon_as_everybody_has_voted_and_not_before() -> None:
    moot = practice(3)
    moot.votes(yes=2)
    assert moot.refused(None, Close()).code == "not-due", "certain, but one has not voted"
    moot.vote(3, "abstain")
    closed = only(moot.does(None, Close()), MotionClosed)
    assert closed.late_seconds == 0
    assert moot.motion.outcome == "carried"


def test_a_real_candidacy_does_not_end_early() -> None:
    moot = Moot(3)
    moot.votes(yes=3)
    assert moot.refused(None, Close()).code == "not-due"


@pytest.mark.parametrize("minutes", [1, 10, 10080])
def test_its_window_can_be_some_minutes(minutes: int) -> None:
    moot = practice(minutes=minutes)
    assert moot.end - moot.now == timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [-1, 10081])
def test_its_window_is_no_longer_than_a_week_of_minutes(minutes: int) -> None:
    about = opening(policy=practice_policy(RULES, 10), subject=None)
    refused = expect_refusal(propose(command=Practice(title="", minutes=minutes), about=about))
    assert refused.code == "minutes-unfit"


def test_nobody_is_reminded_at_the_opening_of_a_short_one() -> None:
    moot = practice(minutes=30)
    assert moot.ping(24) == moot.ping(48) == ()
    two_days = practice(minutes=2 * 24 * 60)
    assert two_days.ping(24) == ()
    two_days.now += timedelta(days=1)
    assert only(two_days.ping(24), VotersPinged).hours == 24


def test_one_at_a_time_and_counted_against_no_limit() -> None:
    entry = practice().entry()
    about = opening(policy=practice_policy(RULES), subject=None, limit=1)
    again = propose(command=Practice(title="", minutes=0), about=about, docket=PaperDocket([entry]))
    assert expect_refusal(again).code == "already-practising"
    real = propose(about=opening(limit=1), docket=PaperDocket([entry]))
    assert not hasattr(real, "code"), "a practice takes nobody's place"
    full = PaperDocket([Moot().entry()])
    assert not hasattr(propose(command=Practice(title="", minutes=0), about=about, docket=full), "code")


def test_only_maintainers_practise() -> None:
    about = opening(policy=practice_policy(RULES), subject=None)
    assert expect_refusal(propose(OUTSIDER, Practice(title="", minutes=0), about)).code == "not-a-maintainer"


def test_what_can_be_done_to_a_motion_can_be_tried_out() -> None:
    moot = practice()
    moot.does(moot.members[1], Extend(by="2bd", reason="To see it."))
    moot.does(moot.members[2], Withdraw(reason="Enough."))
    moot.does(moot.members[3], Second())
    assert moot.motion.outcome == "withdrawn"
    again = expect_refusal(propose(people(1)[0], Rerun(), moot.about, before=moot.motion))
    assert again.code == "rerun-anew"


def test_it_is_in_no_record_and_its_minutes_say_what_it_is() -> None:
    moot = practice()
    assert record_of(moot.motion) is None
    with pytest.raises(ValueError, match="has not carried"):
        minutes_of(moot.motion, names=PlainNames(), head="", genesis="ab" * 32)
    moot.votes(yes=3)
    moot.close()
    assert record_of(moot.motion) is None
    made = minutes_of(moot.motion, names=PlainNames(), head="9c41", genesis="ab" * 32)
    assert made.body.startswith("**Practice: nothing follows from it.**")
    assert "nothing follows from it" in made.title
    assert "8 of 12 maintainers: 66% of 12 = 7.92, so 8" in made.body


def test_a_refusal_about_it_says_that_it_is_practice() -> None:
    moot = practice()
    assert moot.refused(OUTSIDER, moot.ballot("yes")).params["practice"] is True
    assert "practice" not in Moot().refused(OUTSIDER, moot.ballot("yes")).params


def test_it_needs_no_title() -> None:
    assert str(practice(title="").motion.opened.title) == "Try out a vote"
    assert entry_of(practice().motion).kind == "practice"
