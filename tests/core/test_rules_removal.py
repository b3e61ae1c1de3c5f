"""Inactivity and removal: R36-R45, T22. A private contact first, then the channel, then a draft that says nothing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import Answer
from bot.core.calendar import Window
from bot.core.commands import (
    CONTACT_ANSWERS,
    Acknowledge,
    AskContact,
    CallDraft,
    Close,
    Command,
    Confirm,
    Correct,
    Extend,
    HandOver,
    LiftObjection,
    MakeVoid,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    RemindContact,
    Rerun,
    RetractBallot,
    Second,
    TakeContact,
    TakeInvitation,
    Via,
    Withdraw,
)
from bot.core.effects import FORGE, Effect
from bot.core.events import (
    BallotCast,
    ContactAnswered,
    ContactReminded,
    ContactTaken,
    DraftOpened,
    ElectorateReduced,
    MotionClosed,
    MotionOpened,
    RemovalProposed,
    RoleEnded,
    VotingOpened,
)
from bot.core.minutes import minutes_of
from bot.core.people import MAINTAINER, PersonId
from bot.core.plain import plain_card
from bot.core.rules import RosterFault
from bot.core.rules.removal import discussion_ends, reminder_due
from bot.core.teller import tally
from bot.core.wording import Scene, answer_card, poll_card
from tests.core.builders import (
    EMPTY,
    HEAD,
    OUTSIDER,
    REVIEWER,
    SECOND,
    START,
    Moot,
    PaperDocket,
    PlainNames,
    Removal,
    at,
    day,
    expect_events,
    expect_refusal,
    named,
    only,
    opening,
    people,
    propose,
    roster,
)

TWELVE = people(12)
SUBJECT = TWELVE[11]
DAY = timedelta(days=1)


def asking(actor: PersonId = TWELVE[0], login: str = "away", **changes: Any) -> Any:
    about = opening(**{"policy": named("remove"), "subject": SUBJECT, **changes})
    return propose(actor, AskContact(login=login), about)


# ---------------------------------------------------------------------- the contact is private


def venues(effects: tuple[Effect, ...]) -> set[str]:
    return {effect.venue for effect in effects}


def test_r37_asking_for_a_contact_tells_the_colleagues_and_neither_the_channel_nor_the_subject() -> None:
    moot = Removal()
    assert moot.motion.stage == "contact"
    assert venues(moot.effects()) == {f"person:{person}" for person in TWELVE[:11]}
    assert {effect.kind for effect in moot.effects()} == {"contact-asked"}


@pytest.mark.parametrize("answer", CONTACT_ANSWERS)
def test_r37_r43_nothing_of_a_contact_is_ever_in_the_channel_or_told_to_the_subject(answer: Any) -> None:
    moot = Removal().contacted(None)
    for _ in range(3):
        due = reminder_due(moot.motion)
        assert due is not None
        moot.now = due
        moot.does(None, RemindContact())
    moot.does(moot.members[1], RecordContact(answer=answer))
    if answer not in {"cannot", "no-answer"}:
        assert (moot.motion.outcome, moot.motion.ended) == ("withdrawn", True)
    assert all(venue.startswith("person:") and not venue.endswith(SUBJECT) for venue in venues(moot.effects()))


def test_r37_a_contact_that_is_taken_back_or_loses_its_object_ends_in_silence() -> None:
    asked = Removal()
    asked.does(asked.members[0], Withdraw(reason="They are back."))
    gone = Removal()
    assert only(gone.read_roster(*TWELVE[:11], commit="c9"), RoleEnded).roster_commit == "c9"
    for moot in (asked, gone):
        assert (moot.motion.outcome, moot.motion.ended) == ("withdrawn", True)
        assert all(venue.startswith("person:") and not venue.endswith(SUBJECT) for venue in venues(moot.effects()))
    assert asked.effects()[-1].kind == "contact-ended"


def test_r37_only_who_asked_for_a_contact_takes_it_back() -> None:
    moot = Removal()
    refusal = moot.refused(moot.members[3], Withdraw(reason="Leave them alone."))
    assert (refusal.code, refusal.params["person"]) == ("only-who-asked", moot.members[0])


EVERYTHING: tuple[Command, ...] = (
    *(TakeContact(), ProposeRemoval(), Second(), Confirm(), TakeInvitation(), Acknowledge(), LiftObjection()),
    *(RecordContact(answer=answer) for answer in CONTACT_ANSWERS),
    *(Withdraw(reason="x"), Correct(text="x"), MakeVoid(reason="x"), Extend(by="1d", reason="x")),
    *(RaiseObjection(reason="x", acted_at=START), RetractBallot(acted_at=START)),
    HandOver(area="x", taker=None),
    RecordAnswer(accepted=True, name="", email=""),
    RecordBallot(voter="m02", choice="yes", link="https://example.org/m/1", acted_at=START),
)


@pytest.mark.parametrize("command", EVERYTHING, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize("actor", [SUBJECT, REVIEWER, OUTSIDER, None])
def test_r37_r43_for_the_subject_and_for_outsiders_a_contact_does_not_exist(
    command: Command, actor: PersonId | None
) -> None:
    """The same answer as for a number that was never given: nothing can be learnt by asking."""
    moot = Removal()
    current = moot.members if isinstance(command, TakeContact | RecordContact | ProposeRemoval) else None
    assert moot.refused(actor, command, current=current).code == "no-such-motion"
    assert moot.refused(actor, moot.ballot("no")).code == "no-such-motion"


def test_r43_a_contact_is_not_repeated_by_who_may_not_know_of_it() -> None:
    about = opening(policy=named("remove"), subject=SUBJECT)
    moot = Removal()
    assert expect_refusal(propose(SUBJECT, Rerun(), about, before=moot.motion)).code == "no-such-motion"


# ---------------------------------------------------------------------- R36, R37: who asks, who is neutral


def test_r36_nothing_is_removed_by_itself() -> None:
    """A year passes over a contact that nobody takes, and over one that says that they cannot: nothing happens."""
    for moot in (Removal(), Removal().contacted("cannot")):
        before = moot.motion
        moot.now += timedelta(days=365)
        for command in (RemindContact(), CallDraft()):
            assert moot.does(None, command) == ()
        assert moot.refused(None, Close()).code == "not-due"
        assert moot.motion == before


def test_r36_only_maintainers_ask_and_only_about_somebody_in_the_roster() -> None:
    assert expect_refusal(asking(REVIEWER)).code == "not-a-maintainer"
    assert expect_refusal(asking(OUTSIDER)).code == "not-a-maintainer"
    assert expect_refusal(asking(subject=OUTSIDER)).code == "not-on-roster"
    assert expect_refusal(asking(subject=None)).code == "login-unfit"
    assert expect_refusal(asking(login="a b")).code == "login-unfit"
    assert expect_refusal(asking(subject=TWELVE[0])).code == "contact-self"


def test_r36_no_reason_is_asked_for_and_none_is_kept() -> None:
    """There is nothing to write down: the log of a contact holds no text about the person."""
    assert AskContact.__slots__ == ("login",)
    opened = only(expect_events(asking()), MotionOpened)
    assert (str(opened.text), opened.evidence, opened.title, opened.link, opened.months) == ("", None, None, None, 0)


def test_r37_the_subject_and_who_asked_do_not_take_the_contact() -> None:
    moot = Removal()
    assert moot.refused(SUBJECT, TakeContact()).code == "no-such-motion"
    refusal = moot.refused(moot.members[0], TakeContact())
    assert (refusal.code, refusal.params["why"]) == ("contact-not-neutral", "asked")
    assert only(moot.does(moot.members[1], TakeContact()), ContactTaken).person == moot.members[1]


@pytest.mark.parametrize(
    ("mine", "theirs", "taken"),
    [
        ("Acme", "Acme", False),
        ("acme", "ACME", False),
        ("Acme", "Umbrella", True),
        ("Acme", "", True),
        ("", "Acme", True),
        ("", "", True),
    ],
)
def test_r37_nobody_of_the_same_employer_takes_it_where_that_is_known(mine: str, theirs: str, *, taken: bool) -> None:
    moot = Removal()
    decision = moot.ask(moot.members[1], TakeContact(), employers={moot.members[1]: mine, SUBJECT: theirs})
    assert isinstance(decision, tuple) is taken
    if not taken:
        refusal = expect_refusal(decision)
        assert (refusal.code, refusal.params["why"]) == ("contact-not-neutral", "employer")


def test_r37_a_colleague_can_take_over_and_then_records() -> None:
    moot = Removal().contacted(None)
    assert moot.does(moot.members[1], TakeContact()) == ()
    moot.does(moot.members[2], TakeContact())
    assert moot.refused(moot.members[1], RecordContact(answer="stays")).code == "not-the-contact"
    assert moot.does(moot.members[2], RecordContact(answer="stays"))


def test_r37_who_has_become_a_maintainer_can_take_it_and_who_is_none_any_more_cannot() -> None:
    moot = Removal()
    assert moot.refused(moot.members[1], TakeContact(), current=TWELVE[2:]).code == "no-such-motion"
    assert moot.does(OUTSIDER, TakeContact(), current=(*TWELVE, OUTSIDER))


# ---------------------------------------------------------------------- R38: the answers


@pytest.mark.parametrize("answer", ["steps-down", "stays"])
def test_r38_who_steps_down_or_stays_and_can_ends_it(answer: Any) -> None:
    moot = Removal().contacted(answer)
    assert (moot.motion.outcome, moot.motion.ended) == ("withdrawn", True)
    assert moot.refused(moot.members[2], ProposeRemoval()).code == "closed"
    assert moot.refused(moot.members[1], TakeContact()).code == "closed"


@pytest.mark.parametrize("answer", ["steps-down", "stays", "cannot"])
def test_r38_an_answer_needs_somebody_who_asked_and_is_recorded_by_them_once(answer: Any) -> None:
    moot = Removal()
    assert moot.refused(moot.members[1], RecordContact(answer=answer)).code == "nobody-contacts"
    moot.contacted("cannot")
    assert moot.refused(moot.members[1], RecordContact(answer=answer)).code == "contact-over"


def test_r38_two_reminders_five_business_days_apart_come_before_no_answer() -> None:
    """Contacted on Monday 29 June: reminded on 7 July and 15 July, and no answer is one from 23 July on."""
    moot = Removal().contacted(None)
    ends = [at("2026-07-07T00:00"), at("2026-07-15T00:00"), at("2026-07-23T00:00")]
    for number, due in enumerate(ends, start=1):
        assert reminder_due(moot.motion) == due
        moot.now = due - SECOND
        assert moot.does(None, RemindContact()) == ()
        refusal = moot.refused(moot.members[1], RecordContact(answer="no-answer"))
        assert (refusal.code, refusal.params["count"]) == ("reminders-first", number - 1)
        moot.now = due
        if number < 3:
            assert moot.refused(moot.members[1], RecordContact(answer="no-answer")).code == "reminders-first"
            assert only(moot.does(None, RemindContact()), ContactReminded).count == number
            assert moot.does(None, RemindContact()) == (), "once"
    assert moot.does(None, RemindContact()) == (), "two, and not one more"
    answered = only(moot.does(moot.members[1], RecordContact(answer="no-answer")), ContactAnswered)
    assert answered.answer == "no-answer"


def test_r38_the_reminders_keep_to_the_projects_holidays() -> None:
    moot = Removal(holidays=(day("2026-07-03"),)).contacted(None)
    assert reminder_due(moot.motion) == at("2026-07-08T00:00")


def test_r38_the_reminder_goes_to_the_contact_and_not_to_the_subject() -> None:
    moot = Removal().contacted(None)
    moot.now += 30 * DAY
    moot.does(None, RemindContact())
    reminders = [effect for effect in moot.effects() if effect.kind == "contact-remind"]
    assert [effect.venue for effect in reminders] == [f"person:{moot.members[1]}"]


def test_r38_who_answers_after_all_is_heard() -> None:
    moot = Removal().contacted(None)
    for _ in range(3):
        moot.now += 30 * DAY
        moot.does(None, RemindContact())
    moot.does(moot.members[1], RecordContact(answer="no-answer"))
    assert moot.motion.open
    moot.does(moot.members[1], RecordContact(answer="stays"))
    assert moot.motion.outcome == "withdrawn"


# ---------------------------------------------------------------------- R39-R41, R43: the order of things


def test_r39_a_removal_is_not_proposed_before_the_contact_has_answered() -> None:
    for moot in (Removal(), Removal().contacted(None)):
        assert moot.refused(moot.members[2], ProposeRemoval()).code == "contact-first"


def test_r39_the_proposal_is_made_by_a_maintainer_and_reaches_the_channel() -> None:
    moot = Removal().contacted()
    assert moot.refused(SUBJECT, ProposeRemoval()).code == "no-such-motion"
    assert moot.refused(REVIEWER, ProposeRemoval()).code == "no-such-motion"
    event = only(moot.does(moot.members[2], ProposeRemoval()), RemovalProposed)
    assert (event.person, event.electorate.barred) == (moot.members[2], frozenset({SUBJECT}))
    assert [effect.kind for effect in moot.effects()][-1] == "poll"
    assert moot.refused(moot.members[3], ProposeRemoval()).code == "already-proposed-removal"
    assert moot.refused(moot.members[3], TakeContact()).code == "contact-over"
    assert moot.refused(moot.members[1], RecordContact(answer="stays")).code == "contact-over"


def test_r39_the_electorate_is_that_of_the_proposal_not_of_the_contact() -> None:
    moot = Removal().contacted()
    moot.about = dataclasses.replace(moot.about, roster=roster((*TWELVE[2:], OUTSIDER)))
    moot.does(moot.members[2], ProposeRemoval(), current=(*TWELVE[2:], OUTSIDER))
    assert moot.motion.members == {*TWELVE[2:11], OUTSIDER}
    assert moot.motion.barred == {SUBJECT}


@pytest.mark.parametrize("left", [True, False])
def test_r6_r39_no_removal_of_who_has_left_or_where_the_roster_cannot_be_read(*, left: bool) -> None:
    moot = Removal().contacted()
    fault = RosterFault(path="MAINTAINERS", line=3, what="two handles", remedy="remove one")
    moot.about = dataclasses.replace(moot.about, roster=roster(TWELVE[:11]) if left else fault)
    refusal = moot.refused(moot.members[2], ProposeRemoval(), current=TWELVE)
    assert refusal.code == ("not-on-roster" if left else "roster-unreadable")


def test_r39_r43_the_draft_comes_at_least_one_business_day_after_everybody_was_told() -> None:
    """Delivered on Monday: the draft at the earliest when Tuesday is over."""
    moot = Removal().contacted()
    moot.does(moot.members[2], ProposeRemoval())
    moot.now += 20 * DAY
    assert moot.does(None, CallDraft()) == (), "the notice has not been delivered"
    assert moot.draft() == ()
    moot.announce(at=at("2026-07-20T09:00"))
    moot.now = at("2026-07-22T00:00") - SECOND
    assert discussion_ends(moot.motion) == at("2026-07-22T00:00")
    assert moot.does(None, CallDraft()) == ()
    assert not [effect for effect in moot.effects() if effect.venue == FORGE]
    moot.now += SECOND
    moot.does(None, CallDraft())
    (draft,) = [effect for effect in moot.effects() if effect.venue == FORGE]
    assert draft.kind == "draft"
    assert moot.does(None, CallDraft()) == (), "once"


def test_r39_over_a_weekend_the_business_day_is_the_monday() -> None:
    moot = Removal().contacted()
    moot.does(moot.members[2], ProposeRemoval())
    moot.announce(at=at("2026-07-03T15:00"))
    assert discussion_ends(moot.motion) == at("2026-07-07T00:00")


def test_r39_a_policy_can_ask_for_more_discussion_and_never_for_none() -> None:
    longer = Removal(rules={"discussion": Window(count=3, unit="bd")}).proposed()
    assert discussion_ends(longer.motion) == at("2026-07-03T00:00")
    none = Removal(rules={"discussion": None}).proposed()
    assert discussion_ends(none.motion) == at("2026-07-01T00:00")


def test_r43_the_subject_reads_the_proposal_before_there_is_a_draft() -> None:
    """The channel is where the subject reads it; the poll names nobody as the reason."""
    moot = Removal().proposed()
    kinds = [effect.kind for effect in moot.effects()]
    assert "poll" in kinds
    assert "draft" not in kinds


def test_r40_r41_the_vote_is_on_the_draft_for_five_business_days_from_its_opening() -> None:
    moot = Removal().proposed()
    assert (moot.motion.stage, moot.motion.closes_at) == ("discussion", None)
    assert moot.refused(moot.members[2], moot.ballot("yes")).code == "not-voting-yet"
    assert moot.does(moot.members[2], RaiseObjection(reason="Wait.", acted_at=moot.now)), "one may object already"
    moot.now = at("2026-07-01T00:00")
    moot.does(None, CallDraft())
    moot.now = at("2026-07-03T16:00")  # a Friday: the forge was down
    opened, voting = moot.draft()
    assert isinstance(opened, DraftOpened)
    assert isinstance(voting, VotingOpened)
    assert (voting.votes_from, voting.closes_at) == (at("2026-07-03T16:00"), at("2026-07-11T00:00"))
    assert moot.motion.stage == "open"
    assert moot.vote(3, "yes")


def test_r41_a_draft_that_is_made_anew_does_not_begin_the_vote_again() -> None:
    moot = Removal().voting()
    end = moot.end
    moot.now += 2 * DAY
    assert only(moot.draft("c2"), DraftOpened).commit == "c2"
    assert moot.end == end


def test_r41_a_ballot_from_before_the_draft_does_not_count() -> None:
    moot = Removal().voting()
    assert moot.refused(moot.members[0], moot.ballot("yes", at=moot.now - SECOND)).code == "not-voting-yet"


# ---------------------------------------------------------------------- R42: how many


def voting(count: int, **changes: Any) -> Removal:
    """The vote of so many maintainers. Two have nobody who is neutral: a third one has asked, and is gone."""
    if count > 2:
        return Removal(count, **changes).voting()
    moot = Removal(3, **changes).contacted()
    moot.about = dataclasses.replace(moot.about, roster=roster((moot.members[0], moot.subject)))
    return moot.voting()


@pytest.mark.parametrize(
    ("count", "barred", "without"),
    [(2, 2, 1), (4, 3, 2), (5, 4, 3), (7, 5, 4), (8, 6, 5), (10, 7, 6), (12, 8, 8)],
)
def test_r42_66_percent_of_the_current_maintainers_the_subject_counted_or_not(
    count: int, barred: int, without: int
) -> None:
    """The numbers of the rule book: needed with the subject in the denominator, and without."""
    letter = voting(count)
    assert (tally(letter.motion).needed, tally(letter.motion).eligible) == (barred, count)
    option = voting(count, rules={"exclude_in_denominator": False})
    assert (tally(option.motion).needed, tally(option.motion).eligible) == (without, count - 1)
    for moot in (letter, option):
        assert moot.refused(moot.subject, moot.ballot("no")).code == "subject-votes-not"
        assert len(moot.motion.members) == count - 1


@pytest.mark.parametrize("count", range(3, 13))
def test_r42_the_last_yes_that_is_needed_decides(count: int) -> None:
    for enough in (True, False):
        moot = Removal(count).voting()
        needed = tally(moot.motion).needed
        moot.votes(yes=min(needed if enough else needed - 1, count - 1))
        assert moot.close().outcome == ("carried" if enough else "lost")


def test_r42_the_subject_is_the_only_one_who_may_not_vote_also_if_they_asked_for_nothing() -> None:
    moot = Removal().voting()
    assert {p for p in TWELVE if p not in moot.motion.members} == {SUBJECT}
    assert moot.vote(1, "no"), "who asked for the contact votes"
    assert moot.vote(2, "abstain"), "the contact votes"
    assert SUBJECT not in moot.motion.not_voted(), "and nobody reminds the subject of a vote that they do not have"


def test_r42_an_unreachable_bar_is_warned_about() -> None:
    """Of two, both are needed, and one may vote."""
    assert "never-reached" in Removal(2).motion.opened.warnings
    moot = voting(2)
    assert "2 yes are needed and only 1 person may vote (R42)" in plain_card(poll_card(moot.motion, moot.scene()))


# ---------------------------------------------------------------------- the roster meanwhile, R45


@pytest.mark.parametrize("stage", ["proposed", "voting"])
@pytest.mark.parametrize("role", [None, "reviewer"])
def test_r45_a_vote_whose_object_has_left_the_roster_is_void(stage: str, role: str | None) -> None:
    moot: Removal = getattr(Removal(), stage)()
    closed, ended = moot.read_roster(*TWELVE[:11], role=role, commit="c9")
    assert isinstance(closed, MotionClosed)
    assert isinstance(ended, RoleEnded)
    assert (closed.outcome, moot.motion.outcome, moot.motion.effective) == ("void", "void", "c9")
    kinds = [effect.kind for effect in moot.effects()]
    assert "role-ended" in kinds
    assert "result" not in kinds, "there is none"
    assert moot.motion.ended


@pytest.mark.parametrize("yes", [7, 8])
def test_r45_a_merge_after_the_window_takes_nothing_from_the_ballots_that_are_not_counted_yet(yes: int) -> None:
    """The bot was down at the close, and somebody has merged the draft before it came back."""
    moot = Removal().voting()
    moot.votes(yes=yes)
    moot.now = moot.end + SECOND
    assert moot.read_roster(*TWELVE[:11]) == ()
    assert moot.close().outcome == ("carried" if yes == 8 else "lost")
    assert bool(moot.read_roster(*TWELVE[:11])) == (yes == 8)
    assert moot.motion.ended


def test_r5_a_colleague_who_leaves_during_the_vote_leaves_the_count() -> None:
    moot = Removal().voting()
    moot.votes(yes=8)
    assert only(moot.read_roster(*TWELVE[1:], role=MAINTAINER), ElectorateReduced).people == (TWELVE[0],)
    counted = tally(moot.motion)
    assert (counted.eligible, counted.needed, counted.yes) == (11, 8, 7)


def test_r45_the_role_ends_at_the_merge_and_not_when_the_vote_carries() -> None:
    moot = Removal().voting()
    moot.votes(yes=8)
    moot.close()
    assert (moot.motion.outcome, moot.motion.effective, moot.motion.ended) == ("carried", None, False)
    assert moot.read_roster(*TWELVE, role=MAINTAINER) == ()
    assert only(moot.read_roster(*TWELVE[:11], commit="c9"), RoleEnded).roster_commit == "c9"
    assert moot.motion.ended


def test_r45_a_lost_removal_changes_nothing_and_ends() -> None:
    moot = Removal().voting()
    moot.votes(yes=7)
    moot.close()
    assert (moot.motion.outcome, moot.motion.ended, moot.motion.enactable) == ("lost", True, False)
    assert moot.read_roster(*TWELVE[:11]) == ()


def test_r45_the_removal_of_a_reviewer_needs_the_same_and_all_maintainers_vote() -> None:
    moot = Removal(subject=REVIEWER)
    assert moot.motion.role == "reviewer"
    moot.voting()
    counted = tally(moot.motion)
    assert (counted.eligible, counted.needed) == (12, 8), "a reviewer is none of the maintainers, barred or not"
    assert moot.vote(12, "no")
    assert moot.refused(REVIEWER, moot.ballot("no")).code == "subject-votes-not"
    assert moot.read_roster(*TWELVE, role="reviewer") == ()
    assert len(moot.read_roster(*TWELVE, role=None)) == 2


def test_one_contact_or_removal_of_a_person_at_a_time() -> None:
    moot = Removal()
    about = opening(policy=named("remove"), subject=SUBJECT)
    again = propose(TWELVE[4], AskContact(login="away"), about, docket=PaperDocket([moot.entry()]))
    assert expect_refusal(again).code == "already-proposed"
    moot.contacted("stays")
    assert expect_events(propose(TWELVE[4], AskContact(login="away"), about, docket=PaperDocket([moot.entry()])))


def test_a_removal_is_not_repeated_as_it_was() -> None:
    """A new contact comes before a new vote (R37)."""
    moot = Removal().voting()
    moot.close()
    about = opening(policy=named("remove"), subject=SUBJECT)
    assert expect_refusal(propose(TWELVE[0], Rerun(), about, before=moot.motion)).code == "rerun-anew"


def test_what_is_no_removal_has_no_contact_and_nothing_to_propose() -> None:
    moot = Moot()
    for command in (TakeContact(), RecordContact(answer="stays"), ProposeRemoval()):
        assert moot.refused(moot.members[1], command).code == "no-removal"
    assert moot.does(None, RemindContact()) == ()
    assert moot.does(None, CallDraft()) == ()


# ---------------------------------------------------------------------- T22, R44: nothing about performance leaves

SENTINEL = "SENTINEL"
TYPED = st.text(st.sampled_from("abc `*_[]()#@<>|\n-—🙂"), max_size=40)
TAINTED = TYPED.map(lambda text: f"{SENTINEL}{text}{SENTINEL}")


def said_outside(moot: Moot) -> str:
    """Everything that a draft of this motion would carry now."""
    return repr(minutes_of(moot.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123"))


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TAINTED, min_size=6, max_size=6), yes=st.integers(0, 11), late=st.booleans())
def test_t22_r44_no_text_that_a_member_typed_reaches_the_draft_of_a_removal(
    texts: list[str], yes: int, *, late: bool
) -> None:
    objection, reason, correction, extension, wish, other = texts
    moot = Removal().proposed()
    moot.does(moot.members[4], RaiseObjection(reason=objection, acted_at=moot.now))
    assert expect_refusal(moot.ask(moot.members[2], Correct(text=correction))).code == "text-frozen"
    moot.does(moot.members[5], Withdraw(reason=wish))
    moot.now = discussion_ends(moot.motion) or moot.now
    moot.does(None, CallDraft())
    first = said_outside(moot)
    moot.draft()
    assert said_outside(moot) == first, "what happens in the channel changes nothing of it"
    for number in range(1, 12):
        moot.vote(number, "yes" if number <= yes else "no", reason=reason)
    assert said_outside(moot) == first, "no running tally either"
    moot.does(moot.members[6], Extend(by="1bd", reason=extension))
    moot.does(moot.members[4], LiftObjection())
    moot.does(moot.members[7], RaiseObjection(reason=other, acted_at=moot.now))
    moot.close(late=DAY if late else SECOND)
    assert SENTINEL not in first + said_outside(moot)


def test_r44_the_draft_says_the_change_the_rule_and_where_one_votes_and_no_figure_about_the_person() -> None:
    moot = Removal().voting()
    said = minutes_of(moot.motion, names=PlainNames(), head=HEAD, genesis="abcdef0123")
    assert said.title == "Remove m12 from MAINTAINERS"
    assert said.message == "Remove m12 from MAINTAINERS\n\nFolkmoot-Motion: 12\n"
    assert said.branch == "folkmoot/12-abcdef"
    for word in ("inactive", "contact", "answer", "commits", "review", "reason", "month", "absent", "m01", "m02"):
        assert word not in said.body.replace("Removal of inactive maintainers", "").lower(), word


def test_r44_while_it_is_only_discussed_nothing_of_a_removal_may_leave_the_channel() -> None:
    for moot in (Removal(), Removal().contacted(), Removal().proposed()):
        with pytest.raises(ValueError, match="has not carried"):
            said_outside(moot)


def test_r44_the_commit_of_the_draft_is_not_dated_by_the_private_contact() -> None:
    moot = Removal().contacted(None)
    moot.now += 21 * DAY
    moot.does(moot.members[1], RecordContact(answer="cannot"))
    moot.does(moot.members[2], ProposeRemoval())
    moot.announce()
    moot.now = discussion_ends(moot.motion) or moot.now
    moot.does(None, CallDraft())
    assert moot.motion.draft_from == moot.now > moot.motion.opened_at + 21 * DAY


@pytest.mark.parametrize("code", ["no-such-motion"])
def test_r43_the_refusal_that_hides_a_contact_names_nobody(code: str) -> None:
    refusal = Removal().refused(SUBJECT, TakeContact())
    said = plain_card(
        answer_card(Answer(ok=False, code=refusal.code, params=refusal.params), Scene(names=PlainNames(), now=START))
    )
    assert refusal.code == code
    assert not any(word in said for word in ("m12", "contact", "removal"))
    assert EMPTY.next_number() == 1


# ---------------------------------------------------------------------- in the pull request alone


def alone() -> Removal:
    return Removal(rules={"venues": "pull-request"}).voting()


@pytest.mark.parametrize("via", ["button", "reaction", "command", "ping"])
def test_r40_where_the_vote_is_kept_to_the_pull_request_nothing_in_the_channel_is_a_ballot(via: Via) -> None:
    moot = alone()
    refusal = moot.refused(TWELVE[0], moot.ballot("yes", via=via))
    assert refusal.code == "pull-request-only"
    assert refusal.params["link"] == "https://example.org/pull/7"
    said = plain_card(answer_card(Answer(ok=False, code=refusal.code, params=refusal.params), moot.scene()))
    assert "https://example.org/pull/7" in said


def test_r40_ballots_on_the_page_count_and_are_taken_back_there_alone() -> None:
    moot = alone()
    cast = moot.ballot("yes", via="comment")
    only(moot.does(TWELVE[0], cast, on_page=True), BallotCast)
    assert moot.motion.yes == 1
    back = RetractBallot(acted_at=moot.now + SECOND)
    assert moot.refused(TWELVE[0], back).code == "pull-request-only"
    moot.does(TWELVE[0], back, on_page=True)
    assert moot.motion.yes == 0


def test_r40_a_ballot_from_elsewhere_cannot_be_entered_for_another() -> None:
    moot = alone()
    entered = RecordBallot(voter="m02", choice="yes", link="https://example.org/m/1", acted_at=moot.now)
    assert moot.refused(TWELVE[0], entered, other=TWELVE[1]).code == "pull-request-only"


def test_r40_the_poll_links_the_pull_request_and_has_no_button_that_votes() -> None:
    card = poll_card(alone().motion, alone().scene())
    assert [button.verb for button in card.buttons] == ["object"]
    assert not card.reactions
    assert "https://example.org/pull/7" in plain_card(card)


def test_r40_an_objection_is_no_ballot_and_stays_in_the_channel() -> None:
    moot = alone()
    moot.does(TWELVE[0], RaiseObjection(reason="Let us wait.", acted_at=moot.now))
    assert moot.motion.standing_objections == 1


def test_r40_nobody_counts_as_out_of_reach_where_the_forge_knows_everybody() -> None:
    rules = named("remove", venues="pull-request")
    (opened,) = expect_events(asking(policy=rules, linked=frozenset()))
    assert isinstance(opened, MotionOpened)
    assert (opened.unlinked, opened.warnings) == ((), ())


def test_r40_without_pages_to_vote_on_such_a_removal_is_not_begun() -> None:
    refusal = expect_refusal(asking(policy=named("remove", venues="pull-request"), pages=False))
    assert refusal.code == "venue-nowhere"


def test_r40_the_draft_says_where_one_votes() -> None:
    said = minutes_of(alone().motion, names=PlainNames(), head=HEAD, genesis="abcdef0123").body
    assert "in comments on this page" in said
    assert "channel" not in said
