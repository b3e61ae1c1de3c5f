"""A whole instance on disk: a repository with a roster, the people of it, and a ledger with as many motions as wanted.

The ledger is filled through its own transactions: codec, chain, docket and inbox are what the clerk would have
written, and `folkmoot verify` finds nothing. Only the rules are not asked a million times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dulwich.objects import Blob, Tree
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from adapters.localgit.changes import make_commit
from bot.clocks import ManualClock
from bot.config import Config, General, PlaygroundTable, RepositoryTable, SlackTable
from bot.core.answers import Answer, Params
from bot.core.commands import Close
from bot.core.effects import effects_of
from bot.core.events import (
    BallotCast,
    CandidateAnswered,
    Event,
    InvitationTaken,
    NoticeDelivered,
    PersonBound,
    RoleBegan,
)
from bot.core.people import Electorate, PlatformUser
from bot.core.policy import Policy
from bot.core.prose import Prose
from bot.core.rules import Facts, decide
from bot.ports import Transaction
from storage.rows import OUTBOX_COLUMNS, crc
from storage.sqlite import SqliteLedger
from tests.bench.council import CHANNEL, FAR, NAME, opened, people, policy

BEGIN: Final = datetime(2024, 1, 1, tzinfo=UTC)
SALT: Final = "00112233445566778899aabbccddeeff"
CANDIDATES: Final = 200
_KEPT: Final = (*OUTBOX_COLUMNS.split(", "), "crc")


def login(number: int) -> str:
    """The login of a maintainer, or of a candidate."""
    return f"member{number:04}"


def account(number: int) -> PlatformUser:
    """Their account in the playground."""
    return PlatformUser(platform="playground", team="local", user=login(number))


class Town:
    """A folder with everything that `folkmoot serve` needs."""

    def __init__(self, folder: Path, *, maintainers: int, candidates: int = CANDIDATES, channel: str = CHANNEL) -> None:
        self.folder, self.maintainers, self.candidates, self.channel = folder, maintainers, candidates, channel
        self.config = Config(
            folkmoot=General(ledger="folkmoot.sqlite3"),
            repository=(RepositoryTable(name=NAME, forge="localgit", path="town.git", channels=(channel,)),),
            playground=PlaygroundTable(enabled=channel == CHANNEL, port=0),
            slack=SlackTable(enabled=channel != CHANNEL),
            here=folder,
        )
        self.members = people(maintainers)
        self.subjects = people(candidates, first=1_000_000)
        self.policy: Policy = policy()

    def create(self) -> None:
        """The repository, and the ledger with the people in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.commit = self._repository()
        self.electorate = Electorate.of(self.members, commit=self.commit, path="MAINTAINERS")
        with closing(self.ledger()) as ledger:
            ledger.transact(lambda txn: txn.append(0, list(self._people()), at=BEGIN)).result()

    def ledger(self) -> SqliteLedger:
        """The ledger, opened for writing."""
        return SqliteLedger(self.config.ledger, clock=ManualClock(BEGIN))

    def _repository(self) -> str:
        rows = [f'"{login(n)}","Member {n}","{login(n)}@example.org"' for n in range(self.maintainers)]
        text = "\n".join(("# MAINTAINERS", "# GitHub ID, Name, Email address", *rows, ""))
        with Repo.init_bare(str(self.folder / "town.git"), mkdir=True, default_branch=b"main") as repo:
            blob, tree = Blob.from_string(text.encode()), Tree()
            tree.add(b"MAINTAINERS", 0o100644, blob.id)
            commit = make_commit(tree=tree.id, parents=[], message="Begin", who="A <a@example.org>", at=BEGIN)
            for each in (blob, tree, commit):
                repo.object_store.add_object(each)
            repo.refs[Ref(b"refs/heads/main")] = commit.id
            repo.refs.set_symbolic_ref(HEADREF, Ref(b"refs/heads/main"))
            return commit.id.decode()

    def _people(self) -> Iterator[PersonBound]:
        for number, person in enumerate((*self.members, *self.subjects)):
            value = Prose.of(login(number), salt=SALT, label=f"login {number}")
            yield PersonBound(person=person, kind="login", value=value)
            if number < self.maintainers:
                value = Prose.of(account(number).key, salt=SALT, label=f"account {number}")
                yield PersonBound(person=person, kind="account", value=value)

    def open_motion(self, txn: Transaction, number: int, *, announced: bool = True, ballots: int = 0) -> None:
        """A motion whose window is open for a long time; if not announced, its poll waits to be posted."""
        at = BEGIN + timedelta(minutes=10 * number)
        subject = self.subjects[number % self.candidates]
        events: list[Event] = [opened(self.electorate, subject=subject, rules=self.policy)]
        if announced:
            events.append(NoticeDelivered(notice=1, delivered_at=at, votes_from=at, closes_at=FAR))
        self._append(txn, number, [*events, *self._ballots(number, at, ballots)], at)

    def ended_motion(self, txn: Transaction, number: int, *, ballots: int) -> None:
        """A motion with these ballots, counted by the rules, and brought to its end."""
        at = BEGIN + timedelta(minutes=10 * number)
        closes = at + timedelta(days=7)
        start: list[Event] = [
            opened(self.electorate, subject=self.subjects[number % self.candidates], rules=self.policy),
            NoticeDelivered(notice=1, delivered_at=at, votes_from=at, closes_at=closes),
        ]
        self._append(txn, number, [*start, *self._ballots(number, at, ballots)], at)
        motion = txn.motion(number)
        decision = decide(motion, txn.docket(), Close(), Facts(), closes)
        assert isinstance(decision, tuple)
        self._append(txn, number, list(decision), closes)
        motion = txn.motion(number)
        assert motion is not None
        if motion.outcome == "carried":
            person = self.members[0]
            answered = CandidateAnswered(person=person, accepted=True, name=None, email=None)
            for event in (InvitationTaken(person=person), answered, RoleBegan(roster_commit=self.commit)):
                self._append(txn, number, [event], closes + timedelta(days=1))

    def _ballots(self, motion: int, at: datetime, count: int) -> list[BallotCast]:
        """One a member, in turn; two of three motions carry."""
        noes = 0 if motion % 3 else count // 2
        return [
            BallotCast(
                person=self.members[(motion + turn) % self.maintainers],
                choice="no" if turn < noes else "yes",
                reason=None,
                via="button",
                acted_at=at + timedelta(seconds=turn),
                entered_by=None,
                link=None,
            )
            for turn in range(count)
        ]

    def _append(self, txn: Transaction, number: int, events: list[Event], at: datetime) -> None:
        """As the clerk does: the events with their effects, and an answer for each."""
        for row in txn.append(number, events, at=at):
            params: Params = {"motion": number, "choice": "yes", "until": FAR.isoformat()}
            answer = Answer(ok=True, code="ballot-recorded", params=params)
            txn.remember(f"bench:{row.seq}", answer, at=at, motion=number)
        motion = txn.motion(number)
        assert motion is not None
        wanted = {effect.key: effect for event in events for effect in effects_of(event, motion, (self.channel,))}
        txn.intend([*wanted.values()], at=at)

    def delivered(self) -> None:
        """Mark every effect as delivered: the outbox of a ledger that has been running has nothing to do."""
        with closing(sqlite3.connect(self.config.ledger)) as conn, conn:
            changed = []
            for row in conn.execute(f"SELECT {OUTBOX_COLUMNS} FROM outbox"):  # noqa: S608 - the columns are ours
                values = dict(zip(_KEPT, row, strict=False)) | {"state": "done", "ref": str(row[0])}
                changed.append((values["state"], values["ref"], crc(*values.values()), row[0]))
            conn.executemany("UPDATE outbox SET state = ?, ref = ?, crc = ? WHERE id = ?", changed)
