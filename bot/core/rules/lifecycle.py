"""From the announcement to the close: notices, the roster meanwhile, pings, withdrawal, correction, the count."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.answers import Params, Refused
from bot.core.calendar import closes_at
from bot.core.commands import ConfirmNotice, Correct, NoteRoster, Ping, Withdraw
from bot.core.events import (
    ElectorateExtended,
    ElectorateReduced,
    Event,
    MotionClosed,
    MotionCorrected,
    MotionWithdrawn,
    NoticeDelivered,
    RoleBegan,
    SecondAsked,
    VotersPinged,
)
from bot.core.motion import Motion
from bot.core.people import MAINTAINER, PersonId
from bot.core.prose import REASON_LIMIT, TEXT_LIMIT, Prose
from bot.core.rules.facts import Facts
from bot.core.rules.texts import check_text
from bot.core.teller import recount, snapshot_count

PING_HOURS = (48, 24)


def confirm_notice(motion: Motion, command: ConfirmNotice) -> tuple[Event, ...]:
    """The window starts when the announcement has been delivered, and never gets shorter (R12, T7, T19).

    Only the latest notice starts it: an older one does not announce the text that is voted on. And a platform's
    clock that is behind must not shorten it: nothing is delivered before it was opened, nor a correction before
    what it corrects (F14).
    """
    if not motion.open or command.notice <= motion.delivered or command.notice != motion.notice:
        return ()
    start = max(command.at, motion.delivered_at or motion.opened_at)
    end = closes_at(
        start,
        motion.policy.window,
        zone_name=motion.opened.zone,
        holidays=frozenset(motion.opened.holidays),
    )
    return (NoticeDelivered(notice=command.notice, delivered_at=start, closes_at=end),)


def note_roster(motion: Motion, command: NoteRoster) -> tuple[Event, ...]:
    """R5 while the vote runs: who was removed leaves, who joined votes only if `live`. R28 after it carried."""
    if not motion.open:
        began = command.subject_role in {MAINTAINER, motion.policy.role}
        if motion.outcome == "carried" and began and motion.effective is None:
            return (RoleBegan(roster_commit=command.commit),)
        return ()
    current = frozenset(command.maintainers)
    events: list[Event] = []
    gone = tuple(sorted(motion.members - current))
    if gone:
        events.append(ElectorateReduced(people=gone, roster_commit=command.commit))
    if motion.policy.electorate == "live":
        joined = tuple(sorted(current - motion.members - {motion.subject}))
        if joined:
            events.append(ElectorateExtended(people=joined, roster_commit=command.commit))
    return tuple(events)


def ping(motion: Motion, command: Ping, now: datetime) -> tuple[Event, ...]:
    """Remind whoever has not voted, once for each of 48 and 24 hours; late ones only if no nearer one is due."""
    if not motion.open or motion.closes_at is None or command.hours in motion.pinged:
        return ()
    due = [hours for hours in PING_HOURS if motion.closes_at - timedelta(hours=hours) <= now]
    waiting = motion.not_voted()
    if not due or now >= motion.closes_at or command.hours != min(due) or not waiting:
        return ()
    return (VotersPinged(hours=command.hours, people=waiting),)


def close(motion: Motion, now: datetime) -> tuple[Event, ...] | Refused:
    """Count at the end of the window, from every single ballot; never before it (R13)."""
    if not motion.open:
        return ()
    if motion.closes_at is None or now < motion.closes_at:
        return Refused(code="not-due", params={"motion": motion.number})
    counted, pinned = recount(motion), snapshot_count(motion)
    warnings = []
    if counted.carried and counted.no > counted.yes:
        warnings.append("more-no-than-yes")
    return (
        MotionClosed(
            outcome="carried" if counted.carried else "lost",
            eligible=counted.eligible,
            needed=counted.needed,
            yes=counted.yes,
            no=counted.no,
            abstain=counted.abstain,
            not_voted=counted.not_voted,
            snapshot_outcome="carried" if pinned.carried else "lost",
            late_seconds=int((now - motion.closes_at).total_seconds()),
            warnings=tuple(warnings),
        ),
    )


def withdraw(motion: Motion, command: Withdraw, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """End the motion without a result: the proposer, or a maintainer whom another one seconds."""
    actor = _maintainer(motion, facts, now, what="withdraw")
    if isinstance(actor, Refused):
        return actor
    refused = check_text(command.reason, field="reason", limit=REASON_LIMIT)
    if refused:
        return refused
    reason = Prose.of(command.reason, salt=facts.salt, label="reason")
    if actor == motion.opened.proposer:
        return (MotionWithdrawn(person=actor, seconder=None, reason=reason),)
    return (SecondAsked(person=actor, what="withdraw", text=reason),)


def correct(motion: Motion, command: Correct, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Replace the text: announced anew, so that everyone has the full window for what they vote on (R12, R13)."""
    actor = _maintainer(motion, facts, now, what="correct")
    if isinstance(actor, Refused):
        return actor
    refused = check_text(command.text, field="text", limit=TEXT_LIMIT)
    if refused:
        return refused
    text = Prose.of(command.text, salt=facts.salt, label="text")
    if actor == motion.opened.proposer:
        return (MotionCorrected(person=actor, text=text, notice=motion.notice + 1),)
    return (SecondAsked(person=actor, what="correct", text=text),)


def second(motion: Motion, facts: Facts, now: datetime) -> tuple[Event, ...] | Refused:
    """Do what a colleague asked for; the one who asked cannot second it."""
    actor = _maintainer(motion, facts, now, what="second")
    if isinstance(actor, Refused):
        return actor
    asked = motion.asked
    if asked is None:
        return Refused(code="nothing-to-second", params={"motion": motion.number})
    if asked.person == actor:
        return Refused(code="second-by-another", params={"motion": motion.number})
    if asked.what == "withdraw":
        return (MotionWithdrawn(person=asked.person, seconder=actor, reason=asked.text),)
    return (MotionCorrected(person=asked.person, text=asked.text, notice=motion.notice + 1),)


def _maintainer(motion: Motion, facts: Facts, now: datetime, *, what: str) -> PersonId | Refused:
    """The maintainer of the electorate who acts while the window is open; or why they may not.

    Once the window has ended the ballots decide, also before they are counted: nobody who sees them may stop that.
    """
    if facts.actor is None or facts.actor not in motion.members:
        params: Params = {"repository": motion.opened.repository, "role": "", "what": what, "motion": motion.number}
        return Refused(code="not-a-maintainer", params=params)
    if not motion.open:
        return Refused(code="closed", params={"motion": motion.number, "what": what, "outcome": motion.outcome})
    if motion.closes_at is not None and now >= motion.closes_at:
        late: Params = {"motion": motion.number, "what": what, "closed": motion.closes_at.isoformat()}
        return Refused(code="too-late", params=late)
    return facts.actor
