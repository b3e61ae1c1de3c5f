"""From the announcement to the close: notices, the roster meanwhile, pings, the count."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.answers import Refused
from bot.core.calendar import closes_at, follows
from bot.core.commands import ConfirmNotice, NotePullRequest, NoteReactions, NoteRoster, Ping
from bot.core.events import (
    ElectorateExtended,
    ElectorateReduced,
    Event,
    MotionClosed,
    NoticeDelivered,
    Outcome,
    PullRequestChanged,
    ReactionsUnplaced,
    RoleBegan,
    RoleEnded,
    VotersPinged,
    WindowExtended,
)
from bot.core.motion import Motion
from bot.core.people import MAINTAINER
from bot.core.teller import Tally, recount, snapshot_count, tally

PING_HOURS = (48, 24)


def confirm_notice(motion: Motion, command: ConfirmNotice) -> tuple[Event, ...]:
    """The window starts when the announcement has been delivered, and never gets shorter (R12, T7, T19).

    Only the latest notice starts it: an older one does not announce the text that is voted on. And a platform's
    clock that is behind must not shorten it: nothing is delivered before it was opened, nor a correction before
    what it corrects (F14). Nor does a correction take back the time that the window had been extended by.
    """
    if not motion.open or command.notice <= motion.delivered or command.notice != motion.notice:
        return ()
    start = max(command.at, motion.delivered_at or motion.opened_at)
    policy, opened = motion.policy, motion.opened
    waits = len(motion.seconds) < policy.seconds or policy.window_start == "draft" or policy.kind == "step-down"
    if waits or not motion.proposed:
        return (NoticeDelivered(notice=command.notice, delivered_at=start, votes_from=None, closes_at=None),)
    holidays = frozenset(opened.holidays)
    begins, end = start, closes_at(start, policy.window, zone_name=opened.zone, holidays=holidays)
    if policy.discussion is not None:
        begins = closes_at(start, policy.discussion, zone_name=opened.zone, holidays=holidays)
        end = follows(begins, policy.window, zone_name=opened.zone, holidays=holidays)
    end = max(end, motion.promised or end)
    return (NoticeDelivered(notice=command.notice, delivered_at=start, votes_from=begins, closes_at=end),)


def note_roster(motion: Motion, command: NoteRoster, now: datetime) -> tuple[Event, ...]:
    """R5 while the vote runs: who was removed leaves, who joined votes only if `live`. R28, R45 at the merge."""
    if motion.effective is not None:
        return ()
    if motion.policy.kind in {"remove", "step-down"}:
        if command.subject_role in {motion.role, MAINTAINER}:
            return _electorate(motion, command)
        return _role_ended(motion, command, now)
    if motion.open:
        return _electorate(motion, command)
    began = motion.policy.kind == "add" and command.subject_role in {MAINTAINER, motion.role}
    return (RoleBegan(roster_commit=command.commit),) if motion.outcome == "carried" and began else ()


def _electorate(motion: Motion, command: NoteRoster) -> tuple[Event, ...]:
    if not motion.open or not motion.proposed or motion.policy.kind == "step-down":
        return ()
    current = frozenset(command.maintainers)
    events: list[Event] = []
    gone = tuple(sorted((motion.members | motion.barred) - current))
    if gone:
        events.append(ElectorateReduced(people=gone, roster_commit=command.commit))
    if motion.policy.electorate == "live":
        out = {motion.subject} | ({motion.proposer} if "proposer" in motion.policy.exclude else set())
        joined = tuple(sorted(person for person in current - motion.members - motion.barred if person not in out))
        if joined:
            events.append(ElectorateExtended(people=joined, roster_commit=command.commit))
    return tuple(events)


def _role_ended(motion: Motion, command: NoteRoster, now: datetime) -> tuple[Event, ...]:
    """The roster no longer shows the person in the role. A vote that still runs has lost its object: it is void.

    A contact ends with it, in silence. Where the window has ended, the ballots are counted first.
    """
    if motion.open and motion.closes_at is not None and now >= motion.closes_at:
        return ()
    ended = RoleEnded(roster_commit=command.commit)
    if motion.policy.kind == "step-down" or not motion.proposed:
        return (ended,) if motion.open else ()
    if not motion.open:
        return (ended,) if motion.outcome == "carried" else ()
    counted = recount(motion)
    return (_closed(motion, counted, counted, now, outcome="void"), ended)


def ping(motion: Motion, command: Ping, now: datetime) -> tuple[Event, ...]:
    """Remind whoever has not voted, once for each of 48 and 24 hours; late ones only if no nearer one is due."""
    if not motion.open or motion.closes_at is None or command.hours in motion.pinged:
        return ()
    due = [hours for hours in PING_HOURS if motion.closes_at - timedelta(hours=hours) <= now]
    if motion.practice and motion.votes_from is not None:
        due = [hours for hours in due if motion.closes_at - timedelta(hours=hours) >= motion.votes_from]
    waiting = tuple(person for person in motion.not_voted() if person not in motion.muted)
    if not due or now >= motion.closes_at or command.hours != min(due, default=0) or not waiting:
        return ()
    return (VotersPinged(hours=command.hours, people=waiting),)


def note_pull_request(motion: Motion, command: NotePullRequest) -> tuple[Event, ...]:
    """The pull request does something else than when the vote was opened on it, or the same again (R27, T20).

    Ballots stand: whoever may push to it could otherwise undo a vote. What it may not is be merged unnoticed.
    """
    known = motion.opened.pinned
    if known is None or motion.ended or command.does == motion.pull_does:
        return ()
    return (PullRequestChanged(head=command.head, does=command.does),)


def note_reactions(motion: Motion, command: NoteReactions, now: datetime) -> tuple[Event, ...]:
    """Say whose reactions cannot be placed before or after the end of the window; they count for nothing (F17)."""
    if not motion.open or motion.closes_at is None or now < motion.closes_at:
        return ()
    known = motion.unplaced
    new = tuple(person for person in command.people if person in motion.members and person not in known)
    return (ReactionsUnplaced(people=new),) if new else ()


def close(motion: Motion, now: datetime) -> tuple[Event, ...] | Refused:
    """Count at the end of the window, from every single ballot; before it only where the policy says so (R13)."""
    if not motion.open:
        return ()
    if motion.closes_at is None or (now < motion.closes_at and not closes_early(motion)):
        return Refused(code="not-due", params={"motion": motion.number})
    counted, pinned = recount(motion), snapshot_count(motion)
    if "quorum" in counted.lacks and motion.policy.on_no_quorum == "extend" and not _extended_by_policy(motion):
        opened = motion.opened
        end = closes_at(now, motion.policy.window, zone_name=opened.zone, holidays=frozenset(opened.holidays))
        return (WindowExtended(person=None, reason=None, closes_at=end),)
    return (_closed(motion, counted, pinned, now, outcome="carried" if counted.carried else "lost"),)


def closes_early(motion: Motion) -> bool:
    """Whether the motion may close now: by its policy, as its outcome is certain or a quorum is unanimous;
    and a practice as soon as all have voted.
    """
    if motion.practice and motion.closes_at is not None and not motion.not_voted():
        return True
    counted = tally(motion)
    match motion.policy.close:
        case "end":
            return False
        case "early-certain":
            return counted.certain is not None
        case "early-unanimous":
            return counted.carried and counted.took_part == counted.yes and counted.yes > 0


def _extended_by_policy(motion: Motion) -> bool:
    return any(extension.person is None for extension in motion.extensions)


def _closed(motion: Motion, counted: Tally, pinned: Tally, now: datetime, *, outcome: Outcome) -> MotionClosed:
    warnings = ["more-no-than-yes"] if counted.carried and counted.no > counted.yes else []
    warnings += [lack for lack in counted.lacks if lack != "threshold"]
    late = int((now - motion.closes_at).total_seconds()) if motion.closes_at is not None else 0
    return MotionClosed(
        outcome=outcome,
        eligible=counted.eligible,
        needed=counted.needed,
        base=counted.base,
        quorum=counted.quorum,
        yes=counted.yes,
        no=counted.no,
        abstain=counted.abstain,
        not_voted=counted.not_voted,
        snapshot_outcome="void" if outcome == "void" else "carried" if pinned.carried else "lost",
        late_seconds=max(0, late),
        warnings=tuple(warnings),
    )
