"""The docket: every motion in one line each, for the rules that reach across motions. It holds no ballots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.motion import Motion, Stage
from bot.core.people import PersonId
from bot.core.policy import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketEntry:
    """One motion's line. `ended` says that nothing more is going to happen; `head` is the chain at its close."""

    number: int
    repository: str
    policy: str
    kind: Kind
    role: str
    subject: PersonId | None
    dispute: str
    proposer: PersonId
    channel: str
    stage: Stage
    opened_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    ended: bool
    head: str = ""


VOTING_STAGES: tuple[Stage, ...] = ("announcing", "seconding", "discussion", "open")
"""The stages of a motion that is on its way to a count."""


class Docket(Protocol):
    """What rules may ask about the other motions, inside the transaction that opens one."""

    def next_number(self) -> int:
        """The number that a motion opened now would get."""
        ...

    def unfinished_on(self, repository: str, subject: PersonId) -> DocketEntry | None:
        """The motion about this person here that has not ended (one open motion a subject, T18)."""
        ...

    def disputed(self, repository: str, dispute: str) -> DocketEntry | None:
        """The motion about this dispute here that has not ended (one open motion a dispute, R50)."""
        ...

    def open_by(self, proposer: PersonId) -> int:
        """How many motions this person has open as the proposer, practice not counted."""
        ...

    def last_lost(self, repository: str, subject: PersonId, role: str) -> DocketEntry | None:
        """The latest lost candidacy of this person for this role (R23)."""
        ...


def entry_of(motion: Motion, *, head: str = "") -> DocketEntry:
    """A motion's line in the docket."""
    return DocketEntry(
        number=motion.number,
        repository=motion.opened.repository,
        policy=motion.policy.motion,
        kind=motion.policy.kind,
        role=motion.role,
        subject=motion.subject,
        dispute=motion.opened.dispute,
        proposer=motion.opened.proposer,
        channel=motion.opened.channel,
        stage=motion.stage,
        opened_at=motion.opened_at,
        closes_at=motion.closes_at,
        closed_at=motion.closed_at,
        ended=motion.ended,
        head=head,
    )
