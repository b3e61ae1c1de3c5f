"""What a member is told after their request was recorded, as a code: made from the command and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from bot.core.answers import Answer, Params
from bot.core.commands import (
    Acknowledge,
    CastBallot,
    Correct,
    MemberCommand,
    Nominate,
    RaiseObjection,
    RecordAnswer,
    RetractBallot,
    Second,
    TakeInvitation,
    Withdraw,
)
from bot.core.events import Event, MotionWithdrawn
from bot.core.motion import Motion
from bot.core.people import PersonId


def receipt(command: MemberCommand, events: Sequence[Event], motion: Motion, actor: PersonId) -> Answer:
    """The answer to a command that the rules have accepted; `motion` is as it is now."""
    number: Params = {"motion": motion.number}
    match command:
        case Nominate():
            return _done("opened", {**number, "warnings": " ".join(motion.opened.warnings)})
        case CastBallot():
            return _ballot(command, events, motion, actor)
        case RetractBallot():
            return _retraction(motion, actor)
        case RaiseObjection():
            return _done("objection-recorded", number)
        case Withdraw():
            return _done("withdrawn" if not motion.open else "second-needed", {**number, "what": "withdraw"})
        case Correct():
            return _done("corrected" if motion.asked is None else "second-needed", {**number, "what": "correct"})
        case Second():
            withdrew = any(isinstance(event, MotionWithdrawn) for event in events)
            return _done("withdrawn" if withdrew else "corrected", number)
        case TakeInvitation():
            return _done("invitation-taken", {**number, "person": motion.subject})
        case RecordAnswer():
            bare = command.accepted and not command.email
            code = "acceptance-recorded" if command.accepted else "refusal-recorded"
            return _done(code, {**number, "bare": bare, "waits": motion.needs_acknowledgement})
        case Acknowledge():
            return _done("acknowledged", number)
        case _:
            assert_never(command)


def _ballot(command: CastBallot, events: Sequence[Event], motion: Motion, actor: PersonId) -> Answer:
    params: Params = {"motion": motion.number, "choice": command.choice, "until": _until(motion)}
    if not events:
        return _done("ballot-unchanged", params)
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
