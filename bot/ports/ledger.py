"""The append-only log with its projections: one writer, readers beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from bot.core.answers import Answer
from bot.core.docket import Docket, DocketEntry
from bot.core.effects import Effect
from bot.core.events import BoundBy, Event
from bot.core.motion import Motion
from bot.core.people import Person, PersonId

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as it stands in the chain. `hash` covers the stored bytes and the previous hash."""

    seq: int
    motion: int
    version: int
    at: datetime
    event: Event
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """An effect on its way: attempts so far, when it is due, the message's id once delivered.

    `generation` counts how often a `latest` effect was asked for: settling an older one leaves it pending.
    """

    id: int
    effect: Effect
    state: Literal["pending", "done", "parked"]
    attempts: int
    due: datetime
    generation: int = 1
    ref: str = ""
    error: str = ""


class NotRecorded(Exception):
    """The ledger could not commit: nothing of the request is stored, and the member is told so."""


class Transaction(Protocol):
    """One request's reads and writes, atomically, inside the writer. Never held across an await."""

    def answer(self, request: str) -> Answer | None:
        """What was answered to this request id before (a retry), or None."""
        ...

    def motion(self, number: int) -> Motion | None:
        """The motion as it stands now, or None if there is none of that number."""
        ...

    def docket(self) -> Docket:
        """The open motions and next number, for rules that reach across motions."""
        ...

    def directory(self) -> Directory:
        """The people known so far."""
        ...

    def append(self, number: int, events: Sequence[Event], *, at: datetime) -> tuple[Recorded, ...]:
        """Add events to a motion's stream (0 is the stream of people), in order, to the end of the chain."""
        ...

    def remember(self, request: str, answer: Answer, *, at: datetime, motion: int) -> None:
        """Store the answer under the request's id, so that a retry returns it."""
        ...

    def intend(self, effects: Sequence[Effect], *, at: datetime) -> None:
        """Put effects into the outbox; one whose key is there already is left alone (`latest`: made due again)."""
        ...

    def settle(self, row: OutboxRow) -> None:
        """Store a row's new state, attempts, due instant, reference and error.

        A row that was asked for again meanwhile (its generation is newer in the store) stays pending and due.
        """
        ...


class Directory(Protocol):
    """The people projection: internal ids against logins, forge ids and accounts."""

    def person(self, person: PersonId) -> Person | None: ...

    def by_login(self, login: str) -> Person | None: ...

    def by_account(self, account: str) -> Person | None:
        """Whose account this is. A forge id (`github:583231`) is an account by itself: that of its person."""
        ...

    def held(self, account: str) -> datetime | None:
        """Until when this account acts for nobody yet, though it is known whose it is (T5); None if it is not held."""
        ...

    def linked(self, source: BoundBy) -> Mapping[str, PersonId]:
        """The accounts that this source has linked, and whose they are."""
        ...

    def everyone(self) -> Sequence[Person]: ...


class Reader(Protocol):
    """Reads what is committed, beside the writer: from this process or another one, without its lock."""

    def events(self, motion: int) -> Sequence[Recorded]:
        """A motion's stream in order; stream 0 is that of the people."""
        ...

    def motion(self, number: int) -> Motion | None:
        """The motion as it was last committed."""
        ...

    def entry(self, number: int) -> DocketEntry | None:
        """A motion's line in the docket."""
        ...

    def entries(self, *, unfinished: bool = False) -> Sequence[DocketEntry]:
        """The docket by number; only motions that have not ended, if asked."""
        ...

    def directory(self) -> Directory: ...

    def due(self, now: datetime, *, limit: int = 100) -> Sequence[OutboxRow]:
        """Pending rows that may be delivered now: of each motion and venue, the `once` lane's first only.

        A row that is due later than anything is ever put off (`effects.furthest`) is due: a wrong clock has set that.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A ledger in numbers: events in the chain, motions that have not ended and those on their way to a count, outbox.

    `overdue` is by how many seconds the delivery that has waited longest is late; of `pending`, `retried` have failed.
    """

    events: int
    unfinished: int
    voting: int
    pending: int
    retried: int
    parked: int
    overdue: float


class Ledger(Protocol):
    """The append-only log and its projections. One writer; futures resolve only after the commit."""

    def transact(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run the work in the writer, in its own savepoint of a group commit. Its result comes after COMMIT.

        Raises (through the future) whatever the work raises, with nothing stored; NotRecorded if the
        commit failed.
        """
        ...

    def reader(self) -> Reader: ...

    def genesis(self) -> str:
        """A random hex string made with the ledger: it marks branches as this ledger's."""
        ...

    def head(self) -> str:
        """The hash of the last event that is committed: the log's head."""
        ...

    def row(self, key: str) -> OutboxRow | None:
        """The outbox row with this key."""
        ...

    def close(self) -> None: ...
