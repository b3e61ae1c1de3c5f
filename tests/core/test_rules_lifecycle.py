"""From the announcement to the close: R5, R12, R13, pings, withdrawal, correction, late counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.calendar import Window
from bot.core.commands import Close, Command, Correct, Extend, NoteRoster, Ping, RetractBallot, Second, Withdraw
from bot.core.events import (
    ElectorateExtended,
    ElectorateReduced,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionWithdrawn,
    NoticeDelivered,
    RoleBegan,
    SecondAsked,
    VotersPinged,
    WindowExtended,
)
from bot.core.motion import evolve, replay
from bot.core.people import MAINTAINER, PersonId
from bot.core.teller import tally
from tests.core.builders import CANDIDATE, OUTSIDER, REVIEWER, SECOND, START, Moot, at, only, people, policy

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


# ---------------------------------------------------------------------- the announcement


def test_t19_the_window_starts_when_the_announcement_was_delivered_not_when_it_was_made() -> None:
    moot = Moot(announced=False)
    moot.now += 3 * DAY  # the channel was down from Monday to Thursday
    event = only(moot.announce(), NoticeDelivered)
    assert event.closes_at == at("2026-07-10T00:00")
    assert moot.motion.stage == "open"


def test_r12_the_window_of_a_monday_ends_after_the_next_one() -> None:
    assert Moot().end == at("2026-07-07T00:00")


def test_a_notice_that_is_confirmed_again_or_was_never_made_changes_nothing() -> None:
    moot = Moot(announced=False)
    assert moot.announce(2) == ()
    assert moot.announce(0) == ()
    assert moot.announce(1)
    moot.now += DAY
    assert moot.announce(1) == ()
    assert moot.end == at("2026-07-07T00:00")


def test_f14_a_platform_whose_clock_is_behind_does_not_shorten_the_window() -> None:
    moot = Moot(announced=False)
    moot.announce(at=START - timedelta(days=400))
    assert moot.end == at("2026-07-07T00:00")
    assert moot.motion.delivered_at == START


def test_nothing_is_announced_after_the_end() -> None:
    moot = Moot(announced=False)
    moot.does(moot.members[0], Withdraw(reason="A mistake."))
    assert moot.announce() == ()


# ---------------------------------------------------------------------- correction


def test_a_correction_by_the_proposer_starts_the_window_anew_with_its_own_announcement() -> None:
    moot = Moot()
    moot.vote(2, "yes")
    moot.now += 2 * DAY
    event = only(moot.does(moot.members[0], Correct(text="The cache work, not storage.")), MotionCorrected)
    assert event.notice == 2
    assert str(moot.motion.text) == "The cache work, not storage."
    assert moot.motion.closes_at is None
    moot.announce()
    assert moot.end == at("2026-07-09T00:00")
    assert moot.motion.yes == 1, "ballots stand"


def test_r12_a_corrected_motion_is_not_counted_before_its_own_window_has_passed() -> None:
    """Also where the corrected notice cannot be delivered for longer than the old window ran."""
    moot = Moot()
    old = moot.end
    moot.now = old - SECOND
    moot.does(moot.members[0], Correct(text="Another text."))
    moot.now = old + DAY
    assert moot.refused(None, Close()).code == "not-due"
    moot.vote(2, "yes")
    moot.announce()
    assert moot.end == at("2026-07-16T00:00")


@pytest.mark.parametrize("behind", [timedelta(), HOUR, 4 * DAY, 400 * DAY])
def test_t7_a_correction_never_shortens_the_window(behind: timedelta) -> None:
    moot = Moot()
    old = moot.end
    moot.does(moot.members[0], Correct(text="Another text."))
    moot.announce(at=moot.now - behind)
    assert moot.end >= old


def test_t7_a_correction_takes_back_no_extension() -> None:
    moot = Moot()
    moot.does(moot.members[3], Extend(by="10bd", reason="Half of us are away."))
    extended = moot.end
    for text in ("Better.", "Better still."):
        moot.now += HOUR
        moot.does(moot.members[0], Correct(text=text))
        moot.announce()
        assert moot.end == extended
    assert only(moot.does(moot.members[4], Extend(by="1bd", reason="Still.")), WindowExtended).closes_at > extended


def test_an_old_notice_confirmed_late_does_not_start_the_window_of_the_corrected_text() -> None:
    moot = Moot()
    moot.does(moot.members[0], Correct(text="Another text."))
    moot.does(moot.members[0], Correct(text="A third text."))
    assert moot.announce(1) == ()
    assert moot.announce(2) == ()
    assert moot.motion.closes_at is None
    assert moot.announce(3)


def test_after_a_correction_the_pings_come_anew() -> None:
    moot = Moot()
    moot.now = moot.end - 48 * HOUR
    assert moot.ping(48)
    moot.does(moot.members[0], Correct(text="Another text."))
    assert moot.ping(48) == ()
    moot.announce()
    moot.now = moot.end - 48 * HOUR
    assert moot.ping(48)


@pytest.mark.parametrize("text", ["", "x" * 3001, "a\u202eb"])
def test_a_correction_needs_a_text_that_can_be_read(text: str) -> None:
    moot = Moot()
    refusal = moot.refused(moot.members[0], Correct(text=text))
    assert refusal.code in {"text-missing", "text-too-long", "text-deceptive"}


# ---------------------------------------------------------------------- withdrawal and seconds


def test_the_proposer_withdraws_alone() -> None:
    moot = Moot()
    event = only(moot.does(moot.members[0], Withdraw(reason="Wrong person, sorry.")), MotionWithdrawn)
    assert (event.person, event.seconder) == (moot.members[0], None)
    assert (moot.motion.outcome, moot.motion.stage, moot.motion.ended) == ("withdrawn", "withdrawn", True)
    assert moot.motion.closed_at == moot.now


@pytest.mark.parametrize("what", [Withdraw(reason="They asked me to."), Correct(text="They asked me to.")])
def test_another_maintainer_needs_a_second_who_is_not_themselves(what: Command) -> None:
    moot = Moot()
    asked = only(moot.does(moot.members[3], what), SecondAsked)
    assert asked.person == moot.members[3]
    assert moot.motion.open
    assert str(moot.motion.text) != "They asked me to."
    assert moot.refused(moot.members[3], Second()).code == "second-by-another"
    done = moot.does(moot.members[5], Second())
    if isinstance(what, Withdraw):
        gone = only(done, MotionWithdrawn)
        assert (gone.person, gone.seconder, str(gone.reason)) == (moot.members[3], moot.members[5], "They asked me to.")
    else:
        assert only(done, MotionCorrected).person == moot.members[3]
        assert str(moot.motion.text) == "They asked me to."
        assert moot.refused(moot.members[5], Second()).code == "nothing-to-second"


def test_the_proposer_can_second_what_a_colleague_asked_for() -> None:
    moot = Moot()
    moot.does(moot.members[3], Withdraw(reason="They asked me to."))
    assert only(moot.does(moot.members[0], Second()), MotionWithdrawn).seconder == moot.members[0]


def test_a_wish_that_waits_for_a_second_is_not_replaced_by_another_one() -> None:
    moot = Moot()
    moot.does(moot.members[3], Withdraw(reason="They asked me to."))
    refusal = moot.refused(moot.members[4], Correct(text="Better words."))
    assert (refusal.code, refusal.params["person"]) == ("asked-already", moot.members[3])
    moot.does(moot.members[3], Correct(text="Better words."))
    assert only(moot.does(moot.members[4], Second()), MotionCorrected).person == moot.members[3]


def test_a_correction_by_the_proposer_settles_what_colleagues_asked_for() -> None:
    moot = Moot()
    moot.does(moot.members[3], Correct(text="Worse words."))
    moot.does(moot.members[0], Correct(text="Better words."))
    assert moot.refused(moot.members[5], Second()).code == "nothing-to-second"


def test_without_anything_asked_for_there_is_nothing_to_second() -> None:
    assert Moot().refused(people(1)[0], Second()).code == "nothing-to-second"


LIFECYCLE: list[Command] = [Withdraw(reason="Why."), Correct(text="What."), Second()]


@pytest.mark.parametrize("command", LIFECYCLE)
@pytest.mark.parametrize("actor", [REVIEWER, OUTSIDER, CANDIDATE, None])
def test_only_maintainers_of_the_vote_withdraw_correct_or_second(command: Command, actor: PersonId | None) -> None:
    assert Moot().refused(actor, command).code == "not-a-maintainer"


@pytest.mark.parametrize("command", LIFECYCLE)
def test_after_the_end_nothing_is_withdrawn_corrected_or_seconded(command: Command) -> None:
    moot = Moot()
    moot.close()
    assert moot.refused(moot.members[0], command).code == "closed"


@pytest.mark.parametrize("command", LIFECYCLE)
def test_t17_between_the_end_of_the_window_and_the_count_nobody_stops_it(command: Command) -> None:
    """A proposer who sees that the vote is lost must not start it anew while the bot is down."""
    moot = Moot()
    moot.does(moot.members[3], Withdraw(reason="They asked me to."))
    moot.now = moot.end
    assert moot.refused(moot.members[0], command).code == "too-late"


@pytest.mark.parametrize("reason", ["", "x" * 501])
def test_a_withdrawal_needs_a_reason(reason: str) -> None:
    assert Moot().refused(people(1)[0], Withdraw(reason=reason)).code in {"text-missing", "text-too-long"}


# ---------------------------------------------------------------------- pings


def test_pings_go_48_and_24_hours_before_the_close_to_those_who_have_not_voted() -> None:
    moot = Moot()
    moot.votes(yes=5, no=2, abstain=1)
    moot.now += HOUR
    moot.does(moot.members[0], RetractBallot(acted_at=moot.now))
    waiting = (moot.members[0], *moot.members[8:])
    moot.now = moot.end - 48 * HOUR - SECOND
    assert moot.ping(48) == ()
    moot.now = moot.end - 48 * HOUR
    assert only(moot.ping(48), VotersPinged).people == waiting
    assert moot.ping(48) == ()
    assert moot.ping(24) == ()
    moot.vote(12, "yes")
    moot.now = moot.end - 24 * HOUR
    assert only(moot.ping(24), VotersPinged).people == waiting[:-1]
    assert moot.motion.pinged == {48, 24}


def test_a_bot_that_was_down_sends_the_nearest_ping_alone() -> None:
    moot = Moot()
    moot.now = moot.end - HOUR
    assert moot.ping(48) == ()
    assert moot.ping(24)
    assert moot.ping(48) == ()


def test_nobody_is_pinged_before_the_announcement_after_the_end_or_when_all_have_voted() -> None:
    assert Moot(announced=False).ping(48) == ()
    late = Moot()
    late.now = late.end
    assert late.ping(24) == ()
    done = Moot(3)
    done.votes(yes=3)
    done.now = done.end - HOUR
    assert done.ping(24) == ()
    closed = Moot()
    closed.close()
    assert closed.ping(24) == ()


def test_who_left_the_roster_or_is_the_candidate_is_not_pinged() -> None:
    moot = Moot()
    moot.read_roster(*moot.members[1:], CANDIDATE, role=MAINTAINER)
    moot.now = moot.end - HOUR
    assert only(moot.ping(24), VotersPinged).people == moot.members[1:]


@pytest.mark.parametrize("hours", [0, 1, 12, 72])
def test_there_are_pings_of_no_other_hour(hours: int) -> None:
    moot = Moot()
    moot.now = moot.end - HOUR
    assert moot.does(None, Ping(hours=hours)) == ()


# ---------------------------------------------------------------------- the roster meanwhile


def test_r5_who_is_removed_leaves_numerator_and_denominator_and_who_is_added_does_not_join() -> None:
    moot = Moot()
    moot.votes(yes=4, no=1)
    event = only(moot.read_roster(*moot.members[1:], OUTSIDER), ElectorateReduced)
    assert (event.people, event.roster_commit) == (moot.members[:1], "beef")
    counted = tally(moot.motion)
    assert (counted.eligible, counted.needed, counted.yes, counted.no) == (11, 8, 3, 1)
    assert moot.motion.ballots[moot.members[0]].choice == "yes", "the ballot stays in the log"
    assert moot.read_roster(*moot.members[1:], OUTSIDER) == ()


def test_r5_in_a_snapshot_who_comes_back_does_not_join_again() -> None:
    moot = Moot()
    moot.read_roster(*moot.members[1:])
    assert moot.read_roster(*moot.members) == ()
    assert moot.members[0] not in moot.motion.members


def test_r5_in_a_live_electorate_who_joins_votes_and_who_comes_back_counts_again() -> None:
    moot = Moot(rules=policy(electorate="live"))
    moot.votes(yes=2)
    left, joined = moot.read_roster(*moot.members[1:], OUTSIDER)
    assert isinstance(left, ElectorateReduced)
    assert isinstance(joined, ElectorateExtended)
    assert (left.people, joined.people) == (moot.members[:1], (OUTSIDER,))
    moot.vote(OUTSIDER, "yes")
    assert (tally(moot.motion).eligible, moot.motion.yes) == (12, 2)
    moot.read_roster(*moot.members, OUTSIDER)
    assert (tally(moot.motion).eligible, moot.motion.yes) == (13, 3)


def test_t8_an_outcome_that_a_removal_decided_waits_for_an_acknowledgement() -> None:
    """7 of 12 would have been lost; with two fewer maintainers 7 of 10 carries."""
    moot = Moot()
    moot.votes(yes=7)
    moot.read_roster(*moot.members[:10])
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.snapshot_outcome) == ("carried", "lost")
    assert (closed.eligible, closed.needed) == (10, 7)
    assert moot.motion.needs_acknowledgement


def test_t8_an_outcome_that_removals_turned_into_a_loss_is_told_as_such() -> None:
    moot = Moot()
    moot.votes(yes=8)
    moot.read_roster(*moot.members[3:])
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.snapshot_outcome) == ("lost", "carried")
    assert moot.motion.ended


def test_t8_a_roster_that_is_packed_meanwhile_changes_nothing_in_a_snapshot() -> None:
    moot = Moot()
    moot.votes(yes=8)
    moot.read_roster(*moot.members, *(PersonId(f"sock{n}") for n in range(20)))
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.snapshot_outcome, closed.eligible) == ("carried", "carried", 12)


def test_an_electorate_that_has_lost_everybody_carries_nothing() -> None:
    moot = Moot(2)
    moot.votes(yes=2)
    moot.read_roster(OUTSIDER)
    closed = moot.close().closed
    assert closed is not None
    assert (closed.outcome, closed.eligible) == ("lost", 0)


# ---------------------------------------------------------------------- the close


@pytest.mark.parametrize("late", [0, 30, 86400])
def test_f17_a_late_count_says_how_late_it_is(late: int) -> None:
    moot = Moot()
    closed = moot.close(late=timedelta(seconds=late)).closed
    assert closed is not None
    assert closed.late_seconds == late
    assert moot.motion.closed_at == moot.now


def test_a_motion_is_counted_once() -> None:
    moot = Moot()
    moot.close()
    assert moot.does(None, Close()) == ()
    assert sum(isinstance(event, MotionClosed) for _, event in moot.log) == 1


def test_a_motion_that_was_never_announced_is_never_counted() -> None:
    moot = Moot(announced=False)
    moot.now += 400 * DAY
    assert moot.refused(None, Close()).code == "not-due"


def test_r12_other_windows_are_kept_too() -> None:
    moot = Moot(rules=policy(window=Window(count=72, unit="h")))
    assert moot.end == START + timedelta(hours=72)


# ---------------------------------------------------------------------- R28 and the log


@pytest.mark.parametrize(("role", "held", "began"), [("maintainer", "reviewer", False), ("reviewer", MAINTAINER, True)])
def test_r28_the_role_begins_when_the_roster_shows_it(role: str, held: str, *, began: bool) -> None:
    moot = Moot(rules=policy(role))
    moot.carry()
    assert moot.motion.effective is None, "never when the vote carries"
    events = moot.read_roster(*moot.members, role=held, commit="c9")
    assert bool(events) is began
    if began:
        assert only(events, RoleBegan).roster_commit == "c9"
        assert moot.motion.ended
        assert moot.read_roster(*moot.members, role=held) == ()


@pytest.mark.parametrize("outcome", ["open", "lost", "withdrawn"])
def test_r28_no_role_begins_by_a_motion_that_has_not_carried(outcome: str) -> None:
    moot = Moot()
    if outcome == "lost":
        moot.close()
    elif outcome == "withdrawn":
        moot.does(moot.members[0], Withdraw(reason="A mistake."))
    note = NoteRoster(commit="c9", maintainers=(*moot.members, CANDIDATE), subject_role=MAINTAINER)
    assert moot.does(None, note) == ()
    assert moot.motion.effective is None


def test_a_log_that_opens_a_motion_twice_or_never_is_refused() -> None:
    moot = Moot()
    _, first = moot.log[0]
    assert isinstance(first, MotionOpened)
    with pytest.raises(ValueError, match="MotionOpened does not belong here"):
        evolve(moot.motion, first, number=12, at=START)
    with pytest.raises(ValueError, match="before it was opened"):
        replay(12, moot.log[1:])
    assert replay(12, []) is None
