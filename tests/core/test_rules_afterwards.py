"""After a motion has carried: R5, R25-R28. A maintainer invites, the candidate answers, the draft waits for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.commands import Acknowledge, Command, NoteDraft, RecordAnswer, TakeInvitation, Withdraw
from bot.core.events import CandidateAnswered, DraftOpened, InvitationTaken, ResultAcknowledged
from bot.core.people import PersonId
from tests.core.builders import CANDIDATE, OUTSIDER, REVIEWER, Moot, only, policy

ACCEPTED = RecordAnswer(accepted=True, name="New Person", email="new@example.org")
DECLINED = RecordAnswer(accepted=False, name="", email="")
AFTERWARDS: list[Command] = [TakeInvitation(), ACCEPTED, DECLINED, Acknowledge()]


def carried(**changes: Any) -> Moot:
    moot = Moot(rules=policy(**changes))
    moot.carry()
    return moot


def decided_by_the_roster() -> Moot:
    """7 of 10 where 12 were in the electorate of the opening."""
    moot = Moot()
    moot.votes(yes=7)
    moot.read_roster(*moot.members[:10])
    moot.close()
    return moot


@pytest.mark.parametrize("command", AFTERWARDS)
@pytest.mark.parametrize("actor", [REVIEWER, OUTSIDER, CANDIDATE, None])
def test_r25_only_maintainers_act_on_what_has_carried(command: Command, actor: PersonId | None) -> None:
    assert carried().refused(actor, command).code == "not-a-maintainer"


@pytest.mark.parametrize("command", AFTERWARDS)
def test_r25_who_is_no_maintainer_any_more_does_not_act_and_who_is_one_now_does(command: Command) -> None:
    moot = carried()
    assert moot.refused(moot.members[0], command, current=moot.members[1:]).code == "not-a-maintainer"
    refused = moot.ask(OUTSIDER, command, current=(*moot.members, OUTSIDER))
    assert getattr(refused, "code", "") != "not-a-maintainer"


@pytest.mark.parametrize("command", AFTERWARDS)
@pytest.mark.parametrize("stage", ["open", "lost", "withdrawn"])
def test_t17_nothing_follows_from_a_motion_that_has_not_carried(command: Command, stage: str) -> None:
    moot = Moot()
    if stage == "lost":
        moot.close()
    elif stage == "withdrawn":
        moot.does(moot.members[0], Withdraw(reason="A mistake."))
    refusal = moot.refused(moot.members[0], command)
    assert (refusal.code, refusal.params["outcome"]) == ("not-carried", stage)


def test_r25_one_maintainer_takes_the_invitation_and_a_colleague_can_take_over() -> None:
    moot = carried()
    assert only(moot.does(moot.members[2], TakeInvitation()), InvitationTaken).person == moot.members[2]
    assert moot.does(moot.members[2], TakeInvitation()) == ()
    assert moot.does(moot.members[3], TakeInvitation())
    assert moot.motion.inviter == moot.members[3]
    refusal = moot.refused(moot.members[2], ACCEPTED)
    assert (refusal.code, refusal.params["person"]) == ("not-the-inviter", moot.members[3])
    assert moot.does(moot.members[3], ACCEPTED)


def test_r26_the_answer_is_recorded_by_who_invited_and_once() -> None:
    moot = carried()
    assert moot.refused(moot.members[0], ACCEPTED).code == "nobody-invited"
    moot.does(moot.members[0], TakeInvitation())
    event = only(moot.does(moot.members[0], ACCEPTED), CandidateAnswered)
    assert (event.person, event.accepted) == (moot.members[0], True)
    assert (str(event.name), str(event.email)) == ("New Person", "new@example.org")
    assert moot.motion.enactable
    for command in (ACCEPTED, DECLINED, TakeInvitation()):
        assert moot.refused(moot.members[0], command).code == "already-answered"


def test_r26_a_candidate_who_declines_ends_the_motion_with_no_draft() -> None:
    moot = carried()
    moot.does(moot.members[0], TakeInvitation())
    event = only(moot.does(moot.members[0], DECLINED), CandidateAnswered)
    assert (event.accepted, event.name, event.email) == (False, None, None)
    assert (moot.motion.outcome, moot.motion.ended, moot.motion.enactable) == ("carried", True, False)
    assert moot.draft() == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x" * 101, "text-too-long"),
        ("New\nPerson", "text-deceptive"),
        ("New\u2028Signed-off-by: x", "text-deceptive"),
        ("New \u202ePerson", "text-deceptive"),
        ("New\u200dPerson", "text-deceptive"),
        ('New "Person"', "name-unfit"),
        ("New “Person”", "name-unfit"),
        ("New <new@example.org>", "name-unfit"),
        ("New, Person", "name-unfit"),
        ("New | Person", "name-unfit"),
        ("New ; Person", "name-unfit"),
        ("New \\ Person", "name-unfit"),
        ("New `Person`", "name-unfit"),
        ("=cmd()", "name-unfit"),
        ("#New", "name-unfit"),
        ("@new", "name-unfit"),
        ("-New", "name-unfit"),
    ],
)
def test_t23_t24_a_name_that_a_maintainers_file_cannot_hold_is_refused(name: str, code: str) -> None:
    moot = carried()
    moot.does(moot.members[0], TakeInvitation())
    refusal = moot.refused(moot.members[0], RecordAnswer(accepted=True, name=name, email=""))
    assert (refusal.code, refusal.params["field"]) == (code, "name")


@pytest.mark.parametrize("name", ["", "Zoë O'Brien-Øst", "李小龙", "x" * 100, "N. de la Cruz (they)"])
def test_names_of_all_the_world_fit(name: str) -> None:
    moot = carried()
    moot.accept(name=name, email="")
    answered = moot.motion.answered
    assert answered is not None
    assert (str(answered.name) if answered.name else "") == name
    assert answered.email is None


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("new", "email-unfit"),
        ("@example.org", "name-unfit"),
        ("new@", "email-unfit"),
        ("new@localhost", "email-unfit"),
        ("a@b@example.org", "email-unfit"),
        ("new person@example.org", "email-unfit"),
        ("<new@example.org>", "name-unfit"),
        ("a@b.c,d@e.f", "name-unfit"),
        ("new@exam\nple.org", "text-deceptive"),
        ("x" * 150 + "@example.org", "text-too-long"),
    ],
)
def test_t24_what_is_no_mail_address_is_refused(email: str, code: str) -> None:
    moot = carried()
    moot.does(moot.members[0], TakeInvitation())
    assert moot.refused(moot.members[0], RecordAnswer(accepted=True, name="", email=email)).code == code


def test_t8_an_outcome_that_the_roster_decided_waits_for_one_acknowledgement() -> None:
    moot = decided_by_the_roster()
    moot.accept()
    waiting = moot.motion
    assert not waiting.enactable
    assert moot.draft() == ()
    event = only(moot.does(moot.members[5], Acknowledge()), ResultAcknowledged)
    assert event.person == moot.members[5]
    assert moot.motion.enactable
    assert moot.refused(moot.members[5], Acknowledge()).code == "nothing-to-acknowledge"


def test_t8_a_loss_that_the_roster_decided_waits_for_nobody_as_nothing_is_written() -> None:
    moot = Moot()
    moot.votes(yes=8)
    moot.read_roster(*moot.members[3:])
    moot.close()
    assert moot.motion.outcome == "lost"
    assert not moot.motion.needs_acknowledgement
    assert moot.refused(moot.members[5], Acknowledge()).code == "not-carried"


def test_an_outcome_that_nothing_else_decided_has_nothing_to_acknowledge() -> None:
    moot = carried()
    assert moot.refused(moot.members[0], Acknowledge()).code == "nothing-to-acknowledge"


def test_r26_the_draft_is_noted_once_and_again_only_if_it_was_made_anew() -> None:
    moot = carried()
    assert moot.draft() == (), "nobody has accepted"
    moot.accept()
    event = only(moot.draft("c1"), DraftOpened)
    assert (event.branch, event.commit, event.base) == ("folkmoot/12-abcdef", "c1", "c0")
    assert moot.draft("c1") == ()
    assert moot.draft("c2")
    assert not moot.motion.ended, "the role begins at the merge (R28)"


@pytest.mark.parametrize("enactment", ["draft-pr", "invite"])
def test_r47_no_command_of_the_core_merges_or_closes_anything(enactment: str) -> None:
    """The only thing a forge tells the core is what it has: a draft. After that the roster alone decides."""
    moot = carried(enactment=enactment)
    moot.accept()
    moot.draft()
    moot.now += timedelta(days=30)
    assert moot.motion.effective is None
    note = NoteDraft(branch="", commit="c3", base="c0", url="", at=moot.now)
    assert only(moot.does(None, note), DraftOpened).branch == ""
