"""The public record: which motions may be known outside the maintainers' channels, and what of them (R24, R43, R44).

Counts only: no voter, no proposer, no sponsor, no reason is ever in here. Of what may not be known there is nothing
at all, not even a number: in a small project a count of lost candidacies and its date would tell who was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from bot.core.calendar import Window
from bot.core.events import MotionClosed
from bot.core.motion import Motion
from bot.core.people import PersonId
from bot.core.policy import Kind
from bot.core.prose import Prose
from bot.core.teller import reveals
from bot.core.wording.spans import Names, role_words, rule_of

State = Literal["open", "carried", "lost", "withdrawn", "void", "leaving", "left"]
"""`leaving` and `left` are of a step-down, on which nobody votes: its draft exists, or is merged."""
Remark = Literal["more-no-than-yes", "roster-decided", "unacknowledged", "extended", "counted-late"]
LATE_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The numbers of a close. `able` are those who could vote: the eligible without who was barred."""

    eligible: int
    able: int
    needed: int
    base: int
    quorum: int
    yes: int
    no: int
    abstain: int

    @property
    def voted(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def silent(self) -> int:
        """Who could vote and did not."""
        return self.able - self.voted

    @property
    def barred(self) -> int:
        """Who was counted and could not vote (R42)."""
        return self.eligible - self.able

    @property
    def turnout(self) -> Fraction:
        """The share of those who could vote that did; none where nobody could."""
        return Fraction(self.voted, self.able) if self.able else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What may be said of one motion. `count` is None while it is open, and where the count is withheld.

    `decided_at` is when it was counted, or ended without a count; `head` the chain's end at that event.
    """

    number: int
    repository: str
    kind: Kind
    role: str
    subject: PersonId | None
    title: Prose | None
    text: Prose | None
    link: Prose | None
    state: State
    announced_at: datetime
    closes_at: datetime | None
    decided_at: datetime | None
    window: Window
    zone: str
    count: Count | None
    withheld: bool
    arithmetic: str
    rule: str
    document: str
    rulebook: str
    roster_path: str
    roster_commit: str
    remarks: tuple[Remark, ...]
    branch: str
    url: str
    effective: str
    simulated: bool
    head: str = ""

    @property
    def open(self) -> bool:
        """Whether something is still to come of it: a count, or the merge of a step-down."""
        return self.state in {"open", "leaving"}


def is_public(motion: Motion) -> bool:
    """Whether this motion may be known outside the maintainers' channels.

    What is about a person: once there is a draft pull request, or the role has changed, which is there for all to
    see; a candidacy before that only where its policy makes it public. What is about a text: where its policy makes
    it public, or once its record is drafted. Nothing is known before the maintainers have been told.
    """
    if not motion.proposed or not motion.delivered:
        return False
    drafted = motion.draft is not None
    match motion.policy.kind:
        case "add":
            merged = motion.outcome == "carried" and motion.effective is not None
            return motion.policy.visibility == "public" or drafted or merged or _in_a_pull_request(motion)
        case "remove":
            return drafted
        case "step-down":
            return drafted or (motion.confirmed is not None and motion.effective is not None)
        case "resolution" | "generic":
            return motion.policy.visibility == "public" or drafted
        case "practice":
            return False


def _in_a_pull_request(motion: Motion) -> bool:
    """A candidacy that was sponsored by a pull request, with the candidate's knowledge, and has carried (R27)."""
    return motion.opened.link is not None and motion.outcome == "carried" and not motion.needs_acknowledgement


def record_of(motion: Motion, *, head: str = "") -> Record | None:
    """What may be said of the motion; None where nothing may."""
    return described(motion, head=head) if is_public(motion) else None


def described(motion: Motion, *, head: str = "") -> Record:
    """The same of any motion, for the maintainers alone: whoever calls this answers for where it goes."""
    opened, closed, text = motion.opened, motion.closed, motion.subject is None
    withheld = reveals(motion)
    counted = closed if motion.outcome in {"carried", "lost"} else None
    return Record(
        number=motion.number,
        repository=opened.repository,
        kind=motion.policy.kind,
        role=motion.role,
        subject=motion.subject,
        title=opened.title if text else None,
        text=motion.text if text else None,
        link=opened.link if text else None,
        state=_state(motion),
        announced_at=motion.votes_from or motion.delivered_at or motion.opened_at,
        closes_at=motion.closes_at,
        decided_at=motion.closed_at,
        window=motion.policy.window,
        zone=opened.zone,
        count=None if counted is None or withheld else _count(motion, counted),
        withheld=counted is not None and withheld,
        arithmetic=_arithmetic(motion, counted),
        rule=rule_of(motion),
        document=opened.document,
        rulebook=opened.rulebook,
        roster_path=motion.electorate.roster_path,
        roster_commit=motion.electorate.roster_commit,
        remarks=_remarks(motion, counted),
        branch=motion.draft.branch if motion.draft else "",
        url=motion.draft.url if motion.draft else "",
        effective=motion.effective or "",
        simulated=opened.simulated,
        head=head,
    )


def headline(record: Record, names: Names) -> str:
    """What was put to the maintainers, in a line: `Make newperson a maintainer of distribution`."""
    login = names.login(record.subject) if record.subject is not None else ""
    role = f"{role_words(record.role)} of {record.repository}"
    match record.kind:
        case "add":
            return f"Make {login} {role}"
        case "remove":
            return f"End the role of {login} as {role}"
        case "step-down":
            return f"{login} steps down as {role}"
        case "resolution" | "generic" | "practice":
            return str(record.title or "")


def _state(motion: Motion) -> State:
    if motion.policy.kind == "step-down" and motion.outcome is None:
        return "leaving" if motion.effective is None else "left"
    return motion.outcome or "open"


def _count(motion: Motion, closed: MotionClosed) -> Count:
    return Count(
        eligible=closed.eligible,
        able=closed.eligible - len(motion.barred),
        needed=closed.needed,
        base=closed.base,
        quorum=closed.quorum,
        yes=closed.yes,
        no=closed.no,
        abstain=closed.abstain,
    )


def _arithmetic(motion: Motion, closed: MotionClosed | None) -> str:
    """How many yes are needed and why; of a share of the ballots, the number only once they are counted (R18)."""
    policy = motion.policy
    if policy.kind == "step-down":
        return ""
    if policy.of == "eligible":
        return policy.threshold.arithmetic(closed.eligible if closed else motion.denominator)
    of = {"cast": "the ballots cast", "cast-non-abstain": "the yes and no"}[policy.of]
    if closed is None or reveals(motion):
        return f"{policy.threshold.share} of {of}"
    return f"{policy.threshold.share} of {closed.base} {of.removeprefix('the ')}, so {closed.needed}"


def _remarks(motion: Motion, closed: MotionClosed | None) -> tuple[Remark, ...]:
    """What a reader must not miss."""
    remarks: list[Remark] = []
    if motion.extensions:
        remarks.append("extended")
    if closed is None:
        return tuple(remarks)
    if "more-no-than-yes" in closed.warnings and not reveals(motion):
        remarks.append("more-no-than-yes")
    if closed.outcome != closed.snapshot_outcome:
        remarks.append("unacknowledged" if motion.needs_acknowledgement else "roster-decided")
    if closed.late_seconds > LATE_SECONDS:
        remarks.append("counted-late")
    return tuple(remarks)
