"""What maintainers do to a motion besides voting: second, withdraw, correct, extend, declare void."""

from __future__ import annotations

from datetime import datetime

from bot.core.answers import Params, Refused
from bot.core.calendar import CalendarError, follows, parse_window
from bot.core.commands import Correct, Extend, MakeVoid, Withdraw
from bot.core.events import (
    Event,
    MotionCorrected,
    MotionVoided,
    MotionWithdrawn,
    SecondAsked,
    SecondGiven,
    WindowExtended,
)
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT, Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_text


def give_second(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Support a proposal that needs seconds: the last one needed puts it to the vote, announced anew."""
    actor = _maintainer(motion, facts, now, what="second")
    if isinstance(actor, Refused):
        return actor
    if len(motion.seconds) >= motion.policy.seconds:
        return Refused(code="nothing-to-second", params={"motion": motion.number})
    if actor == motion.proposer:
        return Refused(code="second-by-another", params={"motion": motion.number})
    if actor in motion.seconds:
        return ()
    last = len(motion.seconds) + 1 >= motion.policy.seconds
    return (SecondGiven(person=actor, notice=motion.notice + (1 if last else 0)),)


def withdraw(motion: Motion, command: Withdraw, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """End the motion without a result: the proposer, or a maintainer whom another one seconds."""
    actor = _maintainer(motion, facts, now, what="withdraw")
    if isinstance(actor, Refused):
        return actor
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
    if refused:
        return refused
    reason = Prose.of(command.reason, salt=facts.salt, label="reason")
    if not motion.proposed and actor != motion.proposer:
        return Refused(code="only-who-asked", params={"motion": motion.number, "person": motion.proposer})
    if actor == motion.proposer and not ends_removal(motion):
        return (MotionWithdrawn(person=actor, seconder=None, reason=reason),)
    return _asked(motion, SecondAsked(person=actor, what="withdraw", text=reason))


def ends_removal(motion: Motion) -> bool:
    """Whether this is a step-down that has ended the vote on the person's removal: nobody escapes a vote by announcing
    what they take back as soon as it has ended.
    """
    return motion.policy.kind == "step-down" and motion.opened.repeats > 0


def correct(motion: Motion, command: Correct, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Replace the text, unless it is frozen (R52): announced anew, so that everyone has the full window (R12, R13)."""
    actor = _maintainer(motion, facts, now, what="correct")
    if isinstance(actor, Refused):
        return actor
    if motion.policy.kind in {"resolution", "remove", "step-down"}:
        return Refused(code="text-frozen", params={"motion": motion.number})
    refused = check_text(command.text, field="text", limit=TEXT_LIMIT)
    if refused:
        return refused
    text = Prose.of(command.text, salt=facts.salt, label="text")
    if actor == motion.proposer:
        return (MotionCorrected(person=actor, text=text, notice=motion.notice + 1),)
    return _asked(motion, SecondAsked(person=actor, what="correct", text=text))


def second(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Do what a colleague asked for, or support a proposal that needs it; the one who asked cannot second it.

    Who presses a button agrees to what its message says, and to nothing that has been asked for since.
    """
    asked = _wish(motion)
    if facts.wish and (asked is None or facts.wish != motion.asked_in):
        return Refused(code="asked-anew" if asked else "nothing-to-second", params={"motion": motion.number})
    if asked is None or facts.wish == 0:
        return give_second(motion, facts, now)
    actor = _voider(motion, facts) if asked.what == "void" else _maintainer(motion, facts, now, what="second")
    if isinstance(actor, Refused):
        return actor
    if asked.person == actor:
        return Refused(code="second-by-another", params={"motion": motion.number})
    if asked.what == "void":
        return (MotionVoided(person=asked.person, seconder=actor, reason=asked.text),)
    if asked.what == "withdraw":
        return (MotionWithdrawn(person=asked.person, seconder=actor, reason=asked.text),)
    return (MotionCorrected(person=asked.person, text=asked.text, notice=motion.notice + 1),)


def extend(motion: Motion, command: Extend, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """More time, with a reason; counted from where the window ends now, so that it is never less (T7)."""
    actor = _maintainer(motion, facts, now, what="extend")
    if isinstance(actor, Refused):
        return actor
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
    if refused:
        return refused
    if motion.closes_at is None:
        return Refused(code="not-voting-yet", params={"motion": motion.number, "what": "extend", "stage": motion.stage})
    try:
        by = parse_window(command.by)
    except CalendarError:
        return Refused(code="window-unfit")
    opened = motion.opened
    end = follows(motion.closes_at, by, zone_name=opened.zone, holidays=frozenset(opened.holidays))
    reason = Prose.of(command.reason, salt=facts.salt, label="reason")
    return (WindowExtended(person=actor, reason=reason, closes_at=max(end, motion.closes_at)),)


def make_void(motion: Motion, command: MakeVoid, facts: Facts) -> tuple[Event, ...] | Refused:
    """Ask to declare a motion void: also one that was counted, as long as nothing of it is merged."""
    actor = _voider(motion, facts)
    if isinstance(actor, Refused):
        return actor
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
    if refused:
        return refused
    reason = Prose.of(command.reason, salt=facts.salt, label="reason")
    return _asked(motion, SecondAsked(person=actor, what="void", text=reason))


def _asked(motion: Motion, wish: SecondAsked) -> tuple[Event, ...] | Refused:
    """Ask for a second; not over another one's head, whose button would then second something else."""
    before = _wish(motion)
    if before is not None and before.person != wish.person:
        return Refused(code="asked-already", params={"motion": motion.number, "person": before.person})
    return (wish,)


def _wish(motion: Motion) -> SecondAsked | None:
    """What waits for a second, unless who asked for it has no say any more."""
    asked = motion.asked
    return asked if asked is not None and asked.person in {*motion.members, motion.proposer} else None


def _voider(motion: Motion, facts: Facts) -> PersonId | Refused:
    if not motion.proposed:
        return Refused(code="no-such-motion")
    if facts.actor is None or facts.actor not in motion.members:
        params: Params = {"repository": motion.opened.repository, "role": "", "what": "void"}
        return Refused(code="not-a-maintainer", params=params)
    if motion.effective is not None or motion.outcome in {"void", "withdrawn"}:
        return Refused(code="closed", params={"motion": motion.number, "what": "void", "outcome": motion.stage})
    return facts.actor


def _maintainer(motion: Motion, facts: Facts, now: datetime, *, what: str) -> PersonId | Refused:
    """The maintainer of the electorate who acts while the window is open; or why they may not.

    Once the window has ended the ballots decide, also before they are counted: nobody who sees them may stop that.
    """
    own = what in {"withdraw", "correct"} and facts.actor == motion.proposer
    if facts.actor is None or (facts.actor not in motion.members and not own):
        params: Params = {"repository": motion.opened.repository, "role": "", "what": what, "motion": motion.number}
        return Refused(code="not-a-maintainer", params=params)
    if not motion.open:
        return Refused(code="closed", params={"motion": motion.number, "what": what, "outcome": motion.outcome})
    if motion.closes_at is not None and now >= motion.closes_at:
        late: Params = {"motion": motion.number, "what": what, "closed": motion.closes_at.isoformat()}
        return Refused(code="too-late", params=late)
    return facts.actor
