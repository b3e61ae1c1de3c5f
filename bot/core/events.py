"""What happened: one frozen dataclass each, in the past tense. The log of these is the source of truth.

People are internal ids, and everything that a person typed is Prose: the chain holds only its digest. A changed
shape gets a new version and an upcast in the codec; what was stored is never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.core.commands import Choice, ContactAnswer, Does, Via
from bot.core.people import Electorate, PersonId, Pings
from bot.core.policy import Policy
from bot.core.prose import Prose

Outcome = Literal["carried", "lost", "withdrawn", "void"]


BoundBy = Literal["roster", "config", "map", "device"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBound:
    """A person got to be known by a login, a forge id or an account on a platform; `source` says by what.

    An account with `held_until` acts for nobody before that, so that others can see the link and undo it (T5).
    """

    person: PersonId
    kind: Literal["login", "name", "forge", "account"]
    value: Prose
    source: BoundBy = "roster"
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReleased:
    """An account no longer stands for a person: what had linked it is gone, or `by` has undone it. Ballots stay."""

    person: PersonId
    account: Prose
    by: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PingsChosen:
    """A person chose how to be reminded."""

    person: PersonId
    pings: Pings


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A pull request as it was when a vote was opened on it (R27): its head commit, and the change that it was.

    `record` is how the maintainers file would name the person, `others` whether other files were changed too.
    """

    head: str
    record: Prose
    others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionOpened:
    """A motion was opened, with the policy and the electorate that hold for it until its end (T8, T14).

    `repeats` is the motion that is put to the vote again, or the removal that a step-down has ended; 0 for none.
    `simulated` says that members were impersonated or the clock moved: its minutes say so too.
    """

    repository: str
    policy: Policy
    rulebook: str
    document: str
    electorate: Electorate
    subject: PersonId | None
    role: str
    proposer: PersonId
    sponsor: PersonId | None
    months: int
    evidence: Prose | None
    title: Prose | None
    text: Prose
    link: Prose | None
    dispute: str
    repeats: int
    channel: str
    zone: str
    holidays: tuple[date, ...]
    unlinked: tuple[PersonId, ...]
    warnings: tuple[str, ...]
    simulated: bool
    pinned: Pinned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestChanged:
    """The pull request that a candidacy is voted on in was changed (R27, T20).

    `same`: it adds again what it did when the vote was opened. `altered`: it still gives this person this role, by
    another record or beside other changes than before. `other`: it does something else than what is voted on.
    """

    head: str
    does: Does


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDelivered:
    """The announcing channel confirmed notice number `notice`.

    Ballots are taken from `votes_from` on; the window ends at `closes_at`, exclusive. Both are None where the vote
    waits for something else: for seconds, or for the draft that is voted on.
    """

    notice: int
    delivered_at: datetime
    votes_from: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondGiven:
    """A maintainer seconded the proposal; with the last second needed it is announced anew as notice `notice`."""

    person: PersonId
    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotingOpened:
    """The draft that is voted on exists: the window runs from its opening (R41)."""

    votes_from: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCast:
    """A ballot was recorded; it replaces the person's earlier one (R15).

    `said_at` is the platform's time of the action where this machine's clock was behind it (F14).
    """

    person: PersonId
    choice: Choice
    reason: Prose | None
    via: Via
    acted_at: datetime
    entered_by: PersonId | None
    link: Prose | None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRetracted:
    """A person took their ballot back. `said_at` as of a ballot."""

    person: PersonId
    acted_at: datetime
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised:
    """A maintainer objected; it is told to all of them and vetoes nothing (R20)."""

    person: PersonId
    reason: Prose
    acted_at: datetime
    closes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLifted:
    """A person took their objections back."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorateReduced:
    """Maintainers whose removal was merged while the vote runs left the electorate (R5)."""

    people: tuple[PersonId, ...]
    roster_commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorateExtended:
    """Maintainers who joined while the vote runs may vote: only where the policy says `live` (R5)."""

    people: tuple[PersonId, ...]
    roster_commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionsUnplaced:
    """After an outage these people's reactions stood on the poll, of which nobody can say that they were in time.

    They are not counted; the channel is told, because the outcome might have been another (F17).
    """

    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VotersPinged:
    """Those who had not voted were reminded, `hours` before the close."""

    hours: int
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PingSnoozed:
    """A person is reminded again at `until`, if they have not voted by then."""

    person: PersonId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PingsMuted:
    """A person wants no more reminders of this motion."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAsked:
    """A maintainer asked to withdraw, correct or void the motion; another one has to second it."""

    person: PersonId
    what: Literal["withdraw", "correct", "void"]
    text: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionCorrected:
    """The motion has a new text; it is announced again as notice number `notice`."""

    person: PersonId
    text: Prose
    notice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionWithdrawn:
    """The motion ended without a result."""

    person: PersonId
    seconder: PersonId | None
    reason: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionVoided:
    """The motion has no result because its procedure was wrong; a result that was there is none any more."""

    person: PersonId
    seconder: PersonId
    reason: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowExtended:
    """The window ends later. `person` is None where the policy itself extends it, for want of a quorum."""

    person: PersonId | None
    reason: Prose | None
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTaken:
    """A neutral person contacts the subject (R37)."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReminded:
    """The contact was asked to remind the subject, for the `count`th time (R38)."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAnswered:
    """What the subject answered (R38)."""

    person: PersonId
    answer: ContactAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalProposed:
    """The removal is proposed to the maintainers, with the electorate that holds for the vote (R39)."""

    person: PersonId
    electorate: Electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCalled:
    """The draft to vote on may be made (R39, R43)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverNoted:
    """An area of work and who picks it up, if somebody does (R33)."""

    area: Prose
    taker: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDownConfirmed:
    """The person confirmed: the draft may be made (R32)."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionClosed:
    """The count at the end of the window. `snapshot_outcome` is what the untouched electorate would give (R5)."""

    outcome: Outcome
    eligible: int
    needed: int
    base: int
    quorum: int
    yes: int
    no: int
    abstain: int
    not_voted: int
    snapshot_outcome: Outcome
    late_seconds: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultAcknowledged:
    """A maintainer has seen that the change of the roster decided the outcome."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationTaken:
    """A maintainer contacts the candidate (R25)."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateAnswered:
    """The candidate's answer, as the maintainer who invited them recorded it (R26)."""

    person: PersonId
    accepted: bool
    name: Prose | None
    email: Prose | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOpened:
    """The draft pull request exists (R26, R46). `ready` says that it is none: the forge takes no drafts there."""

    branch: str
    commit: str
    base: str
    url: str
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleBegan:
    """The roster on the default branch shows the person in the role: it was merged (R28)."""

    roster_commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded:
    """The roster on the default branch no longer shows the person in the role (R45)."""

    roster_commit: str


PeopleEvent = PersonBound | AccountReleased | PingsChosen
"""What the stream of people holds."""
Event = (
    PersonBound
    | AccountReleased
    | PingsChosen
    | MotionOpened
    | PullRequestChanged
    | NoticeDelivered
    | BallotCast
    | BallotRetracted
    | ObjectionRaised
    | ElectorateReduced
    | ElectorateExtended
    | VotersPinged
    | ReactionsUnplaced
    | SecondAsked
    | MotionCorrected
    | MotionWithdrawn
    | MotionClosed
    | ResultAcknowledged
    | InvitationTaken
    | CandidateAnswered
    | DraftOpened
    | RoleBegan
    | RoleEnded
    | PingSnoozed
    | PingsMuted
    | SecondGiven
    | VotingOpened
    | ObjectionLifted
    | MotionVoided
    | WindowExtended
    | ContactTaken
    | ContactReminded
    | ContactAnswered
    | RemovalProposed
    | DraftCalled
    | HandOverNoted
    | StepDownConfirmed
)
