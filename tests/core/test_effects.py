"""What follows from an event: each kind on purpose, each key once and for ever, and no text in any of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from bot.core.commands import (
    Acknowledge,
    Confirm,
    Correct,
    Extend,
    HandOver,
    LiftObjection,
    MakeVoid,
    Mute,
    NotePullRequest,
    NoteReactions,
    RaiseObjection,
    RecordAnswer,
    RemindContact,
    RetractBallot,
    Second,
    Snooze,
    TakeInvitation,
    Withdraw,
)
from bot.core.effects import FORGE, Effect, effects_of, poll_edits, poll_key, polls, trouble
from bot.core.events import (
    AccountReleased,
    BallotCast,
    BallotRetracted,
    CandidateAnswered,
    ContactAnswered,
    ContactReminded,
    ContactTaken,
    DraftCalled,
    DraftOpened,
    ElectorateExtended,
    ElectorateReduced,
    Event,
    HandOverNoted,
    InvitationTaken,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionVoided,
    MotionWithdrawn,
    NoticeDelivered,
    ObjectionLifted,
    ObjectionRaised,
    PeopleEvent,
    PersonBound,
    PingsChosen,
    PingsMuted,
    PingSnoozed,
    PullRequestChanged,
    ReactionsUnplaced,
    RemovalProposed,
    ResultAcknowledged,
    RoleBegan,
    RoleEnded,
    SecondAsked,
    SecondGiven,
    StepDownConfirmed,
    VotersPinged,
    VotingOpened,
    WindowExtended,
)
from bot.core.motion import Motion, evolve
from bot.core.people import MAINTAINER, PersonId
from bot.core.prose import Prose
from bot.core.rules import PullRequest
from bot.core.rules.removal import reminder_due
from tests.core.builders import CANDIDATE, OUTSIDER, Moot, Removal, leaving, named, policy, text_moot

CHANNELS = ("slack:C0123", "discord:1/2")

KINDS: dict[type, tuple[str, ...]] = {
    MotionOpened: ("poll",),
    NoticeDelivered: ("poll-edit",),
    BallotCast: ("poll-edit",),
    BallotRetracted: ("poll-edit",),
    ObjectionRaised: ("objection", "poll-edit"),
    ElectorateReduced: ("electorate", "poll-edit"),
    ElectorateExtended: ("electorate", "poll-edit"),
    VotersPinged: ("ping",),
    ReactionsUnplaced: ("unplaced",),
    PullRequestChanged: ("pull-changed", "poll-edit"),
    SecondAsked: ("second-asked",),
    MotionCorrected: ("corrected", "poll-edit"),
    MotionWithdrawn: ("withdrawn", "poll-edit"),
    MotionClosed: ("result", "poll-edit"),
    ResultAcknowledged: ("acknowledged", "poll-edit", "draft"),
    InvitationTaken: ("invitation", "invitation-draft", "poll-edit"),
    CandidateAnswered: ("answered", "poll-edit"),
    DraftOpened: ("draft-opened", "poll-edit"),
    RoleBegan: ("effective", "poll-edit"),
    PersonBound: (),
    AccountReleased: (),
    PingsChosen: (),
    SecondGiven: ("seconded", "poll-edit"),
    VotingOpened: ("voting-opened", "poll-edit"),
    ObjectionLifted: ("lifted", "poll-edit"),
    MotionVoided: ("voided", "poll-edit"),
    WindowExtended: ("extended", "poll-edit"),
    PingSnoozed: ("ping",),
    PingsMuted: (),
    ContactTaken: ("contact-draft", "contact-taken"),
    ContactReminded: ("contact-remind",),
    ContactAnswered: ("contact-answer",),
    RemovalProposed: ("poll",),
    DraftCalled: ("draft",),
    HandOverNoted: ("hand-over", "poll-edit"),
    StepDownConfirmed: ("confirmed", "poll-edit", "draft"),
    RoleEnded: ("role-ended", "poll-edit"),
}


def a_whole_life() -> Moot:
    """One motion with nearly every kind of event, decided by the roster, to its merge."""
    moot = Moot(rules=policy(electorate="live"))
    moot.votes(yes=7, no=1)
    moot.now += timedelta(hours=1)
    moot.does(moot.members[7], RetractBallot(acted_at=moot.now))
    moot.does(moot.members[9], RaiseObjection(reason="Too soon.", acted_at=moot.now))
    moot.does(moot.members[9], RaiseObjection(reason="Still too soon.", acted_at=moot.now))
    moot.does(moot.members[3], Correct(text="Better words."))
    moot.does(moot.members[4], Second())
    moot.announce()
    moot.read_roster(*moot.members[:9], OUTSIDER)
    for hours in (48, 24):
        moot.now = moot.end - timedelta(hours=hours)
        moot.ping(hours)
    moot.now = moot.end
    moot.does(None, NoteReactions(people=moot.members[8:9]))
    moot.close()
    moot.does(moot.members[0], TakeInvitation())
    moot.does(moot.members[1], TakeInvitation())
    moot.does(moot.members[1], RecordAnswer(accepted=True, name="New Person", email=""))
    moot.does(moot.members[2], Acknowledge())
    moot.draft()
    moot.read_roster(*moot.members[:9], CANDIDATE, role=MAINTAINER)
    return moot


def withdrawn() -> Moot:
    moot = Moot()
    moot.does(moot.members[0], Withdraw(reason="A mistake."))
    return moot


def steps(moot: Moot) -> list[tuple[Event, Motion, tuple[Effect, ...]]]:
    """Each event of a motion with the motion that it made and what follows from it."""
    motion: Motion | None = None
    found = []
    for at, event in moot.log:
        motion = evolve(motion, event, number=moot.number, at=at)
        found.append((event, motion, effects_of(event, motion, CHANNELS)))
    return found


def a_removal() -> Moot:
    """From the private question to the draft, with a reminder on the way."""
    moot = Removal().contacted(answer=None)
    due = reminder_due(moot.motion)
    assert due is not None
    moot.now = due
    moot.does(None, RemindContact())
    return moot


def a_step_down() -> Moot:
    moot = leaving()
    moot.does(moot.motion.subject, HandOver(area="The drivers.", taker=None))
    moot.does(moot.motion.subject, Confirm())
    moot.draft()
    moot.read_roster(*moot.members, role=None)
    return moot


def a_decision() -> Moot:
    """A text that needed a second, with every change that can be made on the way, and void in the end."""
    moot = text_moot(rules=named("decision", seconds=1))
    moot.does(moot.members[1], Second())
    moot.announce()
    moot.does(moot.members[2], RaiseObjection(reason="Not yet.", acted_at=moot.now))
    moot.does(moot.members[2], LiftObjection())
    moot.does(moot.members[3], Extend(by="2bd", reason="We were away."))
    moot.does(moot.members[4], Mute())
    moot.does(moot.members[5], Snooze(), morning=moot.now + timedelta(hours=20))
    moot.does(moot.members[6], MakeVoid(reason="The text was edited."))
    moot.does(moot.members[7], Second())
    return moot


def a_changed_pull_request() -> Moot:
    """A candidacy in a pull request that does something else by now."""
    moot = Moot(pull=PullRequest(head="c0" * 20, record="newperson", others=False))
    moot.does(None, NotePullRequest(head="c1" * 20, does="other"))
    return moot


DECIDED = (*steps(a_step_down()), *steps(a_decision()), *steps(a_changed_pull_request()))
OTHERS = (*steps(a_removal()), *steps(Removal().voting()), *DECIDED)
LIFE = [
    *steps(a_whole_life()),
    *steps(withdrawn()),
    *(step for step in OTHERS if not isinstance(step[0], MotionOpened)),
]


def test_every_type_of_event_has_effects_or_has_none_on_purpose() -> None:
    assert set(KINDS) == set(get_args(Event))
    assert {type(event) for event, _, _ in LIFE} == set(KINDS) - set(get_args(PeopleEvent))


@pytest.mark.parametrize("kind", sorted(KINDS, key=str), ids=lambda kind: kind.__name__)
def test_an_event_has_its_effects_in_every_channel(kind: type[Event]) -> None:
    for event, _, effects in LIFE:
        if type(event) is not kind:
            continue
        assert tuple(dict.fromkeys(effect.kind for effect in effects)) == KINDS[kind]
        for name in {effect.kind for effect in effects if effect.venue.startswith("channel:")}:
            venues = [effect.venue for effect in effects if effect.kind == name]
            assert venues == [f"channel:{channel}" for channel in CHANNELS]


def test_a_bound_person_is_told_to_nobody() -> None:
    bound = PersonBound(person=PersonId("p"), kind="login", value=Prose.of("p", salt="s", label="login"))
    assert effects_of(bound, Moot().motion, CHANNELS) == ()


def test_every_key_is_unique_for_ever_but_that_of_the_standing_edit() -> None:
    once = [effect.key for _, _, effects in steps(a_whole_life()) for effect in effects if effect.lane == "once"]
    assert len(once) == len(set(once))
    latest = {effect.key for _, _, effects in LIFE for effect in effects if effect.lane == "latest"}
    assert latest == {effect.key for effect in poll_edits(12, CHANNELS)}
    assert not latest & set(once)


def test_the_keys_of_two_motions_never_meet() -> None:
    one = {effect.key for _, _, effects in steps(Moot(number=1)) for effect in effects}
    other = {effect.key for _, _, effects in steps(Moot(number=11)) for effect in effects}
    assert not one & other
    assert all(key.startswith("m1:") for key in one)
    assert all(key.startswith("m11:") for key in other)


def test_the_same_events_have_the_same_effects_again() -> None:
    assert [effects for _, _, effects in steps(a_whole_life())] == [e for _, _, e in steps(a_whole_life())]


def test_t22_no_effect_holds_anything_that_somebody_typed() -> None:
    for _, _, effects in LIFE:
        for effect in effects:
            shown = f"{effect.key} {effect.venue} {dict(effect.params)}"
            assert "soon" not in shown
            assert "Better" not in shown
            assert "New Person" not in shown


def test_pings_go_to_the_people_and_never_to_a_channel() -> None:
    for event, _, effects in LIFE:
        if isinstance(event, VotersPinged):
            assert [effect.venue for effect in effects] == [f"person:{person}:ping" for person in event.people]
            assert {effect.params["hours"] for effect in effects} == {event.hours}


def test_the_notice_that_starts_a_window_says_which_one_it_is() -> None:
    told = [effects for event, _, effects in LIFE if isinstance(event, MotionCorrected)]
    assert [effect.params["notice"] for effect in told[0] if effect.kind == "corrected"] == [2, 2]


def test_each_objection_is_told_as_itself() -> None:
    told = [effects for event, _, effects in steps(a_whole_life()) if isinstance(event, ObjectionRaised)]
    assert [[effect.params["index"] for effect in each if effect.lane == "once"] for each in told] == [[0, 0], [1, 1]]


def accepted(enactment: str, *, waiting: bool) -> Moot:
    moot = Moot(rules=policy(enactment=enactment))
    moot.votes(yes=8 if not waiting else 7)
    if waiting:
        moot.read_roster(*moot.members[:10])
    moot.close()
    moot.does(moot.members[4], TakeInvitation())
    return moot


@pytest.mark.parametrize(
    ("enactment", "kind", "venue"), [("draft-pr", "draft", FORGE), ("invite", "patch", "person:m05")]
)
def test_r26_the_draft_or_the_patch_comes_with_the_acceptance(enactment: str, kind: str, venue: str) -> None:
    moot = accepted(enactment, waiting=False)
    moot.does(moot.members[4], RecordAnswer(accepted=True, name="", email=""))
    made = [effect for effect in steps(moot)[-1][2] if effect.kind in {"draft", "patch"}]
    assert [(effect.kind, effect.venue, effect.key) for effect in made] == [(kind, venue, f"m12:{kind}")]


@pytest.mark.parametrize("enactment", ["draft-pr", "invite"])
def test_t8_the_draft_waits_for_the_acknowledgement_in_either_order(enactment: str) -> None:
    answer = RecordAnswer(accepted=True, name="", email="")
    after: list[tuple[Callable[[Moot], object], Callable[[Moot], object]]] = [
        (lambda m: m.does(m.members[4], answer), lambda m: m.does(m.members[0], Acknowledge())),
        (lambda m: m.does(m.members[0], Acknowledge()), lambda m: m.does(m.members[4], answer)),
    ]
    for first, then in after:
        moot = accepted(enactment, waiting=True)
        first(moot)
        assert not [effect for effect in steps(moot)[-1][2] if effect.kind in {"draft", "patch"}]
        then(moot)
        assert len([effect for effect in steps(moot)[-1][2] if effect.kind in {"draft", "patch"}]) == 1


def test_r26_a_candidate_who_declined_gets_no_draft() -> None:
    moot = accepted("draft-pr", waiting=False)
    moot.does(moot.members[4], RecordAnswer(accepted=False, name="", email=""))
    assert {effect.kind for effect in steps(moot)[-1][2]} == {"answered", "poll-edit"}


def test_r24_nothing_goes_to_the_forge_before_the_candidate_has_accepted() -> None:
    for event, motion, effects in steps(a_whole_life()):
        if any(effect.venue == FORGE for effect in effects):
            assert motion.answered is not None
            assert motion.answered.accepted
            assert isinstance(event, CandidateAnswered | ResultAcknowledged)


def test_the_helpers_of_the_outbox_make_one_row_a_channel() -> None:
    assert [effect.key for effect in polls(12, CHANNELS)] == [poll_key(12, channel) for channel in CHANNELS]
    told = trouble(12, "draft", CHANNELS)
    assert [effect.key for effect in told] == [f"m12:trouble:draft:{channel}" for channel in CHANNELS]
    assert {effect.params["row"] for effect in told} == {"m12:draft"}
    assert {effect.lane for effect in (*polls(12, CHANNELS), *told)} == {"once"}
