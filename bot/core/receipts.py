"""What a member is told after their request was recorded, as a code: made from the command and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from bot.core.answers import Answer, Params
from bot.core.commands import (
    Acknowledge,
    AskContact,
    CastBallot,
    Confirm,
    Correct,
    Extend,
    HandOver,
    LiftObjection,
    MakeVoid,
    MemberCommand,
    Mute,
    Nominate,
    Practice,
    Propose,
    ProposeRemoval,
    RaiseObjection,
    RecordAnswer,
    RecordBallot,
    RecordContact,
    Rerun,
    RetractBallot,
    Second,
    Snooze,
    StepDown,
    TakeContact,
    TakeInvitation,
    Withdraw,
)
from bot.core.events import Event, MotionCorrected, MotionVoided, MotionWithdrawn, PingSnoozed
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.rules.changes import ends_removal


def receipt(
    command: MemberCommand, events: Sequence[Event], motion: Motion, actor: PersonId, *, proof: str = ""
) -> Answer:
    """The answer to a command that the rules have accepted; `motion` is as it is now.

    `proof` is the hash of the last event: the receipt of a blinded ballot, by which its voter finds it in the log.
    """
    answer = _receipt(command, events, motion, actor, proof)
    return replace(answer, params={**answer.params, "practice": True}) if motion.practice else answer


def _receipt(command: MemberCommand, events: Sequence[Event], motion: Motion, actor: PersonId, proof: str) -> Answer:
    number: Params = {"motion": motion.number}
    match command:
        case Nominate():
            return _done("opened", {**number, "warnings": " ".join(motion.opened.warnings)})
        case CastBallot():
            return _ballot(command, events, motion, actor, proof)
        case RetractBallot():
            return _retraction(motion, actor)
        case RaiseObjection():
            return _done("objection-recorded", number)
        case Withdraw():
            ended = motion.opened.repeats if ends_removal(motion) and actor == motion.proposer else 0
            asked = _done("second-needed", {**number, "what": "withdraw", "ended": ended})
            return asked if motion.open else _done("withdrawn", {**number, "what": "withdraw"})
        case Correct():
            return _done("corrected" if motion.asked is None else "second-needed", {**number, "what": "correct"})
        case Second():
            return _done(_seconded(events), {**number, "count": len(motion.seconds), "of": motion.policy.seconds})
        case TakeInvitation():
            return _done("invitation-taken", {**number, "person": motion.subject})
        case RecordAnswer():
            bare = command.accepted and not command.email
            code = "acceptance-recorded" if command.accepted else "refusal-recorded"
            return _done(code, {**number, "bare": bare, "waits": motion.needs_acknowledgement})
        case Acknowledge():
            return _done("acknowledged", number)
        case Propose() | Rerun() | Practice():
            return _done("opened", {**number, "warnings": " ".join(motion.opened.warnings)})
        case StepDown():
            return _done("stepping-down", number)
        case Snooze():
            until = next((event.until.isoformat() for event in events if isinstance(event, PingSnoozed)), "")
            return _done("snoozed", {**number, "until": until})
        case Mute():
            return _done("muted", number)
        case Confirm():
            return _done("step-down-confirmed", number)
        case HandOver():
            return _done("hand-over-noted", number)
        case AskContact():
            return _done("contact-asked", {**number, "person": motion.subject})
        case TakeContact():
            return _done("contact-taken", {**number, "person": motion.subject})
        case RecordContact():
            return _done("contact-recorded", {**number, "answer": command.answer})
        case ProposeRemoval():
            return _done("removal-proposed", {**number, "person": motion.subject})
        case RecordBallot():
            return _done("ballot-entered", {**number, "choice": command.choice})
        case LiftObjection():
            return _done("objection-lifted", number)
        case Extend():
            return _done("extended", {**number, "until": _until(motion)})
        case MakeVoid():
            return _done("second-needed", {**number, "what": "void"})
        case _:
            assert_never(command)


def _seconded(events: Sequence[Event]) -> str:
    """What a second has brought about."""
    for event in events:
        match event:
            case MotionWithdrawn():
                return "withdrawn"
            case MotionVoided():
                return "voided"
            case MotionCorrected():
                return "corrected"
    return "seconded"


def _ballot(command: CastBallot, events: Sequence[Event], motion: Motion, actor: PersonId, proof: str) -> Answer:
    params: Params = {"motion": motion.number, "choice": command.choice, "until": _until(motion)}
    if not events:
        return _done("ballot-unchanged", params)
    if motion.policy.secrecy == "blinded":
        return _done("ballot-blinded", {**params, "proof": proof})
    stands = motion.choice_of(actor)
    if stands != command.choice:
        return _done("ballot-superseded", {**params, "choice": stands or ""})
    return _done("ballot-recorded", params)


def _retraction(motion: Motion, actor: PersonId) -> Answer:
    """A later ballot, from another venue, outlives a retraction that arrives after it."""
    stands = motion.choice_of(actor)
    if stands is not None:
        return _done("ballot-superseded", {"motion": motion.number, "choice": stands})
    return _done("ballot-retracted", {"motion": motion.number, "until": _until(motion)})


def _until(motion: Motion) -> str:
    return motion.closes_at.isoformat() if motion.closes_at else ""


def _done(code: str, params: Params) -> Answer:
    return Answer(ok=True, code=code, params=params)
