"""A clerk on a real ledger with motions of any size in it, opened without being announced anywhere."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from adapters.localgit import LocalGit
from adapters.rosterfile import detect
from bot import rulebooks
from bot.clerk import Clerk, Request
from bot.clocks import RandomIds, SystemClock
from bot.core.commands import CHOICES, CastBallot
from bot.core.events import BallotCast, MotionOpened, NoticeDelivered
from bot.core.people import Electorate, PersonId
from bot.core.policy import Policy, Rulebook
from bot.core.prose import Prose
from bot.core.rules import Facts
from bot.core.teller import Tally, tally
from bot.hours import Rota
from bot.ports import Transaction
from bot.repositories import Repositories, Repository
from bot.rosters import Rosters
from storage.sqlite import SqliteLedger

FAR: Final = datetime(2199, 1, 1, tzinfo=UTC)
"""When the windows of open motions end: after every run."""
CHANNEL: Final = "playground:maintainers"
NAME: Final = "distribution"


def rulebook() -> Rulebook:
    """The shipped rules of distribution/distribution."""
    return rulebooks.load(NAME, beside=Path())


def policy() -> Policy:
    """The rules for adding a maintainer."""
    found = rulebook().adding("maintainer")
    assert found is not None
    return found


def people(count: int, *, first: int = 1) -> list[PersonId]:
    """Ids in a row, as long as real ones."""
    return [PersonId(f"p{number:016x}") for number in range(first, first + count)]


def opened(electorate: Electorate, *, subject: PersonId, rules: Policy) -> MotionOpened:
    """A motion to make somebody a maintainer."""
    salt = "00112233445566778899aabbccddeeff"
    return MotionOpened(
        repository=NAME,
        policy=rules,
        rulebook=NAME,
        document="GOVERNANCE.md",
        electorate=electorate,
        subject=subject,
        role=rules.role,
        proposer=min(electorate.members),
        sponsor=None,
        months=7,
        evidence=Prose.of("41 reviews", salt=salt, label=f"{subject} evidence"),
        title=None,
        text=Prose.of("Kind and thorough.", salt=salt, label=f"{subject} text"),
        link=None,
        dispute="",
        repeats=0,
        channel=CHANNEL,
        zone="UTC",
        holidays=(),
        unlinked=(),
        warnings=(),
        simulated=False,
    )


class Council:
    """Motion 1 and everything around it that recording a ballot needs. `vote` is what is measured."""

    def __init__(self, folder: Path, *, members: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.clock, ids = SystemClock(), RandomIds()
        self.ledger = SqliteLedger(folder / "ledger.sqlite3", clock=self.clock)
        self.members: Sequence[PersonId] = people(members)
        self.repository = Repository(
            name=NAME,
            forge=LocalGit(path=folder / "none.git", branch=None, records=folder / "drafts"),
            roster_path="MAINTAINERS",
            rulebook=rulebook(),
            channels=(CHANNEL,),
            announce=CHANNEL,
        )
        self.clerk = Clerk(
            ledger=self.ledger,
            clock=self.clock,
            repositories=Repositories([self.repository]),
            rosters=Rosters(ledger=self.ledger, clock=self.clock, ids=ids, detect=detect),
            rota=Rota(),
            wake=lambda: None,
        )
        self._requests = itertools.count()
        self._salt = ids.salt()
        self.ledger.transact(self._open).result()

    def _open(self, txn: Transaction) -> None:
        """Open the motion, with a ballot of every member: what is measured is the state that lasts."""
        now = self.clock.now()
        electorate = Electorate.of(self.members, commit="c" * 40, path="MAINTAINERS")
        motion = opened(electorate, subject=PersonId("p-subject"), rules=policy())
        notice = NoticeDelivered(notice=1, delivered_at=now, votes_from=now, closes_at=FAR)
        plain = BallotCast(
            person=self.members[0], choice="yes", reason=None, via="button", acted_at=now, entered_by=None, link=None
        )
        ballots = [replace(plain, person=person) for person in self.members]
        txn.append(1, [motion, notice, *ballots], at=now)

    async def vote(self, number: int) -> None:
        """A member changes their ballot; ends when it is recorded."""
        turn = next(self._requests)
        request = Request(
            id=f"bench:{turn}",
            motion=1,
            command=CastBallot(
                choice=CHOICES[(turn // len(self.members) + 1) % 2],
                reason="as before" if turn % 7 == 0 else None,
                via="button",
                acted_at=self.clock.now(),
            ),
            actor=self.members[turn % len(self.members)],
            facts=Facts(actor=self.members[turn % len(self.members)], salt=self._salt),
            repository=self.repository,
        )
        answer = await self.clerk.record(request)
        if not answer.ok:
            raise AssertionError(answer)

    def tally(self) -> Tally:
        """The count as it stands."""
        motion = self.ledger.reader().motion(1)
        assert motion is not None
        return tally(motion)

    def close(self) -> None:
        self.ledger.close()
