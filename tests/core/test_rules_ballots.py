"""Ballots and objections: R3, R4, R13-R22, T16, and that the last action of a person counts in whatever order."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from bot.core.commands import CHOICES, Choice, Close, RaiseObjection, RetractBallot, Via, Withdraw
from bot.core.events import BallotCast, BallotRetracted, ObjectionRaised
from bot.core.motion import replay
from bot.core.people import PersonId
from bot.core.rules import Facts, decide
from bot.core.teller import recount, tally
from tests.core.builders import (
    CANDIDATE,
    EMPTY,
    OUTSIDER,
    REVIEWER,
    SECOND,
    START,
    Moot,
    expect_refusal,
    only,
    people,
    policy,
)

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("actor", [REVIEWER, OUTSIDER, None])
def test_r3_r4_only_the_maintainers_of_the_electorate_vote(actor: PersonId | None) -> None:
    moot = Moot()
    refusal = moot.refused(actor, moot.ballot("yes"))
    assert (refusal.code, refusal.params["eligible"]) == ("not-in-electorate", 12)


def test_r5_who_joined_the_roster_meanwhile_does_not_vote() -> None:
    moot = Moot()
    moot.read_roster(*moot.members, OUTSIDER)
    assert moot.refused(OUTSIDER, moot.ballot("yes")).code == "not-in-electorate"


def test_r5_who_left_the_roster_meanwhile_does_not_vote() -> None:
    moot = Moot()
    moot.read_roster(*moot.members[1:])
    assert moot.refused(moot.members[0], moot.ballot("yes")).code == "left-the-electorate"


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("via", ["button", "reaction", "command", "ping"])
def test_r14_a_ballot_counts_from_every_venue(choice: Choice, via: Via) -> None:
    moot = Moot()
    event = only(moot.does(moot.members[4], moot.ballot(choice, via=via)), BallotCast)
    assert (event.choice, event.via, event.person) == (choice, via, moot.members[4])
    assert moot.motion.choice_of(moot.members[4]) == choice


@pytest.mark.parametrize("before", [timedelta(seconds=1), timedelta(hours=2)])
def test_t19_who_acts_before_the_delivery_is_confirmed_has_seen_the_announcement(before: timedelta) -> None:
    """The platform's time of the action is earlier than the confirmation, which may have been lost or late."""
    moot = Moot(announced=False)
    moot.now += timedelta(hours=3)
    moot.announce()
    assert moot.vote(1, "yes", at=moot.now - before)
    assert moot.motion.yes == 1


def test_r15_one_person_has_one_ballot_and_the_last_one_counts() -> None:
    moot = Moot()
    for choice in ("yes", "abstain", "no"):
        moot.now += MINUTE
        moot.vote(1, choice)
    counted = tally(moot.motion)
    assert (counted.yes, counted.no, counted.abstain, counted.not_voted) == (0, 1, 0, 11)
    assert sum(isinstance(event, BallotCast) for _, event in moot.log) == 3


def test_f14_where_the_clock_was_set_back_the_platform_says_which_ballot_is_the_last() -> None:
    moot = Moot()
    moot.now += 60 * MINUTE
    first = moot.now
    moot.vote(1, "yes", at=first)
    moot.now -= 50 * MINUTE
    moot.vote(1, "no", at=first + MINUTE)
    assert moot.motion.choice_of(moot.members[0]) == "no"
    moot.vote(1, "abstain", at=first - MINUTE)
    assert moot.motion.choice_of(moot.members[0]) == "no", "an older one that comes late still does not"
    only(moot.does(moot.members[0], RetractBallot(acted_at=first + 2 * MINUTE)), BallotRetracted)
    assert moot.motion.choice_of(moot.members[0]) is None


def test_f14_a_platform_whose_clock_is_ahead_makes_no_ballot_that_cannot_be_changed() -> None:
    moot = Moot()
    moot.vote(1, "yes", at=moot.now + 600 * MINUTE)
    moot.now += MINUTE
    moot.vote(1, "no", at=moot.now)
    assert moot.motion.choice_of(moot.members[0]) == "no"


def test_r15_the_same_action_told_again_changes_nothing() -> None:
    moot = Moot()
    moot.vote(1, "yes")
    for _ in range(10):
        assert moot.vote(1, "yes") == ()


def test_r15_a_repeated_choice_keeps_its_reason_and_a_new_one_replaces_it() -> None:
    moot = Moot()
    moot.vote(1, "yes", reason="They have earned it.")
    moot.now += MINUTE
    moot.vote(1, "yes")
    assert str(moot.motion.ballots[moot.members[0]].reason) == "They have earned it."
    moot.vote(1, "yes", reason="Really.")
    assert str(moot.motion.ballots[moot.members[0]].reason) == "Really."
    moot.now += MINUTE
    moot.vote(1, "no")
    assert moot.motion.ballots[moot.members[0]].reason is None


def test_f20_the_last_action_counts_in_whatever_order_the_actions_arrive() -> None:
    actions: list[tuple[int, Choice | None]] = [(1, "yes"), (2, "no"), (3, "yes"), (4, "abstain")]
    for last in ("yes", "no", "abstain"):
        for order in itertools.permutations([*actions, (5, last)]):
            moot = Moot()
            moot.now += timedelta(hours=1)
            for minute, choice in order:
                assert choice is not None
                moot.vote(1, choice, at=moot.now - timedelta(minutes=30) + minute * MINUTE)
            assert moot.motion.choice_of(moot.members[0]) == last, order


def test_f14_while_the_clock_is_behind_the_platform_says_which_of_two_is_the_last_however_late_they_arrive() -> None:
    moot = Moot()
    said = moot.now + 5 * MINUTE
    moot.vote(1, "abstain", at=said + timedelta(microseconds=3))
    moot.now += timedelta(seconds=35)
    moot.vote(1, "yes", at=said)
    assert moot.motion.choice_of(moot.members[0]) == "abstain"
    moot.vote(1, "abstain", at=said + timedelta(microseconds=9))
    moot.does(moot.members[0], RetractBallot(acted_at=said + timedelta(microseconds=6)))
    assert moot.motion.choice_of(moot.members[0]) == "abstain"
    assert tally(moot.motion) == recount(moot.motion)


def test_f14_a_repetition_that_tells_when_it_was_done_outlives_what_was_done_before_it() -> None:
    moot = Moot()
    moot.vote(1, "yes", at=moot.now)
    moot.vote(1, "yes", at=moot.now + 7 * MINUTE)
    moot.vote(1, "no", at=moot.now + 6 * MINUTE)
    assert moot.motion.choice_of(moot.members[0]) == "yes"


def test_f20_a_repetition_outlives_an_older_ballot_that_was_under_way() -> None:
    moot = Moot()
    start = moot.now
    moot.now += timedelta(hours=1)
    moot.vote(1, "yes", at=start)
    moot.vote(1, "yes", at=start + 10 * MINUTE)
    moot.vote(1, "no", at=start + 5 * MINUTE)
    assert moot.motion.choice_of(moot.members[0]) == "yes"


def test_an_older_ballot_stays_in_the_log_and_counts_for_nothing() -> None:
    moot = Moot()
    moot.now += timedelta(hours=1)
    moot.vote(1, "no")
    before = moot.motion
    moot.vote(1, "yes", at=moot.now - MINUTE)
    assert moot.motion.version == before.version + 1
    assert (moot.motion.yes, moot.motion.no) == (0, 1)


def test_a_ballot_from_the_future_is_taken_as_of_now() -> None:
    """A platform whose clock is ahead must not make a ballot that nothing can replace (F14)."""
    moot = Moot()
    event = only(moot.vote(1, "yes", at=moot.now + timedelta(days=400)), BallotCast)
    assert event.acted_at == moot.now
    moot.now += SECOND
    moot.vote(1, "no")
    assert moot.motion.choice_of(moot.members[0]) == "no"


def test_t16_a_ballot_a_second_before_the_end_counts_and_at_the_end_does_not() -> None:
    moot = Moot()
    moot.now = moot.end + timedelta(seconds=5)
    moot.vote(1, "yes", at=moot.end - SECOND)
    moot.vote(2, "yes", at=moot.end - timedelta(microseconds=1))
    for late in (moot.end, moot.end + SECOND):
        refusal = moot.refused(moot.members[2], moot.ballot("yes", at=late))
        assert (refusal.code, refusal.params["closed"]) == ("too-late", moot.end.isoformat())
    assert moot.close().yes == 2


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_t16_retractions_and_objections_end_with_the_window_too(offset: int) -> None:
    moot = Moot()
    moot.vote(1, "yes")
    acted = moot.end + offset * SECOND
    moot.now = moot.end + timedelta(seconds=5)
    asked = (RetractBallot(acted_at=acted), RaiseObjection(reason="Too soon.", acted_at=acted))
    for command in asked:
        if offset < 0:
            assert moot.does(moot.members[0], command)
        else:
            assert moot.refused(moot.members[0], command).code == "too-late"


def test_t16_after_the_count_nothing_is_taken_whenever_it_was_done() -> None:
    moot = Moot()
    moot.close()
    for acted in (moot.end - timedelta(days=1), moot.end + SECOND):
        refusal = moot.refused(moot.members[0], moot.ballot("yes", at=acted))
        assert (refusal.code, refusal.params["outcome"]) == ("closed", "lost")


def test_ballots_are_taken_while_the_announcement_is_still_under_way() -> None:
    moot = Moot(announced=False)
    moot.vote(1, "yes")
    moot.announce()
    assert moot.motion.yes == 1


def test_retracting_makes_one_who_has_not_voted_and_the_log_keeps_both() -> None:
    moot = Moot()
    moot.vote(1, "yes")
    moot.now += MINUTE
    only(moot.does(moot.members[0], RetractBallot(acted_at=moot.now)), BallotRetracted)
    assert (moot.motion.yes, moot.motion.choice_of(moot.members[0])) == (0, None)
    assert moot.members[0] in moot.motion.not_voted()
    assert [type(e) for _, e in moot.log][-2:] == [BallotCast, BallotRetracted]
    assert moot.refused(moot.members[0], RetractBallot(acted_at=moot.now)).code == "nothing-to-retract"
    moot.vote(1, "no")
    assert moot.motion.no == 1


def test_a_retraction_older_than_the_ballot_retracts_nothing() -> None:
    moot = Moot()
    moot.now += timedelta(hours=1)
    moot.vote(1, "yes")
    moot.does(moot.members[0], RetractBallot(acted_at=moot.now - MINUTE))
    assert moot.motion.choice_of(moot.members[0]) == "yes"


def test_a_reason_has_a_bound_and_no_hidden_characters() -> None:
    moot = Moot()
    refusal = moot.refused(moot.members[0], moot.ballot("no", reason="x" * 501))
    assert (refusal.code, refusal.params) == ("text-too-long", {"field": "reason", "length": 501, "limit": 500})
    assert moot.refused(moot.members[0], moot.ballot("no", reason="a\u202eb")).code == "text-deceptive"
    assert moot.motion.ballots == {}
    moot.vote(1, "no", reason="x" * 500)


def test_r20_an_objection_is_recorded_with_its_reason_and_vetoes_nothing() -> None:
    moot = Moot()
    moot.votes(yes=8)
    raised = moot.does(moot.members[11], RaiseObjection(reason="No other reviewer.", acted_at=moot.now))
    assert str(only(raised, ObjectionRaised).reason) == "No other reviewer."
    assert moot.motion.choice_of(moot.members[11]) is None
    assert moot.close().outcome == "carried"


@pytest.mark.parametrize("reason", ["", "x" * 501, "\u200b"])
def test_r20_an_objection_needs_a_reason_that_can_be_read(reason: str) -> None:
    moot = Moot()
    refusal = moot.refused(moot.members[0], RaiseObjection(reason=reason, acted_at=moot.now))
    assert refusal.code in {"text-missing", "text-too-long", "text-deceptive"}


@pytest.mark.parametrize("actor", [REVIEWER, CANDIDATE])
def test_r20_only_the_electorate_objects(actor: PersonId) -> None:
    moot = Moot()
    refusal = moot.refused(actor, RaiseObjection(reason="No.", acted_at=moot.now))
    assert refusal.code == ("candidate-votes-not" if actor == CANDIDATE else "not-in-electorate")


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "outcome"),
    [(8, 4, 0, "carried"), (8, 0, 0, "carried"), (7, 0, 0, "lost"), (7, 0, 5, "lost"), (7, 5, 0, "lost")],
)
def test_r16_abstention_silence_and_no_are_all_no_approval(yes: int, no: int, abstain: int, outcome: str) -> None:
    moot = Moot()
    moot.votes(yes=yes, no=no, abstain=abstain)
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.needed, closed.eligible) == (outcome, 8, 12)
    assert closed.not_voted == 12 - yes - no - abstain


def test_r16_there_is_no_quorum_besides_the_threshold() -> None:
    moot = Moot(1)
    moot.vote(1, "yes")
    assert moot.close().outcome == "carried"


@pytest.mark.parametrize(("yes", "outcome"), [(4, "carried"), (3, "lost")])
def test_r17_a_reviewer_needs_four_of_twelve(yes: int, outcome: str) -> None:
    moot = Moot(rules=policy("reviewer"))
    moot.votes(yes=yes)
    assert moot.close().outcome == outcome


def test_r19_a_reviewer_carries_with_four_yes_and_eight_no_and_that_is_warned_about() -> None:
    moot = Moot(rules=policy("reviewer"))
    moot.votes(yes=4, no=8)
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.warnings) == ("carried", ("more-no-than-yes",))


@pytest.mark.parametrize(
    ("yes", "no", "outcome"), [(4, 8, "lost"), (4, 4, "lost"), (5, 4, "carried"), (4, 3, "carried")]
)
def test_r19_where_yes_must_exceed_no_it_does(yes: int, no: int, outcome: str) -> None:
    moot = Moot(rules=policy("reviewer", yes_exceeds_no=True))
    moot.votes(yes=yes, no=no)
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.warnings) == (outcome, () if outcome == "carried" else ("yes-exceeds-no",))


def test_r13_nothing_closes_early_however_certain_it_is() -> None:
    for choice in ("yes", "no"):
        moot = Moot()
        for number in range(1, 13):
            moot.vote(number, choice)
        assert tally(moot.motion).certain == ("carried" if choice == "yes" else "lost")
        for now in (moot.now, moot.end - SECOND, moot.end - timedelta(microseconds=1)):
            moot.now = now
            assert moot.refused(None, Close()).code == "not-due"
        moot.vote(1, "abstain")
        moot.now = moot.end
        assert moot.does(None, Close())


def test_t17_a_withdrawn_motion_takes_no_ballot_and_never_carries() -> None:
    moot = Moot()
    moot.votes(yes=12)
    moot.does(moot.members[0], Withdraw(reason="A mistake."))
    assert moot.motion.outcome == "withdrawn"
    assert moot.refused(moot.members[1], moot.ballot("yes")).code == "closed"
    moot.now = moot.end + timedelta(days=1)
    assert moot.does(None, Close()) == ()
    assert moot.motion.outcome == "withdrawn"


def test_the_count_of_the_close_is_made_from_every_single_ballot() -> None:
    moot = Moot(9)
    moot.votes(yes=4, no=2, abstain=1)
    assert recount(moot.motion) == tally(moot.motion)
    assert replay(12, moot.log) == moot.motion


def test_a_motion_that_is_not_there_takes_nothing() -> None:
    ballot = Moot().ballot("yes")
    assert expect_refusal(decide(None, EMPTY, ballot, Facts(actor=people(1)[0]), START)).code == "no-such-motion"
