"""One motion made again from its stored bytes, with a count of its own: what `verify` and `rebuild` compare with.

Ballots are counted here a second time and plainly, not by `evolve`: the last one of each person by the time of the
action (R15), and one's own before one that others entered (R14). Nothing here reads or writes a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.core.docket import DocketEntry, entry_of
from bot.core.effects import Effect, effects_of
from bot.core.events import BallotCast, BallotRetracted, Event, MotionClosed
from bot.core.motion import Ballot, Motion, ballot_of, evolve
from bot.core.people import PersonId
from bot.core.teller import recount, snapshot_count
from storage.codec import EVENTS
from storage.errors import LedgerDamaged, LedgerTooNew
from storage.projections import ends_count
from storage.shapes import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with the event of this sequence number."""

    seq: int
    what: str


@dataclass(slots=True)
class Replayed:
    """A motion as its bytes make it; `effects` are what its events put into the outbox, if channels are given."""

    number: int
    channels: tuple[str, ...] | None = None
    motion: Motion | None = None
    head: str = ""
    broken: bool = False
    ballots: dict[PersonId, Ballot] = field(default_factory=dict)
    digests: list[tuple[str, int]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def entry(self) -> DocketEntry | None:
        """The motion's line in the docket."""
        return None if self.motion is None else entry_of(self.motion, head=self.head)

    def run(self, rows: Iterable[tuple[int, int, str, str]], texts: Texts) -> Iterator[Flaw]:
        """Take in the rows (seq, version, hash, body) of the motion in order; yields what is wrong with them."""
        expected = 0
        for seq, version, own, body in rows:
            expected += 1
            if version != expected:
                yield Flaw(seq=seq, what=f"version {expected} of motion {self.number} is missing before it")
                expected = version
            try:
                event = EVENTS.decode(body, texts, row=seq)
                self.digests += [(prose.digest, seq) for prose in EVENTS.texts(event.event)]
                if isinstance(event.event, BallotCast | BallotRetracted) and self.motion is not None:
                    self._count(event.event)
                    self._follow(event.event, replace(self.motion, version=version))
                    continue
                if isinstance(event.event, MotionClosed) and self.motion is not None:
                    yield from self._recounted(event.event, seq, version)
                before = None if self.motion is None else self._whole(version - 1)
                self.motion = evolve(before, event.event, number=self.number, at=event.at)
            except (LedgerDamaged, LedgerTooNew, ValueError) as error:
                self.broken = True
                yield Flaw(seq=seq, what=str(error))
                continue
            if ends_count(event.event) and not self.head:
                self.head = own
            self._follow(event.event, self.motion)
        if self.motion is not None:
            self.motion = self._whole(expected)

    def _follow(self, event: Event, motion: Motion) -> None:
        if self.channels is not None:
            self.effects += effects_of(event, motion, self.channels)

    def _count(self, event: BallotCast | BallotRetracted) -> None:
        before, ballot = self.ballots.get(event.person), ballot_of(event)
        entered = before is not None and before.entered_by is not None and ballot.entered_by is None
        if before is None or entered or not before.later_than(ballot):
            self.ballots[event.person] = ballot

    def _whole(self, version: int) -> Motion:
        """The motion with the ballots counted here."""
        if self.motion is None:
            raise ValueError("there is no motion yet")
        ballots = dict(self.ballots)
        counted = [b.choice for person, b in ballots.items() if person in self.motion.members]
        return replace(
            self.motion,
            version=version,
            ballots=ballots,
            yes=counted.count("yes"),
            no=counted.count("no"),
            abstain=counted.count("abstain"),
        )

    def _recounted(self, closed: MotionClosed, seq: int, version: int) -> Iterator[Flaw]:
        """Compare a close with a count of every single ballot."""
        motion = self._whole(version - 1)
        full, pinned = recount(motion), snapshot_count(motion)
        counted = {
            "outcome": closed.outcome if closed.outcome == "void" else _word(full.carried),
            "snapshot_outcome": closed.snapshot_outcome if closed.outcome == "void" else _word(pinned.carried),
            "eligible": full.eligible,
            "needed": full.needed,
            "base": full.base,
            "quorum": full.quorum,
            "yes": full.yes,
            "no": full.no,
            "abstain": full.abstain,
            "not_voted": full.not_voted,
        }
        for name, value in counted.items():
            said = getattr(closed, name)
            if said != value:
                yield Flaw(
                    seq=seq, what=f"motion {self.number} was closed with {name} {said}; its ballots give {value}"
                )


def _word(carried: bool) -> str:
    return "carried" if carried else "lost"
