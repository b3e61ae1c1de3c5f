"""From a command to its events: one line a command, so that a new command without a rule fails the type checker."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.core.answers import Refused
from bot.core.commands import (
    Acknowledge,
    CastBallot,
    Close,
    Command,
    ConfirmNotice,
    Correct,
    Nominate,
    NoteDraft,
    NoteRoster,
    Ping,
    RaiseObjection,
    RecordAnswer,
    RetractBallot,
    Second,
    TakeInvitation,
    Withdraw,
)
from bot.core.docket import Docket
from bot.core.events import Event
from bot.core.motion import Motion
from bot.core.rules import afterwards, ballots, lifecycle, opening
from bot.core.rules.facts import Facts

Decision = tuple[Event, ...] | Refused


def decide(motion: Motion | None, docket: Docket, command: Command, facts: Facts, now: datetime) -> Decision:
    """The events that the command makes, none where it changes nothing, or the refusal with its reason."""
    if isinstance(command, Nominate):
        return opening.nominate(docket, command, facts, now)
    if motion is None:
        return Refused(code="no-such-motion")
    match command:
        case CastBallot():
            return ballots.cast(motion, command, facts, now)
        case RetractBallot():
            return ballots.retract(motion, command, facts, now)
        case RaiseObjection():
            return ballots.object_to(motion, command, facts, now)
        case Withdraw():
            return lifecycle.withdraw(motion, command, facts, now)
        case Correct():
            return lifecycle.correct(motion, command, facts, now)
        case Second():
            return lifecycle.second(motion, facts, now)
        case ConfirmNotice():
            return lifecycle.confirm_notice(motion, command)
        case NoteRoster():
            return lifecycle.note_roster(motion, command)
        case Ping():
            return lifecycle.ping(motion, command, now)
        case Close():
            return lifecycle.close(motion, now)
        case Acknowledge():
            return afterwards.acknowledge(motion, facts)
        case TakeInvitation():
            return afterwards.take_invitation(motion, facts)
        case RecordAnswer():
            return afterwards.record_answer(motion, command, facts)
        case NoteDraft():
            return afterwards.note_draft(motion, command)
        case _:
            assert_never(command)
