"""From a command to its events: one line a command, so that a new command without a rule fails the type checker."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.core import commands as ask
from bot.core.answers import Refused
from bot.core.docket import Docket
from bot.core.events import Event
from bot.core.motion import Motion
from bot.core.rules import afterwards, ballots, changes, lifecycle, opening, removal, stepping
from bot.core.rules.facts import Facts

Decision = tuple[Event, ...] | Refused


def decide(motion: Motion | None, docket: Docket, command: ask.Command, facts: Facts, now: datetime) -> Decision:
    """The events that the command makes, none where it changes nothing, or the refusal with its reason."""
    decision = _decide(motion, docket, command, facts, now)
    if isinstance(decision, Refused) and motion is not None and motion.practice:
        return Refused(code=decision.code, params={**decision.params, "practice": True})
    return decision


def _decide(motion: Motion | None, docket: Docket, command: ask.Command, facts: Facts, now: datetime) -> Decision:
    if isinstance(command, opening.OpeningCommand):
        return opening.open_motion(motion, docket, command, facts, now)
    if motion is None:
        return Refused(code="no-such-motion")
    if isinstance(command, ask.BotCommand):
        return _by_itself(motion, command, now)
    if removal.hidden(motion, facts):
        return Refused(code="no-such-motion")
    match command:
        case ask.CastBallot():
            return ballots.cast(motion, command, facts, now)
        case ask.RetractBallot():
            return ballots.retract(motion, command, facts, now)
        case ask.RecordBallot():
            return ballots.record(motion, command, facts, now)
        case ask.Snooze():
            return ballots.snooze(motion, facts, now)
        case ask.Mute():
            return ballots.mute(motion, facts, now)
        case ask.RaiseObjection():
            return ballots.object_to(motion, command, facts, now)
        case ask.LiftObjection():
            return ballots.lift(motion, facts, now)
        case ask.Withdraw():
            return changes.withdraw(motion, command, facts, now)
        case ask.Correct():
            return changes.correct(motion, command, facts, now)
        case ask.Second():
            return changes.second(motion, facts, now)
        case ask.Extend():
            return changes.extend(motion, command, facts, now)
        case ask.MakeVoid():
            return changes.make_void(motion, command, facts)
        case ask.Acknowledge():
            return afterwards.acknowledge(motion, facts)
        case ask.TakeInvitation():
            return afterwards.take_invitation(motion, facts)
        case ask.RecordAnswer():
            return afterwards.record_answer(motion, command, facts)
        case ask.Confirm():
            return stepping.confirm(motion, facts)
        case ask.HandOver():
            return stepping.hand_over(motion, command, facts)
        case ask.TakeContact():
            return removal.take_contact(motion, facts)
        case ask.RecordContact():
            return removal.record_contact(motion, command, facts, now)
        case ask.ProposeRemoval():
            return removal.propose_removal(motion, facts)
        case _:
            assert_never(command)


def _by_itself(motion: Motion, command: ask.BotCommand, now: datetime) -> Decision:
    """What the bot's own clockwork finds due."""
    match command:
        case ask.ConfirmNotice():
            return lifecycle.confirm_notice(motion, command)
        case ask.NoteRoster():
            return lifecycle.note_roster(motion, command, now)
        case ask.Ping():
            return lifecycle.ping(motion, command, now)
        case ask.NotePullRequest():
            return lifecycle.note_pull_request(motion, command)
        case ask.NoteReactions():
            return lifecycle.note_reactions(motion, command, now)
        case ask.Close():
            return lifecycle.close(motion, now)
        case ask.NoteDraft():
            return afterwards.note_draft(motion, command)
        case ask.RemindContact():
            return removal.remind_contact(motion, now)
        case ask.CallDraft():
            return removal.call_draft(motion, now)
        case _:
            assert_never(command)
