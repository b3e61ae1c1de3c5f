"""A motion as its events make it: `evolve` is the only way that one changes, `replay` builds it from the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from bot.core.commands import Choice, Via
from bot.core.events import (
    BallotCast,
    BallotRetracted,
    CandidateAnswered,
    DraftOpened,
    ElectorateExtended,
    ElectorateReduced,
    Event,
    InvitationTaken,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionWithdrawn,
    NoticeDelivered,
    ObjectionRaised,
    Outcome,
    PersonBound,
    ResultAcknowledged,
    RoleBegan,
    SecondAsked,
    VotersPinged,
)
from bot.core.people import Electorate, PersonId
from bot.core.policy import Policy
from bot.core.prose import Prose

Stage = Literal["announcing", "open", "carried", "lost", "withdrawn", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A person's last word: `choice` is None when it was retracted."""

    choice: Choice | None
    reason: Prose | None
    via: Via
    acted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """The state of one motion. `members` is the electorate that counts now, `opened.electorate` the pinned one.

    `closes_at` is None while no window runs: until a notice, the first or a corrected one, has been delivered.
    """

    number: int
    version: int
    opened_at: datetime
    opened: MotionOpened
    members: frozenset[PersonId]
    text: Prose
    ballots: Mapping[PersonId, Ballot]
    yes: int = 0
    no: int = 0
    abstain: int = 0
    notice: int = 1
    delivered: int = 0
    delivered_at: datetime | None = None
    closes_at: datetime | None = None
    objections: tuple[ObjectionRaised, ...] = ()
    pinged: frozenset[int] = frozenset()
    asked: SecondAsked | None = None
    closed: MotionClosed | None = None
    closed_at: datetime | None = None
    withdrawn: MotionWithdrawn | None = None
    acknowledged_by: PersonId | None = None
    inviter: PersonId | None = None
    answered: CandidateAnswered | None = None
    answered_at: datetime | None = None
    draft: DraftOpened | None = None
    effective: str | None = None

    @property
    def policy(self) -> Policy:
        """The rules in force for this motion: those of its opening (T14)."""
        return self.opened.policy

    @property
    def electorate(self) -> Electorate:
        """The electorate as it was pinned at opening."""
        return self.opened.electorate

    @property
    def subject(self) -> PersonId:
        return self.opened.subject

    @property
    def outcome(self) -> Outcome | None:
        """The result, or None while the motion is open."""
        if self.withdrawn is not None:
            return "withdrawn"
        return self.closed.outcome if self.closed is not None else None

    @property
    def stage(self) -> Stage:
        """Where the motion stands: before the notice is delivered, open, or its outcome."""
        return self.outcome or ("open" if self.delivered else "announcing")

    @property
    def open(self) -> bool:
        """Whether ballots are still taken."""
        return self.outcome is None

    @property
    def needs_acknowledgement(self) -> bool:
        """Whether a change of the roster decided the outcome and no maintainer has said so yet (T8)."""
        closed = self.closed
        return closed is not None and closed.outcome != closed.snapshot_outcome and self.acknowledged_by is None

    @property
    def enactable(self) -> bool:
        """Whether the result may be written back: carried, accepted, and acknowledged where that is needed."""
        accepted = self.answered is not None and self.answered.accepted
        return self.outcome == "carried" and accepted and not self.needs_acknowledgement

    @property
    def ended(self) -> bool:
        """Whether nothing more is going to happen with this motion."""
        if self.open:
            return False
        declined = self.answered is not None and not self.answered.accepted
        return self.outcome != "carried" or declined or self.effective is not None

    def choice_of(self, person: PersonId) -> Choice | None:
        """What the person has voted, or None."""
        ballot = self.ballots.get(person)
        return ballot.choice if ballot else None

    def not_voted(self) -> tuple[PersonId, ...]:
        """Those of the electorate who have no ballot now, in a stable order."""
        return tuple(sorted(p for p in self.members if self.choice_of(p) is None))


def replay(number: int, events: Iterable[tuple[datetime, Event]]) -> Motion | None:
    """The motion that these events make, or None if there are none."""
    motion: Motion | None = None
    for at, event in events:
        motion = evolve(motion, event, number=number, at=at)
    return motion


def evolve(motion: Motion | None, event: Event, *, number: int, at: datetime) -> Motion:
    """The motion after one more event. Only the first event of a stream may open it."""
    if motion is None and isinstance(event, MotionOpened):
        return _opened(event, number=number, at=at)
    if motion is None:
        raise ValueError(f"motion {number}: {type(event).__name__} before it was opened")
    match event:
        case BallotCast():
            ballot = Ballot(choice=event.choice, reason=event.reason, via=event.via, acted_at=event.acted_at)
            return _with_ballot(motion, event.person, ballot)
        case BallotRetracted():
            last = Ballot(choice=None, reason=None, via="command", acted_at=event.acted_at)
            return _with_ballot(motion, event.person, last)
        case _:
            changed = _changed(motion, event, at)
            return replace(changed, version=motion.version + 1)


def _opened(event: MotionOpened, *, number: int, at: datetime) -> Motion:
    return Motion(
        number=number,
        version=1,
        opened_at=at,
        opened=event,
        members=event.electorate.members,
        text=event.text,
        ballots={},
    )


def _with_ballot(motion: Motion, person: PersonId, ballot: Ballot) -> Motion:
    """Count a ballot unless the person's own later one, by the time of the action, has been counted (R15)."""
    before = motion.ballots.get(person)
    if before is not None and before.acted_at > ballot.acted_at:
        return replace(motion, version=motion.version + 1)
    counts = {"yes": motion.yes, "no": motion.no, "abstain": motion.abstain}
    if person in motion.members:
        if before is not None and before.choice is not None:
            counts[before.choice] -= 1
        if ballot.choice is not None:
            counts[ballot.choice] += 1
    return replace(
        motion,
        version=motion.version + 1,
        ballots={**motion.ballots, person: ballot},
        yes=counts["yes"],
        no=counts["no"],
        abstain=counts["abstain"],
    )


def _with_members(motion: Motion, members: frozenset[PersonId]) -> Motion:
    counts = {"yes": 0, "no": 0, "abstain": 0}
    for person, ballot in motion.ballots.items():
        if person in members and ballot.choice is not None:
            counts[ballot.choice] += 1
    return replace(motion, members=members, yes=counts["yes"], no=counts["no"], abstain=counts["abstain"])


def _changed(motion: Motion, event: Event, at: datetime) -> Motion:  # one line an event: length is no complexity
    match event:
        case NoticeDelivered():
            return replace(motion, delivered=event.notice, delivered_at=event.delivered_at, closes_at=event.closes_at)
        case ObjectionRaised():
            return replace(motion, objections=(*motion.objections, event))
        case ElectorateReduced():
            return _with_members(motion, motion.members - set(event.people))
        case ElectorateExtended():
            return _with_members(motion, motion.members | set(event.people))
        case VotersPinged():
            return replace(motion, pinged=motion.pinged | {event.hours})
        case SecondAsked():
            return replace(motion, asked=event)
        case MotionCorrected():
            anew = replace(motion, text=event.text, notice=event.notice, asked=None, pinged=frozenset())
            return replace(anew, closes_at=None)
        case MotionWithdrawn():
            return replace(motion, withdrawn=event, closed_at=at, asked=None)
        case MotionClosed():
            return replace(motion, closed=event, closed_at=at)
        case ResultAcknowledged():
            return replace(motion, acknowledged_by=event.person)
        case InvitationTaken():
            return replace(motion, inviter=event.person)
        case CandidateAnswered():
            return replace(motion, answered=event, answered_at=at)
        case DraftOpened():
            return replace(motion, draft=event)
        case RoleBegan():
            return replace(motion, effective=event.roster_commit)
        case PersonBound() | MotionOpened() | BallotCast() | BallotRetracted():
            raise ValueError(f"motion {motion.number}: {type(event).__name__} does not belong here")
        case _:
            assert_never(event)
