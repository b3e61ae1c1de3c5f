"""A motion as its events make it: `evolve` is the only way that one changes, `replay` builds it from the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from bot.core.commands import Choice, Does, Via
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
    Outcome,
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
from bot.core.people import Electorate, PersonId
from bot.core.policy import Policy
from bot.core.prose import Prose

Stage = Literal[
    "contact", "announcing", "seconding", "discussion", "open", "informed", "carried", "lost", "withdrawn", "void"
]
"""`contact`: private, before a removal is proposed. `informed`: a step-down that the maintainers have been told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A person's last word: `choice` is None when it was retracted."""

    choice: Choice | None
    reason: Prose | None
    via: Via
    acted_at: datetime
    entered_by: PersonId | None = None
    link: Prose | None = None
    said_at: datetime | None = None

    def later_than(self, other: Ballot) -> bool:
        """Whether this is of a later action. Of two that came while this machine's clock was behind, each dated by its
        arrival, the platform's own word on when they were done decides (F14).
        """
        if self.said_at is not None and other.said_at is not None:
            return self.said_at > other.said_at
        return self.acted_at > other.acted_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """The state of one motion. `members` is the electorate that counts now, `opened.electorate` the pinned one.

    `closes_at` is None while no window runs: until a notice, the first or a corrected one, has been delivered.
    `promised` is where the window ended before the text was corrected: it never ends earlier (T7). `asked_in` is the
    version in which a second was asked for.
    """

    number: int
    version: int
    opened_at: datetime
    opened: MotionOpened
    electorate: Electorate
    members: frozenset[PersonId]
    barred: frozenset[PersonId]
    text: Prose
    ballots: Mapping[PersonId, Ballot]
    yes: int = 0
    no: int = 0
    abstain: int = 0
    notice: int = 1
    proposed: bool = True
    proposed_by: PersonId | None = None
    seconds: frozenset[PersonId] = frozenset()
    votes_from: datetime | None = None
    draft_called: bool = False
    draft_from: datetime | None = None
    delivered: int = 0
    delivered_at: datetime | None = None
    closes_at: datetime | None = None
    promised: datetime | None = None
    objections: tuple[ObjectionRaised, ...] = ()
    lifted: frozenset[int] = frozenset()
    extensions: tuple[WindowExtended, ...] = ()
    pinged: frozenset[int] = frozenset()
    unplaced: frozenset[PersonId] = frozenset()
    muted: frozenset[PersonId] = frozenset()
    asked: SecondAsked | None = None
    asked_in: int = 0
    closed: MotionClosed | None = None
    closed_at: datetime | None = None
    withdrawn: MotionWithdrawn | None = None
    voided: MotionVoided | None = None
    contact: PersonId | None = None
    contacted_at: datetime | None = None
    reminded: int = 0
    reminded_at: datetime | None = None
    contact_answer: ContactAnswered | None = None
    handover: tuple[HandOverNoted, ...] = ()
    confirmed: PersonId | None = None
    acknowledged_by: PersonId | None = None
    inviter: PersonId | None = None
    answered: CandidateAnswered | None = None
    answered_at: datetime | None = None
    draft: DraftOpened | None = None
    effective: str | None = None
    pull: PullRequestChanged | None = None

    @property
    def policy(self) -> Policy:
        """The rules in force for this motion: those of its opening (T14)."""
        return self.opened.policy

    @property
    def practice(self) -> bool:
        """Whether this only tries out a vote: nothing follows from it."""
        return self.policy.kind == "practice"

    @property
    def subject(self) -> PersonId | None:
        """Whom it is about; None where it is about a text."""
        return self.opened.subject

    @property
    def proposer(self) -> PersonId:
        """Who proposed it; of a removal, who proposed it to the channel, not who asked for the contact (R39)."""
        return self.proposed_by or self.opened.proposer

    @property
    def role(self) -> str:
        """The role that is to begin or to end; empty where the motion is about none."""
        return self.opened.role

    @property
    def denominator(self) -> int:
        """How many the threshold is a share of: those who may vote, and those who are counted but barred (R42)."""
        return len(self.members) + len(self.barred)

    @property
    def standing_objections(self) -> int:
        """Objections that nobody has taken back."""
        return len(self.objections) - len(self.lifted)

    @property
    def lazy(self) -> bool:
        """Whether silence carries still: an objection can have ended that."""
        return self.policy.lazy and not (self.policy.objection == "escalate" and self.objections)

    @property
    def outcome(self) -> Outcome | None:
        """The result, or None while the motion is open."""
        if self.voided is not None:
            return "void"
        if self.withdrawn is not None or self.settled_privately:
            return "withdrawn"
        return self.closed.outcome if self.closed is not None else None

    @property
    def annulled(self) -> bool:
        """Whether maintainers have ended it without a result, or taken its result back."""
        return self.voided is not None or self.withdrawn is not None

    @property
    def settled_privately(self) -> bool:
        """Whether a removal is needless before it was proposed: the subject stays and can, or is gone (R38)."""
        gone = not self.proposed and self.effective is not None
        return gone or (self.contact_answer is not None and self.contact_answer.answer in {"steps-down", "stays"})

    @property
    def stage(self) -> Stage:
        """Where the motion stands: on its way to the vote, open, or its outcome."""
        if self.outcome is not None:
            return self.outcome
        if not self.proposed:
            return "contact"
        if not self.delivered:
            return "announcing"
        if self.policy.kind == "step-down":
            return "informed"
        if len(self.seconds) < self.policy.seconds:
            return "seconding"
        return "open" if self.voting else "discussion"

    @property
    def pull_does(self) -> Does:
        """What the pull request that it is voted on in does now, beside what it did at the opening (R27)."""
        return self.pull.does if self.pull is not None else "same"

    @property
    def voting(self) -> bool:
        """Whether the vote has begun: the window may be waiting for its notice, but not for seconds or a draft."""
        if self.policy.kind == "step-down" or not self.proposed or len(self.seconds) < self.policy.seconds:
            return False
        return self.votes_from is not None or (self.policy.window_start == "announced" and not self.policy.discussion)

    @property
    def open(self) -> bool:
        """Whether ballots are still taken."""
        return self.outcome is None

    @property
    def needs_acknowledgement(self) -> bool:
        """Whether a change of the roster decided what is written down, and no maintainer has said so yet (T8)."""
        closed = self.closed
        if closed is None or closed.outcome == closed.snapshot_outcome or self.acknowledged_by is not None:
            return False
        if self.practice:
            return False
        return closed.outcome == "carried" or (closed.outcome == "lost" and self.policy.enactment == "record")

    @property
    def enactable(self) -> bool:
        """Whether the draft may be made: what it waits for hangs on the kind of motion (R26, R31, R39, R53)."""
        return self._enactable(self.outcome)

    @property
    def was_enactable(self) -> bool:
        """Whether the draft of an annulled motion may have been under way when it ended."""
        return self.annulled and self._enactable(self.closed.outcome if self.closed is not None else None)

    def _enactable(self, outcome: Outcome | None) -> bool:
        match self.policy.kind:
            case "add":
                accepted = self.answered is not None and self.answered.accepted
                return outcome == "carried" and accepted and not self.needs_acknowledgement
            case "remove":
                return self.draft_called and outcome in {None, "carried"}
            case "step-down":
                return self.confirmed is not None and outcome is None and self.delivered > 0
            case "resolution" | "generic":
                done = outcome in {"carried", "lost"} and not self.needs_acknowledgement
                return done and self.policy.enactment == "record"
            case "practice":
                return False

    @property
    def ended(self) -> bool:
        """Whether nothing more is going to happen with this motion."""
        if self.effective is not None:
            return True
        if self.open:
            return False
        if self.practice:
            return True
        if self.policy.kind in {"resolution", "generic"}:
            waits = self.policy.enactment == "record" and self.outcome in {"carried", "lost"}
            return not waits or self.draft is not None
        declined = self.answered is not None and not self.answered.accepted
        return self.outcome != "carried" or declined

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
        case BallotCast() | BallotRetracted():
            return _with_ballot(motion, event.person, ballot_of(event))
        case _:
            changed = _changed(motion, event, at)
            return replace(changed, version=motion.version + 1)


def ballot_of(event: BallotCast | BallotRetracted) -> Ballot:
    """The ballot as the event leaves it."""
    if isinstance(event, BallotRetracted):
        return Ballot(choice=None, reason=None, via="command", acted_at=event.acted_at, said_at=event.said_at)
    return Ballot(
        choice=event.choice,
        reason=event.reason,
        via=event.via,
        acted_at=event.acted_at,
        entered_by=event.entered_by,
        link=event.link,
        said_at=event.said_at,
    )


def outlived(before: Ballot | None, ballot: Ballot) -> bool:
    """Whether the ballot that is there counts still: a later one of one's own (R15), never one that others entered
    against one's own word (R14).
    """
    if before is None or (before.entered_by is not None and ballot.entered_by is None):
        return False
    return before.later_than(ballot)


def _opened(event: MotionOpened, *, number: int, at: datetime) -> Motion:
    return Motion(
        number=number,
        version=1,
        opened_at=at,
        opened=event,
        electorate=event.electorate,
        members=event.electorate.members,
        barred=event.electorate.barred,
        text=event.text,
        ballots={},
        proposed=event.policy.kind != "remove",
    )


def _with_ballot(motion: Motion, person: PersonId, ballot: Ballot) -> Motion:
    """Count a ballot unless the person's own later one, by the time of the action, has been counted (R15)."""
    before = motion.ballots.get(person)
    if outlived(before, ballot):
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
            return replace(
                motion,
                delivered=event.notice,
                delivered_at=event.delivered_at,
                votes_from=event.votes_from,
                closes_at=event.closes_at,
            )
        case SecondGiven():
            return replace(motion, seconds=motion.seconds | {event.person}, notice=event.notice)
        case VotingOpened():
            return replace(motion, votes_from=event.votes_from, closes_at=event.closes_at)
        case ObjectionRaised():
            later = event.closes_at or motion.closes_at
            return replace(motion, objections=(*motion.objections, event), closes_at=later)
        case ObjectionLifted():
            mine = {i for i, raised in enumerate(motion.objections) if raised.person == event.person}
            return replace(motion, lifted=motion.lifted | mine)
        case WindowExtended():
            longer = replace(motion, extensions=(*motion.extensions, event), closes_at=event.closes_at)
            return replace(longer, pinged=frozenset())
        case ElectorateReduced():
            fewer = replace(motion, barred=motion.barred - set(event.people))
            return _with_members(fewer, motion.members - set(event.people))
        case ElectorateExtended():
            return _with_members(motion, motion.members | set(event.people))
        case VotersPinged():
            return replace(motion, pinged=motion.pinged | {event.hours})
        case ReactionsUnplaced():
            return replace(motion, unplaced=motion.unplaced | set(event.people))
        case PingSnoozed():
            return motion
        case PingsMuted():
            return replace(motion, muted=motion.muted | {event.person})
        case SecondAsked():
            return replace(motion, asked=event, asked_in=motion.version + 1)
        case MotionCorrected():
            anew = replace(motion, text=event.text, notice=event.notice, asked=None, pinged=frozenset())
            return replace(anew, closes_at=None, promised=motion.closes_at or motion.promised)
        case MotionWithdrawn():
            return replace(motion, withdrawn=event, closed_at=at, asked=None)
        case MotionVoided():
            return replace(motion, voided=event, closed_at=at, asked=None)
        case MotionClosed():
            asked = motion.asked if motion.asked is not None and motion.asked.what == "void" else None
            return replace(motion, closed=event, closed_at=at, asked=asked)
        case ContactTaken():
            return replace(motion, contact=event.person, contacted_at=at)
        case ContactReminded():
            return replace(motion, reminded=event.count, reminded_at=at)
        case ContactAnswered():
            return replace(motion, contact_answer=event)
        case RemovalProposed():
            pinned = event.electorate
            known = replace(motion, proposed=True, proposed_by=event.person)
            return replace(known, electorate=pinned, members=pinned.members, barred=pinned.barred)
        case DraftCalled():
            return replace(motion, draft_called=True, draft_from=at)
        case HandOverNoted():
            return replace(motion, handover=(*motion.handover, event))
        case StepDownConfirmed():
            return replace(motion, confirmed=event.person, draft_from=at)
        case ResultAcknowledged():
            return replace(motion, acknowledged_by=event.person)
        case InvitationTaken():
            return replace(motion, inviter=event.person)
        case CandidateAnswered():
            return replace(motion, answered=event, answered_at=at)
        case DraftOpened():
            return replace(motion, draft=event)
        case PullRequestChanged():
            return replace(motion, pull=event)
        case RoleBegan() | RoleEnded():
            return replace(motion, effective=event.roster_commit)
        case PersonBound() | AccountReleased() | PingsChosen() | MotionOpened() | BallotCast() | BallotRetracted():
            raise ValueError(f"motion {motion.number}: {type(event).__name__} does not belong here")
        case _:
            assert_never(event)
