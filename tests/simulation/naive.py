"""A naive recount of a motion from its events, by the words of the rules and by nobody else's code.

It uses fractions and plain loops, and of the core only the events and the policy as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from bot.core.events import (
    BallotCast,
    BallotRetracted,
    ElectorateExtended,
    ElectorateReduced,
    MotionClosed,
    MotionCorrected,
    MotionOpened,
    MotionVoided,
    MotionWithdrawn,
    NoticeDelivered,
    ObjectionLifted,
    ObjectionRaised,
    RemovalProposed,
    VotingOpened,
    WindowExtended,
)
from bot.core.people import PersonId
from bot.core.policy import Policy
from bot.core.threshold import Threshold
from bot.ports import Recorded

GRACE = timedelta(seconds=30)
"""How long what is under way at the close is waited for."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody said at an instant; "" is a retraction. `entered` by somebody else.

    `said` is when by their own platform, where the bot's clock was behind it.
    """

    at: datetime
    choice: str
    entered: bool
    said: datetime | None


@dataclass(slots=True)
class Book:
    """One motion as a person with the log in hand would note it down."""

    number: int
    opened: MotionOpened
    opened_at: datetime
    voters: set[PersonId]
    barred: set[PersonId]
    pinned: tuple[frozenset[PersonId], frozenset[PersonId]]
    proposed: bool
    votes: dict[PersonId, Vote] = field(default_factory=dict)
    objections: list[PersonId] = field(default_factory=list)
    standing: list[PersonId] = field(default_factory=list)
    closes_at: datetime | None = None
    furthest: datetime | None = None
    first_end: datetime | None = None
    endings: list[str] = field(default_factory=list)
    counted: MotionClosed | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def policy(self) -> Policy:
        return self.opened.policy

    def standing_votes(self, people: Iterable[PersonId]) -> dict[PersonId, str]:
        """Who of these people says what."""
        return {p: self.votes[p].choice for p in people if p in self.votes and self.votes[p].choice}

    def wrong(self, what: str) -> None:
        self.problems.append(f"motion {self.number}: {what}")


def book_of(number: int, events: Sequence[Recorded]) -> Book:
    """Read a whole stream."""
    first = events[0].event
    assert isinstance(first, MotionOpened)
    pinned = (first.electorate.members, first.electorate.barred)
    book = Book(
        number=number,
        opened=first,
        opened_at=events[0].at,
        voters=set(pinned[0]),
        barred=set(pinned[1]),
        pinned=pinned,
        proposed=first.policy.kind != "remove",
    )
    for recorded in events[1:]:
        _note(book, recorded)
    return book


def _note(book: Book, recorded: Recorded) -> None:
    event = recorded.event
    match event:
        case BallotCast():
            _check_ballot(book, event)
            _vote(book, event.person, Vote(event.acted_at, event.choice, event.entered_by is not None, event.said_at))
        case BallotRetracted():
            _vote(book, event.person, Vote(event.acted_at, "", False, event.said_at))
        case ObjectionRaised():
            book.objections.append(event.person)
            book.standing.append(event.person)
            if event.closes_at is not None:
                _window(book, event.closes_at)
        case ObjectionLifted():
            book.standing = [person for person in book.standing if person != event.person]
        case ElectorateReduced():
            book.voters -= set(event.people)
            book.barred -= set(event.people)
        case ElectorateExtended():
            if book.policy.electorate != "live":
                book.wrong("somebody joined an electorate that is a snapshot")
            book.voters |= set(event.people)
        case RemovalProposed():
            book.proposed = True
            book.pinned = (event.electorate.members, event.electorate.barred)
            book.voters, book.barred = set(book.pinned[0]), set(book.pinned[1])
        case NoticeDelivered() | VotingOpened() | WindowExtended() if event.closes_at is not None:
            _window(book, event.closes_at)
        case MotionCorrected():
            book.closes_at = None
        case MotionClosed() | MotionWithdrawn() | MotionVoided():
            _end(book, event, recorded.at)
        case _:
            pass


def _check_ballot(book: Book, event: BallotCast) -> None:
    """What the policy asks of a single ballot."""
    policy, before = book.policy, book.votes.get(event.person)
    entered = event.entered_by is not None
    if policy.ballot == "yes-no" and event.choice == "abstain":
        book.wrong("an abstention was taken, where there is only yes and no")
    if policy.secrecy == "blinded" and (event.via not in {"button", "ping"} or event.reason is not None or entered):
        book.wrong(f"a blinded ballot was taken by {event.via}")
    if policy.no_requires_reason and event.choice == "no" and event.reason is None and not entered:
        book.wrong("a no without a reason was taken")
    if policy.revote == "none" and before is not None and before.choice and not before.entered and not entered:
        book.wrong(f"{event.person} voted again, where nobody may")


def _vote(book: Book, person: PersonId, vote: Vote) -> None:
    """The latest action counts; what others entered never counts against one's own word (R14, R15)."""
    if book.endings:
        book.wrong("a ballot was taken after the end")
    if person not in book.voters:
        book.wrong(f"a ballot of {person} was taken, who is not in the electorate")
    if book.closes_at is not None and vote.at >= book.closes_at:
        book.wrong(f"a ballot of {vote.at} was taken, after the close at {book.closes_at}")
    before = book.votes.get(person)
    if before is not None and not before.entered and vote.entered:
        book.wrong(f"a ballot was entered over the own one of {person}")
    later = before is None or vote.at >= before.at
    if before is not None and before.said is not None and vote.said is not None:
        later = vote.said >= before.said
    if later or (before is not None and before.entered and not vote.entered):
        book.votes[person] = vote


def _window(book: Book, closes_at: datetime) -> None:
    if book.furthest is not None and closes_at < book.furthest:
        book.wrong(f"the window was shortened from {book.furthest} to {closes_at}")
    book.closes_at = closes_at
    book.first_end = book.first_end or closes_at
    book.furthest = max(closes_at, book.furthest or closes_at)


def _end(book: Book, event: MotionClosed | MotionWithdrawn | MotionVoided, at: datetime) -> None:
    kind = type(event).__name__
    after_count = book.endings == ["MotionClosed"] and kind == "MotionVoided"
    if book.endings and not after_count:
        book.wrong(f"{kind} after {', '.join(book.endings)}")
    book.endings.append(kind)
    if not isinstance(event, MotionClosed):
        return
    book.counted = event
    early = book.policy.close != "end" or event.outcome == "void"
    if not early and (book.closes_at is None or at < book.closes_at + GRACE):
        book.wrong(f"it was counted at {at}, too soon after the close at {book.closes_at}")
    _check_count(book, event)


# --------------------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What the ballots of these people come to."""

    yes: int
    no: int
    abstain: int
    silent: int
    eligible: int
    needed: int
    base: int
    quorum: int
    outcome: Literal["carried", "lost"]


def _check_count(book: Book, closed: MotionClosed) -> None:
    found = count(book, frozenset(book.voters), frozenset(book.barred))
    pinned = count(book, *book.pinned)
    said = {"yes": found.yes, "no": found.no, "abstain": found.abstain, "eligible": found.eligible}
    said |= {"needed": found.needed, "base": found.base, "quorum": found.quorum}
    said |= {"not_voted": found.eligible - found.yes - found.no - found.abstain}
    for name, value in said.items():
        if getattr(closed, name) != value:
            book.wrong(f"it was closed with {name} {getattr(closed, name)}, a recount gives {value}")
    if closed.outcome != "void" and closed.outcome != found.outcome:
        book.wrong(f"it was closed as {closed.outcome}, a recount gives {found}")
    if closed.outcome != "void" and closed.snapshot_outcome != pinned.outcome:
        book.wrong(f"the snapshot is said to have {closed.snapshot_outcome}, a recount gives {pinned}")


def count(book: Book, voters: frozenset[PersonId], barred: frozenset[PersonId]) -> Count:
    """Count every ballot of these voters by the policy."""
    policy, votes = book.policy, list(book.standing_votes(voters).values())
    yes, no, abstain = (sum(1 for vote in votes if vote == choice) for choice in ("yes", "no", "abstain"))
    eligible, silent = len(voters) + len(barred), len(voters) - yes - no - abstain
    agreed = yes + silent if policy.silence == "yes" else yes
    base = {"eligible": eligible, "cast": agreed + no + abstain, "cast-non-abstain": agreed + no}[policy.of]
    quorum = max(policy.quorum.number, _fewest(policy.quorum.share, eligible) if policy.quorum.share else 0)
    took_part = yes + no + (abstain if policy.quorum_counts == "cast" else 0)
    objections = len(book.standing)
    lazy = policy.lazy and not (policy.objection == "escalate" and book.objections)
    fine = not (policy.objection == "block" and objections) and not (policy.veto == "no" and no)
    if not (lazy and no == 0 and objections == 0):
        share = Fraction(agreed, base) if base else Fraction(-1)
        wanted = Fraction(policy.threshold.numerator, policy.threshold.denominator)
        fine = fine and (share > wanted if policy.threshold.strict else share >= wanted)
        fine = fine and took_part >= quorum and yes >= policy.min_yes
        fine = fine and not 0 <= policy.max_no < no and not 0 <= policy.max_missing < silent
        fine = fine and not (policy.yes_exceeds_no and agreed <= no)
    return Count(
        yes=yes,
        no=no,
        abstain=abstain,
        silent=silent,
        eligible=eligible,
        needed=max(_fewest(policy.threshold, base), policy.min_yes),
        base=base,
        quorum=quorum,
        outcome="carried" if fine else "lost",
    )


def _fewest(threshold: Threshold, of: int) -> int:
    """The fewest that reach a share of so many."""
    share = Fraction(threshold.numerator * of, threshold.denominator)
    return floor(share) + 1 if threshold.strict else ceil(share)
